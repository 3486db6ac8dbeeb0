//! Wilcoxon's signed-rank test of paired differences, two-sided: a second opinion, which decides
//! nothing here.
//!
//! Zeros are dropped (as Wilcoxon did, and SciPy's `zero_method="wilcox"`); |d_i| that are equal share
//! the mean of their ranks; infinite ones rank above all others. W₊ is the sum of the ranks of
//! positive differences. Up to [`MOST_EXACT`] differences that are left, its distribution is exact,
//! given the ranks: every sign fair, and sums of doubled ranks, which are whole, counted by dynamic
//! programming; p = 2 min(P(W ≤ W₊), P(W ≥ W₊)), at most 1. Beyond, W₊ is normal with mean
//! Σr/2 and variance Σr²/4, which corrects for ties; without a correction for continuity, as SciPy.
//!
//! Assumes independent pairs and differences that are symmetric about their centre.
//! Source: Wilcoxon, "Individual Comparisons by Ranking Methods", 1945; Pratt, 1959, on zeros.

use statrs::distribution::{ContinuousCDF, Normal};

/// The most differences whose distribution is counted out.
pub const MOST_EXACT: usize = 50;

/// The p-value; 1 where every difference is 0, and none where there is none.
pub fn wilcoxon(differences: &[f64]) -> Option<f64> {
    if differences.is_empty() || differences.iter().any(|d| d.is_nan()) {
        return None;
    }
    let left: Vec<f64> = differences.iter().copied().filter(|d| *d != 0.0).collect();
    if left.is_empty() {
        return Some(1.0);
    }
    let doubled = doubled_ranks(&left);
    let positive: u64 = left.iter().zip(&doubled).filter(|(d, _)| **d > 0.0).map(|(_, r)| r).sum();
    Some(if left.len() <= MOST_EXACT {
        exact(&doubled, positive)
    } else {
        normal(&doubled, positive as f64)
    })
}

/// Twice the midrank of each size.
fn doubled_ranks(differences: &[f64]) -> Vec<u64> {
    let mut order: Vec<usize> = (0..differences.len()).collect();
    order.sort_by(|&a, &b| differences[a].abs().total_cmp(&differences[b].abs()));
    let mut ranks = vec![0; differences.len()];
    let mut below = 0;
    for ties in order.chunk_by(|&a, &b| differences[a].abs() == differences[b].abs()) {
        let rank = (2 * below + ties.len() + 1) as u64;
        ties.iter().for_each(|&place| ranks[place] = rank);
        below += ties.len();
    }
    ranks
}

fn exact(doubled: &[u64], positive: u64) -> f64 {
    let all = doubled.iter().sum::<u64>() as usize;
    let mut chances = vec![0.0; all + 1];
    chances[0] = 1.0;
    let mut largest = 0;
    for rank in doubled.iter().map(|rank| *rank as usize) {
        largest += rank;
        for sum in (0..=largest).rev() {
            let with = if sum >= rank { chances[sum - rank] } else { 0.0 };
            chances[sum] = 0.5 * (chances[sum] + with);
        }
    }
    let positive = positive as usize;
    let (below, above): (f64, f64) =
        (chances[..=positive].iter().sum(), chances[positive..].iter().sum());
    (2.0 * below.min(above)).min(1.0)
}

fn normal(doubled: &[u64], positive: f64) -> f64 {
    let sum: f64 = doubled.iter().map(|rank| *rank as f64).sum();
    let squares: f64 = doubled.iter().map(|rank| (*rank as f64).powi(2)).sum();
    let z = (positive - sum / 2.0) / (squares / 4.0).sqrt();
    2.0 * Normal::standard().sf(z.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_samples_are_counted_by_hand() {
        assert_eq!(wilcoxon(&[1.0, 2.0, 3.0]), Some(0.25));
        // Ranks 1.5, 1.5 and 3: P(W ≥ 4.5) = 3/8.
        assert_eq!(wilcoxon(&[1.0, -1.0, 2.0]), Some(0.75));
        assert_eq!(wilcoxon(&[1.0, 0.0, 2.0, 3.0]), Some(0.25));
    }

    #[test]
    fn infinite_differences_rank_above_all_others() {
        let (inf, big) = (f64::INFINITY, 1e9);
        assert_eq!(wilcoxon(&[inf, inf, 1.0, -0.5]), wilcoxon(&[big, big, 1.0, -0.5]));
    }

    #[test]
    fn nothing_but_zeros_says_nothing() {
        assert_eq!(wilcoxon(&[0.0; 5]), Some(1.0));
        assert_eq!(wilcoxon(&[]), None);
        assert_eq!(wilcoxon(&[1.0, f64::NAN]), None);
    }
}
