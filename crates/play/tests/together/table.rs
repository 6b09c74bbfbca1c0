//! Several browsers around the relay.
use std::cell::Cell;
use std::rc::Rc;

use palaestra_env::catalog::{self, ActionValue, Entry as CatalogEntry};
use palaestra_env::{Env, Kwargs, Policy, SeededRng, Spec, Value, ValueWriter};
use palaestra_play::returned::Returned;
use palaestra_play::simulation::GivenPolicies;
use palaestra_play::together::MatchWorld;
use palaestra_protocol::together::{Control, DropoutSetup, Join, MatchMode};
use palaestra_protocol::{Flags, InputMode, Motion, SeatSetup, Setup};
use palaestra_record::members::action_from_json;
use palaestra_rollback::{Follower, JointAction, Options, SeatKind};

use crate::crowd::{ACTIONS, crowd, crowd_that_errs, crowd_that_refuses};
use crate::direct::Wires;
use crate::player::{Began, Player, Sent};
use crate::relay::{Letter, Relay};

/// What is played.
#[derive(Clone, Copy)]
pub(crate) enum Game {
    /// An environment of the catalog.
    Catalog(&'static str),
    /// The [`crowd`] of so many agents.
    Crowd(usize),
}

impl Game {
    pub(crate) fn env(self) -> Env {
        match self {
            Self::Catalog(id) => palaestra_envs::make(id, &Kwargs::new()).unwrap(),
            Self::Crowd(agents) => crowd(agents),
        }
    }

    fn entry(self) -> Option<&'static CatalogEntry> {
        match self {
            Self::Catalog(id) => palaestra_envs::CATALOG.entry(id),
            Self::Crowd(_) => None,
        }
    }
}

/// What a browser has loaded for a seat: by its own seat, for an agent.
pub(crate) type Mind = fn(&Spec, u8, usize) -> Box<dyn Policy>;

/// How a match is set up.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) game: Game,
    /// The last so many seats are random policies', or those of minds.
    pub(crate) policies: usize,
    /// Policies from outside, which take the seats of leavers too: by the browser's seat, for an agent.
    pub(crate) minds: Option<Mind>,
    pub(crate) fps: f64,
    pub(crate) seed: u64,
    pub(crate) steps: Option<u32>,
    pub(crate) episodes: Option<u32>,
    pub(crate) mode: MatchMode,
    /// Whether a crowd has no idle action: it waits for everybody's key.
    pub(crate) waits: bool,
    pub(crate) dropout: DropoutSetup,
    pub(crate) latency: f64,
    pub(crate) jitter: f64,
    /// The share of packets that the way to the relay loses.
    pub(crate) loss: f64,
    pub(crate) network: Option<palaestra_protocol::together::NetworkSetup>,
    /// Whose packets it is done to alone; nobody: to all.
    pub(crate) network_of: Option<u8>,
}

pub(crate) fn plan(game: Game, seed: u64) -> Plan {
    Plan {
        game,
        policies: 0,
        minds: None,
        fps: 30.0,
        seed,
        steps: Some(300),
        episodes: None,
        mode: MatchMode::Rollback,
        waits: false,
        dropout: DropoutSetup::End,
        latency: 40.0,
        jitter: 0.0,
        loss: 0.0,
        network: None,
        network_of: None,
    }
}

enum Way {
    Up(Sent),
    Down(Letter),
    /// From the browser of a seat, without the relay.
    Direct(u8, Vec<u8>),
}

struct Travelling {
    at: f64,
    seat: u8,
    /// To or from which incarnation of the seat's Worker.
    life: u32,
    way: Way,
}

pub(crate) struct Table {
    pub(crate) plan: Plan,
    pub(crate) players: Vec<Option<Player>>,
    pub(crate) relay: Relay,
    pub(crate) wires: Wires,
    pub(crate) now: Rc<Cell<f64>>,
    pub(crate) rng: SeededRng,
    pub(crate) lives: Vec<u32>,
    /// Whose persons press keys.
    pub(crate) plays: Vec<bool>,
    travelling: Vec<Travelling>,
    last: Vec<[f64; 2]>,
}

impl Table {
    pub(crate) fn new(plan: Plan) -> Self {
        let people = plan.game.env().spec().agents.len() - plan.policies;
        let mut table = Self {
            players: Vec::new(),
            relay: Relay::new(people),
            wires: Wires::default(),
            now: Rc::new(Cell::new(1_000.0)),
            rng: SeededRng::new(plan.seed),
            lives: vec![1; people],
            plays: vec![true; people],
            travelling: Vec::new(),
            last: vec![[0.0; 2]; people],
            plan,
        };
        table.players = (0..people).map(|seat| Some(table.player(seat as u8, false))).collect();
        table
    }

    /// One browser's environment is damaged after so many steps.
    pub(crate) fn damage(&mut self, seat: u8, steps: u32) {
        let Game::Crowd(agents) = self.plan.game else { panic!("only a crowd errs") };
        let env = crowd_that_errs(agents, Some(steps));
        self.players[usize::from(seat)] = Some(self.player_with(env, &self.join(seat, false)));
    }

    /// Everybody's environment refuses an action where all choose it; and nobody presses a key by chance.
    pub(crate) fn refuse(&mut self, action: i64) {
        let Game::Crowd(agents) = self.plan.game else { panic!("only a crowd refuses") };
        let player = |seat| self.player_with(crowd_that_refuses(agents, action), &self.join(seat as u8, false));
        self.players = (0..self.players.len()).map(|seat| Some(player(seat))).collect();
        self.plays.fill(false);
    }

    /// A browser in a seat.
    pub(crate) fn player(&self, seat: u8, resume: bool) -> Player {
        self.player_who_joins(&self.join(seat, resume))
    }

    /// A browser whose page says so of the match.
    pub(crate) fn player_who_joins(&self, join: &Join<'_>) -> Player {
        self.player_with(self.plan.game.env(), join)
    }

    fn player_with(&self, env: Env, join: &Join<'_>) -> Player {
        let seat = join.seat;
        let (seats, codes) = self.seats(env.spec(), usize::from(seat));
        let setup = Setup {
            fps: self.plan.fps,
            seed: 1,
            max_steps: None,
            snapshots: 0,
            flags: Flags { scene: true, hash: true, ..Flags::default() },
            seats,
        };
        let given = self.given(env.spec(), seat);
        Player::new((env, given), &setup, join, codes, &self.now)
    }

    /// What a browser has loaded for seats.
    pub(crate) fn given(&self, spec: &Spec, side: u8) -> GivenPolicies {
        let Some(mind) = self.plan.minds else { return GivenPolicies::new() };
        (0..spec.agents.len()).map(|agent| (agent, mind(spec, side, agent))).collect()
    }

    pub(crate) fn join(&self, seat: u8, resume: bool) -> Join<'static> {
        Join {
            number: 77,
            seat,
            incarnation: self.lives[usize::from(seat)],
            seed: self.plan.seed,
            epoch: 1,
            mode: self.plan.mode,
            dropout: self.plan.dropout,
            episodes: self.plan.episodes,
            steps: self.plan.steps,
            pause_ms: 100.0,
            grace_ms: 8_000.0,
            resume,
            network: self.plan.network.filter(|_| self.plan.network_of.is_none_or(|of| of == seat)),
            url: "wss://relay/play",
            facts: r#"{"user_agent":"none"}"#,
            options: &[],
        }
    }

    fn seats(&self, spec: &Spec, own: usize) -> (Vec<SeatSetup>, u16) {
        let mut codes = 0;
        let people = spec.agents.len() - self.plan.policies;
        let seats = (0..spec.agents.len()).map(|agent| {
            if agent >= people {
                if self.plan.minds.is_some() {
                    return SeatSetup::Policy;
                }
                let expert = matches!(self.plan.dropout, DropoutSetup::Expert { .. });
                return if expert { SeatSetup::Expert { skill: 0.8 } } else { SeatSetup::Random };
            }
            let (mode, bindings, idle) = self.keys(spec, agent);
            if agent == own {
                codes = bindings.len() as u16;
                SeatSetup::Person { mode, bindings, idle }
            } else {
                SeatSetup::Remote { idle }
            }
        });
        (seats.collect(), codes)
    }

    /// One key per action.
    #[allow(clippy::type_complexity, reason = "the message's own")]
    fn keys(&self, spec: &Spec, agent: usize) -> (InputMode, Vec<(Vec<u16>, Vec<u8>)>, Vec<Vec<u8>>) {
        let numbered = |actions: Vec<Vec<u8>>| (0..).map(|code| vec![code]).zip(actions).collect();
        let Some(entry) = self.plan.game.entry() else {
            let all = (0..ACTIONS).map(|action| bytes(&Value::Discrete(action)));
            let still = bytes(&Value::Discrete(0));
            let (mode, idle) = match self.plan.waits {
                true => (InputMode::SingleKeystroke, Vec::new()),
                false => (InputMode::PressedKeys, vec![still]),
            };
            return (mode, numbered(all.collect()), idle);
        };
        let encoded = |action: ActionValue| {
            let json = serde_json::to_value(action).unwrap();
            bytes(&action_from_json(spec, &spec.action_spaces[agent], &json).unwrap())
        };
        let keys = entry.keys[if entry.keys_go_with_seats { agent } else { 0 }];
        let actions = keys.iter().map(|binding| encoded(binding.action)).collect();
        let mode = match entry.input_mode {
            catalog::InputMode::PressedKeys => InputMode::PressedKeys,
            catalog::InputMode::SingleKeystroke => InputMode::SingleKeystroke,
        };
        (mode, numbered(actions), entry.idle.iter().map(|action| encoded(*action)).collect())
    }

    /// Everybody connects, shakes hands and starts.
    pub(crate) fn begin(&mut self) {
        self.begin_with(2);
    }

    /// The same with so many frames from a key to its step.
    pub(crate) fn begin_with(&mut self, input_delay: u8) {
        self.run(300.0);
        for player in self.players.iter_mut().flatten() {
            player.control(Control::Validate { attempt: 1, relay: false });
        }
        self.run(1_500.0);
        for (seat, player) in self.players.iter_mut().enumerate() {
            let player = player.as_mut().unwrap();
            assert!(player.page.validated, "seat {seat}: {:?}", player.page.told);
            // The `start` arrives at different times.
            player.start(500.0 - 30.0 * seat as f64, input_delay);
        }
    }

    pub(crate) fn run(&mut self, ms: f64) {
        let until = self.now.get() + ms;
        while self.now.get() < until {
            self.now.set(self.now.get() + 1.0);
            self.deliver();
            for seat in 0..self.players.len() {
                self.press(seat);
                if let Some(player) = &mut self.players[seat] {
                    player.advance();
                }
                self.collect(seat as u8);
            }
        }
    }

    fn press(&mut self, seat: usize) {
        let Some(player) = &mut self.players[seat] else { return };
        if self.plays[seat] && player.codes > 0 && self.rng.random() < 0.01 {
            let code = self.rng.choice(player.codes.into()) as u16;
            let motion = if self.rng.random() < 0.55 { Motion::Down } else { Motion::Up };
            player.key(code, motion);
        }
    }

    /// What a browser sends sets out.
    pub(crate) fn collect(&mut self, seat: u8) {
        let Some(player) = &mut self.players[usize::from(seat)] else { return };
        for sent in player.outgoing() {
            if let Sent::Direct(to, packet) = sent {
                if let Some(late) = self.wires.takes(seat, to, packet.len(), &mut self.rng) {
                    let (at, life) = (self.now.get() + late, self.lives[usize::from(to)]);
                    self.travelling.push(Travelling { at, seat: to, life, way: Way::Direct(seat, packet) });
                }
                continue;
            }
            let lost = matches!(sent, Sent::Packet(..)) && self.rng.random() < self.plan.loss;
            if !lost {
                self.travel(seat, Way::Up(sent), 0);
            }
        }
        for (to, letter) in std::mem::take(&mut self.relay.letters) {
            self.travel(to, Way::Down(letter), 1);
        }
    }

    /// A connection keeps the order, each way.
    fn travel(&mut self, seat: u8, way: Way, direction: usize) {
        let late = self.plan.latency / 2.0 + self.rng.uniform(0.0, self.plan.jitter.max(f64::MIN_POSITIVE));
        let last = &mut self.last[usize::from(seat)][direction];
        *last = last.max(self.now.get() + late);
        let (at, life) = (*last, self.lives[usize::from(seat)]);
        self.travelling.push(Travelling { at, seat, life, way });
    }

    fn deliver(&mut self) {
        let now = self.now.get();
        let (due, rest) = std::mem::take(&mut self.travelling).into_iter().partition(|travelling| travelling.at <= now);
        self.travelling = rest;
        let due: Vec<Travelling> = due;
        for Travelling { seat, life, way, .. } in due {
            if life != self.lives[usize::from(seat)] {
                continue;
            }
            match way {
                Way::Up(sent) => self.arrives(seat, sent),
                Way::Direct(from, packet) => {
                    let player = self.players[usize::from(seat)].as_mut();
                    player.into_iter().for_each(|player| player.port.direct_packet(now, from, &packet));
                }
                Way::Down(letter) => {
                    let Some(player) = &mut self.players[usize::from(seat)] else { continue };
                    match letter {
                        Letter::Opened => player.port.socket_opened(now),
                        Letter::Closed(code) => player.port.socket_closed(now, code, "cut"),
                        Letter::Message(message) => player.port.server(now, &message),
                    }
                }
            }
        }
    }

    fn arrives(&mut self, seat: u8, sent: Sent) {
        let open = self.relay.connected[usize::from(seat)];
        self.relay.now = self.now.get();
        match sent {
            Sent::Connect(url) => {
                assert!(url.starts_with("wss://relay/"));
                self.relay.open(seat);
            }
            Sent::Disconnect => self.relay.cut(seat, None),
            Sent::Server(message) if open => self.relay.hear(seat, &message),
            Sent::Packet(to, packet) if open && self.relay.connected.get(usize::from(to)) == Some(&true) => {
                self.relay.relayed += 1;
                self.relay.lengths.push(packet.len());
                let message = palaestra_protocol::server::FromServer::Relay { from: seat, packet: &packet }.write();
                self.relay.letters.push((to, Letter::Message(message)));
            }
            Sent::Part(to) => self.wires.parted.push((seat, to)),
            Sent::Server(_) | Sent::Packet(..) | Sent::Direct(..) => {}
        }
        for (to, letter) in std::mem::take(&mut self.relay.letters) {
            self.travel(to, Way::Down(letter), 1);
        }
    }

    /// The true state of so many frames that all have confirmed, as a server that replays them makes it.
    pub(crate) fn true_state(&self, frames: u32, epoch: u32) -> Vec<u8> {
        let (follower, world) = self.followed(frames);
        let mut state = Vec::new();
        follower.checkpoint(epoch, &world, &mut state);
        state
    }

    /// The same of a server that has not the policies.
    pub(crate) fn state_of_peers(&self, frames: u32, epoch: u32) -> Vec<u8> {
        let mut state = Vec::new();
        self.followed(frames).0.checkpoint_of_peers(epoch, &mut state);
        state
    }

    fn followed(&self, frames: u32) -> (Follower, MatchWorld) {
        let env = self.plan.game.env();
        let (seats, _) = self.seats(env.spec(), 0);
        let given = self.given(env.spec(), 0);
        let (longest, people) = (8, seats.len() - self.plan.policies);
        let kind = |seat| if seat < people { SeatKind::Person { longest } } else { SeatKind::Policy { longest } };
        let kinds = (0..seats.len()).map(kind).collect();
        let options = Options::new(77, self.plan.seed, kinds, 0);
        let mut world = MatchWorld::new(env, &seats, self.plan.dropout, self.plan.seed, Kwargs::new(), (8, given))
            .map_err(drop)
            .unwrap();
        let mut follower = Follower::new(&options, &mut world);
        for (frame, (_, bytes, _)) in (0..frames).zip(&self.relay.stored[0]) {
            let mut joint = JointAction::new(vec![longest; seats.len()]);
            for (seat, action) in (0..).zip(bytes.chunks(longest.into())) {
                assert!(joint.set(seat, action));
            }
            follower.play(frame, joint.actions(), &mut world).unwrap();
        }
        (follower, world)
    }

    pub(crate) fn page(&self, seat: usize) -> &crate::player::Page {
        &self.players[seat].as_ref().unwrap().page
    }

    pub(crate) fn reasons(&self) -> Vec<Option<&str>> {
        self.players.iter().flatten().map(|player| player.page.ended.as_deref()).collect()
    }

    /// All have the same entries, as far as both have any, and a replay comes to the same.
    pub(crate) fn check(&self) {
        let pages: Vec<_> = self.players.iter().flatten().map(|player| &player.page).collect();
        let longest = pages.iter().max_by_key(|page| page.entries.len()).unwrap();
        assert!(self.relay.refused.is_empty(), "{:?}", self.relay.refused);
        for page in &pages {
            assert!(page.errors.is_empty(), "{:?}", page.errors);
            let Some(first) = page.entries.first() else { continue };
            let from = (first.frame - longest.entries[0].frame) as usize;
            assert!(longest.entries[from..].starts_with(&page.entries), "the histories differ");
            let same = |began: &Began| longest.began.contains(began);
            assert!(page.began.iter().all(same), "{:?} {:?}", page.began, longest.began);
        }
        self.replay(&longest.began, &longest.entries);
        for (seat, stored) in self.relay.stored.iter().enumerate() {
            for (frame, (reset, actions, hash)) in stored.iter().enumerate() {
                let entry = &longest.entries[frame];
                assert_eq!((actions, *hash), (&entry.actions, entry.hash), "seat {seat}, frame {frame}");
                let began = longest.began.iter().find(|Began(_, before, ..)| *before == frame as u32);
                assert_eq!(*reset, began.map(|Began(_, _, seed, _, hash)| (*seed, *hash)), "frame {frame}");
            }
        }
    }

    fn replay(&self, began: &[Began], entries: &[crate::player::Entry]) {
        let mut env = self.plan.game.env();
        let mut returned = Returned::new();
        let flags = Flags { hash: true, ..Flags::default() };
        let spaces = env.spec().action_spaces.clone();
        for (frame, entry) in entries.iter().enumerate() {
            if let Some(Began(_, _, seed, returns, hash)) = began.iter().find(|began| began.1 == frame as u32) {
                env.reset(Some(*seed), &Kwargs::new()).unwrap();
                returned.take(&env, flags);
                assert_eq!((returned.returns(), returned.hash()), (returns.as_slice(), Some(*hash)));
            }
            let mut reader = palaestra_env::ValueReader::new(&entry.actions);
            let actions: Vec<Value> = spaces.iter().map(|space| reader.read(space).unwrap()).collect();
            env.step(&actions).unwrap();
            returned.take(&env, flags);
            assert_eq!((returned.returns(), returned.hash()), (entry.returns.as_slice(), Some(entry.hash)));
        }
    }
}

fn bytes(action: &Value) -> Vec<u8> {
    let mut writer = ValueWriter::new();
    writer.value(action);
    writer.bytes().to_vec()
}
