//! Independent tokens with the observed frequencies of the types.
//!
//! p̂_i = (Σw·count_i + s) / (Σw·tokens + s·vocabulary), s the additive smoothing (default 0: maximum
//! likelihood), the weights rescaled to sum to the number of tokens. Sequences keep their length.
//! Under collapse: Wright–Fisher drift; a type that is not drawn once is gone for ever, until one
//! type is left. That fixated member is legal. Smoothing brings lost types back.
//! Cost: O(tokens + vocabulary) a chunk, once.
//! Source: Shumailov et al. 2024 (discrete case); Seddik et al. 2024 (arXiv 2404.05090).
//! Not to be confused with an n-gram model, which knows what came before.

use super::{Bench, Family, FitError, Kin, Misfit};
use crate::distribution::Types;
use crate::numeric::bounded::NonNegative;
use crate::samples::{Counts, Samples, Summary, TokenShape, Tokens, TrainingSet};
use crate::stream::Stream;
use crate::theory::{Estimator, Setting};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
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
        _bench: &Bench<'_, Tokens>,
        _rng: &mut Stream,
    ) -> Result<Types, FitError> {
        self.law(data)
    }

    fn check(&self, shape: &TokenShape) -> Result<(), Misfit> {
        Misfit::unless_one_length("categorical", shape).map(drop)
    }

    fn describe(&self, setting: &mut Setting) {
        if self.smoothing.get() == 0.0 {
            setting.estimator = Estimator::Categorical;
        }
    }
}

impl Categorical {
    /// The law of the types of all samples.
    pub(super) fn law<S: Samples>(&self, data: &TrainingSet<'_, S>) -> Result<Types, FitError>
    where
        Counts: Summary<S, How = ()>,
    {
        let too_few = FitError::TooFew { family: "categorical", needs: 1, got: 0 };
        let counts: Counts = data.summary().ok_or(too_few.clone())?;
        let scale = counts.tokens as f64 / counts.weight;
        let smoothed = |count: &f64| count * scale + self.smoothing.get();
        let weights: Vec<f64> = counts.counts.iter().map(smoothed).collect();
        let length = counts.tokens / counts.sequences.max(1);
        Types::new(&weights, length).ok_or(too_few)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;
    use crate::samples::{Chunk, Kind, Part};
    use crate::stream::{Role, stream};

    fn fit(smoothing: f64, parts: &[(&[u32], f64)]) -> Result<Types, FitError> {
        let part = |(types, weight): &(&[u32], f64)| {
            let samples = Tokens::of_length(types.to_vec(), 1, 3);
            Part::of(vec![Chunk { kind: Kind::Founders, born: 0, samples }], *weight)
        };
        let data = TrainingSet::new(parts.iter().map(part).collect());
        let family = Categorical { smoothing: NonNegative::new(smoothing).expect("a number") };
        family.fit(&data, Kin::default(), &Bench::default(), &mut stream(1, 0, 1, Role::FIT))
    }

    #[test]
    fn whole_weights_count_like_repeated_tokens() {
        let weighted = fit(0.0, &[(&[0, 1], 1.0), (&[1], 3.0)]).expect("tokens");
        let repeated = fit(0.0, &[(&[0, 1, 1, 1, 1], 1.0)]).expect("tokens");
        for (p, exact) in weighted.probabilities().iter().zip(repeated.probabilities()) {
            assert!((p - exact).abs() < 1e-12);
        }
    }

    #[test]
    fn smoothing_adds_to_every_type_the_same_whatever_the_weights_sum_to() {
        for weight in [1.0, 0.01] {
            let smoothed = fit(1.0, &[(&[0, 0], weight)]).expect("tokens");
            for (p, exact) in smoothed.probabilities().iter().zip([0.6, 0.2, 0.2]) {
                assert!((p - exact).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn one_type_alone_is_a_legal_member_and_no_token_at_all_is_too_few() {
        assert_eq!(fit(0.0, &[(&[2, 2], 1.0)]).expect("fixated").entropy(), Some(0.0));
        assert!(matches!(fit(0.0, &[]), Err(FitError::TooFew { .. })));
        assert!(fit(0.0, &[(&[], 1.0)]).is_err());
    }

    #[test]
    fn sequences_of_different_lengths_are_refused_when_the_file_is_read() {
        let ragged = TokenShape { vocabulary: 3, length: None };
        assert!(Family::check(&Categorical::default(), &ragged).is_err());
    }
}
