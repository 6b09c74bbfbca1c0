//! Gzip, as files named `.gz` hold it.
use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

/// Compresses a whole record. The same record gives the same bytes: no time and no name go in.
///
/// # Errors
/// Whatever the encoder reports; writing to memory gives it no reason to.
pub fn compress(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}
