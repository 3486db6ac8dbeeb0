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
use candle_core::{D, Result, Tensor};
pub use head::{backward, forward};
use std::sync::Arc;

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
