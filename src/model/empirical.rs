//! The training set itself: draws are rows taken with replacement, each as likely as its weight.
//!
//! p_t = Σwᵢδ(xᵢ) / Σw, the bootstrap of the training set.
//! Under collapse: replace loses a share of about 1/e of the distinct samples in a generation, and
//! the rest by drift, until one sample is left. Nothing that was not real ever appears.
//! Exact moments (divisor Σw); of single tokens, exact frequencies; never a density.
//! Cost: O(n) a generation.
//! Source: the bootstrap of Efron 1979; as a self-consuming chain, Wright–Fisher drift on samples.
//! Not to be confused with `kde`, which adds noise to every row it takes.

use super::{Bench, Family, FitError, Kin};
use crate::distribution::Finite;
use crate::samples::{Points, Samples, Tokens, TrainingSet};
use crate::stream::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, bound = "")]
pub struct Empirical<S> {
    #[serde(skip)]
    space: PhantomData<fn() -> S>,
}

pub type OfPoints = Empirical<Points>;
pub type OfTokens = Empirical<Tokens>;

impl<S> Default for Empirical<S> {
    fn default() -> Self {
        Empirical { space: PhantomData }
    }
}

impl<S: Samples> Family for Empirical<S> {
    type Data = S;
    type Model = Finite<S>;

    fn fit(
        &self,
        data: &TrainingSet<'_, S>,
        _kin: Kin<'_, Finite<S>>,
        _bench: &Bench<'_, S>,
        _rng: &mut Stream,
    ) -> Result<Finite<S>, FitError> {
        let too_few = FitError::TooFew { family: "empirical", needs: 1, got: 0 };
        let (samples, weights) = data.gathered().ok_or(too_few.clone())?;
        if !samples.is_finite() {
            return Err(FitError::NotFinite { family: "empirical" });
        }
        let finite = match weights {
            Some(weights) => Finite::weighted(samples, weights),
            None => Finite::new(samples),
        };
        finite.ok_or(too_few)
    }
}
