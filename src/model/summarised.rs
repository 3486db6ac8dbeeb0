//! Families that are fitted to sufficient statistics, where samples are never drawn.

use super::categorical::Categorical;
use super::gaussian::Gaussian;
use super::{Bench, Family, FitError, Kin, Misfit};
use crate::distribution::{Gaussian as Normal, Summarised, Types};
use crate::samples::{Counts, Scatter, TokenShape, TrainingSet};
use crate::stream::Stream;
use crate::theory::Setting;

impl Family for Summarised<Gaussian> {
    type Data = Scatter;
    type Model = Summarised<Normal>;

    fn fit(
        &self,
        data: &TrainingSet<'_, Scatter>,
        _kin: Kin<'_, Self::Model>,
        _bench: &Bench<'_, Scatter>,
        _rng: &mut Stream,
    ) -> Result<Self::Model, FitError> {
        self.0.normal(data).map(Summarised)
    }

    fn describe(&self, setting: &mut Setting) {
        self.0.describe(setting);
    }
}

impl Family for Summarised<Categorical> {
    type Data = Counts;
    type Model = Summarised<Types>;

    fn fit(
        &self,
        data: &TrainingSet<'_, Counts>,
        _kin: Kin<'_, Self::Model>,
        _bench: &Bench<'_, Counts>,
        _rng: &mut Stream,
    ) -> Result<Self::Model, FitError> {
        self.0.law(data).map(Summarised)
    }

    fn check(&self, shape: &TokenShape) -> Result<(), Misfit> {
        Family::check(&self.0, shape)
    }

    fn describe(&self, setting: &mut Setting) {
        Family::describe(&self.0, setting);
    }
}
