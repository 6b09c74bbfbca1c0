use super::error::DecodeError;
use super::size::takes_nothing;
use crate::bytes::{Cursor, Truncated};
use crate::space::Space;
use crate::value::{Tensor, Value};

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
