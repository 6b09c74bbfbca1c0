//! What the server sends.
use palaestra_session::{Reason, State};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::kwargs::Kwargs;
use super::terms::{Dropout, Mode, Transport};
use super::{Code, ModelActions, SeatPolicy};

/// A message of the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[allow(missing_docs, reason = "docs/server-protocol.md says of every field what it is")]
pub enum ServerMessage {
    /// Who the participant is from now on.
    Welcome(Welcome),
    /// Where the participant stands in the pool.
    Waiting { position: usize, count: usize, size: usize, timeout_left_ms: u64, estimate_ms: Option<u64> },
    /// Any message is an answer.
    AreYouThere { within_ms: u64 },
    /// To be answered with `pong`.
    Ping { t: f64 },
    /// Answers `ping`.
    Pong { t: f64 },
    /// The group is complete.
    Matched(Box<Matched>),
    /// From the page of another seat.
    Signal { from: u8, data: Json },
    /// Everybody is ready: the handshake begins, or begins again.
    Validate {
        #[serde(rename = "match")]
        match_id: String,
        attempt: u32,
        transport: Transport,
        within_ms: u64,
    },
    /// The match begins, or goes on for somebody who came back.
    Start {
        #[serde(rename = "match")]
        match_id: String,
        epoch: u32,
        in_ms: u64,
        input_delay: u8,
        resume: bool,
        frames: u32,
    },
    /// How a partner is.
    Partner {
        #[serde(rename = "match")]
        match_id: String,
        seat: u8,
        state: PartnerState,
        away: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grace_left_ms: Option<u64>,
    },
    /// Through which frame the inputs of somebody who went count.
    Pronounced {
        #[serde(rename = "match")]
        match_id: String,
        seat: u8,
        frames: u32,
        policy: Dropout,
    },
    /// The match came to nothing: back to the pool, the place kept.
    Requeued { reason: Reason, code: Code, message: String, position: usize },
    /// The end.
    Ended {
        reason: Reason,
        code: Code,
        message: String,
        #[serde(rename = "match")]
        match_id: Option<String>,
        completion_code: Option<String>,
    },
    /// What became of the record.
    Record {
        #[serde(rename = "match")]
        match_id: String,
        frames: u32,
        verified: Option<bool>,
        difference: Option<String>,
        seats_differ: Vec<SeatDifference>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        model_actions: Option<ModelActions>,
    },
    /// Another tab took over.
    Replaced { message: String },
    /// What to watch, and where.
    Watching(Box<Watching>),
    /// A refusal.
    Error {
        code: Code,
        message: String,
        fatal: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        completion_code: Option<String>,
    },
}

impl ServerMessage {
    /// A refusal with these words.
    pub fn error(code: Code, message: impl Into<String>, fatal: bool) -> Self {
        Self::Error { code, message: message.into(), fatal, completion_code: None }
    }

    /// The message as it is sent.
    pub fn text(&self) -> String {
        // Made of texts and numbers: serialising it has no reason to fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Who a participant is, and what the lobby plays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "docs/server-protocol.md says of every field what it is")]
pub struct Welcome {
    pub protocol: u32,
    pub lobby: String,
    pub participant: String,
    pub token: String,
    pub state: State,
    pub resumed: bool,
    pub replaced: bool,
    pub env_id: String,
    pub kwargs: Kwargs,
    pub size: usize,
    pub fps: f64,
}

/// What somebody who watches has to know of the match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "docs/server-protocol.md says of every field what it is")]
pub struct Watching {
    #[serde(rename = "match")]
    pub match_id: String,
    pub number: u32,
    pub lobby: String,
    pub size: usize,
    pub env_id: String,
    pub kwargs: Kwargs,
    pub agents: Vec<String>,
    pub fps: f64,
    pub seed: u64,
    pub state: Option<State>,
    pub frames: u32,
    pub age_ms: u64,
    pub play_url: String,
    pub ticket: String,
}

/// All that a page has to know of its match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "docs/server-protocol.md says of every field what it is")]
pub struct Matched {
    #[serde(rename = "match")]
    pub match_id: String,
    pub number: u32,
    pub seat: u8,
    pub incarnation: u32,
    pub size: usize,
    pub seats: Vec<SeatInfo>,
    pub agents: Vec<String>,
    pub env_id: String,
    pub kwargs: Kwargs,
    pub fps: f64,
    pub mode: Mode,
    pub seed: u64,
    pub epoch: u32,
    pub input_delay: u8,
    #[serde(default)]
    pub policy: SeatPolicy,
    pub dropout: Dropout,
    #[serde(default)]
    pub dropout_policy: SeatPolicy,
    pub play_url: String,
    pub ticket: String,
    pub ice_servers: Vec<Json>,
    pub transport: Transport,
    pub within_ms: u64,
    pub grace_ms: u64,
}

/// A seat of a match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeatInfo {
    /// Its number, the agent's place in the environment's list.
    pub seat: u8,
    /// The agent's id.
    pub agent: String,
    /// Who plays it.
    pub kind: SeatKind,
    /// Which policy, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<SeatPolicy>,
}

/// Who plays a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatKind {
    /// A person at a browser.
    Person,
    /// A policy that every browser plays alike.
    Policy,
}

/// How a partner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartnerState {
    /// Not here yet.
    Connecting,
    /// Here.
    Connected,
    /// Lost, and may come back.
    Reconnecting,
    /// Gone for good.
    Gone,
}

/// A seat whose history differs from the one that was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatDifference {
    /// Which.
    pub seat: u8,
    /// The first frame that differs.
    pub frame: u32,
}
