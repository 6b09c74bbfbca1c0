//! The store of one process: a SQLite file in its data folder, with nothing to install.
mod read;
mod schema;
mod write;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use super::StoreError;

pub(super) use schema::open;

/// The file in a data folder.
fn file(data: &Path) -> PathBuf {
    data.join("palaestra.sqlite")
}

/// A connection to read by.
pub(super) fn open_to_read(data: &Path) -> Result<Connection, StoreError> {
    use rusqlite::OpenFlags;
    let path = file(data);
    if !path.is_file() {
        let missing = std::io::Error::new(std::io::ErrorKind::NotFound, "expected a store, found none");
        return Err(StoreError::Io(path, missing));
    }
    // Not read-only: a reader of a file in WAL mode has to be able to write beside it.
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}
