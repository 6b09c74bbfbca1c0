//! What a lobby is told, and what it answers.
use std::collections::BTreeMap;

use palaestra_protocol::server::PeerState;
use palaestra_session::{Reason, State, Transition};
use serde::{Deserialize, Serialize};

use crate::config::LobbyConfig;
use crate::message::{Code, Kwargs, LoadedModel, ModelActions, SeatDifference, SeatPolicy, ServerMessage};

/// A socket, control or play, by a number that whoever holds the sockets gives it once.
pub type SocketId = u64;

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A control socket was opened.
    Opened {
        /// Which.
        socket: SocketId,
    },
    /// A text came on a control socket.
    Text {
        /// Which.
        socket: SocketId,
        /// The text.
        text: String,
    },
    /// A control socket is closed, whoever closed it.
    Closed {
        /// Which.
        socket: SocketId,
    },
    /// A play socket was opened with this ticket. The answer is [`Output::PlayAccepted`] or [`Output::PlayRefused`].
    PlayOpened {
        /// Which.
        socket: SocketId,
        /// The ticket.
        ticket: String,
    },
    /// A play socket is closed, whoever closed it.
    PlayClosed {
        /// Which.
        socket: SocketId,
    },
    /// A seat reports what it holds of a leaver's inputs.
    Report {
        /// The play socket that it came on.
        socket: SocketId,
        /// The leaver's seat.
        leaver: u8,
        /// Held through so many frames.
        frames: u32,
        /// The frame of the first input in `inputs`.
        first: u32,
        /// The inputs, unread.
        inputs: Vec<u8>,
    },
    /// What the server itself has of a leaver's inputs, from what was confirmed to it: the answer to [`Output::ReportWanted`].
    Witness {
        /// Which match.
        match_id: String,
        /// The leaver's seat.
        leaver: u8,
        /// Confirmed through so many frames, by whichever seat.
        frames: u32,
        /// The frame of the first input in `inputs`: no connected seat has confirmed less.
        first: u32,
        /// The inputs in the peers' own form, up to [`MOST_INPUTS`](crate::MOST_INPUTS) bytes.
        inputs: Vec<u8>,
    },
    /// Confirmed frames of a match are on disk.
    Stored {
        /// Which match.
        match_id: String,
        /// Through so many frames.
        frames: u32,
    },
    /// The histories of a match differ, and nobody can say which is true.
    Desync {
        /// Which match.
        match_id: String,
    },
    /// What became of the record of a match that is over.
    Verified(Verified),
    /// The server is about to stop: everybody is told to come back.
    Restart,
    /// Time has passed.
    Tick,
}

/// What became of the record of a match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verified {
    /// Which match.
    pub match_id: String,
    /// So many frames are stored.
    pub frames: u32,
    /// Whether the replay agreed; `None`: there was none.
    pub verified: Option<bool>,
    /// The first difference.
    pub difference: Option<String>,
    /// The seats whose history was another.
    pub seats_differ: Vec<SeatDifference>,
    /// Of a match in which models play: where their actions come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_actions: Option<ModelActions>,
}

/// What is to be done, in this order.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// A message for a control socket.
    Send {
        /// Which.
        socket: SocketId,
        /// The message.
        message: ServerMessage,
    },
    /// A socket, control or play, is to be closed. [`Event::Closed`] is not needed for it any more.
    Close {
        /// Which.
        socket: SocketId,
        /// With the close code of this.
        code: Code,
    },
    /// A match exists: packets for it can come.
    MatchOpened(MatchFacts),
    /// A play socket is its match's.
    PlayAccepted {
        /// Which.
        socket: SocketId,
        /// Of which match.
        match_id: String,
        /// Of which seat; `None`: it watches.
        seat: Option<u8>,
    },
    /// A play socket is nobody's, and is to be closed.
    PlayRefused {
        /// Which.
        socket: SocketId,
        /// Why.
        code: Code,
    },
    /// The other seats are to hear how a seat is.
    Peer {
        /// Of which match.
        match_id: String,
        /// Which seat.
        seat: u8,
        /// How it is.
        state: PeerState,
    },
    /// These seats are to report on a leaver, and the server with them: with [`Event::Witness`], also where it has before and `seats` is
    /// 0. Nothing that the leaver's seat still confirms may be taken from then on.
    ReportWanted {
        /// Of which match.
        match_id: String,
        /// The leaver's seat.
        leaver: u8,
        /// Bit n for seat n.
        seats: u8,
        /// How long they have, in milliseconds.
        within_ms: u64,
    },
    /// These seats are to hear what counts of a leaver: all others at once, and each that comes back once more.
    Pronounced {
        /// Of which match.
        match_id: String,
        /// The leaver's seat.
        leaver: u8,
        /// Bit n for seat n.
        seats: u8,
        /// Its inputs count through so many frames, no fewer than are on disk.
        frames: u32,
        /// The frame of the first input in `inputs`.
        first: u32,
        /// The inputs, unread.
        inputs: Vec<u8>,
    },
    /// A match is over and has heard its last batches: its play sockets are to be closed, its record to be replayed.
    MatchClosed {
        /// Which.
        match_id: String,
    },
    /// Something to be stored.
    Keep(Keep),
}

/// What a match is, for whoever carries its packets and keeps its record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatchFacts {
    /// Its name.
    pub match_id: String,
    /// Its lobby.
    pub lobby: String,
    /// The environment.
    pub env_id: String,
    /// Its keyword arguments.
    pub kwargs: Kwargs,
    /// Who plays the seats of people, in seat order.
    pub participants: Vec<String>,
    /// The seed of the match.
    pub seed: u64,
    /// The epoch of its packets.
    pub epoch: u32,
    /// Ticks per second.
    pub fps: f64,
    /// When it was made, in milliseconds of the server's clock.
    pub created_ms: u64,
    /// What plays the seats that have no person.
    #[serde(default)]
    pub policy: SeatPolicy,
    /// What plays some of them instead, by their numbers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub seats: BTreeMap<u8, SeatPolicy>,
    /// What plays a seat that its person has left.
    #[serde(default)]
    pub dropout_policy: SeatPolicy,
    /// The models that all browsers have loaded, once they have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<LoadedModel>,
}

impl MatchFacts {
    /// What plays a seat that has no person, or takes it when its person has left.
    pub fn policy_of(&self, seat: usize) -> &SeatPolicy {
        if seat < self.participants.len() {
            return &self.dropout_policy;
        }
        u8::try_from(seat).ok().and_then(|seat| self.seats.get(&seat)).unwrap_or(&self.policy)
    }

    /// The model of a seat, as all browsers have loaded it.
    pub fn model_of(&self, seat: usize) -> Option<&LoadedModel> {
        self.models.iter().find(|model| usize::from(model.seat) == seat)
    }

    /// The policy of a seat as a record's header names it: a model with the SHA-256 of its file.
    pub fn name_of(&self, seat: usize) -> String {
        let name = self.policy_of(seat).name();
        self.model_of(seat).map_or(name.clone(), |model| format!("{name} sha256:{}", model.sha256))
    }
}

/// Something that has to outlive the program.
#[derive(Clone, Debug, PartialEq)]
pub enum Keep {
    /// A lobby that was opened on request.
    Lobby {
        /// Its id.
        lobby: String,
        /// What is played in it.
        config: Box<LobbyConfig>,
    },
    /// A lobby that was opened on request, in which nobody is any more, has made room for another.
    LobbyClosed {
        /// Its id.
        lobby: String,
    },
    /// A person whose session is live: replaces what is stored of it.
    Person(KeptPerson),
    /// A person's session ended: what is stored of the live one goes.
    SessionEnded(EndedSession),
    /// A match, which replaces what is stored of it.
    Match(KeptMatch),
    /// A match ended.
    MatchEnded {
        /// Which.
        match_id: String,
        /// Why.
        reason: Reason,
        /// Why, finer.
        code: Code,
        /// When, in milliseconds of the server's clock.
        at_ms: u64,
    },
    /// Something that happened in a match, for its record's readers: the text of a JSON object.
    MatchEvent {
        /// Which.
        match_id: String,
        /// When, in milliseconds of the server's clock.
        at_ms: u64,
        /// What.
        json: String,
    },
}

/// A live person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptPerson {
    /// The lobby.
    pub lobby: String,
    /// Who.
    pub participant: String,
    /// The group that the participant named.
    pub group: Option<String>,
    /// The place in the order of arrival.
    pub order: u64,
    /// How long the person has waited in sessions that are over, in milliseconds.
    pub waited_ms: u64,
    /// The state of the session.
    pub state: State,
    /// The match and the seat in it.
    pub seat: Option<(String, u8)>,
    /// When the session was created, in milliseconds of the server's clock. Of people whom an earlier version stored this is not known, nor
    /// what their sessions went through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_ms: Option<u64>,
    /// What it went through.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<Transition>,
}

/// A match as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptMatch {
    /// What it is.
    pub facts: MatchFacts,
    /// The state of its session.
    pub state: State,
    /// Bit n for seat n that is gone for good.
    pub gone: u8,
    /// The input delay that it plays with.
    pub input_delay: u8,
    /// How many tickets were given out for each seat. Matches that an earlier version stored have none of these.
    #[serde(default)]
    pub generations: Vec<u32>,
    /// How it ends, where that is certain already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Code>,
    /// Since when it is played, in milliseconds of the server's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub playing_ms: Option<u64>,
}

/// A session that ended, for the list of sessions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EndedSession {
    /// The lobby.
    pub lobby: String,
    /// Who.
    pub participant: String,
    /// The match and the seat in it.
    pub seat: Option<(String, u8)>,
    /// When the session was created, in milliseconds of the server's clock.
    pub created_ms: u64,
    /// What it went through.
    pub history: Vec<Transition>,
    /// Why it ended.
    pub reason: Reason,
    /// Why, finer.
    pub code: Code,
    /// What the participant was given for it.
    pub completion_code: Option<String>,
    /// Whether the participant went back to the pool.
    pub requeued: bool,
}

/// What was stored when the program stopped.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Restored {
    /// People whose sessions were live.
    pub people: Vec<KeptPerson>,
    /// Matches that had not ended, with the frames that are on disk.
    pub matches: Vec<(KeptMatch, u32)>,
    /// What was pronounced in them.
    pub leavers: Vec<KeptLeaver>,
    /// Who has played in the lobbies of [`Lobbies::once_only`](crate::Lobbies::once_only), those first that ended first.
    pub played: Vec<Played>,
}

/// What was pronounced of somebody who left a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptLeaver {
    /// Which match.
    pub match_id: String,
    /// The leaver's seat.
    pub leaver: u8,
    /// Its inputs count through so many frames.
    pub frames: u32,
    /// The frame of the first input in `inputs`.
    pub first: u32,
    /// The inputs as far as they are stored, in the peers' own form.
    pub inputs: Vec<u8>,
}

/// Somebody who has played in a lobby.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// The lobby.
    pub lobby: String,
    /// Who.
    pub participant: String,
    /// What the participant was given for it.
    pub completion_code: Option<String>,
}
