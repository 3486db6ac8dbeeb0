//! What a results folder says: the one place that finishes it, and what can be said while it grows.

pub mod bibliography;
pub mod compare;
mod excerpt;
pub mod gallery;
pub mod lifetimes;
pub mod profile;
mod status;
pub mod verify;

pub use excerpt::{Excerpt, excerpts};
pub use status::{CellStatus, Status, status};

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::analysis::{Ends, summarise_stream};
use crate::archive::csv::{Table, stream_table};
use crate::archive::folder::Staging;
use crate::archive::stamp::{self, Made};
use crate::archive::table::Summary;
use crate::archive::{ArchiveError, manifest::Manifest, provenance};
use crate::experiment::{
    self, Complaint, Document, Orders, REQUEST, RunError, RunReport, Study, Survey,
};
use crate::figure::{self, FigureError};

/// Why a results folder could not be finished.
#[derive(Debug, Error)]
pub enum ReportError {
    #[error(transparent)]
    Table(#[from] ArchiveError),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error(transparent)]
    Figure(#[from] FigureError),
    #[error("{0}")]
    Request(Box<Complaint>),
}

/// Finishes a results folder: compiles the tables of its journal, summarises them, and draws them.
///
/// All of it is made aside and put in place together. The caller holds the folder's lock.
pub fn finish(
    folder: &Path,
    study: &dyn Study,
    orders: &Orders<'_>,
) -> Result<RunReport, ReportError> {
    let staging = Staging::begin(folder)?;
    let new = staging.path();
    let report = study.compile(folder, new, orders)?;
    summarise_folder(new)?;
    figure::draw(new, &new.join(FIGURES))?;
    staging.commit()?;
    let survey = study.survey(folder, false)?;
    if survey.missing() == 0 {
        stamp::write(folder, made_of(study, &survey))?;
    }
    Ok(report)
}

/// Whether a folder is finished, and there is nothing to do.
pub fn is_finished(folder: &Path, study: &dyn Study, survey: &Survey) -> bool {
    survey.missing() == 0 && stamp::holds(folder, &made_of(study, survey))
}

fn made_of(study: &dyn Study, survey: &Survey) -> Made {
    let program = provenance::program();
    Made { program, experiment: study.resolved(), journal: survey.journal_files().to_vec() }
}

/// Summarises and draws the tables that a folder has, without its journal or its experiment file.
///
/// The caller holds the folder's lock.
pub fn redraw(folder: &Path) -> Result<Vec<PathBuf>, ReportError> {
    let made = stamp::read(folder);
    summarise_folder(folder)?;
    let staging = Staging::begin(folder)?;
    let drawn = figure::draw(folder, &staging.path().join(FIGURES))?;
    staging.commit()?;
    if let Some(made) = made {
        stamp::write(folder, made)?;
    }
    let names = drawn.iter().filter_map(|path| path.file_name());
    Ok(names.map(|name| folder.join(FIGURES).join(name)).collect())
}

/// The folder of pictures in a results folder.
const FIGURES: &str = "figures";

/// The experiment that a results folder was last asked for.
pub fn study_of(folder: &Path) -> Result<Box<dyn Study>, ReportError> {
    let no_results = || ArchiveError::NoResults(folder.to_owned());
    let manifest = Manifest::read(folder)?.ok_or_else(no_results)?;
    let path = folder.join(crate::archive::journal::FOLDER).join(REQUEST);
    let refuse = |complaint| ReportError::Request(Box::new(complaint));
    let document = Document::read(&path).map_err(refuse)?.in_folder(&manifest.folder);
    experiment::read(document).map_err(refuse)
}

/// Writes `summary.csv` next to `measurements.csv`, holding one cell in memory at a time.
fn summarise_folder(folder: &Path) -> Result<(), ArchiveError> {
    let ends = Ends::of(stream_table(folder, "outcomes")?)?;
    let table = Table::<Summary>::at(folder, "summary");
    let mut growing = table.begin()?;
    let measurements = stream_table(folder, "measurements")?;
    summarise_stream(measurements, &ends, |rows| growing.put(&table.text(&rows)?))?;
    growing.finish()
}
