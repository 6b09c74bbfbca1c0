//! Parquet: the table of the CSV, with typed columns.
use std::io::Write;
use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Float32Builder, Float64Builder, Int64Builder, StringBuilder, UInt64Builder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use crate::column::{Cell, Kind};
use crate::csv;
use crate::error::ExportError;
use crate::sink::Sink;
use crate::steps::Step;
use crate::table::{Rows, Table};

/// So many cells are gathered before they are encoded.
const CELLS: usize = 1 << 18;
/// So many bytes of text.
const TEXT: usize = 16 << 20;
/// A row group of more encoded bytes than these is written out.
const GROUP: usize = 32 << 20;

/// Writes a table as Parquet, compressed with Snappy.
pub struct Parquet<W: Write + Send> {
    table: Table,
    schema: SchemaRef,
    out: ArrowWriter<W>,
    columns: Vec<Gathered>,
    rows_gathered: usize,
    text_gathered: usize,
    file: String,
    rows: Option<Rows>,
}

/// The cells of a column until they are encoded.
enum Gathered {
    Bool(BooleanBuilder),
    Int(Int64Builder),
    UInt(UInt64Builder),
    Float32(Float32Builder),
    Float64(Float64Builder),
    Text(StringBuilder),
}

impl<W: Write + Send> Parquet<W> {
    /// Will write `table` to `out`.
    ///
    /// # Errors
    /// [`ExportError::Write`].
    pub fn new(table: Table, out: W) -> Result<Self, ExportError> {
        let fields = table.columns().iter().map(|column| Field::new(&column.name, data_type(column.kind), true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let columns = table.columns().iter().map(|column| Gathered::new(column.kind)).collect();
        let out = ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties)).map_err(written)?;
        let (rows_gathered, text_gathered) = (0, 0);
        Ok(Self { table, schema, out, columns, rows_gathered, text_gathered, file: String::new(), rows: None })
    }

    /// Encodes what is gathered, and writes it out once it is much.
    fn encode(&mut self) -> Result<(), ExportError> {
        let arrays = self.columns.iter_mut().map(Gathered::finish).collect();
        (self.rows_gathered, self.text_gathered) = (0, 0);
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(unfit)?;
        self.out.write(&batch).map_err(written)?;
        if self.out.in_progress_size() > GROUP {
            self.out.flush().map_err(written)?;
        }
        Ok(())
    }
}

impl<W: Write + Send> Sink for Parquet<W> {
    fn record(&mut self, file: &str) {
        (self.file, self.rows) = (file.to_owned(), None);
    }

    fn step(&mut self, step: &Step<'_>) -> Result<(), ExportError> {
        let Self { table, columns, file, rows, rows_gathered, text_gathered, .. } = self;
        let rows = match rows {
            Some(rows) => rows,
            None => rows.insert(Rows::new(table, file, step)?),
        };
        rows.of(table, step, |row| {
            *rows_gathered += 1;
            for (column, cell) in columns.iter_mut().zip(row) {
                *text_gathered += column.add(cell);
            }
            Ok(())
        })?;
        if self.rows_gathered * self.columns.len() >= CELLS || self.text_gathered >= TEXT {
            self.encode()?;
        }
        Ok(())
    }

    fn record_end(&mut self) -> Result<(), ExportError> {
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        self.encode()?;
        self.out.close().map(|_| ()).map_err(written)
    }
}

impl Gathered {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Bool => Gathered::Bool(BooleanBuilder::new()),
            Kind::Int | Kind::LongInt => Gathered::Int(Int64Builder::new()),
            Kind::UInt => Gathered::UInt(UInt64Builder::new()),
            Kind::Float32 => Gathered::Float32(Float32Builder::new()),
            Kind::Float64 => Gathered::Float64(Float64Builder::new()),
            Kind::Text => Gathered::Text(StringBuilder::new()),
        }
    }

    /// Adds a cell, as the column's kind has it; gives how many bytes of text it is.
    fn add(&mut self, cell: &Cell<'_>) -> usize {
        match (self, cell) {
            (Gathered::Bool(column), Cell::Bool(flag)) => column.append_value(*flag),
            (Gathered::Bool(column), _) => column.append_null(),
            (Gathered::Int(column), Cell::Int(value)) => column.append_value(*value),
            (Gathered::Int(column), _) => column.append_null(),
            (Gathered::UInt(column), Cell::UInt(value)) => column.append_value(*value),
            (Gathered::UInt(column), _) => column.append_null(),
            (Gathered::Float32(column), Cell::F32(value)) => column.append_value(*value),
            (Gathered::Float32(column), _) => column.append_null(),
            (Gathered::Float64(column), Cell::F64(value)) => column.append_value(*value),
            (Gathered::Float64(column), Cell::F32(value)) => column.append_value((*value).into()),
            // Integers of such a column are below 2^53.
            (Gathered::Float64(column), Cell::Int(value)) => column.append_value(*value as f64),
            (Gathered::Float64(column), _) => column.append_null(),
            (Gathered::Text(column), Cell::Empty) => column.append_null(),
            (Gathered::Text(column), Cell::Text(text)) => {
                column.append_value(text);
                return text.len();
            }
            (Gathered::Text(column), cell) => {
                let mut text = Vec::new();
                csv::put(cell, &mut text);
                column.append_value(String::from_utf8_lossy(&text));
                return text.len();
            }
        }
        0
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Gathered::Bool(column) => Arc::new(column.finish()),
            Gathered::Int(column) => Arc::new(column.finish()),
            Gathered::UInt(column) => Arc::new(column.finish()),
            Gathered::Float32(column) => Arc::new(column.finish()),
            Gathered::Float64(column) => Arc::new(column.finish()),
            Gathered::Text(column) => Arc::new(column.finish()),
        }
    }
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Bool => DataType::Boolean,
        Kind::Int | Kind::LongInt => DataType::Int64,
        Kind::UInt => DataType::UInt64,
        Kind::Float32 => DataType::Float32,
        Kind::Float64 => DataType::Float64,
        Kind::Text => DataType::Utf8,
    }
}

fn written(error: ParquetError) -> ExportError {
    ExportError::Write(std::io::Error::other(error))
}

fn unfit(error: ArrowError) -> ExportError {
    ExportError::Write(std::io::Error::other(error))
}
