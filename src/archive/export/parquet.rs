//! Parquet: optional columns of strings, 64-bit integers and doubles, in row groups.

use std::io::Write;
use std::sync::Arc;

use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use ::parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use ::parquet::schema::types::Type;

use super::join::Column;
use super::kind::{Kind, Value};
use super::{ExportError, Row, Sink};

/// Rows that are held in memory and written together.
const GROUP: usize = 65_536;

pub struct Parquet<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    names: Vec<String>,
    kinds: Vec<Kind>,
    columns: Vec<Buffer>,
    rows: usize,
}

/// The values of a column that are there, and for each row whether one is.
struct Buffer {
    values: Values,
    levels: Vec<i16>,
}

enum Values {
    Text(Vec<ByteArray>),
    Integer(Vec<i64>),
    Real(Vec<f64>),
}

impl<W: Write + Send> Parquet<W> {
    pub fn new(columns: &[Column], to: W) -> Result<Self, ExportError> {
        let fields = columns.iter().map(field).collect::<Result<_, _>>()?;
        let schema = Type::group_type_builder("row").with_fields(fields).build()?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = SerializedFileWriter::new(to, Arc::new(schema), Arc::new(properties))?;
        let kinds: Vec<Kind> = columns.iter().map(|column| column.kind).collect();
        let names = columns.iter().map(|column| column.name.clone()).collect();
        let columns = kinds.iter().map(|kind| Buffer::new(*kind)).collect();
        Ok(Parquet { writer, names, kinds, columns, rows: 0 })
    }

    fn write_group(&mut self) -> Result<(), ExportError> {
        let mut group = self.writer.next_row_group()?;
        for buffer in &mut self.columns {
            let Some(column) = group.next_column()? else { break };
            buffer.write(column)?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

impl<W: Write + Send> Sink for Parquet<W> {
    fn row(&mut self, row: Row<'_>) -> Result<(), ExportError> {
        for (i, text) in row.cells.iter().enumerate() {
            self.columns[i].push(row.value(text, self.kinds[i], &self.names[i])?);
        }
        self.rows += 1;
        if self.rows == GROUP { self.write_group() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        if self.rows > 0 {
            self.write_group()?;
        }
        self.writer.finish()?;
        Ok(self.writer.inner_mut().flush()?)
    }
}

fn field(column: &Column) -> Result<Arc<Type>, ParquetError> {
    let (physical, logical) = match column.kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Integer => (Physical::INT64, None),
        Kind::Real => (Physical::DOUBLE, None),
    };
    let builder = Type::primitive_type_builder(&column.name, physical);
    let builder = builder.with_repetition(Repetition::OPTIONAL).with_logical_type(logical);
    Ok(Arc::new(builder.build()?))
}

impl Buffer {
    fn new(kind: Kind) -> Self {
        let values = match kind {
            Kind::Text => Values::Text(Vec::new()),
            Kind::Integer => Values::Integer(Vec::new()),
            Kind::Real => Values::Real(Vec::new()),
        };
        Buffer { values, levels: Vec::new() }
    }

    fn push(&mut self, value: Value<'_>) {
        let there = match (&mut self.values, value) {
            (Values::Text(values), Value::Text(text)) => {
                values.push(ByteArray::from(text));
                true
            }
            (Values::Integer(values), Value::Integer(number)) => {
                values.push(number);
                true
            }
            (Values::Real(values), Value::Real(number)) => {
                values.push(number);
                true
            }
            _ => false,
        };
        self.levels.push(i16::from(there));
    }

    /// Writes what has been gathered, and is empty again.
    fn write(&mut self, mut column: SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let levels = Some(self.levels.as_slice());
        match &mut self.values {
            Values::Text(values) => {
                column.typed::<ByteArrayType>().write_batch(values, levels, None)?;
                values.clear();
            }
            Values::Integer(values) => {
                column.typed::<Int64Type>().write_batch(values, levels, None)?;
                values.clear();
            }
            Values::Real(values) => {
                column.typed::<DoubleType>().write_batch(values, levels, None)?;
                values.clear();
            }
        }
        self.levels.clear();
        column.close()
    }
}
