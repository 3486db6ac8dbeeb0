//! The mass of types that n draws do not show: the test error of a model that remembers what it saw.
//!
//! E Σ p_i·1{i unseen} = Σ p_i(1 − p_i)ⁿ, exact for every law. Of Zipf's law p_i ∝ i^−β, β > 1, over
//! infinitely many types it falls like n^−(β−1)/β; a law whose types end after rank k misses
//! k^−(β−1) for ever. A generator that was itself fitted to T₀ samples ends near k = T₀^(1/β), so
//! that later generations meet a plateau. Unit: probability. Sources: Hutter, arXiv 2102.04074;
//! Dohmatob et al., arXiv 2402.07043, theorem 2.1, whose constants are worked out here. Not to be
//! confused with the number of types that are missing (`categorical::types`).

use crate::numeric::special::{ln_gamma, zeta};

/// E of the missing mass of n draws: Σ p(1 − p)ⁿ.
pub fn missing_mass(probabilities: &[f64], n: usize) -> f64 {
    let unseen = |&p: &f64| if p < 1.0 { p * (n as f64 * (-p).ln_1p()).exp() } else { 0.0 };
    probabilities.iter().map(unseen).sum()
}

/// The same of Zipf's law with exponent β > 1 for many draws: ζ(β)^(−1/β) Γ(1 − 1/β)/β · n^−(1 − 1/β)
/// (large n).
pub fn zipf_missing_mass(exponent: f64, n: usize) -> f64 {
    let slope = 1.0 - 1.0 / exponent;
    let ln = ln_gamma(slope) - zeta(exponent).ln() / exponent - slope * (n as f64).ln();
    ln.exp() / exponent
}

/// What a law that ends after rank k misses of Zipf's law with exponent β > 1, however many draws there
/// are: k^−(β−1)/((β − 1)ζ(β)) (large k).
pub fn zipf_plateau(exponent: f64, k: usize) -> f64 {
    (k as f64).powf(1.0 - exponent) / ((exponent - 1.0) * zeta(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::printed;

    /// Σ p(1 − p)ⁿ of Zipf's law, the types beyond a million in one integral: they are all unseen.
    fn of_zipf(exponent: f64, n: usize) -> f64 {
        let types = 1_000_000_u32;
        let p: Vec<f64> =
            (1..=types).map(|i| f64::from(i).powf(-exponent) / zeta(exponent)).collect();
        let beyond = (f64::from(types) + 0.5).powf(1.0 - exponent);
        missing_mass(&p, n) + beyond / ((exponent - 1.0) * zeta(exponent))
    }

    #[test]
    fn by_hand() {
        assert!((missing_mass(&[0.5, 0.25, 0.25], 2) - (0.125 + 0.28125)).abs() < 1e-15);
        assert_eq!(missing_mass(&[1.0, 0.0], 0), 0.0);
        assert_eq!(missing_mass(&[0.5, 0.5], 0), 1.0);
        assert!((missing_mass(&[1e-18, 1.0 - 1e-18], 10) - 1e-18).abs() < 1e-30);
    }

    #[test]
    fn zipf_reproduces_the_printed_constants() {
        printed(zipf_missing_mass(1.5, 10_000), 0.043703, 6);
        printed(zipf_missing_mass(2.0, 10_000), 0.0069099, 7);
        printed(zipf_plateau(1.5, 100), 0.07656, 5);
        printed(zipf_plateau(2.0, 100), 0.006079, 6);
    }

    #[test]
    fn the_constant_is_that_of_the_exact_sum() {
        for (exponent, n) in [(1.5, 10_000), (2.0, 10_000)] {
            let ratio = of_zipf(exponent, n) / zipf_missing_mass(exponent, n);
            assert!((ratio - 1.0).abs() < 1e-3, "{exponent}: {ratio}");
        }
    }
}
