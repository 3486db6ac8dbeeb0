//! Exact second moments of a lineage: E‖μ_t − μ*‖² and E trΣ_t in units of trΣ*, for every recipe
//! and general sizes.
//!
//! A family enters through its [`Response`] alone: how the trace of what a model draws follows from
//! the scatter of its training set. Nothing here needs normality, since the next generation's
//! moments depend on p_t only through its own. Under the biased divisor and λ = 1, and for relative
//! frequencies, mean error and trace always add up to 1 (what the model loses within, the trials
//! gain between). Under collapse the trace falls to 0 and the error rises. `spread` counts the
//! trace within models, not the scatter between trials. Cost O(t). Sources: science of each recipe
//! beside its recursion; the generalisation to unequal sizes and to λ is our own.

use super::setting::{Claim, Divisor, Estimator, Recipe, Setting, Truth};
use super::{pooled, retained, weighted};

/// How a family answers its training set: E trΣ of what it draws, in units of trΣ*.
///
/// trace = `shrink` · scatter / (1 − Σw²/(Σw)² if `unbiased`) + `kernel` + `feedback` · mean error,
/// where scatter is the weighted mean squared distance of the training set from its own mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Response {
    pub shrink: f64,
    /// λ: what the model draws has λ times its own trace.
    pub release: f64,
    pub unbiased: bool,
    pub kernel: f64,
    pub feedback: f64,
}

impl Response {
    const STILL: Response =
        Response { shrink: 0.0, release: 1.0, unbiased: false, kernel: 0.0, feedback: 0.0 };

    /// Sample mean and covariance, drawing from N(μ, λΣ) with λ = `sampling_bias`.
    pub fn gaussian(divisor: Divisor, sampling_bias: f64) -> Self {
        let unbiased = divisor == Divisor::Unbiased;
        Response { shrink: sampling_bias, release: sampling_bias, unbiased, ..Self::STILL }
    }

    /// A kernel whose covariance has the trace `kernel` · trΣ*.
    pub fn kde(kernel: f64) -> Self {
        Response { shrink: 1.0, kernel, ..Self::STILL }
    }

    /// Only the mean is fitted; the covariance is fixed, and its trace is `kernel` · trΣ*.
    pub fn location(kernel: f64) -> Self {
        Response { kernel, ..Self::STILL }
    }

    /// The scale of an exponential: its variance is its mean squared, so that an error of the mean
    /// feeds back.
    pub fn scale() -> Self {
        Response { kernel: 1.0, feedback: 1.0, ..Self::STILL }
    }

    /// Relative frequencies as a point of the simplex: trΣ = 1 − Σp².
    pub fn frequencies() -> Self {
        Response { shrink: 1.0, ..Self::STILL }
    }

    /// The trace, where `concentration` is Σw²/(Σw)² (1/n for equal weights).
    pub(super) fn trace(&self, scatter: f64, concentration: f64, mean_error: f64) -> f64 {
        let correction = if self.unbiased { 1.0 - concentration } else { 1.0 };
        self.shrink * scatter / correction + self.kernel + self.feedback * mean_error
    }
}

/// E‖μ_t − μ*‖² and E trΣ of what model t draws, in units of trΣ*.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    pub mean_error: f64,
    pub trace: f64,
}

/// The first fit: n founders, in every regime.
pub(super) fn first(response: &Response, founders: usize) -> Moments {
    let mean_error = 1.0 / founders as f64;
    Moments { mean_error, trace: response.trace(1.0 - mean_error, mean_error, mean_error) }
}

/// The moments after `sizes.len()` fits: founders first, then what each generation leaves for the
/// next. None where the recipe has no form, or the sizes contradict it.
pub fn moments(response: &Response, recipe: &Recipe, sizes: &[usize]) -> Option<Moments> {
    let found = match *recipe {
        _ if sizes.len() == 1 => Some(first(response, sizes[0])),
        Recipe::Unknown => None,
        Recipe::Replace => weighted::replace(response, sizes),
        Recipe::Weighted { real, weight } => weighted::weighted(response, sizes, real, weight),
        Recipe::Fresh { real, pool: false } => weighted::fresh(response, sizes, real),
        Recipe::Fresh { real, pool: true } => pooled::pool(response, sizes, real),
        Recipe::Accumulate => pooled::pool(response, sizes, 0),
        Recipe::Subsample { size } => {
            pooled::subsample(response, sizes, size).map(|lineage| lineage.model)
        }
        Recipe::Retain { fraction, redraw } => retained::retain(response, sizes, fraction, redraw),
        Recipe::Augment { synthetic } => retained::augment(response, sizes, synthetic),
    };
    found.filter(|moments| moments.mean_error.is_finite() && moments.trace.is_finite())
}

/// Dimension and trΣ* of a world with finite covariance.
pub(super) fn world(truth: &Truth) -> Option<(usize, f64)> {
    let (dimension, trace) = match truth {
        Truth::Unknown | Truth::Linear { .. } => return None,
        Truth::Normal { dimension, variance } => (*dimension, *dimension as f64 * variance),
        Truth::OtherContinuous { dimension, covariance_trace } => (*dimension, *covariance_trace),
        Truth::Poisson { rate } => (1, *rate),
        Truth::Exponential { rate } => (1, 1.0 / (rate * rate)),
        Truth::Categorical { probabilities } => {
            (probabilities.len(), super::categorical::heterozygosity(probabilities))
        }
    };
    (trace.is_finite() && trace > 0.0).then_some((dimension, trace))
}

/// The response of an estimator in a world where it is one, and the fewest samples that it accepts.
fn response(setting: &Setting, dimension: usize, trace: f64) -> Option<(Response, usize)> {
    let share = |variance: f64| dimension as f64 * variance / trace;
    let tokens = matches!(setting.truth, Truth::Categorical { .. });
    Some(match (&setting.estimator, &setting.truth) {
        (Estimator::Categorical, Truth::Categorical { .. }) => (Response::frequencies(), 1),
        (Estimator::Poisson, Truth::Poisson { .. }) => (Response::location(1.0), 1),
        (Estimator::Exponential, Truth::Exponential { .. }) => (Response::scale(), 1),
        (&Estimator::Gaussian { divisor, sampling_bias, .. }, _) if !tokens => {
            (Response::gaussian(divisor, sampling_bias), 2)
        }
        (Estimator::Kde { bandwidth }, _) if !tokens => {
            (Response::kde(share(bandwidth * bandwidth)), 1)
        }
        (Estimator::LocationMean { variance }, _) if !tokens => {
            (Response::location(share(*variance)), 1)
        }
        _ => return None,
    })
}

/// Holds for a world with finite covariance and a family that fits moments, in every recipe that
/// has a form.
pub(super) fn claims(setting: &Setting, generation: u32) -> Vec<Claim> {
    let Some((dimension, trace)) = world(&setting.truth) else { return Vec::new() };
    let Some((response, least)) = response(setting, dimension, trace) else { return Vec::new() };
    let enough = |sizes: &Vec<usize>| sizes.iter().all(|&n| n >= least);
    let Some(sizes) = setting.sizes(generation).filter(enough) else { return Vec::new() };
    let Some(found) = moments(&response, &setting.recipe, &sizes) else { return Vec::new() };
    let formula = formula(&setting.recipe, generation);
    if setting.estimator == Estimator::Categorical {
        return vec![
            Claim::mean("heterozygosity", trace * found.trace, formula),
            Claim::mean("l2", trace * found.mean_error, formula),
        ];
    }
    let mut claims = vec![Claim::mean("mean-shift", trace * found.mean_error, formula)];
    // A trace that cannot vary over trials is a definition, not a claim.
    if !matches!(setting.estimator, Estimator::LocationMean { .. }) {
        let own = found.trace / response.release;
        claims.push(Claim::mean("spread", own, formula));
        if dimension == 1 {
            claims.push(Claim::mean("generalized-variance", own, formula));
        }
    }
    claims
}

fn formula(recipe: &Recipe, generation: u32) -> &'static str {
    match recipe {
        _ if generation == 1 => "first fit: exact moments",
        Recipe::Unknown => "",
        Recipe::Replace => "replace: exact second moments",
        Recipe::Accumulate => "accumulate: exact recursion of second moments",
        Recipe::Subsample { .. } => "subsample: exact recursion of second moments",
        Recipe::Retain { .. } => "retain: exact recursion of second moments given the founders",
        Recipe::Augment { .. } => "augment: exact recursion of second moments given the founders",
        Recipe::Fresh { .. } => "fresh: exact recursion of second moments",
        Recipe::Weighted { .. } => "weighted: exact recursion of second moments",
    }
}
