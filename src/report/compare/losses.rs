//! The losses of the lineages that are compared, read from the tables of a results folder.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use super::arms::{Ends, ends};
use crate::archive::ArchiveError;
use crate::archive::csv::scan;
use crate::archive::table::places;
use crate::experiment::Study;

/// Losses of some metrics at some generations, by cell.
pub struct Losses<'a> {
    study: &'a dyn Study,
    ends: Vec<Ends>,
    /// By cell, generation and metric: the readings of its trials.
    values: HashMap<(usize, u32, usize), HashMap<u32, f64>>,
    metrics: Vec<String>,
}

impl<'a> Losses<'a> {
    /// Reads what is needed of `cells` (short hash and arm of each).
    pub fn read(
        folder: &Path,
        study: &'a dyn Study,
        cells: &[(String, String)],
        metrics: &[String],
        generations: &BTreeSet<u32>,
    ) -> Result<Self, ArchiveError> {
        let (places, ends) = (places(cells), ends(folder, cells)?);
        let known: HashMap<&str, usize> =
            metrics.iter().enumerate().map(|(i, metric)| (&**metric, i)).collect();
        let mut values: HashMap<(usize, u32, usize), HashMap<u32, f64>> = HashMap::new();
        let columns = ["cell", "arm", "trial", "generation", "metric", "value"];
        scan(folder, "measurements", columns, |[cell, arm, trial, t, metric, value]| {
            let (Ok(t), Some(&metric)) = (t.parse(), known.get(metric)) else { return };
            if t != 0 && !generations.contains(&t) {
                return;
            }
            let place = places.get(&(cell, arm)).copied();
            if let (Some(place), Ok(trial), Ok(value)) = (place, trial.parse(), value.parse()) {
                values.entry((place, t, metric)).or_default().insert(trial, value);
            }
        })?;
        Ok(Self { study, ends, values, metrics: metrics.to_vec() })
    }

    /// The trials of a cell that did not fail.
    pub fn trials(&self, cell: usize) -> impl Iterator<Item = u32> + '_ {
        self.ends[cell].keys().copied()
    }

    /// The trials that finished in both of two cells.
    pub fn pairs(&self, cell: usize, other: usize) -> impl Iterator<Item = u32> + '_ {
        self.trials(cell).filter(move |trial| self.ends[other].contains_key(trial))
    }

    /// Whether a lineage was extinct by generation t.
    pub fn is_extinct(&self, cell: usize, trial: u32, t: u32) -> bool {
        matches!(self.ends[cell].get(&trial), Some(Some(end)) if *end <= t)
    }

    /// The loss of a lineage at generation t: infinite once it is extinct, none where it does not exist.
    pub fn loss(&self, cell: usize, trial: u32, t: u32, metric: usize) -> Option<f64> {
        let end = self.ends[cell].get(&trial)?;
        if end.is_some_and(|end| end <= t) {
            return Some(f64::INFINITY);
        }
        let reading = |t: u32| self.values.get(&(cell, t, metric))?.get(&trial).copied();
        self.study.loss(&self.metrics[metric], reading(t)?, reading(0))
    }
}
