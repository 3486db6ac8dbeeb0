//! The exponential distribution: p(x) = rate·e^(−rate·x) for x ≥ 0, and its limit, a point mass at 0.

use super::{Base, Density, Distribution, Moments, Tail};
use crate::samples::{PointShape, Points};
use crate::stream::Stream;
use ndarray::{Array1, Array2};
use rand::RngExt;
use rand_distr::Exp1;

/// Kept by its mean 1/rate, which is 0 where everything is.
#[derive(Clone, Debug)]
pub struct Exponential {
    mean: f64,
}

impl Exponential {
    /// The largest mean: draws of a larger one could overflow.
    pub const LARGEST_MEAN: f64 = 1e300;

    /// `None` where the mean is negative, too large, or not a number.
    pub fn of_mean(mean: f64) -> Option<Self> {
        (0.0..=Self::LARGEST_MEAN).contains(&mean).then_some(Exponential { mean })
    }
}

impl Distribution<Points> for Exponential {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        let values = (0..n).map(|_| self.mean * rng.sample::<f64, _>(Exp1)).collect();
        Points::from_rows(values, 1)
    }

    fn shape(&self) -> PointShape {
        PointShape { dimension: 1, image: None, labelled: false }
    }

    fn density(&self) -> Option<&dyn Density<Points>> {
        (!self.is_degenerate()).then_some(self)
    }

    fn is_degenerate(&self) -> bool {
        self.mean == 0.0
    }

    fn moments(&self) -> Option<Moments> {
        let variance = self.mean * self.mean;
        variance.is_finite().then(|| Moments {
            mean: Array1::from_elem(1, self.mean),
            covariance: Array2::from_elem((1, 1), variance),
        })
    }

    /// 1 − ln rate.
    fn entropy(&self) -> Option<f64> {
        Some(1.0 + self.mean.ln())
    }

    /// T_q = {x: x ≥ −ln q / rate}, and the negative numbers, where there is no mass at all.
    fn tail(&self, q: f64) -> Option<Tail> {
        if self.is_degenerate() {
            return None;
        }
        // 0 itself is where the density is largest: the lower end lies just below it.
        let interval = Some((0.0_f64.next_down(), -q.ln() * self.mean));
        Some(Tail { ln_threshold: q.ln() - self.mean.ln(), mass: q, interval })
    }
}

impl Density<Points> for Exponential {
    fn base(&self) -> Base {
        Base::Lebesgue
    }

    fn ln_density(&self, points: &Points) -> Vec<f64> {
        let ln = |&x: &f64| match x >= 0.0 {
            true => -self.mean.ln() - x / self.mean,
            false => f64::NEG_INFINITY,
        };
        points.as_slice().iter().map(ln).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{Role, stream};

    #[test]
    fn draws_have_the_mean_the_variance_and_the_tail() {
        let exponential = Exponential::of_mean(2.0).expect("a mean");
        let n = 40_000;
        let draws = exponential.draw(n, &mut stream(1, 0, 0, Role::DRAW));
        let moments = Moments::of(&draws).expect("many");
        // The fourth central moment of a mean of m is 9·m⁴.
        assert!((moments.mean[0] - 2.0).abs() < 4.0 * 2.0 / (n as f64).sqrt());
        assert!((moments.trace() - 4.0).abs() < 4.0 * (8.0 * 16.0 / n as f64).sqrt());
        let tail = exponential.tail(0.05).expect("continuous");
        let ln = exponential.ln_density(&draws);
        let share = ln.iter().filter(|ln| **ln <= tail.ln_threshold).count() as f64 / n as f64;
        assert!((share - 0.05).abs() < 4.0 * (0.05 * 0.95 / n as f64).sqrt());
        let (low, high) = tail.interval.expect("one dimension");
        assert!(low < 0.0 && -f64::MIN_POSITIVE < low, "0 is the likeliest number, not the tail");
        assert!((high + 2.0 * 0.05_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn a_mean_of_zero_is_a_point_mass() {
        let point = Exponential::of_mean(0.0).expect("legal");
        assert!(point.density().is_none() && point.tail(0.05).is_none());
        assert_eq!(point.entropy(), Some(f64::NEG_INFINITY));
        let draws = point.draw(5, &mut stream(1, 0, 0, Role::DRAW));
        assert!(draws.as_slice().iter().all(|x| *x == 0.0));
        assert!(Exponential::of_mean(-1.0).is_none() && Exponential::of_mean(f64::NAN).is_none());
    }
}
