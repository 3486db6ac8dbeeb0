//! Real rows mixed with rows that a shifted generator labelled: the excess risk of least squares.
//!
//! n₁ rows are labelled by w*, n₂ by w* + v, all inputs are independent normals in d dimensions, and
//! v is independent of them. With the Gram matrices A and B of the two parts the fit errs by
//! (A + B)⁻¹Bv beside its noise, which is a matrix beta at work, so that E‖(A + B)⁻¹Bv‖² = F‖v‖² with F
//! in closed form. For many rows F is p₂² + p₂p₁φ/(1 − φ), p = n/(n₁ + n₂), φ = d/(n₁ + n₂), and
//! what p₂² leaves does not vanish with n: strong collapse. Under the recipe `fresh` the error of a
//! generator is such a v in each generation. Source: Dohmatob et al., arXiv 2410.04840, equation 11,
//! in the limit; the exact form and the recursion are our own. Not to be confused with `weighted`,
//! where real rows outweigh others.

use super::regression::first_risk;

/// The paper's limit for many rows: σ²φ/(1 − φ) + (p₂² + p₂p₁φ/(1 − φ))c², c² = E‖δ‖² (large n).
pub fn strong_collapse(
    (real, synthetic): (usize, usize),
    dimension: usize,
    noise_variance: f64,
    shift_square: f64,
) -> f64 {
    let n = (real + synthetic) as f64;
    let (p1, p2) = (real as f64 / n, synthetic as f64 / n);
    let odds = dimension as f64 / (n - dimension as f64);
    noise_variance * odds + (p2 * p2 + p2 * p1 * odds) * shift_square
}

/// F = E‖(A + B)⁻¹Bv‖²/‖v‖², exact; infinite for n ≤ d + 1.
///
/// U = (A + B)^−½B(A + B)^−½ is independent of A + B, and E U_ij U_kl = x δ_ij δ_kl + y (δ_ik δ_jl +
/// δ_il δ_jk) with y = p₁p₂n/((n + 2)(n − 1)) and x = p₂² − 2y/n; of a Wishart matrix E trS trS⁻¹ =
/// (nd − 2)d/(n − d − 1).
pub fn passed_on((real, synthetic): (usize, usize), dimension: usize) -> f64 {
    let (n, d) = ((real + synthetic) as f64, dimension as f64);
    if n <= d + 1.0 {
        return f64::INFINITY;
    }
    let (p1, p2) = (real as f64 / n, synthetic as f64 / n);
    let y = p1 * p2 * n / ((n + 2.0) * (n - 1.0));
    p2 * p2 + y * ((n - 2.0) / n + (n * d - 2.0) / (n - d - 1.0))
}

/// The risk where generation t ≥ 2 is fitted to `real` new rows and the n_t that generation t − 1
/// labelled with ŵ + δ; 0 real rows are replace. One δ for all generations, E‖δ‖² = `shift_square`;
/// (world, own): noise variances of real and of synthetic labels.
pub fn fresh(
    sizes: &[usize],
    real: usize,
    dimension: usize,
    (world, own): (f64, f64),
    shift_square: f64,
) -> Option<f64> {
    let (&first, later) = sizes.split_first()?;
    // E‖ŵ − w*‖², and E(ŵ − w*)·δ/c².
    let (mut risk, mut along) = (first_risk(first, dimension, world), 0.0);
    for &synthetic in later {
        let share = synthetic as f64 / (real + synthetic) as f64;
        let noise = (1.0 - share) * world + share * own;
        let generator = risk + (1.0 + 2.0 * along) * shift_square;
        let factor = passed_on((real, synthetic), dimension);
        risk = first_risk(real + synthetic, dimension, noise) + factor * generator;
        along = share * (along + 1.0);
    }
    Some(risk)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::{printed, regression};

    #[test]
    fn the_limit_reproduces_the_printed_values() {
        for (n, p2, wanted) in [(200, 0.1, 0.1311), (400, 0.3, 0.1537), (2000, 0.1, 0.0210)] {
            let synthetic = (p2 * f64::from(n)).round() as usize;
            printed(strong_collapse((n as usize - synthetic, synthetic), 20, 1.0, 1.0), wanted, 4);
        }
    }

    #[test]
    fn what_is_passed_on_is_a_beta_variable_squared_on_a_line() {
        // U ~ Beta(n₂/2, n₁/2) has E U² = n₂(n₂ + 2)/(n(n + 2)).
        for (real, synthetic) in [(6, 3), (1, 9), (0, 8)] {
            let (n, n2) = ((real + synthetic) as f64, synthetic as f64);
            let beta = n2 * (n2 + 2.0) / (n * (n + 2.0));
            assert!((passed_on((real, synthetic), 1) - beta).abs() < 1e-14);
        }
        assert_eq!(passed_on((3, 1), 3), f64::INFINITY);
    }

    #[test]
    fn many_rows_pass_on_what_the_limit_says() {
        let exact = passed_on((70_000, 30_000), 5_000);
        let limit = strong_collapse((70_000, 30_000), 5_000, 0.0, 1.0);
        assert!((exact / limit - 1.0).abs() < 1e-3, "{exact} and {limit}");
        // Equation 11 with a generator that knows w*.
        let risk = fresh(&[1_000_000_000, 20], 180, 20, (1.0, 1.0), 1.0).unwrap();
        let limit = strong_collapse((180, 20), 20, 1.0, 1.0);
        assert!((risk / limit - 1.0).abs() < 0.01, "{risk} and {limit}");
    }

    #[test]
    fn without_real_rows_shifts_add_up_and_without_shift_it_is_replace() {
        let sizes = [30, 20, 25, 40];
        let replace = regression::replace(&sizes, 4, 0.7, 1.2);
        printed(fresh(&sizes, 0, 4, (0.7, 1.2), 0.0).unwrap(), replace, 12);
        printed(fresh(&sizes, 0, 4, (0.7, 1.2), 0.5).unwrap(), replace + 9.0 * 0.5, 12);
    }
}
