//! The plain values at the top of an experiment file, and their defaults.

use super::replication::Trials;
use crate::numeric::bounded::{Count, Finite, Number};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// How often, how long and how much.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Header {
    /// What the experiment asks, in a sentence; it heads every figure.
    pub question: String,
    /// All randomness follows from it: the same file and seed give the same bytes.
    #[serde(deserialize_with = "seed")]
    pub seed: u32,
    /// Lineages of each cell; trial i has the same founders in all cells. Or as many as an interval needs.
    pub trials: Trials,
    /// The last generation. Generation 0 is the world, generation 1 the first fit.
    pub generations: Count,
    /// Real samples, drawn once per trial; they train generation 1.
    pub founders: Count,
    /// Synthetic samples kept to train each later generation. Left out: as many as there are founders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offspring: Option<Schedule>,
    /// How generations are drawn: sample by sample, or their sufficient statistics at once.
    pub samples: Sampling,
    /// When a lineage ends early: never, or once it is absorbed and can no longer change.
    pub stop: Stop,
    /// Held-out real draws, and draws of each model, made only for measuring.
    pub evaluation: Count,
    /// Which generations are measured; the first and the last one always are.
    pub measure: Measure,
}

fn seed<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let number = Number::deserialize(deserializer)?;
    let seed = if let Number::Integer(seed) = number { u32::try_from(seed).ok() } else { None };
    let wrong = || format!("a seed must be a whole number from 0 to {}, got {number}", u32::MAX);
    seed.ok_or_else(|| serde::de::Error::custom(wrong()))
}

impl Default for Header {
    fn default() -> Self {
        Header {
            question: String::new(),
            seed: 1,
            trials: Trials::Fixed(Count::literal(20)),
            generations: Count::literal(20),
            founders: Count::literal(500),
            offspring: None,
            samples: Sampling::Drawn,
            stop: Stop::Never,
            evaluation: Count::literal(2000),
            measure: Measure::All,
        }
    }
}

impl Header {
    /// The keys that a file may use besides the choices and lists.
    pub const KEYS: [&str; 10] = [
        "question",
        "seed",
        "trials",
        "generations",
        "founders",
        "offspring",
        "samples",
        "stop",
        "evaluation",
        "measure",
    ];

    /// The most generations, and the most trials.
    pub const MOST: usize = 10_000_000;

    /// The last generation.
    pub fn last(&self) -> u32 {
        self.generations.get().min(Self::MOST) as u32
    }

    /// `schedule[t]` = synthetic samples kept to train generation t; t runs one past the last, so
    /// that the last generation leaves offspring to look at, too.
    pub fn schedule(&self) -> Vec<usize> {
        let offspring = self.offspring.unwrap_or(Schedule::Constant(self.founders));
        (0..=self.last() + 1).map(|t| if t < 2 { 0 } else { offspring.at(t) }).collect()
    }
}

/// How the samples of a generation are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sampling {
    /// One by one.
    Drawn,
    /// Never: the sufficient statistic of all of them is drawn at once, from its exact law.
    Statistics,
}

/// When a lineage ends before its last generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stop {
    /// Only where it is extinct.
    Never,
    /// Also where its state can no longer change; its last readings stand for all later generations.
    Absorbed,
}

/// How many synthetic samples train generation t ≥ 2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Schedule {
    Constant(Count),
    /// round(start·t^growth), at least 1.
    Power {
        start: Count,
        growth: Finite,
    },
}

impl Schedule {
    pub fn at(&self, t: u32) -> usize {
        match self {
            Schedule::Constant(n) => n.get(),
            Schedule::Power { start, growth } => {
                let n = start.get() as f64 * f64::from(t).powf(growth.get());
                (n.round() as usize).max(1)
            }
        }
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Power {
    /// The number at t = 1.
    start: Count,
    /// The power of t: 0 stays, 1 grows in proportion to t.
    growth: Finite,
}

impl Serialize for Schedule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Schedule::Constant(n) => n.serialize(serializer),
            Schedule::Power { start, growth } => Power { start, growth }.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Schedule {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Schedule;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number of samples, or { start = 500, growth = 0.5 }")
            }

            fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Schedule, E> {
                let count = usize::try_from(value).unwrap_or(0);
                Count::new(count).map(Schedule::Constant).map_err(|_| {
                    E::custom(format!("a count must be a whole number, at least 1, got {value}"))
                })
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Schedule, A::Error> {
                let power = Power::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
                Ok(Schedule::Power { start: power.start, growth: power.growth })
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Schedule {
    fn schema_name() -> Cow<'static, str> {
        "Schedule".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (count, power) = (Count::json_schema(generator), Power::json_schema(generator));
        json_schema!({ "anyOf": [count, power] })
    }
}

/// Which generations are measured. Generation 0 and the last one always are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Every generation.
    All,
    /// Every n-th generation.
    Every(Count),
    /// About n generations a decade, evenly in the logarithm.
    Log(Count),
}

impl Measure {
    /// Whether generation t of `last` is measured.
    pub fn includes(self, t: u32, last: u32) -> bool {
        match self {
            _ if t == 0 || t == last => true,
            Measure::All => true,
            Measure::Every(n) => (t as usize).is_multiple_of(n.get()),
            Measure::Log(n) => {
                // t is the first generation of its step on the logarithmic ladder.
                let step = |t: u32| (f64::from(t).log10() * n.get() as f64 + 1e-9).floor();
                t == 1 || step(t) > step(t - 1)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Result<Header, String> {
        toml::from_str(text).map_err(|error: toml::de::Error| error.message().to_owned())
    }

    #[test]
    fn a_growing_schedule_counts_from_the_generation_it_trains() {
        let header = header("generations = 3\noffspring = { start = 20, growth = 2 }").unwrap();
        assert_eq!(header.schedule(), [0, 0, 80, 180, 320]);
    }

    #[test]
    fn offspring_default_to_the_number_of_founders() {
        assert_eq!(header("founders = 7\ngenerations = 1").unwrap().schedule(), [0, 0, 7]);
    }

    #[test]
    fn zero_trials_are_refused_with_the_bound() {
        let error = header("trials = 0").unwrap_err();
        assert_eq!(error, "a count must be a whole number, at least 1, got 0");
        assert!(header("offspring = 0").unwrap_err().contains("at least 1, got 0"));
    }

    #[test]
    fn measured_generations_by_hand() {
        let measured = |measure: Measure, last| -> Vec<u32> {
            (0..=last).filter(|&t| measure.includes(t, last)).collect()
        };
        let every: Header = header("measure = { every = 4 }").unwrap();
        assert_eq!(measured(every.measure, 10), [0, 4, 8, 10]);
        let log: Header = header("measure = { log = 2 }").unwrap();
        assert_eq!(measured(log.measure, 101), [0, 1, 4, 10, 32, 100, 101]);
    }
}
