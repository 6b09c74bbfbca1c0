//! Minari's data sets as one file, for those who have no folder to write to.
use std::io::{self, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::{CompressionMethod, ZipArchiveWriter};

use crate::minari::Files;

/// Writes files into a zip, deflated.
#[derive(Debug)]
pub struct Zip<W: Write>(ZipArchiveWriter<W>);

impl<W: Write> Zip<W> {
    /// Will write to `out`, from its first byte to its last and never back.
    pub fn new(out: W) -> Self {
        Self(ZipArchiveWriter::new(out))
    }
}

impl<W: Write> Files for Zip<W> {
    fn write(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let file = self.0.new_file(path).compression_method(CompressionMethod::DEFLATE);
        let (mut entry, config) = file.start().map_err(unwritten)?;
        let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::default()));
        writer.write_all(bytes)?;
        let (deflated, descriptor) = writer.finish().map_err(unwritten)?;
        deflated.finish()?;
        entry.finish(descriptor).map_err(unwritten)?;
        Ok(())
    }

    fn end(self) -> io::Result<()> {
        self.0.finish().map_err(unwritten)?.flush()
    }
}

/// As text: what an error can do besides would be code in the modules of those who write no zip.
fn unwritten(error: rawzip::Error) -> io::Error {
    io::Error::other(error.to_string())
}
