//! Why a store does not work.
use std::fmt;
use std::path::PathBuf;

use rusqlite::ErrorCode;

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

    /// Whether the same may be written later: the disk is full, or does not answer.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Sql(error) => matches!(
                error.sqlite_error_code(),
                Some(
                    ErrorCode::DiskFull
                        | ErrorCode::SystemIoFailure
                        | ErrorCode::DatabaseBusy
                        | ErrorCode::DatabaseLocked
                        | ErrorCode::ReadOnly
                )
            ),
            // A transaction that met another one, resources that are short, an operating system that fails.
            Self::Postgres(error) => {
                error.code().is_some_and(|code| ["40", "53", "58"].iter().any(|class| code.code().starts_with(class)))
            }
            Self::Io(..) => true,
            Self::NotTheOwner | Self::Form(_) => false,
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
