//! What curation does to a law of samples: one round of verifying, preferring, correcting, mixing.
//!
//! Under collapse every one of these rounds happens once in each generation. Not to be confused with the
//! forms that [`Setting`](super::Setting) claims: a curated lineage claims none. Sources: Feng et al. 2024
//! (arXiv 2406.07515); Ferbach et al. 2024 (arXiv 2407.09499); Gillman et al. 2024 (arXiv 2402.07087);
//! Zhang et al. 2018 (arXiv 1710.09412); Marchi et al. 2024 (arXiv 2404.02325).

/// The share of samples that a verifier keeps: (1 − p)φ + pψ, p the share of wrong ones, φ and ψ the
/// probabilities that a right and a wrong one are kept.
pub fn verified_share(wrong: f64, keeps_right: f64, keeps_wrong: f64) -> f64 {
    (1.0 - wrong) * keeps_right + wrong * keeps_wrong
}

/// The share of those kept that are right: (1 − p)φ / ((1 − p)φ + pψ).
pub fn verified_precision(wrong: f64, keeps_right: f64, keeps_wrong: f64) -> f64 {
    (1.0 - wrong) * keeps_right / verified_share(wrong, keeps_right, keeps_wrong)
}

/// p* = 1 / (1 + ψ/φ): the share of wrong samples above which most that are kept are wrong.
pub fn critical_share(keeps_right: f64, keeps_wrong: f64) -> f64 {
    1.0 / (1.0 + keeps_wrong / keeps_right)
}

/// p'(x) = p(x) Σ_y 2 p(y) e^{r_x} / (e^{r_x} + e^{r_y}): one of two by Bradley–Terry.
pub fn preferred_of_two(probabilities: &[f64], rewards: &[f64]) -> Vec<f64> {
    let pair = |x: f64, y: f64| 1.0 / (1.0 + (y - x).exp());
    let factor = |x: &f64| -> f64 {
        probabilities.iter().zip(rewards).map(|(p, y)| 2.0 * p * pair(*x, *y)).sum()
    };
    probabilities.iter().zip(rewards).map(|(p, x)| p * factor(x)).collect()
}

/// p'(x) = p(x) e^{r(x)} / E e^r: one of infinitely many.
pub fn preferred_of_all(probabilities: &[f64], rewards: &[f64]) -> Vec<f64> {
    let total: f64 = probabilities.iter().zip(rewards).map(|(p, r)| p * r.exp()).sum();
    probabilities.iter().zip(rewards).map(|(p, r)| p * r.exp() / total).collect()
}

/// Mean and variance of N(μ, σ²) after one of infinitely many was preferred for −(x − c)²/2T:
/// 1/σ'² = 1/σ² + 1/T and μ'/σ'² = μ/σ² + c/T.
pub fn preferred_normal(mean: f64, variance: f64, centre: f64, temperature: f64) -> (f64, f64) {
    let precision = 1.0 / variance + 1.0 / temperature;
    ((mean / variance + centre / temperature) / precision, 1.0 / precision)
}

/// What x ← (x + γπ(x)) / (1 + γ) leaves of a distance: 1 / (1 + γ).
pub fn corrected_share(strength: f64) -> f64 {
    1.0 / (1.0 + strength)
}

/// E[λ² + (1 − λ)²] = (α + 1)/(2α + 1) for λ ~ Beta(α, α): what mixing leaves of a variance.
pub fn mixed_share(alpha: f64) -> f64 {
    (alpha + 1.0) / (2.0 * alpha + 1.0)
}

/// p^{1/T}, normalised.
pub fn tempered(probabilities: &[f64], temperature: f64) -> Vec<f64> {
    let powers: Vec<f64> = probabilities.iter().map(|p| p.powf(1.0 / temperature)).collect();
    let total: f64 = powers.iter().sum();
    powers.into_iter().map(|p| p / total).collect()
}

/// The variance of N(0, σ²) between its quantiles ½ ± q/2, in units of σ²: 1 − 2zφ(z)/q, z the upper one.
/// It is what the likeliest share q of a normal keeps.
pub fn middle_share(q: f64) -> f64 {
    let z = crate::numeric::special::normal_quantile(0.5 + 0.5 * q);
    if !z.is_finite() {
        return 1.0;
    }
    let density = (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
    1.0 - 2.0 * z * density / q
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::printed;

    #[test]
    fn the_printed_threshold_of_a_noisy_verifier() {
        printed(critical_share(0.9, 0.3), 0.75, 12);
        printed(verified_precision(0.75, 0.9, 0.3), 0.5, 12);
        assert!(verified_precision(0.74, 0.9, 0.3) > 0.5);
        assert_eq!((critical_share(1.0, 0.0), verified_precision(0.9, 1.0, 0.0)), (1.0, 1.0));
    }

    #[test]
    fn preferring_keeps_probabilities_and_raises_the_reward() {
        let (p, r) = ([0.1, 0.2, 0.3, 0.4], [1.0, 0.5, 0.0, -1.0]);
        let reward =
            |p: &[f64]| p.iter().zip(r).map(|(p, r): (&f64, f64)| p * r.exp()).sum::<f64>();
        for next in [preferred_of_two(&p, &r), preferred_of_all(&p, &r)] {
            printed(next.iter().sum(), 1.0, 12);
            assert!(reward(&next) > reward(&p));
        }
        assert_eq!(preferred_of_two(&p, &[7.0; 4]), p);
    }

    #[test]
    fn t_rounds_of_preferring_add_up_in_the_precision() {
        let once = |(mean, variance), _| preferred_normal(mean, variance, 2.0, 4.0);
        let (mean, variance) = (0..10).fold((0.0, 1.0), once);
        printed(1.0 / variance, 1.0 + 10.0 / 4.0, 12);
        printed(mean, 2.0 * 2.5 / 3.5, 12);
    }

    #[test]
    fn mixing_has_the_moments_of_the_beta_law() {
        // Uniform: E λ² = 1/3, twice.
        printed(mixed_share(1.0), 2.0 / 3.0, 12);
        assert!((mixed_share(1e-9) - 1.0).abs() < 1e-8 && (mixed_share(1e9) - 0.5).abs() < 1e-8);
    }

    #[test]
    fn the_middle_of_a_normal_has_the_variance_of_a_truncated_one() {
        // Within one deviation: 0.2911.
        printed(middle_share(0.682_689_492_137_086), 0.2911, 4);
        assert_eq!(middle_share(1.0), 1.0);
    }
}
