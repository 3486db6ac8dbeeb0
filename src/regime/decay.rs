//! Trains generation t on the whole pool, where a sample's weight halves every `half-life` generations.
//!
//! Weight 2^(−age / half-life): the offspring of t − 1 have age 0, the founders t − 1.
//! Under collapse: between replace (half-life → 0) and accumulate (half-life → ∞).
//! Source: exponential forgetting; the decay member of the regime algebra of this laboratory.
//! Not to be confused with `window`, which cuts instead of fading.

use super::{Origin, Portion, Reach, Regime, Sizes};
use crate::numeric::bounded::Positive;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Decay {
    /// Generations after which a sample counts half.
    pub half_life: Positive,
}

impl Default for Decay {
    fn default() -> Self {
        Decay { half_life: Positive::literal(3.0) }
    }
}

impl Regime for Decay {
    fn recipe(&self, t: u32, _sizes: &Sizes) -> Vec<Portion> {
        let weight = |age: u32| (-f64::from(age) / self.half_life.get()).exp2();
        let founders = Portion::all(Origin::Founders).weighing(weight(t - 1));
        let offspring =
            (1..t).map(|g| Portion::all(Origin::Offspring(g)).weighing(weight(t - 1 - g)));
        std::iter::once(founders).chain(offspring).collect()
    }

    fn reach(&self) -> Reach {
        Reach::Everything
    }

    fn is_weighted(&self) -> bool {
        true
    }
}
