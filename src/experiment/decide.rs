//! How many trials each cell is asked for now: given, or decided on the trials that there are.

use super::need::{Asked, Standing};
use super::replication::{Adaptive, Trials};
use super::study::Cells;
use super::survey::Decision;
use super::{Cell, Space};
use crate::archive::ArchiveError;
use crate::archive::journal::{Found, Journal};

/// The trials of every cell, and what adaptive replication decided where it could.
pub fn trials<S: Space>(
    study: &Cells<S>,
    journal: &Journal,
    retry: bool,
) -> Result<(Vec<usize>, Option<Decision>), ArchiveError> {
    let cells = &study.cells;
    let Some(adaptive) = cells.iter().find_map(|cell| cell.header.trials.adaptive()) else {
        return Ok((cells.iter().map(|cell| cell.header.trials.most()).collect(), None));
    };
    let counts = Trials::Adaptive(adaptive.clone()).counts();
    for (i, &count) in counts.iter().enumerate() {
        let mut widths = Vec::new();
        for cell in cells {
            match values(cell, journal, adaptive, count, retry)? {
                None => return Ok((vec![count; cells.len()], None)),
                Some(values) => widths.push(adaptive.until.half_width_of(values)),
            }
        }
        let half_width: Option<f64> = widths
            .into_iter()
            .collect::<Option<Vec<_>>>()
            .map(|widths| widths.into_iter().fold(0.0, f64::max));
        let is_met = half_width.is_some_and(|width| width <= adaptive.until.half_width.get());
        if is_met || i + 1 == counts.len() {
            let decision = Decision { trials: count, half_width, is_met };
            return Ok((vec![count; cells.len()], Some(decision)));
        }
    }
    Ok((vec![0; cells.len()], None))
}

/// What the first trials of a cell read; none where one of them is not there yet.
fn values<S: Space>(
    cell: &Cell<S>,
    journal: &Journal,
    adaptive: &Adaptive,
    count: usize,
    retry: bool,
) -> Result<Option<Vec<f64>>, ArchiveError> {
    let asked = Asked::of(cell, journal);
    let until = &adaptive.until;
    let t = asked.generations.iter().position(|t| *t == until.generation);
    let m = cell.metrics.iter().position(|measured| measured.label == until.metric);
    let (Some(t), Some(m)) = (t, m) else { return Ok(Some(Vec::new())) };
    let mut values = Vec::new();
    let all = journal.trials_of(&cell.identity.key);
    for trial in 0..count as u32 {
        let found = of_trial(all, trial);
        match asked.standing(trial, found, journal, retry) {
            Standing::Missing(_) => return Ok(None),
            Standing::Failed => {}
            Standing::Complete => {
                let readings = asked.readings(found, journal)?.numbers;
                values.extend(readings[t * cell.metrics.len() + m].map(|(value, _)| value));
            }
        }
    }
    Ok(Some(values))
}

/// All records of one trial.
pub fn of_trial(all: &[Found], trial: u32) -> &[Found] {
    let from = all.partition_point(|found| found.trial < trial);
    let length = all[from..].partition_point(|found| found.trial == trial);
    &all[from..from + length]
}
