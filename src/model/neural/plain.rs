//! Parts of networks over plain buffers, forward and backward, without a graph.

use super::buffer::Buffer;
use super::matrix::{Matrix, Onto, Packed, multiply};
use super::ops::layer_norm;
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

    /// The same, for many products.
    pub fn packed(&self) -> PackedAffine<'a> {
        PackedAffine { weight: Packed::new(self.weight()), bias: self.bias }
    }

    /// What turns gradients of the result into those of x.
    pub fn packed_back(&self) -> PackedBack<'a> {
        PackedBack { weight: Packed::new(self.weight().transposed()), outputs: self.bias.len() }
    }
}

/// The gradient of a weight, from the rows that it met and the gradient of the result.
pub fn weight_gradient(x: &[f32], gradient: &[f32], rows: usize, weight: &mut [f32]) {
    let (inputs, outputs) = (x.len() / rows, gradient.len() / rows);
    let g = Matrix::new(gradient, rows, outputs);
    multiply(Matrix::new(x, rows, inputs).transposed(), g, weight, outputs, Onto::Nothing);
}

/// [`Affine`], packed.
pub struct PackedAffine<'a> {
    weight: Packed<'a>,
    bias: &'a [f32],
}

impl PackedAffine<'_> {
    /// The rows of x, each times the weight, plus the bias.
    pub fn apply(&self, x: &[f32], rows: usize) -> Buffer {
        let mut y = Buffer::new(rows * self.bias.len());
        self.apply_to(x, rows, &mut y);
        y
    }

    /// The same, into y.
    pub fn apply_to(&self, x: &[f32], rows: usize, y: &mut [f32]) {
        let x = Matrix::new(x, rows, x.len() / rows);
        self.weight.multiply(x, y, self.bias.len(), Onto::Row(self.bias));
    }
}

/// The weight of an [`Affine`], packed for the way back.
pub struct PackedBack<'a> {
    weight: Packed<'a>,
    outputs: usize,
}

impl PackedBack<'_> {
    /// ∂x from the gradient of the result.
    pub fn apply_to(&self, gradient: &[f32], rows: usize, dx: &mut [f32]) {
        let inputs = dx.len() / rows;
        let gradient = Matrix::new(gradient, rows, self.outputs);
        self.weight.multiply(gradient, dx, inputs, Onto::Nothing);
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
        self.apply_to(x, &mut y, &mut rows);
        (y, rows)
    }

    /// The same, into y and `rows`.
    pub fn apply_to(&self, x: &[f32], y: &mut [f32], rows: &mut [[f32; 2]]) {
        layer_norm::forward(x, self.scale, self.shift, y, rows);
    }
}
