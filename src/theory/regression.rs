//! Least squares refitted to labels of its own: the excess risk E(x·ŵ − x·w*)² in units of the
//! labels' variance.
//!
//! x ~ N(0, Σ) in d dimensions without an intercept, y = x·w* + ε, ε of variance σ²; the risk does
//! not depend on Σ. One fit to n rows costs σ²d/(n − d − 1). Under replace these costs add up
//! without bound, under accumulate they sum to π²/6 of the first. Infinite for n ≤ d + 1. Sources:
//! Gerstgrasser et al., arXiv 2404.01413; Dohmatob et al., arXiv 2402.07712 (independent designs,
//! and fewer rows than dimensions); accumulate with independent designs and unequal sizes is our
//! own.

use super::setting::{Claim, Estimator, Recipe, Setting, Truth};
use super::strong;

/// The risk of one fit to n real rows: σ²d/(n − d − 1).
pub fn first_risk(n: usize, dimension: usize, noise_variance: f64) -> f64 {
    if n <= dimension + 1 {
        return f64::INFINITY;
    }
    noise_variance * dimension as f64 / (n - dimension - 1) as f64
}

/// Replace: σ²d Σ_i 1/(n_i − d − 1), whether the design is the same in all generations or drawn
/// anew; σ²d t/(n−d−1) for constant n. `real` is the variance of the founders' noise, `synthetic`
/// that of drawn labels.
pub fn replace(sizes: &[usize], dimension: usize, real: f64, synthetic: f64) -> f64 {
    let cost =
        |(i, &n): (usize, &usize)| first_risk(n, dimension, if i == 0 { real } else { synthetic });
    sizes.iter().enumerate().map(cost).sum()
}

/// Accumulate, all generations label the same n rows: d/(n − d − 1) · (σ_real² + σ_synthetic²
/// Σ_{i=2}^t 1/i²).
pub fn accumulate(n: usize, t: u32, dimension: usize, real: f64, synthetic: f64) -> f64 {
    let later: f64 = (2..=t).map(|i| f64::from(i).powi(-2)).sum();
    first_risk(n, dimension, real + synthetic * later)
}

/// Accumulate, inputs drawn anew in each generation: Σ_i σ_i² (n_i/N_i) d/(N_i − d − 1) with
/// N_i = n_1 + … + n_i.
///
/// A fit to all rows moves from the last by G_i⁻¹X_iᵀε_i with G_i the Gram matrix so far, and rows
/// are exchangeable.
pub fn accumulate_anew(sizes: &[usize], dimension: usize, real: f64, synthetic: f64) -> f64 {
    let (mut rows, mut risk) = (0, 0.0);
    for (i, &n) in sizes.iter().enumerate() {
        rows += n;
        let noise = if i == 0 { real } else { synthetic };
        risk += n as f64 / rows as f64 * first_risk(rows, dimension, noise);
    }
    risk
}

/// Minimum-norm chains without noise, fewer rows than dimensions, isotropic and independent
/// designs: E‖w_t‖²/‖w*‖² = (n/d)^t; the excess risk is 1 minus this.
pub fn minimum_norm(n: usize, dimension: usize, t: u32) -> f64 {
    (n as f64 / dimension as f64).min(1.0).powf(f64::from(t))
}

/// Holds for normal inputs and least squares under replace and accumulate, under fresh rows with
/// independent designs, and at the first fit in every regime. One design for all asks for equal
/// sizes; a shift has no form under accumulate.
pub(super) fn claims(setting: &Setting, generation: u32) -> Vec<Claim> {
    let Truth::Linear { dimension, noise_variance: real } = setting.truth else {
        return Vec::new();
    };
    let Estimator::LeastSquares { same_design, noise_variance: own, shift_square } =
        setting.estimator
    else {
        return Vec::new();
    };
    let Some(sizes) = setting.sizes(generation) else { return Vec::new() };
    let n = sizes[0];
    if same_design && sizes.iter().any(|&size| size != n) {
        return Vec::new();
    }
    let (risk, formula) = match setting.recipe {
        _ if generation == 1 => (first_risk(n, dimension, real), "σ²d/(n−d−1)"),
        Recipe::Replace if shift_square == 0.0 => {
            (replace(&sizes, dimension, real, own), "Σ_i σ_i²d/(n_i−d−1)")
        }
        Recipe::Replace => (
            replace(&sizes, dimension, real, own)
                + f64::from(generation - 1).powi(2) * shift_square,
            "Σ_i σ_i²d/(n_i−d−1) + (t−1)²c²",
        ),
        Recipe::Fresh { real: rows, pool: false } if !same_design => {
            let noise = (real, own);
            let risk = strong::fresh(&sizes, rows, dimension, noise, shift_square);
            (risk.unwrap_or(f64::NAN), "fresh: exact recursion of the generator's error")
        }
        _ if shift_square > 0.0 => return Vec::new(),
        Recipe::Accumulate if same_design => {
            (accumulate(n, generation, dimension, real, own), "σ²d/(n−d−1) · Σ_i 1/i²")
        }
        Recipe::Accumulate => (
            accumulate_anew(&sizes, dimension, real, own),
            "Σ_i σ_i² (n_i/N_i) d/(N_i−d−1), N_i rows so far",
        ),
        _ => return Vec::new(),
    };
    vec![Claim::mean("excess-risk", risk, formula)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::printed;

    #[test]
    fn replace_adds_one_first_risk_per_generation() {
        printed(replace(&[30; 8], 5, 1.0, 1.0), 1.6667, 4);
        printed(replace(&[32; 100], 10, 1.0, 1.0), 47.6, 1);
    }

    #[test]
    fn independent_designs_reproduce_the_printed_value() {
        // Four generators of 30 rows and σ₀ = 0.5, then a fit to 40 rows with σ = 1.
        let risk = replace(&[30; 4], 5, 0.25, 0.25) + first_risk(40, 5, 1.0);
        printed(risk, 0.35539, 4);
    }

    #[test]
    fn minimum_norm_chains_reproduce_the_printed_values() {
        for (t, wanted) in [(1, 0.75), (3, 0.4219), (6, 0.1780)] {
            printed(minimum_norm(30, 40, t), wanted, 4);
        }
    }

    #[test]
    fn accumulate_reproduces_the_printed_value() {
        printed(accumulate(30, 20, 5, 1.0, 1.0), 0.33253, 5);
        printed(accumulate(32, 100, 10, 1.0, 1.0), 0.779, 3);
        assert_eq!(accumulate(6, 3, 5, 1.0, 1.0), f64::INFINITY);
    }
}
