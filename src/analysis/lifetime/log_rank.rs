//! The log-rank test: do two groups of lineages last equally long?
//!
//! At each time with d events among n at risk, of which n₁ are of the first group, the first group has
//! d₁ events where d·n₁/n are expected, with the hypergeometric variance
//! d·(n₁/n)·(1 − n₁/n)·(n − d)/(n − 1). z = Σ(d₁ − expected)/√Σ variance is nearly standard normal.
//! Assumes independent groups. Arms of one experiment share founders and noise, which makes lifetimes
//! of one trial alike and z smaller than chance would: the test then finds too little rather than too
//! much.
//! Source: Mantel 1966; Peto & Peto 1972.

use super::Lifetime;
use statrs::distribution::{ContinuousCDF, Normal};

/// What the test found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogRank {
    /// Above 0 where the first group has more events than expected: it lasts less long.
    pub z: f64,
    /// Two-sided.
    pub p: f64,
}

/// The test of two groups; none where no event tells them apart.
pub fn log_rank(one: &[Lifetime], other: &[Lifetime]) -> Option<LogRank> {
    let over = one.iter().chain(other).filter(|lifetime| lifetime.is_over);
    let mut times: Vec<u32> = over.map(|lifetime| lifetime.time).collect();
    times.sort_unstable();
    times.dedup();
    let at_risk = |group: &[Lifetime], t| group.iter().filter(|l| l.time >= t).count() as f64;
    let events =
        |group: &[Lifetime], t| group.iter().filter(|l| l.is_over && l.time == t).count() as f64;
    let (mut excess, mut variance) = (0.0, 0.0);
    for t in times {
        let (n1, n2) = (at_risk(one, t), at_risk(other, t));
        let (d1, d2) = (events(one, t), events(other, t));
        let (n, d) = (n1 + n2, d1 + d2);
        excess += d1 - d * n1 / n;
        if n > 1.0 {
            variance += d * (n1 / n) * (n2 / n) * (n - d) / (n - 1.0);
        }
    }
    if variance <= 0.0 {
        return None;
    }
    let z = excess / f64::sqrt(variance);
    Some(LogRank { z, p: 2.0 * Normal::standard().cdf(-z.abs()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_and_two_by_hand() {
        // At 1: n = 4, one of group one, expected 1/2, variance 1/4. At 2: n = 3, n₁ = 1: one of group
        // two, expected 1/3, variance 2/9. At 3: n = 2, n₁ = 1: expected 1/2, variance 1/4.
        let one = [Lifetime::over(1), Lifetime::over(3)];
        let other = [Lifetime::over(2), Lifetime::censored(4)];
        let found = log_rank(&one, &other).expect("events");
        let excess = (1.0 - 0.5) + (0.0 - 1.0 / 3.0) + (1.0 - 0.5);
        assert!((found.z - excess / f64::sqrt(0.25 + 2.0 / 9.0 + 0.25)).abs() < 1e-14);
        let turned = log_rank(&other, &one).expect("events");
        assert!((turned.z + found.z).abs() < 1e-14 && (turned.p - found.p).abs() < 1e-14);
    }

    #[test]
    fn without_an_event_there_is_nothing_to_test() {
        assert_eq!(log_rank(&[Lifetime::censored(5); 3], &[Lifetime::censored(5); 3]), None);
        assert_eq!(log_rank(&[], &[Lifetime::over(5); 3]), None);
    }
}
