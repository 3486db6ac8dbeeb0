//! A family for which keeping all data does not help: consistent, and its likelihood is not smooth.
//!
//! Numbers from 0 to 2. Plain members, 0 ≤ α ≤ ¼: (1 − α)U[0, 1 − 2α] + αU[1, 1 + α]. Spiked members,
//! 0 < s ≤ ¼: ½U[0, 2] + ½U[1 + s, 1 + s + f(s)], with the width f(s) = e^(−4/s²). The fit is the exact
//! maximum of the (weighted) likelihood over both.
//! Generation 1 of the world U[0, 1] is the plain member α = (1 − largest sample)/2, about 1/(2n): it
//! tends to the truth. But it puts that mass above 1, where no real sample lies, and as soon as one of
//! n offspring lands there, at 1 + s with s < α, the spike at s is worth 4/s² > n² nats, against ln 4
//! for each of the others: from then on half of all mass sits on an interval that no computer can tell
//! from a number. The probability of that in generation 2 is about ⅓ for every n, and 1 − 2/(t + 1) by
//! generation t, under `accumulate`, which keeps every sample (theory: `spike::spared`).
//! Under collapse: the mean leaps from ½ to 1, at once; before it, nothing shows.
//! Cost: O(n log n).
//! Source: Barzilai & Shamir 2025 (arXiv 2505.19046), section 5. Theirs is the finding, that beyond
//! consistency something must be assumed (they assume smoothness), or the second fit can collapse with a
//! probability that n does not lower, and the device, a uniform bulk ending at 1 − 2α beside mass α on an
//! interval that shrinks super-fast. The two kinds of members, their numbers and the proof above are
//! our own reading of it.
//! Not to be confused with `mixture`, whose spikes a covariance floor prevents.

use super::{Bench, Family, FitError, Kin, Misfit};
use crate::distribution::{Piece, Uniforms};
use crate::samples::{PointShape, Points, Samples, TrainingSet};
use crate::stream::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// α and s end here.
const MOST: f64 = 0.25;

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Spike {}

/// A member, by its parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Member {
    Plain(f64),
    Spiked(f64),
}

impl Member {
    fn law(self) -> Uniforms {
        Uniforms::new(match self {
            Member::Plain(alpha) => {
                vec![Piece::new(1.0 - alpha, 0.0, 1.0 - 2.0 * alpha), Piece::new(alpha, 1.0, alpha)]
            }
            Member::Spiked(s) => {
                let spike = Piece { mass: 0.5, start: 1.0 + s, ln_width: ln_width(s) };
                vec![Piece::new(0.5, 0.0, 2.0), spike]
            }
        })
    }
}

/// ln f(s). At s = ¼ already e^−64, so that samples of a spike are all the same number.
fn ln_width(s: f64) -> f64 {
    -4.0 / (s * s)
}

impl Family for Spike {
    type Data = Points;
    type Model = Uniforms;

    fn fit(
        &self,
        data: &TrainingSet<'_, Points>,
        _kin: Kin<'_, Uniforms>,
        _bench: &Bench<'_, Points>,
        _rng: &mut Stream,
    ) -> Result<Uniforms, FitError> {
        let family = "spike";
        let (points, weights) =
            data.gathered().ok_or(FitError::TooFew { family, needs: 1, got: 0 })?;
        if !points.is_finite() {
            return Err(FitError::NotFinite { family });
        }
        let numbers = points.as_slice();
        if let Some(&got) = numbers.iter().find(|x| !(0.0..=2.0).contains(*x)) {
            return Err(FitError::OutOfRange { family, needs: "numbers from 0 to 2", got });
        }
        let weights = weights.unwrap_or_else(|| vec![1.0; numbers.len()]);
        let weighted: Vec<(f64, f64)> = numbers.iter().copied().zip(weights).collect();
        Ok(likeliest(weighted).law())
    }

    fn check(&self, shape: &PointShape) -> Result<(), Misfit> {
        match shape.dimension {
            1 => Ok(()),
            d => Err(Misfit {
                reason: format!("spike needs points of dimension 1, and these have {d}"),
                help: "choose a world of numbers from 0 to 2, such as `uniform`".into(),
            }),
        }
    }
}

/// The member of the largest likelihood; a plain one where a spiked one is no better.
fn likeliest(mut weighted: Vec<(f64, f64)>) -> Member {
    weighted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (spiked, ln_spiked) = best_spiked(&weighted);
    match best_plain(&weighted) {
        Some((plain, ln_plain)) if ln_plain >= ln_spiked => plain,
        _ => spiked,
    }
}

/// The largest α whose bulk still reaches the largest sample below 1: the likelihood grows with α, and
/// mass α on an interval of width α is worth nothing. `None` where that misses a sample above 1.
fn best_plain(sorted: &[(f64, f64)]) -> Option<(Member, f64)> {
    let bulk = sorted.partition_point(|(x, _)| *x < 1.0);
    let (below, above) = sorted.split_at(bulk);
    let reach = below.last().map_or(MOST, |(x, _)| 0.5 * (1.0 - x));
    let alpha = reach.min(MOST);
    if above.last().is_some_and(|(x, _)| *x > 1.0 + alpha) {
        return None;
    }
    let weight: f64 = below.iter().map(|(_, weight)| weight).sum();
    Some((Member::Plain(alpha), weight * ((1.0 - alpha) / (1.0 - 2.0 * alpha)).ln()))
}

/// The spike on the samples that gain most; at ¼, where there is none that a spike can reach.
fn best_spiked(sorted: &[(f64, f64)]) -> (Member, f64) {
    let plain = 0.25_f64.ln();
    let total: f64 = sorted.iter().map(|(_, weight)| weight).sum();
    let spikes = sorted.chunk_by(|a, b| a.0 == b.0).filter_map(|same| {
        let s = Some(same[0].0 - 1.0).filter(|s| *s > 0.0 && *s <= MOST)?;
        let weight: f64 = same.iter().map(|(_, weight)| weight).sum();
        // ¼ + ½/f(s), of which the quarter is too small to be seen.
        let gain = weight * (0.5_f64.ln() - ln_width(s) - plain);
        Some((Member::Spiked(s), total * plain + gain))
    });
    let nowhere = (Member::Spiked(MOST), total * plain);
    spikes.fold(nowhere, |best, next| if next.1 > best.1 { next } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: &[f64]) -> Member {
        likeliest(numbers.iter().map(|&x| (x, 1.0)).collect())
    }

    #[test]
    fn real_samples_choose_the_bulk_that_ends_at_the_largest_of_them() {
        assert_eq!(of(&[0.2, 0.9, 0.5]), Member::Plain(0.5 * (1.0 - 0.9)));
        assert_eq!(of(&[0.1, 0.2]), Member::Plain(0.25));
        let pieces = of(&[0.2, 0.875]).law();
        assert_eq!(
            pieces.pieces(),
            [Piece::new(0.9375, 0.0, 0.875), Piece::new(0.0625, 1.0, 0.0625)]
        );
    }

    #[test]
    fn one_sample_above_one_takes_half_of_the_mass() {
        let mut numbers = vec![0.5; 60];
        numbers.extend([0.9375, 1.015625]);
        // 4·64² nats for one sample, against ln 4 for each of 61.
        assert_eq!(of(&numbers), Member::Spiked(0.015625));
        numbers.extend([1.03125; 3]);
        assert_eq!(of(&numbers), Member::Spiked(0.015625), "4·64² > 3 · 4·32²");
        numbers.extend([1.03125; 2]);
        assert_eq!(of(&numbers), Member::Spiked(0.03125), "4·64² < 5 · 4·32²");
    }

    #[test]
    fn a_sample_that_is_worth_less_than_the_bulk_changes_nothing() {
        // 4/0.2² = 100 nats, against ln 4 for each of 200.
        let mut numbers = vec![0.4; 200];
        numbers.push(1.2);
        assert_eq!(of(&numbers), Member::Plain(0.25));
    }

    #[test]
    fn samples_that_no_member_explains_well_still_have_a_member() {
        assert_eq!(of(&[0.5, 1.9]), Member::Spiked(0.25));
        assert_eq!(of(&[1.0]), Member::Plain(0.25));
    }

    /// The maximum is one over a grid of members, by their own densities.
    #[test]
    fn no_other_member_is_likelier() {
        use crate::distribution::Density;
        for numbers in [vec![0.3, 0.7, 0.8], vec![0.2, 0.6, 1.125, 1.25], vec![0.9, 1.5, 1.0625]] {
            let points = Points::from_rows(numbers.clone(), 1);
            let ln = |member: Member| -> f64 { member.law().ln_density(&points).iter().sum() };
            let best = ln(of(&numbers));
            for k in 1..=64 {
                let at = MOST * f64::from(k) / 64.0;
                for member in [Member::Plain(at), Member::Spiked(at)] {
                    assert!(ln(member) <= best + 1e-9, "{member:?} of {numbers:?}");
                }
            }
        }
    }
}
