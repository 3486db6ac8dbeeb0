//! Waiting times refitted to their own samples: the scale is a product of independent gamma
//! factors.
//!
//! θ_t/θ* = ∏ G_i, G_i ~ Gamma(n_i)/n_i: E ln θ_t/θ* = Σ[ψ(n_i) − ln n_i] falls without bound while
//! E θ_t stays. Logarithms in nats. Source: one of the families of Dey & Donoho, arXiv 2410.22812;
//! the exact finite-n forms are our own.

use super::setting::{Claim, Estimator, Setting, Truth};
use crate::numeric::special::digamma;

/// E ln(θ_t/θ*) under replace: Σ[ψ(n_i) − ln n_i].
pub fn log_scale(sizes: &[usize]) -> f64 {
    sizes.iter().map(|&n| digamma(n as f64) - (n as f64).ln()).sum()
}

/// E KL(p* ‖ p_t) = E[ln θ_t/θ* + θ*/θ_t − 1] under replace, which is
/// Σ[ψ(n_i) − ln n_i] + ∏ n_i/(n_i − 1) − 1. None where it is infinite: some n = 1.
pub fn kl(sizes: &[usize]) -> Option<f64> {
    let inverse = sizes.iter().map(|&n| n as f64 / (n as f64 - 1.0)).product::<f64>();
    sizes.iter().all(|&n| n > 1).then(|| log_scale(sizes) + inverse - 1.0)
}

/// Holds for an exponential world and family under replace, and at the first fit in every regime.
pub(super) fn claims(setting: &Setting, generation: u32) -> Vec<Claim> {
    let world = matches!(setting.truth, Truth::Exponential { .. });
    if !world || setting.estimator != Estimator::Exponential {
        return Vec::new();
    }
    let Some(sizes) = setting.chain(generation) else { return Vec::new() };
    let log_variance = 2.0 * log_scale(&sizes);
    let sum = "E ln σ_t²/σ² = 2Σ[ψ(n) − ln n]";
    let mut claims = vec![
        Claim::mean_log("spread", log_variance, sum),
        Claim::mean_log("generalized-variance", log_variance, sum),
    ];
    if let Some(kl) = kl(&sizes) {
        claims.push(Claim::mean("kl", kl, "E KL = Σ[ψ(n) − ln n] + ∏n/(n−1) − 1"));
    }
    claims
}
