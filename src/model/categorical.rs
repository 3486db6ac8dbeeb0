//! Independent tokens with the observed frequencies of the types.
//!
//! p̂_i = (Σw·count_i + s) / (Σw·tokens + s·vocabulary), s the additive smoothing (default 0: maximum
//! likelihood), the weights rescaled to sum to the number of tokens. Sequences keep their length.
//! Under collapse: Wright–Fisher drift; a type that is not drawn once is gone for ever, until one
//! type is left. That fixated member is legal. Smoothing brings lost types back.
//! Cost: O(tokens + vocabulary) a chunk, once.
//! Source: Shumailov et al. 2024 (discrete case); Seddik et al. 2024 (arXiv 2404.05090).
//! Not to be confused with an n-gram model, which knows what came before.

use super::{Family, FitError, Kin, Misfit};
use crate::distribution::Types;
use crate::numeric::bounded::NonNegative;
use crate::samples::{Counts, TokenShape, Tokens, TrainingSet};
use crate::stream::Stream;
use crate::theory::{Estimator, Setting};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Categorical {
    /// Added to the count of every type.
    pub smoothing: NonNegative,
}

impl Default for Categorical {
    fn default() -> Self {
        Categorical { smoothing: NonNegative::literal(0.0) }
    }
}

impl Family for Categorical {
    type Data = Tokens;
    type Model = Types;

    fn fit(
        &self,
        data: &TrainingSet<'_, Tokens>,
        _kin: Kin<'_, Types>,
        _rng: &mut Stream,
    ) -> Result<Types, FitError> {
        let too_few = FitError::TooFew { family: "categorical", needs: 1, got: 0 };
        let counts: Counts = data.summary().ok_or(too_few.clone())?;
        let scale = counts.tokens as f64 / counts.weight;
        let smoothed = |count: &f64| count * scale + self.smoothing.get();
        let weights: Vec<f64> = counts.counts.iter().map(smoothed).collect();
        let length = counts.tokens / counts.sequences.max(1);
        Types::new(&weights, length).ok_or(too_few)
    }

    fn check(&self, shape: &TokenShape) -> Result<(), Misfit> {
        match shape.length {
            Some(_) => Ok(()),
            None => Err(Misfit {
                reason: "categorical draws sequences of one length, and these differ in length"
                    .into(),
                help: "choose a world whose sequences have one length".into(),
            }),
        }
    }

    fn describe(&self, setting: &mut Setting) {
        if self.smoothing.get() == 0.0 {
            setting.estimator = Estimator::Categorical;
        }
    }
}
