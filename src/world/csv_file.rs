//! A CSV file with a header row: its columns by name, its cells as numbers, and where each one stands.

use super::WorldError;
use std::path::{Path, PathBuf};

pub struct CsvFile {
    path: PathBuf,
    bytes: Vec<u8>,
    header: Vec<String>,
}

impl CsvFile {
    pub fn open(path: &Path) -> Result<Self, WorldError> {
        let bytes = match std::fs::read(path) {
            _ if path.is_dir() => return Err(unreadable(path, "it is a folder")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(unreadable(path, "there is no such file"));
            }
            Err(error) => return Err(unreadable(path, &error.to_string())),
            Ok(bytes) => bytes,
        };
        let mut file = CsvFile { path: path.to_owned(), bytes, header: Vec::new() };
        let header = file.reader().byte_headers().cloned().map_err(|error| file.broken(&error))?;
        file.header = header.iter().map(|n| String::from_utf8_lossy(n).into_owned()).collect();
        file.check_header()?;
        Ok(file)
    }

    /// The names of all columns, from left to right.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The place of the column of this name, which `key` asks for.
    pub fn column(&self, name: &str, key: &'static str) -> Result<usize, WorldError> {
        let mut places = (0..self.header.len()).filter(|i| self.header[*i] == name);
        let reason = match (places.next(), places.next()) {
            (Some(place), None) => return Ok(place),
            (None, _) => format!("{} has no column `{name}`", self.path.display()),
            _ => format!("{} has more than one column `{name}`", self.path.display()),
        };
        let help = format!("its columns are: {}", self.header.join(", "));
        Err(WorldError { key: Some(key), reason, help })
    }

    /// The numbers of these columns, row after row.
    pub fn numbers(&self, columns: &[usize]) -> Result<Vec<f64>, WorldError> {
        let mut numbers = Vec::new();
        for record in self.reader().byte_records() {
            let record = record.map_err(|error| self.broken(&error))?;
            for &column in columns {
                let cell = String::from_utf8_lossy(record.get(column).unwrap_or_default());
                let number = cell.parse::<f64>().ok().filter(|number| number.is_finite());
                let at = record.position();
                numbers.push(number.ok_or_else(|| self.no_number(&cell, column, at))?);
            }
        }
        if numbers.is_empty() {
            return Err(self.error("it has a header row and nothing below it".into()));
        }
        Ok(numbers)
    }

    fn reader(&self) -> csv::Reader<&[u8]> {
        csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(&self.bytes)
    }

    /// A file without a header row would lose its first sample without a word.
    fn check_header(&self) -> Result<(), WorldError> {
        if self.header.is_empty() {
            return Err(self.error("it is empty".into()));
        }
        if self.header.iter().all(|name| name.parse::<f64>().is_ok()) {
            let row = self.header.join(",");
            return Err(self.error(format!("line 1 holds numbers instead of names: {row}")));
        }
        Ok(())
    }

    fn no_number(&self, cell: &str, column: usize, at: Option<&csv::Position>) -> WorldError {
        let place =
            format!("line {}, column {} (`{}`)", self.line(at), column + 1, self.header[column]);
        let what = match cell.parse::<f64>() {
            _ if cell.is_empty() => "the cell is empty".to_owned(),
            Ok(_) => format!("`{cell}` is not a finite number"),
            Err(_) => format!("`{cell}` is not a number"),
        };
        WorldError {
            key: Some("path"),
            reason: format!("{}: {place}: {what}", self.path.display()),
            help: "every cell that is used must hold a finite number: mend or remove the row, or name \
                   the columns to use with `columns = [\"…\"]`"
                .into(),
        }
    }

    fn broken(&self, error: &csv::Error) -> WorldError {
        let line = self.line(error.position());
        self.error(match error.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!("line {line} has {len} cells, and the header has {expected_len}")
            }
            _ => error.to_string(),
        })
    }

    fn error(&self, what: String) -> WorldError {
        WorldError {
            key: Some("path"),
            reason: format!("{}: {what}", self.path.display()),
            help:
                "a table is a CSV file: one header row with the names of the columns, then one row \
                   of as many numbers for each sample, cells separated by commas"
                    .into(),
        }
    }

    /// The line on which a record begins, from 1. The reader's own count is taken before it skips
    /// empty lines and the second half of a line end.
    fn line(&self, at: Option<&csv::Position>) -> usize {
        let byte = at.map_or(0, |at| at.byte() as usize).min(self.bytes.len());
        let skipped =
            self.bytes[byte..].iter().take_while(|b| **b == b'\r' || **b == b'\n').count();
        let before = &self.bytes[..byte + skipped];
        let lone = |i: &usize| before[*i] == b'\r' && before.get(i + 1) != Some(&b'\n');
        let ends = (0..before.len()).filter(|i| before[*i] == b'\n' || lone(i));
        1 + ends.count()
    }
}

fn unreadable(path: &Path, why: &str) -> WorldError {
    WorldError {
        key: Some("path"),
        reason: format!("{} cannot be read: {why}", path.display()),
        help: "name a CSV file, relative to the folder of the experiment file".into(),
    }
}
