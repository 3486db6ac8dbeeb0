//! Cells → rows: trials side by side over an explicit pool, results in order on any number of threads.

use super::record::{Record, Tables};
use super::study::{Cells, Study};
use super::trial::{self, OpenWorld};
use super::{Cell, Space, keepsake, resolved};
use crate::archive::csv::write_table;
use crate::archive::provenance::Provenance;
use crate::archive::{ArchiveError, table};
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
    let ids = ids_of(study)?;
    let tables = Tables::at(folder);
    let jobs: Vec<(usize, u32)> = (study.cells.iter().enumerate())
        .flat_map(|(c, cell)| (0..cell.header.trials.get() as u32).map(move |trial| (c, trial)))
        .collect();
    // A thread without a trial would only get in the way of the others.
    let useful = threads.min(jobs.len()).max(1);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(useful).build().map_err(refuse)?;
    let done = AtomicUsize::new(0);
    let attempt = |&(c, trial): &(usize, u32)| {
        let lineage = || trial::run(&study.cells[c], &worlds[c], trial);
        let attempt = catch_unwind(AssertUnwindSafe(lineage)).map_err(message_of);
        let record = tables.record(&study.cells[c], &ids[c], trial, attempt);
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        progress(Progress { done, of: jobs.len() });
        record
    };
    // One by one: a thread that is done must find a trial to take over, not a block of them.
    let records: Result<Vec<Record<S>>, ArchiveError> =
        pool.install(|| jobs.par_iter().with_max_len(1).map(attempt).collect());
    let mut by_cell: Vec<Vec<Record<S>>> = study.cells.iter().map(|_| Vec::new()).collect();
    for ((c, _), record) in jobs.iter().zip(records?) {
        by_cell[*c].push(record);
    }
    let report = write(study, &ids, &tables, &by_cell, folder)?;
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

/// The short hash of each cell, by which tables name it.
fn ids_of<S: Space>(study: &Cells<S>) -> Result<Vec<String>, RunError> {
    study.cells.iter().map(|cell| Ok(resolved::cell_id(cell, &files_of(study, cell)?))).collect()
}

/// Writes every table of the folder, in the order of cell and arm but for `cells.csv`, which keeps
/// the order of the file.
fn write<S: Space>(
    study: &Cells<S>,
    ids: &[String],
    tables: &Tables<'_>,
    records: &[Vec<Record<S>>],
    folder: &Path,
) -> Result<RunReport, RunError> {
    let text = study.resolved();
    let path = folder.join("experiment.toml");
    std::fs::write(&path, text).map_err(ArchiveError::io("write", &path))?;
    let name =
        |(cell, id): (&Cell<S>, &String)| table::Cell { cell: id.clone(), arm: cell.arm.clone() };
    let cells: Vec<table::Cell> = study.cells.iter().zip(ids).map(name).collect();
    let mut order: Vec<usize> = (0..cells.len()).collect();
    order.sort_by_key(|&c| (&cells[c].cell, &cells[c].arm));
    let sorted = || order.iter().flat_map(|&c| &records[c]);
    let theory: Vec<_> =
        order.iter().flat_map(|&c| theory_rows(&study.cells[c], &ids[c])).collect();
    let outcomes: Vec<_> = sorted().map(|record| record.outcome.clone()).collect();
    write_table(folder, "cells", &cells)?;
    tables.measurements.write(sorted().map(|record| Ok((&*record.measurements).into())))?;
    write_table(folder, "theory", &theory)?;
    tables.composition.write(sorted().flat_map(|record| tables.composition_of(record)))?;
    write_table(folder, "outcomes", &outcomes)?;
    for (id, records) in ids.iter().zip(records) {
        if let Some(first) = records.first() {
            keepsake::write(folder, id, &first.kept)?;
        }
    }
    let count = |outcome: &str| outcomes.iter().filter(|row| row.outcome == outcome).count();
    Ok(RunReport { trials: outcomes.len(), extinct: count("extinct"), failed: count("failed") })
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

/// What theory says of the cell's metrics, in the generations that are measured.
fn theory_rows<S: Space>(cell: &Cell<S>, id: &str) -> Vec<table::Prediction> {
    let setting = cell.setting();
    let last = cell.header.last();
    let measured = (1..=last).filter(|&t| cell.header.measure.includes(t, last));
    let claims = measured.flat_map(|t| setting.claims(t).into_iter().map(move |claim| (t, claim)));
    let mut rows: Vec<_> = claims
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
        .collect();
    rows.sort_by(|a, b| (a.generation, &a.metric).cmp(&(b.generation, &b.metric)));
    rows
}
