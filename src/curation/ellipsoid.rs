//! The Mahalanobis distance that the founders define.

use crate::distribution::Moments;
use crate::numeric::linalg;
use crate::samples::Points;
use ndarray::{Array1, Array2, ArrayView1};

/// The founders' mean, and their axes with the deviation along each.
pub struct Ellipsoid {
    mean: Array1<f64>,
    axes: Array2<f64>,
    deviations: Array1<f64>,
}

impl Ellipsoid {
    pub fn around(founders: &Points) -> Option<Self> {
        let Moments { mean, covariance } = Moments::of(founders)?;
        let (variances, axes) = linalg::symmetric_eigen(&covariance)?;
        Some(Ellipsoid { mean, axes, deviations: variances.mapv(|v| v.max(0.0).sqrt()) })
    }

    /// The same ellipsoid around another place.
    pub fn at(&self, mean: Array1<f64>) -> Self {
        Ellipsoid { mean, axes: self.axes.clone(), deviations: self.deviations.clone() }
    }

    /// (x−μ)ᵀΣ⁻¹(x−μ)
    pub fn square_distance(&self, x: &[f64]) -> f64 {
        let along = (&ArrayView1::from(x) - &self.mean).dot(&self.axes);
        let widest = self.deviations.iter().copied().fold(0.0, f64::max);
        // What rounding leaves of a constant: it grows with the constant.
        let rounding = 64.0 * f64::EPSILON * self.mean.dot(&self.mean).sqrt();
        let flat = rounding.max(1e-7 * widest);
        let slack = (16.0 * rounding).max(1e-6 * widest);
        let term = |(a, s): (&f64, &f64)| match *s > flat {
            true => (a / s).powi(2),
            false if a.abs() <= slack => 0.0,
            false => f64::INFINITY,
        };
        along.iter().zip(&self.deviations).map(term).sum()
    }
}
