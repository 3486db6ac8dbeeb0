//! One pathway for all estimators that are asymptotically linear: risk ratios to generation 1 that
//! no family can choose.
//!
//! For fixed t and n → ∞ the risk of an efficient or inefficient but asymptotically linear
//! estimator, in units of its own first risk: t when earlier data are discarded, Σ_{i≤t} 1/i² ≤
//! π²/6 when they are kept. Source: Dey & Donoho, arXiv 2410.22812.

use super::moments::{Response, moments, world};
use super::setting::{Claim, Estimator, Recipe, Setting, Truth};
use std::f64::consts::{FRAC_PI_2, PI};

/// Earlier data discarded (replace): t.
pub fn discard_ratio(t: u32) -> f64 {
    f64::from(t)
}

/// Earlier data kept (accumulate): Σ_{i≤t} 1/i².
pub fn keep_ratio(t: u32) -> f64 {
    (1..=t).map(|i| f64::from(i).powi(-2)).sum()
}

/// The limit π²/6 of [`keep_ratio`].
pub const KEEP_LIMIT: f64 = PI * PI / 6.0;
/// The limit π²/2 − 2 for subsamples of the pool, as large as one generation.
pub const SUBSAMPLE_LIMIT: f64 = super::pooled::SUBSAMPLE_MODEL_ERROR;
/// n Var(median)/σ² of n normal draws as n → ∞.
pub const MEDIAN_INEFFICIENCY: f64 = FRAC_PI_2;

/// Fewest samples for which the asymptotic forms are claimed.
const LARGE: usize = 30;

/// Holds in an isotropic normal world for location families that draw with the world's own
/// variance: exactly for the mean, whose divergences follow from its error, in every recipe; for
/// large n for the median, under replace and accumulate.
pub(super) fn claims(setting: &Setting, generation: u32) -> Vec<Claim> {
    let Truth::Normal { variance: truth, .. } = setting.truth else { return Vec::new() };
    let Some(((_, trace), sizes)) = world(&setting.truth).zip(setting.sizes(generation)) else {
        return Vec::new();
    };
    let error = |recipe: &Recipe| {
        moments(&Response::location(1.0), recipe, &sizes).map(|found| trace * found.mean_error)
    };
    match setting.estimator {
        Estimator::LocationMean { variance } if same(variance, truth) => {
            let Some(error) = error(&setting.recipe) else { return Vec::new() };
            vec![
                Claim::mean("frechet", error, "W2² = ‖μ_t − μ*‖² at equal covariance"),
                Claim::mean(
                    "kl",
                    error / (2.0 * truth),
                    "KL = ‖μ_t − μ*‖²/2σ² at equal covariance",
                ),
            ]
        }
        Estimator::LocationMedian { variance } if same(variance, truth) => {
            let linear = matches!(setting.recipe, Recipe::Replace | Recipe::Accumulate);
            let large = sizes.iter().all(|&n| n >= LARGE);
            match error(&setting.recipe) {
                Some(error) if large && (linear || generation == 1) => vec![Claim::mean(
                    "mean-shift",
                    MEDIAN_INEFFICIENCY * error,
                    "π/2 times the error of the mean (large n)",
                )],
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

fn same(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-12 * other.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_generations_cost_ten_or_one_and_a_half() {
        assert_eq!(discard_ratio(10), 10.0);
        assert!((keep_ratio(10) - 1.550).abs() < 0.0005);
        assert!((keep_ratio(1_000_000) - KEEP_LIMIT).abs() < 1.1e-6);
        assert!((SUBSAMPLE_LIMIT - 2.9348).abs() < 0.00005);
    }

    #[test]
    fn the_mean_of_known_variance_follows_the_pathway_exactly() {
        let ratio = |recipe| {
            let found = moments(&Response::location(1.0), &recipe, &[200; 10]).unwrap();
            found.mean_error * 200.0
        };
        assert!((ratio(Recipe::Replace) - discard_ratio(10)).abs() < 1e-12);
        assert!((ratio(Recipe::Accumulate) - keep_ratio(10)).abs() < 1e-12);
    }
}
