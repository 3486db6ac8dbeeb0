//! What a network has to say of itself: parameters, logits for training, and a decoder for drawing.

use super::Error;
use super::parameters::{Parameters, Specification};
use super::train::Batch;
use super::weights::Weights;
use crate::model::decoding::Continue;
use crate::stream::Stream;
use candle_core::Tensor;
use serde::{Serialize, de::DeserializeOwned};

/// An architecture, with every size it needs.
pub trait Network:
    Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// Its name in the catalogue.
    const NAME: &'static str;

    type Decoder<'a>: Decoder
    where
        Self: 'a;

    /// The number of token types.
    fn types(&self) -> usize;

    /// Tokens of every sequence that it is trained on.
    fn length(&self) -> usize;

    /// The places at which a training sequence may begin: 1 where it always begins at the first.
    fn offsets(&self) -> usize {
        1
    }

    fn specifications(&self) -> Vec<Specification>;

    /// The variable that a parameter lies in: its own, or one of several that are used together.
    fn variable(parameter: &str) -> &str {
        parameter
    }

    /// Logits (batch × T × columns, at least as many columns as types); with dropout where a stream is
    /// given.
    fn logits(
        &self,
        parameters: &Parameters,
        batch: &Batch,
        dropout: Option<&mut Stream>,
    ) -> candle_core::Result<Tensor>;

    /// What continues sequences, over plain buffers.
    fn decoder<'a>(&'a self, weights: &'a Weights) -> Self::Decoder<'a>;

    /// The architecture as a checkpoint states it.
    fn describe(&self) -> String {
        let name = Self::NAME;
        serde_json::to_string(&(name, self)).unwrap_or_else(|_| name.to_owned())
    }

    /// The architecture and weights of a checkpoint of this kind of network.
    fn restore(bytes: &[u8]) -> Result<(Self, Weights), Error> {
        let (weights, found) = Weights::from_bytes(bytes)?;
        let other = |_| Error::Architecture { found: found.clone(), expected: Self::NAME.into() };
        let (name, network): (String, Self) = serde_json::from_str(&found).map_err(other)?;
        let mut expected = network.specifications();
        expected.sort_by(|a, b| a.name.cmp(&b.name));
        let named: Vec<(&str, &[usize])> =
            expected.iter().map(|one| (one.name.as_str(), one.shape.as_slice())).collect();
        match name == Self::NAME && named == weights.layout() {
            true => Ok((network, weights)),
            false => Err(Error::Architecture { found, expected: network.describe() }),
        }
    }
}

/// A network that continues sequences, and knows the probabilities of given ones.
pub trait Decoder: Continue {
    /// ln p of each sequence, all of one length, in nats.
    fn ln_probabilities(&self, sequences: &[&[u32]]) -> Vec<f64>;
}

/// ln p of one type among the first logits of a row.
pub fn ln_probability(logits: &[f32], kind: u32) -> f64 {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|z| f64::from(z - most).exp()).sum();
    f64::from(logits[kind as usize]) - f64::from(most) - sum.ln()
}
