//! What a results folder says, made from what it holds: summaries first, then pictures of them.

use std::path::Path;

use thiserror::Error;

use crate::analysis::summarise;
use crate::archive::ArchiveError;
use crate::archive::csv::{read_table, write_table};
use crate::figure::{self, FigureError};

/// Why a results folder could not be finished.
#[derive(Debug, Error)]
pub enum ReportError {
    #[error(transparent)]
    Table(#[from] ArchiveError),
    #[error(transparent)]
    Figure(#[from] FigureError),
}

/// Summarises the measurements of the results folder `dir` and draws it into its folder `figures`.
pub fn finish(dir: &Path) -> Result<(), ReportError> {
    let measurements = read_table(dir, "measurements")?;
    let outcomes = read_table(dir, "outcomes")?;
    write_table(dir, "summary", &summarise(&measurements, &outcomes))?;
    figure::draw(dir, &dir.join("figures"))?;
    Ok(())
}
