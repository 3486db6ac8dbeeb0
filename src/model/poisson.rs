//! A Poisson distribution with the mean of the training set.
//!
//! λ̂ = Σwx / Σw, the maximum likelihood.
//! Under collapse: under replace λ is a martingale that is absorbed at 0, where every draw is 0. That
//! member is legal. Data that are not whole numbers from 0 have no member.
//! Cost: O(n) a chunk, once.
//! Source: Suresh et al. 2025 (arXiv 2412.17646): P(λ_t ≠ 0) of founders and offspring of equal size.
//! Not to be confused with `categorical`, which keeps a probability for every type.

use super::{Bench, Family, FitError, Kin, Misfit};
use crate::distribution::Poisson as Counts;
use crate::samples::{PointShape, Points, TrainingSet, Univariate};
use crate::stream::Stream;
use crate::theory::{Estimator, Setting};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Poisson {}

impl Family for Poisson {
    type Data = Points;
    type Model = Counts;

    fn fit(
        &self,
        data: &TrainingSet<'_, Points>,
        _kin: Kin<'_, Counts>,
        _bench: &Bench<'_, Points>,
        _rng: &mut Stream,
    ) -> Result<Counts, FitError> {
        let family = "poisson";
        let numbers: Univariate = data
            .summary()
            .filter(|numbers: &Univariate| numbers.count > 0)
            .ok_or(FitError::TooFew { family, needs: 1, got: 0 })?;
        let rate = numbers.mean();
        if !rate.is_finite() {
            return Err(FitError::NotFinite { family });
        }
        let foreign = numbers.broken.or((numbers.least < 0.0).then_some(numbers.least));
        if let Some(got) = foreign {
            return Err(FitError::OutOfRange { family, needs: "whole numbers from 0", got });
        }
        let needs = "a mean of at most 1.8e19";
        Counts::new(rate).ok_or(FitError::OutOfRange { family, needs, got: rate })
    }

    fn check(&self, shape: &PointShape) -> Result<(), Misfit> {
        Misfit::unless_one_dimensional("poisson", shape)
    }

    fn describe(&self, setting: &mut Setting) {
        setting.estimator = Estimator::Poisson;
    }
}
