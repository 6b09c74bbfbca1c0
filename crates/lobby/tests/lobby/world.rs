//! A lobby with browsers around it. Each browser does what a page does: it answers, connects, shakes hands, plays, finishes; unless a
//! test tells it not to.
use std::collections::{BTreeMap, BTreeSet};

use palaestra_lobby::config::LobbyConfig;
use palaestra_lobby::message::{
    ClientMessage, Code, Hello, LoadedModel, Matched, PathKind, SeatPath, ServerMessage, Watch,
};
use palaestra_lobby::token::{KEY_BYTES, Signer};
use palaestra_lobby::{
    EndedSession, Event, Keep, KeptLeaver, KeptMatch, KeptPerson, Lobbies, Output, Played, Restored, ServerFacts,
};
use palaestra_protocol::server::SERVER_PROTOCOL;
use palaestra_session::State;

/// What a browser does not do.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Silent {
    /// It says nothing, whatever it hears, and its sockets stay open.
    pub(crate) everything: bool,
    pub(crate) ready: bool,
    pub(crate) validated: bool,
    pub(crate) report: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Browser {
    pub(crate) hello: Hello,
    pub(crate) socket: Option<u64>,
    pub(crate) play: Option<u64>,
    pub(crate) heard: Vec<ServerMessage>,
    pub(crate) closed: Vec<Code>,
    /// The server closed its control socket.
    pub(crate) sent_away: bool,
    pub(crate) matched: Option<Matched>,
    pub(crate) playing: bool,
    pub(crate) silent: Silent,
    /// The round trip that it measures to others.
    pub(crate) rtt_ms: f64,
    /// What it loads for seats of models.
    pub(crate) models: Vec<LoadedModel>,
    /// How late its answers to pings are.
    pub(crate) late_ms: u64,
}

pub(crate) struct World {
    pub(crate) lobbies: Lobbies,
    pub(crate) now: u64,
    pub(crate) browsers: Vec<Browser>,
    pub(crate) ended: Vec<EndedSession>,
    pub(crate) pronounced: Vec<(String, u8, u32)>,
    /// What each browser heard on its play socket of leavers: seat, frames, inputs.
    heard_of: Vec<(usize, u8, u32, Vec<u8>)>,
    /// The first frame and the inputs that were pronounced last.
    pub(crate) inputs: (u32, Vec<u8>),
    pub(crate) closed_matches: Vec<String>,
    pub(crate) closed_lobbies: Vec<String>,
    pub(crate) kept_people: BTreeMap<(String, String), KeptPerson>,
    pub(crate) kept_matches: BTreeMap<String, KeptMatch>,
    /// Frames that reports say, by seat.
    pub(crate) held: BTreeMap<u8, u32>,
    /// Frames that the server says itself; `None`: it is too slow to say anything.
    pub(crate) witness: Option<u32>,
    /// Frames on disk, by match, and what was pronounced: frames, first frame, inputs.
    stored: BTreeMap<String, u32>,
    settled: BTreeMap<(String, u8), (u32, u32, Vec<u8>)>,
    lobbies_of: Vec<(String, LobbyConfig)>,
    seats: BTreeMap<(String, u8), BTreeSet<String>>,
    sockets: BTreeMap<u64, usize>,
    last_socket: u64,
    restarts: u64,
    later: Vec<(u64, usize, ClientMessage)>,
}

pub(crate) fn config(agents: usize) -> LobbyConfig {
    LobbyConfig {
        env_id: "Game-v0".into(),
        agents: (0..agents).map(|agent| format!("agent_{agent}")).collect(),
        fps: 30.0,
        ..LobbyConfig::default()
    }
}

fn lobbies_of(list: &[(String, LobbyConfig)], seed: u64) -> Lobbies {
    let facts =
        ServerFacts { play_url: "/play".into(), version: Some("v1".into()), monitor_token: Some("monitor".into()) };
    Lobbies::new(list.iter().cloned(), facts, Signer::new(&[3; KEY_BYTES]), seed)
}

fn kept_leaver((of, said): (&(String, u8), &(u32, u32, Vec<u8>))) -> KeptLeaver {
    let ((match_id, leaver), (frames, first, inputs)) = (of.clone(), said.clone());
    KeptLeaver { match_id, leaver, frames, first, inputs }
}

impl World {
    pub(crate) fn new(config: LobbyConfig) -> Self {
        Self::with_seed(config, 1)
    }

    pub(crate) fn with_seed(config: LobbyConfig, seed: u64) -> Self {
        config.check().unwrap();
        let list = vec![("main".to_owned(), config)];
        Self {
            lobbies: lobbies_of(&list, seed),
            now: 1_000,
            browsers: Vec::new(),
            ended: Vec::new(),
            pronounced: Vec::new(),
            heard_of: Vec::new(),
            inputs: (0, Vec::new()),
            closed_matches: Vec::new(),
            closed_lobbies: Vec::new(),
            kept_people: BTreeMap::new(),
            kept_matches: BTreeMap::new(),
            held: BTreeMap::new(),
            witness: Some(0),
            stored: BTreeMap::new(),
            settled: BTreeMap::new(),
            lobbies_of: list,
            seats: BTreeMap::new(),
            sockets: BTreeMap::new(),
            last_socket: 0,
            restarts: 0,
            later: Vec::new(),
        }
    }

    /// A browser that has not connected yet.
    pub(crate) fn browser(&mut self, participant: &str) -> usize {
        let hello = Hello {
            protocol: SERVER_PROTOCOL.into(),
            lobby: "main".into(),
            participant: Some(participant.to_owned()),
            ..Hello::default()
        };
        self.browsers.push(Browser { hello, rtt_ms: 20.0, ..Browser::default() });
        self.browsers.len() - 1
    }

    /// So many browsers that have come in.
    pub(crate) fn arrive(&mut self, count: usize) -> Vec<usize> {
        let browsers: Vec<usize> = (0..count).map(|_| self.browser(&format!("p{}", self.browsers.len()))).collect();
        browsers.iter().for_each(|browser| self.connect(*browser));
        browsers
    }

    pub(crate) fn connect(&mut self, browser: usize) {
        self.last_socket += 1;
        let socket = self.last_socket;
        self.sockets.insert(socket, browser);
        self.browsers[browser].socket = Some(socket);
        self.event(Event::Opened { socket });
        let hello = self.browsers[browser].hello.clone();
        self.say(browser, ClientMessage::Hello(hello));
    }

    /// Somebody who watches a match, or is not let in.
    pub(crate) fn watcher(&mut self, watch: Watch) -> usize {
        self.browsers.push(Browser::default());
        let browser = self.browsers.len() - 1;
        self.last_socket += 1;
        let socket = self.last_socket;
        self.sockets.insert(socket, browser);
        self.browsers[browser].socket = Some(socket);
        self.event(Event::Opened { socket });
        self.say(browser, ClientMessage::Watch(watch));
        browser
    }

    /// Another tab of the same participant.
    pub(crate) fn another_tab(&mut self, browser: usize) -> usize {
        let hello = self.browsers[browser].hello.clone();
        self.browsers.push(Browser { hello, rtt_ms: 20.0, ..Browser::default() });
        let tab = self.browsers.len() - 1;
        self.connect(tab);
        tab
    }

    /// The page is loaded again: both sockets go, both come.
    pub(crate) fn reload(&mut self, browser: usize) {
        self.lose(browser);
        self.connect(browser);
    }

    pub(crate) fn lose(&mut self, browser: usize) {
        self.lose_play(browser);
        if let Some(socket) = self.browsers[browser].socket.take() {
            self.sockets.remove(&socket);
            self.event(Event::Closed { socket });
        }
    }

    pub(crate) fn lose_play(&mut self, browser: usize) {
        if let Some(socket) = self.browsers[browser].play.take() {
            self.sockets.remove(&socket);
            self.event(Event::PlayClosed { socket });
        }
    }

    pub(crate) fn open_play(&mut self, browser: usize) {
        let Some(ticket) = self.browsers[browser].matched.as_ref().map(|matched| matched.ticket.clone()) else {
            return;
        };
        self.last_socket += 1;
        let socket = self.last_socket;
        self.sockets.insert(socket, browser);
        self.browsers[browser].play = Some(socket);
        self.event(Event::PlayOpened { socket, ticket });
    }

    pub(crate) fn say(&mut self, browser: usize, message: ClientMessage) {
        if let Some(socket) = self.browsers[browser].socket {
            self.event(Event::Text { socket, text: message.text() });
        }
    }

    /// So many frames of a match are on disk.
    pub(crate) fn stores(&mut self, match_id: &str, frames: u32) {
        let stored = self.stored.entry(match_id.to_owned()).or_default();
        *stored = frames.max(*stored);
        self.event(Event::Stored { match_id: match_id.to_owned(), frames });
    }

    pub(crate) fn event(&mut self, event: Event) {
        let outputs = self.lobbies.handle(self.now, event);
        self.carry_out(outputs);
    }

    /// Lets time pass, event by event.
    pub(crate) fn pass(&mut self, ms: u64) {
        let until = self.now + ms;
        loop {
            let later = self.later.iter().map(|(due, ..)| *due).min();
            let next = [self.lobbies.next_wakeup(), later].into_iter().flatten().min().filter(|due| *due <= until);
            let Some(due) = next else { break };
            self.now = self.now.max(due);
            let (now, later) = self.later.drain(..).partition(|(due, ..)| *due <= self.now);
            self.later = later;
            self.event(Event::Tick);
            let now: Vec<(u64, usize, ClientMessage)> = now;
            for (_, browser, message) in now {
                self.say(browser, message);
            }
        }
        self.now = until;
        self.event(Event::Tick);
    }

    /// Who has played, as a store would say it of the lobbies that ask for it.
    fn has_played(&self) -> Vec<Played> {
        let once_only = self.lobbies.once_only();
        let played = |ended: &&EndedSession| {
            once_only.contains(&ended.lobby) && ended.history.iter().any(|step| step.to == State::Playing)
        };
        let kept = |ended: &EndedSession| Played {
            lobby: ended.lobby.clone(),
            participant: ended.participant.clone(),
            completion_code: ended.completion_code.clone(),
        };
        self.ended.iter().filter(played).map(kept).collect()
    }

    /// The server stops and starts, with what was stored.
    pub(crate) fn restart(&mut self) {
        for browser in &mut self.browsers {
            (browser.socket, browser.play) = (None, None);
        }
        self.sockets.clear();
        self.later.clear();
        // Every start of the program draws a seed.
        self.restarts += 1;
        self.lobbies = lobbies_of(&self.lobbies_of, 77 + self.restarts);
        let restored = Restored {
            people: self.kept_people.values().cloned().collect(),
            matches: self.kept_matches.values().map(|kept| (kept.clone(), 100)).collect(),
            leavers: self.settled.iter().map(kept_leaver).collect(),
            played: self.has_played(),
        };
        self.stored = restored.matches.iter().map(|(kept, frames)| (kept.facts.match_id.clone(), *frames)).collect();
        let outputs = self.lobbies.restore(self.now, restored);
        self.carry_out(outputs);
    }

    fn carry_out(&mut self, outputs: Vec<Output>) {
        let mut answers: Vec<(usize, ClientMessage)> = Vec::new();
        let mut plays: Vec<usize> = Vec::new();
        let mut reports: Vec<(u64, u8, u32)> = Vec::new();
        let mut wanted: Vec<(String, u8)> = Vec::new();
        for output in outputs {
            match output {
                Output::Send { socket, message } => {
                    let Some(browser) = self.sockets.get(&socket).copied() else {
                        panic!("a message for a socket that is closed: {message:?}")
                    };
                    self.hears(browser, message, &mut answers, &mut plays);
                }
                Output::Close { socket, code } | Output::PlayRefused { socket, code } => {
                    let Some(browser) = self.sockets.remove(&socket) else { continue };
                    let browser = &mut self.browsers[browser];
                    browser.closed.push(code);
                    if browser.socket == Some(socket) {
                        browser.sent_away = true;
                        browser.socket = None;
                    } else if browser.play == Some(socket) {
                        browser.play = None;
                    }
                }
                Output::ReportWanted { match_id, leaver, seats, .. } => {
                    for browser in &self.browsers {
                        let Some(matched) = browser.matched.as_ref().filter(|matched| matched.match_id == match_id)
                        else {
                            continue;
                        };
                        let asked = seats >> matched.seat & 1 == 1 && matched.seat != leaver;
                        if let Some(socket) = browser.play.filter(|_| asked && !browser.silent.report) {
                            reports.push((socket, leaver, self.held.get(&matched.seat).copied().unwrap_or(10)));
                        }
                    }
                    wanted.push((match_id, leaver));
                }
                Output::Pronounced { match_id, leaver, seats, frames, first, inputs } => {
                    for (index, browser) in self.browsers.iter().enumerate() {
                        let matched = browser.matched.as_ref().filter(|matched| matched.match_id == match_id);
                        if browser.play.is_some() && matched.is_some_and(|matched| seats >> matched.seat & 1 == 1) {
                            self.heard_of.push((index, leaver, frames, inputs.clone()));
                        }
                    }
                    let said = (frames, first, inputs.clone());
                    if let Some(before) = self.settled.insert((match_id.clone(), leaver), said.clone()) {
                        assert_eq!(said, before, "seat {leaver} is pronounced in two ways");
                        assert_eq!(seats.count_ones(), 1, "seat {leaver} is pronounced twice");
                        continue;
                    }
                    let stored = self.stored.get(&match_id).copied().unwrap_or(0);
                    assert!(frames >= stored, "pronounced through {frames}, with {stored} on disk");
                    assert!(first <= frames);
                    self.inputs = (first, inputs);
                    self.pronounced.push((match_id, leaver, frames));
                }
                Output::MatchClosed { match_id } => self.closed_matches.push(match_id),
                Output::Keep(keep) => self.keep(keep),
                Output::MatchOpened(_) | Output::PlayAccepted { .. } | Output::Peer { .. } => {}
            }
        }
        plays.into_iter().for_each(|browser| self.open_play(browser));
        answers.into_iter().for_each(|(browser, message)| self.say(browser, message));
        for (socket, leaver, frames) in reports {
            self.event(Event::Report { socket, leaver, frames, first: frames, inputs: Vec::new() });
        }
        for (match_id, leaver) in wanted {
            self.witness(&match_id, leaver);
        }
    }

    /// The server says what it has itself of a leaver's inputs.
    pub(crate) fn witness(&mut self, match_id: &str, leaver: u8) {
        if let Some(frames) = self.witness {
            let (match_id, inputs) = (match_id.to_owned(), vec![leaver; 3]);
            self.event(Event::Witness { match_id, leaver, frames, first: frames / 2, inputs });
        }
    }

    fn keep(&mut self, keep: Keep) {
        match keep {
            Keep::Person(kept) => {
                self.kept_people.insert((kept.lobby.clone(), kept.participant.clone()), kept);
            }
            Keep::SessionEnded(ended) => {
                self.kept_people.remove(&(ended.lobby.clone(), ended.participant.clone()));
                self.ended.push(ended);
            }
            Keep::Match(kept) => {
                self.kept_matches.insert(kept.facts.match_id.clone(), kept);
            }
            Keep::MatchEnded { match_id, .. } => {
                self.kept_matches.remove(&match_id);
            }
            Keep::MatchEvent { .. } | Keep::Lobby { .. } => {}
            Keep::LobbyClosed { lobby } => self.closed_lobbies.push(lobby),
        }
    }

    /// What a page does with a message.
    fn hears(
        &mut self,
        index: usize,
        message: ServerMessage,
        answers: &mut Vec<(usize, ClientMessage)>,
        plays: &mut Vec<usize>,
    ) {
        let browser = &mut self.browsers[index];
        browser.heard.push(message.clone());
        if browser.silent.everything {
            return;
        }
        match message {
            ServerMessage::Welcome(welcome) => browser.hello.token = Some(welcome.token),
            ServerMessage::AreYouThere { .. } => answers.push((index, ClientMessage::Here)),
            ServerMessage::Ping { t } if browser.late_ms == 0 => answers.push((index, ClientMessage::Pong { t })),
            ServerMessage::Ping { t } => {
                let due = self.now + browser.late_ms;
                self.later.push((due, index, ClientMessage::Pong { t }));
            }
            ServerMessage::Matched(matched) => {
                assert_eq!(matched.size, self.lobbies_of[0].1.people());
                let people = self.seats.entry((matched.match_id.clone(), matched.seat)).or_default();
                people.insert(browser.hello.participant.clone().unwrap_or_default());
                assert_eq!(people.len(), 1, "two people in one seat: {people:?}");
                if !browser.silent.ready {
                    plays.push(index);
                    answers.push((
                        index,
                        ClientMessage::Ready { match_id: matched.match_id.clone(), models: browser.models.clone() },
                    ));
                }
                browser.matched = Some(*matched);
            }
            ServerMessage::Validate { match_id, attempt, .. } if !browser.silent.validated => {
                let matched = browser.matched.as_ref().unwrap();
                let others = (0..matched.size as u8).filter(|seat| *seat != matched.seat);
                let path = |seat| SeatPath { seat, path: PathKind::Relay, rtt_ms: browser.rtt_ms };
                answers
                    .push((index, ClientMessage::Validated { match_id, attempt, paths: others.map(path).collect() }));
            }
            ServerMessage::Start { .. } => browser.playing = true,
            ServerMessage::Ended { .. } | ServerMessage::Requeued { .. } => browser.playing = false,
            _ => {}
        }
    }

    /// The ends that a browser was told: the code, and the one to be paid by.
    pub(crate) fn ends_of(&self, browser: usize) -> Vec<(Code, Option<String>)> {
        let ends = self.browsers[browser].heard.iter().filter_map(|message| match message {
            ServerMessage::Ended { code, completion_code, .. } => Some((*code, completion_code.clone())),
            _ => None,
        });
        ends.collect()
    }

    /// The code of the end that a browser was told.
    pub(crate) fn end_of(&self, browser: usize) -> Option<Code> {
        let ends = self.ends_of(browser);
        assert!(ends.len() <= 1, "told more than one end: {ends:?}");
        ends.first().map(|(code, _)| *code)
    }

    /// What a browser heard on its play socket of leavers: seat, frames, inputs.
    pub(crate) fn of_leavers(&self, browser: usize) -> Vec<(u8, u32, Vec<u8>)> {
        let heard = self.heard_of.iter().filter(|(of, ..)| *of == browser);
        heard.map(|(_, leaver, frames, inputs)| (*leaver, *frames, inputs.clone())).collect()
    }

    /// The codes of the refusals that a browser was told.
    pub(crate) fn errors_of(&self, browser: usize) -> Vec<Code> {
        let errors = self.browsers[browser].heard.iter().filter_map(|message| match message {
            ServerMessage::Error { code, .. } => Some(*code),
            _ => None,
        });
        errors.collect()
    }

    pub(crate) fn match_of(&self, browser: usize) -> Option<(String, u8)> {
        self.browsers[browser].matched.as_ref().map(|matched| (matched.match_id.clone(), matched.seat))
    }

    pub(crate) fn playing(&self) -> usize {
        self.browsers.iter().filter(|browser| browser.playing).count()
    }

    pub(crate) fn finish(&mut self, browser: usize) {
        let Some((match_id, _)) = self.match_of(browser) else { return };
        let frames = self.stored.get(&match_id).copied().unwrap_or(0).max(10);
        self.finish_at(browser, frames);
    }

    pub(crate) fn finish_at(&mut self, browser: usize, frames: u32) {
        let Some((match_id, _)) = self.match_of(browser) else { return };
        self.say(browser, ClientMessage::Finished { match_id, frames, planned: true });
    }

    /// Everybody goes, all timers run out: nothing is left.
    pub(crate) fn empty(&mut self) {
        (0..self.browsers.len()).for_each(|browser| self.lose(browser));
        self.pass(24 * 3_600_000);
        assert_eq!(self.lobbies.counts(), Default::default());
        assert!(self.kept_people.is_empty(), "{:?}", self.kept_people);
        assert!(self.kept_matches.is_empty(), "{:?}", self.kept_matches);
    }
}
