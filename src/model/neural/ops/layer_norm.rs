//! y = γ·(x − μ)/√(σ² + ε) + β over the last dimension, σ² with divisor n, ε = 10⁻⁵.
//!
//! Backward, with x̂ the normalised x, g = ∂loss/∂y and means over the row:
//! ∂x = (γg − mean(γg) − x̂·mean(γg·x̂))/√(σ² + ε), ∂γ = Σ_rows g·x̂, ∂β = Σ_rows g.
//! Source: Ba, Kiros & Hinton 2016 (arXiv 1607.06450).

use super::{contiguous, is_fused, saved, view};
use crate::model::neural::simd::{self, dispatch};
use candle_core::{CpuStorage, CustomOp3, D, Layout, Result, Shape, Tensor};
use std::sync::OnceLock;

pub const EPSILON: f32 = 1e-5;

/// The normalised rows of x (… × d), scaled by γ (d) and moved by β (d).
pub fn layer_norm(x: &Tensor, gamma: &Tensor, beta: &Tensor) -> Result<Tensor> {
    if is_fused(x) {
        x.apply_op3(gamma, beta, LayerNorm { rows: OnceLock::new() })
    } else {
        composite(x, gamma, beta)
    }
}

pub fn composite(x: &Tensor, gamma: &Tensor, beta: &Tensor) -> Result<Tensor> {
    let centred = x.broadcast_sub(&x.mean_keepdim(D::Minus1)?)?;
    let variance = centred.sqr()?.mean_keepdim(D::Minus1)?;
    let deviation = (variance + f64::from(EPSILON))?.sqrt()?;
    centred.broadcast_div(&deviation)?.broadcast_mul(gamma)?.broadcast_add(beta)
}

dispatch! {
    /// Normalises every row; `rows` gets the pairs (μ, 1/√(σ² + ε)).
    pub fn forward(x: &[f32], gamma: &[f32], beta: &[f32], y: &mut [f32], rows: &mut [[f32; 2]]) {
        let d = gamma.len();
        let beta = &beta[..d];
        for ((x, y), row) in x.chunks_exact(d).zip(y.chunks_exact_mut(d)).zip(rows) {
            let mean = simd::sum(d, |i| x[i]) / d as f32;
            let square = |i: usize| (x[i] - mean) * (x[i] - mean);
            let scale = 1.0 / (simd::sum(d, square) / d as f32 + EPSILON).sqrt();
            *row = [mean, scale];
            for i in 0..d {
                y[i] = ((x[i] - mean) * scale).mul_add(gamma[i], beta[i]);
            }
        }
    }
}

dispatch! {
    /// Adds to the gradients of x, γ and β.
    pub fn backward(
        x: &[f32],
        gamma: &[f32],
        rows: &[[f32; 2]],
        gradient: &[f32],
        dx: &mut [f32],
        dgamma: &mut [f32],
        dbeta: &mut [f32],
    ) {
        let d = gamma.len();
        let (dgamma, dbeta) = (&mut dgamma[..d], &mut dbeta[..d]);
        let each = x.chunks_exact(d).zip(gradient.chunks_exact(d)).zip(dx.chunks_exact_mut(d));
        for (((x, g), dx), [mean, scale]) in each.zip(rows) {
            let normal = |i: usize| (x[i] - mean) * scale;
            let scaled = |i: usize| gamma[i] * g[i];
            let [first, second] = simd::sums(d, |i| [scaled(i), scaled(i) * normal(i)]);
            let (first, second) = (first / d as f32, second / d as f32);
            for i in 0..d {
                let inner = gamma[i] * g[i] - first - normal(i) * second;
                dx[i] += inner * scale;
                dgamma[i] = g[i].mul_add(normal(i), dgamma[i]);
                dbeta[i] += g[i];
            }
        }
    }
}

struct LayerNorm {
    rows: OnceLock<Vec<[f32; 2]>>,
}

impl CustomOp3 for LayerNorm {
    fn name(&self) -> &'static str {
        "layer-norm"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        gamma: &CpuStorage,
        gamma_layout: &Layout,
        beta: &CpuStorage,
        beta_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (x, gamma) = (contiguous(x, x_layout)?, contiguous(gamma, gamma_layout)?);
        let mut y = vec![0.0; x.len()];
        let mut rows = vec![[0.0; 2]; x.len() / gamma.len().max(1)];
        forward(x, gamma, contiguous(beta, beta_layout)?, &mut y, &mut rows);
        let _ = self.rows.set(rows);
        Ok((CpuStorage::F32(y), x_layout.shape().clone()))
    }

    fn bwd(
        &self,
        x: &Tensor,
        gamma: &Tensor,
        beta: &Tensor,
        _y: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let gradient = gradient.contiguous()?;
        let d = gamma.elem_count();
        let (mut dx, mut dgamma, mut dbeta) =
            (vec![0.0; x.elem_count()], vec![0.0; d], vec![0.0; d]);
        let (x_view, gamma_view) = (view(x), view(gamma));
        let (x_data, gamma_data) = (x_view.data()?, gamma_view.data()?);
        let rows = saved(&self.rows)?;
        let gradient = view(&gradient);
        backward(x_data, gamma_data, rows, gradient.data()?, &mut dx, &mut dgamma, &mut dbeta);
        let tensor =
            |data, like: &Tensor| Tensor::from_vec(data, like.shape(), like.device()).map(Some);
        Ok((tensor(dx, x)?, tensor(dgamma, gamma)?, tensor(dbeta, beta)?))
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::gradients;
    use super::*;

    #[test]
    fn gradients_of_layer_norm_for_widths_with_and_without_a_rest() {
        for d in [5, 16, 37] {
            gradients(
                &[&[2, 3, d], &[d], &[d]],
                |t| layer_norm(&t[0], &t[1], &t[2]),
                |t| composite(&t[0], &t[1], &t[2]),
            );
        }
    }
}
