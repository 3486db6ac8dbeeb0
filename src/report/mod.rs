//! What a results folder says, made from what it holds: summaries first, then pictures of them.

use std::path::Path;

use thiserror::Error;

use crate::analysis::summarise;
use crate::archive::ArchiveError;
use crate::archive::csv::{read_table, write_table};
use crate::figure::{FigureError, draw_defaults};

/// Why a results folder could not be finished.
#[derive(Debug, Error)]
pub enum ReportError {
    #[error(transparent)]
    Table(#[from] ArchiveError),
    #[error(transparent)]
    Figure(#[from] FigureError),
}

/// Summarises the measurements of the results folder `dir` and draws its default figures.
pub fn finish(dir: &Path, question: &str) -> Result<(), ReportError> {
    let measurements = read_table(dir, "measurements")?;
    let outcomes = read_table(dir, "outcomes")?;
    write_table(dir, "summary", &summarise(&measurements, &outcomes))?;
    draw_defaults(dir, question)?;
    Ok(())
}
