//! Trains generation t on the offspring of the last `generations` generations.
//!
//! Recipe: all offspring of t − k … t − 1 (as far as they exist), with or without all founders.
//! Under collapse: between replace (k = 1) and accumulate (k unbounded, with founders).
//! Source: "K previous models" of Alemohammad et al. 2023 (figure 30), without fresh data.
//! Not to be confused with `decay`, which lets old samples fade instead of dropping them.

use super::{Origin, Portion, Reach, Regime, Sizes};
use crate::numeric::bounded::Count;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Window {
    /// How many generations back the training set reaches.
    pub generations: Count,
    /// Whether the founders belong to every training set.
    pub founders: bool,
}

impl Default for Window {
    fn default() -> Self {
        let generations = Count::literal(3);
        Window { generations, founders: false }
    }
}

impl Window {
    fn generations(&self) -> u32 {
        u32::try_from(self.generations.get()).unwrap_or(u32::MAX)
    }
}

impl Regime for Window {
    fn recipe(&self, t: u32, _sizes: &Sizes) -> Vec<Portion> {
        let oldest = t.saturating_sub(self.generations()).max(1);
        let offspring = (oldest..t).map(|g| Portion::all(Origin::Offspring(g)));
        let founders = self.founders.then_some(Portion::all(Origin::Founders));
        founders.into_iter().chain(offspring).collect()
    }

    fn reach(&self) -> Reach {
        Reach::Last(self.generations())
    }
}
