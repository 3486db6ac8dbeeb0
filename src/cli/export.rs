//! `collapse export`: tables for other programs.

use super::screen;
use crate::archive::export::{self, ExportError, TABLES};
use clap::builder::PossibleValuesParser;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Which table goes where.
#[derive(Debug, clap::Args)]
pub struct Request {
    /// A results folder.
    dir: PathBuf,
    /// How the table is written.
    #[arg(long, value_enum)]
    format: Format,
    /// The table.
    #[arg(long, value_name = "NAME", default_value = TABLES[0],
          value_parser = PossibleValuesParser::new(TABLES))]
    table: String,
    /// The file to write, or - for standard output; left out: beside the table, under its name.
    ///
    /// CSV gets the name TABLE-joined.csv, since the table itself is never replaced.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The file formats.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    Parquet,
    Csv,
    Jsonl,
}

/// Exports a table; a reader of standard output that has had enough ends it in peace.
pub fn export(request: &Request) -> ExitCode {
    let Request { dir, table, output, .. } = request;
    let format = match request.format {
        Format::Parquet => export::Format::Parquet,
        Format::Csv => export::Format::Csv,
        Format::Jsonl => export::Format::Jsonl,
    };
    let file = output.clone().unwrap_or_else(|| export::default_file(dir, table, format));
    let done = match file == Path::new("-") {
        true if format == export::Format::Parquet => {
            screen::error("Parquet is written back and forth, and cannot go to standard output");
            screen::help("name a file with --output FILE, or export csv or jsonl");
            return ExitCode::from(2);
        }
        true => export::to_writer(dir, table, format, std::io::stdout()),
        false => export::to_file(dir, table, format, &file),
    };
    report(done, &file)
}

fn report(done: Result<u64, ExportError>, file: &Path) -> ExitCode {
    match done {
        Ok(rows) => {
            if file != Path::new("-") {
                screen::note(&format!("{rows} rows: {}", file.display()));
            }
            ExitCode::SUCCESS
        }
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            screen::error(&error.to_string());
            ExitCode::from(2)
        }
    }
}
