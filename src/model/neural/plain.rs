//! Parts of networks over plain buffers, without a graph.

use super::matrix::{Matrix, multiply};
use super::ops::linear::fill_rows;
use super::weights::Weights;

/// A part x·W + b.
pub struct Affine<'a> {
    weight: &'a [f32],
    bias: &'a [f32],
}

impl<'a> Affine<'a> {
    /// The parameters `part.weight` and `part.bias`.
    pub fn of(weights: &'a Weights, part: &str) -> Self {
        let weight = weights.get(&format!("{part}.weight"));
        Affine { weight, bias: weights.get(&format!("{part}.bias")) }
    }

    /// The rows of x, each times the weight, plus the bias.
    pub fn apply(&self, x: &[f32], rows: usize) -> Vec<f32> {
        let outputs = self.bias.len();
        let inputs = self.weight.len() / outputs;
        let mut y = vec![0.0; rows * outputs];
        fill_rows(self.bias, &mut y);
        let weight = Matrix::new(self.weight, inputs, outputs);
        multiply(Matrix::new(x, rows, inputs), weight, &mut y, outputs, true);
        y
    }
}
