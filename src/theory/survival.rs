//! Survival of what is rare: how long counts, symbols and variances stay above zero under replace.
//!
//! With g_1 = 1, g_{k+1} = 1 − e^{−g_k} (so that k g_k → 2), a Poisson rate is alive after k fits
//! with probability 1 − e^{−nλg_k}, exactly; a symbol of probability p behaves like λ = p. In [0,
//! 1]; collapse lowers it to 0 like 2nλ/k. Source: Suresh, Thangaraj & Khandavally, arXiv
//! 2412.17646; unequal sizes are our own.

use crate::numeric::special::ln_gamma;

/// g_k of k fits, g_1 = 1; 1 for k = 0 as well, where nothing is sampled yet.
pub fn forgetting(k: u32) -> f64 {
    (1..k).fold(1.0, |g, _| -f64::exp_m1(-g))
}

/// P(Λ_k ≠ 0) = 1 − e^{−nλg_k} for the mean of n counts, refitted k times.
pub fn poisson(n: usize, rate: f64, k: u32) -> f64 {
    -(-(n as f64) * rate * forgetting(k)).exp_m1()
}

/// The same for sizes n_1 … n_k: 1 − e^{−λs_0} with s_{k−1} = n_k and s_{i−1} = n_i(1 −
/// e^{−s_i/n_i}).
pub fn poisson_sizes(sizes: &[usize], rate: f64) -> f64 {
    let back = |s: f64, &n: &usize| n as f64 * -(-s / n as f64).exp_m1();
    -(-rate * sizes.iter().rev().fold(f64::INFINITY, back)).exp_m1()
}

/// Var Λ_k = kλ/n over trials, while E Λ_k = λ.
pub fn poisson_variance(n: usize, rate: f64, k: u32) -> f64 {
    f64::from(k) * rate / n as f64
}

/// max(0, 1 − 3np² − 3kp): what at least remains of e^{−npg_k} as a probability of loss.
pub(super) fn lost_at_most(n: usize, p: f64, k: u32) -> f64 {
    (1.0 - 3.0 * n as f64 * p * p - 3.0 * f64::from(k) * p).max(0.0)
}

/// Band in which the survival probability of a symbol of probability p lies after k fits to n
/// samples each: [1 − e^{−npg_k}, 1 − max(0, 1 − 3np² − 3kp) e^{−npg_k}].
pub fn bernoulli_band(n: usize, p: f64, k: u32) -> (f64, f64) {
    let lost = (-(n as f64) * p * forgetting(k)).exp();
    (1.0 - lost, 1.0 - lost_at_most(n, p, k) * lost)
}

/// Upper bound on P(σ_k > ε) of an unbiased normal with σ* = 1: (1/ε) e^{−k/(4n−1)}, at most 1.
pub fn gaussian_bound(n: usize, epsilon: f64, k: u32) -> f64 {
    ((-f64::from(k) / (4.0 * n as f64 - 1.0)).exp() / epsilon).min(1.0)
}

/// Upper bound on P(σ_k > ε) of the component of a balanced mixture of two normals around ±μ, σ* = 1: (1/ε)
/// e^{−k/4n}, at most 1 (theorem 4, an approximate joint maximum-likelihood fit).
pub fn mixture_bound(n: usize, epsilon: f64, k: u32) -> f64 {
    ((-f64::from(k) / (4.0 * n as f64)).exp() / epsilon).min(1.0)
}

/// The tighter bound through the s-th moment, at most 1: ε^{−s} [Γ((n−1+s)/2)/(((n−1)/2)^{s/2}
/// Γ((n−1)/2))]^k, s in (0, 1].
pub fn gaussian_moment_bound(n: usize, epsilon: f64, k: u32, s: f64) -> f64 {
    let half = (n as f64 - 1.0) / 2.0;
    let step = ln_gamma(half + s / 2.0) - s / 2.0 * half.ln() - ln_gamma(half);
    (f64::from(k) * step - s * epsilon.ln()).exp().min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::printed;

    #[test]
    fn poisson_survival_and_variance_reproduce_the_printed_values() {
        for (k, alive, variance) in [(5, 0.9559, 0.5), (20, 0.6001, 2.0), (100, 0.1775, 10.0)] {
            printed(poisson(10, 1.0, k), alive, 4);
            printed(poisson_sizes(&vec![10; k as usize], 1.0), poisson(10, 1.0, k), 12);
            printed(poisson_variance(10, 1.0, k), variance, 12);
        }
    }

    #[test]
    fn the_bernoulli_band_reproduces_the_printed_ends() {
        let (low, high) = bernoulli_band(100, 0.01, 10);
        printed(low, 0.158, 3);
        printed(high, 0.436, 3);
    }

    #[test]
    fn gaussian_bounds_lie_above_the_simulated_survival() {
        for (k, alive) in [(50, 0.374), (100, 0.083), (150, 0.018), (200, 0.0037)] {
            let tight = gaussian_moment_bound(10, 0.1, k, 0.7);
            assert!(alive < tight && tight <= gaussian_bound(10, 0.1, k));
        }
    }

    #[test]
    fn forgetting_falls_like_two_over_k() {
        assert_eq!(forgetting(1), 1.0);
        printed(100_000.0 * forgetting(100_000), 2.0, 3);
    }
}
