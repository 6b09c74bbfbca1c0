//! What outlives the program: people, matches, confirmed frames. One thread writes, in transactions; whoever reads has a connection of
//! their own. Where it is kept is behind two traits: in a SQLite file of one process, or in a Postgres database that several share.
//!
//! | file | what it holds |
//! |---|---|
//! | `rows.rs` | what is read: after a restart, for a replay, for an export |
//! | `writes.rs` | what is written |
//! | `writer.rs` | the thread that writes |
//! | `sqlite/`, `postgres/` | the two stores |
mod postgres;
mod rows;
mod sqlite;
mod writer;
mod writes;

use std::fmt;
use std::path::{Path, PathBuf};

pub(crate) use postgres::{Fence, Lease, Standing};
pub(crate) use rows::{MatchRow, Reader, StoredBatch, Which};
pub(crate) use writer::Writer;
pub(crate) use writes::{Backend, BatchWrite, NewFrames, OnDisk, Write};

/// A store that does not work.
#[derive(Debug)]
pub enum StoreError {
    /// SQLite's own error.
    Sql(rusqlite::Error),
    /// Postgres's own error, or that of the connection to it.
    Postgres(::postgres::Error),
    /// Another process has the lobby by now: what this one writes does not count.
    NotTheOwner,
    /// What is stored cannot be read.
    Form(String),
    /// The folder.
    Io(PathBuf, std::io::Error),
}

impl StoreError {
    /// Whether nothing more can be written by whoever met it.
    pub(crate) fn is_final(&self) -> bool {
        match self {
            Self::NotTheOwner => true,
            // What is no answer of the database is a connection that is gone.
            Self::Postgres(error) => error.is_closed() || error.as_db_error().is_none(),
            Self::Sql(_) | Self::Form(_) | Self::Io(..) => false,
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sql(error) => write!(f, "the store: {error}"),
            Self::Postgres(error) => match error.as_db_error() {
                Some(told) => write!(f, "the database: {told}"),
                None => match std::error::Error::source(error) {
                    Some(source) => write!(f, "the database: {error}: {source}"),
                    None => write!(f, "the database: {error}"),
                },
            },
            Self::NotTheOwner => f.write_str("the store: another process has the lobby by now"),
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

impl From<::postgres::Error> for StoreError {
    fn from(error: ::postgres::Error) -> Self {
        Self::Postgres(error)
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Form(error.to_string())
    }
}

/// Where everything is kept.
#[derive(Clone, Debug)]
pub(crate) enum Database {
    /// A file in this folder, of this process alone.
    Sqlite(PathBuf),
    /// A database that several processes share.
    Postgres(Box<::postgres::Config>),
}

impl Database {
    /// The database of an address, or the file of a data folder where there is no address.
    pub(crate) fn new(url: Option<&str>, data: &Path) -> Result<Self, StoreError> {
        url.map_or_else(
            || Ok(Self::Sqlite(data.to_owned())),
            |url| Ok(Self::Postgres(Box::new(postgres::config(url)?))),
        )
    }

    /// Makes what is not there yet.
    pub(crate) fn prepare(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(data) => sqlite::open(data).map(drop),
            Self::Postgres(config) => postgres::prepare(config),
        }
    }

    /// What all processes on a database know alike; whoever comes first makes it.
    pub(crate) fn secret(&self, name: &str, made: &[u8]) -> Result<Vec<u8>, StoreError> {
        match self {
            Self::Sqlite(_) => Ok(made.to_vec()),
            Self::Postgres(config) => postgres::secret(config, name, made),
        }
    }

    /// A connection to read by. It blocks, and belongs on a thread that may.
    pub(crate) fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        Ok(match self {
            Self::Sqlite(data) => Box::new(sqlite::open_to_read(data)?),
            Self::Postgres(config) => Box::new(postgres::open_to_read(config)?),
        })
    }

    /// A connection to write by. With Postgres what it writes counts for as long as `fence` does.
    pub(crate) fn backend(&self, fence: Option<Fence>) -> Result<Box<dyn Backend>, StoreError> {
        Ok(match self {
            Self::Sqlite(data) => Box::new(sqlite::open(data)?),
            Self::Postgres(config) => Box::new(postgres::open(config, fence.ok_or(StoreError::NotTheOwner)?)?),
        })
    }
}
