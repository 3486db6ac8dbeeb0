//! What the median lineage does, and in how many lineages something rose.
//!
//! The interval is the one by order statistics, [x₍ₗ₎, x₍ₙ₊₁₋ₗ₎]: the two-sided sign test turned around, so
//! that intervals and p-values speak one language. The one-sided test has p = P(Bin(u + d, ½) ≥ u), u
//! lineages up and d down; those that stay count for neither side. It refuses with half of the evidence: p
//! may be below α where the interval with probability 1 − α just reaches 0.
//! Assumes independent lineages and nothing about their law; the sign-flip test of a comparison of arms
//! asks for symmetry besides, which holds where arms could change places, and not along a lineage.
//! Source: Dixon & Mood, "The Statistical Sign Test", 1946.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::super::quantile::{median_interval_at, quantile};

/// A median over lineages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Centre {
    pub n: usize,
    pub median: f64,
    /// Too few lineages have none.
    pub interval: Option<(f64, f64)>,
}

impl Centre {
    /// The median of values in any order, its interval with probability 1 − α; none of no value.
    pub fn of(values: &[f64], alpha: f64) -> Option<Self> {
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let interval = median_interval_at(&sorted, alpha);
        Some(Self { n: sorted.len(), median: quantile(&sorted, 0.5)?, interval })
    }

    /// The median and both ends after a map that does not turn their order.
    pub fn map(self, to: impl Fn(f64) -> f64) -> Self {
        let interval = self.interval.map(|(low, high)| (to(low), to(high)));
        Self { n: self.n, median: to(self.median), interval }
    }
}

/// How many differences have which sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs {
    pub up: usize,
    pub down: usize,
}

impl Signs {
    pub fn of(differences: &[f64]) -> Self {
        let count = |is: fn(&&f64) -> bool| differences.iter().filter(is).count();
        Self { up: count(|d| **d > 0.0), down: count(|d| **d < 0.0) }
    }

    /// The probability of as many ups where up and down are equally likely.
    pub fn p(self) -> f64 {
        let n = (self.up + self.down) as u64;
        match (self.up.checked_sub(1), Binomial::new(0.5, n)) {
            (Some(below), Ok(count)) => count.sf(below as u64),
            _ => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_test_by_hand() {
        assert!((Signs { up: 5, down: 0 }.p() - 1.0 / 32.0).abs() < 1e-12);
        assert!((Signs { up: 4, down: 1 }.p() - 6.0 / 32.0).abs() < 1e-12);
        assert_eq!(Signs { up: 0, down: 3 }.p(), 1.0);
        assert_eq!(Signs::of(&[0.0; 9]).p(), 1.0);
        let mixed = Signs::of(&[1.0, f64::INFINITY, 0.0, -2.0]);
        assert_eq!(mixed, Signs { up: 2, down: 1 });
        assert!(Signs { up: 5000, down: 0 }.p() >= 0.0);
    }

    #[test]
    fn a_median_of_few_has_no_interval() {
        let one = Centre::of(&[3.0], 0.05).expect("a value");
        assert_eq!((one.n, one.median, one.interval), (1, 3.0, None));
        let six = Centre::of(&[6.0, 1.0, 2.0, 5.0, 4.0, f64::INFINITY], 0.05).expect("values");
        assert_eq!((six.median, six.interval), (4.5, Some((1.0, f64::INFINITY))));
        assert_eq!(Centre::of(&[], 0.05), None);
    }
}
