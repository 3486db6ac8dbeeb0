//! How well an attacker who sees p_t tells the founders from other real points: the AUC of membership
//! inference.
//!
//! P(s(f) > s(x)) + ½·P(s(f) = s(x)), f one of the founders (members) and x a held-out real point
//! (not a member): Mann and Whitney's statistic with midranks. The score s is minus the distance to
//! the nearest draw of p_t, or ln p_t itself, which has no value where p_t has no density. Founders
//! are the real points that trained generation 1; fresh real draws that a regime adds later are
//! neither. Labels count for the likelihood and not for the distance.
//!
//! Unit: probability. Range: [0, 1]; 0.5 keeps every founder's secret, as at generation 0, and at 1
//! each founder is recognised. Only what lies above 0.5 is a leak, so the loss is AUC − 0.5, with its
//! sign: folded at 0.5, mere chance would count as a leak, and more of it with fewer points.
//! Under collapse: falls to 0.5, since later generations forget the founders as they forget the
//! rest. It is privacy, not quality: a model that learnt nothing has 0.5.
//! Standard error: over founders and held-out points, given p_t's draws, by DeLong.
//! Cost: O((n + m)·n·d) for m founders, or a density of n + m points.
//! Source: Yeom et al. 2018 (the attack); Hilprecht et al. 2019 (by distances to draws); DeLong et
//! al. 1988.
//! Not to be confused with the accuracy of an attack at a threshold, or with `nearest-real`, which asks
//! from the draws: a model that copies a few founders exactly has an AUC near 0.5.

use super::founders::{founders, meeting};
use super::neighbour::closest;
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::samples::Points;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Membership {
    /// What the attacker goes by: "distance" to the nearest draw of p_t, or its "likelihood".
    pub attack: Attack,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Attack {
    #[default]
    Distance,
    Likelihood,
}

impl Metric<Points> for Membership {
    fn card(&self) -> Card {
        Card {
            symbol: "AUC of members",
            unit: "probability",
            target: Target::Floor(0.5),
            cost: "O((n + m)·n·d) for m founders",
            source: "Yeom et al. 2018",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        let held_out = now.truth.held_out();
        let (mut members, mut others) = match self.attack {
            Attack::Distance => {
                let meeting = meeting(now)?;
                let [of_held_out, _] = closest(held_out, now.draws());
                let scores = |squares: &[f64]| squares.iter().map(|s| -s).collect();
                (scores(&meeting.of_founders), scores(&of_held_out))
            }
            Attack::Likelihood => {
                let density = now.model.density()?;
                (density.ln_density(&founders(now)), density.ln_density(held_out))
            }
        };
        auc(&mut members, &mut others)
    }
}

/// The area under the curve for two sets of scores, which it sorts, with DeLong's standard error.
///
/// `None` where a set is empty or a score is not a number; no error where a set is a single score.
fn auc(members: &mut [f64], others: &mut [f64]) -> Option<Reading> {
    if members.is_empty() || others.is_empty() || members.iter().chain(&*others).any(|s| s.is_nan())
    {
        return None;
    }
    members.sort_unstable_by(f64::total_cmp);
    others.sort_unstable_by(f64::total_cmp);
    let of_members: Vec<f64> = members.iter().map(|&score| midrank(others, score)).collect();
    let of_others: Vec<f64> = others.iter().map(|&score| midrank(members, score)).collect();
    let (value, variance) = mean_and_its_variance(&of_members);
    let (_, of_others) = mean_and_its_variance(&of_others);
    Reading::estimate(value, (variance + of_others).sqrt())
}

/// The share of a sorted list that lies below a score, half of what equals it counted.
fn midrank(sorted: &[f64], score: f64) -> f64 {
    let below = sorted.partition_point(|&other| other < score);
    let upto = sorted.partition_point(|&other| other <= score);
    0.5 * (below + upto) as f64 / sorted.len() as f64
}

fn mean_and_its_variance(terms: &[f64]) -> (f64, f64) {
    let n = terms.len() as f64;
    let mean = terms.iter().sum::<f64>() / n;
    (mean, terms.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0) / n)
}

#[cfg(test)]
#[path = "membership_tests.rs"]
mod tests;
