//! Trains generation t on everything so far: founders and all offspring, equal weight per sample.
//!
//! Recipe: the whole pool.
//! Under collapse: the test error stays bounded (a factor Σ 1/i² ≤ π²/6 in the linear model).
//! Cost: a family with sufficient statistics pays the same at every t; memory is the pool.
//! Source: Gerstgrasser et al. 2024 (arXiv 2404.01413); Kazdan et al. 2025 (arXiv 2410.16713).
//! Not to be confused with `augment`, which keeps only the newest synthetic samples.

use super::{Origin, Portion, Reach, Regime, Sizes};
use crate::theory::{Recipe, Setting};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Accumulate {}

impl Regime for Accumulate {
    fn recipe(&self, _t: u32, _sizes: &Sizes) -> Vec<Portion> {
        vec![Portion::all(Origin::Pool)]
    }

    fn reach(&self) -> Reach {
        Reach::Everything
    }

    fn describe(&self, setting: &mut Setting) {
        setting.recipe = Recipe::Accumulate;
    }
}
