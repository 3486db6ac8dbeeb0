//! A small GPT: a decoder-only transformer over tokens, trained by gradients.
//!
//! ln p(x₁ … x_L) = Σ ln p(x_t | x₁ … x_{t−1}), with x₀ a token of its own that starts every sequence:
//! pre-norm layers of causal attention and GELU as in GPT-2, AdamW on batches of whole sequences, every
//! sequence of one length L. With the defaults about 100,000 parameters.
//! With `prompt` in the decoding, offspring continue founders: training sequences then begin at random
//! places among L + prompt (learned positions; rotary ones need none), and attention looks back over L
//! inputs, so that no distance occurs that was not trained.
//! `training.confidence` = γ leaves tokens out of the loss that are more probable than γ (truncated
//! cross-entropy), reported to slow collapse.
//! Under collapse: with `start = "fresh"` each generation loses rare continuations to finite samples,
//! finite training and truncated decoding, and its perplexity on real text rises.
//! Cost: about 6·parameters·tokens operations an epoch, on one thread.
//! Source: Radford et al. 2019 (architecture); Shumailov et al. 2024 (the experiment); Shabgahi et al.
//! 2025 (arXiv 2509.08972, truncated cross-entropy).
//! Not to be confused with `recurrent`, which reads one token after the other into a fixed state.

use super::Misfit;
use super::decoding::Decoding;
use super::neural::{self, LanguageFamily, Origin, Plan, Training};
use crate::numeric::bounded::{Count, Fraction, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Transformer {
    /// Pairs of attention and feed-forward parts (default 2).
    pub layers: Count,
    /// C: numbers that stand for a token, a multiple of the heads (default 64).
    pub width: Count,
    /// Attention heads of a layer (default 4).
    pub heads: Count,
    /// "learned" (default): a vector for each place; "rotary": queries and keys turn with the place.
    pub positions: Positions,
    /// Whether the token vectors also make the logits (default true).
    pub tied: bool,
    /// The share of numbers that training drops (default 0; below 1).
    pub dropout: Fraction,
    /// Places that tokens can have; without it, as many as sequences and prompts need.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<Count>,
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

/// How the network knows the place of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Positions {
    Learned,
    Rotary,
}

impl Default for Transformer {
    fn default() -> Self {
        Transformer {
            layers: Count::literal(2),
            width: Count::literal(64),
            heads: Count::literal(4),
            positions: Positions::Learned,
            tied: true,
            dropout: Fraction::literal(0.0),
            context: None,
            training: Training::default(),
            start: Origin::Fresh,
            decoding: Decoding::default(),
        }
    }
}

impl LanguageFamily for Transformer {
    type Network = neural::Transformer;

    fn network(&self, types: usize, length: usize) -> neural::Transformer {
        let needed = length + self.decoding.prompt.map_or(0, Count::get);
        neural::Transformer {
            types,
            length,
            context: self.context.map_or(needed, |context| context.get().max(needed)),
            layers: self.layers.get(),
            width: self.width.get(),
            heads: self.heads.get(),
            rotary: self.positions == Positions::Rotary,
            tied: self.tied,
            dropout: self.dropout.get(),
        }
    }

    fn plan(&self) -> Plan<'_> {
        let Transformer { training, start, decoding, dropout, .. } = self;
        Plan { training, start: *start, decoding, dropout: *dropout }
    }

    fn check_sizes(&self, length: usize) -> Result<(), Misfit> {
        let (width, heads) = (self.width.get(), self.heads.get());
        let misfit = |reason: String, help: &str| Err(Misfit { reason, help: help.into() });
        if !width.is_multiple_of(heads) {
            return misfit(
                format!("a width of {width} does not divide into {heads} heads"),
                "choose a width that is a multiple of the heads",
            );
        }
        if self.positions == Positions::Rotary && !(width / heads).is_multiple_of(2) {
            return misfit(
                format!("rotary positions turn pairs, and heads have {} numbers", width / heads),
                "choose a width that is an even multiple of the heads",
            );
        }
        let needed = length + self.decoding.prompt.map_or(0, Count::get);
        match self.context {
            Some(context) if context.get() < needed => misfit(
                format!(
                    "sequences and prompts need {needed} places, and context is {}",
                    context.get()
                ),
                "leave out `context`",
            ),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Family;
    use crate::samples::TokenShape;

    fn check(text: &str) -> Result<(), Misfit> {
        let family: Transformer = toml::from_str(text).expect("legal keys");
        Family::check(&family, &TokenShape { vocabulary: 5, length: Some(8) })
    }

    #[test]
    fn sizes_that_do_not_fit_are_refused_when_the_file_is_read() {
        assert!(check("").is_ok());
        assert!(check("width = 10\nheads = 4").is_err());
        assert!(check("width = 12\nheads = 4\npositions = \"rotary\"").is_err());
        assert!(check("context = 7").is_err());
        assert!(check("context = 9\ndecoding.prompt = 2").is_err());
        assert!(check("context = 10\ndecoding.prompt = 2").is_ok());
        assert!(check("decoding.prompt = 8").is_ok() && check("decoding.prompt = 9").is_err());
        assert!(check("dropout = 1").is_err());
        assert!(check("training.beta1 = 1").is_err());
        let ragged = TokenShape { vocabulary: 5, length: None };
        assert!(Family::check(&Transformer::default(), &ragged).is_err());
    }

    #[test]
    fn the_default_has_about_a_hundred_thousand_parameters() {
        use neural::{Network, Parameters};
        let network = Transformer::default().network(96, 64);
        let mut rng = crate::stream::stream(1, 0, 1, crate::stream::Role::FIT);
        let count = Parameters::initial(network.specifications(), &mut rng).count();
        assert!((90_000..130_000).contains(&count), "{count}");
    }
}
