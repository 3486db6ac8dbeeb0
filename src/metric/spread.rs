//! Total variance of p_t relative to the world: tr Σ_t / tr Σ*.
//!
//! Unit: none. Range: [0, ∞); target 1.
//! Under collapse: falls to 0; growth instead is the mark of a kernel that is too wide.
//! Its mean over trials is carried by rare runs: read the median.
//! Cost: exact where p_t knows its moments, else one pass over the draws.
//! Source: Kazdan et al. 2025 (tr Σ̂_t / tr Σ₀).
//! Not to be confused with `generalized-variance`, the ratio of determinants.

use super::reference::{model_moments, world_moments};
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::samples::Points;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Spread {}

impl Metric<Points> for Spread {
    fn card(&self) -> Card {
        Card {
            symbol: "tr Σ_t / tr Σ*",
            unit: "",
            target: Target::Value(1.0),
            cost: "O(d), or O(n·d) from draws",
            source: "Kazdan et al. 2025",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        Reading::exact(model_moments(now)?.trace() / world_moments(now)?.trace())
    }
}
