//! What becomes of n-grams that never occurred: a choice by name, and what it makes of the counts.

use super::counts::{Counting, levels};
use super::discount::Discounts;
use crate::distribution::Contexts;
use crate::numeric::bounded::{Positive, Share, number_or_word, number_or_word_schema, table};
use crate::samples::Grams;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// How mass is given to what never occurred.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Smoothing {
    /// No mass: the maximum likelihood.
    #[default]
    None,
    /// The same amount for every type after every context.
    Additive(#[serde(deserialize_with = "table")] Additive),
    /// Interpolated Kneser–Ney.
    KneserNey(#[serde(deserialize_with = "table")] KneserNey),
}

/// Lidstone's rule.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Additive {
    /// Added to the count of every type (default 0.1; 1 is Laplace's rule).
    pub amount: Positive,
}

/// Interpolated Kneser–Ney.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct KneserNey {
    /// "modified" (default): three discounts for each order, from counts of counts; or one number above
    /// 0 and at most 1 for all.
    pub discount: Discount,
}

/// What is taken off each count.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Discount {
    #[default]
    Modified,
    Fixed(Share),
}

impl Default for Additive {
    fn default() -> Self {
        Additive { amount: Positive::literal(0.1) }
    }
}

impl Serialize for Discount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Discount::Modified => serializer.serialize_str("modified"),
            Discount::Fixed(discount) => discount.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Discount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = |text: &str| (text == "modified").then_some(Discount::Modified);
        let number = |number| Share::try_from(number).map(Discount::Fixed);
        number_or_word(deserializer, "a discount: a share, or \"modified\"", number, word)
    }
}

impl JsonSchema for Discount {
    fn schema_name() -> Cow<'static, str> {
        "Discount".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        number_or_word_schema::<Share>(generator, &["modified"])
    }
}

/// Reads a smoothing; a bare name means all of its defaults.
pub fn named<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Smoothing, D::Error> {
    struct Named;
    impl<'de> Visitor<'de> for Named {
        type Value = Smoothing;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a smoothing: \"none\", \"additive\" or \"kneser-ney\", or a table of one")
        }

        fn visit_str<E: de::Error>(self, name: &str) -> Result<Smoothing, E> {
            match name {
                "none" => Ok(Smoothing::None),
                "additive" => Ok(Smoothing::Additive(Additive::default())),
                "kneser-ney" => Ok(Smoothing::KneserNey(KneserNey::default())),
                _ => Err(E::unknown_variant(name, &["none", "additive", "kneser-ney"])),
            }
        }

        fn visit_map<A: de::MapAccess<'de>>(self, table: A) -> Result<Smoothing, A::Error> {
            Smoothing::deserialize(MapAccessDeserializer::new(table))
        }
    }
    deserializer.deserialize_any(Named)
}

/// The schema of what [`named`] reads.
pub fn schema(generator: &mut SchemaGenerator) -> Schema {
    let whole = generator.subschema_for::<Smoothing>();
    json_schema!({ "anyOf": [whole, { "enum": ["additive", "kneser-ney"] }] })
}

impl Smoothing {
    /// The weights of all contexts. Empty where there is no token.
    pub(super) fn levels(&self, grams: &Grams) -> Vec<Contexts> {
        match self {
            Smoothing::None => levels(grams, Counting::Occurrences),
            Smoothing::Additive(rule) => {
                let rest = rule.amount.get() * f64::from(grams.vocabulary());
                additive(levels(grams, Counting::Occurrences), rest)
            }
            Smoothing::KneserNey(rule) => {
                let levels = levels(grams, Counting::Continuations);
                levels.iter().map(|level| discounted(level, rule.discount)).collect()
            }
        }
    }
}

/// The longest contexts leave `rest` to the uniform law; shorter ones leave everything.
fn additive(levels: Vec<Contexts>, rest: f64) -> Vec<Contexts> {
    let longest = levels.len().saturating_sub(1);
    let smoothed = |(i, level): (usize, Contexts)| match i == longest {
        true => rewritten(&level, |_, _| rest, Some),
        false => rewritten(&level, |_, _| 1.0, |_| None),
    };
    levels.into_iter().enumerate().map(smoothed).collect()
}

/// Every count loses its discount to the next shorter context.
fn discounted(level: &Contexts, discount: Discount) -> Contexts {
    let counts = (0..level.nodes()).flat_map(|node| level.entries(node).map(|(_, count)| count));
    let discounts = match discount {
        Discount::Fixed(share) => Discounts::Fixed(share.get()),
        Discount::Modified => Discounts::modified(counts),
    };
    let rest = |level: &Contexts, node| level.entries(node).map(|(_, c)| discounts.of(c)).sum();
    rewritten(level, rest, |count| Some(count - discounts.of(count)))
}

/// The same contexts with other rests and weights; what has no weight is left out.
fn rewritten(
    level: &Contexts,
    rest: impl Fn(&Contexts, usize) -> f64,
    weight: impl Fn(f64) -> Option<f64>,
) -> Contexts {
    let mut written = Contexts::default();
    for (node, token) in level.tokens().iter().enumerate() {
        for (kind, count) in level.entries(node) {
            if let Some(weight) = weight(count).filter(|weight| *weight > 0.0) {
                written.push(kind, weight);
            }
        }
        written.close(*token, level.children(node).end, rest(level, node));
    }
    written
}
