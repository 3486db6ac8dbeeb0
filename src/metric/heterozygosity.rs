//! The chance that two tokens of p_t differ in type: 1 − Σp².
//!
//! Unit: probability. Range: [0, 1 − 1/types]; target: the world's value.
//! Under collapse: its mean falls by exactly (1 − 1/n) a generation under replace; 0 is fixation.
//! Cost: O(types).
//! Source: population genetics (Wright–Fisher); Seddik et al. 2024 (S_m = Σp²).
//! Not to be confused with `entropy`, which weighs rare types more.

use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::samples::Tokens;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Heterozygosity {}

impl Metric<Tokens> for Heterozygosity {
    fn card(&self) -> Card {
        Card {
            symbol: "1 − Σp²",
            unit: "probability",
            target: Target::World,
            cost: "O(types)",
            source: "Seddik et al. 2024",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Tokens>, _noise: Noise<'_>) -> Option<Reading> {
        let law = now.model.types()?;
        Reading::exact(1.0 - law.probabilities.iter().map(|p| p * p).sum::<f64>())
    }
}
