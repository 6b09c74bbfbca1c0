//! The tables.
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use crate::store::StoreError;

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS lobbies (lobby TEXT PRIMARY KEY, config TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS people (
    lobby TEXT NOT NULL, participant TEXT NOT NULL, kept TEXT NOT NULL, PRIMARY KEY (lobby, participant)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sessions (
    id INTEGER PRIMARY KEY, lobby TEXT NOT NULL, participant TEXT NOT NULL, match TEXT, seat INTEGER,
    created_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL, played INTEGER NOT NULL, reason TEXT NOT NULL, code TEXT NOT NULL,
    completion_code TEXT, requeued INTEGER NOT NULL, history TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS matches (
    match TEXT PRIMARY KEY, lobby TEXT NOT NULL, kept TEXT NOT NULL, created_ms INTEGER NOT NULL, ended_ms INTEGER, reason TEXT,
    code TEXT, frames INTEGER, verified INTEGER, difference TEXT, seats_differ TEXT, judged INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS batches (
    match TEXT NOT NULL, number INTEGER NOT NULL, first INTEGER NOT NULL, frames INTEGER NOT NULL, action_len INTEGER NOT NULL,
    items BLOB NOT NULL, PRIMARY KEY (match, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seats (
    match TEXT NOT NULL, seat INTEGER NOT NULL, frames INTEGER NOT NULL DEFAULT 0, differs INTEGER, facts TEXT,
    PRIMARY KEY (match, seat)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dissent (
    id INTEGER PRIMARY KEY, match TEXT NOT NULL, seat INTEGER NOT NULL, first INTEGER NOT NULL, items BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY, match TEXT NOT NULL, at_ms INTEGER NOT NULL, event TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS events_of_match ON events (match);
";

/// The file in a data folder.
pub(super) fn file(data: &Path) -> PathBuf {
    data.join("palaestra.sqlite")
}

/// Opens the store to write to, and makes it where there is none.
pub(in crate::store) fn open(data: &Path) -> Result<Connection, StoreError> {
    std::fs::create_dir_all(data).map_err(|error| StoreError::Io(data.to_owned(), error))?;
    let connection = Connection::open(file(data))?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A transaction is on disk when it is committed: that is what is acknowledged.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch(TABLES)?;
    Ok(connection)
}
