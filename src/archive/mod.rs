//! Results on disk: the rows of every table, and how they are written, read back and replaced as a whole.

mod clock;
mod columns;
pub mod csv;
pub mod folder;
pub mod picture;
pub mod provenance;
pub mod table;

use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why results could not be written or read.
#[derive(Debug, Error)]
pub enum ArchiveError {
    #[error("cannot {verb} {}: {source}", path.display())]
    Io { verb: &'static str, path: PathBuf, source: std::io::Error },
    #[error("{} is not the table it should be: {source}", path.display())]
    Table { path: PathBuf, source: ::csv::Error },
    #[error("{} has no column `{column}`", path.display())]
    Column { path: PathBuf, column: String },
    #[error("{} is not readable as JSON: {source}", path.display())]
    Json { path: PathBuf, source: serde_json::Error },
    #[error(
        "{}: `{column}` of {subject} is not a number (NaN), which no table may hold: a quantity \
         that does not exist is an empty value, an infinite one is inf", path.display()
    )]
    NotANumber { path: PathBuf, column: String, subject: String },
    #[error("{} has columns of different lengths: the header names {expected}, row {row} has {found}", path.display())]
    Ragged { path: PathBuf, row: usize, expected: usize, found: usize },
    #[error(
        "{} is a file, and results need a folder of that name: move the file away or choose another \
         place for the results", .0.display()
    )]
    TargetIsFile(PathBuf),
    #[error(
        "{} holds something other than results (it has no {}): empty or move that folder, or choose \
         another place for the results", .0.display(), provenance::FILE
    )]
    ForeignFolder(PathBuf),
    #[error(
        "{} holds results, and the next run of them would replace whatever else lies in it: rename \
         one of the experiments or choose another place for the results", .0.display()
    )]
    WithinResults(PathBuf),
    #[error("{} does not name a folder: give the results folder a name", .0.display())]
    Nameless(PathBuf),
    #[error(
        "the new results are in place, but the former ones could not be deleted: delete {} \
         ({source})", path.display()
    )]
    Leftover { path: PathBuf, source: std::io::Error },
}

impl ArchiveError {
    /// Names what was being done, and to which path, when the operating system refused.
    pub fn io(verb: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { verb, path, source }
    }
}
