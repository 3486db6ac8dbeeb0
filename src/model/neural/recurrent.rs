//! Gated recurrent units that read one token after the other.
//!
//! Sequence x₁ … x_L enters as BOS, x₁ … x_{L−1}: token rows of `embedding` numbers, layers of gated
//! recurrent units of `width`, and a linear map to the logits. Weights start uniformly between
//! −1/√width and 1/√width, token rows as N(0, 1). Dropout acts on what enters each layer.

mod decoder;

use super::network::Network;
use super::ops::dropout::dropout;
use super::ops::embedding::gather;
use super::ops::gru::gru;
use super::ops::linear::linear;
use super::parameters::{Parameters, Specification, Start};
use super::simd::LANES;
use super::train::Batch;
use super::weights::Weights;
use crate::stream::Stream;
use candle_core::{Result, Tensor};
use decoder::RecurrentDecoder;
use serde::{Deserialize, Serialize};

/// The sizes of a recurrent network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Recurrent {
    /// Token types, without BOS.
    pub types: usize,
    /// Tokens of a training sequence.
    pub length: usize,
    pub layers: usize,
    pub width: usize,
    pub embedding: usize,
    pub dropout: f64,
}

fn name(layer: usize, part: &str) -> String {
    format!("layer.{layer:03}.{part}")
}

impl Recurrent {
    /// Columns of the logits, filled up.
    fn columns(&self) -> usize {
        self.types.next_multiple_of(LANES)
    }

    fn layer(&self, layer: usize) -> Vec<Specification> {
        let (inputs, h) = (if layer == 0 { self.embedding } else { self.width }, self.width);
        let start = Start::Uniform(1.0 / (h as f64).sqrt());
        let new = |part: &str, shape: &[usize]| Specification::new(name(layer, part), shape, start);
        vec![
            new("in.weight", &[inputs, 3 * h]),
            new("in.bias", &[3 * h]),
            new("state.weight", &[h, 3 * h]),
            new("state.bias", &[3 * h]),
        ]
    }
}

impl Network for Recurrent {
    const NAME: &'static str = "recurrent";

    type Decoder<'a> = RecurrentDecoder<'a>;

    fn types(&self) -> usize {
        self.types
    }

    fn length(&self) -> usize {
        self.length
    }

    fn specifications(&self) -> Vec<Specification> {
        let rows = (self.types + 1).next_multiple_of(LANES);
        let tokens = Specification::new("tokens", &[rows, self.embedding], Start::Normal(1.0));
        let start = Start::Uniform(1.0 / (self.width as f64).sqrt());
        let head = Specification::new("head.weight", &[self.width, self.columns()], start);
        let bias = Specification::new("head.bias", &[self.columns()], start);
        let mut all = vec![
            tokens.using(self.types + 1, self.embedding),
            head.using(self.width, self.types),
            bias.using(self.types, 1),
        ];
        all.extend((0..self.layers).flat_map(|layer| self.layer(layer)));
        all
    }

    fn logits(
        &self,
        parameters: &Parameters,
        batch: &Batch,
        mut rng: Option<&mut Stream>,
    ) -> Result<Tensor> {
        let mut x = gather(parameters.get("tokens")?, &batch.inputs, batch.offsets.len())?;
        for layer in 0..self.layers {
            if let Some(rng) = rng.as_deref_mut() {
                x = dropout(&x, self.dropout, rng)?;
            }
            let get = |part: &str| parameters.get(&name(layer, part));
            let a = linear(&x, get("in.weight")?, get("in.bias")?)?;
            x = gru(&a, get("state.weight")?, get("state.bias")?)?;
        }
        let (weight, bias) = (parameters.get("head.weight")?, parameters.get("head.bias")?);
        linear(&x, weight, bias)
    }

    fn decoder<'a>(&'a self, weights: &'a Weights) -> RecurrentDecoder<'a> {
        RecurrentDecoder::new(self, weights)
    }
}
