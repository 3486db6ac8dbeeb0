//! A 95 % interval for a mean over trials, or none where the sample cannot support one.
//!
//! A metric of a lineage is often a product over generations, and its mean is carried by rare runs: a
//! percentile bootstrap of the mean of σ² then covers 39 to 86 % instead of 95. So:
//!
//! 1. Equal values: the interval is that value.
//! 2. Positive values whose logarithms are more symmetric than they are: **Cox's interval**
//!    exp(ȳ + s²/2 ± t √(s²/n + s⁴/(2(n−1)))), ȳ and s² (divisor n−1) of the logarithms, t of n−1
//!    degrees (Zhou & Gao, 1997; with t, Olsson, "Confidence Intervals for the Mean of a Log-Normal
//!    Distribution", 2005). It is trusted from 10 values on, while the skewness of the logarithms is
//!    within two standard errors of 0, and while σ² of the logarithms is below 4 with 95 %
//!    confidence: beyond, the mean is made by runs that a sample of this size does not contain.
//!    It is an interval for the expectation, and may leave the arithmetic mean of a sample outside.
//! 3. **Student's interval** x̄ ± t s/√n where n ≥ 10 and n ≥ 25 g₁² (Cochran, *Sampling Techniques*, 1977, §2.15:
//!    then its error is at most 6 %), and where the skewness g₁ is within two standard errors of 0,
//!    unless the values are positive, do not lean to the left and spread by more than half of their mean.
//! 4. Otherwise none. Use the median, which always has its own interval.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::moment::{are_equal, mean, skewness, skewness_error, standard_deviation};

/// More than this much variance in the logarithms cannot be extrapolated to a mean.
const LARGEST_LOG_VARIANCE: f64 = 4.0;

/// Fewer values than this do not show how their distribution leans.
const FEWEST_WITH_A_SHAPE: usize = 10;

/// The 95 % interval of the mean by the rules of this module.
pub fn mean_interval(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len();
    if n < 2 || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    if are_equal(values) {
        return Some((values[0], values[0]));
    }
    let lean = skewness(values)?;
    let is_positive = values.iter().all(|value| *value > 0.0);
    if is_positive && lean > 0.0 {
        let logs: Vec<f64> = values.iter().map(|value| value.ln()).collect();
        let log_lean = skewness(&logs)?.abs();
        if log_lean < lean {
            let variance = standard_deviation(&logs)?.powi(2);
            let is_seen = variance_bound(n, variance) <= LARGEST_LOG_VARIANCE;
            let is_symmetric = log_lean <= 2.0 * skewness_error(n);
            return match (is_seen, is_symmetric && n >= FEWEST_WITH_A_SHAPE) {
                (true, true) => cox(&logs, variance),
                (true, false) if is_large_for(n, lean) => student(values),
                _ => None,
            };
        }
    }
    let is_symmetric = lean.abs() <= 2.0 * skewness_error(n);
    let is_suspect =
        is_positive && lean >= 0.0 && standard_deviation(values)? > 0.5 * mean(values)?;
    if is_large_for(n, lean) || (is_symmetric && !is_suspect) { student(values) } else { None }
}

/// Cochran's rule for how many values outweigh their skewness.
fn is_large_for(n: usize, skewness: f64) -> bool {
    n >= FEWEST_WITH_A_SHAPE && n as f64 >= 25.0 * skewness * skewness
}

fn student(values: &[f64]) -> Option<(f64, f64)> {
    let error = standard_deviation(values)? / (values.len() as f64).sqrt();
    around(mean(values)?, student_quantile(values.len())? * error)
}

fn cox(logs: &[f64], variance: f64) -> Option<(f64, f64)> {
    let n = logs.len() as f64;
    let error = (variance / n + variance * variance / (2.0 * (n - 1.0))).sqrt();
    let reach = student_quantile(logs.len())? * error;
    let (low, high) = around(mean(logs)? + variance / 2.0, reach)?;
    Some((low.exp(), high.exp())).filter(|(_, high)| high.is_finite())
}

fn around(centre: f64, reach: f64) -> Option<(f64, f64)> {
    let (low, high) = (centre - reach, centre + reach);
    (low.is_finite() && high.is_finite()).then_some((low, high))
}

/// The 97.5 % quantile of Student's distribution with n − 1 degrees.
pub fn student_quantile(n: usize) -> Option<f64> {
    let student = StudentsT::new(0.0, 1.0, n as f64 - 1.0).ok()?;
    Some(student.inverse_cdf(0.975))
}

/// The upper 95 % bound of a variance: (n−1)s²/χ²₀.₀₅, the quantile by Wilson & Hilferty (1931).
fn variance_bound(n: usize, variance: f64) -> f64 {
    let degrees = n as f64 - 1.0;
    let step = 2.0 / (9.0 * degrees);
    let root = (1.0 - step - 1.644_853_626_951_472_7 * step.sqrt()).max(0.0);
    variance / root.powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(found: Option<(f64, f64)>, expected: (f64, f64)) {
        let (low, high) = found.expect("an interval");
        assert!(
            (low - expected.0).abs() < 1e-9 && (high - expected.1).abs() < 1e-9,
            "{low} {high}"
        );
    }

    #[test]
    fn symmetric_values_have_the_interval_of_student_as_scipy_computes_it() {
        let values = [2.5, -1.0, 4.0, 0.5, 3.25, 7.75, 1.5, 0.25, 9.0, 2.0];
        assert_close(mean_interval(&values), (0.6762994019391688, 5.273700598060831));
    }

    #[test]
    fn right_leaning_positive_values_have_the_interval_of_cox() {
        let values = [
            0.11, 0.2, 0.35, 0.4, 0.55, 0.7, 0.9, 1.1, 1.3, 1.6, 2.0, 2.4, 2.9, 3.5, 4.2, 5.1,
            0.28, 0.62, 1.9, 0.8,
        ];
        assert_close(mean_interval(&values), (0.9185109555252241, 3.1876188003531314));
    }

    #[test]
    fn equal_values_have_a_degenerate_interval_and_one_value_has_none() {
        assert_eq!(mean_interval(&[0.1; 5]), Some((0.1, 0.1)));
        assert_eq!(mean_interval(&[1.0]), None);
        assert_eq!(mean_interval(&[1.0, f64::INFINITY, 2.0]), None);
    }

    #[test]
    fn two_positive_values_far_apart_say_nothing_of_their_mean_and_two_near_ones_do() {
        assert_eq!(mean_interval(&[0.04, 1.9]), None);
        assert!(mean_interval(&[1.0, 1.1]).is_some());
        assert!(mean_interval(&[-1.0, 1.1]).is_some());
    }

    #[test]
    fn values_over_many_decades_have_no_interval_of_their_mean() {
        let values: Vec<f64> = (0..40).map(|power| 10f64.powi(-power)).collect();
        assert_eq!(mean_interval(&values), None);
    }
}
