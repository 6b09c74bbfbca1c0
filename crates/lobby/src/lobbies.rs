//! The core: all lobbies, everybody in them, every match. It takes in what happened and gives what is to be done.
use std::collections::{BTreeMap, BTreeSet};

use palaestra_session::Registry;

use crate::config::LobbyConfig;
use crate::draw::Draw;
use crate::event::{Event, Keep, Output, SocketId};
use crate::game::Match;
use crate::matcher::Matcher;
use crate::message::{ClientMessage, Code, Hello, ServerMessage};
use crate::person::Person;
use crate::socket::Socket;
use crate::timers::{TimerKey, Timers};
use crate::token::Signer;

/// What the server as a whole decides.
#[derive(Clone, Debug, Default)]
pub struct ServerFacts {
    /// Where play sockets are opened: `/play`, or an address.
    pub play_url: String,
    /// The build of the site, where it is known.
    pub version: Option<String>,
    /// What the monitor has to know.
    pub monitor_token: Option<String>,
}

/// Makes the lobby that a hello asks for and that there is not yet; `None`: there is none to be had.
pub type LobbyOpener = Box<dyn FnMut(&Hello) -> Option<LobbyConfig> + Send>;

/// The most lobbies that are opened on request.
const MOST_OPENED: usize = 256;

/// A lobby with the people in its pool.
#[derive(Debug)]
pub(crate) struct Lobby {
    pub(crate) id: String,
    pub(crate) config: LobbyConfig,
    pub(crate) matcher: Box<dyn Matcher>,
    /// People who wait, by their place in the order of arrival.
    pub(crate) pool: BTreeMap<u64, u64>,
    /// When the latest came, and the mean time between two, in milliseconds.
    pub(crate) arrivals: (Option<u64>, Option<f64>),
}

/// All lobbies of a server. Pure: time comes in as a number, and what is to be done goes out as data.
///
/// Whatever comes in is answered by [`handle`](Self::handle) with an ordered list of outputs; nothing is ever called back. When
/// nothing comes, [`Event::Tick`] is due at [`next_wakeup`](Self::next_wakeup).
pub struct Lobbies {
    pub(crate) lobbies: Vec<Lobby>,
    pub(crate) signer: Signer,
    pub(crate) facts: ServerFacts,
    pub(crate) draw: Draw,
    pub(crate) timers: Timers,
    pub(crate) sessions: Registry,
    pub(crate) sockets: BTreeMap<SocketId, Socket>,
    pub(crate) people: BTreeMap<u64, Person>,
    /// People by lobby and participant.
    pub(crate) ids: BTreeMap<(usize, String), u64>,
    pub(crate) matches: BTreeMap<u64, Match>,
    pub(crate) match_ids: BTreeMap<String, u64>,
    /// Play sockets: match and seat.
    pub(crate) plays: BTreeMap<SocketId, (u64, u8)>,
    /// Who has played, by lobby and participant.
    pub(crate) played: BTreeSet<(usize, String)>,
    pub(crate) now: u64,
    pub(crate) last_id: u64,
    pub(crate) last_order: u64,
    /// Lobbies whose pool may have a group in it.
    pub(crate) dirty: BTreeSet<usize>,
    pub(crate) out: Vec<Output>,
    opener: Option<LobbyOpener>,
    opened: usize,
}

impl std::fmt::Debug for Lobbies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lobbies").field("now", &self.now).field("counts", &self.counts()).finish_non_exhaustive()
    }
}

impl Lobby {
    fn new(id: String, config: LobbyConfig) -> Self {
        Self { matcher: config.matcher.matcher(), id, config, pool: BTreeMap::new(), arrivals: (None, None) }
    }
}

impl Lobbies {
    /// Lobbies by their ids, with what the server signs with and what its seeds follow from.
    pub fn new(
        lobbies: impl IntoIterator<Item = (String, LobbyConfig)>,
        facts: ServerFacts,
        signer: Signer,
        seed: u64,
    ) -> Self {
        Self {
            lobbies: lobbies.into_iter().map(|(id, config)| Lobby::new(id, config)).collect(),
            signer,
            facts,
            draw: Draw::new(seed),
            timers: Timers::default(),
            sessions: Registry::new(),
            sockets: BTreeMap::new(),
            people: BTreeMap::new(),
            ids: BTreeMap::new(),
            matches: BTreeMap::new(),
            match_ids: BTreeMap::new(),
            plays: BTreeMap::new(),
            played: BTreeSet::new(),
            now: 0,
            last_id: 0,
            last_order: 0,
            dirty: BTreeSet::new(),
            out: Vec::new(),
            opener: None,
            opened: 0,
        }
    }

    /// Lets hellos open lobbies, up to 256 of them.
    pub fn set_opener(&mut self, opener: LobbyOpener) {
        self.opener = Some(opener);
    }

    /// Opens the lobby that a hello asks for, if there is none of that name and one may be opened.
    pub(crate) fn open_lobby(&mut self, hello: &Hello) {
        if self.opened >= MOST_OPENED || self.lobbies.iter().any(|lobby| lobby.id == hello.lobby) {
            return;
        }
        let Some(config) = self.opener.as_mut().and_then(|opener| opener(hello)) else { return };
        if config.check().is_ok() && crate::arrival::is_name(&hello.lobby) {
            let (lobby, config) = (hello.lobby.clone(), config);
            self.out.push(Output::Keep(Keep::Lobby { lobby: lobby.clone(), config: Box::new(config.clone()) }));
            self.lobbies.push(Lobby::new(lobby, config));
            self.opened += 1;
        }
    }

    /// Opens a lobby that had been opened before the program was stopped. One that there is stays as it is.
    pub fn reopen(&mut self, lobby: String, config: LobbyConfig) {
        if config.check().is_ok() && !self.lobbies.iter().any(|found| found.id == lobby) {
            self.lobbies.push(Lobby::new(lobby, config));
            self.opened += 1;
        }
    }

    /// Puts a matcher of one's own in the place of a lobby's. Gives `false` where there is no such lobby.
    pub fn set_matcher(&mut self, lobby: &str, matcher: Box<dyn Matcher>) -> bool {
        let found = self.lobbies.iter_mut().find(|found| found.id == lobby);
        found.map(|lobby| lobby.matcher = matcher).is_some()
    }

    /// Takes in what happened, at the time `now` in milliseconds, and gives what is to be done, in order.
    pub fn handle(&mut self, now: u64, event: Event) -> Vec<Output> {
        self.now = self.now.max(now);
        while let Some(timer) = self.timers.take(self.now) {
            self.fired(timer);
        }
        match event {
            Event::Opened { socket } => self.socket_opened(socket),
            Event::Text { socket, text } => self.text(socket, &text),
            Event::Closed { socket } => self.socket_closed(socket),
            Event::PlayOpened { socket, ticket } => self.play_opened(socket, &ticket),
            Event::PlayClosed { socket } => self.play_closed(socket),
            Event::Report { socket, leaver, frames, first, inputs } => {
                self.reported(socket, leaver, frames, first, inputs);
            }
            Event::Witness { match_id, leaver, frames, first, inputs } => {
                self.witnessed(&match_id, leaver, (frames, first, inputs));
            }
            Event::Stored { match_id, frames } => self.stored(&match_id, frames),
            Event::Desync { match_id } => self.desync(&match_id),
            Event::Verified(verified) => self.verified(verified),
            Event::Restart => self.restart(),
            Event::Tick => {}
        }
        while let Some(lobby) = self.dirty.pop_first() {
            self.put_together(lobby);
        }
        std::mem::take(&mut self.out)
    }

    /// When [`Event::Tick`] is due at the latest.
    pub fn next_wakeup(&self) -> Option<u64> {
        self.timers.next()
    }

    fn fired(&mut self, timer: TimerKey) {
        match timer {
            TimerKey::Hello(socket) => self.refuse(socket, Code::HelloTimeout, Code::HelloTimeout.message()),
            TimerKey::Alive(socket) => self.check_alive(socket),
            TimerKey::AfterEnd(socket) => self.close(socket, Code::Complete),
            TimerKey::Waiting(person) => self.end_person(person, Code::WaitingTimeout, None),
            TimerKey::There(person) => self.not_there(person),
            TimerKey::Place(person) => self.end_person(person, Code::NotThere, None),
            TimerKey::Grace(person) => self.grace_over(person),
            TimerKey::Absence(person) => self.absence_over(person),
            TimerKey::Validating(game) => self.validating_over(game),
            TimerKey::Whole(game) => self.end_match(game, Code::MatchTimeout),
            TimerKey::Stalled(game) => self.stalled(game),
            TimerKey::Report(game, leaver) => self.pronounce(game, leaver),
            TimerKey::Finish(game) => self.finish_over(game),
            TimerKey::Linger(game) => self.linger_over(game),
            TimerKey::Tell(lobby) => self.tell_waiting(lobby),
            TimerKey::Pool(lobby) => {
                self.dirty.insert(lobby);
            }
        }
    }

    fn text(&mut self, socket: SocketId, text: &str) {
        if !self.heard(socket) {
            return;
        }
        let message = match ClientMessage::read(text) {
            Ok(message) => message,
            Err(error) => return self.refuse(socket, Code::Malformed, &error.to_string()),
        };
        match message {
            ClientMessage::Hello(hello) => self.hello(socket, hello),
            ClientMessage::Watch(watch) => self.watch(socket, &watch),
            ClientMessage::Here => {}
            ClientMessage::Ping { t } => self.send(socket, ServerMessage::Pong { t }),
            ClientMessage::Pong { t } => self.pong(socket, t),
            message => self.person_says(socket, message),
        }
    }

    /// A message that only somebody sends who has said hello.
    fn person_says(&mut self, socket: SocketId, message: ClientMessage) {
        let Some(found) = self.sockets.get(&socket) else { return };
        let Some(person) = found.person else {
            if found.greeted {
                // It crossed with the end.
                return;
            }
            return self.refuse(socket, Code::Malformed, "expected hello before anything else");
        };
        match message {
            ClientMessage::Signal { to, data } => self.signal(person, to, data),
            ClientMessage::Ready { match_id, models } => self.ready(person, &match_id, models),
            ClientMessage::Validated { match_id, attempt, paths } => {
                self.seat_validated(person, &match_id, attempt, paths);
            }
            ClientMessage::Failed { match_id, reason } => self.seat_failed(person, &match_id, &reason),
            ClientMessage::Away { away } => self.away(person, away),
            ClientMessage::Finished { match_id, frames } => self.finished(person, &match_id, frames),
            ClientMessage::Leave { reason } => self.leave(person, reason),
            // Answered before.
            ClientMessage::Hello(_)
            | ClientMessage::Watch(_)
            | ClientMessage::Here
            | ClientMessage::Ping { .. }
            | ClientMessage::Pong { .. } => {}
        }
    }

    pub(crate) fn new_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    pub(crate) fn send(&mut self, socket: SocketId, message: ServerMessage) {
        self.out.push(Output::Send { socket, message });
    }

    pub(crate) fn send_person(&mut self, person: u64, message: ServerMessage) {
        if let Some(socket) = self.people.get(&person).and_then(|person| person.socket) {
            self.send(socket, message);
        }
    }
}
