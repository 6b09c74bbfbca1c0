//! What is read from a store, whichever it is: the backends give columns, here they become what the rest of the server knows.
use palaestra_lobby::config::LobbyConfig;
use palaestra_lobby::{KeptMatch, Played, Restored};

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
    pub(crate) number: u32,
    pub(crate) first: u32,
    pub(crate) frames: u32,
    pub(crate) action_len: u16,
    pub(crate) items: Vec<u8>,
}

/// Which matches are read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Which<'a> {
    /// Those that have not ended.
    Live,
    /// Those that have ended and were not replayed yet.
    Unjudged,
    /// Every one, or those of a lobby.
    All(Option<&'a str>),
    /// The one of this name.
    One(&'a str),
}

/// A match as its row has it: `kept`, `ended_ms`, `reason`, `code`, `verified`, `difference`.
pub(crate) type MatchColumns = (String, Option<i64>, Option<String>, Option<String>, Option<bool>, Option<String>);

/// A connection by which a store is read.
pub(crate) trait Reader {
    /// The lobbies that were opened on request, with their configurations as JSON.
    fn lobby_columns(&mut self) -> Result<Vec<(String, String)>, StoreError>;
    /// People whose sessions are live, as JSON.
    fn people_columns(&mut self) -> Result<Vec<String>, StoreError>;
    /// Who has played in a lobby, and what they were given for it, those first that ended first.
    fn played(&mut self, lobby: &str) -> Result<Vec<(String, Option<String>)>, StoreError>;
    /// Matches, those first that were made first.
    fn match_columns(&mut self, which: Which<'_>) -> Result<Vec<MatchColumns>, StoreError>;
    /// How many frames of a match are stored.
    fn frames(&mut self, match_id: &str) -> Result<u32, StoreError>;
    /// The confirmed frames of a match, in order.
    fn batches(&mut self, match_id: &str) -> Result<Vec<StoredBatch>, StoreError>;
    /// How far each seat is, and where its history was found another one.
    fn seats(&mut self, match_id: &str) -> Result<Vec<(u8, u32, Option<u32>)>, StoreError>;
    /// What the sides add to the record's header, by seat.
    fn facts(&mut self, match_id: &str) -> Result<Vec<(u8, String)>, StoreError>;
    /// What happened in a match, in order: when, and the text of a JSON object.
    fn events(&mut self, match_id: &str) -> Result<Vec<(i64, String)>, StoreError>;
    /// The sessions that ended, in order; those of a lobby, or all.
    fn sessions(&mut self, lobby: Option<&str>) -> Result<Vec<SessionRow>, StoreError>;

    /// The lobbies that were opened on request.
    fn lobbies(&mut self) -> Result<Vec<(String, LobbyConfig)>, StoreError> {
        let columns = self.lobby_columns()?;
        columns.into_iter().map(|(lobby, config)| Ok((lobby, serde_json::from_str(&config)?))).collect()
    }

    /// Matches, those first that were made first.
    fn matches(&mut self, which: Which<'_>) -> Result<Vec<MatchRow>, StoreError> {
        let row = |(kept, ended_ms, reason, code, verified, difference): MatchColumns| {
            Ok(MatchRow { kept: serde_json::from_str(&kept)?, ended_ms, reason, code, verified, difference })
        };
        self.match_columns(which)?.into_iter().map(row).collect()
    }

    /// Who waited and who played when the program stopped, and who has played in the lobbies `once_only`. Who left a match is among its
    /// events.
    fn restored(&mut self, once_only: &[String]) -> Result<Restored, StoreError> {
        let people = self.people_columns()?.iter().map(|kept| serde_json::from_str(kept)).collect::<Result<_, _>>()?;
        let mut matches = Vec::new();
        for row in self.matches(Which::Live)? {
            let frames = self.frames(&row.kept.facts.match_id)?;
            matches.push((row.kept, frames));
        }
        let mut played = Vec::new();
        for lobby in once_only {
            let of = |(participant, completion_code)| Played { lobby: lobby.clone(), participant, completion_code };
            played.extend(self.played(lobby)?.into_iter().map(of));
        }
        Ok(Restored { people, matches, leavers: Vec::new(), played })
    }
}
