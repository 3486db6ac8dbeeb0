//! Trains generation t on `size` samples drawn without replacement from the whole pool.
//!
//! Recipe: `size` samples of the pool, a new choice in each generation.
//! Also called: accumulate-subsample.
//! Under collapse: between replace and accumulate, at the training cost of replace.
//! Source: Kazdan et al. 2025 (arXiv 2410.16713).
//! Not to be confused with `retain`, whose real samples come from the founders alone.

use super::{Origin, Portion, Reach, Regime, Sizes};
use crate::numeric::bounded::Count;
use crate::theory::{Recipe, Setting};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Subsample {
    /// Samples in a training set; left out: as many as generation t − 1 left offspring.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Count>,
}

impl Regime for Subsample {
    fn recipe(&self, t: u32, sizes: &Sizes) -> Vec<Portion> {
        let size = self.size.map_or(sizes.newest(t), Count::get);
        vec![Portion::exactly(size, Origin::Pool)]
    }

    fn reach(&self) -> Reach {
        Reach::Everything
    }

    fn describe(&self, setting: &mut Setting) {
        let size = self.size.map(Count::get).or(setting.offspring.get(2).copied());
        if let Some(size) = size {
            setting.recipe = Recipe::Subsample { size };
        }
    }
}
