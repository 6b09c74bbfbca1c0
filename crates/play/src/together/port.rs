//! A game of a match behind messages: what it is, when it has something to do, and what it does then.
use palaestra_env::{Env, Scene, Value, ValueWriter};
use palaestra_protocol::server::{PeerState, ToServer};
use palaestra_protocol::together::{Join, Told};
use palaestra_protocol::{Failure, Flags, Operation, ReplyWriter, Setup, StepTimes};
use palaestra_rollback::{Event, Options, Peer, SeatSet};

use super::asking::Asking;
use super::following::{BREATH_MS, SLICE_MS};
use super::frames::NO_TIMES;
use super::handshake::{Handshake, Own};
use super::history::History;
use super::injected::{Injected, send};
use super::note::Note;
use super::outbox::{Outbox, Outgoing};
use super::paths::Paths;
use super::setting::setting;
use super::socket::{Act, Socket};
use super::world::MatchWorld;
use crate::keyboard::Keyboard;
use crate::port::malformed;
use crate::simulation::GivenPolicies;

/// How often the page is told how the match is.
const VITALS_MS: f64 = 1_000.0;
/// How long the play socket stays for what was confirmed, after the end.
const STORING_MS: f64 = 10_000.0;

/// A game of a match that is told what to do by the page's requests, other browsers' packets and the server's messages. What is to
/// be sent is [taken](Self::take) after each of them.
pub struct MatchPort {
    pub(super) world: MatchWorld,
    pub(super) keyboard: Keyboard,
    /// Whether an episode is played: keys that are struck while none is are no actions of the next.
    pub(super) played: bool,
    pub(super) options: Options,
    pub(super) flags: Flags,
    /// Nobody before the start.
    pub(super) peer: Option<Peer>,
    /// What came before the start: others may have started a little sooner.
    pub(super) early: Vec<(u8, Vec<u8>)>,
    pub(super) early_state: Option<Vec<u8>>,
    /// What the server has pronounced of each seat, frames and inputs: whoever has no state yet takes it when it has one.
    pub(super) leavers: [Option<(u32, Vec<u8>)>; 8],
    pub(super) resumes: bool,
    /// Whoever resumes: whether it has a state, and from which frame on it confirms.
    pub(super) has_state: bool,
    pub(super) joined_at: Option<u32>,
    /// The browsers' states differ: nothing is confirmed until the server has said from which one all go on.
    pub(super) differs: bool,
    pub(super) handshake: Handshake,
    pub(super) history: History,
    pub(super) socket: Socket,
    pub(super) injected: Option<Injected>,
    pub(super) url: String,
    pub(super) facts: String,
    pub(super) paths: Paths,
    pub(super) peers: [Option<PeerState>; 8],
    pub(super) stalled: u8,
    /// The first frame that has not been shown yet.
    pub(super) shown: u32,
    pub(super) depth: u32,
    pub(super) ended_at: Option<f64>,
    /// Nobody needs this browser any more.
    released: bool,
    /// The latest message of the page: when it was sent, on the page's clock, and when it arrived.
    pub(super) message: (f64, f64),
    pub(super) out: Outbox,
    pub(super) notes: Vec<Note>,
    pub(super) scene: Scene,
    pub(super) reply: ReplyWriter,
    pub(super) failed: bool,
    action: Value,
    writer: ValueWriter,
    next_vitals: f64,
    pub(super) asking: Asking,
    /// Since when ticks have been played without a pause, and before when none is: where steps take longer than ticks messages are to be
    /// heard all the same.
    busy_since: Option<f64>,
    not_before: f64,
}

impl MatchPort {
    /// Makes a game one of a match, as the payload of [`Operation::Join`] says; nothing of it has been played yet. `setup` is
    /// what it was set up by, `given` the policies that came from outside.
    ///
    /// # Errors
    /// The environment, unchanged, and a [`Failure`] for what does not fit.
    pub fn open(
        env: Env,
        setup: &Setup,
        payload: &[u8],
        given: GivenPolicies,
        now: f64,
    ) -> Result<Self, Box<(Env, Failure)>> {
        let join = match Join::read(payload) {
            Ok(join) => join,
            Err(error) => return Err(Box::new((env, malformed(Operation::Join, &error)))),
        };
        let setting = setting(env, setup, &join, given)?;
        let (options, world) = (setting.options, setting.world);
        let own: SeatSet = [join.seat].into_iter().collect();
        let others = options.people().without(own);
        let who = Own { number: join.number, seat: join.seat, incarnation: join.incarnation, world: world.begins_at };
        let spaces = &world.env().spec().action_spaces;
        Ok(Self {
            action: spaces.get(usize::from(join.seat)).map_or(Value::None, Value::blank),
            keyboard: setting.keyboard,
            played: false,
            flags: setup.flags,
            peer: None,
            early: Vec::new(),
            early_state: None,
            leavers: Default::default(),
            resumes: join.resume,
            has_state: false,
            joined_at: (!join.resume).then_some(0),
            differs: false,
            handshake: Handshake::new(who, others),
            history: History::new(setting.options_text),
            socket: Socket::new(now, options.grace),
            injected: join.network.map(Injected::new),
            url: join.url.to_owned(),
            facts: join.facts.to_owned(),
            paths: Paths::new(join.number, join.seat, others),
            peers: [None; 8],
            stalled: 0,
            shown: 0,
            depth: 0,
            ended_at: None,
            released: false,
            message: (f64::NAN, f64::NAN),
            out: Outbox::default(),
            notes: Vec::new(),
            scene: Scene::default(),
            reply: ReplyWriter::new(),
            failed: false,
            writer: ValueWriter::new(),
            next_vitals: f64::INFINITY,
            asking: Asking::new(),
            busy_since: None,
            not_before: f64::NEG_INFINITY,
            world,
            options,
        })
    }

    /// What it plays.
    pub fn world(&self) -> &MatchWorld {
        &self.world
    }

    /// The core; nobody before the start.
    pub fn peer(&self) -> Option<&Peer> {
        self.peer.as_ref()
    }

    /// Whether the environment is free for another match: this one has not begun, or is over.
    pub fn is_free(&self) -> bool {
        self.peer.is_none() || self.ended_at.is_some()
    }

    /// The environment and the policies, given away.
    pub fn into_parts(self) -> (Env, GivenPolicies) {
        self.world.into_parts()
    }

    /// Gives away what is to be sent, in order.
    pub fn take(&mut self, take: impl FnMut(Outgoing<'_>)) {
        self.out.each(take);
    }

    /// When [`advance`](Self::advance) will have something to do, if nothing comes before.
    pub fn due(&self) -> Option<f64> {
        let resting = [
            self.ticks_at(),
            self.handshake.due(),
            self.injected.as_ref().and_then(Injected::due),
            self.paths.due(),
            self.socket.due(),
            self.history.due(),
            self.ended_at.is_none().then_some(self.next_vitals.min(self.asks_at())),
            self.closes_at(),
        ];
        resting.into_iter().flatten().filter(|due| *due < f64::INFINITY).min_by(f64::total_cmp)
    }

    /// When the next tick is played.
    fn ticks_at(&self) -> Option<f64> {
        let due = self.peer.as_ref().and_then(Peer::due)?;
        Some(due.max(self.not_before))
    }

    /// When the server is asked for a state.
    fn asks_at(&self) -> f64 {
        let asks = self.differs || self.resumes && !self.has_state;
        if asks && self.ended_at.is_none() && self.socket.is_open() { self.asking.due() } else { f64::INFINITY }
    }

    /// When this browser is needed no more: after the end, when the others know of it and the server has stored everything, or takes
    /// nothing more.
    fn closes_at(&self) -> Option<f64> {
        let ended = self.ended_at.filter(|_| !self.released)?;
        let lingers = self.peer.as_ref().is_some_and(|peer| peer.due().is_some());
        let stored = self.history.is_stored() || self.socket.due().is_none();
        if self.failed || (stored && !lingers) {
            return Some(ended);
        }
        Some(ended + STORING_MS)
    }

    /// Does what is due, and says whether anything was; `now` is the clock of all times.
    pub fn advance(&mut self, now: impl Fn() -> f64) -> bool {
        let at = now();
        if self.due().is_none_or(|due| due > at) {
            return false;
        }
        self.tend_socket(at);
        let Self { out, injected, paths, .. } = self;
        self.handshake.advance(at, |to, packet| send((injected, paths, out), at, to, packet));
        self.tend_paths(at);
        if self.ticks_at().is_some_and(|due| due <= at) {
            self.tick(at, &now);
        }
        if let Some(injected) = &mut self.injected {
            injected.advance(at, |to, packet| self.out.packet(&self.paths, to, packet));
        }
        self.history.advance(at, false, |message| self.out.server(message));
        if self.asks_at() <= at {
            self.ask(at);
        }
        if self.next_vitals <= at {
            self.next_vitals = at + VITALS_MS;
            self.tell_vitals();
        }
        if self.closes_at().is_some_and(|closes| closes <= at) {
            self.out.page(|out| Told::Released.write(out));
            self.close_socket();
        }
        true
    }

    /// Asks the server for a state: for all, where they differ, else for this browser.
    fn ask(&mut self, now: f64) {
        self.asking.asked(now);
        let question = match &self.peer {
            Some(peer) if self.differs => {
                // The server's state is the last one that was confirmed to it.
                self.history.advance(now, true, |message| self.out.server(message));
                ToServer::Desync { epoch: peer.epoch() }
            }
            _ => ToServer::AskState,
        };
        self.out.server(&question.write());
    }

    /// The first frame is due then; whoever resumes asks for a state.
    pub(super) fn start(&mut self, peer: Peer, now: f64) {
        self.peer = Some(peer);
        self.next_vitals = now + VITALS_MS;
        self.asking.begin(now);
        self.handshake.end();
    }

    fn tick(&mut self, at: f64, now: &impl Fn() -> f64) {
        let Some(peer) = &mut self.peer else { return };
        let (called, received) = self.message;
        let due = peer.due().unwrap_or(at);
        self.world.times = StepTimes { called, received, due, began: at, ..NO_TIMES };
        let acts = peer.takes_action() && self.keyboard.ready();
        self.writer.clear();
        if acts {
            let stroke = self.keyboard.act(&mut self.action);
            let frame = peer.frame().saturating_add(peer.options().delay);
            stroke.into_iter().for_each(|stroke| self.world.frames.struck(frame, stroke));
            self.writer.value(&self.action);
        }
        let (played, before) = (self.world.frames.next(), peer.stats().rolled_back);
        let writer = std::mem::take(&mut self.writer);
        self.hear(at, Event::Tick { action: acts.then_some(writer.bytes()) });
        self.writer = writer;
        let ended = now();
        self.world.frames.ended(played, ended);
        self.busy(at, ended);
        let rolled_back = self.peer.as_ref().map_or(before, |peer| peer.stats().rolled_back);
        if rolled_back > before {
            self.depth = u32::try_from(rolled_back - before).unwrap_or(u32::MAX);
        }
        self.tell(at);
    }

    /// A tick has been played. Where the next is due already, and so it has been for a while, it has to wait for a moment.
    fn busy(&mut self, at: f64, ended: f64) {
        let behind = self.peer.as_ref().and_then(Peer::due).is_some_and(|due| due <= ended);
        let since = behind.then(|| self.busy_since.unwrap_or(at));
        self.busy_since = since.filter(|since| ended - since < SLICE_MS);
        if since.is_some() && self.busy_since.is_none() {
            self.not_before = ended + BREATH_MS;
        }
    }

    fn tend_socket(&mut self, now: f64) {
        let mut acts = Vec::new();
        self.socket.advance(now, |act| acts.push(act));
        acts.into_iter().for_each(|act| self.act(now, act, ""));
    }

    pub(super) fn close_socket(&mut self) {
        self.released = true;
        let out = &mut self.out;
        self.socket.close(|_| out.disconnect());
        self.history.disconnected();
    }

    /// Does what the life of the socket asks for.
    pub(super) fn act(&mut self, now: f64, act: Act, text: &str) {
        if let Some(code) = self.out.act(&self.url, now, act, text) {
            self.out.page(|out| Told::SocketRefused { code, text }.write(out));
        }
        if matches!(act, Act::Lost { .. } | Act::Refused { .. }) {
            self.history.disconnected();
            self.asking.lost(now);
        }
    }
}
