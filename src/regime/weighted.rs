//! Trains generation t on fresh real samples of total weight w and offspring of t − 1 of weight 1 − w.
//!
//! Each real sample weighs w / real, each synthetic one (1 − w) / N (N offspring of t − 1).
//! `weight = "golden"` is the optimum w* = (√(k² + 4k) − k) / 2 for the ratio k = real / N; at k = 1
//! that is the reciprocal of the golden ratio, 0.618.
//! Under collapse: the steady-state error is V(w, k)·σ²/real and is least at w*, where V = w*.
//! Source: He, Xu & Cheng 2025 (arXiv 2502.18049).
//! Not to be confused with `fresh`, which weighs every sample equally.

use super::{Origin, Portion, Reach, Regime, Sizes};
use crate::numeric::bounded::{Count, Fraction, number_or_word, number_or_word_schema};
use crate::theory::{Recipe, Setting, golden_weight};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Weighted {
    /// New real samples in each generation.
    pub real: Count,
    /// Their total weight, 0 ≤ w ≤ 1, or "golden".
    pub weight: Weight,
}

/// The total weight of the real samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Weight {
    Golden,
    Share(Fraction),
}

impl Default for Weighted {
    fn default() -> Self {
        let real = Count::literal(100);
        Weighted { real, weight: Weight::Golden }
    }
}

impl Weighted {
    fn weight(&self, synthetic: usize) -> f64 {
        match self.weight {
            Weight::Golden => golden_weight(self.real.get() as f64 / synthetic as f64),
            Weight::Share(share) => share.get(),
        }
    }
}

impl Regime for Weighted {
    fn recipe(&self, t: u32, sizes: &Sizes) -> Vec<Portion> {
        let (real, synthetic) = (self.real.get(), sizes.newest(t));
        let w = self.weight(synthetic);
        vec![
            Portion::all(Origin::Fresh(t)).weighing(w / real as f64),
            Portion::all(Origin::Offspring(t - 1)).weighing((1.0 - w) / synthetic as f64),
        ]
    }

    fn fresh(&self, _t: u32) -> usize {
        self.real.get()
    }

    fn reach(&self) -> Reach {
        Reach::Last(1)
    }

    fn is_weighted(&self) -> bool {
        true
    }

    fn describe(&self, setting: &mut Setting) {
        if let Some(&synthetic) = setting.offspring.get(2) {
            let weight = self.weight(synthetic);
            setting.recipe = Recipe::Weighted { real: self.real.get(), weight };
        }
    }
}

impl Serialize for Weight {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Weight::Golden => serializer.serialize_str("golden"),
            Weight::Share(share) => share.serialize(serializer),
        }
    }
}

impl JsonSchema for Weight {
    fn schema_name() -> Cow<'static, str> {
        "Weight".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        number_or_word_schema::<Fraction>(generator, &["golden"])
    }
}

impl<'de> Deserialize<'de> for Weight {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        number_or_word(
            deserializer,
            "a weight between 0 and 1, or \"golden\"",
            |number| Fraction::try_from(number).map(Weight::Share),
            |word| (word == "golden").then_some(Weight::Golden),
        )
    }
}
