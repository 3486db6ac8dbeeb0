//! How many trials: a number, or as many as an interval needs.
//!
//! Adaptive replication is decided at fixed counts alone (`at-least`, twice as many, four times …, and
//! `at-most`), on all trials up to that count, and for all cells together, which are paired: so what
//! it decides depends neither on threads nor on interruptions. Looking at the data a few times makes
//! the final interval a little optimistic; doubling keeps the looks few.

use crate::analysis::interval::mean_interval;
use crate::analysis::quantile::median_interval;
use crate::numeric::bounded::{Count, Positive};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The number of trials of every cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Trials {
    Fixed(Count),
    Adaptive(Adaptive),
}

/// As many trials as it takes until an interval is narrow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Adaptive {
    pub at_least: Count,
    pub at_most: Count,
    pub until: Until,
}

/// The interval that has to be narrow, in every cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Until {
    /// The label of a metric.
    pub metric: String,
    pub generation: u32,
    #[serde(default)]
    pub statistic: Statistic,
    /// Half the length of its 95 % interval.
    pub half_width: Positive,
}

/// What is estimated over trials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Statistic {
    #[default]
    Median,
    Mean,
}

impl Trials {
    /// The most trials that this can come to.
    pub fn most(&self) -> usize {
        match self {
            Trials::Fixed(n) => n.get(),
            Trials::Adaptive(adaptive) => adaptive.at_most.get().max(adaptive.at_least.get()),
        }
    }

    /// The counts at which the number of trials is decided, in order.
    pub fn counts(&self) -> Vec<usize> {
        match self {
            Trials::Fixed(n) => vec![n.get()],
            Trials::Adaptive(adaptive) => {
                let (first, last) = (adaptive.at_least.get(), self.most());
                let doubled = std::iter::successors(Some(first), |n| n.checked_mul(2));
                doubled.take_while(|n| *n < last).chain([last]).collect()
            }
        }
    }

    pub fn adaptive(&self) -> Option<&Adaptive> {
        if let Trials::Adaptive(adaptive) = self { Some(adaptive) } else { None }
    }
}

impl Until {
    /// Half the length of the interval over these values; none where there is no interval yet.
    pub fn half_width_of(&self, mut values: Vec<f64>) -> Option<f64> {
        values.sort_unstable_by(f64::total_cmp);
        let (low, high) = match self.statistic {
            Statistic::Median => median_interval(&values)?,
            Statistic::Mean => mean_interval(&values)?,
        };
        // Two equal infinities are an interval without length.
        let width = if low == high { 0.0 } else { high - low };
        Some(width / 2.0)
    }

    /// Whether the interval over these values is narrow enough.
    pub fn is_met_by(&self, values: Vec<f64>) -> bool {
        self.half_width_of(values).is_some_and(|width| width <= self.half_width.get())
    }
}

/// A number; what else it may be, the schema of the file says.
impl JsonSchema for Trials {
    fn schema_name() -> Cow<'static, str> {
        Count::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Count::json_schema(generator)
    }
}

impl Serialize for Trials {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Trials::Fixed(n) => n.serialize(serializer),
            Trials::Adaptive(adaptive) => adaptive.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Trials {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Trials;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(
                    "a number of trials, or { at-least = 20, at-most = 500, until = { metric = \
                     \"spread\", generation = 30, half-width = 0.02 } }",
                )
            }

            fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Trials, E> {
                let count = usize::try_from(value).unwrap_or(0);
                Count::new(count).map(Trials::Fixed).map_err(|_| {
                    E::custom(format!("a count must be a whole number, at least 1, got {value}"))
                })
            }

            fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Trials, E> {
                Err(E::custom(format!("a count must be a whole number, at least 1, got {value:?}")))
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Trials, A::Error> {
                use serde::de::Error;
                let map = serde::de::value::MapAccessDeserializer::new(map);
                let adaptive = Adaptive::deserialize(map)?;
                let (least, most) = (adaptive.at_least.get(), adaptive.at_most.get());
                if least > most {
                    let wrong = format!("at-least = {least} is more than at-most = {most}");
                    return Err(A::Error::custom(wrong));
                }
                Ok(Trials::Adaptive(adaptive))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trials(text: &str) -> Result<Trials, String> {
        #[derive(Deserialize)]
        struct File {
            trials: Trials,
        }
        let file: Result<File, _> = toml::from_str(&format!("trials = {text}"));
        file.map(|file| file.trials).map_err(|error| error.message().to_owned())
    }

    const UNTIL: &str =
        "until = { metric = \"spread\", generation = 3, statistic = \"mean\", half-width = 0.5 }";

    #[test]
    fn decisions_fall_at_doubling_counts_and_at_the_most() {
        let counts = |least: u32, most: u32| {
            let text = format!("{{ at-least = {least}, at-most = {most}, {UNTIL} }}");
            trials(&text).map(|trials| trials.counts())
        };
        assert_eq!(counts(20, 500), Ok(vec![20, 40, 80, 160, 320, 500]));
        assert_eq!(counts(20, 80), Ok(vec![20, 40, 80]));
        assert_eq!(counts(20, 20), Ok(vec![20]));
        assert_eq!(counts(20, 10), Err("at-least = 20 is more than at-most = 10".into()));
        assert_eq!(trials("7").map(|trials| trials.counts()), Ok(vec![7]));
    }

    #[test]
    fn an_interval_that_does_not_exist_yet_is_not_narrow() {
        let text = format!("{{ at-least = 2, at-most = 4, {UNTIL} }}");
        let trials = trials(&text).unwrap();
        let until = &trials.adaptive().unwrap().until;
        assert!(!until.is_met_by(vec![]));
        assert!(!until.is_met_by(vec![1.0]));
        assert!(until.is_met_by(vec![1.0; 3]));
        let median = Until { statistic: Statistic::Median, ..until.clone() };
        assert!(!median.is_met_by(vec![1.0; 5]), "a median has no interval below 6 values");
        assert!(median.is_met_by(vec![f64::INFINITY; 6]));
        assert_eq!(median.half_width_of((0..6).map(f64::from).collect()), Some(2.5));
    }

    #[test]
    fn a_table_of_trials_reads_back_as_itself() {
        let text = format!("{{ at-least = 20, at-most = 500, {UNTIL} }}");
        let first = trials(&text).unwrap();
        let written = toml::Value::try_from(&first).unwrap().to_string();
        assert_eq!(trials(&written), Ok(first));
        assert!(trials("{ at-least = 20 }").unwrap_err().contains("at-most"));
        assert!(trials("0").unwrap_err().contains("at least 1, got 0"));
    }
}
