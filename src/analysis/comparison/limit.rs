//! The p-value of the sign-flip test over all 2ⁿ assignments of signs, in closed form.
//!
//! With |T| > 0, both tails are alike and exclude each other: p = 2 P(median of ±|d_i| ≥ |T|), the
//! signs independent and fair. Let k be the number of sizes |d_i| ≥ |T|, equal
//! ones told apart as there. With n odd and m = (n + 1)/2,
//! p = 2 P(Bin(k, ½) ≥ m). With n = 2m, p lies between 2 P(Bin(k, ½) ≥ m + 1) and 2 P(Bin(k, ½) ≥ m);
//! in between, where m of the k are positive, both middles are known from the order of sizes: the
//! upper one is the j-th size with probability C(j, m − 1) 2⁻ᵏ, j counted from 0, and the lower one is
//! the next positive size, each step away half as likely as the one before.
//!
//! It is what [`sign_flip`](super::sign_flip) estimates with random signs. Source: the counting is
//! ours; tests hold it to enumeration.

use std::f64::consts::LN_2;

use statrs::distribution::{Binomial, DiscreteCDF};
use statrs::function::factorial::ln_binomial;

use super::sign_flip::Flips;

/// The tails that samples of one size need.
pub struct Limit {
    n: usize,
    /// For each k, P(Bin(k, ½) ≥ m), and the same of m + 1 where n is even.
    tails: Vec<(f64, f64)>,
}

impl Limit {
    /// For samples of n differences.
    pub fn of_size(n: usize) -> Self {
        let half = n.div_ceil(2);
        let tails = (0..=n).map(|k| {
            let most = tail(k, half);
            (most, if n.is_multiple_of(2) { tail(k, half + 1) } else { most })
        });
        Self { n, tails: tails.collect() }
    }

    /// The least and the largest that p can be where k sizes are at least |T| > 0.
    pub fn bounds(&self, k: usize) -> (f64, f64) {
        let (high, low) = self.tails[k];
        ((2.0 * low).min(1.0), (2.0 * high).min(1.0))
    }

    /// The p-value of n differences, in any order.
    pub fn p(&self, differences: &[f64]) -> Option<f64> {
        let flips = Flips::of(differences).filter(|_| differences.len() == self.n)?;
        if flips.far.value == 0.0 {
            return Some(1.0);
        }
        let (low, _) = self.bounds(flips.reach);
        let between = if self.n.is_multiple_of(2) { 2.0 * between(&flips) } else { 0.0 };
        Some((low + between).min(1.0))
    }
}

/// The p-value of differences in any order; none where there is no difference.
pub fn limit(differences: &[f64]) -> Option<f64> {
    Limit::of_size(differences.len()).p(differences)
}

/// P(Bin(k, ½) ≥ m).
fn tail(k: usize, m: usize) -> f64 {
    match (m, Binomial::new(0.5, k as u64)) {
        (0, _) => 1.0,
        (_, Ok(count)) if m <= k => count.sf(m as u64 - 1),
        _ => 0.0,
    }
}

/// The probability that exactly m of the far sizes are positive, and the middles still far enough.
fn between(flips: &Flips) -> f64 {
    let (n, k, half) = (flips.sizes.len(), flips.reach, flips.sizes.len() / 2);
    let sizes = &flips.sizes;
    let upper_at = |j: usize| {
        let ln = ln_binomial(j as u64, half as u64 - 1) - k as f64 * LN_2;
        let upper = sizes[j];
        // The lower middle falls along the sizes: a positive one after the k, then a negative one.
        let reached = sizes[k..].partition_point(|lower| flips.are_far(*lower, upper));
        let mut share = 1.0 - 0.5_f64.powi(reached as i32);
        if reached == n - k && j + 1 < n && flips.are_far(sizes[n - 1].turned(), upper) {
            share = 1.0;
        }
        ln.exp() * share
    };
    (half - 1..k).map(upper_at).sum()
}

#[cfg(test)]
mod tests {
    use super::super::sign_flip::sign_flip;
    use super::*;
    use crate::stream::{Role, stream};

    #[test]
    fn the_closed_form_is_what_enumeration_counts() {
        const INF: f64 = f64::INFINITY;
        let mut cases: Vec<Vec<f64>> = vec![
            vec![1.0],
            vec![1.0, -2.0],
            vec![0.0; 4],
            vec![0.25; 8],
            vec![INF, 1.0, 2.0, -3.0],
            vec![INF, INF, INF, -INF, 1.0, 0.0],
            vec![3.0, 3.0, -1.0, -1.0, 0.0, 2.0],
            vec![5.0, 4.0, 3.0, -0.1],
        ];
        for n in 2..=13_usize {
            for salt in 1..=6_usize {
                let value = |i: usize| ((i * 7 + salt * 13) * (i + salt) % 19) as f64 - 6.0;
                cases.push((0..n).map(value).collect());
                cases.push((0..n).map(|i| value(i) + 0.37 * i as f64 + salt as f64).collect());
            }
        }
        let mut rng = stream(1, 0, 0, Role::compare("test"));
        for differences in cases {
            let counted = sign_flip(&differences, 1 << 13, &mut rng).expect("differences");
            let closed = limit(&differences).expect("differences");
            assert!((counted - closed).abs() < 1e-12, "{differences:?}: {counted} {closed}");
        }
    }

    #[test]
    fn thousands_of_differences_do_not_underflow() {
        for n in [5000_usize, 5001] {
            let differences: Vec<f64> = (0..n).map(|i| i as f64 / n as f64 - 0.49).collect();
            let p = limit(&differences).expect("differences");
            assert!(p > 0.0 && p < 1.0, "{p}");
        }
        assert_eq!(limit(&[]), None);
    }
}
