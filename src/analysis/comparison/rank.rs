//! Mean ranks of arms: where each stands among all arms, trial by trial.
//!
//! In each trial the losses of K arms are ranked, the least with rank 1 and equal ones with the mean of
//! their ranks; extinct lineages share the last ranks. The mean over trials lies between 1 and K, and
//! (K + 1)/2 is what chance gives. Its interval is r̄ ± z s/√n, within [1, K], of two trials or more.
//! A description, not a test. Source: Demšar, "Statistical Comparisons of Classifiers over Multiple
//! Data Sets", 2006.

use statrs::distribution::{ContinuousCDF, Normal};

use super::super::moment::{mean, standard_deviation};

/// The mean rank of one arm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanRank {
    pub rank: f64,
    pub interval: Option<(f64, f64)>,
}

/// The mean rank of each arm; a row of `losses` holds one trial of all arms. None without a trial.
pub fn mean_ranks(losses: &[Vec<f64>], alpha: f64) -> Option<Vec<MeanRank>> {
    let arms = losses.first()?.len();
    let ranks: Vec<Vec<f64>> = losses.iter().map(|row| midranks(row)).collect();
    let z = Normal::standard().inverse_cdf(1.0 - alpha / 2.0);
    let of = |arm: usize| {
        let own: Vec<f64> = ranks.iter().map(|row| row[arm]).collect();
        let rank = mean(&own)?;
        let reach = standard_deviation(&own).map(|sd| z * sd / (own.len() as f64).sqrt());
        let interval =
            reach.map(|reach| ((rank - reach).max(1.0), (rank + reach).min(arms as f64)));
        Some(MeanRank { rank, interval })
    };
    (0..arms).map(of).collect()
}

fn midranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0;
    for ties in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let rank = below as f64 + (ties.len() as f64 + 1.0) / 2.0;
        ties.iter().for_each(|&place| ranks[place] = rank);
        below += ties.len();
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_loss_ranks_first_and_the_dead_share_the_last_ranks() {
        let inf = f64::INFINITY;
        assert_eq!(midranks(&[0.3, inf, 0.1, inf]), [2.0, 3.5, 1.0, 3.5]);
        let ranks = mean_ranks(&[vec![1.0, 2.0], vec![3.0, 1.0], vec![0.0, inf]], 0.05).unwrap();
        assert!((ranks[0].rank - 4.0 / 3.0).abs() < 1e-12);
        assert!((ranks[0].rank + ranks[1].rank - 3.0).abs() < 1e-12);
        assert!(ranks[0].interval.is_some_and(|(low, high)| low == 1.0 && high <= 2.0));
        assert_eq!(mean_ranks(&[], 0.05), None);
    }
}
