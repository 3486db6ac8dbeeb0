//! Results on disk: the journal of finished trials, the tables made of it, and how both are kept whole.

mod clock;
mod columns;
pub mod csv;
pub mod data;
pub mod export;
pub mod folder;
pub mod growing;
pub mod journal;
pub mod lines;
pub mod lock;
pub mod manifest;
mod nan;
pub mod picture;
pub mod provenance;
pub mod reading;
pub mod shelf;
pub mod stamp;
pub mod table;

use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why results could not be written or read.
#[derive(Debug, Error)]
pub enum ArchiveError {
    #[error("cannot {verb} {}: {source}{}", path.display(), remedy(source))]
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
        "{} holds results, and these would lie among them: rename one of the experiments or choose \
         another place with `--out`", .0.display()
    )]
    WithinResults(PathBuf),
    #[error("{} does not name a folder: give the results folder a name", .0.display())]
    Nameless(PathBuf),
    #[error(
        "{} is of format {format}, and this program knows formats up to {known}: update the program, \
         or choose another place with `--out`", path.display()
    )]
    Newer { path: PathBuf, format: u32, known: u32 },
    #[error(
        "{} is not readable ({source}): restore it, or delete it and run again (finished trials are \
         kept, but what was asked before is forgotten)", path.display()
    )]
    Manifest { path: PathBuf, source: serde_json::Error },
    #[error("{} was changed while it was read: run again", .0.display())]
    Changed(PathBuf),
    #[error(
        "{} holds the results of another experiment ({}): choose another place with `--out`, rename \
         one of the two files, or delete that folder", folder.display(), source_file.display()
    )]
    OtherExperiment { folder: PathBuf, source_file: PathBuf },
    #[error(
        "{} holds no results: name a folder that `collapse run` has written", .0.display()
    )]
    NoResults(PathBuf),
}

impl ArchiveError {
    /// Names what was being done, and to which path, when the operating system refused.
    pub fn io(verb: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { verb, path, source }
    }
}

/// What to do about a refusal of the operating system, where that is clear.
fn remedy(error: &std::io::Error) -> &'static str {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            ": make that place writable, or choose another one with `--out`"
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            ": make room and run again; finished trials are kept"
        }
        _ => "",
    }
}
