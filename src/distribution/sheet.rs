//! A curve of the (x, z) plane, swept along y from 0 to a height, with normal noise on all three.
//!
//! p(x, y, z) = p_curve(x, z) · (Φ(y/σ) − Φ((y − height)/σ)) / height: noise and sweep are independent.

use super::{Base, Density, Distribution, Moments, NoisyCurve, Part};
use crate::numeric::interval::ln_normal_mass;
use crate::samples::{PointShape, Points};
use crate::stream::Stream;
use ndarray::{Array2, arr1};
use rand::RngExt;
use rand_distr::StandardNormal;

#[derive(Clone, Debug)]
pub struct NoisySheet {
    curve: NoisyCurve,
    height: f64,
    sd: f64,
}

impl NoisySheet {
    /// The curve carries noise of the same standard deviation.
    pub fn new(curve: NoisyCurve, height: f64, sd: f64) -> Self {
        NoisySheet { curve, height, sd }
    }
}

impl Distribution<Points> for NoisySheet {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        let mut plane = Vec::with_capacity(2);
        let mut values = Vec::with_capacity(3 * n);
        for _ in 0..n {
            plane.clear();
            self.curve.draw_one(&mut plane, rng);
            let noise = self.sd * rng.sample::<f64, _>(StandardNormal);
            let y = self.height * rng.random::<f64>() + noise;
            values.extend([plane[0], y, plane[1]]);
        }
        Points::from_rows(values, 3)
    }

    fn shape(&self) -> PointShape {
        PointShape { dimension: 3, image: None, labelled: false }
    }

    fn density(&self) -> Option<&dyn Density<Points>> {
        self.curve.density().is_some().then_some(self)
    }

    fn is_degenerate(&self) -> bool {
        self.curve.is_degenerate()
    }

    fn moments(&self) -> Option<Moments> {
        let plane = self.curve.moments()?;
        let mut covariance = Array2::zeros((3, 3));
        for (i, row) in [0, 2].into_iter().enumerate() {
            for (j, column) in [0, 2].into_iter().enumerate() {
                covariance[[row, column]] = plane.covariance[[i, j]];
            }
        }
        covariance[[1, 1]] = self.height * self.height / 12.0 + self.sd * self.sd;
        let mean = arr1(&[plane.mean[0], 0.5 * self.height, plane.mean[1]]);
        Some(Moments { mean, covariance })
    }
}

impl Density<Points> for NoisySheet {
    fn base(&self) -> Base {
        Base::Lebesgue
    }

    fn ln_density(&self, points: &Points) -> Vec<f64> {
        let ln_height = self.height.ln();
        let ln = |x: &[f64]| {
            let along = ln_normal_mass((x[1] - self.height) / self.sd, x[1] / self.sd) - ln_height;
            self.curve.ln_density_at([x[0], x[2]]) + along
        };
        points.rows().map(ln).collect()
    }
}
