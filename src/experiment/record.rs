//! What one trial leaves in the tables: text is made on the thread that ran the trial.

use super::keepsake::Kept;
use super::trial::{Portion, Trial};
use super::{Cell, Space};
use crate::archive::csv::Table;
use crate::archive::{ArchiveError, table};
use crate::lineage::Outcome;
use std::borrow::Cow;
use std::path::Path;

/// The tables that grow with the number of trials.
pub struct Tables<'a> {
    pub measurements: Table<table::Reading<'a>>,
    pub composition: Table<table::Composition>,
}

/// What one trial leaves in them, the many measurements as text already.
pub struct Record<S> {
    pub outcome: table::Outcome,
    pub measurements: Vec<u8>,
    pub composition: Vec<Portion>,
    pub kept: Vec<Kept<S>>,
}

impl<'a> Tables<'a> {
    pub fn at(folder: &Path) -> Self {
        let (measurements, composition) =
            (Table::at(folder, "measurements"), Table::at(folder, "composition"));
        Tables { measurements, composition }
    }

    /// Writes down a trial that ran, or the message it panicked with.
    pub fn record<S: Space>(
        &self,
        cell: &'a Cell<S>,
        id: &'a str,
        number: u32,
        attempt: Result<Trial<S>, String>,
    ) -> Result<Record<S>, ArchiveError> {
        let outcome = outcome_row(cell, id, number, &attempt);
        let (mut measurements, composition, kept) = (Vec::new(), Vec::new(), Vec::new());
        let Ok(trial) = attempt else {
            return Ok(Record { outcome, measurements, composition, kept });
        };
        measurements = self.measurements.text(&measurement_rows(cell, id, number, &trial))?;
        let Trial { composition, kept, .. } = trial;
        Ok(Record { outcome, measurements, composition, kept })
    }

    /// The lines of the trial's training sets, one generation at a time.
    pub fn composition_of<S>(
        &self,
        record: &Record<S>,
    ) -> impl Iterator<Item = Result<Cow<'static, [u8]>, ArchiveError>> {
        let of = |portions: &[Portion]| {
            let rows: Vec<_> = portions.iter().flat_map(|p| p.rows(&record.outcome)).collect();
            Ok(self.composition.text(&rows)?.into())
        };
        record.composition.chunk_by(|a, b| a.generation == b.generation).map(of)
    }
}

fn outcome_row<S: Space>(
    cell: &Cell<S>,
    id: &str,
    trial: u32,
    attempt: &Result<Trial<S>, String>,
) -> table::Outcome {
    let (outcome, generation, cause) = match attempt {
        Ok(Trial { outcome: Outcome::Survived, .. }) => ("survived", None, ""),
        Ok(Trial { outcome: Outcome::Extinct { generation, cause }, .. }) => {
            ("extinct", Some(*generation), cause.as_str())
        }
        Err(message) => ("failed", None, message.as_str()),
    };
    let (cell, arm) = (id.to_owned(), cell.arm.clone());
    table::Outcome { cell, arm, trial, outcome: outcome.into(), generation, cause: cause.into() }
}

/// One row per generation and metric: generations as they come, metrics in the order of their labels.
fn measurement_rows<'a, S: Space>(
    cell: &'a Cell<S>,
    id: &'a str,
    trial: u32,
    record: &Trial<S>,
) -> Vec<table::Reading<'a>> {
    let mut order: Vec<usize> = (0..cell.metrics.len()).collect();
    order.sort_by_key(|&m| &cell.metrics[m].label);
    let mut rows = Vec::with_capacity(record.readings.len() * order.len());
    for (generation, readings) in &record.readings {
        rows.extend(order.iter().map(|&m| table::Reading {
            cell: id.into(),
            arm: (&cell.arm).into(),
            trial,
            generation: *generation,
            metric: (&cell.metrics[m].label).into(),
            value: readings[m].map(|reading| reading.value),
            standard_error: readings[m].and_then(|reading| reading.standard_error),
        }));
    }
    rows
}
