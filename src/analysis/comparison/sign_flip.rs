//! Sign-flip permutation test of the median paired difference: the one test that decides.
//!
//! Under the null hypothesis the two arms of a pair could change places, so every d_i could as well
//! be −d_i, independently of the others. The statistic is T = median of the d_i, two-sided:
//!
//! * 2ⁿ ≤ resamples: all assignments of signs, p = #{|T*| ≥ |T|} / 2ⁿ, exact;
//! * otherwise B random ones, p = (1 + #{|T*| ≥ |T|}) / (1 + B), which is valid for every B
//!   (Phipson & Smyth, "Permutation P-values Should Never Be Zero", 2010).
//!
//! Assumes that pairs are independent, and nothing about the law of a difference but the symmetry
//! that the null hypothesis gives it. Infinite differences are flipped like others, and the middle
//! between −∞ and ∞ is 0. A median looks at the middle alone: fewer than 10 trials cannot reach
//! p = 0.05, and where most differences are one and the same number no flip changes |T|, and p is 1.
//! Medians that agree in twelve digits are equal: rounding must not tell them apart.
//! What random signs estimate has a closed form, too: [`limit`](super::limit).
//! Source: Fisher, *The Design of Experiments*, 1935, §21; Good, *Permutation, Parametric and
//! Bootstrap Tests of Hypotheses*, 2005, §3.2.

use std::ops::ControlFlow;

use rand::Rng;

use super::{median, middle};
use crate::stream::Stream;

/// Sizes above this share of |T| are as far as |T|.
const AS_FAR: f64 = 1.0 - 1e-12;

/// The p-value of differences of any order; none where there is no difference.
pub fn sign_flip(differences: &[f64], resamples: usize, rng: &mut Stream) -> Option<f64> {
    let flips = Flips::of(differences)?;
    let n = differences.len();
    if n < usize::BITS as usize - 1 && 1 << n <= resamples {
        let all = 1_u64 << n;
        let hits = (0..all).filter(|signs| flips.is_as_far(&[*signs])).count();
        return Some(hits as f64 / all as f64);
    }
    let mut signs = vec![0; n.div_ceil(64)];
    let mut hits = 0;
    for _ in 0..resamples {
        signs.iter_mut().for_each(|word| *word = rng.next_u64());
        hits += usize::from(flips.is_as_far(&signs));
    }
    Some((1 + hits) as f64 / (1 + resamples) as f64)
}

/// Differences by falling size, and where flips of their signs must take the median to.
///
/// |T*| ≥ |T| is decided by the signs alone. Let m = ⌈n/2⌉, and k the number of differences with
/// |d| ≥ |T|, which come first. The median can be ≥ |T| only if the m largest of the flipped values
/// hold enough of these k: with n odd, m of them positive. With n even, the upper middle is ≥ |T| if
/// m of them are positive, both middles are if m + 1 are, and only in between must they be added.
pub(super) struct Flips {
    pub sizes: Vec<f64>,
    pub far: f64,
    /// How many sizes are at least `far`.
    pub reach: usize,
}

impl Flips {
    pub fn of(differences: &[f64]) -> Option<Self> {
        if differences.is_empty() || differences.iter().any(|d| d.is_nan()) {
            return None;
        }
        let mut sorted = differences.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let far = median(&sorted).abs() * AS_FAR;
        let mut sizes: Vec<f64> = sorted.iter().map(|d| d.abs()).collect();
        sizes.sort_unstable_by(|a, b| b.total_cmp(a));
        let reach = sizes.partition_point(|size| *size >= far);
        Some(Self { sizes, far, reach })
    }

    /// Whether these signs, a bit each, take the median at least as far from 0, on either side.
    fn is_as_far(&self, signs: &[u64]) -> bool {
        if self.far == 0.0 {
            return true;
        }
        let ups = count_first(signs, self.reach);
        self.is_above(ups, signs, 0) || self.is_above(self.reach - ups, signs, u64::MAX)
    }

    /// Whether the median is ≥ `far` where `ups` of the far sizes are positive: those with a set bit
    /// after `turned`.
    fn is_above(&self, ups: usize, signs: &[u64], turned: u64) -> bool {
        let n = self.sizes.len();
        let half = n.div_ceil(2);
        if n % 2 == 1 || ups != half {
            return ups >= half;
        }
        self.middles(signs, turned, half) >= self.far
    }

    /// The middle of an even number of values, the upper one of which is the `half`-th positive.
    fn middles(&self, signs: &[u64], turned: u64, half: usize) -> f64 {
        let mut positive = 0;
        let (mut upper, mut lower) = (0.0, None);
        let found = self.sizes.iter().enumerate().try_for_each(|(i, size)| {
            if ((signs[i / 64] ^ turned) >> (i % 64)) & 1 == 1 {
                positive += 1;
                if positive == half {
                    upper = *size;
                } else if positive > half {
                    lower = Some(*size);
                    return ControlFlow::Break(());
                }
            }
            ControlFlow::Continue(())
        });
        // Half of them are negative: the next one down is the smallest of those.
        if found.is_continue() {
            let is_negative = |i: &usize| ((signs[i / 64] ^ turned) >> (i % 64)) & 1 == 0;
            lower = (0..self.sizes.len()).rfind(is_negative).map(|i| -self.sizes[i]);
        }
        middle(lower.unwrap_or(upper), upper)
    }
}

/// How many of the first `n` bits are set.
fn count_first(words: &[u64], n: usize) -> usize {
    let whole: u32 = words[..n / 64].iter().map(|word| word.count_ones()).sum();
    let rest = n % 64;
    let last = if rest > 0 { (words[n / 64] & ((1 << rest) - 1)).count_ones() } else { 0 };
    (whole + last) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{Role, stream};

    const INF: f64 = f64::INFINITY;

    fn rng() -> Stream {
        stream(1, 0, 0, Role::compare("test"))
    }

    fn exact(differences: &[f64]) -> f64 {
        sign_flip(differences, 1 << differences.len(), &mut rng()).expect("differences")
    }

    /// Every assignment, its median found by sorting.
    fn plain(differences: &[f64]) -> f64 {
        let n = differences.len();
        let size = |signs: u64| {
            let sign = |i: usize| if (signs >> i) & 1 == 1 { 1.0 } else { -1.0 };
            let mut flipped: Vec<f64> = (0..n).map(|i| differences[i] * sign(i)).collect();
            flipped.sort_unstable_by(f64::total_cmp);
            median(&flipped).abs()
        };
        let own = size(u64::MAX);
        let is_as_far = |signs: &u64| size(*signs) >= own * AS_FAR;
        (0..1 << n).filter(is_as_far).count() as f64 / f64::from(1 << n)
    }

    #[test]
    fn all_assignments_are_counted_as_sorting_each_would_count_them() {
        let cases: [&[f64]; 10] = [
            &[1.0],
            &[0.5, -0.25],
            &[1.0, 2.0, 3.0, 4.0, 5.0],
            &[-0.3, 1.0, 0.7, 2.0, 0.1, 0.9],
            &[0.1, 0.3, 0.2, 0.2, -0.1, 0.4, 0.3, -0.2],
            &[0.0, 0.0, 1.0, -1.0, 2.0, 2.0, 2.0],
            &[0.0; 4],
            &[INF, 1.0, 2.0, -3.0],
            &[INF, -INF, 0.5, INF, INF, -1.0],
            &[INF, INF, INF, -INF, -INF, -INF],
        ];
        for differences in cases {
            assert_eq!(exact(differences), plain(differences), "{differences:?}");
        }
    }

    #[test]
    fn five_trials_in_one_direction_are_not_enough_and_eleven_are() {
        let of = |n: u32| (1..=n).map(f64::from).collect::<Vec<f64>>();
        assert_eq!(exact(&of(5)), 0.25);
        assert_eq!(exact(&of(11)), 0.03125);
        assert_eq!(exact(&[0.125; 11]), 1.0);
    }

    #[test]
    fn random_signs_give_nearly_the_p_value_of_all_of_them() {
        let differences: Vec<f64> = (0..14).map(|i| f64::from(i * i % 23) - 6.5).collect();
        let all = exact(&differences);
        let some = sign_flip(&differences, 10_000, &mut rng()).expect("differences");
        assert!((some - all).abs() < 4.0 * (all * (1.0 - all) / 1e4).sqrt(), "{some} {all}");
        assert_ne!(some, all);
    }

    #[test]
    fn no_difference_has_no_p_value_and_one_has_1() {
        assert_eq!(sign_flip(&[], 100, &mut rng()), None);
        assert_eq!(sign_flip(&[f64::NAN, 1.0], 100, &mut rng()), None);
        assert_eq!(sign_flip(&[3.0], 100, &mut rng()), Some(1.0));
    }
}
