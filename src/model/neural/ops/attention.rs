//! Causal attention of all heads: each place looks at itself and at what came before.
//!
//! For every head, from one tensor (batch × T × 3C: queries, keys, values):
//! P = softmax(Q·Kᵀ/√D) with P_ij = 0 for j > i, out = P·V (batch × T × C).
//! Backward, with G = ∂loss/∂out: ∂V = Pᵀ·G, ∂P = G·Vᵀ, ∂S = P∘(∂P − rowsum(P∘∂P)),
//! ∂Q = ∂S·K/√D, ∂K = ∂Sᵀ·Q/√D. P is kept from the forward pass.
//! Cost: half of 4·T²·C products forward, half of 8·T²·C backward; T² numbers kept a head.
//! Source: Vaswani et al. 2017 (arXiv 1706.03762).

mod head;

use super::rotary::Rotation;
use super::{contiguous, is_fused, saved, view};
use candle_core::{CpuStorage, CustomOp1, D, DType, Layout, Result, Shape, Tensor};
pub use head::forward;
use std::sync::{Arc, OnceLock};

/// What a batch of attention looks like.
#[derive(Clone, Debug)]
pub struct Form {
    pub batch: usize,
    /// T.
    pub length: usize,
    /// C.
    pub width: usize,
    pub heads: usize,
    pub rotation: Option<Arc<Rotation>>,
}

impl Form {
    /// D = C / heads.
    pub fn dimension(&self) -> usize {
        self.width / self.heads
    }
}

/// Attention over `qkv` (batch × T × 3C).
pub fn attention(qkv: &Tensor, heads: usize, rotation: Option<&Arc<Rotation>>) -> Result<Tensor> {
    let (batch, length, triple) = qkv.dims3()?;
    let form = Form { batch, length, width: triple / 3, heads, rotation: rotation.cloned() };
    if is_fused(qkv) {
        qkv.apply_op1(Attention { form, probabilities: OnceLock::new() })
    } else {
        composite(qkv, &form)
    }
}

pub fn composite(qkv: &Tensor, form: &Form) -> Result<Tensor> {
    let (t, d) = (form.length, form.dimension());
    let part = |k: usize| {
        let part = qkv.narrow(D::Minus1, k * form.width, form.width)?;
        part.reshape((form.batch, t, form.heads, d))?.transpose(1, 2)?.contiguous()
    };
    let (mut q, mut k, v) = (part(0)?, part(1)?, part(2)?);
    if let Some(rotation) = &form.rotation {
        (q, k) = (turned(&q, rotation)?, turned(&k, rotation)?);
    }
    let scores = (q.matmul(&k.t()?)? / (d as f64).sqrt())?;
    let hidden = |n: usize| if n % t > n / t { -1e30 } else { 0.0f32 };
    let hidden: Vec<f32> = (0..t * t).map(hidden).collect();
    let hidden = Tensor::from_vec(hidden, (t, t), qkv.device())?.to_dtype(qkv.dtype())?;
    let scores = scores.broadcast_add(&hidden)?;
    let weights = scores.broadcast_sub(&scores.max_keepdim(D::Minus1)?)?.exp()?;
    let p = weights.broadcast_div(&weights.sum_keepdim(D::Minus1)?)?;
    p.matmul(&v)?.transpose(1, 2)?.reshape((form.batch, t, form.width))
}

/// Rotary positions by candle's operations; x is (batch × heads × T × D).
fn turned(x: &Tensor, rotation: &Rotation) -> Result<Tensor> {
    let (_, _, t, d) = x.dims4()?;
    let (cos, sin) = rotation.tables(t);
    let table =
        |values: &[f32]| Tensor::from_slice(values, (t, d / 2), x.device())?.to_dtype(x.dtype());
    let (cos, sin) = (table(cos)?, table(sin)?);
    let (low, high) = (x.narrow(D::Minus1, 0, d / 2)?, x.narrow(D::Minus1, d / 2, d / 2)?);
    let first = (low.broadcast_mul(&cos)? - high.broadcast_mul(&sin)?)?;
    let second = (high.broadcast_mul(&cos)? + low.broadcast_mul(&sin)?)?;
    Tensor::cat(&[first, second], D::Minus1)
}

struct Attention {
    form: Form,
    probabilities: OnceLock<Vec<f32>>,
}

impl CustomOp1 for Attention {
    fn name(&self) -> &'static str {
        "attention"
    }

    fn cpu_fwd(&self, qkv: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let form = &self.form;
        let mut out = vec![0.0; form.batch * form.length * form.width];
        let probabilities = forward(contiguous(qkv, layout)?, form, &mut out);
        let _ = self.probabilities.set(probabilities);
        Ok((CpuStorage::F32(out), (form.batch, form.length, form.width).into()))
    }

    fn bwd(&self, qkv: &Tensor, _out: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        debug_assert_eq!(qkv.dtype(), DType::F32);
        let gradient = gradient.contiguous()?;
        let (view, gradient) = (view(qkv), view(&gradient));
        let mut dqkv = vec![0.0; qkv.elem_count()];
        let probabilities = saved(&self.probabilities)?;
        head::backward(view.data()?, gradient.data()?, probabilities, &self.form, &mut dqkv);
        Tensor::from_vec(dqkv, qkv.shape(), qkv.device()).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::gradients;
    use super::*;

    fn check(batch: usize, length: usize, width: usize, heads: usize, rotary: bool) {
        let rotation = rotary.then(|| Arc::new(Rotation::new(length, width / heads)));
        let form = Form { batch, length, width, heads, rotation: rotation.clone() };
        gradients(
            &[&[batch, length, 3 * width]],
            |t| attention(&t[0], heads, rotation.as_ref()),
            |t| composite(&t[0], &form),
        );
    }

    #[test]
    fn gradients_of_attention_for_lengths_and_heads_of_any_size() {
        check(2, 5, 6, 3, false);
        check(1, 18, 8, 2, false);
        check(1, 1, 4, 1, false);
        check(1, 4, 36, 2, false);
    }

    #[test]
    fn gradients_of_attention_with_rotary_positions() {
        check(2, 6, 8, 2, true);
    }
}
