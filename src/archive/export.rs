//! A table of a results folder for other programs: CSV, JSON lines or Parquet, row by row.
//!
//! Each row carries the swept values of its cell, so that it can be read without `cells.csv`. Rows
//! stream from file to file: the memory is that of the cells and, in Parquet, of one row group.

mod join;
mod kind;
#[cfg(feature = "parquet")]
mod parquet;
mod text;

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::ArchiveError;
use join::{Column, Joined};

/// The tables that can be exported.
pub const TABLES: [&str; 6] =
    ["measurements", "summary", "theory", "composition", "outcomes", "cells"];

/// Other files of a results folder that no export may take the place of.
const KEPT: [&str; 4] = ["budget.csv", "costs.csv", "experiment.toml", "provenance.json"];

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Jsonl,
    Parquet,
}

/// Why a table was not exported.
#[derive(Debug, Error)]
pub enum ExportError {
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error("{} is not a results folder: name one that `collapse run` wrote", .0.display())]
    NotResults(PathBuf),
    #[error("{} has no {table}.csv: run the experiment to the end, or choose another table", dir.display())]
    NoTable { dir: PathBuf, table: String },
    #[error(
        "{}, row {row}: cells.csv does not know the cell `{cell}` of arm `{arm}`: run the \
         experiment again", path.display()
    )]
    UnknownCell { path: PathBuf, row: u64, cell: String, arm: String },
    #[error("{}, row {row}: `{value}` is not {expected}, as `{column}` must be", path.display())]
    BadValue { path: PathBuf, row: u64, column: String, value: String, expected: &'static str },
    #[error("{} belongs to the results themselves: choose another name for the export", .0.display())]
    OverResults(PathBuf),
    #[error("{} is a folder: name a file in it", .0.display())]
    IntoFolder(PathBuf),
    #[error("there is no folder {} to export into: create it first, with mkdir -p", .0.display())]
    NowhereToWrite(PathBuf),
    #[error("cannot write the export: {0}")]
    Write(#[from] std::io::Error),
    #[error(
        "this program was built without Parquet: build it with `cargo build --release --features \
         parquet`, or export csv or jsonl"
    )]
    WithoutParquet,
    #[cfg(feature = "parquet")]
    #[error("cannot write Parquet: {0}")]
    Parquet(#[from] ::parquet::errors::ParquetError),
}

impl ExportError {
    /// Whether the reader of a pipe had enough: the end of the output, not a failure.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Write(error) if error.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

/// Takes rows in the order of the columns; what is left is written by `finish`.
trait Sink {
    fn row(&mut self, row: Row<'_>) -> Result<(), ExportError>;
    fn finish(self: Box<Self>) -> Result<(), ExportError>;
}

/// One row as text, and where it comes from.
struct Row<'a> {
    cells: &'a [&'a str],
    path: &'a Path,
    number: u64,
}

impl Row<'_> {
    /// The value of one text of this row; `column` names it where it is not what it should be.
    fn value<'v>(
        &self,
        text: &'v str,
        kind: kind::Kind,
        column: &str,
    ) -> Result<kind::Value<'v>, ExportError> {
        kind.read(text).ok_or_else(|| ExportError::BadValue {
            path: self.path.to_path_buf(),
            row: self.number,
            column: column.to_owned(),
            value: text.to_owned(),
            expected: kind.expected(),
        })
    }
}

/// Where the export lies if nobody says: beside the table. As CSV it has a name of its own, since
/// the table itself stays as it was written.
pub fn default_file(dir: &Path, table: &str, format: Format) -> PathBuf {
    dir.join(match format {
        Format::Csv => format!("{table}-joined.csv"),
        Format::Jsonl => format!("{table}.jsonl"),
        Format::Parquet => format!("{table}.parquet"),
    })
}

/// Exports a table to a file, which appears when it is complete; gives the number of rows.
pub fn to_file(dir: &Path, table: &str, format: Format, file: &Path) -> Result<u64, ExportError> {
    refuse_what_must_stay(dir, file)?;
    let joined = Joined::open(dir, table)?;
    // A link stays a link, and what is no plain file (a device, a named pipe) is never replaced.
    let place = file.canonicalize().unwrap_or_else(|_| file.to_path_buf());
    let file = place.as_path();
    if file.exists() && !file.is_file() {
        let special = fs::OpenOptions::new().write(true).open(file);
        let special = special.map_err(ArchiveError::io("write", file))?;
        return copy(joined, format, BufWriter::new(special));
    }
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    if !parent.is_dir() {
        return Err(ExportError::NowhereToWrite(parent.to_path_buf()));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".export-");
    #[cfg(unix)]
    {
        // As readable as any new file, not private as temporary ones are.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let new = builder.tempfile_in(parent).map_err(ArchiveError::io("create a file in", parent))?;
    let handle = new.as_file().try_clone().map_err(ArchiveError::io("write", file))?;
    let rows = copy(joined, format, BufWriter::new(handle))?;
    new.persist(file).map_err(|error| ArchiveError::io("write", file)(error.error))?;
    Ok(rows)
}

/// Exports a table to a stream; gives the number of rows.
pub fn to_writer(
    dir: &Path,
    table: &str,
    format: Format,
    to: impl Write + Send,
) -> Result<u64, ExportError> {
    copy(Joined::open(dir, table)?, format, BufWriter::new(to))
}

fn copy<W: Write + Send>(
    mut joined: Joined,
    format: Format,
    to: BufWriter<W>,
) -> Result<u64, ExportError> {
    let mut sink = open(format, joined.columns(), to)?;
    let rows = joined.each(&mut |row| sink.row(row))?;
    sink.finish()?;
    Ok(rows)
}

fn open<'w, W: Write + Send + 'w>(
    format: Format,
    columns: &[Column],
    to: BufWriter<W>,
) -> Result<Box<dyn Sink + 'w>, ExportError> {
    Ok(match format {
        Format::Csv => Box::new(text::Csv::new(columns, to)?),
        Format::Jsonl => Box::new(text::Jsonl::new(columns, to)),
        #[cfg(feature = "parquet")]
        Format::Parquet => Box::new(parquet::Parquet::new(columns, to)?),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => return Err(ExportError::WithoutParquet),
    })
}

fn refuse_what_must_stay(dir: &Path, file: &Path) -> Result<(), ExportError> {
    if file.is_dir() {
        return Err(ExportError::IntoFolder(file.to_path_buf()));
    }
    let (Ok(dir), Ok(whole)) = (dir.canonicalize(), file.canonicalize()) else { return Ok(()) };
    let name = whole.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let is_table = name.strip_suffix(".csv").is_some_and(|table| TABLES.contains(&table));
    match whole.parent() == Some(&dir) && (is_table || KEPT.contains(&name.as_str())) {
        true => Err(ExportError::OverResults(file.to_path_buf())),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests;
