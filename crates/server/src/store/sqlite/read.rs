//! What is read from the file.
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, Row, params};

use super::schema::file;
use crate::store::StoreError;
use crate::store::rows::{MatchColumns, Reader, SessionRow, StoredBatch, Which};

impl Reader for Connection {
    fn lobby_columns(&mut self) -> Result<Vec<(String, String)>, StoreError> {
        let mut statement = self.prepare("SELECT lobby, config FROM lobbies ORDER BY lobby")?;
        Ok(statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
    }

    fn people_columns(&mut self) -> Result<Vec<String>, StoreError> {
        let mut statement = self.prepare("SELECT kept FROM people")?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    fn played(&mut self, lobby: &str) -> Result<Vec<(String, Option<String>)>, StoreError> {
        let sql = "SELECT participant, completion_code FROM sessions WHERE lobby = ? AND played = 1 ORDER BY id";
        let mut statement = self.prepare(sql)?;
        Ok(statement.query_map(params![lobby], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
    }

    fn match_columns(&mut self, which: Which<'_>) -> Result<Vec<MatchColumns>, StoreError> {
        let (condition, wanted) = match which {
            Which::Live => ("ended_ms IS NULL", None),
            Which::Unjudged => ("ended_ms IS NOT NULL AND judged = 0", None),
            Which::All(lobby) => ("(?1 IS NULL OR lobby = ?1)", lobby),
            Which::One(match_id) => ("match = ?1", Some(match_id)),
        };
        // ?1 stands in every statement, so that each takes one parameter.
        let sql = format!(
            "SELECT kept, ended_ms, reason, code, verified, difference FROM matches
             WHERE {condition} AND (?1 IS NULL OR TRUE) ORDER BY created_ms, match"
        );
        let mut statement = self.prepare(&sql)?;
        let columns =
            |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?));
        Ok(statement.query_map(params![wanted], columns)?.collect::<Result<_, _>>()?)
    }

    fn frames(&mut self, match_id: &str) -> Result<u32, StoreError> {
        let sql = "SELECT coalesce(max(first + frames), 0) FROM batches WHERE match = ?";
        Ok(self.query_row(sql, params![match_id], |row| row.get(0))?)
    }

    fn batches(&mut self, match_id: &str) -> Result<Vec<StoredBatch>, StoreError> {
        let sql = "SELECT number, first, frames, action_len, items FROM batches WHERE match = ? ORDER BY number";
        let mut statement = self.prepare_cached(sql)?;
        let row = |row: &Row<'_>| {
            let (number, first, frames) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(StoredBatch { number, first, frames, action_len: row.get(3)?, items: row.get(4)? })
        };
        Ok(statement.query_map(params![match_id], row)?.collect::<Result<_, _>>()?)
    }

    fn seats(&mut self, match_id: &str) -> Result<Vec<(u8, u32, Option<u32>)>, StoreError> {
        let mut statement =
            self.prepare_cached("SELECT seat, frames, differs FROM seats WHERE match = ? ORDER BY seat")?;
        let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        Ok(statement.query_map(params![match_id], row)?.collect::<Result<_, _>>()?)
    }

    fn facts(&mut self, match_id: &str) -> Result<Vec<(u8, String)>, StoreError> {
        let sql = "SELECT seat, facts FROM seats WHERE match = ? AND facts IS NOT NULL ORDER BY seat";
        let mut statement = self.prepare_cached(sql)?;
        let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        Ok(statement.query_map(params![match_id], row)?.collect::<Result<_, _>>()?)
    }

    fn events(&mut self, match_id: &str) -> Result<Vec<(i64, String)>, StoreError> {
        let mut statement = self.prepare_cached("SELECT at_ms, event FROM events WHERE match = ? ORDER BY id")?;
        let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        Ok(statement.query_map(params![match_id], row)?.collect::<Result<_, _>>()?)
    }

    fn sessions(&mut self, lobby: Option<&str>) -> Result<Vec<SessionRow>, StoreError> {
        let sql = "SELECT lobby, participant, match, seat, created_ms, ended_ms, played, reason, code, completion_code, requeued, history
                   FROM sessions WHERE ?1 IS NULL OR lobby = ?1 ORDER BY id";
        let mut statement = self.prepare(sql)?;
        let row = |row: &Row<'_>| {
            Ok(SessionRow {
                lobby: row.get(0)?,
                participant: row.get(1)?,
                match_id: row.get(2)?,
                seat: row.get(3)?,
                created_ms: row.get(4)?,
                ended_ms: row.get(5)?,
                played: row.get(6)?,
                reason: row.get(7)?,
                code: row.get(8)?,
                completion_code: row.get(9)?,
                requeued: row.get(10)?,
                history: row.get(11)?,
            })
        };
        Ok(statement.query_map(params![lobby], row)?.collect::<Result<_, _>>()?)
    }
}

/// A connection to read by.
pub(in crate::store) fn open_to_read(data: &Path) -> Result<Connection, StoreError> {
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
