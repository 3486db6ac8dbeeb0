//! A decoder-only transformer with the norm before each part, as GPT-2 has it.
//!
//! Sequence x₁ … x_L enters as BOS, x₁ … x_{L−1}: token rows (BOS is one row more than there are types)
//! plus place rows, or rotary queries and keys; then layers of x += attention(norm x) and
//! x += W₂·GELU(W₁·norm x) with a hidden width of 4C, a last norm, and the logits.
//! Weights start as N(0, 0.02²), those that write into the sum of all layers as
//! N(0, 0.02²/(2·layers)); biases at 0. Dropout acts on the embedding and on what is added to the sum.

mod decoder;
mod look;

use super::network::Network;
use super::ops::dropout::{dropout, mask};
use super::ops::embedding::{embed, gather};
use super::ops::layer_norm::layer_norm;
use super::ops::linear::project;
use super::ops::rotary::Rotation;
use super::ops::sublayer::{Middle, sublayer};
use super::parameters::{Parameters, Specification, Start};
use super::simd::LANES;
use super::train::Batch;
use super::weights::Weights;
use crate::stream::Stream;
use candle_core::{Result, Tensor};
use decoder::TransformerDecoder;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The sizes of a transformer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Transformer {
    /// Token types, without BOS.
    pub types: usize,
    /// L: tokens of a training sequence, and how far back attention looks.
    pub length: usize,
    /// Places that inputs can have; more than `length` where prompts are continued.
    pub context: usize,
    pub layers: usize,
    /// C.
    pub width: usize,
    pub heads: usize,
    pub rotary: bool,
    pub tied: bool,
    pub dropout: f64,
}

/// The name of a layer's parameter. Two digits more than anyone needs keep names in numeric order.
fn name(layer: usize, part: &str) -> String {
    format!("layer.{layer:03}.{part}")
}

impl Transformer {
    /// Rows of the token table: types and BOS, filled up.
    pub(super) fn rows(&self) -> usize {
        (self.types + 1).next_multiple_of(LANES)
    }

    /// Columns of the logits, filled up.
    pub(super) fn columns(&self) -> usize {
        if self.tied { self.rows() } else { self.types.next_multiple_of(LANES) }
    }

    pub(super) fn rotation(&self) -> Option<Arc<Rotation>> {
        let dimension = self.width / self.heads;
        self.rotary.then(|| Arc::new(Rotation::new(self.context, dimension)))
    }

    fn layer(&self, layer: usize) -> Vec<Specification> {
        let (c, normal) = (self.width, Start::Normal(0.02));
        let narrow = Start::Normal(0.02 / (2.0 * self.layers as f64).sqrt());
        let (one, zero) = (Start::Constant(1.0), Start::Constant(0.0));
        let new = |part: &str, shape: &[usize], start| {
            Specification::new(name(layer, part), shape, start)
        };
        vec![
            new("attention.norm.scale", &[c], one),
            new("attention.norm.shift", &[c], zero),
            new("attention.in.weight", &[c, 3 * c], normal),
            new("attention.in.bias", &[3 * c], zero),
            new("attention.out.weight", &[c, c], narrow),
            new("attention.out.bias", &[c], zero),
            new("feed.norm.scale", &[c], one),
            new("feed.norm.shift", &[c], zero),
            new("feed.in.weight", &[c, 4 * c], normal),
            new("feed.in.bias", &[4 * c], zero),
            new("feed.out.weight", &[4 * c, c], narrow),
            new("feed.out.bias", &[c], zero),
        ]
    }

    fn embedded(&self, parameters: &Parameters, batch: &Batch) -> Result<Tensor> {
        let tokens = parameters.get("tokens")?;
        if self.rotary {
            return gather(tokens, &batch.inputs, batch.offsets.len());
        }
        embed(tokens, parameters.get("places")?, &batch.inputs, &batch.offsets)
    }
}

impl Network for Transformer {
    const NAME: &'static str = "transformer";

    type Decoder<'a> = TransformerDecoder<'a>;

    fn types(&self) -> usize {
        self.types
    }

    fn length(&self) -> usize {
        self.length
    }

    fn offsets(&self) -> usize {
        if self.rotary { 1 } else { 1 + self.context.saturating_sub(self.length) }
    }

    /// Each half of a layer lies in one variable.
    fn variable(parameter: &str) -> &str {
        let end = |part: &str| Some(parameter.find(part)? + part.len());
        let half = end(".attention.").or_else(|| end(".feed."));
        half.map_or(parameter, |end| &parameter[..end - 1])
    }

    fn specifications(&self) -> Vec<Specification> {
        let (c, normal) = (self.width, Start::Normal(0.02));
        let tokens = Specification::new("tokens", &[self.rows(), c], normal);
        let mut all = vec![
            tokens.using(self.types + 1, c),
            Specification::new("norm.scale", &[c], Start::Constant(1.0)),
            Specification::new("norm.shift", &[c], Start::Constant(0.0)),
        ];
        if !self.rotary {
            all.push(Specification::new("places", &[self.context, c], normal));
        }
        if !self.tied {
            let head = Specification::new("head.weight", &[c, self.columns()], normal);
            all.push(head.using(c, self.types));
        }
        all.extend((0..self.layers).flat_map(|layer| self.layer(layer)));
        all
    }

    fn logits(
        &self,
        parameters: &Parameters,
        batch: &Batch,
        mut rng: Option<&mut Stream>,
    ) -> Result<Tensor> {
        let attention = Middle::Attention { heads: self.heads, rotation: self.rotation() };
        let halves = [("attention", attention), ("feed", Middle::Gelu)];
        let mut x = self.embedded(parameters, batch)?;
        if let Some(rng) = rng.as_deref_mut() {
            x = dropout(&x, self.dropout, rng)?;
        }
        for layer in 0..self.layers {
            for (part, middle) in &halves {
                let thin = |rng: &mut Stream| mask(x.elem_count(), self.dropout, rng);
                let mask = rng.as_deref_mut().and_then(thin);
                x = sublayer(&x, parameters.get(&name(layer, part))?, middle, mask)?;
            }
        }
        let x = layer_norm(&x, parameters.get("norm.scale")?, parameters.get("norm.shift")?)?;
        match self.tied {
            true => project(&x, parameters.get("tokens")?, true),
            false => project(&x, parameters.get("head.weight")?, false),
        }
    }

    fn decoder<'a>(&'a self, weights: &'a Weights) -> TransformerDecoder<'a> {
        TransformerDecoder::new(self, weights)
    }
}
