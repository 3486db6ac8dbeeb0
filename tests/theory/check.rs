//! What readings are held to, beside [`agrees`](crate::common::agrees).

use crate::common::mean;

/// Asserts that the readings are sharp enough to tell a formula that is not the right one: more
/// than six standard errors off.
pub fn refutes(values: &[f64], wrong: f64, what: &str) {
    let (mean, error) = mean(values);
    let z = (mean - wrong) / error;
    assert!(z.abs() > 6.0, "{what}: {mean} ± {error} cannot tell {wrong} (z = {z:.1})");
}

/// Asserts that the mean of the readings lies between two bounds, give or take four standard errors.
pub fn lies_between(values: &[f64], low: f64, high: f64, what: &str) {
    let (mean, error) = mean(values);
    let inside = mean + 4.0 * error >= low && mean - 4.0 * error <= high;
    assert!(inside, "{what}: {mean} ± {error} is not between {low} and {high}");
}

/// Every value put through a function.
pub fn each(values: &[f64], of: impl Fn(f64) -> f64) -> Vec<f64> {
    values.iter().map(|&value| of(value)).collect()
}

/// 1 where something holds of a value, else 0: its mean is a share.
pub fn whether(values: &[f64], holds: impl Fn(f64) -> bool) -> Vec<f64> {
    each(values, |value| if holds(value) { 1.0 } else { 0.0 })
}

/// Trial by trial, a function of two readings.
pub fn pairs(one: &[f64], other: &[f64], of: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    assert_eq!(one.len(), other.len(), "readings of the same trials");
    one.iter().zip(other).map(|(&a, &b)| of(a, b)).collect()
}
