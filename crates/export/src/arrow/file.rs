//! A file of Arrow's IPC format.
//!
//! ```text
//! "ARROW1" 0 0 │ schema │ batch │ batch │ … │ end of stream │ footer │ length of the footer i32 │ "ARROW1"
//!
//! a message:  ffffffff │ length of the head i32 │ head │ body        each on a multiple of 8
//! ```
//! See "IPC File Format" and "Encapsulated message format" of <https://arrow.apache.org/docs/format/Columnar.html>.
use std::io::{self, Write};

use polars_arrow_format::ipc;
use polars_arrow_format::ipc::planus::Builder;

use crate::array::Array;
use crate::arrow::layout::{PADDING, Piece, field, lay_out, padding};

const MAGIC: &[u8] = b"ARROW1";
/// What every message begins with.
const CONTINUES: [u8; 4] = [0xff; 4];

/// Writes such a file, batch by batch.
pub(crate) struct ArrowFile<W: Write> {
    out: W,
    at: i64,
    schema: ipc::Schema,
    batches: Vec<ipc::Block>,
    builder: Builder,
}

impl<W: Write> ArrowFile<W> {
    /// Will write batches of such columns to `out`; what they are called and which types they have is written at once.
    pub(crate) fn new<'a>(out: W, columns: impl Iterator<Item = (&'a str, &'a Array)>) -> io::Result<Self> {
        let schema = ipc::Schema {
            endianness: ipc::Endianness::Little,
            fields: Some(columns.map(|(name, column)| field(name, column)).collect()),
            custom_metadata: None,
            features: None,
        };
        let mut file = Self { out, at: 0, schema, batches: Vec::new(), builder: Builder::new() };
        file.put(MAGIC)?;
        file.pad()?;
        let schema = ipc::MessageHeader::Schema(Box::new(file.schema.clone()));
        file.message(schema, &[])?;
        Ok(file)
    }

    /// Writes a batch: so many rows of all columns.
    pub(crate) fn batch(&mut self, columns: &[Array], rows: usize) -> io::Result<()> {
        let (mut nodes, mut pieces) = (Vec::new(), Vec::new());
        columns.iter().for_each(|column| lay_out(column, &mut nodes, &mut pieces));
        let mut offset = 0;
        let buffer = |piece: &Piece<'_>| {
            let buffer = ipc::Buffer { offset, length: whole(piece.len()) };
            offset += whole(piece.len().saturating_add(padding(piece.len())));
            buffer
        };
        let header = ipc::RecordBatch {
            length: whole(rows),
            nodes: Some(nodes),
            buffers: Some(pieces.iter().map(buffer).collect()),
            compression: None,
            variadic_buffer_counts: None,
        };
        let block = self.message(ipc::MessageHeader::RecordBatch(Box::new(header)), &pieces)?;
        self.batches.push(block);
        Ok(())
    }

    /// Writes the end, and gives back what was written to.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.put(&CONTINUES)?;
        self.put(&0_i32.to_le_bytes())?;
        let footer = ipc::Footer {
            version: ipc::MetadataVersion::V5,
            schema: Some(Box::new(self.schema.clone())),
            dictionaries: Some(Vec::new()),
            record_batches: Some(std::mem::take(&mut self.batches)),
            custom_metadata: None,
        };
        self.builder.clear();
        let footer = self.builder.finish(&footer, None).to_vec();
        self.put(&footer)?;
        self.put(&short(footer.len())?.to_le_bytes())?;
        self.put(MAGIC)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn message(&mut self, header: ipc::MessageHeader, body: &[Piece<'_>]) -> io::Result<ipc::Block> {
        let padded = |piece: &Piece<'_>| piece.len().saturating_add(padding(piece.len()));
        let body_length = whole(body.iter().map(padded).sum());
        let message = ipc::Message {
            version: ipc::MetadataVersion::V5,
            header: Some(header),
            body_length,
            custom_metadata: None,
        };
        self.builder.clear();
        let head = self.builder.finish(&message, None).to_vec();
        let length = head.len().saturating_add(padding(head.len()));
        let offset = self.at;
        self.put(&CONTINUES)?;
        self.put(&short(length)?.to_le_bytes())?;
        self.put(&head)?;
        self.pad()?;
        let meta_data_length = short(usize::try_from(self.at - offset).unwrap_or(usize::MAX))?;
        for piece in body {
            piece.write(&mut self.out)?;
            self.at = self.at.saturating_add(whole(piece.len()));
            self.pad()?;
        }
        Ok(ipc::Block { offset, meta_data_length, body_length })
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.at = self.at.saturating_add(whole(bytes.len()));
        self.out.write_all(bytes)
    }

    /// Goes on to the next multiple of 8.
    fn pad(&mut self) -> io::Result<()> {
        let bytes = padding(usize::try_from(self.at).unwrap_or_default());
        self.put(PADDING.get(..bytes).unwrap_or_default())
    }
}

/// Lengths of what is in memory.
fn whole(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// The length of a head, which 16,384 columns make 4 MB long.
fn short(length: usize) -> io::Result<i32> {
    i32::try_from(length).map_err(|_| io::Error::other("a head of 2^31 bytes"))
}
