//! The curves that a profile is made of, read from the tables of a results folder.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use super::super::compare::arms::{Cells, Ends, ends};
use super::metric::Use;
use crate::analysis::profile::divergence::spread;
use crate::analysis::profile::{Curves, Lineage};
use crate::archive::ArchiveError;
use crate::archive::csv::scan;
use crate::archive::table::places;

/// No more generations than these are looked at, evenly spread, the first and the last among them.
const MOST_GENERATIONS: usize = 60;

/// By cell: its lineages without readings, and the curves of its metrics by label.
pub struct Readings {
    empty: HashMap<usize, Curves>,
    curves: HashMap<(usize, String), Curves>,
}

impl Readings {
    /// Reads some metrics of some cells.
    pub fn read(
        folder: &Path,
        cells: &Cells,
        chosen: &[usize],
        labels: &BTreeSet<String>,
    ) -> Result<Self, ArchiveError> {
        let (places, ends) = (places(&cells.ids), ends(folder, &cells.ids)?);
        let empty: HashMap<usize, Curves> = chosen
            .iter()
            .map(|place| (*place, blank(&cells.parties[*place].measured, &ends[*place])))
            .collect();
        let mut curves: HashMap<(usize, String), Curves> = HashMap::new();
        let columns = ["cell", "arm", "trial", "generation", "metric", "value"];
        scan(folder, "measurements", columns, |[cell, arm, trial, t, metric, value]| {
            let place = places.get(&(cell, arm)).filter(|place| empty.contains_key(place));
            let (Some(&place), true) = (place, labels.contains(metric)) else { return };
            if let (Ok(trial), Ok(t), Ok(value)) = (trial.parse(), t.parse(), value.parse()) {
                let own = curves.entry((place, metric.to_owned()));
                put(own.or_insert_with(|| empty[&place].clone()), trial, t, value);
            }
        })?;
        Ok(Self { empty, curves })
    }

    /// The lineages of a cell, without readings.
    pub fn lineages(&self, place: usize) -> &Curves {
        &self.empty[&place]
    }

    /// A metric of a cell, as a definition speaks of it.
    pub fn of(&self, place: usize, label: &str, of: Use) -> Curves {
        let curves = self.curves.get(&(place, label.to_owned()));
        let curves = curves.unwrap_or_else(|| self.lineages(place));
        curves.map(|value, world| of.scale.of(value, world))
    }
}

fn blank(measured: &[u32], ends: &Ends) -> Curves {
    let shown = spread(measured.len(), MOST_GENERATIONS);
    let generations: Vec<u32> = shown.into_iter().map(|place| measured[place]).collect();
    let readings = vec![None; generations.len()];
    let lineage = |(trial, end): (&u32, &Option<u32>)| Lineage {
        trial: *trial,
        world: None,
        end: *end,
        readings: readings.clone(),
    };
    Curves { lineages: ends.iter().map(lineage).collect(), generations }
}

/// Puts a reading where it belongs, if it belongs anywhere.
fn put(curves: &mut Curves, trial: u32, t: u32, value: f64) {
    let Ok(row) = curves.lineages.binary_search_by_key(&trial, |lineage| lineage.trial) else {
        return;
    };
    let lineage = &mut curves.lineages[row];
    if t == 0 {
        lineage.world = Some(value);
    } else if let Ok(place) = curves.generations.binary_search(&t) {
        lineage.readings[place] = Some(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_go_where_their_trial_and_generation_are() {
        let ends = Ends::from([(3, None), (7, Some(2))]);
        let mut curves = blank(&[1, 2, 5], &ends);
        for (trial, t, value) in [(3, 0, 1.0), (3, 5, 0.5), (7, 1, 0.7), (4, 1, 9.0), (7, 3, 9.0)] {
            put(&mut curves, trial, t, value);
        }
        assert_eq!(curves.lineages[0].world, Some(1.0));
        assert_eq!(curves.lineages[0].readings, [None, None, Some(0.5)]);
        assert_eq!(curves.lineages[1].readings, [Some(0.7), None, None]);
        let many: Vec<u32> = (1..=1000).collect();
        let shown = blank(&many, &ends).generations;
        assert_eq!((shown.len(), shown[0], shown[59]), (60, 1, 1000));
    }
}
