//! Energy distance of p_t from the world: D² = 2·E|X − Y| − E|X − X′| − E|Y − Y′|.
//!
//! Between draws of p_t and held-out real points, as a U-statistic: means within a set leave out the
//! distance of a point to itself. It is free of bias, so generation 0 scatters around 0 and can be
//! negative.
//!
//! Unit: the unit of the data. Range: [0, ∞) of the distance itself; target 0.
//! Under collapse: grows; a point mass at the mean of N(0, 1) has 2·√(2/π) − 2/√π = 0.467.
//! Standard error: over draws and held-out points, from Hoeffding's projection.
//! Cost: O(n log n) on a line, else O(n²·d).
//! Source: Székely & Rizzo 2013.
//! Not to be confused with its square root (scipy) or the V-statistic (dcor), which is never below 0
//! and is larger by about E|X − X′|/n for each set.

use super::discrepancy::{Kernel, compare, within};
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::samples::Points;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Energy {}

impl Metric<Points> for Energy {
    fn card(&self) -> Card {
        Card {
            symbol: "D²(p_t, p*)",
            unit: "data units",
            target: Target::Floor(0.0),
            cost: "O(n log n) for d = 1, else O(n²·d)",
            source: "Székely & Rizzo 2013",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        let real = now.truth.held_out();
        let own = now.truth.memo.get("held-out distances", || within(real, Kernel::Distance));
        compare(real, &own, now.draws(), Kernel::Distance)
    }
}
