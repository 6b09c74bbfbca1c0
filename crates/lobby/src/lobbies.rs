//! The core: all lobbies, everybody in them, every match. It takes in what happened and gives what is to be done.
use std::collections::{BTreeMap, BTreeSet};

use palaestra_session::Registry;
use palaestra_text::check_name;

use crate::config::LobbyConfig;
use crate::draw::Draw;
use crate::event::{Keep, Output, SocketId};
use crate::game::Match;
use crate::matcher::Matcher;
use crate::message::{Hello, ServerMessage};
use crate::person::Person;
use crate::played::PlayedOnce;
use crate::socket::Socket;
use crate::timers::{TimerKey, Timers};
use crate::token::Signer;
use crate::unheard::Unheard;

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

/// Makes the lobby that a hello asks for and that there is not yet; else says in words why there is none to be had.
pub type LobbyOpener = Box<dyn FnMut(&Hello) -> Result<LobbyConfig, String> + Send>;

/// The most lobbies on request at the same time.
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
    /// Whether it was opened on request.
    on_request: bool,
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
    pub(crate) played: PlayedOnce,
    pub(crate) unheard: Unheard,
    pub(crate) now: u64,
    pub(crate) last_id: u64,
    pub(crate) last_order: u64,
    /// Lobbies whose pool may have a group in it.
    pub(crate) dirty: BTreeSet<usize>,
    pub(crate) out: Vec<Output>,
    opener: Option<LobbyOpener>,
}

impl std::fmt::Debug for Lobbies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lobbies").field("now", &self.now).field("counts", &self.counts()).finish_non_exhaustive()
    }
}

impl Lobby {
    fn new(id: String, config: LobbyConfig, on_request: bool) -> Self {
        let (matcher, pool, arrivals) = (config.matcher.matcher(), BTreeMap::new(), (None, None));
        Self { matcher, id, config, pool, arrivals, on_request }
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
            lobbies: lobbies.into_iter().map(|(id, config)| Lobby::new(id, config, false)).collect(),
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
            played: PlayedOnce::default(),
            unheard: Unheard::default(),
            now: 0,
            last_id: 0,
            last_order: 0,
            dirty: BTreeSet::new(),
            out: Vec::new(),
            opener: None,
        }
    }

    /// Lets hellos open lobbies, up to 256 of them. Beyond that one makes room in which nobody is any more, the longest unused first.
    pub fn set_opener(&mut self, opener: LobbyOpener) {
        self.opener = Some(opener);
    }

    /// The lobby that a hello names. One that there is not is opened for it, where that may be.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub(crate) fn lobby_of(&mut self, hello: &Hello) -> Result<usize, String> {
        if let Some(known) = self.lobbies.iter().position(|lobby| lobby.id == hello.lobby) {
            return Ok(known);
        }
        check_name(&hello.lobby).map_err(|problem| format!("lobby: {problem}"))?;
        let none = || format!("There is no such lobby: {}", hello.lobby);
        let opener = self.opener.as_mut().ok_or_else(none)?;
        let config = opener(hello).map_err(|problem| format!("{}, and none can be opened: {problem}", none()))?;
        config.check().map_err(|problem| format!("{}, and none can be opened: {problem}", none()))?;
        let opened = self.lobbies.iter().filter(|lobby| lobby.on_request).count();
        let place = if opened < MOST_OPENED { self.lobbies.len() } else { self.emptied().ok_or_else(none)? };
        let lobby = hello.lobby.clone();
        self.out.push(Output::Keep(Keep::Lobby { lobby: lobby.clone(), config: Box::new(config.clone()) }));
        let opened = Lobby::new(lobby, config, true);
        match self.lobbies.get_mut(place) {
            Some(found) => *found = opened,
            None => self.lobbies.push(opened),
        }
        Ok(place)
    }

    /// The place of a lobby on request in which nobody is, for another one: of these the one to which nobody has come for the longest.
    fn emptied(&mut self) -> Option<usize> {
        let people = self.people.values().map(|person| person.lobby);
        let busy: BTreeSet<usize> = people.chain(self.matches.values().map(|game| game.lobby)).collect();
        let empty = self.lobbies.iter().enumerate().filter(|(place, lobby)| lobby.on_request && !busy.contains(place));
        let (place, lobby) = empty.min_by_key(|(_, lobby)| lobby.arrivals.0)?;
        self.out.push(Output::Keep(Keep::LobbyClosed { lobby: lobby.id.clone() }));
        self.played.forget_lobby(place);
        self.unheard.forget_lobby(place);
        self.dirty.remove(&place);
        self.timers.cancel(TimerKey::Tell(place));
        self.timers.cancel(TimerKey::Pool(place));
        Some(place)
    }

    /// Opens a lobby that had been opened before the program was stopped. One that there is stays as it is.
    pub fn reopen(&mut self, lobby: String, config: LobbyConfig) {
        if config.check().is_ok() && !self.lobbies.iter().any(|found| found.id == lobby) {
            self.lobbies.push(Lobby::new(lobby, config, true));
        }
    }

    /// Puts a matcher of one's own in the place of a lobby's. Gives `false` where there is no such lobby.
    pub fn set_matcher(&mut self, lobby: &str, matcher: Box<dyn Matcher>) -> bool {
        let found = self.lobbies.iter_mut().find(|found| found.id == lobby);
        found.map(|lobby| lobby.matcher = matcher).is_some()
    }

    /// The lobbies that have to know who has played in them.
    pub fn once_only(&self) -> Vec<String> {
        self.lobbies.iter().filter(|lobby| lobby.config.once).map(|lobby| lobby.id.clone()).collect()
    }

    /// How many participants are remembered because they have played. Of a lobby that may be played again nobody is.
    pub fn remembered(&self) -> usize {
        self.played.len()
    }

    /// A participant has played, which a lobby that is played once has to know.
    pub(crate) fn has_played(&mut self, lobby: usize, participant: String, completion_code: Option<String>) {
        if self.lobbies.get(lobby).is_some_and(|lobby| lobby.config.once) {
            self.played.add(lobby, participant, completion_code);
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
