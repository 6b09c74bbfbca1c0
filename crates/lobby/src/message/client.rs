//! What a page sends.
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::kwargs::Kwargs;
use super::terms::Dropout;
use super::{LoadedModel, SeatPolicy};

/// The longest `data` of a [`ClientMessage::Signal`], in bytes of JSON text.
const MOST_SIGNAL_BYTES: usize = 32 << 10;

/// A message of a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[allow(missing_docs, reason = "docs/server-protocol.md says of every field what it is")]
pub enum ClientMessage {
    /// Who is there, and for which lobby. The first message.
    Hello(Hello),
    /// Answers `are_you_there`.
    Here,
    /// Asks for a `pong`.
    Ping { t: f64 },
    /// Answers the server's `ping`.
    Pong { t: f64 },
    /// For the page of another seat: WebRTC signalling.
    Signal { to: u8, data: Json },
    /// Everything is loaded, and the play socket is open.
    Ready {
        #[serde(rename = "match")]
        match_id: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        models: Vec<LoadedModel>,
    },
    /// The handshake with every other seat is done.
    Validated {
        #[serde(rename = "match")]
        match_id: String,
        attempt: u32,
        paths: Vec<SeatPath>,
    },
    /// This browser cannot play.
    Failed {
        #[serde(rename = "match")]
        match_id: String,
        reason: String,
    },
    /// The page lost or regained the participant's attention.
    Away { away: bool },
    /// The end is confirmed.
    Finished {
        #[serde(rename = "match")]
        match_id: String,
        frames: u32,
        /// Whether it is the planned one; not where somebody left before. Where it is not said, it is.
        #[serde(default = "planned")]
        planned: bool,
    },
    /// The participant goes for good.
    Leave {
        #[serde(default)]
        reason: LeaveReason,
    },
    /// Asks to watch a match instead of playing.
    Watch(Watch),
}

fn planned() -> bool {
    true
}

/// Who is there, and for which lobby.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hello {
    /// The version of the protocol: [`SERVER_PROTOCOL`](palaestra_protocol::server::SERVER_PROTOCOL).
    pub protocol: u32,
    /// Which lobby.
    pub lobby: String,
    /// The researcher's id of the participant; the server makes one up where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant: Option<String>,
    /// What an earlier `welcome` brought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The lobby's secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// Whom the participant belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The environment that the page plays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env_id: Option<String>,
    /// Its keyword arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kwargs: Option<Kwargs>,
    /// How many people the page plays with, itself counted: of a lobby that it opens, and a question to others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<usize>,
    /// What sits in the other seats, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<SeatPolicy>,
    /// What sits in some of them, by the agents' ids or as `agent_2`, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seats: Option<BTreeMap<String, SeatPolicy>>,
    /// What happens when somebody goes, likewise. With `continue` it is `policy` that takes the seat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropout: Option<Dropout>,
    /// The site's build.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Whether the browser has WebRTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webrtc: Option<bool>,
}

/// What somebody wants to watch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Watch {
    /// In which lobby; any, where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lobby: Option<String>,
    /// Which match.
    #[serde(rename = "match")]
    pub match_id: String,
    /// The monitor's token, or the one by which this match alone may be watched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// How a page reaches another seat.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeatPath {
    /// The other seat.
    pub seat: u8,
    /// Which way.
    pub path: PathKind,
    /// The round trip, in milliseconds.
    pub rtt_ms: f64,
}

/// The way between two seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PathKind {
    /// A data channel between the browsers.
    Direct,
    /// The server's relay.
    Relay,
}

/// Why a page leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveReason {
    /// It was closed, or the participant asked.
    #[default]
    Closed,
    /// The participant looked away for too long.
    FocusLost,
    /// The experiment's own conditions.
    Excluded,
    /// Something broke on the page.
    Error,
}

/// A text that is no message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MalformedMessage {
    /// What was expected and what came.
    pub problem: String,
}

impl fmt::Display for MalformedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for MalformedMessage {}

impl ClientMessage {
    /// Reads a message.
    ///
    /// # Errors
    /// [`MalformedMessage`] for a text that is none.
    pub fn read(text: &str) -> Result<Self, MalformedMessage> {
        let message = serde_json::from_str(text).map_err(|error| MalformedMessage {
            problem: format!("expected a message of the protocol, found: {error}"),
        })?;
        if let Self::Signal { data, .. } = &message {
            let len = data.to_string().len();
            if len > MOST_SIGNAL_BYTES {
                let problem = format!("data: expected at most {MOST_SIGNAL_BYTES} bytes, found {len}");
                return Err(MalformedMessage { problem });
            }
        }
        Ok(message)
    }

    /// The message as it is sent.
    pub fn text(&self) -> String {
        // Made of texts and numbers: serialising it has no reason to fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}
