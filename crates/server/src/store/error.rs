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
            Self::Postgres(error) => error.is_closed() || error.code().is_none_or(|code| ends(code.code())),
            Self::Sql(_) | Self::Form(_) | Self::Io(..) => false,
        }
    }

    /// Whether the same may be written later: the disk is full, or does not answer, or files and memory are short.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            Self::Sql(error) => matches!(
                error.sqlite_error_code(),
                Some(
                    ErrorCode::DiskFull
                        | ErrorCode::CannotOpen
                        | ErrorCode::OutOfMemory
                        | ErrorCode::SystemIoFailure
                        | ErrorCode::DatabaseBusy
                        | ErrorCode::DatabaseLocked
                        | ErrorCode::ReadOnly
                )
            ),
            Self::Postgres(error) => error.code().is_some_and(|code| passes(code.code())),
            Self::Io(..) => true,
            Self::NotTheOwner | Self::Form(_) => false,
        }
    }
}

/// A lock that was not given in time, where the database or a role has a limit for that.
const LOCKED: &str = "55P03";
/// Statements that took too long, as where somebody else has a lock or the disk stands still, or that an operator ended.
const CANCELLED: &str = "57014";
/// A database that takes no writes: its disk is full, or it follows another one for now.
const READ_ONLY: &str = "25006";
/// Whoever stands still in a transaction loses the connection.
const STOOD_STILL: &str = "25P03";

/// Whether what the database answered with this code may go well later, on the same connection.
fn passes(code: &str) -> bool {
    // A transaction that met another one, resources that are short, an operating system that fails.
    let classes = ["40", "53", "58"];
    [LOCKED, CANCELLED, READ_ONLY].contains(&code) || classes.iter().any(|class| code.starts_with(class))
}

/// Whether the database ends the connection with this code: it is shut down, or an operator ended it.
fn ends(code: &str) -> bool {
    code == STOOD_STILL || code.starts_with("08") || (code.starts_with("57") && code != CANCELLED)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_no_refusal_and_what_ends_the_connection_does_not_pass() {
        // Serialisation, deadlock; disk, memory and connections; a lock; a statement's limit; read-only; the operating system.
        for code in ["40001", "40P01", "53100", "53200", "53300", "55P03", "57014", "25006", "58030"] {
            assert!(passes(code) && !ends(code), "{code}");
        }
        // The server is shut down, crashes, starts, drops the database, is tired of waiting; the connection.
        for code in ["57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "08006"] {
            assert!(ends(code) && !passes(code), "{code}");
        }
        // A row twice, text that is none, a transaction that failed, a right or a table that is not there.
        for code in ["23505", "22021", "25P02", "42501", "42P01", "55000"] {
            assert!(!ends(code) && !passes(code), "{code}");
        }
    }
}
