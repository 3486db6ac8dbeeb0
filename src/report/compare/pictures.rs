//! What a comparison leaves on disk: its tables, and the pictures that are made of them.

use std::fs;
use std::path::{Path, PathBuf};

use super::{CompareError, Comparison};
use crate::archive::ArchiveError;
use crate::archive::csv::write_table;
use crate::figure::comparison::{Subject, draw};

/// Writes `comparison.csv`, `ranks.csv`, `frontier.csv` and their pictures into a folder, which it
/// makes; says which pictures there are.
pub fn write(comparison: &Comparison, folder: &Path) -> Result<Vec<PathBuf>, CompareError> {
    fs::create_dir_all(folder).map_err(ArchiveError::io("create the folder", folder))?;
    write_table(folder, "comparison", &comparison.lines)?;
    write_table(folder, "ranks", &comparison.ranks)?;
    write_table(folder, "frontier", &comparison.frontier)?;
    let subject = Subject {
        title: &comparison.question,
        baseline: &comparison.baseline,
        percent: 100.0 * (1.0 - comparison.settings.alpha),
        lines: &comparison.lines,
        ranks: &comparison.ranks,
        frontier: &comparison.frontier,
    };
    Ok(draw(&subject, folder)?)
}
