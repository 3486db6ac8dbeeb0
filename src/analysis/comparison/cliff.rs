//! Paired Cliff's delta: how often the sign of the difference is which.
//!
//! δ = (#{d_i > 0} − #{d_i < 0}) / n, in [−1, 1]; −1 where the arm loses less than its baseline in
//! every trial. It compares the two members of each pair, not all n² of them, as for independent
//! samples. The interval is that of a difference of two proportions of one multinomial sample: Wilson
//! limits of each, squared and added (Newcombe, "Improved Confidence Intervals for the Difference
//! between Binomial Proportions Based on Paired Data", 1998, method 10), with their correlation
//! −√(p₊p₋ / ((1 − p₊)(1 − p₋))). It has a width where all signs agree, too.
//! Source: Cliff, "Dominance Statistics", 1993.

use statrs::distribution::{ContinuousCDF, Normal};

/// A share of trials more in one direction than in the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cliff {
    pub delta: f64,
    pub low: f64,
    pub high: f64,
}

/// Delta and its interval at level 1 − α; none where there is no difference.
pub fn cliff(differences: &[f64], alpha: f64) -> Option<Cliff> {
    let n = differences.len() as f64;
    if differences.is_empty() {
        return None;
    }
    let share = |is: fn(&&f64) -> bool| differences.iter().filter(is).count() as f64 / n;
    let (up, down) = (share(|d| **d > 0.0), share(|d| **d < 0.0));
    let z = Normal::standard().inverse_cdf(1.0 - alpha / 2.0);
    let (up_limits, down_limits) = (wilson(up, n, z), wilson(down, n, z));
    let correlation = match (1.0 - up) * (1.0 - down) {
        _ if up + down >= 1.0 - 1e-12 => -1.0,
        others => -(up * down / others).sqrt(),
    };
    let reach = |a: f64, b: f64| (a * a - 2.0 * correlation * a * b + b * b).max(0.0).sqrt();
    let delta = up - down;
    let low = delta - reach(up - up_limits.0, down_limits.1 - down);
    let high = delta + reach(up_limits.1 - up, down - down_limits.0);
    Some(Cliff { delta, low: low.max(-1.0), high: high.min(1.0) })
}

/// Wilson's limits of a share.
fn wilson(share: f64, n: f64, z: f64) -> (f64, f64) {
    let scale = 1.0 + z * z / n;
    let centre = (share + z * z / (2.0 * n)) / scale;
    let reach = z / scale * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    ((centre - reach).max(0.0), (centre + reach).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: Cliff, (delta, low, high): (f64, f64, f64)) {
        let gaps = [found.delta - delta, found.low - low, found.high - high];
        assert!(gaps.iter().all(|gap| gap.abs() < 1e-9), "{found:?}");
    }

    #[test]
    fn signs_that_all_agree_have_the_limits_of_one_proportion() {
        // (n − z²)/(n + z²)
        let all = cliff(&[1.0; 20], 0.05).expect("differences");
        close(all, (1.0, 0.677_749_683_9, 1.0));
        let none = cliff(&[-f64::INFINITY; 20], 0.05).expect("differences");
        close(none, (-1.0, -1.0, -0.677_749_683_9));
    }

    #[test]
    fn ties_count_for_neither_side_and_leave_some_doubt() {
        let ties = cliff(&[0.0; 10], 0.05).expect("differences");
        assert!(ties.delta == 0.0 && ties.low < -0.2 && ties.high > 0.2, "{ties:?}");
        let mixed = cliff(&[1.0, 2.0, 0.0, -1.0], 0.05).expect("differences");
        assert!(mixed.delta == 0.25 && mixed.low < 0.0 && mixed.high < 1.0, "{mixed:?}");
        assert_eq!(cliff(&[], 0.05), None);
    }

    #[test]
    fn turning_the_differences_turns_the_interval() {
        let differences = [0.3, -0.1, 0.0, 2.0, 1.0, -5.0, 0.2];
        let turned: Vec<f64> = differences.iter().map(|d| -d).collect();
        let (one, other) = (cliff(&differences, 0.1).unwrap(), cliff(&turned, 0.1).unwrap());
        close(one, (-other.delta, -other.high, -other.low));
    }
}
