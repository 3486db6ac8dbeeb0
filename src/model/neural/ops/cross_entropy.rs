//! The loss of a batch: Σ_i w_i·(−ln p_i(target_i)) / tokens, in nats a token.
//!
//! p_i = softmax over the first `types` logits of row i; columns that only fill up a row are not looked
//! at. With a confidence γ, tokens whose own probability is above γ cost nothing and are counted all
//! the same (truncated cross-entropy). The gradient w_i·(p_i − 1{target})/tokens comes with the value.
//! Source of the truncation: Shabgahi et al. 2025 (arXiv 2509.08972).

use super::{contiguous, is_fused, saved};
use crate::model::neural::simd::{self, dispatch};
use candle_core::{CpuStorage, CustomOp1, D, Layout, Result, Shape, Tensor};
use std::sync::{Arc, OnceLock};

/// What the logits are compared with.
#[derive(Clone, Debug)]
pub struct Target {
    pub types: usize,
    /// One for each row of logits.
    pub tokens: Arc<[u32]>,
    /// One for each row of logits; 1 where there are none.
    pub weights: Option<Arc<[f32]>>,
    /// γ.
    pub confidence: Option<f32>,
}

/// The mean loss of logits (… × columns).
pub fn cross_entropy(logits: &Tensor, target: &Target) -> Result<Tensor> {
    if is_fused(logits) {
        return logits
            .apply_op1(CrossEntropy { target: target.clone(), gradient: OnceLock::new() });
    }
    composite(logits, target)
}

pub fn composite(logits: &Tensor, target: &Target) -> Result<Tensor> {
    let n = target.tokens.len();
    let logits = logits.reshape((n, ()))?.narrow(D::Minus1, 0, target.types)?;
    let logits = logits.broadcast_sub(&logits.max_keepdim(D::Minus1)?.detach())?;
    let normal = logits.exp()?.sum_keepdim(D::Minus1)?.log()?;
    let tokens = Tensor::from_slice(&target.tokens, (n, 1), logits.device())?;
    let ln = (logits.contiguous()?.gather(&tokens, D::Minus1)? - normal)?.flatten_all()?;
    let values = ln.to_dtype(candle_core::DType::F64)?.to_vec1::<f64>()?;
    let weight = |(i, ln): (usize, &f64)| {
        let skipped = target.confidence.is_some_and(|most| ln.exp() > f64::from(most));
        let weight = target.weights.as_ref().map_or(1.0, |weights| weights[i]);
        if skipped { 0.0 } else { -weight / n as f32 }
    };
    let weights: Vec<f32> = values.iter().enumerate().map(weight).collect();
    let weights = Tensor::from_vec(weights, n, logits.device())?.to_dtype(ln.dtype())?;
    ln.mul(&weights)?.sum_all()
}

dispatch! {
    /// The sum over all rows of w·(−ln p)/n; the logits become their gradient.
    fn loss(logits: &mut [f32], columns: usize, target: &Target) -> f64 {
        let n = target.tokens.len();
        let mut total = 0.0;
        for (i, row) in logits.chunks_exact_mut(columns).enumerate() {
            let (row, filling) = row.split_at_mut(target.types);
            filling.fill(0.0);
            let kind = target.tokens[i] as usize;
            let most = simd::maximum(row);
            let chosen = row[kind] - most;
            row.iter_mut().for_each(|z| *z = simd::exp(*z - most));
            let sum = simd::sum(row.len(), |k| row[k]);
            let ln = f64::from(chosen) - f64::from(sum).ln();
            let skipped = target.confidence.is_some_and(|most| row[kind] > most * sum);
            let weight = target.weights.as_ref().map_or(1.0, |weights| weights[i]) / n as f32;
            let weight = if skipped { 0.0 } else { weight };
            // Not a product with a weight of zero, which would hide what is not a number.
            total -= if skipped { 0.0 } else { f64::from(weight) * ln };
            let scale = weight / sum;
            row.iter_mut().for_each(|z| *z *= scale);
            row[kind] -= weight;
        }
        total
    }
}

struct CrossEntropy {
    target: Target,
    gradient: OnceLock<Vec<f32>>,
}

impl CustomOp1 for CrossEntropy {
    fn name(&self) -> &'static str {
        "cross-entropy"
    }

    fn cpu_fwd(&self, logits: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let columns = layout.dims().last().copied().unwrap_or(0);
        let rows = layout.shape().elem_count() / columns.max(1);
        let Target { types, tokens, .. } = &self.target;
        if rows != tokens.len() || columns < *types {
            candle_core::bail!("{rows} × {columns} logits for {} of {types} types", tokens.len());
        }
        if let Some(kind) = tokens.iter().find(|kind| **kind as usize >= *types) {
            candle_core::bail!("type {kind} of a vocabulary of {types}");
        }
        let mut gradient = contiguous(logits, layout)?.to_vec();
        let total = loss(&mut gradient, columns, &self.target);
        let _ = self.gradient.set(gradient);
        Ok((CpuStorage::F32(vec![total as f32]), ().into()))
    }

    fn bwd(&self, logits: &Tensor, _loss: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        let scale = f64::from(gradient.to_scalar::<f32>()?);
        let own = saved(&self.gradient)?.clone();
        let own = Tensor::from_vec(own, logits.shape(), logits.device())?;
        Ok(Some(if scale == 1.0 { own } else { (own * scale)? }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::gradients;
    use super::*;

    fn target(weights: Option<Arc<[f32]>>, confidence: Option<f32>) -> Target {
        Target { types: 5, tokens: [0, 4, 2, 2].into(), weights, confidence }
    }

    #[test]
    fn gradients_with_weights_and_with_a_confidence() {
        let weights: Arc<[f32]> = [0.5, 2.0, 1.0, 0.5].into();
        for target in [target(None, None), target(Some(weights), None), target(None, Some(0.2))] {
            gradients(
                &[&[2, 2, 8]],
                |t| cross_entropy(&t[0], &target),
                |t| composite(&t[0], &target),
            );
        }
    }

    #[test]
    fn equal_logits_cost_the_logarithm_of_the_types() {
        let logits = Tensor::zeros((4, 16), candle_core::DType::F32, &candle_core::Device::Cpu);
        let loss = cross_entropy(&logits.expect("zeros"), &target(None, None));
        let loss = loss.and_then(|loss| loss.to_scalar::<f32>()).expect("a number");
        assert!((loss - 5f32.ln()).abs() < 1e-6);
    }

    #[test]
    fn a_type_outside_the_vocabulary_is_an_error() {
        let logits = Tensor::zeros((1, 16), candle_core::DType::F32, &candle_core::Device::Cpu);
        let target = Target { tokens: [5].into(), ..target(None, None) };
        assert!(cross_entropy(&logits.expect("zeros"), &target).is_err());
    }
}
