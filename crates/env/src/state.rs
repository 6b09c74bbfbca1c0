//! `save`, `restore` and the hash of a state: little-endian fields in the order the environment writes them.
use crate::bytes::Cursor;
use crate::error::RestoreError;
use crate::rng::SeededRng;

/// Writes a state. Equal states give equal bytes: every NaN is written as the one canonical NaN.
#[derive(Clone, Debug, Default)]
pub struct StateWriter {
    bytes: Vec<u8>,
}

impl StateWriter {
    /// An empty writer.
    pub fn new() -> Self {
        Self::default()
    }

    /// What has been written.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes, given away.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Forgets what has been written and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    /// xxHash64 of what has been written, with seed 0.
    pub fn hash(&self) -> u64 {
        xxhash_rust::xxh64::xxh64(&self.bytes, 0)
    }

    /// A flag.
    pub fn bool(&mut self, value: bool) {
        self.bytes.push(value.into());
    }

    /// A byte.
    pub fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    /// A 32-bit count.
    pub fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// A 64-bit count.
    pub fn u64(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// An integer.
    pub fn i64(&mut self, value: i64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// A float32.
    pub fn f32(&mut self, value: f32) {
        let value = if value.is_nan() { f32::NAN } else { value };
        self.bytes.extend_from_slice(&value.to_bits().to_le_bytes());
    }

    /// A float64.
    pub fn f64(&mut self, value: f64) {
        let value = if value.is_nan() { f64::NAN } else { value };
        self.bytes.extend_from_slice(&value.to_bits().to_le_bytes());
    }

    /// The generator, with the half of a draw it may hold back.
    pub fn rng(&mut self, rng: &SeededRng) {
        self.bytes.extend_from_slice(&rng.to_bytes());
    }
}

/// Reads a state in the order it was written.
#[derive(Clone, Debug)]
pub struct StateReader<'a> {
    cursor: Cursor<'a>,
}

impl<'a> StateReader<'a> {
    /// Reads from the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { cursor: Cursor::new(bytes) }
    }

    /// How many bytes are left to be read.
    pub fn left(&self) -> usize {
        self.cursor.left()
    }

    /// A flag.
    ///
    /// # Errors
    /// [`RestoreError::Truncated`], or [`RestoreError::Invalid`] for any byte but 0 and 1.
    pub fn bool(&mut self, field: &'static str) -> Result<bool, RestoreError> {
        match self.cursor.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(RestoreError::Invalid { field }),
        }
    }

    /// A byte.
    ///
    /// # Errors
    /// [`RestoreError::Truncated`].
    pub fn u8(&mut self) -> Result<u8, RestoreError> {
        Ok(self.cursor.u8()?)
    }

    /// A 32-bit count.
    ///
    /// # Errors
    /// [`RestoreError::Truncated`].
    pub fn u32(&mut self) -> Result<u32, RestoreError> {
        Ok(self.cursor.u32()?)
    }

    /// A count that must be below `limit`: for lengths, indices and enumerations.
    ///
    /// # Errors
    /// [`RestoreError::Truncated`], or [`RestoreError::Invalid`] at or above the limit.
    pub fn below(&mut self, limit: usize, field: &'static str) -> Result<usize, RestoreError> {
        let value = self.cursor.u32()? as usize;
        if value < limit { Ok(value) } else { Err(RestoreError::Invalid { field }) }
    }

    /// A 64-bit count.
    ///
    /// # Errors
    /// [`RestoreError::Truncated`].
    pub fn u64(&mut self) -> Result<u64, RestoreError> {
        Ok(self.cursor.u64()?)
    }

    /// An integer.
    ///
    /// # Errors
    /// [`RestoreError::Truncated`].
    pub fn i64(&mut self) -> Result<i64, RestoreError> {
        Ok(self.cursor.i64()?)
    }

    /// A float32; every NaN as the one that is written.
    ///
    /// # Errors
    /// [`RestoreError::Truncated`].
    pub fn f32(&mut self) -> Result<f32, RestoreError> {
        let value = self.cursor.f32()?;
        Ok(if value.is_nan() { f32::NAN } else { value })
    }

    /// A float64; every NaN as the one that is written.
    ///
    /// # Errors
    /// [`RestoreError::Truncated`].
    pub fn f64(&mut self) -> Result<f64, RestoreError> {
        let value = self.cursor.f64()?;
        Ok(if value.is_nan() { f64::NAN } else { value })
    }

    /// A float64 that is no NaN and no infinity.
    ///
    /// # Errors
    /// [`RestoreError::Truncated`], or [`RestoreError::Invalid`].
    pub fn finite(&mut self, field: &'static str) -> Result<f64, RestoreError> {
        Some(self.cursor.f64()?).filter(|value| value.is_finite()).ok_or(RestoreError::Invalid { field })
    }

    /// The generator.
    ///
    /// # Errors
    /// [`RestoreError::Truncated`], or [`RestoreError::Invalid`] for bytes that are no generator's.
    pub fn rng(&mut self) -> Result<SeededRng, RestoreError> {
        SeededRng::from_bytes(&self.cursor.array()?).map_err(|_| RestoreError::Invalid { field: "rng" })
    }

    /// Says that nothing may follow.
    ///
    /// # Errors
    /// [`RestoreError::Trailing`] where something does.
    pub fn finish(self) -> Result<(), RestoreError> {
        match self.cursor.left() {
            0 => Ok(()),
            left => Err(RestoreError::Trailing { left }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_nan_is_saved_alike() {
        let save = |value: f64| {
            let mut writer = StateWriter::new();
            writer.f64(value);
            writer.into_bytes()
        };
        assert_eq!(save(f64::NAN), save(f64::from_bits(0xfff8_0000_dead_beef)));
        assert_ne!(save(0.0), save(-0.0));
    }

    #[test]
    fn every_kind_of_field_reads_back_as_it_was_written() {
        let mut rng = SeededRng::new(3);
        rng.next_u32();
        let mut writer = StateWriter::new();
        writer.u8(0xa5);
        writer.u64(0x0123_4567_89ab_cdef);
        writer.i64(i64::MIN + 7);
        writer.f32(-0.3);
        writer.f64(1.0e-300);
        writer.f64(2.5);
        writer.rng(&rng);
        let mut reader = StateReader::new(writer.bytes());
        assert_eq!((reader.u8(), reader.u64(), reader.i64()), (Ok(0xa5), Ok(0x0123_4567_89ab_cdef), Ok(i64::MIN + 7)));
        assert_eq!((reader.f32(), reader.f64(), reader.finite("speed")), (Ok(-0.3), Ok(1.0e-300), Ok(2.5)));
        assert_eq!(reader.rng(), Ok(rng));
        assert_eq!(reader.finish(), Ok(()));
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let mut writer = StateWriter::new();
            writer.f64(number);
            let refused = StateReader::new(writer.bytes()).finite("speed");
            assert_eq!(refused, Err(RestoreError::Invalid { field: "speed" }));
        }
    }

    #[test]
    fn every_nan_is_read_alike() {
        let strange =
            [f64::from_bits(0xfff8_0000_dead_beef).to_le_bytes().as_slice(), &0xffc0_1234_u32.to_le_bytes()].concat();
        let mut reader = StateReader::new(&strange);
        assert_eq!(reader.f64().map(f64::to_bits), Ok(f64::NAN.to_bits()));
        assert_eq!(reader.f32().map(f32::to_bits), Ok(f32::NAN.to_bits()));
    }

    #[test]
    fn a_state_reads_back_and_must_end_where_it_ends() {
        let mut writer = StateWriter::new();
        writer.bool(true);
        writer.u32(7);
        let mut reader = StateReader::new(writer.bytes());
        assert_eq!(reader.left(), 5);
        assert_eq!((reader.bool("flag"), reader.left()), (Ok(true), 4));
        assert_eq!(reader.clone().finish(), Err(RestoreError::Trailing { left: 4 }));
        assert_eq!(reader.clone().below(7, "index"), Err(RestoreError::Invalid { field: "index" }));
        assert_eq!(reader.below(8, "index"), Ok(7));
        assert_eq!(reader.left(), 0);
        assert!(matches!(reader.u8(), Err(RestoreError::Truncated(_))));
    }
}
