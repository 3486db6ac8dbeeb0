//! Equivalence within a margin: the difference is too small to matter, which is more than not found.
//!
//! Two one-sided tests of level α, by their interval: the arms are equivalent within δ where the
//! (1 − 2α) interval of the median difference lies within [−δ, δ] (Schuirmann, 1987). The interval is
//! that between order statistics, [d₍ₗ₎, d₍ₙ₊₁₋ₗ₎] with the largest l such that P(Bin(n, ½) < l) ≤ α:
//! it covers with at least 1 − 2α whatever the law of the differences, which a claim of sameness
//! needs, and a bootstrap of few trials does not have. At α = 0.05 it takes 5 trials.

use statrs::distribution::{Binomial, DiscreteCDF};

/// Whether the median difference is surely within ±`margin`; none where there are too few differences.
pub fn is_equivalent(differences: &[f64], margin: f64, alpha: f64) -> Option<bool> {
    let (low, high) = interval(differences, alpha)?;
    Some(-margin <= low && high <= margin)
}

/// The (1 − 2α) interval of the median between order statistics.
pub fn interval(differences: &[f64], alpha: f64) -> Option<(f64, f64)> {
    let n = differences.len();
    let count = Binomial::new(0.5, n as u64).ok()?;
    let rank = (1..=n / 2).take_while(|rank| count.cdf(*rank as u64 - 1) <= alpha).last()?;
    let mut sorted = differences.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    Some((sorted[rank - 1], sorted[n - rank]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_within_its_margin_where_the_interval_is() {
        let values: Vec<f64> = (0..20).map(|i| f64::from(i) / 100.0 - 0.1).collect();
        // P(Bin(20, ½) ≤ 5) = 0.0207 and P(Bin(20, ½) ≤ 6) = 0.0577: the sixth from either end.
        assert_eq!(interval(&values, 0.05), Some((values[5], values[14])));
        assert_eq!(is_equivalent(&values, 0.05, 0.05), Some(true));
        assert_eq!(is_equivalent(&values, 0.04, 0.05), Some(false));
    }

    #[test]
    fn four_trials_show_no_sameness_and_a_death_spoils_it_only_at_the_ends() {
        assert_eq!(is_equivalent(&[0.0; 4], 1.0, 0.05), None);
        assert_eq!(is_equivalent(&[0.0; 5], 1.0, 0.05), Some(true));
        let mut values = vec![0.0; 20];
        values[3] = f64::INFINITY;
        assert_eq!(is_equivalent(&values, 0.1, 0.05), Some(true));
        assert_eq!(is_equivalent(&values[..5], 0.1, 0.05), Some(false));
    }
}
