//! A circle around the origin, uniform in the angle, with normal noise on both coordinates.
//!
//! p(x) = exp(−(|x|² + r²) / 2σ²) · I₀(|x|·r/σ²) / 2πσ²: the angle integrates to a Bessel function.

use super::{Base, Density, Distribution, Moments, Part};
use crate::numeric::bessel::ln_scaled_i0;
use crate::samples::{PointShape, Points};
use crate::stream::Stream;
use ndarray::{Array1, Array2};
use rand::RngExt;
use rand_distr::StandardNormal;
use std::f64::consts::TAU;

#[derive(Clone, Debug)]
pub struct NoisyCircle {
    radius: f64,
    sd: f64,
}

impl NoisyCircle {
    /// The radius is above 0; a noise of 0 is legal, and leaves no density.
    pub fn new(radius: f64, sd: f64) -> Self {
        NoisyCircle { radius, sd }
    }
}

impl Part for NoisyCircle {
    fn draw_one(&self, out: &mut Vec<f64>, rng: &mut Stream) {
        let (sin, cos) = (TAU * rng.random::<f64>()).sin_cos();
        for coordinate in [cos, sin] {
            out.push(self.radius * coordinate + self.sd * rng.sample::<f64, _>(StandardNormal));
        }
    }
}

impl Distribution<Points> for NoisyCircle {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        let mut values = Vec::with_capacity(2 * n);
        (0..n).for_each(|_| self.draw_one(&mut values, rng));
        Points::from_rows(values, 2)
    }

    fn shape(&self) -> PointShape {
        PointShape { dimension: 2, image: None, labelled: false }
    }

    fn density(&self) -> Option<&dyn Density<Points>> {
        (!self.is_degenerate()).then_some(self)
    }

    fn is_degenerate(&self) -> bool {
        self.sd <= 0.0
    }

    /// Mean 0 and covariance (r²/2 + σ²)·I.
    fn moments(&self) -> Option<Moments> {
        let variance = 0.5 * self.radius * self.radius + self.sd * self.sd;
        Some(Moments { mean: Array1::zeros(2), covariance: Array2::from_diag_elem(2, variance) })
    }
}

impl Density<Points> for NoisyCircle {
    fn base(&self) -> Base {
        Base::Lebesgue
    }

    fn ln_density(&self, points: &Points) -> Vec<f64> {
        let variance = self.sd * self.sd;
        let constant = -(TAU * variance).ln();
        let ln = |x: &[f64]| {
            let distance = x[0].hypot(x[1]);
            let gap = distance - self.radius;
            constant - 0.5 * gap * gap / variance + ln_scaled_i0(distance * self.radius / variance)
        };
        points.rows().map(ln).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::check;

    #[test]
    fn the_density_integrates_to_one() {
        for sd in [0.05, 0.3] {
            let mass = check::mass_in_square(&NoisyCircle::new(1.0, sd), 2.5, 300);
            assert!((mass - 1.0).abs() < 1e-6, "sd {sd}: {mass}");
        }
    }

    #[test]
    fn draws_have_the_moments_and_the_entropy_of_the_density() {
        let circle = NoisyCircle::new(1.0, 0.3);
        check::moments_agree(&circle, 40_000);
        check::cross_entropy_is_the_grid_entropy(&circle, 2.5, 300);
    }

    #[test]
    fn a_circle_without_noise_is_degenerate() {
        let circle = NoisyCircle::new(2.0, 0.0);
        assert!(circle.is_degenerate() && circle.density().is_none());
        let points = circle.draw(50, &mut crate::stream::of_parameters(1));
        assert!(points.rows().all(|x| (x[0].hypot(x[1]) - 2.0).abs() < 1e-12));
    }
}
