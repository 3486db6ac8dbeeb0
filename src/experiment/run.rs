//! Cells → rows: trials side by side over an explicit pool, results in order on any number of threads.

use super::study::{Cells, Study};
use super::trial::{self, OpenWorld, Trial};
use super::{Cell, Space, keepsake, resolved};
use crate::archive::csv::write_table;
use crate::archive::provenance::Provenance;
use crate::archive::{ArchiveError, table};
use crate::lineage::Outcome;
use crate::numeric::memo::Memo;
use crate::stream;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

/// How far a run is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    pub done: usize,
    pub of: usize,
}

/// What became of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunReport {
    pub trials: usize,
    pub extinct: usize,
    pub failed: usize,
}

/// Why a run could not be finished; results that were there before are untouched.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("{0}")]
    Archive(#[from] ArchiveError),
    #[error("{path}: {reason}", path = .0.path.display(), reason = .0.message)]
    World(Box<super::Complaint>),
    #[error("cannot start {threads} threads: {reason}")]
    Threads { threads: usize, reason: String },
}

/// A trial that ran, or the message it panicked with.
type Attempt<S> = Result<Trial<S>, String>;

/// Runs every trial of every cell on `threads` threads, and writes all tables into `folder`.
pub fn run<S: Space>(
    study: &Cells<S>,
    folder: &Path,
    threads: usize,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<RunReport, RunError> {
    let started = SystemTime::now();
    let refuse = |error: rayon::ThreadPoolBuildError| RunError::Threads {
        threads,
        reason: error.to_string(),
    };
    let worlds = open_worlds(study)?;
    let jobs: Vec<(usize, u32)> = (study.cells.iter().enumerate())
        .flat_map(|(c, cell)| (0..cell.header.trials.get() as u32).map(move |trial| (c, trial)))
        .collect();
    // A thread without a trial would only get in the way of the others.
    let useful = threads.min(jobs.len()).max(1);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(useful).build().map_err(refuse)?;
    let done = AtomicUsize::new(0);
    let attempt = |&(c, trial): &(usize, u32)| -> Attempt<S> {
        let lineage = || trial::run(&study.cells[c], &worlds[c], trial);
        let result = catch_unwind(AssertUnwindSafe(lineage)).map_err(message_of);
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        progress(Progress { done, of: jobs.len() });
        result
    };
    let attempts: Vec<Attempt<S>> = pool.install(|| jobs.par_iter().map(attempt).collect());
    let mut by_cell: Vec<Vec<Attempt<S>>> = study.cells.iter().map(|_| Vec::new()).collect();
    for ((c, _), attempt) in jobs.iter().zip(attempts) {
        by_cell[*c].push(attempt);
    }
    let report = write(study, &by_cell, folder)?;
    Provenance::gather(stream::VERSION, started, threads).write(folder)?;
    Ok(report)
}

/// The words of a panic.
fn message_of(panic: Box<dyn std::any::Any + Send>) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "the trial panicked without a message".into())
}

/// The world of each cell; cells with the same world share one, and what is computed about it.
fn open_worlds<S: Space>(study: &Cells<S>) -> Result<Vec<Arc<OpenWorld<S>>>, RunError> {
    let mut open: BTreeMap<String, Arc<OpenWorld<S>>> = BTreeMap::new();
    let folder = study.document.folder();
    let world_of = |cell: &Cell<S>| {
        let key = format!("{} {}", cell.world.entry.name, cell.world.table);
        if let Some(world) = open.get(&key) {
            return Ok(world.clone());
        }
        let distribution = cell.world.value.open(folder).map_err(|error| {
            let complaint = study.document.complain(None, error.reason).with_help(error.help);
            RunError::World(Box::new(complaint))
        })?;
        let world = Arc::new(OpenWorld { distribution, memo: Memo::default() });
        open.insert(key, world.clone());
        Ok(world)
    };
    study.cells.iter().map(world_of).collect()
}

/// Writes every table of the folder.
fn write<S: Space>(
    study: &Cells<S>,
    attempts: &[Vec<Attempt<S>>],
    folder: &Path,
) -> Result<RunReport, RunError> {
    let text = study.resolved();
    let path = folder.join("experiment.toml");
    std::fs::write(&path, text).map_err(ArchiveError::io("write", &path))?;
    let mut rows = Rows::default();
    for (cell, attempts) in study.cells.iter().zip(attempts) {
        let id = resolved::cell_id(cell, &files_of(study, cell)?);
        rows.add(cell, &id, attempts);
        if let Some(Ok(first)) = attempts.first() {
            keepsake::write(folder, &id, &first.kept)?;
        }
    }
    rows.sort();
    write_table(folder, "cells", &rows.cells)?;
    write_table(folder, "measurements", &rows.measurements)?;
    write_table(folder, "theory", &rows.theory)?;
    write_table(folder, "composition", &rows.composition)?;
    write_table(folder, "outcomes", &rows.outcomes)?;
    let count = |outcome: &str| rows.outcomes.iter().filter(|row| row.outcome == outcome).count();
    let (extinct, failed) = (count("extinct"), count("failed"));
    Ok(RunReport { trials: rows.outcomes.len(), extinct, failed })
}

/// The content of every file that a cell's world reads.
fn files_of<S: Space>(
    study: &Cells<S>,
    cell: &Cell<S>,
) -> Result<Vec<(String, Vec<u8>)>, RunError> {
    let read = |path: PathBuf| {
        let content = std::fs::read(&path).map_err(ArchiveError::io("read", &path))?;
        Ok((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), content))
    };
    cell.world.value.files(study.document.folder()).into_iter().map(read).collect()
}

/// All tables, as they grow cell by cell.
#[derive(Default)]
struct Rows {
    cells: Vec<table::Cell>,
    measurements: Vec<table::Measurement>,
    theory: Vec<table::Prediction>,
    composition: Vec<table::Composition>,
    outcomes: Vec<table::Outcome>,
}

impl Rows {
    fn add<S: Space>(&mut self, cell: &Cell<S>, id: &str, attempts: &[Attempt<S>]) {
        self.cells.push(table::Cell { cell: id.to_owned(), arm: cell.arm.clone() });
        for (trial, attempt) in (0..).zip(attempts) {
            self.outcomes.push(outcome_row(cell, id, trial, attempt));
            if let Ok(record) = attempt {
                self.measurements.extend(measurement_rows(cell, id, trial, record));
                self.composition.extend(record.composition.iter().map(|p| p.row(id, &cell.arm)));
            }
        }
        self.theory.extend(theory_rows(cell, id));
    }

    /// The order of every table but `cells.csv`, which keeps the order of the file.
    fn sort(&mut self) {
        self.measurements.sort_by(|a, b| {
            let place = |m: &table::Measurement| (m.trial, m.generation);
            (&a.cell, &a.arm, place(a), &a.metric).cmp(&(&b.cell, &b.arm, place(b), &b.metric))
        });
        self.theory.sort_by(|a, b| {
            (&a.cell, &a.arm, a.generation, &a.metric).cmp(&(
                &b.cell,
                &b.arm,
                b.generation,
                &b.metric,
            ))
        });
        self.composition
            .sort_by(|a, b| (&a.cell, &a.arm, a.generation).cmp(&(&b.cell, &b.arm, b.generation)));
        self.outcomes.sort_by(|a, b| (&a.cell, &a.arm, a.trial).cmp(&(&b.cell, &b.arm, b.trial)));
    }
}

fn outcome_row<S: Space>(
    cell: &Cell<S>,
    id: &str,
    trial: u32,
    attempt: &Attempt<S>,
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

fn measurement_rows<'a, S: Space>(
    cell: &'a Cell<S>,
    id: &'a str,
    trial: u32,
    record: &'a Trial<S>,
) -> impl Iterator<Item = table::Measurement> + 'a {
    record.readings.iter().flat_map(move |(generation, readings)| {
        cell.metrics.iter().zip(readings).map(move |(measured, reading)| table::Measurement {
            cell: id.to_owned(),
            arm: cell.arm.clone(),
            trial,
            generation: *generation,
            metric: measured.label.clone(),
            value: reading.map(|reading| reading.value),
            standard_error: reading.and_then(|reading| reading.standard_error),
        })
    })
}

/// What theory says of the cell's metrics, in the generations that are measured.
fn theory_rows<S: Space>(cell: &Cell<S>, id: &str) -> Vec<table::Prediction> {
    let setting = cell.setting();
    let last = cell.header.last();
    let measured = (1..=last).filter(|&t| cell.header.measure.includes(t, last));
    let claims = measured.flat_map(|t| setting.claims(t).into_iter().map(move |claim| (t, claim)));
    claims
        .filter(|(_, claim)| cell.metrics.iter().any(|m| m.label == claim.metric))
        .map(|(generation, claim)| table::Prediction {
            cell: id.to_owned(),
            arm: cell.arm.clone(),
            generation,
            metric: claim.metric.to_owned(),
            statistic: claim.statistic.to_owned(),
            value: claim.value,
            formula: match claim.rare {
                true => format!("{}; carried by rare trials", claim.formula),
                false => claim.formula.to_owned(),
            },
        })
        .collect()
}
