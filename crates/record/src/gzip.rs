//! Gzip, as files named `.gz` hold it.
use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;

/// What every gzip file begins with.
pub const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Compresses a whole record. The same record gives the same bytes: no time and no name go in.
///
/// # Errors
/// Whatever the encoder reports; writing to memory gives it no reason to.
pub fn compress(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = encoder(Vec::new());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// Compresses what is written to it, into `out`. It is complete when it is finished.
pub fn encoder<W: Write>(out: W) -> GzEncoder<W> {
    GzEncoder::new(out, Compression::default())
}

/// Decompresses, to at most `limit` bytes.
///
/// # Errors
/// For bytes that are not gzip, are cut or damaged, or are more than that.
pub fn decompress(bytes: &[u8], limit: u64) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    MultiGzDecoder::new(bytes).take(limit.saturating_add(1)).read_to_end(&mut out)?;
    if out.len() as u64 > limit {
        let message = format!("expected gzip data of at most {limit} bytes, found more");
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_back_and_a_bomb_is_refused_at_its_limit() {
        let bytes = compress(&[7; 100_000]).unwrap();
        assert_eq!(decompress(&bytes, 100_000).unwrap(), vec![7; 100_000]);
        assert!(decompress(&bytes, 99_999).is_err());
        assert!(decompress(&bytes[..bytes.len() - 1], 100_000).is_err());
        assert!(decompress(b"PRC1", 100_000).is_err());
    }
}
