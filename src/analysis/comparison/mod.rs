//! Paired comparison of two arms: is one better, by how much, and what could have been found?
//!
//! Everything here works on the differences d_i = loss of an arm − loss of its baseline, one for each
//! trial: the trials of two arms share founders and noise, and a negative difference is in favour of
//! the arm. Infinite differences are legal, since the loss of an extinct lineage is infinite.
//!
//! | question | module |
//! |---|---|
//! | does a difference exist? the one test that decides | [`sign_flip`], adjusted by [`holm`] |
//! | how large is it? | [`bca`]: intervals of its mean and median; [`cliff`]: how often has it which sign |
//! | what could have been found? | [`detectable`] |
//! | is it too small to matter? | [`equivalence`] |
//! | what would another test say? | [`wilcoxon`] |
//! | all of it, for a whole table | [`line`] |
//! | where does each arm stand? | [`rank`] |

pub mod bca;
pub mod cliff;
pub mod detectable;
pub mod equivalence;
pub mod holm;
pub mod limit;
pub mod line;
pub mod rank;
pub mod sign_flip;
pub mod wilcoxon;

/// The difference of two losses; two that are equal, infinite ones too, differ by nothing.
pub fn difference(loss: f64, baseline: f64) -> f64 {
    if loss == baseline { 0.0 } else { loss - baseline }
}

/// The median of differences in ascending order; the middle between −∞ and ∞ is 0.
///
/// # Panics
/// If there is no difference: whoever asks has looked.
pub fn median(sorted: &[f64]) -> f64 {
    let n = sorted.len();
    middle(sorted[(n - 1) / 2], sorted[n / 2])
}

/// The middle between two values, infinite ones included.
fn middle(low: f64, high: f64) -> f64 {
    if low == high {
        return low;
    }
    let middle = low.midpoint(high);
    if middle.is_nan() { 0.0 } else { middle }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INF: f64 = f64::INFINITY;

    #[test]
    fn two_lineages_that_both_died_do_not_differ() {
        assert_eq!(difference(INF, INF), 0.0);
        assert_eq!(difference(INF, 1.0), INF);
        assert_eq!(difference(1.0, INF), -INF);
        assert_eq!(difference(-INF, INF), -INF);
        assert_eq!(difference(0.5, 2.0), -1.5);
    }

    #[test]
    fn a_median_lies_in_the_middle_of_infinities_too() {
        assert_eq!(median(&[1.0, 2.0, 9.0]), 2.0);
        assert_eq!(median(&[1.0, 2.0]), 1.5);
        assert_eq!(median(&[-INF, INF]), 0.0);
        assert_eq!(median(&[1.0, INF]), INF);
        assert_eq!(median(&[INF, INF]), INF);
        assert_eq!(median(&[-f64::MAX, f64::MAX]), 0.0);
    }
}
