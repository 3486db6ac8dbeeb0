//! One number per generation, one file each.
//!
//! A metric looks at a [`Snapshot`] and cannot touch it. It measures p_t: its exact parameters where
//! the model has them, else the `evaluation` draws made for measuring. A quantity that does not exist
//! is `None`, never NaN; an infinite one is infinite.

mod coverage;
mod density;
pub mod discrepancy;
mod energy;
#[cfg(test)]
mod fixture;
pub mod frechet;
pub mod generalized_variance;
mod heterozygosity;
#[cfg(test)]
mod laws;
mod mean_shift;
mod mmd;
pub mod neighbour;
mod pairs;
mod precision;
mod recall;
mod reference;
mod sliced_wasserstein;
mod spread;
pub mod tail;
mod tail_recall;
pub mod transport;
mod wasserstein;

use crate::catalog;
use crate::lineage::{Noise, Snapshot};
use crate::samples::{Points, Samples, Tokens};

/// A measured value; the standard error where it was estimated from random draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    pub value: f64,
    pub standard_error: Option<f64>,
}

impl Reading {
    /// A value without Monte-Carlo error. `None` where it is not a number.
    pub fn exact(value: f64) -> Option<Self> {
        (!value.is_nan()).then_some(Reading { value, standard_error: None })
    }

    /// An estimate and its standard error, if that exists. `None` where the value is not a number.
    pub fn estimate(value: f64, standard_error: f64) -> Option<Self> {
        let standard_error = standard_error.is_finite().then_some(standard_error);
        (!value.is_nan()).then_some(Reading { value, standard_error })
    }

    /// The mean of independent terms and its standard error.
    pub fn mean_of(terms: &[f64]) -> Option<Self> {
        if terms.is_empty() {
            return None;
        }
        let n = terms.len() as f64;
        let mean = terms.iter().sum::<f64>() / n;
        let variance = terms.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
        Reading::estimate(mean, (variance / n).sqrt())
    }
}

/// Which way is good.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// A positive value of an ideal model; the loss is |ln(value / target)|.
    Value(f64),
    /// The world's own value; the loss is |ln(value / value of the world)|.
    World,
    /// The world's own value of something that is a logarithm already; the loss is the distance.
    WorldLogarithm,
    /// Zero or the least possible; the loss is the value itself.
    Least,
    /// The most possible; the loss is the value with its sign turned.
    Most,
}

/// What a metric is, for tables, figures and comparisons.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Card {
    pub symbol: &'static str,
    pub unit: &'static str,
    pub target: Target,
    /// What one measurement costs, in n evaluation samples of dimension d.
    pub cost: &'static str,
    pub source: &'static str,
}

impl Card {
    /// The loss of a value; `world` is the metric's value of the world.
    ///
    /// `None` where it does not exist: a ratio of values that are not both positive.
    pub fn loss(&self, value: f64, world: f64) -> Option<f64> {
        let ratio = |target: f64| match value > 0.0 && target > 0.0 {
            true => Some((value / target).ln().abs()),
            false if value == 0.0 && target > 0.0 => Some(f64::INFINITY),
            false => None,
        };
        match self.target {
            Target::Value(target) => ratio(target),
            Target::World => ratio(world),
            Target::WorldLogarithm => Some((value - world).abs()),
            Target::Least => Some(value),
            Target::Most => Some(-value),
        }
    }
}

/// A rule that reads one number off a generation.
pub trait Metric<S: Samples>: Send + Sync {
    fn card(&self) -> Card;

    /// Its value, or `None` where it does not exist for this world and model.
    fn measure(&self, now: &Snapshot<'_, S>, noise: Noise<'_>) -> Option<Reading>;
}

catalog! {
    /// Metrics of points.
    pub POINTS: dyn Metric<Points>;
    "mean-shift" => mean_shift::MeanShift,
    "spread" => spread::Spread,
    "generalized-variance" => generalized_variance::GeneralizedVariance,
    "frechet" => frechet::Frechet,
    "wasserstein" => wasserstein::Wasserstein,
    "sliced-wasserstein" => sliced_wasserstein::SlicedWasserstein,
    "energy" => energy::Energy,
    "mmd" => mmd::Mmd,
    "precision" => precision::Precision,
    "recall" => recall::Recall,
    "density" => density::Density,
    "coverage" => coverage::Coverage,
    "tail-recall" => tail_recall::TailRecall,
}

catalog! {
    /// Metrics of tokens.
    pub TOKENS: dyn Metric<Tokens>;
    "heterozygosity" => heterozygosity::Heterozygosity,
}
