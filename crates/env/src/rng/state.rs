//! A generator's whole state, as NumPy shows it and as bytes.
use std::fmt;

/// The fields of NumPy's `bit_generator.state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RngState {
    /// The 128-bit state of the congruential generator.
    pub state: u128,
    /// Its increment, which chooses the stream; odd in every state that comes from a seed.
    pub inc: u128,
    /// Whether `uinteger` waits to be the next 32-bit draw.
    pub has_uint32: bool,
    /// The upper half of the latest u64 drawn for a 32-bit draw; it stays after it was used, as in NumPy.
    pub uinteger: u32,
}

const STATE: usize = 0;
const INC: usize = 16;
const HAS_UINT32: usize = 32;
const UINTEGER: usize = 33;

impl RngState {
    /// Length of [`RngState::to_bytes`].
    pub const BYTES: usize = 37;

    /// Little-endian: state (16 bytes), inc (16), has_uint32 (one byte, 0 or 1), uinteger (4).
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[STATE..INC].copy_from_slice(&self.state.to_le_bytes());
        bytes[INC..HAS_UINT32].copy_from_slice(&self.inc.to_le_bytes());
        bytes[HAS_UINT32] = u8::from(self.has_uint32);
        bytes[UINTEGER..].copy_from_slice(&self.uinteger.to_le_bytes());
        bytes
    }

    /// Reads [`RngState::to_bytes`].
    ///
    /// # Errors
    /// [`InvalidRngBytes`] for what no seed and no draws lead to: with an even increment a generator runs through a part of its
    /// numbers only, and with 0 it may stand still, so that whoever draws until a number fits draws for ever.
    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Result<Self, InvalidRngBytes> {
        let has_uint32 = match bytes[HAS_UINT32] {
            0 => false,
            1 => true,
            found => return Err(InvalidRngBytes::HasUint32 { found }),
        };
        let inc = u128::from_le_bytes(field(bytes, INC));
        if inc.is_multiple_of(2) {
            return Err(InvalidRngBytes::EvenIncrement { found: inc });
        }
        Ok(Self {
            state: u128::from_le_bytes(field(bytes, STATE)),
            inc,
            has_uint32,
            uinteger: u32::from_le_bytes(field(bytes, UINTEGER)),
        })
    }
}

fn field<const N: usize>(bytes: &[u8; RngState::BYTES], start: usize) -> [u8; N] {
    std::array::from_fn(|i| bytes[start + i])
}

/// Bytes that are no generator's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidRngBytes {
    /// `has_uint32` is neither 0 nor 1.
    HasUint32 {
        /// The byte found there.
        found: u8,
    },
    /// `inc` is even.
    EvenIncrement {
        /// The increment found.
        found: u128,
    },
}

impl fmt::Display for InvalidRngBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InvalidRngBytes::HasUint32 { found } => {
                write!(f, "expected has_uint32 (byte {HAS_UINT32} of a generator's state) to be 0 or 1, found {found}")
            }
            InvalidRngBytes::EvenIncrement { found } => {
                write!(f, "expected a generator's inc (from byte {INC} on) to be odd, found {found}")
            }
        }
    }
}

impl std::error::Error for InvalidRngBytes {}
