//! Quantiles of a sample, and an interval for its median that assumes no distribution.
//!
//! Quantiles are linearly interpolated between order statistics (type 7 of Hyndman & Fan, "Sample
//! Quantiles in Statistical Packages", 1996; the default of numpy and R). The interval of the median
//! is [x₍ₗ₎, x₍ₙ₊₁₋ₗ₎] with the largest l such that P(Bin(n, ½) < l) ≤ 2.5 %: it covers with at least
//! 95 %, and needs 6 values. Infinite values are values like any other here.

use statrs::distribution::{Binomial, DiscreteCDF};

/// The q-quantile of values in ascending order; none of an empty sample.
pub fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = q.clamp(0.0, 1.0) * last as f64;
    let below = position.floor() as usize;
    let (low, high) = (sorted[below], sorted[(below + 1).min(last)]);
    let share = position - below as f64;
    // Not low + share·(high − low): with an infinite neighbour that is inf − inf.
    if share == 0.0 || low == high {
        return Some(low);
    }
    if low.is_infinite() || high.is_infinite() {
        return between_infinities(low, high);
    }
    Some(low * (1.0 - share) + high * share)
}

/// Any step towards an infinite neighbour is infinite; between −inf and inf there is no value.
fn between_infinities(low: f64, high: f64) -> Option<f64> {
    match (low.is_infinite(), high.is_infinite()) {
        (true, true) => None,
        (true, false) => Some(low),
        _ => Some(high),
    }
}

/// The 95 % interval of the median of values in ascending order; none of fewer than 6 values.
pub fn median_interval(sorted: &[f64]) -> Option<(f64, f64)> {
    median_interval_at(sorted, 0.05)
}

/// The same with probability 1 − α: it holds what the sign test of level α does not refuse.
pub fn median_interval_at(sorted: &[f64], alpha: f64) -> Option<(f64, f64)> {
    let n = sorted.len();
    let rank = median_rank(n, alpha / 2.0)?;
    Some((sorted[rank - 1], sorted[n - rank]))
}

/// The largest l ≥ 1 with P(Bin(n, ½) ≤ l − 1) at most `tail`, by bisection.
fn median_rank(n: usize, tail: f64) -> Option<usize> {
    let count = Binomial::new(0.5, n as u64).ok()?;
    let is_rare = |rank: usize| count.cdf(rank as u64 - 1) <= tail;
    let (mut rare, mut common) = (0, n / 2 + 1);
    while rare + 1 < common {
        let middle = rare.midpoint(common);
        if is_rare(middle) { rare = middle } else { common = middle }
    }
    (rare > 0).then_some(rare)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INF: f64 = f64::INFINITY;

    #[test]
    fn quantiles_agree_with_numpy() {
        let mut values = [2.5, -1.0, 4.0, 0.5, 3.25, 7.75, 1.5, 0.25, 9.0, 2.0];
        values.sort_by(f64::total_cmp);
        let numpy =
            [(0.05, -0.4375), (0.25, 0.75), (0.5, 2.25), (0.75, 3.8125), (0.95, 8.437499999999998)];
        for (q, expected) in numpy {
            assert!((quantile(&values, q).unwrap() - expected).abs() < 1e-14, "{q}");
        }
        assert_eq!(quantile(&values, 0.0), Some(-1.0));
        assert_eq!(quantile(&values, 1.0), Some(9.0));
    }

    #[test]
    fn quantiles_of_none_one_and_equal_values() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[3.0], 0.95), Some(3.0));
        assert_eq!(quantile(&[0.1; 7], 0.95), Some(0.1));
    }

    #[test]
    fn infinite_values_take_only_the_quantiles_they_reach() {
        let values = [1.0, 2.0, 3.0, INF];
        assert_eq!(quantile(&values, 0.5), Some(2.5));
        assert_eq!(quantile(&values, 0.75), Some(INF));
        assert_eq!(quantile(&[-INF, 0.0, 1.0], 0.25), Some(-INF));
        assert_eq!(quantile(&[-INF, INF], 0.5), None);
        assert_eq!(quantile(&[INF, INF], 0.3), Some(INF));
    }

    #[test]
    fn the_ranks_of_the_median_interval_are_those_of_the_binomial() {
        let scipy = [(6, 1), (7, 1), (9, 2), (20, 6), (25, 8), (50, 18), (100, 40), (101, 41)];
        for (n, rank) in scipy.into_iter().chain([(1000, 469), (1001, 470), (100_000, 49_690)]) {
            assert_eq!(median_rank(n, 0.025), Some(rank), "{n}");
        }
        assert!((0..6).all(|n| median_rank(n, 0.025).is_none()));
        // P(Bin(4, ½) = 0) = 1/16.
        assert_eq!((median_rank(4, 0.063), median_rank(4, 0.062)), (Some(1), None));
    }
}
