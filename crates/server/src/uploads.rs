//! Records of games that people play alone, as their pages send them: pieces of a stream, joined by offset.
//!
//! A piece may come twice, late, or after another that has more: what is there already has to be the same bytes, and is. So every request can be
//! made again, and an acknowledgement says how many bytes, from the first one on, are on disk: whatever is acknowledged was synced before, also
//! where an earlier request had written it. What could not be synced is cut off again, since a system that has told of an error once may call the
//! same bytes written the next time, and they are sent again.
use std::collections::HashMap;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use palaestra_record::{gzip, stream};

use crate::rooms::lock;
use crate::senders::Senders;

/// The folder among the data.
pub(crate) const FOLDER: &str = "games";
/// What the files' names end with: streams of `palaestra_record::stream`.
pub(crate) const ENDING: &str = "prs";
/// How much a piece may have, before and after decompression. Pages send a quarter of a megabyte.
pub(crate) const MOST_PIECE: usize = 512 << 10;
/// How much a record may have: pages keep no more.
const MOST_RECORD: u64 = 1 << 30;
/// What a file takes of a disk, at least and in steps of. Else records of a byte each would fill it uncounted.
const BLOCK: u64 = 4 << 10;
/// So many records can be written to at the same time.
const LOCKS: usize = 64;

/// The records that are taken.
pub(crate) struct Uploads {
    folder: PathBuf,
    /// How much of the disk all of them may take, in bytes.
    most: u64,
    used: AtomicU64,
    senders: Senders,
    locks: [Mutex<()>; LOCKS],
    /// Files with bytes behind their end that are not on disk and could not be cut off: how long they are without these, and how much of
    /// the disk is counted for them. As many as there are files at most.
    torn: Mutex<HashMap<String, (u64, u64)>>,
    disk: Box<dyn Disk>,
}

/// What may fail of a disk, apart so that tests can let it.
trait Disk: Send + Sync {
    /// Writes behind the end of a file.
    fn append(&self, file: &mut File, bytes: &[u8]) -> io::Result<()>;
    /// What was written to the file is on disk when it returns.
    fn sync(&self, file: &File) -> io::Result<()>;
    /// Cuts what is behind so many bytes off.
    fn cut(&self, file: &File, len: u64) -> io::Result<()>;
}

/// The system's.
struct System;

impl Disk for System {
    fn append(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    fn cut(&self, file: &File, len: u64) -> io::Result<()> {
        file.set_len(len)
    }
}

/// A piece of a record.
#[derive(Debug)]
pub(crate) struct Piece<'p> {
    pub(crate) id: &'p str,
    pub(crate) offset: u64,
    /// How long it is, decompressed.
    pub(crate) length: usize,
    pub(crate) gzipped: bool,
    pub(crate) bytes: &'p [u8],
    /// Who sends it.
    pub(crate) from: IpAddr,
}

impl Uploads {
    /// In a folder of the data's, of which they may fill so many bytes. Blocks.
    pub(crate) fn open(data: &Path, most: u64) -> io::Result<Self> {
        let folder = data.join(FOLDER);
        std::fs::create_dir_all(&folder)?;
        let mut used = 0_u64;
        for entry in std::fs::read_dir(&folder)? {
            used = used.saturating_add(on_disk(entry?.metadata()?.len()));
        }
        let locks = std::array::from_fn(|_| Mutex::new(()));
        let (used, senders) = (AtomicU64::new(used), Senders::default());
        Ok(Self { folder, most, used, senders, locks, torn: Mutex::default(), disk: Box::new(System) })
    }

    /// Takes a piece; gives how many bytes of its record are on disk then, from the first one on. Blocks.
    ///
    /// # Errors
    /// [`Refused`]; nothing is acknowledged then, and what there was is as it was.
    pub(crate) fn take(&self, piece: &Piece<'_>) -> Result<u64, Refused> {
        // It becomes a file's name.
        let named = piece.id.len() == 32 && piece.id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !named {
            return Err(Refused::Id);
        }
        let plain;
        let bytes = if piece.gzipped {
            plain =
                gzip::decompress(piece.bytes, MOST_PIECE as u64).map_err(|error| Refused::Gzip(error.to_string()))?;
            &plain[..]
        } else {
            piece.bytes
        };
        if bytes.len() != piece.length {
            return Err(Refused::Length { expected: piece.length, found: bytes.len() });
        }
        let place = u64::from_str_radix(piece.id.get(..4).unwrap_or_default(), 16).unwrap_or_default() as usize % LOCKS;
        let _alone = self.locks.get(place).map(lock);
        self.join(piece, bytes)
    }

    fn join(&self, piece: &Piece<'_>, bytes: &[u8]) -> Result<u64, Refused> {
        let path = self.folder.join(format!("{}.{ENDING}", piece.id));
        self.mend(piece.id, &path)?;
        let there = match std::fs::metadata(&path) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error.into()),
        };
        // What lies between has not come: whoever sends hears from where on.
        if piece.offset > there || bytes.is_empty() {
            return self.synced(&path, there);
        }
        if piece.offset == 0 && !bytes.starts_with(&stream::MAGIC) && !stream::MAGIC.starts_with(bytes) {
            return Err(Refused::NoStream);
        }
        let known = usize::try_from(there - piece.offset).unwrap_or(usize::MAX).min(bytes.len());
        let (old, new) = bytes.split_at_checked(known).unwrap_or((bytes, &[]));
        if !old.is_empty() {
            let mut found = vec![0; old.len()];
            let mut file = File::open(&path)?;
            file.seek(SeekFrom::Start(piece.offset))?;
            file.read_exact(&mut found)?;
            if found != old {
                return Err(Refused::Other { offset: piece.offset });
            }
        }
        let more = new.len() as u64;
        if more == 0 {
            return self.synced(&path, there);
        }
        if there.saturating_add(more) > MOST_RECORD {
            return Err(Refused::Record);
        }
        let after = there.saturating_add(more);
        let grows = on_disk(after).saturating_sub(on_disk(there));
        if self.used.fetch_add(grows, Ordering::Relaxed).saturating_add(grows) > self.most {
            self.used.fetch_sub(grows, Ordering::Relaxed);
            return Err(Refused::Full);
        }
        // What it takes of the disk, and not what comes: zeros are short in gzip, and what is sent again takes nothing.
        if !self.senders.take(piece.from, grows) {
            self.used.fetch_sub(grows, Ordering::Relaxed);
            return Err(Refused::TooFast);
        }
        match self.append(&path, there, new) {
            Ok(()) => Ok(after),
            Err(error) => {
                // Until it is cut off it takes its room, and is no part of the record.
                lock(&self.torn).insert(piece.id.to_owned(), (there, grows));
                let _ = self.mend(piece.id, &path);
                Err(error.into())
            }
        }
    }

    fn append(&self, path: &Path, there: u64, new: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().append(true).create(true).open(path)?;
        self.disk.append(&mut file, new)?;
        self.disk.sync(&file)?;
        // That there is such a file stands in its folder.
        if there == 0 && cfg!(unix) { self.disk.sync(&File::open(&self.folder)?) } else { Ok(()) }
    }

    /// What is there, once it is on disk for certain: who wrote it may not have come so far.
    fn synced(&self, path: &Path, there: u64) -> Result<u64, Refused> {
        if there > 0 {
            self.disk.sync(&OpenOptions::new().append(true).open(path)?)?;
        }
        Ok(there)
    }

    /// Cuts off what could not be written to the end.
    fn mend(&self, id: &str, path: &Path) -> io::Result<()> {
        let Some((len, counted)) = lock(&self.torn).get(id).copied() else { return Ok(()) };
        match OpenOptions::new().append(true).open(path) {
            Ok(file) => {
                self.disk.cut(&file, len)?;
                self.disk.sync(&file)?;
                if len == 0 {
                    std::fs::remove_file(path)?;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound && len == 0 => {}
            Err(error) => return Err(error),
        }
        lock(&self.torn).remove(id);
        self.used.fetch_sub(counted, Ordering::Relaxed);
        Ok(())
    }
}

/// What a file of so many bytes takes of a disk.
fn on_disk(bytes: u64) -> u64 {
    bytes.div_ceil(BLOCK).saturating_mul(BLOCK)
}

/// Why a piece is not taken.
#[derive(Debug)]
pub(crate) enum Refused {
    Id,
    Gzip(String),
    Length { expected: usize, found: usize },
    NoStream,
    Other { offset: u64 },
    Record,
    Full,
    TooFast,
    Io(io::ErrorKind),
}

impl Refused {
    /// The status of the answer.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::Id | Self::Gzip(_) | Self::Length { .. } | Self::NoStream => 400,
            Self::Other { .. } => 409,
            Self::Record => 413,
            Self::TooFast => 429,
            Self::Full | Self::Io(io::ErrorKind::StorageFull) => 507,
            Self::Io(_) => 503,
        }
    }
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Io(error.kind())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id => f.write_str("id: expected 32 hexadecimal digits, found others"),
            Self::Gzip(error) => write!(f, "the piece: expected gzip data, found: {error}"),
            Self::Length { expected, found } => write!(f, "the piece: expected {expected} bytes, found {found}"),
            Self::NoStream => f.write_str("the record: expected a stream that begins with PRS1, found another"),
            Self::Other { offset } => {
                write!(f, "the piece at {offset}: expected the bytes that came there before, found others")
            }
            Self::Record => write!(f, "the record: expected at most {MOST_RECORD} bytes, found more"),
            Self::Full => f.write_str("expected room for the record, found none: all that records may fill is full"),
            Self::TooFast => f.write_str("expected less from this address at a time, found more: it is taken later"),
            // The place of the data is nobody's business.
            Self::Io(kind) => write!(f, "the record cannot be written now: {kind}"),
        }
    }
}

#[cfg(test)]
#[path = "uploads_tests.rs"]
mod tests;
