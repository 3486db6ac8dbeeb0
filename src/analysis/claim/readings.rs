//! What claims and pictures read, out of the tables of a results folder.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use super::{Evidence, Reading};
use crate::archive::ArchiveError;
use crate::archive::csv::{scan, stream_table};
use crate::archive::table::{Outcome, places};

type Curve = BTreeMap<u32, f64>;

/// One place that is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Its place on the axis of the statistic.
    pub x: f64,
    /// The place of the cell among all.
    pub cell: usize,
    /// None where nothing is read but when a lineage ends.
    pub metric: Option<String>,
    /// The generations that are read; none where nothing is read but when a lineage ends.
    pub generations: Vec<u32>,
}

/// By cell and metric, the readings of each trial by generation.
pub struct Readings {
    curves: HashMap<(usize, String), HashMap<u32, Curve>>,
    /// By cell, the trials that did not fail, and when each was absorbed.
    trials: Vec<BTreeMap<u32, Option<u32>>>,
    /// By cell, metric and statistic, what theory says in a generation.
    theory: HashMap<(usize, String, String), Curve>,
}

impl Readings {
    /// Reads what some claims look at, and nothing else.
    pub fn read(
        folder: &Path,
        ids: &[(String, String)],
        looks: &[Look],
    ) -> Result<Self, ArchiveError> {
        let places = places(ids);
        let mut wanted: HashMap<(usize, &str), BTreeSet<u32>> = HashMap::new();
        for look in looks {
            let metric = look.metric.as_deref().unwrap_or_default();
            wanted.entry((look.cell, metric)).or_default().extend(&look.generations);
        }
        let mut curves: HashMap<(usize, String), HashMap<u32, Curve>> = HashMap::new();
        let columns = ["cell", "arm", "trial", "generation", "metric", "value"];
        scan(folder, "measurements", columns, |[cell, arm, trial, t, metric, value]| {
            let Some(&place) = places.get(&(cell, arm)) else { return };
            let Some(generations) = wanted.get(&(place, metric)) else { return };
            let (Ok(trial), Ok(t), Ok(value)) = (trial.parse(), t.parse(), value.parse()) else {
                return;
            };
            if generations.contains(&t) {
                let own = curves.entry((place, metric.to_owned())).or_default();
                own.entry(trial).or_default().insert(t, value);
            }
        })?;
        let mut trials = vec![BTreeMap::new(); ids.len()];
        for row in stream_table::<Outcome>(folder, "outcomes")? {
            let row = row?;
            let place = places.get(&(&*row.cell, &*row.arm));
            if let (Some(place), true) = (place, row.outcome != "failed") {
                let absorbed = row.generation.filter(|_| row.outcome == "absorbed");
                trials[*place].insert(row.trial, absorbed);
            }
        }
        Ok(Self { curves, trials, theory: HashMap::new() })
    }

    /// The same, and what theory says.
    pub fn with_theory(
        folder: &Path,
        ids: &[(String, String)],
        looks: &[Look],
    ) -> Result<Self, ArchiveError> {
        let places = places(ids);
        let mut theory: HashMap<(usize, String, String), Curve> = HashMap::new();
        let columns = ["cell", "arm", "generation", "metric", "statistic", "value"];
        scan(folder, "theory", columns, |[cell, arm, t, metric, statistic, value]| {
            let Some(&place) = places.get(&(cell, arm)) else { return };
            if let (Ok(t), Ok(value)) = (t.parse(), value.parse()) {
                let key = (place, metric.to_owned(), statistic.to_owned());
                theory.entry(key).or_default().insert(t, value);
            }
        })?;
        Ok(Self { theory, ..Self::read(folder, ids, looks)? })
    }

    /// What a claim's places have of each lineage; columns are trials.
    pub fn evidence(&self, looks: &[Look], reading: Reading) -> Evidence {
        let all = looks.iter().flat_map(|look| self.trials[look.cell].keys().copied());
        let trials: BTreeSet<u32> = all.collect();
        let row =
            |look: &Look| trials.iter().map(|trial| self.one(look, *trial, reading)).collect();
        Evidence {
            x: looks.iter().map(|look| look.x).collect(),
            readings: looks.iter().map(row).collect(),
        }
    }

    /// A reading of one lineage; NaN where there is none.
    fn one(&self, look: &Look, trial: u32, reading: Reading) -> f64 {
        let Some(absorbed) = self.trials[look.cell].get(&trial) else { return f64::NAN };
        let key = (look.cell, look.metric.clone().unwrap_or_default());
        let curve = self.curves.get(&key).and_then(|trials| trials.get(&trial));
        let values = || curve.into_iter().flatten().filter(|(t, _)| look.generations.contains(t));
        let first = || values().next().map_or(f64::NAN, |(_, value)| *value);
        match reading {
            Reading::Value => first(),
            Reading::Event(bound) => match first() {
                value if value.is_nan() => value,
                value => f64::from(u8::from(bound.holds(value))),
            },
            Reading::Passage(passage) => {
                let Some(bound) = passage.bound() else {
                    return absorbed.map_or(f64::INFINITY, f64::from);
                };
                let passed = values().find(|(_, value)| bound.holds(**value));
                passed.map_or(f64::INFINITY, |(t, _)| f64::from(*t))
            }
            Reading::Average(..) => {
                let values: Vec<f64> = values().map(|(_, value)| *value).collect();
                match values.len() < look.generations.len() {
                    true => f64::NAN,
                    false => values.iter().sum::<f64>() / values.len() as f64,
                }
            }
        }
    }

    /// What theory says at the same places, generations averaged; none where it is silent at one.
    pub fn theory(&self, looks: &[Look], statistic: &str) -> Option<Vec<f64>> {
        let one = |look: &Look| -> Option<f64> {
            let key = (look.cell, look.metric.clone()?, statistic.to_owned());
            let curve = self.theory.get(&key)?;
            let values: Option<Vec<f64>> =
                look.generations.iter().map(|t| curve.get(t).copied()).collect();
            let values = values.filter(|values| !values.is_empty())?;
            Some(values.iter().sum::<f64>() / values.len() as f64)
        };
        looks.iter().map(one).collect()
    }
}
