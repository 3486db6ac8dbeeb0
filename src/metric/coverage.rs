//! Share of held-out real points that have a draw of p_t in their ball.
//!
//! 1/n · Σ_x 1[∃y: ‖x − y‖ ≤ r_k(x)], r_k(x) the distance of x to its k-th nearest other real point.
//! Repeated points are fair: a ball of radius 0 holds its copies, and a model equal to the world
//! scores 1 where all types repeat. For new draws of a continuous world it is 1 − 2^(−k) = 0.97.
//!
//! Unit: share. Range: [0, 1]; the most is best, and generation 0 is the band.
//! Under collapse: falls; a point mass keeps only the few balls that hold it.
//! Standard error: over held-out points, given the draws;
//! about 0.6 of the spread over both, as its calibration shows.
//! Cost: O(n²·d), shared by `precision`, `recall`, `density`, `coverage` and `tail-recall`.
//! Source: Naeem et al. 2020.
//! Not to be confused with `recall`, which asks with the balls of draws: outlying draws can raise it.

use super::neighbour::{overlap, share};
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::numeric::bounded::Count;
use crate::samples::Points;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Coverage {
    /// k: the ball of a held-out point reaches to its k-th nearest other held-out point.
    pub neighbours: Count,
}

impl Default for Coverage {
    fn default() -> Self {
        Coverage { neighbours: Count::literal(5) }
    }
}

impl Metric<Points> for Coverage {
    fn card(&self) -> Card {
        Card {
            symbol: "coverage",
            unit: "share",
            target: Target::Most,
            cost: "O(n²·d)",
            source: "Naeem et al. 2020",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        let overlap = overlap(now, self.neighbours.get())?;
        share(overlap.coverage(), overlap.covered.len())
    }
}
