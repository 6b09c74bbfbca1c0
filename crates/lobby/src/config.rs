//! What a researcher decides about a lobby.
use std::collections::BTreeMap;

use palaestra_protocol::server::{MOST_INPUT_DELAY, MOST_SEATS};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::config_error::ConfigError;
use crate::ice;
use crate::message::{Code, Dropout, Kwargs, Mode, SeatPolicy, Transport};

/// A lobby: what is played in it, by how many, and by which rules. Everything but `env_id` has a default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LobbyConfig {
    /// The environment's id.
    pub env_id: String,
    /// Its keyword arguments.
    pub kwargs: Kwargs,
    /// Its agents' ids. The server asks the environment.
    #[serde(skip)]
    pub agents: Vec<String>,
    /// How many people play; 0: one per agent. They have the first seats, policies the others.
    pub size: usize,
    /// What sits in the seats that no person has from the start.
    pub policy: SeatPolicy,
    /// What sits in some of them instead, by their agents' ids or as `agent_2`.
    pub seats: BTreeMap<String, SeatPolicy>,
    /// Ticks per second; 0: as the environment's entry says.
    pub fps: f64,
    /// With prediction, or in turns.
    pub mode: Mode,
    /// Frames between a key and its effect, at most 30; nothing: from the round trip.
    pub input_delay: Option<u8>,
    /// Who is put together.
    pub matcher: MatcherConfig,
    /// The limits of time.
    pub timeouts: Timeouts,
    /// What happens when somebody goes.
    pub dropout: Dropout,
    /// What takes the seat of somebody who went, with [`Dropout::Continue`].
    pub dropout_policy: SeatPolicy,
    /// Whether browsers may connect directly.
    pub transport: Transport,
    /// For `RTCPeerConnection`, as it takes them. One with `secret` gets credentials in its place, for each page its own.
    pub ice_servers: Vec<Json>,
    /// What a page has to know to come in.
    pub secret: Option<String>,
    /// Whether a participant who has played is refused.
    pub once: bool,
    /// Whether the lobby takes nobody any more; who is in stays in.
    pub closed: bool,
    /// How many people may wait at the same time.
    pub most_waiting: usize,
    /// Whether anybody may watch its matches; else only the monitor does.
    pub spectators: bool,
    /// How often the handshake is tried before a match is given up.
    pub attempts: u32,
    /// What a participant is given for a certain end, to be paid for example.
    pub completion_codes: BTreeMap<Code, String>,
}

impl Default for LobbyConfig {
    fn default() -> Self {
        Self {
            env_id: String::new(),
            kwargs: Kwargs::new(),
            agents: Vec::new(),
            size: 0,
            policy: SeatPolicy::Idle,
            seats: BTreeMap::new(),
            fps: 0.0,
            mode: Mode::Rollback,
            input_delay: None,
            matcher: MatcherConfig::FirstCome,
            timeouts: Timeouts::default(),
            dropout: Dropout::Pause,
            dropout_policy: SeatPolicy::Idle,
            transport: Transport::Auto,
            ice_servers: Vec::new(),
            secret: None,
            once: false,
            closed: false,
            most_waiting: 10_000,
            spectators: false,
            attempts: 3,
            completion_codes: BTreeMap::new(),
        }
    }
}

/// Who is put together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum MatcherConfig {
    /// Those who came first.
    #[default]
    FirstCome,
    /// Those who came first among whom no two are further apart than so many milliseconds of round trip. The limit is enforced: also
    /// on what was measured between the browsers, in the handshake.
    Latency {
        /// The limit.
        limit_ms: f64,
    },
    /// Those who name the same group, when all of it is there.
    Group,
}

/// Limits of time, in milliseconds. Each belongs to one state and ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Timeouts {
    /// How long a participant waits for others.
    pub waiting_ms: u64,
    /// How long a question "are you there?" may be unanswered.
    pub there_ms: u64,
    /// How long a waiting participant's place is kept while there is no socket.
    pub away_from_waitroom_ms: u64,
    /// How long all browsers may take to load.
    pub ready_ms: u64,
    /// How long one attempt at the handshake may take.
    pub validating_ms: u64,
    /// How long a player may be without connection.
    pub grace_ms: u64,
    /// How long a player may look away; 0: for ever.
    pub absence_ms: u64,
    /// How long a match may take; 0: for ever.
    pub match_ms: u64,
    /// How long a match that is played may go without a newly confirmed frame; 0: for ever.
    pub stalled_ms: u64,
    /// How long survivors may take to report.
    pub report_ms: u64,
    /// How long after the first `finished` the others may take.
    pub finish_ms: u64,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            waiting_ms: 300_000,
            there_ms: 5_000,
            away_from_waitroom_ms: 20_000,
            ready_ms: 60_000,
            validating_ms: 10_000,
            grace_ms: 30_000,
            absence_ms: 0,
            match_ms: 0,
            stalled_ms: 300_000,
            report_ms: 2_000,
            finish_ms: 10_000,
        }
    }
}

impl LobbyConfig {
    /// How many people play.
    pub fn people(&self) -> usize {
        if self.size == 0 { self.agents.len() } else { self.size }
    }

    /// The number of an agent, from its id or as `agent_2`.
    pub fn agent(&self, name: &str) -> Option<usize> {
        let numbered = || name.strip_prefix("agent_")?.parse().ok().filter(|agent| *agent < self.agents.len());
        self.agents.iter().position(|agent| agent == name).or_else(numbered)
    }

    /// What sits in a seat that no person has from the start.
    pub fn policy_of(&self, seat: usize) -> &SeatPolicy {
        let own = self.seats.iter().find(|(name, _)| self.agent(name) == Some(seat));
        own.map_or(&self.policy, |(_, policy)| policy)
    }

    /// The policies that may have a seat.
    pub fn policies(&self) -> impl Iterator<Item = &SeatPolicy> {
        [&self.policy, &self.dropout_policy].into_iter().chain(self.seats.values())
    }

    /// Whether it can be played.
    ///
    /// # Errors
    /// [`ConfigError`] with the first thing that is wrong.
    pub fn check(&self) -> Result<(), ConfigError> {
        let wrong = |problem: String| Err(ConfigError { problem });
        let agents = self.agents.len();
        if self.size > agents {
            return wrong(format!("size: expected at most {agents}, one person per agent, found {}", self.size));
        }
        if !(1..=usize::from(MOST_SEATS)).contains(&agents) {
            return wrong(format!("{}: expected 1 to {MOST_SEATS} agents, found {agents}", self.env_id));
        }
        let of_people = |name: &&String| self.agent(name).is_none_or(|agent| agent < self.people());
        if let Some(name) = self.seats.keys().find(of_people) {
            let free = self.agents.get(self.people()..).unwrap_or_default().join(", ");
            let free = if free.is_empty() { "none" } else { &free };
            return wrong(format!("seats: expected agents that no person plays ({free}), found {name}"));
        }
        if !(self.fps.is_finite() && (0.1..=240.0).contains(&self.fps)) {
            return wrong(format!("fps: expected 0.1 to 240, found {}", self.fps));
        }
        if let Some(delay) = self.input_delay.filter(|delay| *delay > MOST_INPUT_DELAY) {
            return wrong(format!("input_delay: expected 0 to {MOST_INPUT_DELAY} frames, found {delay}"));
        }
        if let MatcherConfig::Latency { limit_ms } = self.matcher
            && !(limit_ms.is_finite() && limit_ms > 0.0)
        {
            return wrong(format!("matcher.latency.limit_ms: expected more than 0, found {limit_ms}"));
        }
        if self.secret.as_deref() == Some("") {
            return wrong("secret: expected a text, found an empty one".to_owned());
        }
        ice::check(&self.ice_servers)?;
        if self.attempts == 0 || self.most_waiting == 0 {
            return wrong("attempts and most_waiting: expected at least 1, found 0".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lobby_whose_input_delay_no_page_would_play_with_is_refused() {
        let lobby = |input_delay| LobbyConfig {
            input_delay: Some(input_delay),
            agents: vec!["a".to_owned(), "b".to_owned()],
            fps: 30.0,
            ..LobbyConfig::default()
        };
        assert_eq!(lobby(MOST_INPUT_DELAY).check(), Ok(()));
        let refused = lobby(MOST_INPUT_DELAY + 1).check().unwrap_err();
        assert_eq!(refused.problem, "input_delay: expected 0 to 30 frames, found 31");
    }
}
