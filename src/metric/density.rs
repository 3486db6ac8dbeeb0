//! How densely real points surround the draws of p_t, relative to how they surround each other.
//!
//! (mean number of real balls that hold a draw) / (mean number of other real points in a real ball);
//! the ball of x has radius r_k(x), the distance of x to its k-th nearest other real point. Where
//! nothing repeats the divisor is k, and this is the density of Naeem et al.; where data repeat it
//! takes out the factor by which theirs exceeds 1. A model equal to the world averages 1.
//!
//! Unit: none. Range: [0, ∞); target 1.
//! Under collapse: rises above 1 while p_t contracts onto the world's crowded places; falls to 0 where
//! it leaves the world.
//! Standard error: over draws, given the held-out points;
//! about 0.6 of the spread over both, as its calibration shows.
//! Cost: O(n²·d), shared by `precision`, `recall`, `density`, `coverage` and `tail-recall`.
//! Source: Naeem et al. 2020.
//! Not to be confused with a probability density, or with `coverage`.

use super::neighbour::overlap;
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::numeric::bounded::Count;
use crate::samples::Points;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Density {
    /// k: the ball of a held-out point reaches to its k-th nearest other held-out point.
    pub neighbours: Count,
}

impl Default for Density {
    fn default() -> Self {
        Density { neighbours: Count::literal(5) }
    }
}

impl Metric<Points> for Density {
    fn card(&self) -> Card {
        Card {
            symbol: "density",
            unit: "",
            target: Target::Value(1.0),
            cost: "O(n²·d)",
            source: "Naeem et al. 2020",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        let overlap = overlap(now, self.neighbours.get())?;
        let terms: Vec<f64> = overlap.holding.iter().map(|&held| f64::from(held)).collect();
        let held = Reading::mean_of(&terms)?;
        let error = held.standard_error.unwrap_or(f64::NAN) / overlap.crowd;
        Reading::estimate(overlap.density(), error)
    }
}
