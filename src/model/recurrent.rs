//! A recurrent language model: gated units that read one token after the other, trained by gradients.
//!
//! ln p(x₁ … x_L) = Σ ln p(x_t | h_{t−1}), where the state h (of `width` numbers a layer) has seen
//! x₁ … x_{t−1}; trained through all of time, with AdamW on batches of whole sequences, every sequence
//! of one length L.
//! Under collapse: as `transformer`; the fixed state forgets what lies far back.
//! Cost: about 6·parameters·tokens operations an epoch, on one thread.
//! Source: Cho et al. 2014 (arXiv 1406.1078).
//! Not to be confused with `transformer`, which looks at all earlier tokens at once.

use super::decoding::Decoding;
use super::neural::{self, FittedLanguageModel, Origin, Plan, Training};
use super::{Bench, Family, FitError, Kin, Misfit};
use crate::numeric::bounded::{Count, Fraction, table};
use crate::samples::{TokenShape, Tokens, TrainingSet};
use crate::stream::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Recurrent {
    /// Layers of gated units (default 1).
    pub layers: Count,
    /// Numbers of the state of a layer (default 128).
    pub width: Count,
    /// Numbers that stand for a token (default 32).
    pub embedding: Count,
    /// The share of each layer's input that training drops (default 0; below 1).
    pub dropout: Fraction,
    /// How the network is trained.
    #[serde(deserialize_with = "table")]
    pub training: Training,
    /// The weights that training starts from: "fresh" (default), those of the "parent", or those of
    /// the "founder", where there is one.
    pub start: Origin,
    /// How offspring are made from the network.
    #[serde(deserialize_with = "table")]
    pub decoding: Decoding,
}

impl Default for Recurrent {
    fn default() -> Self {
        Recurrent {
            layers: Count::literal(1),
            width: Count::literal(128),
            embedding: Count::literal(32),
            dropout: Fraction::literal(0.0),
            training: Training::default(),
            start: Origin::Fresh,
            decoding: Decoding::default(),
        }
    }
}

impl Recurrent {
    fn network(&self, types: usize, length: usize) -> neural::Recurrent {
        neural::Recurrent {
            types,
            length,
            layers: self.layers.get(),
            width: self.width.get(),
            embedding: self.embedding.get(),
            dropout: self.dropout.get(),
        }
    }
}

impl Family for Recurrent {
    type Data = Tokens;
    type Model = FittedLanguageModel<neural::Recurrent>;

    fn fit(
        &self,
        data: &TrainingSet<'_, Tokens>,
        kin: Kin<'_, Self::Model>,
        bench: &Bench<'_, Tokens>,
        rng: &mut Stream,
    ) -> Result<Self::Model, FitError> {
        let plan = Plan { training: &self.training, start: self.start, decoding: &self.decoding };
        neural::fit(&plan, |types, length| self.network(types, length), data, &kin, bench, rng)
    }

    fn validation(&self) -> usize {
        self.training.early_stopping.as_ref().map_or(0, |rule| rule.sequences.get())
    }

    fn save(&self, model: &Self::Model) -> Option<Vec<u8>> {
        (self.start != Origin::Fresh).then(|| model.to_bytes().ok()).flatten()
    }

    fn load(&self, bytes: &[u8]) -> Result<Self::Model, String> {
        neural::load(bytes, &self.decoding, |types, length| self.network(types, length))
            .map_err(|error| error.to_string())
    }

    fn check(&self, shape: &TokenShape) -> Result<(), Misfit> {
        neural::reserve();
        super::one_length("recurrent", shape)?;
        super::below_one("dropout", self.dropout)?;
        self.training.check()?;
        self.decoding.check()
    }
}
