//! Parts of networks over plain buffers, forward and backward, without a graph.

use super::buffer::Buffer;
use super::matrix::{Matrix, multiply};
use super::ops::add_columns;
use super::ops::layer_norm;
use super::ops::linear::fill_rows;
use super::weights::Weights;

/// A part x·W + b.
#[derive(Clone, Copy)]
pub struct Affine<'a> {
    pub weight: &'a [f32],
    pub bias: &'a [f32],
}

impl<'a> Affine<'a> {
    /// The parameters `part.weight` and `part.bias`.
    pub fn of(weights: &'a Weights, part: &str) -> Self {
        let weight = weights.get(&format!("{part}.weight"));
        Affine { weight, bias: weights.get(&format!("{part}.bias")) }
    }

    fn weight(&self) -> Matrix<'a> {
        let outputs = self.bias.len();
        Matrix::new(self.weight, self.weight.len() / outputs, outputs)
    }

    /// The rows of x, each times the weight, plus the bias.
    pub fn apply(&self, x: &[f32], rows: usize) -> Buffer {
        let mut y = Buffer::new(rows * self.bias.len());
        self.apply_to(x, rows, &mut y);
        y
    }

    /// The same, into y.
    pub fn apply_to(&self, x: &[f32], rows: usize, y: &mut [f32]) {
        fill_rows(self.bias, y);
        multiply(Matrix::new(x, rows, x.len() / rows), self.weight(), y, self.bias.len(), true);
    }

    /// ∂x from the gradient of the result; the gradients of the parameters go into `weight` and `bias`.
    pub fn back(
        &self,
        x: &[f32],
        gradient: &[f32],
        rows: usize,
        weight: &mut [f32],
        bias: &mut [f32],
    ) -> Buffer {
        let (inputs, outputs) = (x.len() / rows, self.bias.len());
        let g = Matrix::new(gradient, rows, outputs);
        multiply(Matrix::new(x, rows, inputs).transposed(), g, weight, outputs, false);
        bias.fill(0.0);
        add_columns(gradient, bias);
        let mut dx = Buffer::new(x.len());
        multiply(g, self.weight().transposed(), &mut dx, inputs, false);
        dx
    }
}

/// A part that gives every row mean β and deviation γ.
#[derive(Clone, Copy)]
pub struct Norm<'a> {
    pub scale: &'a [f32],
    pub shift: &'a [f32],
}

impl<'a> Norm<'a> {
    /// The parameters `part.scale` and `part.shift`.
    pub fn of(weights: &'a Weights, part: &str) -> Self {
        let get = |name: &str| weights.get(&format!("{part}.{name}"));
        Norm { scale: get("scale"), shift: get("shift") }
    }

    /// The normalised rows, and the mean and inverse deviation of each.
    pub fn apply(&self, x: &[f32]) -> (Buffer, Vec<[f32; 2]>) {
        let mut y = Buffer::new(x.len());
        let mut rows = vec![[0.0; 2]; x.len() / self.scale.len()];
        layer_norm::forward(x, self.scale, self.shift, &mut y, &mut rows);
        (y, rows)
    }
}
