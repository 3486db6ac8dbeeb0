//! Share of the world's tail that p_t still reaches.
//!
//! Of the held-out points in T_q, those in the ball of some draw of p_t: at distance ≤ r_k(y), the
//! distance of the draw y to its k-th nearest other draw. T_q = {x: p*(x) ≤ c_q} has mass q; without a
//! density it is the share q of held-out points that are farthest from their fifth real neighbour.
//!
//! Unit: share. Range: [0, 1]; the most is best, and generation 0 is the band: new real draws do not
//! reach all of a tail either. It does not exist where no held-out point lies in the tail.
//! Under collapse: falls, before `recall` does.
//! Standard error: over the held-out points of the tail, given the draws;
//! about 0.7 of the spread over both, as its calibration shows.
//! Cost: O(n²·d), shared by `precision`, `recall`, `density`, `coverage` and `tail-recall`.
//! Source: recall of Kynkäänniemi et al. 2019, asked of the tail alone.
//! Not to be confused with `tail-mass`, which asks how much mass p_t puts there, and not where.

use super::neighbour::{overlap, share};
use super::tail;
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::numeric::bounded::{Count, Quantile};
use crate::samples::Points;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct TailRecall {
    /// q, the world's mass of its tail.
    pub quantile: Quantile,
    /// k: the ball of a draw reaches to its k-th nearest other draw.
    pub neighbours: Count,
}

impl Default for TailRecall {
    fn default() -> Self {
        TailRecall { quantile: Quantile::literal(0.05), neighbours: Count::literal(5) }
    }
}

impl Metric<Points> for TailRecall {
    fn card(&self) -> Card {
        Card {
            symbol: "recall of T_q",
            unit: "share",
            target: Target::Most,
            cost: "O(n²·d)",
            source: "Kynkäänniemi et al. 2019",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        let in_tail = tail::held_out(now, self.quantile.get())?;
        let overlap = overlap(now, self.neighbours.get())?;
        let pairs = in_tail.iter().zip(overlap.recalled.as_ref()?);
        let reached: Vec<bool> = pairs.filter(|(tail, _)| **tail).map(|(_, r)| *r).collect();
        let hits = reached.iter().filter(|reached| **reached).count();
        share(hits as f64 / reached.len() as f64, reached.len())
    }
}

#[cfg(test)]
mod tests {
    use super::super::bench::{at_the_world, value};
    use super::super::recall::Recall;
    use super::*;
    use crate::distribution::Gaussian;
    use crate::samples::Samples;
    use ndarray::arr1;

    #[test]
    fn a_model_without_tails_loses_them_and_keeps_the_rest() {
        let world = Gaussian::spherical(arr1(&[0.0]), 1.0);
        at_the_world(&world, 1000, |now| {
            let inner: Vec<usize> =
                (0..1000).filter(|&i| now.draws().row(i)[0].abs() < 1.9).collect();
            let cut = now.draws().gather(&inner);
            let (whole, rest) = (
                value(&TailRecall::default(), now, cut.clone()),
                value(&Recall::default(), now, cut),
            );
            assert!(whole < Some(0.2) && rest > Some(0.9), "{whole:?} {rest:?}");
            assert!(value(&TailRecall::default(), now, now.draws().clone()) > Some(0.5));
        });
    }

    #[test]
    fn a_tail_without_held_out_points_has_no_recall() {
        let world = Gaussian::spherical(arr1(&[0.0]), 1.0);
        at_the_world(&world, 20, |now| {
            let rare = TailRecall { quantile: Quantile::literal(1e-9), ..TailRecall::default() };
            assert_eq!(value(&rare, now, now.draws().clone()), None);
        });
    }
}
