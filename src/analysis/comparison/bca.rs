//! BCa bootstrap intervals of the mean and of the median difference.
//!
//! From B resamples of the n differences, with replacement, and their statistics θ*: the interval of
//! level 1 − α runs between the quantiles of the θ* at Φ(z₀ + (z₀ + z) / (1 − a(z₀ + z))), z = Φ⁻¹ of
//! α/2 and of 1 − α/2. The bias is z₀ = Φ⁻¹(share of θ* below θ, ties counted half), the acceleration
//! a = Σ u³ / (6 (Σ u²)^{3/2}), u_i = mean of the jackknife values − the i-th; 0 where they are all
//! equal or one is infinite. Quantiles are of type 7, as everywhere.
//!
//! Assumes independent pairs. A mean exists only where every difference is finite, so not where a
//! lineage died; one trial has no interval, and of a few the interval is too narrow, since resamples
//! cannot leave the range of the data.
//! Source: Efron, "Better Bootstrap Confidence Intervals", 1987; Efron & Tibshirani, 1993, §14.3.

use rand::Rng;
use statrs::distribution::{ContinuousCDF, Normal};

use super::super::quantile::quantile;
use super::{median, middle};
use crate::stream::Stream;

/// The ends of an interval.
pub type Interval = (f64, f64);

/// Means and medians of resamples of one sample.
pub struct Bootstrap {
    sorted: Vec<f64>,
    /// In ascending order; none where a difference is infinite.
    means: Option<Vec<f64>>,
    medians: Vec<f64>,
}

impl Bootstrap {
    /// Draws the resamples of differences in any order; none of fewer than two.
    pub fn of(differences: &[f64], resamples: usize, rng: &mut Stream) -> Option<Self> {
        let n = differences.len();
        if n < 2 || resamples == 0 || differences.iter().any(|d| d.is_nan()) {
            return None;
        }
        let mut sorted = differences.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let has_mean = sorted.iter().all(|d| d.is_finite());
        let (mut means, mut medians) = (Vec::new(), Vec::with_capacity(resamples));
        let mut counts = vec![0_u32; n];
        for _ in 0..resamples {
            draw(&mut counts, rng);
            medians.push(middle(at(&sorted, &counts, (n - 1) / 2), at(&sorted, &counts, n / 2)));
            if has_mean {
                let terms = sorted.iter().zip(&counts).map(|(d, count)| d * f64::from(*count));
                means.push(terms.sum::<f64>() / n as f64);
            }
        }
        medians.sort_unstable_by(f64::total_cmp);
        means.sort_unstable_by(f64::total_cmp);
        Some(Self { sorted, means: has_mean.then_some(means), medians })
    }

    /// The interval of the median difference.
    pub fn of_median(&self, alpha: f64) -> Interval {
        bca(&self.medians, median(&self.sorted), &medians_without_one(&self.sorted), alpha)
    }

    /// The interval of the mean difference, where there is a mean.
    pub fn of_mean(&self, alpha: f64) -> Option<Interval> {
        let means = self.means.as_ref()?;
        let n = self.sorted.len() as f64;
        let sum: f64 = self.sorted.iter().sum();
        let without = |d: &f64| (sum - d) / (n - 1.0);
        let jackknife: Vec<f64> = self.sorted.iter().map(without).collect();
        let (low, high) = bca(means, sum / n, &jackknife, alpha);
        (low.is_finite() && high.is_finite()).then_some((low, high))
    }
}

/// The BCa interval of a statistic: its values in resamples, ascending, and with each datum left out.
pub fn bca(resampled: &[f64], observed: f64, jackknife: &[f64], alpha: f64) -> Interval {
    let normal = Normal::standard();
    let (below, upto) = (
        resampled.partition_point(|value| *value < observed),
        resampled.partition_point(|value| *value <= observed),
    );
    let all = resampled.len() as f64;
    // Where no resample lies on one side, half a resample does.
    let share = ((below + upto) as f64 / (2.0 * all)).clamp(0.5 / all, 1.0 - 0.5 / all);
    let (bias, acceleration) = (normal.inverse_cdf(share), acceleration(jackknife));
    let level = |z: f64| {
        let moved = bias + z;
        normal.cdf(bias + moved / (1.0 - acceleration * moved))
    };
    let z = normal.inverse_cdf(1.0 - alpha / 2.0);
    // Between −∞ and ∞ there is no value: each end takes its own.
    let low = quantile(resampled, level(-z)).unwrap_or(f64::NEG_INFINITY);
    let high = quantile(resampled, level(z)).unwrap_or(f64::INFINITY);
    (low, high)
}

fn acceleration(jackknife: &[f64]) -> f64 {
    let mean = jackknife.iter().sum::<f64>() / jackknife.len() as f64;
    let size = jackknife.iter().fold(0.0, |size: f64, value| size.max((mean - value).abs()));
    if !(size > 0.0 && size.is_finite()) {
        return 0.0;
    }
    let power = |k: i32| jackknife.iter().map(|value| ((mean - value) / size).powi(k)).sum::<f64>();
    power(3) / (6.0 * power(2).powf(1.5))
}

/// The median of what is left without each of the values, which are in ascending order.
fn medians_without_one(sorted: &[f64]) -> Vec<f64> {
    let n = sorted.len();
    let without = |i: usize| {
        let place = |rank: usize| sorted[if rank < i { rank } else { rank + 1 }];
        middle(place((n - 2) / 2), place((n - 1) / 2))
    };
    (0..n).map(without).collect()
}

/// How often each of n values is drawn in n draws; a value is favoured by n 2⁻³² at most.
fn draw(counts: &mut [u32], rng: &mut Stream) {
    counts.fill(0);
    let n = counts.len();
    let mut place = |bits: u64| counts[((bits * n as u64) >> 32) as usize] += 1;
    for _ in 0..n / 2 {
        let bits = rng.next_u64();
        place(bits >> 32);
        place(bits & 0xffff_ffff);
    }
    if n % 2 == 1 {
        place(rng.next_u64() >> 32);
    }
}

/// The value of a rank, counted from 0, of a resample.
fn at(sorted: &[f64], counts: &[u32], rank: usize) -> f64 {
    let mut seen = 0;
    let place = counts.iter().position(|count| {
        seen += *count as usize;
        seen > rank
    });
    sorted[place.unwrap_or(sorted.len() - 1)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{Role, stream};

    const INF: f64 = f64::INFINITY;

    fn of(differences: &[f64]) -> Option<Bootstrap> {
        Bootstrap::of(differences, 2000, &mut stream(1, 0, 0, Role::compare("test")))
    }

    #[test]
    fn one_trial_has_no_interval_and_equal_ones_have_a_point() {
        assert!(of(&[1.0]).is_none() && of(&[]).is_none());
        let equal = of(&[0.1; 9]).expect("a bootstrap");
        assert_eq!(equal.of_median(0.05), (0.1, 0.1));
        let (low, high) = equal.of_mean(0.05).expect("a mean");
        assert!((low - 0.1).abs() < 1e-15 && (high - 0.1).abs() < 1e-15);
    }

    #[test]
    fn a_death_leaves_no_mean_and_a_median_with_an_interval() {
        let died = of(&[0.5, 0.4, 0.6, INF, 0.3, 0.55, 0.45, 0.2, 0.7]).expect("a bootstrap");
        assert_eq!(died.of_mean(0.05), None);
        let (low, high) = died.of_median(0.05);
        assert!((0.2..0.5).contains(&low) && high >= 0.5, "{low} {high}");
        let (low, high) = of(&[-INF, INF, -INF, INF]).expect("a bootstrap").of_median(0.05);
        assert_eq!((low, high), (-INF, INF));
    }

    #[test]
    fn the_interval_of_a_mean_is_near_that_of_student_where_that_is_right() {
        let values: Vec<f64> = (0..100).map(|i| f64::from(i * 37 % 100) / 10.0).collect();
        let (low, high) = of(&values).expect("a bootstrap").of_mean(0.05).expect("a mean");
        assert!((low - 4.374).abs() < 0.06 && (high - 5.526).abs() < 0.06, "{low} {high}");
    }

    #[test]
    fn leaving_one_out_moves_the_median_to_its_neighbours() {
        assert_eq!(medians_without_one(&[1.0, 2.0, 4.0]), [3.0, 2.5, 1.5]);
        assert_eq!(medians_without_one(&[1.0, 2.0, 4.0, 8.0]), [4.0, 4.0, 2.0, 2.0]);
    }
}
