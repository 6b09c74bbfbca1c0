//! What is read from the database.
use postgres::types::ToSql;
use postgres::{Client, Config, Row};

use super::connection::connect;
use crate::store::StoreError;
use crate::store::rows::{MatchColumns, Reader, SessionRow, StoredBatch, Which};

/// A connection to read by.
pub(in crate::store) struct Reading(pub(super) Client);

impl Reading {
    fn rows<T>(
        &mut self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
        row: impl Fn(&Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.0.query(sql, params)?.iter().map(row).collect()
    }
}

/// A number of the database, which has no unsigned ones.
fn number<T: TryFrom<i64>>(row: &Row, column: usize) -> Result<T, StoreError> {
    let found: i64 = row.try_get(column)?;
    T::try_from(found).map_err(|_| StoreError::Form(format!("expected a smaller number, found {found}")))
}

fn optional<T: TryFrom<i64>>(row: &Row, column: usize) -> Result<Option<T>, StoreError> {
    let found: Option<i64> = row.try_get(column)?;
    found.map(|_| number(row, column)).transpose()
}

impl Reader for Reading {
    fn lobby_columns(&mut self) -> Result<Vec<(String, String)>, StoreError> {
        let sql = "SELECT lobby, config FROM lobbies ORDER BY lobby";
        self.rows(sql, &[], |row| Ok((row.try_get(0)?, row.try_get(1)?)))
    }

    fn people_columns(&mut self) -> Result<Vec<String>, StoreError> {
        self.rows("SELECT kept FROM people", &[], |row| Ok(row.try_get(0)?))
    }

    fn played(&mut self, lobby: &str) -> Result<Vec<(String, Option<String>)>, StoreError> {
        let sql = "SELECT participant, completion_code FROM sessions WHERE lobby = $1 AND played ORDER BY id";
        self.rows(sql, &[&lobby], |row| Ok((row.try_get(0)?, row.try_get(1)?)))
    }

    fn match_columns(&mut self, which: Which<'_>) -> Result<Vec<MatchColumns>, StoreError> {
        let (condition, wanted) = match which {
            Which::Live => ("ended_ms IS NULL", None),
            Which::Unjudged => ("ended_ms IS NOT NULL AND NOT judged", None),
            Which::All(lobby) => ("($1::TEXT IS NULL OR lobby = $1)", lobby),
            Which::One(match_id) => ("match = $1", Some(match_id)),
        };
        // $1 stands in every statement, so that each takes one parameter and knows its type.
        let sql = format!(
            "SELECT kept, ended_ms, reason, code, verified, difference FROM matches
             WHERE {condition} AND ($1::TEXT IS NULL OR TRUE) ORDER BY created_ms, match"
        );
        self.rows(&sql, &[&wanted], |row| {
            let (kept, ended_ms, reason) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            Ok((kept, ended_ms, reason, row.try_get(3)?, row.try_get(4)?, row.try_get(5)?))
        })
    }

    fn frames(&mut self, match_id: &str) -> Result<u32, StoreError> {
        let sql = "SELECT coalesce(max(first + frames), 0) FROM batches WHERE match = $1";
        number(&self.0.query_one(sql, &[&match_id])?, 0)
    }

    fn batches(&mut self, match_id: &str) -> Result<Vec<StoredBatch>, StoreError> {
        let sql = "SELECT number, first, frames, action_len, items FROM batches WHERE match = $1 ORDER BY number";
        self.rows(sql, &[&match_id], |row| {
            let (first, frames, action_len) = (number(row, 1)?, number(row, 2)?, number(row, 3)?);
            Ok(StoredBatch { number: number(row, 0)?, first, frames, action_len, items: row.try_get(4)? })
        })
    }

    fn seats(&mut self, match_id: &str) -> Result<Vec<(u8, u32, Option<u32>)>, StoreError> {
        let sql = "SELECT seat, frames, differs FROM seats WHERE match = $1 ORDER BY seat";
        self.rows(sql, &[&match_id], |row| Ok((number(row, 0)?, number(row, 1)?, optional(row, 2)?)))
    }

    fn facts(&mut self, match_id: &str) -> Result<Vec<(u8, String)>, StoreError> {
        let sql = "SELECT seat, facts FROM seats WHERE match = $1 AND facts IS NOT NULL ORDER BY seat";
        self.rows(sql, &[&match_id], |row| Ok((number(row, 0)?, row.try_get(1)?)))
    }

    fn events(&mut self, match_id: &str) -> Result<Vec<(i64, String)>, StoreError> {
        let sql = "SELECT at_ms, event FROM events WHERE match = $1 ORDER BY id";
        self.rows(sql, &[&match_id], |row| Ok((row.try_get(0)?, row.try_get(1)?)))
    }

    fn sessions(&mut self, lobby: Option<&str>) -> Result<Vec<SessionRow>, StoreError> {
        let sql = "SELECT lobby, participant, match, seat, created_ms, ended_ms, played, reason, code, completion_code, requeued, history
                   FROM sessions WHERE $1::TEXT IS NULL OR lobby = $1 ORDER BY id";
        self.rows(sql, &[&lobby], |row| {
            Ok(SessionRow {
                lobby: row.try_get(0)?,
                participant: row.try_get(1)?,
                match_id: row.try_get(2)?,
                seat: optional(row, 3)?,
                created_ms: row.try_get(4)?,
                ended_ms: row.try_get(5)?,
                played: row.try_get(6)?,
                reason: row.try_get(7)?,
                code: row.try_get(8)?,
                completion_code: row.try_get(9)?,
                requeued: row.try_get(10)?,
                history: row.try_get(11)?,
            })
        })
    }
}

/// A connection to read by.
pub(in crate::store) fn open_to_read(config: &Config) -> Result<Reading, StoreError> {
    let mut client = connect(config)?;
    client.batch_execute("SET default_transaction_read_only = on")?;
    Ok(Reading(client))
}
