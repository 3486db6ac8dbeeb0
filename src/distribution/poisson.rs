//! The Poisson distribution: p(k) = λ^k·e^(−λ) / k!, and its limit λ = 0, a point mass at 0.

use super::{Base, Density, Distribution, Moments, Tail};
use crate::samples::{PointShape, Points};
use crate::stream::Stream;
use ndarray::{Array1, Array2};
use rand_distr::Distribution as _;
use statrs::distribution::DiscreteCDF;
use statrs::function::gamma::ln_gamma;

/// Whole numbers from 0, kept as points on a line.
#[derive(Clone, Debug)]
pub struct Poisson {
    rate: f64,
    /// `None` where the rate is 0.
    sampler: Option<rand_distr::Poisson<f64>>,
}

/// Above it the entropy is taken from its expansion, and the tail region is not searched.
const SUMMED_RATE: f64 = 1e4;
const SEARCHED_RATE: f64 = 1e8;

impl Poisson {
    /// The largest rate that can be drawn from.
    pub const LARGEST_RATE: f64 = rand_distr::Poisson::<f64>::MAX_LAMBDA;

    /// `None` where the rate is negative, not finite, or too large to draw from.
    pub fn new(rate: f64) -> Option<Self> {
        match rate == 0.0 {
            true => Some(Poisson { rate: 0.0, sampler: None }),
            false => {
                let sampler = rand_distr::Poisson::new(rate).ok()?;
                Some(Poisson { rate, sampler: Some(sampler) })
            }
        }
    }

    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// ln p(x); `-inf` where x is no whole number from 0.
    fn ln_mass(&self, x: f64) -> f64 {
        match x >= 0.0 && x.fract() == 0.0 {
            // 0·ln 0 counts as 0: a rate of 0 has all its mass at 0.
            true if x == 0.0 => -self.rate,
            true => x * self.rate.ln() - self.rate - ln_gamma(x + 1.0),
            false => f64::NEG_INFINITY,
        }
    }

    /// The sum of −p ln p over all values that carry any mass.
    fn summed_entropy(&self) -> f64 {
        let reach = 40.0 * self.rate.sqrt() + 60.0;
        let first = (self.rate - reach).max(0.0).floor();
        let terms = (0..(2.0 * reach).ceil() as usize).map(|i| self.ln_mass(first + i as f64));
        0.0 - terms.filter(|ln| ln.is_finite()).map(|ln| ln.exp() * ln).sum::<f64>()
    }

    /// The shortest run of values, likeliest first, that leaves at most q outside.
    fn bulk(&self, q: f64) -> Bulk {
        let high = self.rate.floor();
        // A whole rate has two modes.
        let low = if high == self.rate { high - 1.0 } else { high };
        let modes = if low < high { 2.0 } else { 1.0 };
        let mut bulk = Bulk { low, high, mass: modes * self.ln_mass(high).exp() };
        while 1.0 - bulk.mass > q {
            let (below, above) = (self.ln_mass(bulk.low - 1.0), self.ln_mass(bulk.high + 1.0));
            let next = below.max(above);
            if next < -700.0 {
                break;
            }
            // A tie enters whole, so that what stays out is a set of least likely values.
            let tie = (below - above).abs() <= 1e-9;
            if below >= above || tie {
                bulk.low -= 1.0;
                bulk.mass += below.exp();
            }
            if above > below || tie {
                bulk.high += 1.0;
                bulk.mass += above.exp();
            }
        }
        bulk
    }
}

/// The values low … high and the mass on them.
struct Bulk {
    low: f64,
    high: f64,
    mass: f64,
}

impl Distribution<Points> for Poisson {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        let one = |_| self.sampler.as_ref().map_or(0.0, |sampler| sampler.sample(rng));
        Points::from_rows((0..n).map(one).collect(), 1)
    }

    fn is_constant(&self) -> bool {
        self.rate == 0.0
    }

    fn shape(&self) -> PointShape {
        PointShape { dimension: 1, image: None, labelled: false }
    }

    fn density(&self) -> Option<&dyn Density<Points>> {
        Some(self)
    }

    fn moments(&self) -> Option<Moments> {
        let mean = Array1::from_elem(1, self.rate);
        Some(Moments { mean, covariance: Array2::from_elem((1, 1), self.rate) })
    }

    /// Shannon's: −Σ p ln p.
    fn entropy(&self) -> Option<f64> {
        let rate = self.rate;
        if rate <= SUMMED_RATE {
            return Some(self.summed_entropy());
        }
        let normal = 0.5 * (1.0 + (std::f64::consts::TAU * rate).ln());
        Some(normal - 1.0 / (12.0 * rate) - 1.0 / (24.0 * rate * rate))
    }

    /// The least likely values whose total mass is at most q, ties all in or all out.
    ///
    /// There is no interval: to a continuous distribution every number that is not whole lies in the
    /// tail. `None` at rate 0, where every value but one is impossible, and above a rate of 10⁸.
    fn tail(&self, q: f64) -> Option<Tail> {
        if self.rate == 0.0 || self.rate > SEARCHED_RATE {
            return None;
        }
        let bulk = self.bulk(q);
        let exact = statrs::distribution::Poisson::new(self.rate).ok()?;
        let below = if bulk.low > 0.0 { exact.cdf(bulk.low as u64 - 1) } else { 0.0 };
        let mass = below + exact.sf(bulk.high as u64);
        let inside = self.ln_mass(bulk.low).min(self.ln_mass(bulk.high));
        let outside = self.ln_mass(bulk.low - 1.0).max(self.ln_mass(bulk.high + 1.0));
        // Between the two, so that rounding decides nothing.
        Some(Tail { ln_threshold: 0.5 * (inside + outside), mass, interval: None })
    }
}

impl Density<Points> for Poisson {
    fn base(&self) -> Base {
        Base::Counting
    }

    fn ln_density(&self, points: &Points) -> Vec<f64> {
        points.as_slice().iter().map(|&x| self.ln_mass(x)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{Role, stream};

    fn poisson(rate: f64) -> Poisson {
        Poisson::new(rate).expect("a rate")
    }

    #[test]
    fn a_rate_of_zero_is_a_point_mass_with_a_probability() {
        let zero = poisson(0.0);
        assert_eq!(zero.ln_density(&Points::from_rows(vec![0., 1.], 1)), [0.0, f64::NEG_INFINITY]);
        assert_eq!((zero.entropy(), zero.tail(0.05)), (Some(0.0), None));
        let draws = zero.draw(9, &mut stream(1, 0, 0, Role::DRAW));
        assert!(draws.as_slice().iter().all(|x| *x == 0.0));
        assert!(Poisson::new(-1.0).is_none() && Poisson::new(f64::NAN).is_none());
        assert!(Poisson::new(1e300).is_none());
    }

    #[test]
    fn only_whole_numbers_from_zero_have_mass() {
        let ln = poisson(2.0).ln_density(&Points::from_rows(vec![-1., 0.5, 2.], 1));
        assert_eq!(ln[..2], [f64::NEG_INFINITY; 2]);
        assert!((ln[2] - (2.0 * (-2.0_f64).exp()).ln()).abs() < 1e-14);
    }

    #[test]
    fn the_tail_of_rate_one_by_hand() {
        // p = .3679 .3679 .1839 .0613 .0153 …: from 4 on .0190 ≤ .05, from 3 on .0803.
        let tail = poisson(1.0).tail(0.05).expect("a tail");
        assert!((tail.mass - 0.018988156876).abs() < 1e-11);
        let ln = poisson(1.0).ln_density(&Points::from_rows(vec![0., 3., 4., 5.], 1));
        let inside: Vec<bool> = ln.iter().map(|ln| *ln <= tail.ln_threshold).collect();
        assert_eq!(inside, [false, false, true, true]);
    }

    #[test]
    fn the_tail_of_a_large_rate_has_two_sides_and_at_most_its_mass() {
        let tail = poisson(1000.0).tail(0.05).expect("a tail");
        assert!(tail.mass <= 0.05 && tail.mass > 0.045);
        let n = 40_000;
        let draws = poisson(1000.0).draw(n, &mut stream(2, 0, 0, Role::DRAW));
        let ln = poisson(1000.0).ln_density(&draws);
        let share = ln.iter().filter(|ln| **ln <= tail.ln_threshold).count() as f64 / n as f64;
        assert!((share - tail.mass).abs() < 4.0 * (0.05 / n as f64).sqrt());
    }

    #[test]
    fn the_sum_and_the_expansion_of_the_entropy_meet() {
        let at = |rate| poisson(rate).entropy().expect("always");
        assert!((at(9999.999) - at(10000.001) + 1e-7).abs() < 1e-9);
        // −Σ p ln p of rate 1 is 1 + e⁻¹·Σ ln(k!)/k!.
        assert!((at(1.0) - 1.304842242).abs() < 1e-8);
    }
}
