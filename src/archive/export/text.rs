//! CSV and JSON lines.

use std::io::{self, Write};

use super::join::Column;
use super::kind::{Kind, Value};
use super::{ExportError, Row, Sink};

/// CSV: the text of the results as it is.
pub struct Csv<W: Write>(::csv::Writer<W>);

impl<W: Write> Csv<W> {
    pub fn new(columns: &[Column], to: W) -> Result<Self, ExportError> {
        let mut writer = ::csv::Writer::from_writer(to);
        writer.write_record(columns.iter().map(|column| &column.name)).map_err(unwritten)?;
        Ok(Csv(writer))
    }
}

impl<W: Write> Sink for Csv<W> {
    fn row(&mut self, row: Row<'_>) -> Result<(), ExportError> {
        self.0.write_record(row.cells).map_err(unwritten)
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        Ok(self.0.flush()?)
    }
}

fn unwritten(error: ::csv::Error) -> ExportError {
    let text = error.to_string();
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error.into(),
        _ => io::Error::other(text).into(),
    }
}

/// JSON lines: an object a row. Infinities are strings, since JSON has no number for them.
pub struct Jsonl<W> {
    /// Each key as JSON, with its colon.
    keys: Vec<String>,
    kinds: Vec<Kind>,
    to: W,
}

impl<W: Write> Jsonl<W> {
    pub fn new(columns: &[Column], to: W) -> Self {
        let key = |column: &Column| format!("{}:", serde_json::Value::from(column.name.as_str()));
        let kinds = columns.iter().map(|column| column.kind).collect();
        Jsonl { keys: columns.iter().map(key).collect(), kinds, to }
    }
}

impl<W: Write> Sink for Jsonl<W> {
    fn row(&mut self, row: Row<'_>) -> Result<(), ExportError> {
        for (i, (key, text)) in self.keys.iter().zip(row.cells).enumerate() {
            let separator = if i == 0 { '{' } else { ',' };
            write!(self.to, "{separator}{key}")?;
            match row.value(text, self.kinds[i], key.trim_matches(['"', ':']))? {
                Value::Missing => write!(self.to, "null")?,
                Value::Integer(number) => write!(self.to, "{number}")?,
                Value::Real(number) if number.is_infinite() => write!(self.to, "\"{number}\"")?,
                Value::Real(number) => write_json(&mut self.to, &number)?,
                Value::Text(text) => write_json(&mut self.to, text)?,
            }
        }
        Ok(writeln!(self.to, "}}")?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        Ok(self.to.flush()?)
    }
}

fn write_json<T: serde::Serialize + ?Sized>(to: impl Write, value: &T) -> Result<(), ExportError> {
    Ok(serde_json::to_writer(to, value).map_err(io::Error::from)?)
}
