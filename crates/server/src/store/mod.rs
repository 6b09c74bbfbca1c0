//! What outlives the program: people, matches, confirmed frames. One thread writes, in transactions; whoever reads has a connection of
//! their own.
//!
//! | file | what it holds |
//! |---|---|
//! | `schema.rs` | the tables |
//! | `writer.rs` | the thread that writes |
//! | `read.rs` | what is read: after a restart, for a replay, for an export |
pub(crate) use read::{all_matches, batches, events, facts, lobbies, one_match, restored, seats, sessions, unjudged};
mod read;
mod schema;
mod writer;

use std::fmt;
use std::path::{Path, PathBuf};

use palaestra_lobby::{Keep, Verified};
use rusqlite::Connection;

pub(crate) use read::{MatchRow, StoredBatch};
pub(crate) use writer::Writer;

/// Something to be stored.
pub(crate) enum Write {
    /// What a lobby wants kept.
    Keep(Keep),
    /// Confirmed frames, and how far their sender is.
    Batch(BatchWrite),
    /// What a seat says that is another history than the one that is stored.
    Dissent { match_id: String, seat: u8, first: u32, items: Vec<u8> },
    /// What a side adds to the record's header.
    Facts { match_id: String, seat: u8, json: String },
    /// What became of a record.
    Verified(Verified),
    /// What was confirmed after a match's last frame; nothing where there is none. Everything before it is on disk when it is.
    Tail { match_id: String, new: Option<NewFrames> },
}

/// Confirmed frames of one seat.
#[derive(Debug)]
pub(crate) struct BatchWrite {
    pub(crate) match_id: String,
    pub(crate) seat: u8,
    /// What is new: number, first frame, frames, length of an action, items.
    pub(crate) new: Option<NewFrames>,
    /// This seat has confirmed through so many frames.
    pub(crate) frames: u32,
    /// The first frame at which its history was found another one.
    pub(crate) differs: Option<u32>,
}

/// Frames that are stored for the first time.
#[derive(Debug)]
pub(crate) struct NewFrames {
    pub(crate) number: u32,
    pub(crate) first: u32,
    pub(crate) frames: u32,
    pub(crate) action_len: u16,
    pub(crate) items: Vec<u8>,
}

/// What is done once something is on disk.
pub(crate) type OnDisk = Box<dyn FnOnce() + Send>;

/// A store that does not work.
#[derive(Debug)]
pub enum StoreError {
    /// SQLite's own error.
    Sql(rusqlite::Error),
    /// What is stored cannot be read.
    Form(String),
    /// The folder.
    Io(PathBuf, std::io::Error),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sql(error) => write!(f, "the store: {error}"),
            Self::Form(problem) => write!(f, "the store: {problem}"),
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Form(error.to_string())
    }
}

/// The file in a data folder.
pub(crate) fn file(data: &Path) -> PathBuf {
    data.join("palaestra.sqlite")
}

/// A connection to read by.
pub(crate) fn open_to_read(data: &Path) -> Result<Connection, StoreError> {
    use rusqlite::OpenFlags;
    let path = file(data);
    if !path.is_file() {
        let missing = std::io::Error::new(std::io::ErrorKind::NotFound, "expected a store, found none");
        return Err(StoreError::Io(path, missing));
    }
    // Not read-only: a reader of a file in WAL mode has to be able to write beside it.
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}
