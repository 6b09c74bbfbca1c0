//! Where everything is kept, whichever of the two stores that is.
use std::path::{Path, PathBuf};

use super::error::StoreError;
use super::postgres::{self, Fence};
use super::rows::Reader;
use super::sqlite;
use super::writes::Backend;

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
