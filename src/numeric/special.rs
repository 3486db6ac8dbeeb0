//! Special functions of the closed forms: ln Γ, ψ, ψ₁, ζ, the ratio E σ̂/σ, and the normal cdf and
//! quantile.
//!
//! All are in double precision and total on the domains that their comments name; outside of them
//! they return what the formula tends to, never NaN. Sources: Abramowitz & Stegun 6.3, 6.4 and 26.2
//! (ψ, ψ₁, normal); the rest follows.

use statrs::function::{erf, gamma};
use std::f64::consts::SQRT_2;

/// ln Γ(x) for x > 0; +∞ at the pole x = 0 and below it.
pub fn ln_gamma(x: f64) -> f64 {
    if x > 0.0 { gamma::ln_gamma(x) } else { f64::INFINITY }
}

/// ψ(x) = d/dx ln Γ(x) for x > 0; −∞ at the pole x = 0 and below it.
pub fn digamma(x: f64) -> f64 {
    if x > 0.0 { gamma::digamma(x) } else { f64::NEG_INFINITY }
}

/// ψ₁(x) = d²/dx² ln Γ(x) for x > 0; +∞ at the pole x = 0 and below it.
///
/// The recurrence ψ₁(x) = ψ₁(x+1) + 1/x² carries x above 10, where the asymptotic series is exact
/// to 1e−15.
pub fn trigamma(x: f64) -> f64 {
    if x <= 0.0 {
        return f64::INFINITY;
    }
    let (mut shifted, mut sum) = (x, 0.0);
    while shifted < 10.0 {
        sum += 1.0 / (shifted * shifted);
        shifted += 1.0;
    }
    let square = 1.0 / (shifted * shifted);
    let tail = [-691.0 / 2730.0, 5.0 / 66.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 1.0 / 6.0]
        .iter()
        .fold(0.0, |series, bernoulli| (series + bernoulli) * square);
    sum + (1.0 + 0.5 / shifted + tail) / shifted
}

/// ζ(s) = Σ k^−s for s > 1; +∞ at the pole s = 1 and below it.
///
/// Nine terms, and the rest by Euler and Maclaurin: exact to 1e−15 relatively.
pub fn zeta(s: f64) -> f64 {
    if s <= 1.0 {
        return f64::INFINITY;
    }
    const FIRST: f64 = 10.0;
    let head: f64 = (1..10).map(|k| f64::from(k).powf(-s)).sum();
    let last = FIRST.powf(-s);
    // B_2j / (2j)!
    let bernoulli =
        [1.0 / 12.0, -1.0 / 720.0, 1.0 / 30_240.0, -1.0 / 1_209_600.0, 1.0 / 47_900_160.0];
    let (mut rising, mut corrections) = (s * last / FIRST, 0.0);
    for (j, factor) in bernoulli.iter().enumerate() {
        corrections += factor * rising;
        let at = s + 2.0 * j as f64;
        rising *= (at + 1.0) * (at + 2.0) / (FIRST * FIRST);
    }
    head + last * FIRST / (s - 1.0) + 0.5 * last + corrections
}

/// a = √(2/c) Γ(n/2) / Γ((n−1)/2): the expectation of σ̂/σ when σ̂² is the sum of squared
/// deviations of n normal draws divided by c (c = n or n − 1). In [0, 1]; 0 for n = 1, where σ̂ is
/// 0.
///
/// Above n = 1000 the difference of two large logarithms loses digits, so the ratio's own series
/// takes over.
pub fn deviation_ratio(n: usize, divisor: f64) -> f64 {
    if n < 2 {
        return 0.0;
    }
    let x = (n as f64 - 1.0) / 2.0;
    let ratio = if n > 1000 { root_series(x) } else { (ln_gamma(x + 0.5) - ln_gamma(x)).exp() };
    (2.0 / divisor).sqrt() * ratio
}

/// Γ(x + ½)/Γ(x) for large x.
fn root_series(x: f64) -> f64 {
    let terms = [-21.0 / 32768.0, 5.0 / 1024.0, 1.0 / 128.0, -1.0 / 8.0, 1.0];
    x.sqrt() * terms.iter().fold(0.0, |series, term| series / x + term)
}

/// P(Z ≤ z) of a standard normal.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * erf::erfc(-z / SQRT_2)
}

/// The z with P(Z ≤ z) = p; ∓∞ at p ≤ 0 and p ≥ 1.
pub fn normal_quantile(p: f64) -> f64 {
    if p <= 0.0 {
        f64::NEG_INFINITY
    } else if p >= 1.0 {
        f64::INFINITY
    } else {
        -SQRT_2 * erf::erfc_inv(2.0 * p)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    fn close(value: f64, wanted: f64) {
        assert!((value - wanted).abs() <= 1e-12 * wanted.abs().max(1.0), "{value} is not {wanted}");
    }

    #[test]
    fn trigamma_knows_its_special_values_and_its_recurrence() {
        close(trigamma(1.0), PI * PI / 6.0);
        close(trigamma(0.5), PI * PI / 2.0);
        close(trigamma(0.25), PI * PI + 8.0 * 0.915_965_594_177_219);
        for x in [0.3, 2.0, 9.99, 10.0, 55.5] {
            close(trigamma(x) - trigamma(x + 1.0), 1.0 / (x * x));
        }
    }

    #[test]
    fn zeta_knows_its_special_values() {
        close(zeta(2.0), PI * PI / 6.0);
        close(zeta(4.0), PI.powi(4) / 90.0);
        close(zeta(1.5), 2.612_375_348_685_488);
        close(zeta(60.0), 1.0 + 2.0_f64.powi(-60));
        // 1/(s − 1) + γ, near the pole.
        assert!((zeta(1.0 + 1e-4) - 1e4 - 0.577_215_664_9).abs() < 1e-4);
        assert_eq!(zeta(1.0), f64::INFINITY);
    }

    #[test]
    fn digamma_is_the_slope_of_ln_gamma() {
        close(digamma(1.0), -0.577_215_664_901_532_9);
        let slope = (ln_gamma(7.3 + 1e-5) - ln_gamma(7.3 - 1e-5)) / 2e-5;
        assert!((digamma(7.3) - slope).abs() < 1e-8);
    }

    #[test]
    fn the_deviation_ratio_of_two_and_three_draws_is_known_by_hand() {
        close(deviation_ratio(2, 1.0), (2.0 / PI).sqrt());
        close(deviation_ratio(3, 2.0), PI.sqrt() / 2.0);
        assert_eq!(deviation_ratio(1, 1.0), 0.0);
    }

    #[test]
    fn the_deviation_ratio_does_not_jump_where_its_series_takes_over() {
        let x: f64 = 500.0;
        let exact = (ln_gamma(x + 0.5) - ln_gamma(x)).exp();
        assert!((root_series(x) / exact - 1.0).abs() < 1e-11);
    }

    #[test]
    fn poles_and_certainties_are_infinite_and_never_nan() {
        assert_eq!(ln_gamma(0.0), f64::INFINITY);
        assert_eq!(digamma(0.0), f64::NEG_INFINITY);
        assert_eq!(trigamma(0.0), f64::INFINITY);
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
    }

    #[test]
    fn quantile_inverts_cdf_far_into_the_tails() {
        for p in [1e-12, 0.025, 0.5, 0.975] {
            assert!((normal_cdf(normal_quantile(p)) / p - 1.0).abs() < 1e-9);
        }
    }
}
