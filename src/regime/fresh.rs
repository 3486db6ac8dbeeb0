//! Trains generation t on `real` new draws of the world and the offspring of generation t − 1.
//!
//! Recipe: `real` fresh samples and all offspring of t − 1; with `pool`, everything so far, which
//! then grows by both in each generation.
//! Under collapse: enough fresh data keeps every moment near the truth for ever.
//! Source: Alemohammad et al. 2023 (fresh data loop); Wang, Niu & Li 2026 (arXiv 2602.16065, pool).
//! Not to be confused with `retain`, which takes its real samples from the founders again.

use super::{Origin, Portion, Reach, Regime, Sizes};
use crate::numeric::bounded::Count;
use crate::theory::{Recipe, Setting};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Fresh {
    /// New real samples in each generation.
    pub real: Count,
    /// Train on everything so far, not on the newest samples alone.
    pub pool: bool,
}

impl Default for Fresh {
    fn default() -> Self {
        Fresh { real: Count::literal(100), pool: false }
    }
}

impl Regime for Fresh {
    fn recipe(&self, t: u32, _sizes: &Sizes) -> Vec<Portion> {
        match self.pool {
            true => vec![Portion::all(Origin::Pool)],
            false => vec![Portion::all(Origin::Fresh(t)), Portion::all(Origin::Offspring(t - 1))],
        }
    }

    fn fresh(&self, _t: u32) -> usize {
        self.real.get()
    }

    fn reach(&self) -> Reach {
        if self.pool { Reach::Everything } else { Reach::Last(1) }
    }

    fn describe(&self, setting: &mut Setting) {
        setting.recipe = Recipe::Fresh { real: self.real.get(), pool: self.pool };
    }
}
