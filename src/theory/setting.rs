//! The situation in which closed forms hold: what the world is, how a family fits, what a regime
//! trains on.
//!
//! A [`Setting`] is filled in by the world, the family and the regime themselves, each writing its
//! own part, so that nobody ever matches over families. A part that nobody wrote is `Unknown`, and
//! then no form speaks. Counting: generation 0 is the world, generation 1 the first fit. Not to be
//! confused with an experiment's configuration: a setting holds only what a formula needs.

use crate::numeric::special::trigamma;

/// What the world is, as far as formulas need to know.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Truth {
    #[default]
    Unknown,
    /// An isotropic normal in `dimension` dimensions, `variance` per coordinate, its mean anywhere.
    Normal { dimension: usize, variance: f64 },
    /// Independent draws of any p* whose covariance Σ* is finite: enough for the moment forms,
    /// which need no normality.
    OtherContinuous { dimension: usize, covariance_trace: f64 },
    /// x ~ N(0, Σ) in `dimension` dimensions without an intercept, y = x·w* + ε, ε normal with
    /// `noise_variance`.
    Linear { dimension: usize, noise_variance: f64 },
    /// Counts with the given rate.
    Poisson { rate: f64 },
    /// Waiting times with mean 1/rate.
    Exponential { rate: f64 },
    /// One token of a vocabulary; the probabilities sum to 1.
    Categorical { probabilities: Vec<f64> },
}

/// What a sum of squared deviations is divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Divisor {
    /// n: the maximum-likelihood estimate.
    Biased,
    /// n − 1, or Σw − Σw²/Σw under weights.
    Unbiased,
}

impl Divisor {
    /// The divisor's value for n samples of equal weight.
    pub fn of(self, n: usize) -> f64 {
        match self {
            Divisor::Biased => n as f64,
            Divisor::Unbiased => n as f64 - 1.0,
        }
    }
}

/// How a family turns a training set into a model, as far as formulas need to know.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Estimator {
    #[default]
    Unknown,
    /// Sample mean and covariance (`full`, or its diagonal alone), unregularised; the model is
    /// N(μ_t, Σ_t) and leaves behind samples of N(μ_t, λΣ_t), λ = `sampling_bias`. 1 is no bias.
    Gaussian { divisor: Divisor, full: bool, sampling_bias: f64 },
    /// A normal kernel of fixed `bandwidth` in every coordinate.
    Kde { bandwidth: f64 },
    /// Ordinary least squares; a drawn label adds normal noise of `noise_variance`. `same_design`:
    /// every generation labels the founders' inputs anew; otherwise inputs are drawn anew. Labels
    /// are those of ŵ + δ, one isotropic normal δ for all generations, E‖δ‖² = `shift_square`.
    LeastSquares { same_design: bool, noise_variance: f64, shift_square: f64 },
    /// The sample mean as the rate.
    Poisson,
    /// The sample mean as the scale 1/rate.
    Exponential,
    /// The sample mean, around which the model draws normals of the fixed `variance` per
    /// coordinate.
    LocationMean { variance: f64 },
    /// The coordinate-wise sample median, around which the model draws normals of the fixed
    /// `variance`.
    LocationMedian { variance: f64 },
    /// Relative frequencies, not smoothed.
    Categorical,
}

/// What generation t ≥ 2 is trained on, as far as formulas need to know. Regimes without a form
/// stay `Unknown`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Recipe {
    #[default]
    Unknown,
    /// The offspring of t − 1.
    Replace,
    /// Founders and all offspring so far.
    Accumulate,
    /// `size` samples of founders and all offspring so far, without replacement, anew in each
    /// generation.
    Subsample { size: usize },
    /// Of as many samples as t − 1 left offspring: round(fraction · n) founders without
    /// replacement, the rest offspring of t − 1. `redraw`: a new random subset in each generation,
    /// otherwise one fixed subset.
    Retain { fraction: f64, redraw: bool },
    /// All founders and `synthetic` samples of t − 1.
    Augment { synthetic: usize },
    /// `real` new draws of the world and the offspring of t − 1; `pool`: everything so far, which
    /// grows.
    Fresh { real: usize, pool: bool },
    /// `real` new draws of the world with total weight `weight`, the offspring of t − 1 with the
    /// rest.
    Weighted { real: usize, weight: f64 },
}

/// One cell of an experiment, as the closed forms see it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Setting {
    pub truth: Truth,
    pub estimator: Estimator,
    pub recipe: Recipe,
    /// Real samples that train generation 1.
    pub founders: usize,
    /// `offspring[t]`: synthetic samples that t − 1 leaves to train generation t; entries 0 and 1
    /// are not used.
    pub offspring: Vec<usize>,
    /// True with any curation: then no form holds beyond generation 1, and none is claimed at all.
    pub curated: bool,
}

/// What theory says that a metric will show: one value of one statistic over trials, in one
/// generation.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    pub metric: &'static str,
    /// `mean` over trials, or `mean-log`: the mean over trials of the natural logarithm.
    pub statistic: &'static str,
    pub value: f64,
    /// The formula in words; `(large n)` marks one that holds only asymptotically.
    pub formula: &'static str,
    /// True for a mean that rare trials carry: its variance over trials exceeds its square, so that
    /// an ordinary number of trials will usually fall short of it, with an interval that does not
    /// show it. Test the logarithm instead.
    pub rare: bool,
}

impl Claim {
    /// A claim on the mean over trials.
    pub fn mean(metric: &'static str, value: f64, formula: &'static str) -> Self {
        Claim { metric, statistic: "mean", value, formula, rare: false }
    }

    /// A claim on the mean of the logarithm over trials.
    pub fn mean_log(metric: &'static str, value: f64, formula: &'static str) -> Self {
        Claim { metric, statistic: "mean-log", value, formula, rare: false }
    }
}

/// The variance of a logarithm from which on a log-normal's standard deviation exceeds its mean: ln
/// 2.
const RARE: f64 = std::f64::consts::LN_2;

type Form = fn(&Setting, u32) -> Vec<Claim>;

/// Every closed form that knows when it holds; one line adds one.
const FORMS: &[Form] = &[
    super::moments::claims,
    super::gaussian::claims,
    super::regression::claims,
    super::universality::claims,
    super::categorical::claims,
    super::exponential::claims,
];

impl Setting {
    /// All that theory says about generation t ≥ 1. Empty for the world itself, and wherever no
    /// form holds. Costs O(t).
    pub fn claims(&self, generation: u32) -> Vec<Claim> {
        if generation == 0 || self.curated {
            return Vec::new();
        }
        let all = FORMS.iter().flat_map(|form| form(self, generation));
        let rare = self.log_scatter(generation);
        all.filter(|claim| claim.value.is_finite())
            .map(|claim| Claim { rare: claim.statistic == "mean" && rare > RARE, ..claim })
            .collect()
    }

    /// About the variance over trials of ln σ_t², where the generations multiply; 0 where they do
    /// not.
    fn log_scatter(&self, generation: u32) -> f64 {
        let factor = |&n: &usize| match self.estimator {
            Estimator::Gaussian { .. } => trigamma((n as f64 - 1.0) / 2.0),
            Estimator::Exponential => 4.0 * trigamma(n as f64),
            _ => 0.0,
        };
        self.chain(generation).map_or(0.0, |sizes| sizes.iter().map(factor).sum())
    }

    /// n_1 … n_t: founders, then the offspring that t − 1 leaves for each later t. None where a
    /// size is missing or 0.
    pub fn sizes(&self, generation: u32) -> Option<Vec<usize>> {
        let later =
            if generation > 1 { self.offspring.get(2..=generation as usize)? } else { &[][..] };
        let sizes: Vec<usize> =
            std::iter::once(self.founders).chain(later.iter().copied()).collect();
        (generation > 0 && sizes.iter().all(|&n| n > 0)).then_some(sizes)
    }

    /// The sizes n_1 … n_t where each generation is trained on the one before alone. The first fit
    /// is such a chain of length 1 in every regime.
    pub fn chain(&self, generation: u32) -> Option<Vec<usize>> {
        let alone = generation == 1 || self.recipe == Recipe::Replace;
        if alone { self.sizes(generation) } else { None }
    }
}
