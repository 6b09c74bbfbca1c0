//! Parquet: the table of the CSV, with typed columns.
use std::io::Write;
use std::sync::Arc;

use arrow_array::types::{ArrowPrimitiveType, Float32Type, Float64Type, Int64Type, UInt64Type};
use arrow_array::{ArrayRef, BooleanArray, PrimitiveArray, RecordBatch, StringArray};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use crate::array::{Array, Bits, Values};
use crate::batches::Batches;
use crate::column::Kind;
use crate::error::ExportError;
use crate::sink::Sink;
use crate::steps::Step;
use crate::table::Table;

/// A row group of more encoded bytes than these is written out.
const GROUP: usize = 32 << 20;

/// Writes a table as Parquet, compressed with Snappy.
pub struct Parquet<W: Write + Send> {
    batches: Batches,
    schema: SchemaRef,
    out: ArrowWriter<W>,
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
        let out = ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties)).map_err(written)?;
        Ok(Self { batches: Batches::new(table), schema, out })
    }

    /// Encodes what is gathered, and writes it out once it is much.
    fn encode(&mut self) -> Result<(), ExportError> {
        let (columns, _) = self.batches.take();
        let arrays = columns.into_iter().map(array).collect::<Result<_, _>>();
        let batch = arrays.and_then(|arrays| RecordBatch::try_new(Arc::clone(&self.schema), arrays)).map_err(unfit)?;
        self.out.write(&batch).map_err(written)?;
        if self.out.in_progress_size() > GROUP {
            self.out.flush().map_err(written)?;
        }
        Ok(())
    }
}

impl<W: Write + Send> Sink for Parquet<W> {
    fn record(&mut self, file: &str) {
        self.batches.record(file);
    }

    fn step(&mut self, step: &Step<'_>) -> Result<(), ExportError> {
        if self.batches.step(step)? { self.encode() } else { Ok(()) }
    }

    fn record_end(&mut self) -> Result<(), ExportError> {
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        self.encode()?;
        self.out.close().map(|_| ()).map_err(written)
    }
}

/// The same column, as Arrow's own crates have it.
fn array(column: Array) -> Result<ArrayRef, ArrowError> {
    let bits = |bits: &Bits| BooleanBuffer::new(Buffer::from(bits.bytes.as_slice()), 0, column.len);
    let there = column.there().map(|there| NullBuffer::new(bits(there)));
    Ok(match column.values {
        Values::Bools(flags) => Arc::new(BooleanArray::new(bits(&flags), there)),
        Values::I64(values) => numbers::<Int64Type>(values, there)?,
        Values::U64(values) => numbers::<UInt64Type>(values, there)?,
        Values::F32(values) => numbers::<Float32Type>(values, there)?,
        Values::F64(values) => numbers::<Float64Type>(values, there)?,
        Values::Texts(texts) => {
            let offsets = OffsetBuffer::new(texts.offsets.into());
            Arc::new(StringArray::try_new(offsets, Buffer::from_vec(texts.bytes), there)?)
        }
        Values::I8(_) | Values::U8(_) | Values::I32(_) | Values::Lists(..) | Values::Struct(_) => {
            return Err(ArrowError::SchemaError("a column that no table has".to_owned()));
        }
    })
}

fn numbers<T: ArrowPrimitiveType>(values: Vec<T::Native>, there: Option<NullBuffer>) -> Result<ArrayRef, ArrowError> {
    Ok(Arc::new(PrimitiveArray::<T>::try_new(values.into(), there)?))
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
