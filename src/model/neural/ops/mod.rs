//! Operations of candle's graph that are one loop each: forward, backward, and how to do without.
//!
//! On the CPU each is a `CustomOp` over contiguous f32, with what the backward pass needs kept inside;
//! on another device it is put together from candle's own operations (its "composite"). Tests compare
//! every gradient with central differences of the composite in f64.

pub mod attention;
#[cfg(test)]
pub mod check;
pub mod cross_entropy;
pub mod dropout;
pub mod embedding;
pub mod gru;
pub mod layer_norm;
pub mod linear;
pub mod rotary;
pub mod sublayer;
pub mod tile;

use candle_core::{CpuStorage, Error, Layout, Result, Storage, Tensor};
use std::ops::Deref;

/// A tensor's numbers, without a copy, for as long as it lives.
pub struct View<'a, G> {
    storage: G,
    layout: &'a Layout,
}

/// A look at a tensor's numbers.
pub fn view(tensor: &Tensor) -> View<'_, impl Deref<Target = Storage>> {
    let (storage, layout) = tensor.storage_and_layout();
    View { storage, layout }
}

impl<G: Deref<Target = Storage>> View<'_, G> {
    pub fn data(&self) -> Result<&[f32]> {
        match &*self.storage {
            Storage::Cpu(storage) => contiguous(storage, self.layout),
            _ => Err(Error::Msg("a fused operation met a tensor that is not on the CPU".into())),
        }
    }
}

/// The numbers of a contiguous tensor.
pub fn contiguous<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    let (start, end) = layout
        .contiguous_offsets()
        .ok_or_else(|| Error::Msg("a fused operation needs contiguous tensors".into()))?;
    Ok(&storage.as_slice::<f32>()?[start..end])
}

/// Whether the fused operations work on this tensor.
pub fn is_fused(tensor: &Tensor) -> bool {
    tensor.device().is_cpu() && tensor.dtype() == candle_core::DType::F32
}

/// What the backward pass needs is only there after the forward pass.
pub fn saved<T>(cell: &std::sync::OnceLock<T>) -> Result<&T> {
    cell.get().ok_or_else(|| Error::Msg("backward before forward".into()))
}

/// sums[c] += Σ_rows x[row][c].
pub fn add_columns(x: &[f32], sums: &mut [f32]) {
    add_columns_of(x, sums);
}

super::simd::dispatch! {
    /// x += y.
    pub fn add(x: &mut [f32], y: &[f32]) {
        x.iter_mut().zip(y).for_each(|(x, y)| *x += y);
    }
}

super::simd::dispatch! {
    /// x = x∘y.
    pub fn scale(x: &mut [f32], y: &[f32]) {
        x.iter_mut().zip(y).for_each(|(x, y)| *x *= y);
    }
}

super::simd::dispatch! {
    fn add_columns_of(x: &[f32], sums: &mut [f32]) {
        for row in x.chunks_exact(sums.len()) {
            for (sum, x) in sums.iter_mut().zip(row) {
                *sum += x;
            }
        }
    }
}
