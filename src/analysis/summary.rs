//! One row per metric and generation over the trials of a cell that are still alive.
//!
//! `trials` counts those that were started, `alive` those that had not ended by that generation. All
//! other columns describe the readings that exist. An infinite reading makes the mean infinite and
//! leaves standard deviation (divisor n − 1) and interval empty; quantiles take it as it is.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;

use super::interval::mean_interval;
use super::moment::{mean, standard_deviation};
use super::quantile::{median_interval, quantile};
use crate::archive::table::{Measurement, Outcome, Summary};

/// The rows of `summary.csv`: cells, arms and metrics in the order of their first appearance.
pub fn summarise(measurements: &[Measurement], outcomes: &[Outcome]) -> Vec<Summary> {
    let mut all = Vec::new();
    let Ok(ends) = Ends::of(outcomes.iter().cloned().map(Ok::<_, Infallible>));
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    let mut cells: Vec<Vec<&Measurement>> = Vec::new();
    for row in measurements {
        let place = *places.entry((&row.cell, &row.arm)).or_insert(cells.len());
        if place == cells.len() {
            cells.push(Vec::new());
        }
        cells[place].push(row);
    }
    let rows = cells.into_iter().flatten().cloned().map(Ok::<_, Infallible>);
    let Ok(()) = summarise_stream(rows, &ends, |rows| {
        all.extend(rows);
        Ok(())
    });
    all
}

/// The same of a table that may be larger than memory, in which the rows of a cell stand together:
/// `flush` is given the rows of one cell after the other.
pub fn summarise_stream<E>(
    measurements: impl Iterator<Item = Result<Measurement, E>>,
    ends: &Ends,
    mut flush: impl FnMut(Vec<Summary>) -> Result<(), E>,
) -> Result<(), E> {
    let mut open: Option<Groups> = None;
    for row in measurements {
        let row = row?;
        if let Some(groups) = open.take_if(|groups| !groups.are_of(&row)) {
            flush(groups.summarise(ends))?;
        }
        open.get_or_insert_with(|| Groups::of(&row)).add(&row);
    }
    open.map_or(Ok(()), |groups| flush(groups.summarise(ends)))
}

/// When the trials of every cell ended, counted: there may be more of them than memory has room for.
#[derive(Debug, Default)]
pub struct Ends(HashMap<(String, String), CellEnds>);

#[derive(Debug, Default)]
struct CellEnds {
    trials: u32,
    /// How many ended at a generation; none of those that survived.
    ended: BTreeMap<u32, u32>,
}

impl Ends {
    /// A lineage that ended without saying when has no generation to its name.
    pub fn of<E>(outcomes: impl Iterator<Item = Result<Outcome, E>>) -> Result<Self, E> {
        let mut ends = Ends::default();
        for row in outcomes {
            let row = row?;
            let of_cell = ends.0.entry((row.cell, row.arm)).or_default();
            of_cell.trials += 1;
            // A lineage that can no longer change lives on as it is.
            if !["survived", "absorbed"].contains(&&*row.outcome) {
                *of_cell.ended.entry(row.generation.unwrap_or(0)).or_default() += 1;
            }
        }
        Ok(ends)
    }

    fn of_cell(&self, cell: &str, arm: &str) -> Option<&CellEnds> {
        self.0.get(&(cell.to_owned(), arm.to_owned()))
    }
}

impl CellEnds {
    fn alive(&self, generation: u32) -> u32 {
        self.trials - self.ended.range(..=generation).map(|(_, count)| count).sum::<u32>()
    }
}

/// The readings of one cell.
struct Groups {
    cell: String,
    arm: String,
    /// In the order of their first appearance.
    metrics: Vec<String>,
    groups: HashMap<(u32, usize), Group>,
}

impl Groups {
    fn of(row: &Measurement) -> Self {
        let (cell, arm) = (row.cell.to_string(), row.arm.to_string());
        Groups { cell, arm, metrics: Vec::new(), groups: HashMap::new() }
    }

    fn are_of(&self, row: &Measurement) -> bool {
        self.cell == row.cell && self.arm == row.arm
    }

    fn add(&mut self, row: &Measurement) {
        let known = self.metrics.iter().position(|metric| *metric == row.metric);
        let metric = known.unwrap_or_else(|| {
            self.metrics.push(row.metric.to_string());
            self.metrics.len() - 1
        });
        let group = self.groups.entry((row.generation, metric)).or_default();
        group.trials.push(row.trial);
        group.values.extend(row.value);
    }

    fn summarise(self, ends: &Ends) -> Vec<Summary> {
        let ends = ends.of_cell(&self.cell, &self.arm);
        let mut groups: Vec<_> = self.groups.into_iter().collect();
        groups.sort_unstable_by_key(|(key, _)| *key);
        let about = |generation, metric: usize| Summary {
            cell: self.cell.clone(),
            arm: self.arm.clone(),
            generation,
            metric: self.metrics[metric].clone(),
            ..Summary::default()
        };
        let rows = groups.into_iter();
        rows.map(|((generation, m), group)| group.summarise(about(generation, m), ends)).collect()
    }
}

/// The readings that one row summarises.
#[derive(Default)]
struct Group {
    trials: Vec<u32>,
    values: Vec<f64>,
}

impl Group {
    fn summarise(mut self, about: Summary, ends: Option<&CellEnds>) -> Summary {
        let (trials, alive) = self.count(about.generation, ends);
        self.values.sort_unstable_by(f64::total_cmp);
        let at = |q| quantile(&self.values, q);
        let interval = mean_interval(&self.values);
        let median_interval = median_interval(&self.values);
        Summary {
            trials,
            alive,
            mean: mean(&self.values),
            sd: standard_deviation(&self.values),
            ci_low: interval.map(|(low, _)| low),
            ci_high: interval.map(|(_, high)| high),
            median: at(0.5),
            median_low: median_interval.map(|(low, _)| low),
            median_high: median_interval.map(|(_, high)| high),
            q05: at(0.05),
            q25: at(0.25),
            q75: at(0.75),
            q95: at(0.95),
            ..about
        }
    }

    /// Trials, and those alive; where no outcome is known yet, those that have a reading.
    fn count(&mut self, generation: u32, ends: Option<&CellEnds>) -> (u32, u32) {
        let Some(ends) = ends else {
            self.trials.sort_unstable();
            self.trials.dedup();
            return (self.trials.len() as u32, self.trials.len() as u32);
        };
        (ends.trials, ends.alive(generation))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(arm: &str, trial: u32, generation: u32, metric: &str, value: f64) -> Measurement {
        Measurement {
            cell: format!("c-{arm}").into(),
            arm: arm.to_owned().into(),
            trial,
            generation,
            metric: metric.to_owned().into(),
            value: Some(value),
            standard_error: None,
        }
    }

    fn outcome(arm: &str, trial: u32, extinct: Option<u32>) -> Outcome {
        Outcome {
            cell: format!("c-{arm}"),
            arm: arm.into(),
            trial,
            outcome: if extinct.is_some() { "extinct" } else { "survived" }.into(),
            generation: extinct,
            cause: String::new(),
        }
    }

    #[test]
    fn rows_are_grouped_and_come_in_the_order_of_the_measurements() {
        let mut rows = Vec::new();
        for arm in ["replace", "accumulate"] {
            for trial in 0..3 {
                for generation in 0..12 {
                    rows.push(reading(arm, trial, generation, "spread", f64::from(trial)));
                    rows.push(reading(arm, trial, generation, "kl", 1.0));
                }
            }
        }
        let found = summarise(&rows, &[]);
        assert_eq!(found.len(), 2 * 12 * 2);
        let key = |row: &Summary| (row.arm.clone(), row.generation, row.metric.clone());
        assert_eq!(key(&found[0]), ("replace".into(), 0, "spread".into()));
        assert_eq!(key(&found[1]), ("replace".into(), 0, "kl".into()));
        assert_eq!(key(&found[4]), ("replace".into(), 2, "spread".into()));
        assert_eq!(key(&found[24]), ("accumulate".into(), 0, "spread".into()));
        assert_eq!(
            (found[0].mean, found[0].sd, found[0].median),
            (Some(1.0), Some(1.0), Some(1.0))
        );
        assert_eq!((found[0].trials, found[0].alive), (3, 3));
    }

    #[test]
    fn the_extinct_count_as_trials_and_not_as_alive_from_their_last_generation_on() {
        let rows: Vec<_> = [(0, 1), (1, 1), (0, 2), (1, 2), (0, 3)]
            .map(|(trial, generation)| reading("replace", trial, generation, "kl", 1.0))
            .into();
        let outcomes = [outcome("replace", 0, None), outcome("replace", 1, Some(3))];
        let found = summarise(&rows, &outcomes);
        let counts: Vec<_> = found.iter().map(|row| (row.trials, row.alive)).collect();
        assert_eq!(counts, [(2, 2), (2, 2), (2, 1)]);
        assert_eq!((found[2].sd, found[2].ci_low, found[2].mean), (None, None, Some(1.0)));
    }

    #[test]
    fn an_infinite_reading_makes_the_mean_infinite_and_spares_the_median() {
        let rows: Vec<_> = [1.0, 2.0, f64::INFINITY]
            .into_iter()
            .zip(0..)
            .map(|(value, trial)| reading("replace", trial, 1, "kl", value))
            .collect();
        let row = &summarise(&rows, &[])[0];
        assert_eq!((row.mean, row.sd, row.ci_high), (Some(f64::INFINITY), None, None));
        assert_eq!((row.median, row.q95), (Some(2.0), Some(f64::INFINITY)));
    }

    #[test]
    fn readings_that_do_not_exist_leave_a_row_of_empty_values() {
        let row = Measurement { value: None, ..reading("replace", 0, 1, "kl", 0.0) };
        let found = &summarise(&[row], &[])[0];
        assert_eq!((found.trials, found.alive), (1, 1));
        assert_eq!((found.mean, found.median, found.q05, found.sd), (None, None, None, None));
    }
    #[test]
    fn rows_of_a_cell_may_stand_anywhere() {
        let rows: Vec<_> = (0..3)
            .flat_map(|trial| ["replace", "accumulate"].map(|arm| (arm, trial)))
            .map(|(arm, trial)| reading(arm, trial, 1, "kl", f64::from(trial)))
            .collect();
        let found = summarise(&rows, &[]);
        let told: Vec<_> =
            found.iter().map(|row| (row.arm.as_str(), row.trials, row.mean)).collect();
        assert_eq!(told, [("replace", 3, Some(1.0)), ("accumulate", 3, Some(1.0))]);
    }
}
