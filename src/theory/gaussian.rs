//! The normal family refitted to its own samples: variance, mean, distance, determinant, log
//! variance and divergence.
//!
//! One generation is μ' ~ N(μ, λΣ/n), Σ' ~ Wishart(λΣ/c, n−1), c the divisor, so that everything is
//! a product or a sum over the sizes n_1 … n_t. In units of an isotropic world N(0, I). Collapse:
//! the trace falls as (1−1/n)^t under the biased divisor and stays under the unbiased one while the
//! median still falls; means over trials are carried by rare runs. Sources: Shumailov et al., arXiv
//! 2305.17493; Alemohammad et al., arXiv 2307.01850 (λ); Kazdan et al., arXiv 2410.16713. Papers
//! that shrink the world's own samples by λ too multiply [`Chain::mean_shift`] and
//! [`Chain::spread`] by λ; here founders are real.

use super::setting::{Claim, Divisor, Estimator, Setting, Truth};
use crate::numeric::special::{deviation_ratio, digamma, normal_cdf, trigamma};

/// A lineage of normal fits, each to the samples of the one before alone. The first fit is one in
/// every regime.
#[derive(Clone, Copy, Debug)]
pub struct Chain<'a> {
    /// n_1 … n_t: founders, then the samples that train each later generation.
    pub sizes: &'a [usize],
    pub dimension: usize,
    pub divisor: Divisor,
    /// Full covariance, or its diagonal alone.
    pub full: bool,
    /// λ: model t is N(μ_t, Σ_t) and leaves behind samples of N(μ_t, λΣ_t). 1 is no bias.
    pub bias: f64,
}

impl Chain<'_> {
    fn d(&self) -> f64 {
        self.dimension as f64
    }

    /// ln λ^{t−1}: the founders are real, every later training set was shrunk.
    fn log_bias(&self) -> f64 {
        (self.sizes.len() as f64 - 1.0) * self.bias.ln()
    }

    /// Σ of a term over the sizes, evaluated once for each run of equal ones.
    fn runs(&self, term: impl Fn(usize) -> f64) -> f64 {
        self.sizes.chunk_by(|a, b| a == b).map(|run| run.len() as f64 * term(run[0])).sum()
    }

    /// E trΣ_t / d = λ^{t−1} ∏(n_i − 1)/c_i: (1 − 1/n)^t for the biased divisor and constant n, 1 for
    /// the unbiased.
    pub fn spread(&self) -> f64 {
        let kept = |&n: &usize| (n as f64 - 1.0) / self.divisor.of(n);
        self.log_bias().exp() * self.sizes.iter().map(kept).product::<f64>()
    }

    /// E‖μ_t‖² = d Σ_i v_{i−1}/n_i with v_i the expected trace per coordinate of what model i
    /// draws, v_0 = 1: d[1 − (1−1/n)^t] for the biased divisor, dt/n for the unbiased, (d/n)
    /// Σ_{i<t} λ^i for the unbiased with λ.
    pub fn mean_shift(&self) -> f64 {
        let step = |(sum, variance): (f64, f64), &n: &usize| {
            let factor = self.bias * (n as f64 - 1.0) / self.divisor.of(n);
            (sum + variance / n as f64, variance * factor)
        };
        self.d() * self.sizes.iter().fold((0.0, 1.0), step).0
    }

    /// E of the standard deviation of one coordinate: λ^{(t−1)/2} ∏ a_i,
    /// a = √(2/c) Γ(n/2)/Γ((n−1)/2).
    pub fn deviation(&self) -> f64 {
        let ratios = self.runs(|n| deviation_ratio(n, self.divisor.of(n)).ln());
        (0.5 * self.log_bias() + ratios).exp()
    }

    /// E W2²(N(0, I), p_t) of one dimension or of a diagonal covariance: E‖μ_t‖² + d(E σ_t² − 2 E
    /// σ_t + 1). t/n + 2(1 − a^t) for d = 1, unbiased and constant n. A full covariance in d > 1
    /// has no closed form.
    pub fn frechet(&self) -> f64 {
        self.mean_shift() + self.d() * (self.spread() - 2.0 * self.deviation() + 1.0)
    }

    /// E ln det Σ_t: d(t−1) ln λ + Σ_i Σ_j [ψ((n_i − j)/2) − ln(c_i/2)], j = 1…d for
    /// a full covariance and j = 1 in each coordinate for a diagonal one. −∞ where a full
    /// covariance is singular (n ≤ d).
    pub fn log_determinant(&self) -> f64 {
        let one = |n: usize, lost: usize| {
            digamma(n.saturating_sub(lost) as f64 / 2.0) - (self.divisor.of(n) / 2.0).ln()
        };
        let all = |n: usize| match self.full {
            true => (1..=self.dimension).map(|j| one(n, j)).sum::<f64>(),
            false => self.d() * one(n, 1),
        };
        self.d() * self.log_bias() + self.runs(all)
    }

    /// Var ln σ_t² over trials in one dimension: Σ ψ₁((n_i − 1)/2).
    pub fn log_variance_variance(&self) -> f64 {
        self.runs(|n| trigamma((n as f64 - 1.0) / 2.0))
    }

    /// E det Σ_t: λ^{d(t−1)} ∏_i ∏_j (n_i − j)/c_i; 0 where a full covariance is
    /// singular.
    pub fn determinant(&self) -> f64 {
        let all = |n: usize| {
            let one = |lost: usize| n.saturating_sub(lost) as f64 / self.divisor.of(n);
            match self.full {
                true => (1..=self.dimension).map(|j| one(j).ln()).sum::<f64>(),
                false => self.d() * one(1).ln(),
            }
        };
        (self.d() * self.log_bias() + self.runs(all)).exp()
    }

    /// E KL(N(0, I) ‖ p_t) in nats. With κ = c/(n − k − 2), k = d for a full covariance and 1 for a
    /// diagonal one, I = E trΣ⁻¹ and R = E μᵀΣ⁻¹μ: I' = κI/λ, R' = κ(R/λ + d/n), KL = ½[I + R − d +
    /// E ln det]. After the first biased fit in one dimension: ½[n/(n−3)(1+1/n) − 1 +
    /// ψ((n−1)/2) + ln(2/n)]. None where the mean is infinite: some n ≤ k + 2.
    pub fn kl(&self) -> Option<f64> {
        let k = if self.full { self.dimension } else { 1 };
        let (mut inverse, mut shift, mut bias) = (self.d(), 0.0, 1.0);
        for &n in self.sizes {
            if n <= k + 2 {
                return None;
            }
            let kappa = self.divisor.of(n) / (n - k - 2) as f64;
            inverse *= kappa / bias;
            shift = kappa * (shift / bias + self.d() / n as f64);
            bias = self.bias;
        }
        Some(0.5 * (inverse + shift - self.d() + self.log_determinant()))
    }

    /// P(σ_t > ε) in one dimension, by the central limit theorem for ln σ_t² (large t).
    pub fn survival(&self, epsilon: f64) -> f64 {
        let centre = Chain { dimension: 1, ..*self }.log_determinant();
        let z = (2.0 * epsilon.ln() - centre) / self.log_variance_variance().sqrt();
        normal_cdf(-z)
    }
}

/// Holds for an isotropic normal world, a normal family, at least 2 samples each, under replace or
/// at the first fit. Trace and mean are claimed by the recursion of second moments, for every
/// recipe.
pub(super) fn claims(setting: &Setting, generation: u32) -> Vec<Claim> {
    let Truth::Normal { dimension, variance } = setting.truth else { return Vec::new() };
    let Estimator::Gaussian { divisor, full, sampling_bias: bias } = setting.estimator else {
        return Vec::new();
    };
    let enough = |sizes: &Vec<usize>| sizes.iter().all(|&n| n >= 2);
    let Some(sizes) = setting.chain(generation).filter(enough) else { return Vec::new() };
    if dimension == 0 || variance <= 0.0 {
        return Vec::new();
    }
    let chain = Chain { sizes: &sizes, dimension, divisor, full, bias };
    let logs = chain.log_determinant();
    let mut claims = vec![Claim::mean_log(
        "generalized-variance",
        logs,
        "E ln det Σ_t = d(t−1) ln λ + Σ[ψ((n−j)/2) − ln(c/2)]",
    )];
    if dimension == 1 {
        claims.push(Claim::mean_log(
            "spread",
            logs,
            "E ln σ_t² = (t−1) ln λ + Σ[ψ((n−1)/2) − ln(c/2)]",
        ));
    } else {
        let product = "E det Σ_t = λ^(d(t−1)) ∏(n−j)/c";
        claims.push(Claim::mean("generalized-variance", chain.determinant(), product));
    }
    if dimension == 1 || !full {
        let sum = "E W2² = E‖μ_t‖² + dσ²(E σ_t²/σ² − 2∏a + 1)";
        claims.push(Claim::mean("frechet", variance * chain.frechet(), sum));
    }
    if let Some(kl) = chain.kl() {
        claims.push(Claim::mean("kl", kl, "E KL = ½(E trΣ_t⁻¹ + E μᵀΣ_t⁻¹μ − d + E ln det Σ_t)"));
    }
    claims
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::printed;

    fn line(sizes: &[usize], divisor: Divisor) -> Chain<'_> {
        Chain { sizes, dimension: 1, divisor, full: true, bias: 1.0 }
    }

    #[test]
    fn replace_with_biased_variance_reproduces_the_printed_values() {
        for (n, t, variance, mean, distance) in
            [(10, 20, 0.1216, 0.8784, 1.5994), (50, 50, 0.3642, 0.6358, 1.0648)]
        {
            let sizes = vec![n; t];
            let chain = line(&sizes, Divisor::Biased);
            printed(chain.spread(), variance, 4);
            printed(chain.mean_shift(), mean, 4);
            printed(chain.frechet(), distance, 4);
        }
    }

    #[test]
    fn replace_with_unbiased_variance_reproduces_the_printed_values() {
        let chain = line(&[10; 5], Divisor::Unbiased);
        printed(chain.spread(), 1.0, 12);
        printed(chain.mean_shift(), 0.5, 12);
        printed(chain.frechet(), 0.7589, 4);
        let chain = line(&[50; 50], Divisor::Unbiased);
        printed(chain.deviation(), 0.7749, 4);
        printed(chain.frechet(), 1.4503, 4);
        let chain = line(&[10; 20], Divisor::Unbiased);
        printed(chain.log_determinant(), -2.304, 3);
        printed(chain.log_variance_variance(), 4.975, 3);
        printed(line(&[10; 100], Divisor::Unbiased).survival(0.1), 0.0828, 4);
    }

    #[test]
    fn sampling_bias_in_three_dimensions_reproduces_the_printed_values() {
        let sizes = [20; 6];
        let chain = Chain { dimension: 3, bias: 0.8, ..line(&sizes, Divisor::Unbiased) };
        // Printed for a world whose own samples are shrunk by λ too.
        printed(0.8 * chain.spread(), 0.2621, 4);
        printed(0.8 * chain.mean_shift(), 0.4427, 4);
        printed(0.8_f64.powi(3) * chain.determinant(), 0.00668, 5);
        let fair = Chain { bias: 1.0, ..chain };
        printed(fair.spread(), 1.0, 12);
        printed(fair.mean_shift(), 0.9, 12);
        printed(fair.determinant(), 0.371, 3);
    }

    #[test]
    fn divergence_after_the_first_fit_reproduces_the_printed_value() {
        printed(line(&[20], Divisor::Biased).kl().unwrap(), 0.06522, 5);
        assert_eq!(line(&[3], Divisor::Biased).kl(), None);
    }

    #[test]
    fn too_few_samples_for_a_full_covariance_leave_no_volume() {
        let chain = Chain { dimension: 4, ..line(&[3], Divisor::Biased) };
        assert_eq!(chain.determinant(), 0.0);
        assert_eq!(chain.log_determinant(), f64::NEG_INFINITY);
    }
}
