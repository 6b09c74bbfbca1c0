//! How columns lie in a batch: their types, and their bytes one behind the other.
use std::io::{self, Write};

use polars_arrow_format::ipc;

use crate::array::{Array, Values};

/// Every piece begins at a multiple of 8.
pub(super) const PADDING: [u8; 7] = [0; 7];

/// How many bytes are missing to a multiple of 8.
pub(super) fn padding(length: usize) -> usize {
    length.wrapping_neg() % 8
}

/// A column as a schema names it. All may have values that are missing.
pub(super) fn field(name: &str, array: &Array) -> ipc::Field {
    let integer = |bit_width, is_signed| ipc::Type::Int(Box::new(ipc::Int { bit_width, is_signed }));
    let float = |precision| ipc::Type::FloatingPoint(Box::new(ipc::FloatingPoint { precision }));
    let (type_, children) = match &array.values {
        Values::Bools(_) => (ipc::Type::Bool(Box::default()), Vec::new()),
        Values::I8(_) => (integer(8, true), Vec::new()),
        Values::U8(_) => (integer(8, false), Vec::new()),
        Values::I32(_) => (integer(32, true), Vec::new()),
        Values::I64(_) => (integer(64, true), Vec::new()),
        Values::U64(_) => (integer(64, false), Vec::new()),
        Values::F32(_) => (float(ipc::Precision::Single), Vec::new()),
        Values::F64(_) => (float(ipc::Precision::Double), Vec::new()),
        Values::Texts(_) => (ipc::Type::Utf8(Box::default()), Vec::new()),
        Values::Lists(size, items) => {
            // Elements of a space: far fewer.
            let list_size = i32::try_from(*size).unwrap_or(i32::MAX);
            (ipc::Type::FixedSizeList(Box::new(ipc::FixedSizeList { list_size })), vec![field("item", items)])
        }
        Values::Struct(parts) => {
            (ipc::Type::Struct(Box::default()), parts.iter().map(|(name, part)| field(name, part)).collect())
        }
    };
    ipc::Field {
        name: Some(name.to_owned()),
        nullable: true,
        type_: Some(type_),
        dictionary: None,
        children: Some(children),
        custom_metadata: None,
    }
}

/// What stands in a batch for a column, in order: of it and of what is within it how many values there are, and their bytes.
pub(super) fn lay_out<'a>(array: &'a Array, nodes: &mut Vec<ipc::FieldNode>, pieces: &mut Vec<Piece<'a>>) {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    nodes.push(ipc::FieldNode { length: count(array.len), null_count: count(array.missing) });
    // Where nothing is missing, nothing says so.
    pieces.push(Piece::Bytes(array.there().map_or(&[], |bits| &bits.bytes)));
    match &array.values {
        Values::Bools(bits) => pieces.push(Piece::Bytes(&bits.bytes)),
        Values::I8(values) => pieces.push(Piece::I8(values)),
        Values::U8(values) => pieces.push(Piece::Bytes(values)),
        Values::I32(values) => pieces.push(Piece::I32(values)),
        Values::I64(values) => pieces.push(Piece::I64(values)),
        Values::U64(values) => pieces.push(Piece::U64(values)),
        Values::F32(values) => pieces.push(Piece::F32(values)),
        Values::F64(values) => pieces.push(Piece::F64(values)),
        Values::Texts(texts) => pieces.extend([Piece::I32(&texts.offsets), Piece::Bytes(&texts.bytes)]),
        Values::Lists(_, items) => lay_out(items, nodes, pieces),
        Values::Struct(parts) => parts.iter().for_each(|(_, part)| lay_out(part, nodes, pieces)),
    }
}

/// Values that stand in a file one behind the other.
pub(super) enum Piece<'a> {
    Bytes(&'a [u8]),
    I8(&'a [i8]),
    I32(&'a [i32]),
    I64(&'a [i64]),
    U64(&'a [u64]),
    F32(&'a [f32]),
    F64(&'a [f64]),
}

impl Piece<'_> {
    /// How many bytes it takes.
    pub(super) fn len(&self) -> usize {
        match self {
            Piece::Bytes(bytes) => bytes.len(),
            Piece::I8(values) => size_of_val(*values),
            Piece::I32(values) => size_of_val(*values),
            Piece::I64(values) => size_of_val(*values),
            Piece::U64(values) => size_of_val(*values),
            Piece::F32(values) => size_of_val(*values),
            Piece::F64(values) => size_of_val(*values),
        }
    }

    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Piece::Bytes(bytes) => out.write_all(bytes),
            Piece::I8(values) => put(values, i8::to_le_bytes, out),
            Piece::I32(values) => put(values, i32::to_le_bytes, out),
            Piece::I64(values) => put(values, i64::to_le_bytes, out),
            Piece::U64(values) => put(values, u64::to_le_bytes, out),
            Piece::F32(values) => put(values, f32::to_le_bytes, out),
            Piece::F64(values) => put(values, f64::to_le_bytes, out),
        }
    }
}

/// Writes values, a thousand at a time.
fn put<T: Copy, const N: usize>(values: &[T], bytes: impl Fn(T) -> [u8; N], out: &mut impl Write) -> io::Result<()> {
    let mut together = Vec::new();
    values.chunks(1 << 10).try_for_each(|some| {
        together.clear();
        some.iter().for_each(|value| together.extend_from_slice(&bytes(*value)));
        out.write_all(&together)
    })
}
