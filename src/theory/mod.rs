//! Closed forms that simulations must reproduce, and the settings in which they hold.
//!
//! Each file gives the forms of one subject as plain functions, tested against the printed values
//! of their source, and where metrics can show them a `claims` function that states its conditions
//! at its top. [`Setting::claims`] gathers what holds. Counting: generation t is the t-th fit, t =
//! 1 the one to real data; t = 0 is the world. Unless said otherwise the world has variance 1 per
//! coordinate and mean 0, natural logarithms are meant, and expectations run over independent
//! trials.

pub mod along;
pub mod categorical;
pub mod curation;
pub mod exponential;
pub mod gaussian;
pub mod growing;
pub mod kde;
pub mod missing_mass;
pub mod moments;
mod named;
pub mod pooled;
pub mod regression;
pub mod retained;
mod setting;
pub mod spike;
pub mod strong;
pub mod survival;
pub mod universality;
pub mod weighted;

#[cfg(test)]
mod simulated;

pub use named::Form;
pub use setting::{Claim, Divisor, Estimator, Recipe, Setting, Truth};
pub use weighted::golden_weight;

/// Asserts that a value is the one printed with so many digits.
#[cfg(test)]
fn printed(value: f64, wanted: f64, digits: i32) {
    let half = 0.5001 * 10f64.powi(-digits);
    assert!((value - wanted).abs() <= half, "{value} is not {wanted}");
}
