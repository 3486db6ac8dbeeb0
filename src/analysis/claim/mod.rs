//! Statements of the literature that numbers can refute: the `[[claims]]` of an experiment file, and
//! what the results of its lineages say to each.
//!
//! Of each lineage something is read off ([`Reading`]), over lineages there is a centre ([`Centre`]), of
//! one or several centres a statistic is made ([`Statistic`]), and it is held against what is expected
//! ([`Expectation`]). A claim names a *foil*, which is where the same sentence must fail: one that cannot
//! fail says nothing.

mod expect;
mod readings;
mod statistic;
mod verdict;
mod weigh;

pub use expect::{Expectation, Target};
pub use readings::{Look, Readings};
pub use statistic::{Along, Statistic};
pub use verdict::{Accepted, Verdict, judge};
pub use weigh::{Evidence, Measured, measure};

pub use crate::archive::reading::{Bound, Passage};

use crate::numeric::bounded::{Finite, Fraction};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One statement about the results of an experiment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Claim {
    /// A short name, different from those of the other claims.
    pub name: String,
    /// The statement in a sentence.
    pub says: String,
    /// Where it is made: a figure, a theorem, a section.
    pub source: String,
    /// How its number was come by.
    pub read: Read,
    /// The arm that it is about; a file with one arm need not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arm: Option<String>,
    /// Swept paths and the value of each that it is about.
    #[serde(default, rename = "where", skip_serializing_if = "Place::is_anywhere")]
    pub place: Place,
    /// The label of a metric; left out where nothing is measured but when a lineage ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// The generation that it is about; left out: the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<u32>,
    /// Whether the value lies there: 1 or 0 for each lineage, and their mean is a probability.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Bound>,
    /// The first measured generation in which the value lies there; infinite where it never does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passage: Option<Passage>,
    /// The mean value over the measured generations from the first of these to the second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub average: Option<[u32; 2]>,
    /// What is taken over lineages.
    #[serde(default)]
    pub of: Centre,
    /// What is made of the centres.
    #[serde(default)]
    pub statistic: Statistic,
    /// From where to where a statistic runs along its axis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<[Finite; 2]>,
    /// The places of the axis that it looks at; left out: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Vec<Finite>>,
    /// What is accepted.
    pub expect: Expectation,
    /// Where the same sentence must fail.
    pub foil: Other,
    /// Why it does not hold here, where that is known and told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
}

/// How the number of a claim was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Read {
    /// In the text of the source.
    Text,
    /// In data or code that its authors published.
    Data,
    /// Off a picture, by eye.
    Figure,
    /// It follows from the statement, by a closed form or a calculation.
    Derived,
}

impl Read {
    pub fn name(self) -> &'static str {
        match self {
            Read::Text => "text",
            Read::Data => "data",
            Read::Figure => "figure",
            Read::Derived => "derived",
        }
    }
}

/// Another place to look at; what is left out is as in the claim.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Other {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arm: Option<String>,
    #[serde(rename = "where", skip_serializing_if = "Place::is_anywhere")]
    pub place: Place,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation: Option<u32>,
}

/// Swept paths and their values, as text that `cells.csv` has too.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Place(pub toml::Table);

impl Place {
    fn is_anywhere(&self) -> bool {
        self.0.is_empty()
    }

    /// Path and value of each; tables within tables are one path.
    pub fn values(&self) -> BTreeMap<String, String> {
        fn walk(table: &toml::Table, before: &str, found: &mut BTreeMap<String, String>) {
            for (key, value) in table {
                let path = if before.is_empty() { key.clone() } else { format!("{before}.{key}") };
                match value {
                    toml::Value::Table(inner) => walk(inner, &path, found),
                    toml::Value::String(text) => drop(found.insert(path, text.clone())),
                    value => drop(found.insert(path, value.to_string())),
                }
            }
        }
        let mut found = BTreeMap::new();
        walk(&self.0, "", &mut found);
        found
    }
}

impl JsonSchema for Place {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Place".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "object" })
    }
}

/// What is taken over lineages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Centre {
    #[default]
    Mean,
    /// The mean of the natural logarithm.
    MeanLog,
    Median,
    Quantile(Fraction),
}

/// What is read off each lineage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    Value,
    Event(Bound),
    Passage(Passage),
    Average(u32, u32),
}

impl Claim {
    /// What is read off each lineage.
    pub fn reading(&self) -> Reading {
        match (self.event, self.passage, self.average) {
            (Some(bound), _, _) => Reading::Event(bound),
            (_, Some(passage), _) => Reading::Passage(passage),
            (_, _, Some([first, last])) => Reading::Average(first, last),
            _ => Reading::Value,
        }
    }

    /// The same claim, looked at in another place.
    pub fn seen_at(&self, other: &Other) -> Claim {
        let mut seen = self.clone();
        seen.arm = other.arm.clone().or(seen.arm);
        seen.metric = other.metric.clone().or(seen.metric);
        seen.generation = other.generation.or(seen.generation);
        for (path, value) in &other.place.0 {
            seen.place.0.insert(path.clone(), value.clone());
        }
        seen
    }

    /// The foil as words.
    pub fn foil_name(&self) -> String {
        self.foil.name()
    }

    /// Why the claim says nothing, whatever the results.
    pub fn flaw(&self) -> Option<String> {
        let readings = [self.event.is_some(), self.passage.is_some(), self.average.is_some()];
        if readings.iter().filter(|is| **is).count() > 1 {
            return Some("`event`, `passage` and `average` are three readings: keep one".into());
        }
        if self.metric.is_none() && self.reading() != Reading::Passage(Passage::Absorbed) {
            return Some("it names no `metric`: add one".into());
        }
        if self.foil == Other::default() {
            return Some(
                "its foil is where it looks itself: name another arm, cell, metric or generation"
                    .into(),
            );
        }
        if matches!(self.average, Some([first, last]) if first > last || first == 0) {
            return Some(
                "`average` goes from a generation to a later one: write [150, 200]".into(),
            );
        }
        if self.expect.is_of_theory()
            && matches!(self.reading(), Reading::Event(_) | Reading::Passage(_))
        {
            return Some(
                "theory.csv knows means of metrics, and no events: expect a number or a named form"
                    .into(),
            );
        }
        if self.expect.is_of_theory() && matches!(self.of, Centre::Median | Centre::Quantile(_)) {
            return Some(
                "theory.csv knows means, and no quantiles: expect a number or a named form".into(),
            );
        }
        self.expect.flaw()
    }
}

impl Other {
    /// Another place as words.
    pub fn name(&self) -> String {
        let generation = self.generation.map(|t| format!("generation {t}"));
        let places =
            self.place.values().into_iter().map(|(path, value)| format!("{path} = {value}"));
        let all =
            self.arm.iter().cloned().chain(places).chain(self.metric.clone()).chain(generation);
        all.collect::<Vec<_>>().join(", ")
    }
}
