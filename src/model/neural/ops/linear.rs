//! y = x·W + b, and what often stands behind it: GELU.
//!
//! x (rows × in), W (in × out), b (out). Backward, with g = ∂loss/∂y: ∂x = g·Wᵀ, ∂W = xᵀ·g,
//! ∂b = Σ_rows g. GELU in its tanh form is x·σ(2u) with u = √(2/π)(x + 0.044715x³).
//! Source: Hendrycks & Gimpel 2016 (GELU).

use super::{add_columns, contiguous, is_fused, view};
use crate::model::neural::matrix::{Matrix, multiply};
use crate::model::neural::simd::{self, dispatch};
use candle_core::{CpuStorage, CustomOp2, CustomOp3, Layout, Result, Shape, Tensor};

/// √(2/π).
const ROOT: f32 = 0.797_884_6;
const CUBIC: f32 = 0.044_715;

/// x·W + b for x (… × in), W (in × out), b (out).
pub fn linear(x: &Tensor, w: &Tensor, b: &Tensor) -> Result<Tensor> {
    if is_fused(x) { x.apply_op3(w, b, Linear) } else { composite(x, w, b) }
}

/// x·W, or x·Wᵀ where W is (out × in).
pub fn project(x: &Tensor, w: &Tensor, transposed: bool) -> Result<Tensor> {
    if is_fused(x) {
        x.apply_op2(w, Project { transposed })
    } else {
        let w = if transposed { w.t()? } else { w.clone() };
        x.broadcast_matmul(&w)
    }
}

pub fn composite(x: &Tensor, w: &Tensor, b: &Tensor) -> Result<Tensor> {
    x.broadcast_matmul(w)?.broadcast_add(b)
}

dispatch! {
    /// Every row becomes b.
    pub fn fill_rows(b: &[f32], y: &mut [f32]) {
        y.chunks_exact_mut(b.len()).for_each(|row| row.copy_from_slice(b));
    }
}

dispatch! {
    /// z becomes GELU(z), and `derivative` GELU′(z).
    pub fn gelu(z: &mut [f32], derivative: &mut [f32]) {
        for (z, derivative) in z.iter_mut().zip(derivative) {
            let (x, square) = (*z, *z * *z);
            let u = ROOT * x * CUBIC.mul_add(square, 1.0);
            let s = simd::sigmoid(2.0 * u);
            let slope = 2.0 * ROOT * (3.0 * CUBIC).mul_add(square, 1.0);
            *z = x * s;
            *derivative = (x * slope * s).mul_add(1.0 - s, s);
        }
    }
}

dispatch! {
    /// z becomes GELU(z).
    pub fn activate(z: &mut [f32]) {
        for z in z {
            let x = *z;
            let u = ROOT * x * CUBIC.mul_add(x * x, 1.0);
            *z = x * simd::sigmoid(2.0 * u);
        }
    }
}

/// (rows, in, out) of a product, and the shape of its result.
fn sizes(x: &Layout, w: &Layout, transposed: bool) -> Result<(usize, usize, usize, Shape)> {
    let (inputs, outputs) = w.shape().dims2()?;
    let (inputs, outputs) = if transposed { (outputs, inputs) } else { (inputs, outputs) };
    let mut dims = x.dims().to_vec();
    match dims.last_mut() {
        Some(last) if *last == inputs => *last = outputs,
        _ => candle_core::bail!("a product of {:?} with {:?}", x.shape(), w.shape()),
    }
    Ok((x.shape().elem_count() / inputs.max(1), inputs, outputs, dims.into()))
}

struct Linear;

impl CustomOp3 for Linear {
    fn name(&self) -> &'static str {
        "linear"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        w: &CpuStorage,
        w_layout: &Layout,
        b: &CpuStorage,
        b_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (rows, inputs, outputs, shape) = sizes(x_layout, w_layout, false)?;
        let (x, w) = (contiguous(x, x_layout)?, contiguous(w, w_layout)?);
        let mut y = vec![0.0; rows * outputs];
        fill_rows(contiguous(b, b_layout)?, &mut y);
        let (x, w) = (Matrix::new(x, rows, inputs), Matrix::new(w, inputs, outputs));
        multiply(x, w, &mut y, outputs, true);
        Ok((CpuStorage::F32(y), shape))
    }

    fn bwd(
        &self,
        x: &Tensor,
        w: &Tensor,
        b: &Tensor,
        _y: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let gradient = gradient.contiguous()?;
        let gradient = view(&gradient);
        let g = gradient.data()?;
        let (dx, dw) = backward(x, w, g, false)?;
        let mut db = vec![0.0; b.elem_count()];
        add_columns(g, &mut db);
        Ok((Some(dx), Some(dw), Some(Tensor::from_vec(db, b.shape(), b.device())?)))
    }
}

struct Project {
    transposed: bool,
}

impl CustomOp2 for Project {
    fn name(&self) -> &'static str {
        "project"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        w: &CpuStorage,
        w_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (rows, inputs, outputs, shape) = sizes(x_layout, w_layout, self.transposed)?;
        let (x, w) = (contiguous(x, x_layout)?, contiguous(w, w_layout)?);
        let mut y = vec![0.0; rows * outputs];
        let w = match self.transposed {
            true => Matrix::new(w, outputs, inputs).transposed(),
            false => Matrix::new(w, inputs, outputs),
        };
        multiply(Matrix::new(x, rows, inputs), w, &mut y, outputs, false);
        Ok((CpuStorage::F32(y), shape))
    }

    fn bwd(
        &self,
        x: &Tensor,
        w: &Tensor,
        _y: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let gradient = gradient.contiguous()?;
        let (dx, dw) = backward(x, w, view(&gradient).data()?, self.transposed)?;
        Ok((Some(dx), Some(dw)))
    }
}

/// ∂x and ∂W of a product whose result has the gradient g.
fn backward(x: &Tensor, w: &Tensor, g: &[f32], transposed: bool) -> Result<(Tensor, Tensor)> {
    let (rows, inputs, outputs, _) = sizes(x.layout(), w.layout(), transposed)?;
    let (mut dx, mut dw) = (vec![0.0; x.elem_count()], vec![0.0; w.elem_count()]);
    let g = Matrix::new(g, rows, outputs);
    let (x_view, w_view) = (view(x), view(w));
    let x_matrix = Matrix::new(x_view.data()?, rows, inputs);
    if transposed {
        multiply(g, Matrix::new(w_view.data()?, outputs, inputs), &mut dx, inputs, false);
        multiply(g.transposed(), x_matrix, &mut dw, inputs, false);
    } else {
        let w_matrix = Matrix::new(w_view.data()?, inputs, outputs);
        multiply(g, w_matrix.transposed(), &mut dx, inputs, false);
        multiply(x_matrix.transposed(), g, &mut dw, outputs, false);
    }
    Ok((Tensor::from_vec(dx, x.shape(), x.device())?, Tensor::from_vec(dw, w.shape(), w.device())?))
}

#[cfg(test)]
mod tests {
    use super::super::check::gradients;
    use super::*;

    #[test]
    fn gradients_of_linear() {
        gradients(
            &[&[2, 3, 5], &[5, 7], &[7]],
            |t| linear(&t[0], &t[1], &t[2]),
            |t| composite(&t[0], &t[1], &t[2]),
        );
    }

    #[test]
    fn gradients_of_projections_both_ways_round() {
        for (transposed, shape) in [(false, [6, 9]), (true, [9, 6])] {
            let f = |t: &[Tensor]| project(&t[0], &t[1], transposed);
            gradients(&[&[4, 3, 6], &shape], f, f);
        }
    }

    #[test]
    fn sums_longer_than_one_piece_are_right() {
        let f = |t: &[Tensor]| project(&t[0], &t[1], false);
        gradients(&[&[3, 300], &[300, 2]], f, f);
    }
}
