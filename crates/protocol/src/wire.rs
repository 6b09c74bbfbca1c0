//! Taking fields off a message.
use std::fmt;

/// A buffer that is no message of this protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtocolError {
    /// It ends too early.
    Truncated {
        /// Bytes of the next field.
        needed: usize,
        /// Bytes left.
        left: usize,
    },
    /// Its first byte names no operation.
    UnknownOperation {
        /// What it names.
        found: u8,
        /// The number of the last one.
        last: u8,
    },
    /// Its first byte names no kind of reply.
    UnknownStatus(u8),
    /// An error's number that no [`ErrorCode`](crate::ErrorCode) has.
    UnknownCode(u8),
    /// A text is not UTF-8.
    NotUtf8,
    /// A kind of value, seat or event that there is not.
    UnknownKind {
        /// Of what.
        of: &'static str,
        /// Its number.
        found: u8,
    },
    /// Values within values, deeper than anything that is meant.
    TooDeep,
    /// Bytes after the end.
    Trailing {
        /// How many.
        left: usize,
    },
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ProtocolError::Truncated { needed, left } => {
                write!(f, "the message ends inside a field: expected {needed} more bytes, found {left}")
            }
            ProtocolError::UnknownOperation { found, last } => {
                write!(f, "expected an operation from 1 to {last}, found {found}")
            }
            ProtocolError::UnknownStatus(byte) => write!(f, "expected a message of status 0, 1 or 2, found {byte}"),
            ProtocolError::UnknownCode(byte) => write!(f, "expected the number of an error, found {byte}"),
            ProtocolError::UnknownKind { of, found } => write!(f, "expected a kind of {of}, found number {found}"),
            ProtocolError::TooDeep => f.write_str("values are nested too deep"),
            ProtocolError::Trailing { left } => write!(f, "expected the message to end, found {left} more bytes"),
            ProtocolError::NotUtf8 => f.write_str("expected a text in UTF-8, found other bytes"),
        }
    }
}

impl std::error::Error for ProtocolError {}

pub(crate) fn take<'a>(rest: &mut &'a [u8], needed: usize) -> Result<&'a [u8], ProtocolError> {
    let (head, tail) = rest.split_at_checked(needed).ok_or(ProtocolError::Truncated { needed, left: rest.len() })?;
    *rest = tail;
    Ok(head)
}

pub(crate) fn array<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], ProtocolError> {
    let mut array = [0; N];
    array.copy_from_slice(take(rest, N)?);
    Ok(array)
}

pub(crate) fn byte(rest: &mut &[u8]) -> Result<u8, ProtocolError> {
    Ok(array::<1>(rest)?[0])
}

pub(crate) fn u16(rest: &mut &[u8]) -> Result<u16, ProtocolError> {
    Ok(u16::from_le_bytes(array(rest)?))
}

pub(crate) fn u32(rest: &mut &[u8]) -> Result<u32, ProtocolError> {
    Ok(u32::from_le_bytes(array(rest)?))
}

/// Bytes behind their length.
pub(crate) fn block<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], ProtocolError> {
    let len = u32(rest)? as usize;
    take(rest, len)
}

/// `count` arrays one after another, where they are.
pub(crate) fn arrays<'a, const N: usize>(rest: &mut &'a [u8], count: usize) -> Result<&'a [[u8; N]], ProtocolError> {
    Ok(take(rest, count.saturating_mul(N))?.as_chunks().0)
}

pub(crate) fn f32(rest: &mut &[u8]) -> Result<f32, ProtocolError> {
    Ok(f32::from_le_bytes(array(rest)?))
}

pub(crate) fn f64(rest: &mut &[u8]) -> Result<f64, ProtocolError> {
    Ok(f64::from_le_bytes(array(rest)?))
}

pub(crate) fn u64(rest: &mut &[u8]) -> Result<u64, ProtocolError> {
    Ok(u64::from_le_bytes(array(rest)?))
}

/// A text behind its length.
pub(crate) fn text<'a>(rest: &mut &'a [u8]) -> Result<&'a str, ProtocolError> {
    std::str::from_utf8(block(rest)?).map_err(|_| ProtocolError::NotUtf8)
}

/// Nothing may follow.
pub(crate) fn end(rest: &[u8]) -> Result<(), ProtocolError> {
    if rest.is_empty() { Ok(()) } else { Err(ProtocolError::Trailing { left: rest.len() }) }
}

/// Bytes behind their length. One that does not fit into 32 bits is refused by the memory of both sides long before.
pub(crate) fn put_block(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(bytes);
}
