//! NaN in a row of a table: found by the column that has it and the row that it is in.

use super::ArchiveError;
use serde::Serialize;
use std::path::Path;

/// Refuses rows with a NaN: where JSON has nothing and CSV says "NaN". Text of that spelling is text.
pub(super) fn refuse_nan<R: Serialize>(path: &Path, rows: &[R]) -> Result<(), ArchiveError> {
    let json = |source| ArchiveError::Json { path: path.to_path_buf(), source };
    let table = |source| ArchiveError::Table { path: path.to_path_buf(), source };
    for row in rows {
        let mut writer = ::csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
        writer.serialize(row).map_err(table)?;
        let bytes = writer.into_inner().map_err(|error| table(error.into_error().into()))?;
        let mut cells = ::csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..]);
        let Some(cells) = cells.records().next().transpose().map_err(table)? else { continue };
        let object = serde_json::to_value(row).map_err(json)?;
        let fields = object.as_object().into_iter().flatten();
        for ((column, value), cell) in fields.zip(&cells) {
            if value.is_null() && cell == "NaN" {
                return Err(ArchiveError::NotANumber {
                    path: path.to_path_buf(),
                    column: column.clone(),
                    subject: subject(&object),
                });
            }
        }
    }
    Ok(())
}

/// What a row is about, for a person who has to find it.
fn subject(row: &serde_json::Value) -> String {
    let known = ["metric", "arm", "cell", "trial", "generation"];
    let named = known.iter().filter_map(|key| row.get(key).map(|value| format!("{key} {value}")));
    named.collect::<Vec<_>>().join(", ").replace('"', "")
}
