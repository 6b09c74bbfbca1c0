//! Reads and writes the parts of a record in the making: fixed-width integers, and byte strings behind a length of one to ten bytes.

/// There is no such part.
#[derive(Debug)]
pub(crate) enum Malformed {
    /// The bytes end before it does.
    Ended,
    /// They are something else.
    Other,
}

/// Reads forward through a slice.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn take(&mut self, len: usize) -> Result<&'a [u8], Malformed> {
        let (head, rest) = self.rest.split_at_checked(len).ok_or(Malformed::Ended)?;
        self.rest = rest;
        Ok(head)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Malformed> {
        let (head, rest) = self.rest.split_first().ok_or(Malformed::Ended)?;
        self.rest = rest;
        Ok(*head)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Malformed> {
        let (head, rest) = self.rest.split_first_chunk().ok_or(Malformed::Ended)?;
        self.rest = rest;
        Ok(u64::from_le_bytes(*head))
    }

    /// Seven bits a byte, the lowest first; the high bit says that more follow.
    pub(crate) fn length(&mut self) -> Result<usize, Malformed> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.u8()?;
            let bits = u64::from(byte & 0x7f);
            let shifted = bits << shift;
            if shifted >> shift != bits {
                return Err(Malformed::Other);
            }
            value |= shifted;
            if byte & 0x80 == 0 {
                return usize::try_from(value).map_err(|_| Malformed::Other);
            }
        }
        Err(Malformed::Other)
    }

    /// A byte string behind its length.
    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let len = self.length()?;
        self.take(len)
    }

    /// A UTF-8 string behind its length.
    pub(crate) fn text(&mut self) -> Result<&'a str, Malformed> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Malformed::Other)
    }
}

pub(crate) fn put_length(out: &mut Vec<u8>, len: usize) {
    let mut rest = len as u64;
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

pub(crate) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_length(out, bytes.len());
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_reads_back_and_small_ones_take_one_byte() {
        for (len, width) in [(0, 1), (127, 1), (128, 2), (16_383, 2), (16_384, 3), (u32::MAX as usize, 5)] {
            let mut out = Vec::new();
            put_length(&mut out, len);
            assert_eq!(out.len(), width, "{len}");
            assert_eq!(Cursor::new(&out).length().ok(), Some(len));
        }
    }

    #[test]
    fn a_length_beyond_64_bits_or_beyond_the_bytes_is_refused() {
        assert!(Cursor::new(&[0xff; 10]).length().is_err());
        assert!(Cursor::new(&[0xff, 0xff]).length().is_err());
        assert!(Cursor::new(&[0xff, 0xff, 0xff, 0x7f, 1, 2, 3]).bytes().is_err());
    }
}
