//! What a monitor sees.
use palaestra_session::State;
use serde::Serialize;

use crate::lobbies::Lobbies;
use crate::message::PartnerState;

/// A lobby as a monitor sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LobbyView {
    /// Its id.
    pub id: String,
    /// What is played.
    pub env_id: String,
    /// How many people play together.
    pub size: usize,
    /// Who waits, those first who came first.
    pub waiting: Vec<PersonView>,
    /// Its matches.
    pub matches: Vec<MatchView>,
}

/// Somebody as a monitor sees them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PersonView {
    /// Who.
    pub participant: String,
    /// Whether there is a control socket.
    pub connected: bool,
    /// How long they have waited, in milliseconds.
    pub waited_ms: u64,
    /// The round trip to the server, in milliseconds.
    pub rtt_ms: Option<f64>,
    /// Whether they look away.
    pub away: bool,
}

/// A match as a monitor sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MatchView {
    /// Its name.
    pub id: String,
    /// The state of its session; nothing once it is over.
    pub state: Option<State>,
    /// Since it was made, in milliseconds.
    pub age_ms: u64,
    /// Frames on disk.
    pub frames: u32,
    /// The frames between a key and its effect.
    pub input_delay: u8,
    /// Steps a second.
    pub fps: f64,
    /// How many watch it.
    pub watchers: usize,
    /// By which it may be watched, and nothing else; nothing once it is over.
    pub watch_token: Option<String>,
    /// Its seats.
    pub seats: Vec<SeatView>,
}

/// A seat as a monitor sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SeatView {
    /// Whose it is or was.
    pub participant: String,
    /// How it is.
    pub state: PartnerState,
    /// Who sits in it.
    pub person: Option<PersonView>,
}

/// How much there is of everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Control sockets.
    pub sockets: usize,
    /// Play sockets that have a seat.
    pub plays: usize,
    /// People with a live session.
    pub people: usize,
    /// Matches that are live, or hear their last batches.
    pub matches: usize,
    /// Sessions of people and matches that are registered.
    pub sessions: usize,
    /// Timers that run.
    pub timers: usize,
}

impl Lobbies {
    /// How much there is of everything: when everybody has gone, nothing.
    pub fn counts(&self) -> Counts {
        Counts {
            sockets: self.sockets.len(),
            plays: self.plays.len(),
            people: self.people.len(),
            matches: self.matches.len(),
            sessions: self.sessions.len(),
            timers: self.timers.len(),
        }
    }

    /// Everything that there is to see.
    pub fn view(&self) -> Vec<LobbyView> {
        let of = |(index, lobby): (usize, &crate::lobbies::Lobby)| LobbyView {
            id: lobby.id.clone(),
            env_id: lobby.config.env_id.clone(),
            size: lobby.config.people(),
            waiting: lobby.pool.values().filter_map(|person| self.person_view(*person)).collect(),
            matches: self
                .matches
                .iter()
                .filter(|(_, found)| found.lobby == index)
                .map(|(game, _)| *game)
                .filter_map(|game| self.match_view(game))
                .collect(),
        };
        self.lobbies.iter().enumerate().map(of).collect()
    }

    fn match_view(&self, game: u64) -> Option<MatchView> {
        let found = self.matches.get(&game)?;
        let seat = |seat: &crate::game::Seat| SeatView {
            participant: seat.participant.clone(),
            state: seat.state,
            person: seat.person.and_then(|person| self.person_view(person)),
        };
        Some(MatchView {
            id: found.id.clone(),
            state: self.match_state(game),
            age_ms: self.now.saturating_sub(found.facts.created_ms),
            frames: found.frames,
            input_delay: found.input_delay,
            fps: found.facts.fps,
            watchers: found.watchers,
            watch_token: (!found.over).then(|| self.watch_token(&found.id)),
            seats: found.seats.iter().map(seat).collect(),
        })
    }

    fn person_view(&self, person: u64) -> Option<PersonView> {
        let found = self.people.get(&person)?;
        Some(PersonView {
            participant: found.participant.clone(),
            connected: found.socket.is_some(),
            waited_ms: self.waited_ms(person),
            rtt_ms: found.rtt_ms,
            away: found.away,
        })
    }
}
