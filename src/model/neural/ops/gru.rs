//! A gated recurrent unit over time, and its exact gradient through all of time.
//!
//! From input gates a (batch × T × 3H) and h₀ = 0, with b = h_{t−1}·W + bias (W: H × 3H), the parts
//! named r, z, n: r = σ(a_r + b_r), z = σ(a_z + b_z), n = tanh(a_n + r∘b_n),
//! h_t = (1 − z)∘n + z∘h_{t−1}. Result: all h_t (batch × T × H).
//! Source: Cho et al. 2014 (arXiv 1406.1078), with the bias inside r∘(…) as in PyTorch.

use super::{add_columns, contiguous, is_fused, saved, view};
use crate::model::neural::matrix::{Matrix, multiply};
use crate::model::neural::ops::linear::fill_rows;
use crate::model::neural::simd::{self, dispatch};
use candle_core::{CpuStorage, CustomOp3, D, Layout, Result, Shape, Tensor};
use std::sync::OnceLock;

/// All states of the unit.
pub fn gru(a: &Tensor, w: &Tensor, bias: &Tensor) -> Result<Tensor> {
    if is_fused(a) {
        a.apply_op3(w, bias, Gru { gates: OnceLock::new() })
    } else {
        composite(a, w, bias)
    }
}

pub fn composite(a: &Tensor, w: &Tensor, bias: &Tensor) -> Result<Tensor> {
    let (batch, length, _) = a.dims3()?;
    let width = w.dim(0)?;
    let logistic = |x: Tensor| ((x.neg()?.exp()? + 1.0)?).recip();
    let mut h = Tensor::zeros((batch, width), a.dtype(), a.device())?;
    let mut all = Vec::with_capacity(length);
    for t in 0..length {
        let (a, b) = (a.narrow(1, t, 1)?.squeeze(1)?, h.matmul(w)?.broadcast_add(bias)?);
        let part = |x: &Tensor, k: usize| x.narrow(D::Minus1, k * width, width);
        let r = logistic((part(&a, 0)? + part(&b, 0)?)?)?;
        let z = logistic((part(&a, 1)? + part(&b, 1)?)?)?;
        let n = (part(&a, 2)? + (r * part(&b, 2)?)?)?.tanh()?;
        h = ((&n - (&z * &n)?)? + (z * h)?)?;
        all.push(h.clone());
    }
    Tensor::stack(&all, 1)
}

dispatch! {
    /// One step of one sample: gates (r, z, n, b_n) and the new state.
    pub fn step(a: &[f32], b: &[f32], old: &[f32], gates: &mut [f32], new: &mut [f32]) {
        let n = old.len();
        let (a, b, new, gates) = (&a[..3 * n], &b[..3 * n], &mut new[..n], &mut gates[..4 * n]);
        for i in 0..n {
            let r = simd::sigmoid(a[i] + b[i]);
            let z = simd::sigmoid(a[n + i] + b[n + i]);
            let c = simd::tanh(r.mul_add(b[2 * n + i], a[2 * n + i]));
            new[i] = z.mul_add(old[i] - c, c);
            gates[i] = r;
            gates[n + i] = z;
            gates[2 * n + i] = c;
            gates[3 * n + i] = b[2 * n + i];
        }
    }
}

dispatch! {
    /// Back through one step of one sample: the gradients of a and b, and of the old state by itself.
    fn step_back(gates: &[f32], old: &[f32], dh: &mut [f32], da: &mut [f32], db: &mut [f32]) {
        let n = old.len();
        let (gates, dh) = (&gates[..4 * n], &mut dh[..n]);
        let (da, db) = (&mut da[..3 * n], &mut db[..3 * n]);
        for i in 0..n {
            let (r, z, c, inner) = (gates[i], gates[n + i], gates[2 * n + i], gates[3 * n + i]);
            let dc = dh[i] * (1.0 - z) * (1.0 - c * c);
            let dr = dc * inner * r * (1.0 - r);
            let dz = dh[i] * (old[i] - c) * z * (1.0 - z);
            da[i] = dr;
            da[n + i] = dz;
            da[2 * n + i] = dc;
            db[i] = dr;
            db[n + i] = dz;
            db[2 * n + i] = dc * r;
            dh[i] *= z;
        }
    }
}

struct Gru {
    /// r, z, n and b_n of every step: batch × T × 4H.
    gates: OnceLock<Vec<f32>>,
}

impl CustomOp3 for Gru {
    fn name(&self) -> &'static str {
        "gru"
    }

    fn cpu_fwd(
        &self,
        a: &CpuStorage,
        a_layout: &Layout,
        w: &CpuStorage,
        w_layout: &Layout,
        bias: &CpuStorage,
        bias_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (batch, length, triple) = a_layout.shape().dims3()?;
        let n = triple / 3;
        let (a, w) = (contiguous(a, a_layout)?, contiguous(w, w_layout)?);
        let bias = contiguous(bias, bias_layout)?;
        let mut h = vec![0.0; batch * length * n];
        let mut gates = vec![0.0; batch * length * 4 * n];
        let mut b = vec![0.0; batch * triple];
        let mut old = vec![0.0; batch * n];
        for t in 0..length {
            fill_rows(bias, &mut b);
            multiply(Matrix::new(&old, batch, n), Matrix::new(w, n, triple), &mut b, triple, true);
            for (s, old) in old.chunks_exact_mut(n).enumerate() {
                let at = s * length + t;
                let (a, b) = (&a[at * triple..][..triple], &b[s * triple..][..triple]);
                let new = &mut h[at * n..][..n];
                step(a, b, old, &mut gates[at * 4 * n..][..4 * n], new);
                old.copy_from_slice(new);
            }
        }
        let _ = self.gates.set(gates);
        Ok((CpuStorage::F32(h), (batch, length, n).into()))
    }

    fn bwd(
        &self,
        a: &Tensor,
        w: &Tensor,
        bias: &Tensor,
        h: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let gradient = gradient.contiguous()?;
        let (h_view, w_view, gradient) = (view(h), view(w), view(&gradient));
        let (da, dw, dbias) =
            back(saved(&self.gates)?, h_view.data()?, w_view.data()?, gradient.data()?, a.dims3()?);
        let tensor =
            |data, like: &Tensor| Tensor::from_vec(data, like.shape(), like.device()).map(Some);
        Ok((tensor(da, a)?, tensor(dw, w)?, tensor(dbias, bias)?))
    }
}

/// The gradients of a, W and the bias.
fn back(
    gates: &[f32],
    h: &[f32],
    w: &[f32],
    gradient: &[f32],
    (batch, length, triple): (usize, usize, usize),
) -> (Vec<f32>, Vec<f32>, Vec<f32>) {
    let n = triple / 3;
    let mut da = vec![0.0; batch * length * triple];
    let (mut dw, mut dbias) = (vec![0.0; n * triple], vec![0.0; triple]);
    let (mut dh, mut db) = (vec![0.0; batch * n], vec![0.0; batch * triple]);
    let mut old = vec![0.0; batch * n];
    for t in (0..length).rev() {
        for (s, dh) in dh.chunks_exact_mut(n).enumerate() {
            let at = s * length + t;
            let old = &mut old[s * n..][..n];
            match t {
                0 => old.fill(0.0),
                _ => old.copy_from_slice(&h[(at - 1) * n..][..n]),
            }
            dh.iter_mut().zip(&gradient[at * n..]).for_each(|(dh, g)| *dh += g);
            let db = &mut db[s * triple..][..triple];
            let da = &mut da[at * triple..][..triple];
            step_back(&gates[at * 4 * n..][..4 * n], old, dh, da, db);
        }
        let db_matrix = Matrix::new(&db, batch, triple);
        multiply(db_matrix, Matrix::new(w, n, triple).transposed(), &mut dh, n, true);
        multiply(Matrix::new(&old, batch, n).transposed(), db_matrix, &mut dw, triple, true);
        add_columns(&db, &mut dbias);
    }
    (da, dw, dbias)
}

#[cfg(test)]
mod tests {
    use super::super::check::gradients;
    use super::*;

    #[test]
    fn gradients_through_time() {
        for (batch, length, width) in [(2, 4, 3), (1, 1, 2), (3, 3, 17)] {
            gradients(
                &[&[batch, length, 3 * width], &[width, 3 * width], &[3 * width]],
                |t| gru(&t[0], &t[1], &t[2]),
                |t| composite(&t[0], &t[1], &t[2]),
            );
        }
    }
}
