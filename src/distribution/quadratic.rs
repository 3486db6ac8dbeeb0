//! (x−μ)ᵀΣ⁻¹(x−μ) of many samples: what the log density of a normal costs.

use crate::numeric::kernel::{Columns, Quad, ZERO, scaled_squares, whitened_squares};
use ndarray::Array2;

/// A mean, and the inverse of a covariance in the form that kernels read.
pub struct Quadratic<'a> {
    mean: &'a [f64],
    inverse: Inverse,
}

enum Inverse {
    /// 1/σ² of every coordinate.
    Diagonal(Vec<f64>),
    /// W with WᵀW = Σ⁻¹, lower triangular, padded to an even number of rows.
    Full(Vec<f64>),
}

impl<'a> Quadratic<'a> {
    pub fn diagonal(mean: &'a [f64], variances: impl Iterator<Item = f64>) -> Self {
        // The bound keeps 0·(1/σ²) at 0 for variances whose inverse is out of range.
        let precisions = variances.map(|v| (1.0 / v).min(f64::MAX)).collect();
        Quadratic { mean, inverse: Inverse::Diagonal(precisions) }
    }

    pub fn full(mean: &'a [f64], whiten: &Array2<f64>) -> Self {
        let mut rows: Vec<f64> = whiten.iter().copied().collect();
        rows.resize(mean.len().next_multiple_of(2) * mean.len(), 0.0);
        Quadratic { mean, inverse: Inverse::Full(rows) }
    }

    /// Of the samples of one chunk. `centred` holds as many numbers as the largest chunk.
    pub fn squares(&self, chunk: &[Quad], centred: &mut [Quad], squares: &mut [Quad]) {
        match &self.inverse {
            Inverse::Diagonal(precisions) => scaled_squares(chunk, self.mean, precisions, squares),
            Inverse::Full(rows) => whitened_squares(chunk, self.mean, rows, centred, squares),
        }
    }

    /// Of all samples, in their order; infinite where it is out of range.
    pub fn all(&self, rows: &[f64]) -> Vec<f64> {
        let d = self.mean.len();
        let columns = Columns::new(rows, d);
        let mut centred = vec![ZERO; columns.depth() * d];
        let mut squares = vec![ZERO; columns.quads()];
        for (first, chunk) in columns.chunks() {
            self.squares(chunk, &mut centred, &mut squares[first..][..chunk.len() / d]);
        }
        let in_range = |square: f64| if square.is_nan() { f64::INFINITY } else { square };
        columns.flatten(&squares).into_iter().map(in_range).collect()
    }
}
