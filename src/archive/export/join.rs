//! The rows of a table, each with the swept values of its cell.

use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use ::csv::{Reader, StringRecord};

use super::kind::{Guess, Kind};
use super::{ArchiveError, ExportError, Row};

/// A column of the export.
#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
    source: Source,
}

#[derive(Debug, Clone, Copy)]
enum Source {
    /// A column of the table itself.
    Own(usize),
    /// A swept value of the row's cell.
    Swept(usize),
}

/// Swept values by cell and arm, and their columns.
#[derive(Debug, Default)]
struct Cells {
    names: Vec<String>,
    kinds: Vec<Kind>,
    values: HashMap<String, HashMap<String, Vec<String>>>,
}

/// A table that is about to be read.
#[derive(Debug)]
pub struct Joined {
    path: PathBuf,
    reader: Reader<File>,
    columns: Vec<Column>,
    cells: Cells,
    /// Where the table names the cell and the arm of a row, if its rows have any.
    keys: Option<(usize, usize)>,
}

impl Joined {
    pub fn open(dir: &Path, table: &str) -> Result<Self, ExportError> {
        if !dir.is_dir() {
            return Err(ExportError::NotResults(dir.to_path_buf()));
        }
        let (path, mut reader) = read(dir, table)?;
        let header = header(&path, &mut reader)?;
        let place = |key: &str| header.iter().position(|name| name == key);
        // A row of cells.csv has its swept values already.
        let keys = place("cell").zip(place("arm")).filter(|_| table != "cells");
        let cells = if keys.is_some() { Cells::read(dir)? } else { Cells::default() };
        let kinds = kinds(&path, &header)?;
        let mut columns: Vec<Column> = Vec::new();
        for (i, (name, kind)) in header.iter().zip(kinds).enumerate() {
            columns.push(Column { name: name.clone(), kind, source: Source::Own(i) });
            if keys.is_some_and(|(_, arm)| arm == i) {
                columns.extend(cells.columns(&header));
            }
        }
        Ok(Joined { path, reader, columns, cells, keys })
    }

    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Hands out every row, and says how many there were.
    pub fn each(
        &mut self,
        take: &mut dyn FnMut(Row<'_>) -> Result<(), ExportError>,
    ) -> Result<u64, ExportError> {
        let mut record = StringRecord::new();
        let mut number = 0;
        loop {
            let more = self.reader.read_record(&mut record);
            if !more.map_err(|source| broken(&self.path, source))? {
                return Ok(number);
            }
            number += 1;
            let swept = match self.keys {
                Some((cell, arm)) => self.swept(&record[cell], &record[arm], number)?,
                None => &[],
            };
            let text = |column: &Column| match column.source {
                Source::Own(i) => record.get(i).unwrap_or_default(),
                Source::Swept(i) => swept.get(i).map(String::as_str).unwrap_or_default(),
            };
            let cells: Vec<&str> = self.columns.iter().map(text).collect();
            // The row as people count it in the file: the header is row 1.
            take(Row { cells: &cells, path: &self.path, number: number + 1 })?;
        }
    }

    fn swept(&self, cell: &str, arm: &str, number: u64) -> Result<&[String], ExportError> {
        let known = self.cells.values.get(cell).and_then(|arms| arms.get(arm));
        known.map(Vec::as_slice).ok_or_else(|| ExportError::UnknownCell {
            path: self.path.clone(),
            row: number + 1,
            cell: cell.to_owned(),
            arm: arm.to_owned(),
        })
    }
}

impl Cells {
    fn read(dir: &Path) -> Result<Self, ExportError> {
        let (path, mut reader) = read(dir, "cells")?;
        let header = header(&path, &mut reader)?;
        let swept: Vec<usize> =
            (0..header.len()).filter(|&i| header[i] != "cell" && header[i] != "arm").collect();
        let place = |key: &str| header.iter().position(|name| name == key);
        let (cell, arm) = (place("cell").unwrap_or(0), place("arm").unwrap_or(0));
        let mut guesses = vec![Guess::new(); swept.len()];
        let mut values: HashMap<String, HashMap<String, Vec<String>>> = HashMap::new();
        for record in reader.into_records() {
            let record = record.map_err(|source| broken(&path, source))?;
            let own: Vec<String> = swept.iter().map(|&i| record[i].to_owned()).collect();
            guesses.iter_mut().zip(&own).for_each(|(guess, text)| guess.see(text));
            values.entry(record[cell].to_owned()).or_default().insert(record[arm].to_owned(), own);
        }
        let names = swept.into_iter().map(|i| header[i].clone()).collect();
        Ok(Cells { names, kinds: guesses.into_iter().map(Guess::kind).collect(), values })
    }

    /// The swept columns; one that the table has by that name says that it is the swept one.
    fn columns(&self, taken: &[String]) -> impl Iterator<Item = Column> {
        self.names.iter().zip(&self.kinds).enumerate().map(|(i, (name, kind))| {
            let free = !taken.contains(name);
            let name = if free { name.clone() } else { format!("sweep.{name}") };
            Column { name, kind: *kind, source: Source::Swept(i) }
        })
    }
}

/// The types of a table's own columns. Those that are not known by name are read through once.
fn kinds(path: &Path, header: &[String]) -> Result<Vec<Kind>, ExportError> {
    let known: Vec<Option<Kind>> = header.iter().map(|name| Kind::known(name)).collect();
    let mut guesses = vec![Guess::new(); header.len()];
    if known.contains(&None) {
        let file = File::open(path).map_err(ArchiveError::io("read", path))?;
        let mut reader = Reader::from_reader(file);
        let mut record = StringRecord::new();
        while reader.read_record(&mut record).map_err(|source| broken(path, source))? {
            guesses.iter_mut().zip(&record).for_each(|(guess, text)| guess.see(text));
        }
    }
    Ok(known.into_iter().zip(guesses).map(|(kind, guess)| kind.unwrap_or(guess.kind())).collect())
}

fn read(dir: &Path, table: &str) -> Result<(PathBuf, Reader<File>), ExportError> {
    let path = dir.join(format!("{table}.csv"));
    if !path.is_file() {
        return Err(ExportError::NoTable { dir: dir.to_path_buf(), table: table.to_owned() });
    }
    let file = File::open(&path).map_err(ArchiveError::io("read", &path))?;
    Ok((path, Reader::from_reader(file)))
}

fn header(path: &Path, reader: &mut Reader<File>) -> Result<Vec<String>, ExportError> {
    let header = reader.headers().map_err(|source| broken(path, source))?;
    Ok(header.iter().map(str::to_owned).collect())
}

fn broken(path: &Path, source: ::csv::Error) -> ExportError {
    ArchiveError::Table { path: path.to_path_buf(), source }.into()
}
