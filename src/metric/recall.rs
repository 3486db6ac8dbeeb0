//! Share of the world that p_t reaches: held-out real points in the ball of some draw of p_t.
//!
//! 1/n · Σ_x 1[∃y: ‖x − y‖ ≤ r_k(y)], r_k(y) the distance of y to its k-th nearest other draw.
//! Repeated points are fair: a ball of radius 0 holds its copies, and a model equal to the world
//! scores 1 where data repeat. Draws that are only k or fewer have no balls and no value.
//!
//! Unit: share. Range: [0, 1]; the most is best, and generation 0 is the band.
//! Under collapse: falls; a point mass has recall 0. A few outlying draws with wide balls can keep
//! it high: hold it against `coverage`.
//! Standard error: over held-out points, given the draws;
//! about 0.8 of the spread over both, as its calibration shows.
//! Cost: O(n²·d), shared by `precision`, `recall`, `density`, `coverage` and `tail-recall`.
//! Source: Kynkäänniemi et al. 2019; k = 5 as Naeem et al. 2020.
//! Not to be confused with `precision`, the same question with real points and draws exchanged, or
//! with `coverage`, which asks with the balls of real points.

use super::neighbour::{overlap, share};
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::numeric::bounded::Count;
use crate::samples::Points;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Recall {
    /// k: the ball of a draw reaches to its k-th nearest other draw.
    pub neighbours: Count,
}

impl Default for Recall {
    fn default() -> Self {
        Recall { neighbours: Count::literal(5) }
    }
}

impl Metric<Points> for Recall {
    fn card(&self) -> Card {
        Card {
            symbol: "recall",
            unit: "share",
            target: Target::Most,
            cost: "O(n²·d)",
            source: "Kynkäänniemi et al. 2019",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        let overlap = overlap(now, self.neighbours.get())?;
        share(overlap.recall()?, overlap.covered.len())
    }
}
