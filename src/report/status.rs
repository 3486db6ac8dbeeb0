//! How far a results folder is, read from its journal alone: also while it grows.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use crate::archive::ArchiveError;
use crate::archive::journal::{self, Damage, Found, Journal};
use crate::archive::lock::Lock;
use crate::archive::manifest::{Asked, Manifest};

/// How far a results folder is.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    pub question: String,
    pub cells: Vec<CellStatus>,
    /// Whether a run holds the folder now; shards do not tell.
    pub is_running: bool,
    /// Since the last record; nothing where there is none.
    pub quiet_for: Option<Duration>,
    /// Trials a second in the file that was written last.
    pub rate: Option<f64>,
    pub damage: Vec<Damage>,
}

/// How far one cell is.
#[derive(Clone, Debug, PartialEq)]
pub struct CellStatus {
    pub arm: String,
    pub swept: Vec<(String, String)>,
    pub asked: u32,
    /// Whether fewer may be enough.
    pub is_adaptive: bool,
    pub done: u32,
    pub failed: u32,
}

impl Status {
    pub fn asked(&self) -> u32 {
        self.cells.iter().map(|cell| cell.asked).sum()
    }

    pub fn done(&self) -> u32 {
        self.cells.iter().map(|cell| cell.done).sum()
    }

    pub fn failed(&self) -> u32 {
        self.cells.iter().map(|cell| cell.failed).sum()
    }
}

/// Reads how far a folder is.
pub fn status(folder: &Path) -> Result<Status, ArchiveError> {
    let no_results = || ArchiveError::NoResults(folder.to_owned());
    let manifest = Manifest::read(folder)?.ok_or_else(no_results)?;
    let journal = Journal::read(folder)?;
    let cells = manifest.cells.iter().map(|asked| cell(asked, &journal)).collect();
    let (quiet_for, rate) = pace(folder, &journal);
    Ok(Status {
        question: manifest.question,
        cells,
        is_running: Lock::is_held(folder),
        quiet_for,
        rate,
        damage: journal.damage,
    })
}

fn cell(asked: &Asked, journal: &Journal) -> CellStatus {
    let key = journal::key_of_hex(&asked.key);
    let all = key.map_or(&[][..], |key| journal.trials_of(&key));
    let (mut done, mut failed) = (0, 0);
    for records in all.chunk_by(|a, b| a.trial == b.trial) {
        if records[0].trial >= asked.trials {
            continue;
        }
        let good: Vec<&Found> = records.iter().filter(|found| !found.has_failed()).collect();
        match is_complete(asked, journal, &good) {
            true => done += 1,
            false => failed += u32::from(good.len() < records.len()),
        }
    }
    CellStatus {
        arm: asked.arm.clone(),
        swept: asked.swept.iter().map(|(path, value)| (path.clone(), value.clone())).collect(),
        asked: asked.trials,
        is_adaptive: asked.is_adaptive,
        done,
        failed,
    }
}

/// Whether the records of a trial reach the last generation and have every metric.
fn is_complete(asked: &Asked, journal: &Journal, good: &[&Found]) -> bool {
    let forms = || good.iter().map(|found| &journal.forms[found.form as usize]);
    let has_ended = good.iter().any(|found| found.extinct().is_some());
    let metrics: BTreeSet<&String> = forms().flat_map(|form| &form.metrics).collect();
    (has_ended || forms().any(|form| form.reached >= asked.generations))
        && asked.metrics.iter().all(|metric| metrics.contains(metric))
}

/// How long nothing was written, and how fast the file that was written last grew.
fn pace(folder: &Path, journal: &Journal) -> (Option<Duration>, Option<f64>) {
    let files = journal.lengths.iter().zip(0_u32..).filter_map(|((name, _), file)| {
        let path = folder.join(journal::FOLDER).join(name);
        let metadata = std::fs::metadata(path).ok()?;
        Some((metadata.modified().ok()?, metadata.created().ok(), file))
    });
    let Some((modified, created, file)) = files.max() else { return (None, None) };
    let quiet_for = modified.elapsed().ok();
    let took = created.and_then(|created| modified.duration_since(created).ok());
    let trials = journal.trials_in(file) as f64;
    let rate = took.filter(|took| took.as_secs_f64() > 0.1).map(|took| trials / took.as_secs_f64());
    (quiet_for, rate)
}
