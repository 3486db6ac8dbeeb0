//! Exact first Wasserstein distance of p_t from the world on a line: W₁ = ∫ |F_t(x) − F*(x)| dx.
//!
//! Between draws of p_t and held-out real points; it does not exist in more than one dimension.
//!
//! Unit: the unit of the data. Range: [0, ∞); target 0.
//! Under collapse: grows, by drift of the mean and by loss of spread alike; a point mass at the
//! world's mean has E|X − μ|. Generation 0 is not 0 but of the order of sd/√n: compare with that
//! band, and never between different sizes of `evaluation`.
//! Cost: O(n log n).
//! Source: Vallender 1974; as scipy.stats.wasserstein_distance.
//! Not to be confused with `sliced-wasserstein`, a mean of squared W₂, or `frechet`, which sees
//! moments alone.

use super::transport;
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::samples::Points;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Wasserstein {}

impl Metric<Points> for Wasserstein {
    fn card(&self) -> Card {
        Card {
            symbol: "W₁(p_t, p*)",
            unit: "data units",
            target: Target::Floor(0.0),
            cost: "O(n log n), d = 1 only",
            source: "Vallender 1974",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        // Asked before anything is drawn: in more dimensions there is nothing to do.
        if now.model.shape().dimension != 1 {
            return None;
        }
        Reading::exact(transport::wasserstein(now.truth.held_out(), now.draws())?)
    }
}
