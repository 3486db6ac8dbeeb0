//! How long a lineage of the family `spike` is spared, although every sample is kept.
//!
//! Of n founders from U[0, 1] the first fit puts α = (1 − X)/2 ≤ ¼ above 1, X the largest of them, and
//! later ones the same α until an offspring lands there: E(1 − α)^(n(t−1)) = ∫ nx^(n−1) (1 − α(x))^(n(t−1)) dx,
//! which tends to 2/(t + 1) for many samples; the first fit itself is consistent. A landing always
//! brings the spike, up to a probability that falls like e^(−√n). Unit: probability. Source: our own,
//! after Barzilai & Shamir, arXiv 2505.19046. Not to be confused with `survival`, of rare types.

/// Probability that a lineage under accumulate, n founders and n offspring a generation, has no spike
/// after t fits.
pub fn spared(n: usize, t: u32) -> f64 {
    let (size, power) = (n as f64, n as f64 * (f64::from(t) - 1.0));
    // x < ½, where α is ¼; above, x = 1 − 2α: the sum of Simpson's rule over α.
    let below = 0.5_f64.powf(size) * 0.75_f64.powf(power);
    let density =
        |alpha: f64| 2.0 * size * (1.0 - 2.0 * alpha).powf(size - 1.0) * (1.0 - alpha).powf(power);
    const STEPS: u32 = 20_000;
    let step = 0.25 / f64::from(STEPS);
    let weight = |k: u32| match k {
        0 | STEPS => 1.0,
        _ if k % 2 == 1 => 4.0,
        _ => 2.0,
    };
    let sum: f64 = (0..=STEPS).map(|k| weight(k) * density(step * f64::from(k))).sum();
    below + sum * step / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_founder_and_one_offspring_by_hand() {
        // ½·¾ + ∫_{½}^{1} (1 + x)/2 dx
        assert!((spared(1, 2) - (0.375 + 0.4375)).abs() < 1e-12);
        assert!((spared(7, 1) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn many_samples_do_not_help() {
        for (t, limit) in [(2, 2.0 / 3.0), (3, 0.5), (9, 0.2)] {
            assert!((spared(3000, t) - limit).abs() < 1e-3, "{}", spared(3000, t));
        }
    }
}
