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
use super::neural::{self, LanguageFamily, Origin, Plan, Training};
use crate::numeric::bounded::{Count, Fraction, table};
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

impl LanguageFamily for Recurrent {
    type Network = neural::Recurrent;

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

    fn plan(&self) -> Plan<'_> {
        let Recurrent { training, start, decoding, dropout, .. } = self;
        Plan { training, start: *start, decoding, dropout: *dropout }
    }
}
