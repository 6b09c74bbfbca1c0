//! Protocol buffers' wire format: fields with numbers, of four kinds. Nothing is copied and nothing nests by itself.
use crate::error::LoadError;

/// One field's content.
#[derive(Clone, Copy)]
pub(crate) enum Content<'a> {
    Integer(u64),
    Fixed64(u64),
    Bytes(&'a [u8]),
    Fixed32(u32),
}

/// The fields of a message, in the order of the file.
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
    message: &'static str,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(bytes: &'a [u8], message: &'static str) -> Self {
        Self { rest: bytes, message }
    }

    /// The next field's number and content.
    pub(crate) fn next(&mut self) -> Result<Option<(u64, Content<'a>)>, LoadError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let key = self.varint()?;
        let content = match key & 7 {
            0 => Content::Integer(self.varint()?),
            1 => Content::Fixed64(u64::from_le_bytes(self.array()?)),
            2 => {
                let len = self.varint()?;
                Content::Bytes(self.take(usize::try_from(len).unwrap_or(usize::MAX))?)
            }
            5 => Content::Fixed32(u32::from_le_bytes(self.array()?)),
            _ => return Err(self.malformed("a field of an unknown kind")),
        };
        Ok(Some((key >> 3, content)))
    }

    /// A field of the wrong kind for its number.
    pub(crate) fn malformed(&self, problem: &'static str) -> LoadError {
        LoadError::Malformed { message: self.message, problem }
    }

    pub(crate) fn bytes(&self, content: Content<'a>) -> Result<&'a [u8], LoadError> {
        match content {
            Content::Bytes(bytes) => Ok(bytes),
            _ => Err(self.malformed("a number where bytes belong")),
        }
    }

    pub(crate) fn text(&self, content: Content<'a>) -> Result<&'a str, LoadError> {
        std::str::from_utf8(self.bytes(content)?).map_err(|_| self.malformed("a name that is no UTF-8"))
    }

    pub(crate) fn integer(&self, content: Content<'a>) -> Result<i64, LoadError> {
        match content {
            Content::Integer(value) => Ok(value as i64),
            _ => Err(self.malformed("another kind where an integer belongs")),
        }
    }

    pub(crate) fn float(&self, content: Content<'a>) -> Result<f32, LoadError> {
        match content {
            Content::Fixed32(bits) => Ok(f32::from_bits(bits)),
            _ => Err(self.malformed("another kind where a float belongs")),
        }
    }

    /// A repeated integer: one, or many in a packed field.
    pub(crate) fn integers(&self, content: Content<'a>, out: &mut Vec<i64>) -> Result<(), LoadError> {
        match content {
            Content::Integer(value) => out.push(value as i64),
            Content::Bytes(bytes) => {
                let mut packed = Fields::new(bytes, self.message);
                while !packed.rest.is_empty() {
                    out.push(packed.varint()? as i64);
                }
            }
            _ => return Err(self.malformed("another kind where integers belong")),
        }
        Ok(())
    }

    /// A repeated float.
    pub(crate) fn floats(&self, content: Content<'a>, out: &mut Vec<f32>) -> Result<(), LoadError> {
        match content {
            Content::Fixed32(bits) => out.push(f32::from_bits(bits)),
            Content::Bytes(bytes) => {
                let (words, rest) = bytes.as_chunks::<4>();
                if !rest.is_empty() {
                    return Err(self.malformed("floats of another length than 4 bytes"));
                }
                out.extend(words.iter().map(|word| f32::from_le_bytes(*word)));
            }
            _ => return Err(self.malformed("another kind where floats belong")),
        }
        Ok(())
    }

    /// A repeated double, narrowed.
    pub(crate) fn doubles(&self, content: Content<'a>, out: &mut Vec<f32>) -> Result<(), LoadError> {
        match content {
            Content::Fixed64(bits) => out.push(f64::from_bits(bits) as f32),
            Content::Bytes(bytes) => {
                let (words, rest) = bytes.as_chunks::<8>();
                if !rest.is_empty() {
                    return Err(self.malformed("doubles of another length than 8 bytes"));
                }
                out.extend(words.iter().map(|word| f64::from_le_bytes(*word) as f32));
            }
            _ => return Err(self.malformed("another kind where doubles belong")),
        }
        Ok(())
    }

    fn varint(&mut self) -> Result<u64, LoadError> {
        let mut value = 0;
        for shift in (0..70).step_by(7) {
            let [byte] = self.array()?;
            value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(self.malformed("an integer of more than ten bytes"))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], LoadError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], LoadError> {
        let (head, rest) =
            self.rest.split_at_checked(len).ok_or_else(|| self.malformed("an end that comes too early"))?;
        self.rest = rest;
        Ok(head)
    }
}
