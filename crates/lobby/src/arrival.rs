//! Saying hello: who somebody is, and whether the lobby takes them.
use palaestra_protocol::server::SERVER_PROTOCOL;
use palaestra_session::{Session, State};
use palaestra_text::check_name;
use serde_json::Value as Json;

use crate::config::LobbyConfig;
use crate::event::SocketId;
use crate::lobbies::{Lobbies, Lobby};
use crate::matcher::Candidate;
use crate::message::{Code, Hello, Kwargs, SeatPolicy, ServerMessage, Welcome};
use crate::person::Person;
use crate::timers::TimerKey;
use crate::unheard::Who;

impl Lobbies {
    pub(crate) fn hello(&mut self, socket: SocketId, hello: Hello) {
        if self.sockets.get(&socket).is_none_or(|found| found.greeted) {
            return self.refuse(socket, Code::Malformed, "expected hello once, as the first message");
        }
        let (lobby, participant) = match self.checked(&hello) {
            Ok(checked) => checked,
            Err((code, message)) => return self.refuse(socket, code, &message),
        };
        let Some(participant) = participant else {
            let made_up = self.draw.name('p');
            return self.arrive(socket, lobby, made_up, hello.group);
        };
        let who = (lobby, participant.clone());
        let known = self.ids.get(&who).copied();
        let token = hello.token.as_deref();
        // A token that is not the participant's was refused before.
        if known.is_none() && token.is_some() && self.tell_end(socket, who) {
            return;
        }
        match (known, token) {
            (Some(_), None) => self.refuse(socket, Code::TokenNeeded, Code::TokenNeeded.message()),
            (Some(person), Some(_)) => self.come_back(socket, person),
            (None, token) => match self.played.find(lobby, &participant) {
                // Who shows the token is who has played, and has not seen the code perhaps: the page was loaded again before it was read.
                Some(given) => {
                    let given = token.and(given).map(str::to_owned);
                    self.played_before(socket, given);
                }
                None => self.arrive(socket, lobby, participant, hello.group),
            },
        }
    }

    /// Refuses somebody who has played, with what they were given for it where they may know.
    fn played_before(&mut self, socket: SocketId, completion_code: Option<String>) {
        let code = Code::PlayedBefore;
        let mut message = code.message().to_owned();
        if let Some(given) = &completion_code {
            message.push_str(&format!(" Your completion code: {given}"));
        }
        self.send(socket, ServerMessage::Error { code, message, fatal: true, completion_code });
        self.close(socket, code);
    }

    /// The lobby and the participant of a hello that may come in.
    fn checked(&mut self, hello: &Hello) -> Result<(usize, Option<String>), (Code, String)> {
        let refuse = |code: Code, message: String| Err((code, message));
        let plain = |code: Code| Err((code, code.message().to_owned()));
        if hello.protocol != u32::from(SERVER_PROTOCOL) {
            // The page may be a copy that the browser kept, or of another site than this server's.
            let message = format!(
                "protocol: expected version {SERVER_PROTOCOL}, found {}: the page and the server are of different versions, load the page again",
                hello.protocol
            );
            return refuse(Code::WrongProtocol, message);
        }
        let lobby = match self.lobby_of(hello) {
            Ok(lobby) => lobby,
            Err(problem) => return refuse(Code::UnknownLobby, problem),
        };
        let Some(Lobby { id, config, .. }) = self.lobbies.get(lobby) else { return plain(Code::UnknownLobby) };
        if let Some(secret) = &config.secret
            && !hello.secret.as_deref().is_some_and(|said| self.signer.same(said, secret))
        {
            return plain(Code::BadSecret);
        }
        if let (Some(version), Some(ours)) = (&hello.version, &self.facts.version)
            && version != ours
        {
            return plain(Code::WrongVersion);
        }
        if let Some(env_id) = &hello.env_id
            && *env_id != config.env_id
        {
            return refuse(Code::WrongEnvironment, format!("env_id: expected {}, found another one", config.env_id));
        }
        if let Some(kwargs) = &hello.kwargs
            && !same_kwargs(kwargs, &config.kwargs)
        {
            let message = "kwargs: expected the lobby's, found others".to_owned();
            return refuse(Code::WrongEnvironment, message);
        }
        if let Some(size) = hello.size.filter(|size| *size != config.people()) {
            let people = config.people();
            return refuse(Code::WrongEnvironment, format!("size: expected the lobby's {people}, found {size}"));
        }
        if let Err(problem) = same_policies(hello, config) {
            return refuse(Code::WrongEnvironment, problem);
        }
        let named = hello.participant.as_deref();
        for (what, text) in [("participant", named), ("group", hello.group.as_deref())] {
            if let Some(Err(problem)) = text.map(check_name) {
                return refuse(Code::Malformed, format!("{what}: {problem}"));
            }
        }
        match (named, hello.token.as_deref()) {
            (None, Some(_)) => refuse(Code::BadToken, "token: expected the participant that it is for".to_owned()),
            (Some(participant), Some(token)) if !self.signer.knows(id, participant, token) => plain(Code::BadToken),
            _ => Ok((lobby, named.map(str::to_owned))),
        }
    }

    /// Somebody new.
    fn arrive(&mut self, socket: SocketId, lobby: usize, participant: String, group: Option<String>) {
        let (person, session) = (self.new_id(), self.sessions.register(Session::new(self.now as f64)));
        self.last_order += 1;
        let arrived = Person {
            lobby,
            participant: participant.clone(),
            group,
            session,
            socket: None,
            order: self.last_order,
            waited_ms: 0,
            rtt_ms: None,
            seat: None,
            away: false,
            failures: 0,
            apart: Default::default(),
            told: None,
        };
        self.people.insert(person, arrived);
        self.ids.insert((lobby, participant), person);
        self.attach(socket, person, false, false);
        let Some(found) = self.lobbies.get(lobby) else { return };
        if found.config.closed || found.pool.len() >= found.config.most_waiting {
            return self.end_person(person, Code::NotNeeded, None);
        }
        let admitted = self.candidate(person).map(|candidate| found.matcher.admits(&candidate));
        if let Some(Err(message)) = admitted {
            return self.end_person(person, Code::Excluded, Some(&message));
        }
        self.enter_pool(person);
        self.tell_person(person);
        self.send(socket, ServerMessage::Ping { t: self.now as f64 });
    }

    /// Somebody who is here already: the page was loaded again, its socket broke, or there is a second tab.
    fn come_back(&mut self, socket: SocketId, person: u64) {
        let old = self.people.get(&person).and_then(|person| person.socket);
        if let Some(old) = old {
            if let Some(found) = self.sockets.get_mut(&old) {
                found.person = None;
            }
            self.send(old, ServerMessage::Replaced { message: Code::Replaced.message().to_owned() });
            self.close(old, Code::Replaced);
        }
        self.attach(socket, person, true, old.is_some());
        match self.state_of(person) {
            Some(State::Waiting) => {
                self.timers.cancel(TimerKey::Place(person));
                self.tell_person(person);
                self.pool_changed(person);
            }
            Some(State::Validating) => self.validating_again(person),
            Some(State::Playing) => self.playing_again(person),
            _ => {}
        }
    }

    fn attach(&mut self, socket: SocketId, person: u64, resumed: bool, replaced: bool) {
        self.timers.cancel(TimerKey::Hello(socket));
        if let Some(found) = self.sockets.get_mut(&socket) {
            found.greeted = true;
            found.person = Some(person);
        }
        let Some(found) = self.people.get_mut(&person) else { return };
        found.socket = Some(socket);
        found.told = None;
        let (participant, lobby) = (found.participant.clone(), found.lobby);
        let state = self.state_of(person).unwrap_or(State::Created);
        self.welcome(socket, (lobby, participant), state, (resumed, replaced));
    }

    /// The first message to whoever said hello.
    pub(crate) fn welcome(
        &mut self,
        socket: SocketId,
        (lobby, participant): Who,
        state: State,
        (resumed, replaced): (bool, bool),
    ) {
        let Some(Lobby { id, config, .. }) = self.lobbies.get(lobby) else { return };
        let welcome = Welcome {
            protocol: SERVER_PROTOCOL.into(),
            lobby: id.clone(),
            token: self.signer.token(id, &participant),
            participant,
            state,
            resumed,
            replaced,
            env_id: config.env_id.clone(),
            kwargs: config.kwargs.clone(),
            size: config.people(),
            fps: config.fps,
        };
        self.send(socket, ServerMessage::Welcome(welcome));
    }

    /// What a matcher knows of a person.
    pub(crate) fn candidate(&self, person: u64) -> Option<Candidate> {
        let found = self.people.get(&person)?;
        Some(Candidate {
            participant: found.participant.clone(),
            group: found.group.clone(),
            rtt_ms: found.rtt_ms,
            waited_ms: self.waited_ms(person),
        })
    }
}

/// Whether a page plays with the lobby's policies, as far as it says with which.
fn same_policies(hello: &Hello, config: &LobbyConfig) -> Result<(), String> {
    let told = |policy: &SeatPolicy| match policy {
        // Two models of one name may differ in other things.
        SeatPolicy::Model(model) => serde_json::to_string(model).unwrap_or_default(),
        policy => policy.name(),
    };
    let same = |place: &str, policy: &SeatPolicy, ours: &SeatPolicy| {
        let (expected, found) = (told(ours), told(policy));
        let problem = || format!("{place}: expected the lobby's `{expected}`, found `{found}`");
        policy.agrees(ours).then_some(()).ok_or_else(problem)
    };
    if let Some(policy) = &hello.policy {
        same("policy", policy, &config.policy)?;
    }
    for (name, policy) in hello.seats.iter().flatten() {
        let agent = config.agent(name).filter(|agent| *agent >= config.people());
        let agent = agent.ok_or_else(|| format!("seats: expected agents that no person plays, found {name}"))?;
        same(&format!("seats.{name}"), policy, config.policy_of(agent))?;
    }
    match hello.dropout.filter(|dropout| *dropout != config.dropout) {
        Some(_) => Err("dropout: expected the lobby's, found another".to_owned()),
        None => Ok(()),
    }
}

/// JavaScript writes 1.0 as 1: numbers are compared by their values.
fn same_kwargs(a: &Kwargs, b: &Kwargs) -> bool {
    a.len() == b.len() && a.iter().all(|(name, value)| b.get(name).is_some_and(|other| same(value, other)))
}

pub(crate) fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => same_kwargs(a, b),
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn arguments_are_the_same_where_a_page_would_write_them_alike() {
        let of = |json: Json| json.as_object().cloned().unwrap();
        let ours = of(json!({"n": 3.0, "layout": "ring", "list": [1, {"a": 2}]}));
        assert!(same_kwargs(&of(json!({"list": [1.0, {"a": 2}], "layout": "ring", "n": 3})), &ours));
        for other in [
            json!({}),
            json!({"n": 4, "layout": "ring", "list": [1, {"a": 2}]}),
            json!({"n": 3, "layout": "ring", "list": [1]}),
        ] {
            assert!(!same_kwargs(&of(other), &ours));
        }
    }
}
