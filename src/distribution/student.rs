//! Student's t in d dimensions: μ + s·z·√(ν/χ²_ν), with z ~ N(0, I).
//!
//! With m = |x − μ|² / s²: p(x) = Γ((ν+d)/2) / (Γ(ν/2)·(νπ)^(d/2)·s^d) · (1 + m/ν)^(−(ν+d)/2).
//! The mean exists for ν > 1, the covariance s²·ν/(ν−2)·I for ν > 2.

use super::{Base, Density, Distribution, Moments, Tail};
use crate::samples::{PointShape, Points};
use crate::stream::Stream;
use ndarray::{Array1, Array2};
use rand::RngExt;
use rand_distr::{ChiSquared, Distribution as _, StandardNormal};
use statrs::function::beta::beta_reg;
use statrs::function::gamma::{digamma, ln_gamma};

#[derive(Clone, Debug)]
pub struct StudentT {
    degrees: f64,
    location: Array1<f64>,
    scale: f64,
    chi_squared: ChiSquared<f64>,
}

impl StudentT {
    /// `None` where the degrees of freedom or the scale are not finite and above 0.
    pub fn new(degrees: f64, location: Array1<f64>, scale: f64) -> Option<Self> {
        let chi_squared = ChiSquared::new(degrees).ok()?;
        let legal = degrees.is_finite() && scale > 0.0 && scale.is_finite();
        legal.then_some(StudentT { degrees, location, scale, chi_squared })
    }

    fn dimension(&self) -> f64 {
        self.location.len() as f64
    }

    /// ln p at the location.
    fn ln_peak(&self) -> f64 {
        let (nu, d) = (self.degrees, self.dimension());
        let volume = 0.5 * d * (nu * std::f64::consts::PI).ln() + d * self.scale.ln();
        ln_gamma(0.5 * (nu + d)) - ln_gamma(0.5 * nu) - volume
    }

    /// ln b with P(B ≤ b) = q for B = 1 / (1 + m/ν) ~ Beta(ν/2, d/2): the tail is where B is small.
    ///
    /// This is the F quantile of m/d at 1 − q, in the form that keeps its digits when q is small. By
    /// bisection. `None` where b is not a number that a computer can hold.
    fn ln_beta_quantile(&self, q: f64) -> Option<f64> {
        let below = |ln: f64| beta_reg(0.5 * self.degrees, 0.5 * self.dimension(), ln.exp()) <= q;
        let (mut low, mut high) = (-700.0, 0.0);
        if !below(low) {
            return None;
        }
        for _ in 0..80 {
            let middle = 0.5 * (low + high);
            if below(middle) { low = middle } else { high = middle }
        }
        Some(low)
    }
}

impl Distribution<Points> for StudentT {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        let mut values = Vec::with_capacity(n * self.location.len());
        for _ in 0..n {
            let stretch = self.scale * (self.degrees / self.chi_squared.sample(rng)).sqrt();
            let z = |rng: &mut Stream| rng.sample::<f64, _>(StandardNormal);
            values.extend(self.location.iter().map(|at| at + stretch * z(rng)));
        }
        Points::from_rows(values, self.location.len())
    }

    fn shape(&self) -> PointShape {
        PointShape { dimension: self.location.len(), image: None, labelled: false }
    }

    fn density(&self) -> Option<&dyn Density<Points>> {
        Some(self)
    }

    fn moments(&self) -> Option<Moments> {
        let variance = self.scale * self.scale * self.degrees / (self.degrees - 2.0);
        (self.degrees > 2.0).then(|| Moments {
            mean: self.location.clone(),
            covariance: Array2::from_diag_elem(self.location.len(), variance),
        })
    }

    /// −ln p(μ) + (ν+d)/2 · (ψ((ν+d)/2) − ψ(ν/2)).
    fn entropy(&self) -> Option<f64> {
        let (half, whole) = (0.5 * self.degrees, 0.5 * (self.degrees + self.dimension()));
        Some(whole * (digamma(whole) - digamma(half)) - self.ln_peak())
    }

    /// T_q = {x: m/d ≥ the 1−q quantile of F(d, ν)}.
    fn tail(&self, q: f64) -> Option<Tail> {
        let ln_beta = self.ln_beta_quantile(q)?;
        let ln_threshold = self.ln_peak() + 0.5 * (self.degrees + self.dimension()) * ln_beta;
        let reach = self.scale * (self.degrees * (-ln_beta).exp_m1()).sqrt();
        let line = self.location.len() == 1 && reach.is_finite();
        let interval = line.then(|| (self.location[0] - reach, self.location[0] + reach));
        Some(Tail { ln_threshold, mass: q, interval })
    }
}

impl Density<Points> for StudentT {
    fn base(&self) -> Base {
        Base::Lebesgue
    }

    fn ln_density(&self, points: &Points) -> Vec<f64> {
        let (peak, power) = (self.ln_peak(), 0.5 * (self.degrees + self.dimension()));
        let unit = self.scale * self.degrees.sqrt();
        let ln = |x: &[f64]| {
            let gaps = x.iter().zip(&self.location).map(|(x, at)| (x - at) / unit);
            // |gap|² overflows long before the logarithm does.
            let distance = gaps.fold(0.0, f64::hypot);
            let tail =
                if distance > 1e8 { 2.0 * distance.ln() } else { (distance * distance).ln_1p() };
            peak - power * tail
        };
        points.rows().map(ln).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::check;

    fn student(degrees: f64, d: usize, scale: f64) -> StudentT {
        StudentT::new(degrees, Array1::from_elem(d, 0.5), scale).expect("legal")
    }

    #[test]
    fn tails_and_entropies_are_those_of_scipy() {
        let golden = [
            (3.0, 1, 0.05, 10.127964486013925, 1.7734775718632907),
            (1.0, 2, 0.05, 398.99999999999926, 4.83787707),
            (0.5, 3, 0.01, 85681318.04829437, 9.88091818),
            (30.0, 5, 0.1, 10.246230403428845, 7.25761294),
        ];
        for (degrees, d, q, square, entropy) in golden {
            let law = student(degrees, d, 1.0);
            let at = law.ln_beta_quantile(q).expect("a quantile");
            assert!((degrees * (-at).exp_m1() / square - 1.0).abs() < 1e-6, "ν {degrees}");
            assert!((law.entropy().expect("exact") - entropy).abs() < 1e-7, "ν {degrees}");
        }
    }

    #[test]
    fn the_tail_holds_its_mass_and_in_one_dimension_lies_outside_its_interval() {
        check::tail_holds_its_mass(&student(3.0, 1, 2.0), 0.05, 20_000);
        check::tail_holds_its_mass(&student(0.7, 3, 1.0), 0.01, 20_000);
        let law = student(3.0, 1, 2.0);
        let tail = law.tail(0.05).expect("exact");
        let (low, high) = tail.interval.expect("one dimension");
        assert!(
            (high - 0.5 - 2.0 * 3.182446305284263).abs() < 1e-6 && (low + high - 1.0).abs() < 1e-9
        );
        let edge = law.ln_density(&Points::from_rows(vec![high], 1))[0];
        assert!((edge - tail.ln_threshold).abs() < 1e-9);
    }

    #[test]
    fn draws_have_the_entropy_and_the_moments_where_they_exist() {
        check::moments_agree(&student(9.0, 2, 0.5), 40_000);
        for degrees in [1.5, 9.0] {
            let law = student(degrees, 2, 0.5);
            let (mean, error) = check::cross_entropy(&law, 40_000);
            assert!((mean - law.entropy().expect("exact")).abs() < 4.0 * error);
        }
        assert_eq!(student(2.0, 1, 1.0).moments(), None);
    }

    #[test]
    fn the_density_integrates_to_one_on_the_line() {
        // x = tan(s) maps the line to (−π/2, π/2).
        let (law, steps) = (student(2.5, 1, 1.0), 200_000);
        let width = std::f64::consts::PI / steps as f64;
        let angles = (0..steps).map(|i| (i as f64 + 0.5) * width - std::f64::consts::FRAC_PI_2);
        let points = Points::from_rows(angles.clone().map(f64::tan).collect(), 1);
        let terms = law.ln_density(&points).into_iter().zip(angles);
        let mass: f64 = terms.map(|(ln, s)| ln.exp() / s.cos().powi(2) * width).sum();
        assert!((mass - 1.0).abs() < 1e-6, "{mass}");
    }

    #[test]
    fn a_point_at_the_end_of_the_numbers_has_a_finite_log_density() {
        let ln = student(0.5, 2, 1.0).ln_density(&Points::from_rows(vec![1e300, -1e307], 2));
        assert!(ln[0].is_finite());
    }
}
