//! Replacing offspring, fresh real data beside them, and weights between the two: exact recursions,
//! and the golden weight.
//!
//! With weight a on n_r fresh draws and b = 1 − a on n_s synthetic ones, A = E‖μ − μ*‖², v the
//! trace of what the last model draws, all in units of trΣ*: A' = a²/n_r + b²(A + v/n_s) and
//! scatter' = a(1 − 1/n_r) + bv(1 − 1/n_s) + ab(1/n_r + A + v/n_s). Sources: fresh data,
//! Alemohammad et al., arXiv 2307.01850; weights, He, Xu & Cheng, arXiv 2502.18049.

use super::moments::{Moments, Response, first};

/// The real part of a training set, whose mean errs by `noise` from the point that distances are
/// measured from.
pub(super) struct Real {
    pub weight: f64,
    pub count: f64,
    pub noise: f64,
    pub scatter: f64,
}

impl Real {
    pub(super) const NONE: Real = Real { weight: 0.0, count: 1.0, noise: 0.0, scatter: 0.0 };

    /// n independent draws of the world, measured from μ*.
    fn fresh(weight: f64, n: usize) -> Real {
        let count = n as f64;
        Real { weight, count, noise: 1.0 / count, scatter: 1.0 - 1.0 / count }
    }
}

/// A training set of a real and a synthetic part.
pub(super) struct Mix {
    /// Expected squared distance of its mean from the reference point.
    pub distance: f64,
    /// Expected weighted mean squared distance of its samples from its own mean.
    pub scatter: f64,
    /// Σw²/(Σw)².
    pub concentration: f64,
}

/// Mixes a real part with n synthetic draws from a model whose mean lies `distance` off and whose
/// draws have `trace`.
pub(super) fn mix(real: &Real, distance: f64, trace: f64, n: f64) -> Mix {
    let (a, b) = (real.weight, 1.0 - real.weight);
    let noise = if n > 0.0 { trace / n } else { 0.0 };
    let gap = real.noise + distance + noise;
    let share = if n > 0.0 { b * b / n } else { 0.0 };
    Mix {
        distance: a * a * real.noise + b * b * (distance + noise),
        scatter: a * real.scatter + b * (trace - noise) + a * b * gap,
        concentration: a * a / real.count + share,
    }
}

/// Each generation is trained on the offspring of the one before alone.
pub fn replace(response: &Response, sizes: &[usize]) -> Option<Moments> {
    blend(response, sizes, |_| Some(Real::NONE))
}

/// `real` new draws of the world and the offspring of the generation before, all of equal weight.
pub fn fresh(response: &Response, sizes: &[usize], real: usize) -> Option<Moments> {
    blend(response, sizes, |n| match real {
        0 => Some(Real::NONE),
        _ => Some(Real::fresh(real as f64 / (real + n) as f64, real)),
    })
}

/// `real` new draws of the world with total weight `weight` in [0, 1], the offspring with the rest.
pub fn weighted(r: &Response, sizes: &[usize], real: usize, weight: f64) -> Option<Moments> {
    if !(0.0..=1.0).contains(&weight) || (real == 0 && weight > 0.0) {
        return None;
    }
    blend(r, sizes, |_| Some(if real == 0 { Real::NONE } else { Real::fresh(weight, real) }))
}

fn blend(
    response: &Response,
    sizes: &[usize],
    real: impl Fn(usize) -> Option<Real>,
) -> Option<Moments> {
    let (&founders, later) = sizes.split_first()?;
    let mut now = first(response, founders);
    for &n in later {
        let mixed = mix(&real(n)?, now.mean_error, now.trace, n as f64);
        let trace = response.trace(mixed.scatter, mixed.concentration, mixed.distance);
        now = Moments { mean_error: mixed.distance, trace };
    }
    Some(now)
}

/// V(w, k) = (w² + k(1−w)²)/(w(2−w)): the steady risk under weight w on real data, in units of the
/// risk of one real set, for k = real/synthetic samples per generation. To first order in 1/n for
/// means, variances, regressions; falls below 1 for good weights. Infinite at w = 0, where nothing
/// is steady. He, Xu & Cheng, arXiv 2502.18049.
pub fn steady_risk(weight: f64, ratio: f64) -> f64 {
    let (w, s) = (weight, 1.0 - weight);
    if w <= 0.0 { f64::INFINITY } else { (w * w + ratio * s * s) / (w * (2.0 - w)) }
}

/// w* = (√(k² + 4k) − k)/2, the weight that minimises [`steady_risk`]; V(w*, k) = w*. For k = 1 it
/// is the golden ratio's inverse, 0.618. He, Xu & Cheng, arXiv 2502.18049.
pub fn golden_weight(ratio: f64) -> f64 {
    ((ratio * ratio + 4.0 * ratio).sqrt() - ratio) / 2.0
}

/// The weight k/(1+k) that every sample gets when all count the same.
pub fn pooled_weight(ratio: f64) -> f64 {
    ratio / (1.0 + ratio)
}

/// Steady excess risk of least squares with n fresh real labels in d dimensions, normal inputs,
/// weight w and k = 1: V(w, 1) σ²d/(n−d−1). Infinite for n ≤ d + 1. He, Xu & Cheng, arXiv
/// 2502.18049.
pub fn steady_regression(weight: f64, n: usize, dimension: usize, noise_variance: f64) -> f64 {
    let first = super::regression::first_risk(n, dimension, noise_variance);
    steady_risk(weight, 1.0) * first
}

/// The steady state of the mean's error alone, with synthetic noise held at σ² = 1:
/// V_∞ = (α²/n_r + (1−α)²/n_s)/(1 − (1−α)²), which is V(α, n_r/n_s)/n_r.
pub fn steady_mean_error(weight: f64, real: usize, synthetic: usize) -> f64 {
    steady_risk(weight, real as f64 / synthetic as f64) / real as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::Divisor;
    use crate::theory::printed;

    #[test]
    fn the_golden_weight_is_golden_and_is_its_own_risk() {
        for (k, weight) in [(1.0, 0.6180), (0.5, 0.5), (0.2, 0.3583), (0.05, 0.2), (2.0, 0.7321)] {
            printed(golden_weight(k), weight, 4);
            printed(steady_risk(golden_weight(k), k), golden_weight(k), 12);
        }
    }

    #[test]
    fn steady_risks_of_he_are_reproduced() {
        printed(steady_risk(0.5, 1.0), 0.6667, 4);
        printed(steady_risk(0.9, 1.0), 0.8283, 4);
        printed(steady_risk(pooled_weight(0.2), 0.2), 0.5455, 4);
        printed(pooled_weight(0.2), 0.1667, 4);
        // Printed from w = 0.618, where V = 0.618 at d = 5, T = 30.
        printed(steady_regression(0.618, 30, 5, 1.0), 0.12876, 5);
        assert_eq!(steady_risk(0.0, 1.0), f64::INFINITY);
    }

    #[test]
    fn fresh_data_reproduces_the_printed_steady_states() {
        let settles = |real: usize, synthetic: usize, bias: f64| {
            // A hundred founders, then forty mixed generations.
            let mut sizes = vec![synthetic; 41];
            sizes[0] = 100;
            fresh(&Response::gaussian(Divisor::Biased, bias), &sizes, real).unwrap()
        };
        // The table lists the trace of the fitted Σ, a draw of which has λ times that.
        for (real, synthetic, bias, variance, error) in [
            (20, 80, 1.0, 0.97283, 0.02717),
            (20, 80, 0.8, 0.54707, 0.01528),
            (10, 190, 1.0, 0.95162, 0.04838),
        ] {
            let found = settles(real, synthetic, bias);
            printed(found.trace / bias, variance, 5);
            printed(found.mean_error, error, 5);
        }
    }

    #[test]
    fn a_fixed_covariance_settles_at_the_risk_of_he() {
        let found = weighted(&Response::location(1.0), &[100; 300], 100, 0.3).unwrap();
        printed(found.mean_error, steady_mean_error(0.3, 100, 100), 12);
        assert_eq!(weighted(&Response::location(1.0), &[10; 3], 0, 0.5), None);
    }
}
