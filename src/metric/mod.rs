//! One number per generation, one file each.
//!
//! A metric looks at a [`Snapshot`] and cannot touch it. It measures p_t: its exact parameters where
//! the model has them, else the `evaluation` draws made for measuring. A quantity that does not exist
//! is `None`, never NaN; an infinite one is infinite.

#[cfg(test)]
mod bench;

pub mod band_survival;
mod bandwidth;
pub mod calibration;
mod class_recall;
mod coverage;
pub mod cross_entropy;
mod density;
pub mod discrepancy;
pub mod distinct;
mod energy;
pub mod entropy;
pub mod excess_risk;
pub mod founder_perplexity;
mod founders;
pub mod frechet;
pub mod generalized_variance;
pub mod heterozygosity;
pub mod jensen_shannon;
pub mod judge;
pub mod kl;
pub mod l2;
mod marginal;
pub mod mean_shift;
mod membership;
pub mod missing_mass;
mod mmd;
pub mod modes;
mod nearest_real;
pub mod neighbour;
mod pairs;
pub mod perplexity;
mod precision;
mod recall;
mod reference;
pub mod repetition;
pub mod reverse_kl;
pub mod self_bleu;
pub mod sequence;
mod sliced_wasserstein;
pub mod spread;
mod stage;
pub mod support;
pub mod tail;
pub mod tail_mass;
mod tail_recall;
pub mod total_variation;
mod train_on_synthetic;
pub mod transport;
mod vendi;
mod wasserstein;
pub mod zipf;

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
    /// A value that an ideal model stays at and others exceed, as 0 of a distance; the loss is what
    /// lies above it, and is below 0 where chance left less.
    Floor(f64),
    /// The least possible; the loss is the value itself.
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
        let loss = match self.target {
            Target::Value(target) => ratio(target),
            Target::World => ratio(world),
            Target::WorldLogarithm => Some((value - world).abs()),
            Target::Floor(floor) => Some(value - floor),
            Target::Least => Some(value),
            Target::Most => Some(-value),
        };
        loss.filter(|loss| !loss.is_nan())
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
    "kl" => kl::Kl,
    "reverse-kl" => reverse_kl::ReverseKl,
    "cross-entropy" (2) => cross_entropy::CrossEntropy,
    "l2" => l2::L2,
    "precision" => precision::Precision,
    "recall" => recall::Recall,
    "density" => density::Density,
    "coverage" => coverage::Coverage,
    "modes" => modes::Modes,
    "tail-mass" => tail_mass::TailMass,
    "tail-recall" => tail_recall::TailRecall,
    "entropy" => entropy::Entropy,
    "excess-risk" => excess_risk::ExcessRisk,
    "train-on-synthetic-test-on-real" => train_on_synthetic::TrainOnSynthetic,
    "class-recall" => class_recall::ClassRecall,
    "vendi" => vendi::Vendi,
    "nearest-real" => nearest_real::NearestReal,
    "membership" => membership::Membership,
}

catalog! {
    /// Metrics of tokens.
    pub TOKENS: dyn Metric<Tokens>;
    "cross-entropy" => cross_entropy::CrossEntropy,
    "perplexity" => perplexity::Perplexity,
    "founder-perplexity" => founder_perplexity::FounderPerplexity,
    "kl" (2) => kl::Kl,
    "reverse-kl" (2) => reverse_kl::ReverseKl,
    "total-variation" => total_variation::TotalVariation,
    "l2" => l2::L2,
    "jensen-shannon" => jensen_shannon::JensenShannon,
    "support" => support::Support,
    "missing-mass" => missing_mass::MissingMass,
    "band-survival" => band_survival::BandSurvival,
    "heterozygosity" => heterozygosity::Heterozygosity,
    "entropy" => entropy::Entropy,
    "tail-mass" => tail_mass::TailMass,
    "distinct" => distinct::Distinct,
    "self-bleu" => self_bleu::SelfBleu,
    "repetition" => repetition::Repetition,
    "zipf" => zipf::Zipf,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss(target: Target, value: f64, world: f64) -> Option<f64> {
        Card { symbol: "", unit: "", target, cost: "", source: "" }.loss(value, world)
    }

    #[test]
    fn twice_and_half_of_a_target_are_one_loss() {
        let ln_2 = Some(2.0_f64.ln());
        assert_eq!(loss(Target::Value(1.0), 2.0, 9.0), ln_2);
        assert_eq!(loss(Target::Value(1.0), 0.5, 9.0), ln_2);
        assert_eq!(loss(Target::World, 6.0, 3.0), ln_2);
        assert_eq!(loss(Target::World, 1.5, 3.0), ln_2);
        assert_eq!(loss(Target::World, 3.0, 3.0), Some(0.0));
    }

    #[test]
    fn nothing_left_of_a_ratio_is_an_infinite_loss() {
        assert_eq!(loss(Target::Value(1.0), 0.0, 9.0), Some(f64::INFINITY));
        assert_eq!(loss(Target::World, f64::INFINITY, 3.0), Some(f64::INFINITY));
    }

    #[test]
    fn a_ratio_of_values_that_are_not_positive_is_no_loss() {
        assert_eq!(loss(Target::World, -1.0, 3.0), None);
        assert_eq!(loss(Target::World, 0.0, 0.0), None);
        assert_eq!(loss(Target::World, f64::INFINITY, f64::INFINITY), None);
        assert_eq!(loss(Target::Value(1.0), f64::NAN, 1.0), None);
    }

    #[test]
    fn a_logarithm_loses_its_distance_from_the_world() {
        assert_eq!(loss(Target::WorldLogarithm, -1.5, 1.0), Some(2.5));
        let gone = f64::NEG_INFINITY;
        assert_eq!(loss(Target::WorldLogarithm, gone, 1.0), Some(f64::INFINITY));
        assert_eq!(loss(Target::WorldLogarithm, gone, gone), None);
    }

    #[test]
    fn the_least_and_the_most_lose_by_their_sign() {
        assert_eq!(loss(Target::Least, 0.3, 9.0), Some(0.3));
        assert_eq!(loss(Target::Most, 0.3, 9.0), Some(-0.3));
        assert_eq!(loss(Target::Floor(0.5), 0.75, 9.0), Some(0.25));
        assert_eq!(loss(Target::Floor(0.5), 0.25, 9.0), Some(-0.25));
    }

    #[test]
    fn readings_are_never_not_a_number() {
        assert_eq!(Reading::exact(f64::NAN), None);
        assert_eq!(Reading::mean_of(&[]), None);
        assert_eq!(Reading::mean_of(&[f64::INFINITY, f64::NEG_INFINITY]), None);
        assert_eq!(Reading::mean_of(&[1.0, f64::INFINITY]), Reading::exact(f64::INFINITY));
        assert_eq!(Reading::mean_of(&[4.0]), Reading::exact(4.0));
        let two = Reading { value: 2.0, standard_error: Some(1.0) };
        assert_eq!(Reading::mean_of(&[1.0, 3.0]), Some(two));
    }
}
