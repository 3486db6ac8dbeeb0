//! Sign-flip permutation test of the median paired difference: the one test that decides.
//!
//! Under the null hypothesis the two arms of a pair could change places, so every d_i could as well
//! be −d_i, independently of the others. The statistic is T = median of the d_i, two-sided:
//!
//! * 2ⁿ ≤ resamples: all assignments of signs, p = #{|T*| ≥ |T|} / 2ⁿ, exact;
//! * otherwise B random ones, p = (1 + #{|T*| ≥ |T|}) / (1 + B), which is valid for every B
//!   (Phipson & Smyth, "Permutation P-values Should Never Be Zero", 2010).
//!
//! Differences of one and the same size, such as those of lineages that died, would leave |T| where it
//! is whatever signs they have. So equal sizes are told apart: that of the earlier trial counts as
//! larger by a trifle that no other comparison notices. Sizes do not depend on signs, so the test stays
//! exact; where all sizes differ, it is the plain one. Medians that agree in twelve digits are equal.
//!
//! Assumes that pairs are independent, and nothing about the law of a difference but the symmetry
//! that the null hypothesis gives it. Infinite differences are flipped like others; the middle between
//! −∞ and ∞ is 0, and a median of 0 has p = 1. A median looks at the middle alone: fewer than 10 trials
//! cannot reach p = 0.05. What random signs estimate has a closed form, too: [`limit`](super::limit).
//! Source: Fisher, *The Design of Experiments*, 1935, §21; Good, *Permutation, Parametric and
//! Bootstrap Tests of Hypotheses*, 2005, §3.2; the order of equal sizes is ours.

use std::ops::ControlFlow;

use rand::Rng;

use super::middle;
use crate::stream::Stream;

/// Values above this share of another are as large.
const AS_LARGE: f64 = 1.0 - 1e-12;

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

/// A value, and the trifle that it counts for more than others of its size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Datum {
    pub value: f64,
    trifle: f64,
}

impl Datum {
    pub fn turned(self) -> Self {
        Datum { value: -self.value, trifle: -self.trifle }
    }

    /// The middle between two of them, with both their trifles; beside an infinite one, a finite one
    /// has none.
    fn middle(lower: Self, upper: Self) -> Self {
        let trifle = match (lower.value.is_finite(), upper.value.is_finite()) {
            (true, false) => upper.trifle,
            (false, true) => lower.trifle,
            _ => lower.trifle + upper.trifle,
        };
        Datum { value: middle(lower.value, upper.value), trifle }
    }

    /// Whether it is at least as large as another, which is positive.
    fn is_as_large(self, other: Self) -> bool {
        match self.value >= other.value * AS_LARGE {
            true if self.value * AS_LARGE > other.value => true,
            true => self.trifle >= other.trifle,
            false => false,
        }
    }
}

/// Differences by falling size, and where flips of their signs must take the median to.
///
/// |T*| ≥ |T| is decided by the signs alone. Let m = ⌈n/2⌉, and k the number of differences whose size
/// is at least |T|, which come first. With n odd, the median is ≥ |T| if m of these k are positive. With
/// n even, the upper middle is ≥ |T| if m of them are positive, both middles are if m + 1 are, and only
/// in between must they be added.
pub(super) struct Flips {
    pub sizes: Vec<Datum>,
    /// |T|.
    pub far: Datum,
    /// k.
    pub reach: usize,
}

impl Flips {
    pub fn of(differences: &[f64]) -> Option<Self> {
        if differences.is_empty() || differences.iter().any(|d| d.is_nan()) {
            return None;
        }
        let mut signed: Vec<Datum> =
            differences.iter().map(|value| Datum { value: *value, trifle: 0.0 }).collect();
        // A stable sort: of equal sizes the earlier trial comes first.
        signed.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()));
        for ties in signed.chunk_by_mut(|a, b| a.value.abs() == b.value.abs()) {
            let n = ties.len();
            for (place, datum) in ties.iter_mut().enumerate().filter(|(_, d)| d.value != 0.0) {
                datum.trifle = datum.value.signum() * (n - 1 - place) as f64;
            }
        }
        let size = |d: &Datum| if d.value < 0.0 { d.turned() } else { *d };
        let sizes: Vec<Datum> = signed.iter().map(size).collect();
        signed.sort_by(|a, b| {
            a.value.total_cmp(&b.value).then_with(|| a.trifle.total_cmp(&b.trifle))
        });
        let n = signed.len();
        let far = Datum::middle(signed[(n - 1) / 2], signed[n / 2]);
        let far = if far.value < 0.0 { far.turned() } else { far };
        let twice = |size: &Datum| Datum { trifle: 2.0 * size.trifle, ..*size };
        let reach = sizes.partition_point(|size| twice(size).is_as_large(far));
        Some(Self { sizes, far, reach })
    }

    /// Whether these signs, a bit each, take the median at least as far from 0, on either side.
    fn is_as_far(&self, signs: &[u64]) -> bool {
        if self.far.value == 0.0 {
            return true;
        }
        let ups = count_first(signs, self.reach);
        self.is_above(ups, signs, 0) || self.is_above(self.reach - ups, signs, u64::MAX)
    }

    /// Whether the median is ≥ |T| where `ups` of the far sizes are positive: those with a set bit
    /// after `turned`.
    fn is_above(&self, ups: usize, signs: &[u64], turned: u64) -> bool {
        let n = self.sizes.len();
        let half = n.div_ceil(2);
        if n % 2 == 1 || ups != half {
            return ups >= half;
        }
        let (lower, upper) = self.middles(signs, turned, half);
        self.are_far(lower, upper)
    }

    /// Whether the middle of these two is as far as |T|.
    pub fn are_far(&self, lower: Datum, upper: Datum) -> bool {
        Datum::middle(lower, upper).is_as_large(self.far)
    }

    /// The two in the middle of an even number of values, of which `half` are positive and far.
    fn middles(&self, signs: &[u64], turned: u64, half: usize) -> (Datum, Datum) {
        let is_positive = |i: usize| ((signs[i / 64] ^ turned) >> (i % 64)) & 1 == 1;
        let mut positive = 0;
        let (mut upper, mut lower) = (self.far, None);
        let found = self.sizes.iter().enumerate().try_for_each(|(i, size)| {
            if is_positive(i) {
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
            let last = (0..self.sizes.len()).rfind(|i| !is_positive(*i));
            lower = last.map(|i| self.sizes[i].turned());
        }
        (lower.unwrap_or(upper), upper)
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

    /// The differences with equal sizes a trifle apart, infinite ones as numbers beyond all others.
    fn apart(differences: &[f64]) -> Vec<f64> {
        let n = differences.len();
        let later = |i: usize| {
            let size = differences[i].abs();
            differences[i + 1..].iter().filter(|other| other.abs() == size).count()
        };
        let value = |i: usize| {
            let size = differences[i].abs().min(1e4);
            let trifle = if size > 0.0 { 1e-7 * later(i) as f64 } else { 0.0 };
            (size + trifle).copysign(differences[i])
        };
        (0..n).map(value).collect()
    }

    /// Every assignment, its median found by sorting.
    fn plain(differences: &[f64]) -> f64 {
        let n = differences.len();
        let differences = apart(differences);
        let size = |signs: u64| {
            let sign = |i: usize| if (signs >> i) & 1 == 1 { 1.0 } else { -1.0 };
            let mut flipped: Vec<f64> = (0..n).map(|i| differences[i] * sign(i)).collect();
            flipped.sort_unstable_by(f64::total_cmp);
            super::super::median(&flipped).abs()
        };
        let own = size(u64::MAX);
        let is_as_far = |signs: &u64| size(*signs) >= own * (1.0 - 1e-13);
        (0..1 << n).filter(is_as_far).count() as f64 / f64::from(1 << n)
    }

    #[test]
    fn all_assignments_are_counted_as_sorting_each_would_count_them() {
        let cases: [&[f64]; 12] = [
            &[1.0],
            &[0.5, -0.25],
            &[1.0, 2.0, 3.0, 4.0, 5.0],
            &[-0.3, 1.0, 0.7, 2.0, 0.1, 0.9],
            &[0.1, 0.3, 0.2, 0.2, -0.1, 0.4, 0.3, -0.2],
            &[0.0, 0.0, 1.0, -1.0, 2.0, 2.0, 2.0],
            &[0.0; 4],
            &[INF, 1.0, 2.0, -3.0],
            &[INF, -INF, 0.5, INF, INF],
            &[0.25, 0.25, 0.25, 0.5, 0.25, -0.25],
            &[-INF, -INF, -INF, -INF, 1.0],
            &[-INF, -INF, -INF, 1.0, INF, -2.0, 0.5],
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
        assert_eq!(exact(&[0.125; 11]), 0.03125);
        assert_eq!(exact(&[INF; 11]), 0.03125);
        assert_eq!(exact(&[0.0; 11]), 1.0);
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
