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
mod card;
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

pub use card::{Card, Target};

use crate::catalog;
use crate::lineage::{Noise, Snapshot};
use crate::samples::{Counts, Points, Samples, Scatter, Tokens};

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

catalog! {
    /// Metrics of points of which only statistics are known: those that need nothing but the model.
    pub SCATTERS: dyn Metric<Scatter>;
    "mean-shift" => mean_shift::MeanShift,
    "spread" => spread::Spread,
    "generalized-variance" => generalized_variance::GeneralizedVariance,
    "frechet" => frechet::Frechet,
    "wasserstein" => wasserstein::Wasserstein,
    "kl" => kl::Kl,
    "reverse-kl" => reverse_kl::ReverseKl,
    "l2" => l2::L2,
    "tail-mass" => tail_mass::TailMass,
    "entropy" => entropy::Entropy,
}

catalog! {
    /// Metrics of tokens of which only counts are known.
    pub COUNTS: dyn Metric<Counts>;
    "kl" (2) => kl::Kl,
    "reverse-kl" (2) => reverse_kl::ReverseKl,
    "total-variation" => total_variation::TotalVariation,
    "jensen-shannon" => jensen_shannon::JensenShannon,
    "l2" => l2::L2,
    "support" => support::Support,
    "missing-mass" => missing_mass::MissingMass,
    "band-survival" => band_survival::BandSurvival,
    "heterozygosity" => heterozygosity::Heterozygosity,
    "entropy" => entropy::Entropy,
    "tail-mass" => tail_mass::TailMass,
    "zipf" => zipf::Zipf,
}

#[cfg(test)]
mod tests {
    use super::*;

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
