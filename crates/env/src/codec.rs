//! Members of a space as bytes, little-endian and without tags: the space says what comes next.
//!
//! | space | bytes |
//! |---|---|
//! | Discrete | one i64 |
//! | MultiDiscrete | an i64 an element |
//! | Box | its elements in its dtype, row-major |
//! | MultiBinary | a byte an element |
//! | Tuple, Dict | the members one after another |
//! | Text | u32 length in bytes, then UTF-8 |
//! | Sequence | u32 count, then the members |
//! | OneOf | u8 index, then the member |
//! | None | nothing |
//! | bool | one byte, 0 or 1 |
//!
//! The same bytes cross from the Worker to the page, stand in a session's log and are compared between builds.
use std::fmt;

use crate::bytes::{Cursor, Truncated};
use crate::space::Space;
use crate::value::{Tensor, Value};

/// Writes members of a space. An environment calls the method of each part in the space's own order.
#[derive(Clone, Debug, Default)]
pub struct ValueWriter {
    bytes: Vec<u8>,
}

impl ValueWriter {
    /// An empty writer.
    pub fn new() -> Self {
        Self::default()
    }

    /// What has been written.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets what has been written and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    /// How many bytes have been written.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing has been written.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// A member of a Discrete space, or one element of a MultiDiscrete.
    pub fn discrete(&mut self, value: i64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// Elements of a MultiBinary or of a uint8 Box.
    pub fn u8s(&mut self, values: &[u8]) {
        self.bytes.extend_from_slice(values);
    }

    /// Elements of an int8 Box.
    pub fn i8s(&mut self, values: &[i8]) {
        self.bytes.extend(values.iter().map(|v| *v as u8));
    }

    /// Elements of an int32 Box.
    pub fn i32s(&mut self, values: &[i32]) {
        self.put(values.iter().map(|v| v.to_le_bytes()));
    }

    /// Elements of an int64 Box, or of a MultiDiscrete.
    pub fn i64s(&mut self, values: &[i64]) {
        self.put(values.iter().map(|v| v.to_le_bytes()));
    }

    /// Elements of a float32 Box.
    pub fn f32s(&mut self, values: &[f32]) {
        self.put(values.iter().map(|v| v.to_le_bytes()));
    }

    /// Elements of a float64 Box.
    pub fn f64s(&mut self, values: &[f64]) {
        self.put(values.iter().map(|v| v.to_le_bytes()));
    }

    /// A member of a Text space.
    pub fn text(&mut self, value: &str) {
        self.count(value.len());
        self.bytes.extend_from_slice(value.as_bytes());
    }

    /// The length of a Sequence; its members follow.
    pub fn sequence(&mut self, len: usize) {
        self.count(len);
    }

    /// Which alternative of a OneOf; its member follows. Of an [optional](Space::optional): 0 is nothing, 1 the member.
    pub fn one_of(&mut self, index: u8) {
        self.bytes.push(index);
    }

    /// A member of [`Space::Bool`].
    pub fn bool(&mut self, value: bool) {
        self.bytes.push(value.into());
    }

    /// A whole member of any space.
    pub fn value(&mut self, value: &Value) {
        match value {
            Value::Discrete(value) => self.discrete(*value),
            Value::Tensor(Tensor::F32(v)) => self.f32s(v),
            Value::Tensor(Tensor::F64(v)) => self.f64s(v),
            Value::Tensor(Tensor::U8(v)) => self.u8s(v),
            Value::Tensor(Tensor::I8(v)) => self.i8s(v),
            Value::Tensor(Tensor::I32(v)) => self.i32s(v),
            Value::Tensor(Tensor::I64(v)) => self.i64s(v),
            Value::MultiDiscrete(values) => self.i64s(values),
            Value::MultiBinary(values) => self.u8s(values),
            Value::Tuple(values) | Value::Dict(values) => values.iter().for_each(|v| self.value(v)),
            Value::Text(text) => self.text(text),
            Value::Sequence(values) => {
                self.sequence(values.len());
                values.iter().for_each(|v| self.value(v));
            }
            Value::OneOf(index, value) => {
                self.one_of(u8::try_from(*index).unwrap_or(u8::MAX));
                self.value(value);
            }
            Value::None => {}
            Value::Bool(value) => self.bool(*value),
        }
    }

    /// Number by number: a compiler makes one store of each, and of a flattened iterator one of each byte.
    fn put<const N: usize>(&mut self, numbers: impl Iterator<Item = [u8; N]>) {
        numbers.for_each(|number| self.bytes.extend_from_slice(&number));
    }

    fn count(&mut self, count: usize) {
        // 4 GiB of text in one observation is refused by the buffer's own limits long before this saturates.
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.bytes.extend_from_slice(&count.to_le_bytes());
    }
}

/// Bytes that are not a member of the space they were read for.
#[derive(Clone, Debug, PartialEq)]
pub enum DecodeError {
    /// They end too early.
    Truncated(Truncated),
    /// They go on after the member's end.
    Trailing {
        /// How many bytes are left over.
        left: usize,
    },
    /// A OneOf index beyond its alternatives.
    Alternative {
        /// The index found.
        index: u8,
        /// How many alternatives there are.
        alternatives: usize,
    },
    /// A text that is not UTF-8.
    NotUtf8,
}

impl From<Truncated> for DecodeError {
    fn from(error: Truncated) -> Self {
        DecodeError::Truncated(error)
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::Truncated(error) => write!(f, "the bytes end inside a value: {error}"),
            DecodeError::Trailing { left } => write!(f, "expected the bytes to end with the value, found {left} more"),
            DecodeError::Alternative { index, alternatives } => {
                write!(f, "expected one of {alternatives} alternatives, found index {index}")
            }
            DecodeError::NotUtf8 => f.write_str("expected a text in UTF-8, found other bytes"),
        }
    }
}

impl std::error::Error for DecodeError {}

/// Reads members of spaces from bytes.
#[derive(Clone, Debug)]
pub struct ValueReader<'a> {
    cursor: Cursor<'a>,
}

impl<'a> ValueReader<'a> {
    /// Reads from the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { cursor: Cursor::new(bytes) }
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.cursor.left()
    }

    /// So many bytes, outside any space.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes end.
    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        Ok(self.cursor.take(count)?)
    }

    /// One f64, outside any space.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes end.
    pub fn f64(&mut self) -> Result<f64, DecodeError> {
        Ok(self.cursor.f64()?)
    }

    /// One byte, outside any space.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes end.
    pub fn u8(&mut self) -> Result<u8, DecodeError> {
        Ok(self.cursor.u8()?)
    }

    /// One i8, outside any space.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes end.
    pub fn i8(&mut self) -> Result<i8, DecodeError> {
        Ok(i8::from_le_bytes(self.cursor.array()?))
    }

    /// One i32, outside any space.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes end.
    pub fn i32(&mut self) -> Result<i32, DecodeError> {
        Ok(i32::from_le_bytes(self.cursor.array()?))
    }

    /// One i64: a member of a Discrete space, or outside any space.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes end.
    pub fn i64(&mut self) -> Result<i64, DecodeError> {
        Ok(self.cursor.i64()?)
    }

    /// One f32, outside any space.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes end.
    pub fn f32(&mut self) -> Result<f32, DecodeError> {
        Ok(self.cursor.f32()?)
    }

    /// Passes over one member of `space`, for those who want what follows.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes do not hold a member's shape.
    pub fn skip(&mut self, space: &Space) -> Result<(), DecodeError> {
        match space {
            Space::Discrete { .. } => drop(self.cursor.take(8)?),
            Space::Box(space) => drop(self.cursor.take(space.len().saturating_mul(space.dtype.size()))?),
            Space::MultiDiscrete { nvec } => drop(self.cursor.take(nvec.len().saturating_mul(8))?),
            Space::MultiBinary { n } => drop(self.cursor.take(*n)?),
            Space::Tuple { spaces } => spaces.iter().try_for_each(|space| self.skip(space))?,
            Space::Dict { spaces } => spaces.iter().try_for_each(|(_, space)| self.skip(space))?,
            Space::Text { .. } => {
                let len = self.cursor.u32()? as usize;
                self.cursor.take(len)?;
            }
            Space::Sequence { space } => {
                let count = self.cursor.u32()?;
                if !takes_nothing(space) {
                    (0..count).try_for_each(|_| self.skip(space))?;
                }
            }
            Space::OneOf { spaces } => {
                let index = self.cursor.u8()?;
                self.skip(alternative(spaces, index)?)?;
            }
            Space::None => {}
            Space::Bool => {
                self.cursor.u8()?;
            }
        }
        Ok(())
    }

    /// Reads one member of `space` into `value`, reusing its memory where the shapes agree.
    ///
    /// # Errors
    /// [`DecodeError`]; `value` then holds an unspecified member of some space.
    pub fn read_into(&mut self, space: &Space, value: &mut Value) -> Result<(), DecodeError> {
        match (space, &mut *value) {
            (Space::Discrete { .. }, Value::Discrete(found)) => *found = self.cursor.i64()?,
            (Space::Box(space), Value::Tensor(tensor)) if tensor.dtype() == space.dtype => {
                let bytes = self.cursor.take(space.len().saturating_mul(space.dtype.size()))?;
                fill(tensor, bytes);
            }
            (Space::MultiDiscrete { nvec }, Value::MultiDiscrete(values)) => {
                values.resize(nvec.len(), 0);
                for value in values {
                    *value = self.cursor.i64()?;
                }
            }
            (Space::MultiBinary { n }, Value::MultiBinary(bits)) => {
                let bytes = self.cursor.take(*n)?;
                bits.clear();
                bits.extend_from_slice(bytes);
            }
            (Space::OneOf { spaces }, Value::OneOf(index, value)) => {
                let found = self.cursor.u8()?;
                *index = found.into();
                self.read_into(alternative(spaces, found)?, value)?;
            }
            _ => *value = self.read(space)?,
        }
        Ok(())
    }

    /// Reads one member of `space`. Whether it lies within the space's bounds is [`Space::contains`]'s to say.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes do not hold a member's shape.
    pub fn read(&mut self, space: &Space) -> Result<Value, DecodeError> {
        Ok(match space {
            Space::Discrete { .. } => Value::Discrete(self.cursor.i64()?),
            Space::Box(space) => {
                let bytes = self.cursor.take(space.len().saturating_mul(space.dtype.size()))?;
                let mut tensor = Tensor::zeros(space.dtype, 0);
                fill(&mut tensor, bytes);
                Value::Tensor(tensor)
            }
            Space::MultiDiscrete { nvec } => {
                let values = nvec.iter().map(|_| self.cursor.i64());
                Value::MultiDiscrete(values.collect::<Result<_, _>>()?)
            }
            Space::MultiBinary { n } => Value::MultiBinary(self.cursor.take(*n)?.to_vec()),
            Space::Tuple { spaces } => {
                Value::Tuple(spaces.iter().map(|space| self.read(space)).collect::<Result<_, _>>()?)
            }
            Space::Dict { spaces } => {
                let values = spaces.iter().map(|(_, space)| self.read(space));
                Value::Dict(values.collect::<Result<_, _>>()?)
            }
            Space::Text { .. } => Value::Text(self.text()?.to_owned()),
            Space::Sequence { space } => {
                let count = self.count(space)?;
                Value::Sequence((0..count).map(|_| self.read(space)).collect::<Result<_, _>>()?)
            }
            Space::OneOf { spaces } => {
                let index = self.cursor.u8()?;
                Value::OneOf(index.into(), Box::new(self.read(alternative(spaces, index)?)?))
            }
            Space::None => Value::None,
            Space::Bool => Value::Bool(self.cursor.u8()? != 0),
        })
    }

    /// A member of a Text space.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes end, or are no UTF-8.
    pub fn text(&mut self) -> Result<&'a str, DecodeError> {
        let len = self.cursor.u32()? as usize;
        std::str::from_utf8(self.cursor.take(len)?).map_err(|_| DecodeError::NotUtf8)
    }

    /// How many members of `space` a Sequence has; they follow.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes end, or cannot hold so many.
    pub fn count(&mut self, space: &Space) -> Result<usize, DecodeError> {
        let count = self.cursor.u32()? as usize;
        // Looking through a large space takes longer than to read a few members.
        if count <= self.cursor.left().min(1 << 16) {
            return Ok(count);
        }
        if takes_nothing(space) {
            return Ok(count.min(1 << 16));
        }
        // A count is not trusted to reserve memory: only as many members as there are bytes can follow.
        match self.cursor.left() {
            left if count > left => Err(DecodeError::Truncated(Truncated { needed: count, left })),
            _ => Ok(count),
        }
    }

    /// The alternative of a OneOf whose member follows.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes end, or for an alternative that is not there.
    pub fn one_of<'s>(&mut self, spaces: &'s [Space]) -> Result<&'s Space, DecodeError> {
        let index = self.cursor.u8()?;
        alternative(spaces, index)
    }

    /// Says that nothing may follow.
    ///
    /// # Errors
    /// [`DecodeError::Trailing`] where something does.
    pub fn finish(self) -> Result<(), DecodeError> {
        match self.cursor.left() {
            0 => Ok(()),
            left => Err(DecodeError::Trailing { left }),
        }
    }
}

fn alternative(spaces: &[Space], index: u8) -> Result<&Space, DecodeError> {
    spaces.get(usize::from(index)).ok_or(DecodeError::Alternative { index, alternatives: spaces.len() })
}

/// How many bytes every member takes, if all take the same.
pub fn fixed_size(space: &Space) -> Option<usize> {
    match space {
        Space::Discrete { .. } => Some(8),
        Space::Box(space) => space.len().checked_mul(space.dtype.size()),
        Space::MultiDiscrete { nvec } => nvec.len().checked_mul(8),
        Space::MultiBinary { n } => Some(*n),
        Space::Tuple { spaces } => spaces.iter().map(fixed_size).sum(),
        Space::Dict { spaces } => spaces.iter().map(|(_, space)| fixed_size(space)).sum(),
        Space::None => Some(0),
        Space::Bool => Some(1),
        Space::Text { .. } | Space::Sequence { .. } | Space::OneOf { .. } => None,
    }
}

fn takes_nothing(space: &Space) -> bool {
    match space {
        Space::None => true,
        Space::Box(space) => space.is_empty(),
        Space::MultiDiscrete { nvec } => nvec.is_empty(),
        Space::MultiBinary { n } => *n == 0,
        Space::Tuple { spaces } => spaces.iter().all(takes_nothing),
        Space::Dict { spaces } => spaces.iter().all(|(_, space)| takes_nothing(space)),
        Space::Bool | Space::Discrete { .. } | Space::Text { .. } | Space::Sequence { .. } | Space::OneOf { .. } => {
            false
        }
    }
}

fn fill(tensor: &mut Tensor, bytes: &[u8]) {
    fn refill<T, const N: usize>(values: &mut Vec<T>, bytes: &[u8], read: impl Fn([u8; N]) -> T) {
        let (chunks, _) = bytes.as_chunks::<N>();
        values.clear();
        values.extend(chunks.iter().map(|chunk| read(*chunk)));
    }
    match tensor {
        Tensor::F32(v) => refill(v, bytes, f32::from_le_bytes),
        Tensor::F64(v) => refill(v, bytes, f64::from_le_bytes),
        Tensor::U8(v) => refill(v, bytes, u8::from_le_bytes),
        Tensor::I8(v) => refill(v, bytes, i8::from_le_bytes),
        Tensor::I32(v) => refill(v, bytes, i32::from_le_bytes),
        Tensor::I64(v) => refill(v, bytes, i64::from_le_bytes),
    }
}
