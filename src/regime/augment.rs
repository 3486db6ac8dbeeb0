//! Trains generation t on all founders and `synthetic` samples of generation t − 1.
//!
//! Also called: synthetic augmentation loop (MAD), fixed real data (Bertrand et al.).
//! Recipe: all founders; `synthetic` offspring of t − 1 without replacement. The λ of Bertrand et al. is
//! synthetic / founders; over single tokens it is the partly synthetic training of Seddik et al.
//! Under collapse: stable for a small enough share of synthetic data; errors of the founders stay.
//! Source: Alemohammad et al. 2023 (arXiv 2307.01850); Bertrand et al. 2023 (arXiv 2310.00429); Seddik et
//! al. 2024 (arXiv 2404.05090).
//! Not to be confused with `accumulate`, which also keeps all older synthetic samples.

use super::{Origin, Portion, Reach, Regime, Sizes};
use crate::numeric::bounded::Count;
use crate::theory::{Recipe, Setting};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Augment {
    /// Synthetic samples in each training set; left out: all offspring of t − 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub synthetic: Option<Count>,
}

impl Regime for Augment {
    fn recipe(&self, t: u32, _sizes: &Sizes) -> Vec<Portion> {
        let newest = Origin::Offspring(t - 1);
        let synthetic = match self.synthetic {
            Some(n) => Portion::exactly(n.get(), newest),
            None => Portion::all(newest),
        };
        vec![Portion::all(Origin::Founders), synthetic]
    }

    fn reach(&self) -> Reach {
        Reach::Last(1)
    }

    fn describe(&self, setting: &mut Setting) {
        let synthetic = self.synthetic.map(Count::get).or(setting.offspring.get(2).copied());
        if let Some(synthetic) = synthetic {
            setting.recipe = Recipe::Augment { synthetic };
        }
    }
}
