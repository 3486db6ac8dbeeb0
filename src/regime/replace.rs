//! Trains generation t on the offspring of generation t − 1 alone.
//!
//! Also called: fully synthetic loop (MAD), discard (Dey & Donoho), generational replacement.
//! Recipe: all offspring of t − 1.
//! Under collapse: variance goes to zero almost surely, and rare types are lost for ever.
//! Source: Shumailov et al. 2024 (Nature 631); Alemohammad et al. 2023 (arXiv 2307.01850).
//! Not to be confused with `window`, which with one generation and no founders is the same recipe.

use super::{Origin, Portion, Reach, Regime, Sizes};
use crate::theory::{Recipe, Setting};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Replace {}

impl Regime for Replace {
    fn recipe(&self, t: u32, _sizes: &Sizes) -> Vec<Portion> {
        vec![Portion::all(Origin::Offspring(t - 1))]
    }

    fn reach(&self) -> Reach {
        Reach::Last(1)
    }

    fn describe(&self, setting: &mut Setting) {
        setting.recipe = Recipe::Replace;
    }
}
