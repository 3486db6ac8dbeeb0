//! An n-gram model: each token depends on the n − 1 before it, with the observed frequencies.
//!
//! c(h, w) counts w after the context h of n − 1 tokens; before a sequence lie n − 1 tokens of a type of
//! their own. Weights are rescaled to sum to the number of tokens. Sequences keep their length.
//! "none": P(w | h) = c(h, w)/c(h), the maximum likelihood; a context that never occurred (in held-out
//! text, or before the end of every sequence) has the law of its longest suffix that did, by the same
//! rule; a token that never followed has probability 0. "additive": (c(h, w) + a)/(c(h) + a·V).
//! "kneser-ney": interpolated modified Kneser–Ney, max(c − D(c), 0)/c(h) and the discounted mass times
//! the law of the next shorter context, down to 1/V; c of a shorter context counts the tokens that
//! differ just before it (before the start of a sequence: occurrences); D(1), D(2), D(3+) are those of
//! Chen & Goodman, from the counts of counts of each order, or 0.5, 1, 1.5 where these give none between 0
//! and the count. Of fractional counts D is interpolated, and counts of counts are those of rounded ones.
//! Under collapse: with "none" an n-gram that is not drawn once is gone for ever, and so are types; a
//! large n repeats its founders word for word. Smoothing brings lost types back as noise.
//! `decoding` changes what is released to later generations, never what metrics measure. What lies before a
//! prompt counts as not known.
//! Exact: density, the law of the next token; entropy and shares of types where n = 1, where sequences
//! are single tokens, and where n = 2 with at most 1024 types in sequences that are not very long.
//! Cost: O(m log m) for m tokens, once a chunk; then about 60·n bytes for each n-gram that differs; a draw
//! takes O(n) look-ups, and O(V) with a temperature, truncation, penalty or beams.
//! Source: Suresh et al. 2025 (arXiv 2412.17646, n-grams of text); Chen & Goodman 1998 (smoothing).
//! Not to be confused with `categorical`, which is n = 1, or with the world `markov`, which nobody fits.

mod counts;
mod discount;
mod fitted;
mod smoothing;

use super::decoding::Decoding;
use super::{Bench, Family, FitError, Kin, Misfit};
use crate::distribution;
use crate::numeric::bounded::{Order, table};
use crate::samples::{Grams, TokenShape, Tokens, TrainingSet};
use crate::stream::Stream;
use crate::theory::{Estimator, Setting};
pub use fitted::Fitted;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
pub use smoothing::{Additive, Discount, KneserNey, Smoothing};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct NGram {
    /// n: a token depends on the n − 1 before it (default 2; 1 to 32).
    pub order: Order,
    /// "none" (default), { additive = { amount = 0.1 } } or { kneser-ney = { discount = "modified" } };
    /// or the name of one alone.
    #[serde(deserialize_with = "smoothing::named")]
    #[schemars(schema_with = "smoothing::schema")]
    pub smoothing: Smoothing,
    /// How offspring are made from the model (default: by drawing from it).
    #[serde(deserialize_with = "table")]
    pub decoding: Decoding,
}

impl Default for NGram {
    fn default() -> Self {
        let (smoothing, decoding) = (Smoothing::None, Decoding::default());
        NGram { order: Order::literal(2), smoothing, decoding }
    }
}

impl Family for NGram {
    type Data = Tokens;
    type Model = Fitted;

    fn fit(
        &self,
        data: &TrainingSet<'_, Tokens>,
        _kin: Kin<'_, Fitted>,
        bench: &Bench<'_, Tokens>,
        _rng: &mut Stream,
    ) -> Result<Fitted, FitError> {
        let too_few = FitError::TooFew { family: "ngram", needs: 1, got: 0 };
        let grams: Grams = data.summary_by(&self.order.get()).ok_or(too_few.clone())?;
        let length = grams.tokens / grams.sequences.max(1);
        let levels = self.smoothing.levels(&grams);
        let law = distribution::NGram::new(levels, grams.vocabulary(), length).ok_or(too_few)?;
        // Prompts are all that a model needs the founders for.
        let founders = bench.founders.filter(|_| self.decoding.prompt.is_some()).cloned();
        Ok(Fitted::new(law, self.decoding.clone(), founders))
    }

    fn check(&self, shape: &TokenShape) -> Result<(), Misfit> {
        self.decoding.check(Misfit::unless_one_length("ngram", shape)?)
    }

    fn describe(&self, setting: &mut Setting) {
        let plain = self.smoothing == Smoothing::None && self.decoding == Decoding::default();
        if self.order.get() == 1 && plain {
            setting.estimator = Estimator::Categorical;
        }
    }
}

#[cfg(test)]
mod tests;
