//! Tables as CSV: the shortest decimal that reads back as the same `f64`, `inf` and `-inf` for
//! infinities, an empty cell for what does not exist, and never NaN.
//!
//! A table appears under its name only when it is complete: it is written beside it and renamed.

use std::borrow::Cow;
use std::fs;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ArchiveError;
use super::columns::column_names;
use super::growing::{Growing, replace_file};
use super::nan::refuse_nan;

/// Writes `DIR/NAME.csv` (`name` with or without its extension); the header also where no row is.
pub fn write_table<R>(dir: &Path, name: &str, rows: &[R]) -> Result<(), ArchiveError>
where
    R: Serialize + DeserializeOwned,
{
    let table = Table::<R>::at(dir, name);
    let text = table.text(rows)?;
    table.write([Ok(text.into())])
}

/// A table that is put together from parts: many threads may turn rows into text, and one writes.
pub struct Table<R> {
    path: PathBuf,
    rows: PhantomData<fn() -> R>,
}

impl<R: Serialize + DeserializeOwned> Table<R> {
    pub fn at(dir: &Path, name: &str) -> Self {
        Table { path: table_path(dir, name), rows: PhantomData }
    }

    /// Rows as lines of this table.
    pub fn text(&self, rows: &[R]) -> Result<Vec<u8>, ArchiveError> {
        let mut writer = ::csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
        for row in rows {
            writer.serialize(row).map_err(|source| self.broken(source))?;
        }
        let bytes = writer.into_inner().map_err(|error| self.broken(error.into_error().into()))?;
        // One pass over the bytes is cheap; the search for the guilty row runs only on suspicion.
        if bytes.windows(3).any(|window| window == b"NaN") {
            refuse_nan(&self.path, rows)?;
        }
        Ok(bytes)
    }

    /// Writes the header and the parts, each before the next one is made.
    pub fn write<'a>(
        &self,
        parts: impl IntoIterator<Item = Result<Cow<'a, [u8]>, ArchiveError>>,
    ) -> Result<(), ArchiveError> {
        let mut growing = self.begin()?;
        parts.into_iter().try_for_each(|part| growing.put(&part?))?;
        growing.finish()
    }

    /// A table that is written part by part, and has its name only when it is finished.
    pub fn begin(&self) -> Result<Growing, ArchiveError> {
        let mut growing = Growing::at(&self.path)?;
        growing.put((column_names::<R>().join(",") + "\n").as_bytes())?;
        Ok(growing)
    }

    /// Where the table will lie.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn broken(&self, source: ::csv::Error) -> ArchiveError {
        ArchiveError::Table { path: self.path.clone(), source }
    }
}

/// Writes a table whose columns are known only at run time.
pub fn write_records(
    dir: &Path,
    name: &str,
    header: &[String],
    rows: &[Vec<String>],
) -> Result<(), ArchiveError> {
    let path = table_path(dir, name);
    let text = records(&path, header, rows)?;
    replace_file(&path, [Ok(text.into_bytes().into())])
}

/// The text of a table whose columns are known only at run time; errors name `path`.
pub fn records(
    path: &Path,
    header: &[String],
    rows: &[Vec<String>],
) -> Result<String, ArchiveError> {
    let broken = |source| ArchiveError::Table { path: path.to_owned(), source };
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(header).map_err(broken)?;
    for (index, row) in rows.iter().enumerate() {
        if row.len() != header.len() {
            let (path, row, expected, found) =
                (path.to_owned(), index + 1, header.len(), row.len());
            return Err(ArchiveError::Ragged { path, row, expected, found });
        }
        writer.write_record(row).map_err(broken)?;
    }
    let bytes = writer.into_inner().map_err(|error| broken(error.into_error().into()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A text as a cell of a table, in quotes where it needs them.
pub(super) fn field(text: &str) -> Vec<u8> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    // With a second cell, since a line of nothing but an empty one is written in quotes.
    let line = writer.write_record([text, ""]).ok().and_then(|()| writer.into_inner().ok());
    let mut line = line.unwrap_or_default();
    line.truncate(line.len().saturating_sub(",\n".len()));
    line
}

/// Reads `DIR/NAME.csv`; columns that `R` does not have are passed over.
pub fn read_table<R: DeserializeOwned>(dir: &Path, name: &str) -> Result<Vec<R>, ArchiveError> {
    let path = table_path(dir, name);
    let file = fs::File::open(&path).map_err(ArchiveError::io("read", &path))?;
    ::csv::Reader::from_reader(file)
        .into_deserialize()
        .collect::<Result<_, _>>()
        .map_err(|source| ArchiveError::Table { path, source })
}

/// Reads `DIR/NAME.csv` row by row: a table may be larger than memory.
pub fn stream_table<R: DeserializeOwned + 'static>(
    dir: &Path,
    name: &str,
) -> Result<impl Iterator<Item = Result<R, ArchiveError>>, ArchiveError> {
    let path = table_path(dir, name);
    let file = fs::File::open(&path).map_err(ArchiveError::io("read", &path))?;
    let rows = ::csv::Reader::from_reader(file).into_deserialize();
    let broken = move |source| ArchiveError::Table { path: path.clone(), source };
    Ok(rows.map(move |row: Result<R, _>| row.map_err(&broken)))
}

/// Reads a table as text: its header and its rows.
pub fn read_records(
    dir: &Path,
    name: &str,
) -> Result<(Vec<String>, Vec<Vec<String>>), ArchiveError> {
    let path = table_path(dir, name);
    let file = fs::File::open(&path).map_err(ArchiveError::io("read", &path))?;
    let broken = |source| ArchiveError::Table { path: path.clone(), source };
    let mut reader = ::csv::Reader::from_reader(file);
    let text = |record: &::csv::StringRecord| record.iter().map(str::to_owned).collect();
    let header = text(reader.headers().map_err(broken)?);
    let rows = reader.records().map(|record| record.map(|record| text(&record)).map_err(broken));
    Ok((header, rows.collect::<Result<_, _>>()?))
}

/// Visits every row of a table that may be larger than memory: the text of `columns`, in that order.
pub fn scan<const N: usize>(
    dir: &Path,
    name: &str,
    columns: [&str; N],
    mut visit: impl FnMut([&str; N]),
) -> Result<(), ArchiveError> {
    let path = table_path(dir, name);
    let file = fs::File::open(&path).map_err(ArchiveError::io("read", &path))?;
    let broken = |source| ArchiveError::Table { path: path.clone(), source };
    let mut reader = ::csv::Reader::from_reader(file);
    let header = reader.headers().map_err(broken)?.clone();
    let mut places = [0; N];
    for (place, wanted) in places.iter_mut().zip(columns) {
        let found = header.iter().position(|column| column == wanted);
        let lacks = || ArchiveError::Column { path: path.clone(), column: wanted.to_owned() };
        *place = found.ok_or_else(lacks)?;
    }
    let mut record = ::csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(broken)? {
        visit(places.map(|place| record.get(place).unwrap_or_default()));
    }
    Ok(())
}

fn table_path(dir: &Path, name: &str) -> PathBuf {
    dir.join(name.strip_suffix(".csv").unwrap_or(name).to_owned() + ".csv")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::table::Measurement;

    fn reading(value: Option<f64>) -> Measurement {
        Measurement {
            cell: "c".into(),
            arm: "replace, \"biased\"".into(),
            trial: 3,
            generation: 7,
            metric: "spread".into(),
            value,
            standard_error: None,
        }
    }

    #[test]
    fn every_double_reads_back_as_itself() {
        let dir = tempfile::tempdir().unwrap();
        let extremes = [0.1, -0.0, 5e-324, f64::MAX, 1e16, 123456789.125, 1.0 / 3.0];
        let mut rows: Vec<_> = extremes.iter().map(|&value| reading(Some(value))).collect();
        rows.extend([Some(f64::INFINITY), Some(f64::NEG_INFINITY), None].map(reading));
        write_table(dir.path(), "measurements.csv", &rows).unwrap();
        let back: Vec<Measurement> = read_table(dir.path(), "measurements").unwrap();
        assert_eq!(back, rows);
        assert!(back[1].value.unwrap().is_sign_negative());
    }

    #[test]
    fn the_text_of_a_table_is_short_and_has_empty_cells() {
        let dir = tempfile::tempdir().unwrap();
        let rows = [0.1, 1e-7, f64::INFINITY].map(|value| reading(Some(value)));
        write_table(dir.path(), "m", &rows).unwrap();
        let text = fs::read_to_string(dir.path().join("m.csv")).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "cell,arm,trial,generation,metric,value,standard_error");
        assert_eq!(lines[1], "c,\"replace, \"\"biased\"\"\",3,7,spread,0.1,");
        assert!(lines[2].ends_with(",1e-7,") && lines[3].ends_with(",inf,"));
    }

    #[test]
    fn a_table_without_rows_has_its_header() {
        let dir = tempfile::tempdir().unwrap();
        write_table::<Measurement>(dir.path(), "m", &[]).unwrap();
        let text = fs::read_to_string(dir.path().join("m.csv")).unwrap();
        assert_eq!(text, "cell,arm,trial,generation,metric,value,standard_error\n");
        assert_eq!(read_table::<Measurement>(dir.path(), "m").unwrap(), []);
    }

    #[test]
    fn nan_is_refused_by_the_name_of_its_metric_and_leaves_the_former_table() {
        let dir = tempfile::tempdir().unwrap();
        write_table(dir.path(), "m", &[reading(None)]).unwrap();
        let error = write_table(dir.path(), "m", &[reading(Some(f64::NAN))]).unwrap_err();
        assert!(error.to_string().contains("`value` of metric spread"), "{error}");
        assert_eq!(read_table::<Measurement>(dir.path(), "m").unwrap(), [reading(None)]);
    }

    #[test]
    fn an_arm_may_be_called_nan() {
        let dir = tempfile::tempdir().unwrap();
        let row = Measurement { arm: "NaN".into(), ..reading(None) };
        write_table(dir.path(), "m", std::slice::from_ref(&row)).unwrap();
        assert_eq!(read_table::<Measurement>(dir.path(), "m").unwrap(), [row]);
    }

    #[test]
    fn rows_are_visited_by_the_columns_that_are_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        write_table(dir.path(), "m", &[reading(Some(0.5)), reading(None)]).unwrap();
        let mut seen = Vec::new();
        let mut visit = |[value, trial]: [&str; 2]| seen.push(format!("{trial} {value}"));
        scan(dir.path(), "m", ["value", "trial"], &mut visit).unwrap();
        assert_eq!(seen, ["3 0.5", "3 "]);
        let error = scan(dir.path(), "m", ["weight"], |_| {}).unwrap_err();
        assert!(error.to_string().contains("no column `weight`"), "{error}");
    }

    #[test]
    fn run_time_columns_are_passed_over_by_a_typed_reader() {
        let dir = tempfile::tempdir().unwrap();
        let header = ["cell", "arm", "offspring"].map(String::from);
        let rows = vec![["c", "replace", "100"].map(String::from).to_vec()];
        write_records(dir.path(), "cells", &header, &rows).unwrap();
        let cells: Vec<crate::archive::table::Cell> = read_table(dir.path(), "cells").unwrap();
        assert_eq!(cells[0].arm, "replace");
        assert_eq!(read_records(dir.path(), "cells").unwrap(), (header.to_vec(), rows.clone()));
        assert!(write_records(dir.path(), "cells", &header[..2], &rows).is_err());
    }
}
