//! What is read from the store.
use palaestra_lobby::config::LobbyConfig;
use palaestra_lobby::{KeptMatch, KeptPerson, Restored};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::StoreError;

/// A row of the table of sessions.
#[derive(Clone, Debug)]
pub(crate) struct SessionRow {
    pub(crate) lobby: String,
    pub(crate) participant: String,
    pub(crate) match_id: Option<String>,
    pub(crate) seat: Option<u8>,
    pub(crate) created_ms: i64,
    pub(crate) ended_ms: i64,
    pub(crate) played: bool,
    pub(crate) reason: String,
    pub(crate) code: String,
    pub(crate) completion_code: Option<String>,
    pub(crate) requeued: bool,
    pub(crate) history: String,
}

/// A row of the table of matches.
#[derive(Clone, Debug)]
pub(crate) struct MatchRow {
    pub(crate) kept: KeptMatch,
    pub(crate) ended_ms: Option<i64>,
    pub(crate) reason: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) verified: Option<bool>,
    pub(crate) difference: Option<String>,
}

/// Confirmed frames as they are stored: items as the play socket's `confirmed` has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredBatch {
    pub(crate) first: u32,
    pub(crate) frames: u32,
    pub(crate) action_len: u16,
    pub(crate) items: Vec<u8>,
}

/// The lobbies that were opened on request.
pub(crate) fn lobbies(connection: &Connection) -> Result<Vec<(String, LobbyConfig)>, StoreError> {
    let mut statement = connection.prepare("SELECT lobby, config FROM lobbies ORDER BY lobby")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let mut found = Vec::new();
    for row in rows {
        let (lobby, config) = row?;
        found.push((lobby, serde_json::from_str(&config)?));
    }
    Ok(found)
}

/// Who waited and who played when the program stopped.
pub(crate) fn restored(connection: &Connection) -> Result<Restored, StoreError> {
    let mut people: Vec<KeptPerson> = Vec::new();
    let mut statement = connection.prepare("SELECT kept FROM people")?;
    for kept in statement.query_map([], |row| row.get::<_, String>(0))? {
        people.push(serde_json::from_str(&kept?)?);
    }
    let mut matches = Vec::new();
    for row in self::matches(connection, "ended_ms IS NULL", None)? {
        let frames = frames(connection, &row.kept.facts.match_id)?;
        matches.push((row.kept, frames));
    }
    let mut statement = connection.prepare("SELECT DISTINCT lobby, participant FROM sessions WHERE played = 1")?;
    let played = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    Ok(Restored { people, matches, played })
}

/// Matches that have ended and were not replayed yet.
pub(crate) fn unjudged(connection: &Connection) -> Result<Vec<MatchRow>, StoreError> {
    matches(connection, "ended_ms IS NOT NULL AND judged = 0", None)
}

/// Every match, or those of a lobby.
pub(crate) fn all_matches(connection: &Connection, lobby: Option<&str>) -> Result<Vec<MatchRow>, StoreError> {
    matches(connection, "TRUE", lobby)
}

/// One match.
pub(crate) fn one_match(connection: &Connection, match_id: &str) -> Result<Option<MatchRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM matches WHERE match = ?");
    let row = connection.query_row(&sql, params![match_id], columns).optional()?;
    row.map(match_row).transpose()
}

const COLUMNS: &str = "kept, ended_ms, reason, code, verified, difference";

type Columns = (String, Option<i64>, Option<String>, Option<String>, Option<bool>, Option<String>);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
}

fn match_row((kept, ended_ms, reason, code, verified, difference): Columns) -> Result<MatchRow, StoreError> {
    Ok(MatchRow { kept: serde_json::from_str(&kept)?, ended_ms, reason, code, verified, difference })
}

/// `which` is ours and never a stranger's.
fn matches(connection: &Connection, which: &'static str, lobby: Option<&str>) -> Result<Vec<MatchRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM matches WHERE {which} AND (?1 IS NULL OR lobby = ?1) ORDER BY created_ms, match"
    );
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map(params![lobby], columns)?.collect::<Result<Vec<_>, _>>()?;
    rows.into_iter().map(match_row).collect()
}

/// How many frames of a match are stored.
pub(crate) fn frames(connection: &Connection, match_id: &str) -> Result<u32, StoreError> {
    let sql = "SELECT coalesce(max(first + frames), 0) FROM batches WHERE match = ?";
    Ok(connection.query_row(sql, params![match_id], |row| row.get(0))?)
}

/// The confirmed frames of a match, in order.
pub(crate) fn batches(connection: &Connection, match_id: &str) -> Result<Vec<StoredBatch>, StoreError> {
    let sql = "SELECT first, frames, action_len, items FROM batches WHERE match = ? ORDER BY number";
    let mut statement = connection.prepare_cached(sql)?;
    let row = |row: &Row<'_>| {
        Ok(StoredBatch { first: row.get(0)?, frames: row.get(1)?, action_len: row.get(2)?, items: row.get(3)? })
    };
    Ok(statement.query_map(params![match_id], row)?.collect::<Result<_, _>>()?)
}

/// How far each seat is, and where its history was found another one.
pub(crate) fn seats(connection: &Connection, match_id: &str) -> Result<Vec<(u8, u32, Option<u32>)>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT seat, frames, differs FROM seats WHERE match = ? ORDER BY seat")?;
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    Ok(statement.query_map(params![match_id], row)?.collect::<Result<_, _>>()?)
}

/// What the sides add to the record's header, by seat.
pub(crate) fn facts(connection: &Connection, match_id: &str) -> Result<Vec<(u8, String)>, StoreError> {
    let sql = "SELECT seat, facts FROM seats WHERE match = ? AND facts IS NOT NULL ORDER BY seat";
    let mut statement = connection.prepare_cached(sql)?;
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    Ok(statement.query_map(params![match_id], row)?.collect::<Result<_, _>>()?)
}

/// What happened in a match, in order: when, and the text of a JSON object.
pub(crate) fn events(connection: &Connection, match_id: &str) -> Result<Vec<(i64, String)>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT at_ms, event FROM events WHERE match = ? ORDER BY id")?;
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    Ok(statement.query_map(params![match_id], row)?.collect::<Result<_, _>>()?)
}

/// The sessions that ended, in order; those of a lobby, or all.
pub(crate) fn sessions(connection: &Connection, lobby: Option<&str>) -> Result<Vec<SessionRow>, StoreError> {
    let sql = "SELECT lobby, participant, match, seat, created_ms, ended_ms, played, reason, code, completion_code, requeued, history
               FROM sessions WHERE ?1 IS NULL OR lobby = ?1 ORDER BY id";
    let mut statement = connection.prepare(sql)?;
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
