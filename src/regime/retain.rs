//! Trains generation t on a share of the founders, filled up with offspring of generation t − 1.
//!
//! With N the offspring of t − 1: r = round(fraction·N) founders without replacement, and N − r of
//! the offspring, without replacement. This is the real-data retention fraction.
//! Under collapse: any fixed fraction above zero keeps the variance bounded away from zero.
//! Source: Shumailov et al. 2024 (10 % of the original data kept).
//! Not to be confused with `fresh`, which draws new real samples, or `augment`, which keeps them all.

use super::{Origin, Portion, Reach, Redraw, Regime, Sizes, Take};
use crate::numeric::bounded::Fraction;
use crate::theory::{Recipe, Setting};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Retain {
    /// The share of each training set that is real: 0 ≤ fraction ≤ 1.
    pub fraction: Fraction,
    /// A new random subset of the founders in each generation; false: one subset for the lineage.
    pub redraw: bool,
}

impl Default for Retain {
    fn default() -> Self {
        let fraction = Fraction::literal(0.1);
        Retain { fraction, redraw: true }
    }
}

impl Regime for Retain {
    fn recipe(&self, t: u32, sizes: &Sizes) -> Vec<Portion> {
        let all = sizes.newest(t);
        let real = (self.fraction.get() * all as f64).round() as usize;
        let redraw = if self.redraw { Redraw::EachGeneration } else { Redraw::Once };
        let founders =
            Portion { take: Take::Exactly { n: real, redraw }, ..Portion::all(Origin::Founders) };
        vec![founders, Portion::exactly(all - real, Origin::Offspring(t - 1))]
    }

    fn reach(&self) -> Reach {
        Reach::Last(1)
    }

    fn describe(&self, setting: &mut Setting) {
        let fraction = self.fraction.get();
        setting.recipe = Recipe::Retain { fraction, redraw: self.redraw };
    }
}
