//! An exponential distribution with the mean of the training set.
//!
//! 1/rate = Σwx / Σw, the maximum likelihood.
//! Under collapse: under replace ln(1/rate) is a random walk that drifts down by about 1/(2n) a
//! generation; the relative variance of the mean after t generations is about t/n. A mean of 0 is a
//! point mass: legal, without a density. Negative data have no member.
//! Cost: O(n) a chunk, once.
//! Source: Dey & Donoho 2024 (arXiv 2410.22812).
//! Not to be confused with `gaussian`, whose mean and variance move apart.

use super::{Bench, Family, FitError, Kin, Misfit};
use crate::distribution::Exponential as Times;
use crate::samples::{PointShape, Points, TrainingSet, Univariate};
use crate::stream::Stream;
use crate::theory::{Estimator, Setting};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Exponential {}

impl Family for Exponential {
    type Data = Points;
    type Model = Times;

    fn fit(
        &self,
        data: &TrainingSet<'_, Points>,
        _kin: Kin<'_, Times>,
        _bench: &Bench<'_, Points>,
        _rng: &mut Stream,
    ) -> Result<Times, FitError> {
        let family = "exponential";
        let numbers: Univariate = data
            .summary()
            .filter(|numbers: &Univariate| numbers.count > 0)
            .ok_or(FitError::TooFew { family, needs: 1, got: 0 })?;
        let mean = numbers.mean();
        if mean.is_finite() && numbers.least < 0.0 {
            let needs = "numbers that are not negative";
            return Err(FitError::OutOfRange { family, needs, got: numbers.least });
        }
        Times::of_mean(mean).ok_or(FitError::NotFinite { family })
    }

    fn check(&self, shape: &PointShape) -> Result<(), Misfit> {
        Misfit::unless_one_dimensional("exponential", shape)
    }

    fn describe(&self, setting: &mut Setting) {
        setting.estimator = Estimator::Exponential;
    }
}
