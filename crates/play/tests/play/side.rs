//! One browser's side of a match: the real [`Game`], with a Worker and a server that say what a test has them say. The steps are
//! those of a real environment, so that the record can be replayed.
use std::rc::Rc;

use palaestra_env::{Env, Kwargs, Value};
use palaestra_play::Game;
use palaestra_play::game::{Event, FromServer, Made, MatchTold, Matched, Options, Output, SeatKind, Teardown, Timer};
use palaestra_play::returned::Returned;
use palaestra_protocol::together::{self, Began, DropoutSetup, EndReason, Join, MatchMode, SeatPath, Shown, Told};
use palaestra_protocol::{Flags, InputMode, Operation, StepTimes, Stepped};
use palaestra_record::{Header, Record, write_jsonl};
use palaestra_session::{DisposalOutcome, State};

use crate::people::bytes;
use crate::plan::{CODES, options, person};
use crate::toy;

pub(crate) const SEED: u64 = 4242;

pub(crate) struct Side {
    pub(crate) game: Game,
    pub(crate) now: f64,
    pub(crate) env: Env,
    pub(crate) out: Vec<Output>,
    pub(crate) chunks: Vec<Vec<u8>>,
    pub(crate) episode: u32,
    pub(crate) frame: u32,
    /// Whether the Worker has joined the match as soon as it is asked to.
    pub(crate) joins_at_once: bool,
}

pub(crate) fn matched(seat: u8) -> Matched {
    Matched {
        number: 9,
        seat,
        incarnation: 1,
        seats: vec![SeatKind::Person; 2],
        fps: 40.0,
        seed: SEED,
        epoch: 1,
        mode: MatchMode::Rollback,
        dropout: DropoutSetup::Pause,
        grace_ms: 30_000.0,
        network: None,
        url: "ws://server/play?ticket=t".into(),
        facts: "{}".into(),
    }
}

pub(crate) fn together(change: impl FnOnce(&mut Options)) -> Options {
    let mut options = Options { together: true, ..options(2, 25.0) };
    change(&mut options);
    options
}

impl Side {
    pub(crate) fn new(now: f64, options: Options) -> Self {
        let mut out = Vec::new();
        let game = Game::new(now, options, false, &mut out);
        let env = toy::make(toy::ID, &Kwargs::new()).unwrap();
        Self { game, now, env, out, chunks: Vec::new(), episode: 0, frame: 0, joins_at_once: true }
    }

    /// Something happens; what was asked for is kept for the test to look at, and what a browser does at once is done.
    pub(crate) fn handle(&mut self, event: Event<'_>) {
        let from = self.out.len();
        self.game.handle(self.now, event, &mut self.out);
        for output in &self.out[from..] {
            if let Output::Keep(chunk) = output {
                self.chunks.push(chunk.clone());
            }
        }
        let joins = |output: &Output| matches!(output, Output::Request { operation: Operation::Join, .. });
        if self.joins_at_once && self.out[from..].iter().any(joins) {
            self.handle(Event::Done(Operation::Join));
        }
        if self.out[from..].contains(&Output::CloseWorker) {
            let teardown = Teardown { outcome: DisposalOutcome::Graceful, duration_ms: 1.0, rejected: 0 };
            self.handle(Event::WorkerGone(Some(teardown)));
        }
    }

    pub(crate) fn server(&mut self, message: FromServer) {
        self.handle(Event::Match(message));
    }

    pub(crate) fn told(&mut self, told: Told<'_>) {
        self.handle(Event::Worker(together::Event::Told(told)));
    }

    pub(crate) fn made(&mut self) {
        let made = Made {
            spec: Rc::new(self.env.spec().clone()),
            clock_offset: 100.0,
            seats: vec![person(InputMode::PressedKeys, false, true); 2],
            codes: CODES.map(String::from).to_vec(),
        };
        self.handle(Event::Made(Box::new(made)));
    }

    pub(crate) fn socket_opens(&mut self) {
        self.told(Told::SocketOpen { seat: 0, epoch: 1, frames: 0, connected: 3 });
    }

    /// All the way to a game that is played.
    pub(crate) fn play(&mut self, seat: u8) {
        self.server(FromServer::Matched(Box::new(matched(seat))));
        self.made();
        self.socket_opens();
        self.server(FromServer::Validate { attempt: 1, relay: false });
        self.told(Told::Validated { attempt: 1, seats: 2, paths: [SeatPath::default(); 8] });
        self.server(FromServer::Start { in_ms: 500.0, input_delay: 3 });
        self.begins();
        assert_eq!(self.game.state(), State::Playing);
    }

    /// The next episode begins.
    pub(crate) fn begins(&mut self) {
        let seed = SEED + u64::from(self.episode);
        self.env.reset(Some(seed), &Kwargs::new()).unwrap();
        let mut returned = Returned::new();
        returned.take(&self.env, Flags { scene: true, autoreset: false, hash: true });
        let (episode, frame, hash) = (self.episode, self.frame, returned.hash());
        let began = Began { episode, frame, seed, returns: returned.returns(), hash, scene: returned.scene() };
        self.handle(Event::Worker(together::Event::Began(began)));
        self.episode += 1;
    }

    /// A picture so many frames ahead of what is final.
    pub(crate) fn shown(&mut self, ahead: u32, predicted: u32) {
        let shown = Shown { frame: self.frame + ahead, predicted, times: times(self.now), scene: &[1, 2] };
        self.handle(Event::Worker(together::Event::Shown(shown)));
    }

    /// The next step is final. Gives whether the episode is over.
    pub(crate) fn steps(&mut self, actions: [i64; 2]) -> bool {
        let values = actions.map(Value::Discrete);
        self.env.step(&values).unwrap();
        let mut returned = Returned::new();
        returned.take(&self.env, Flags { scene: false, autoreset: false, hash: true });
        self.frame += 1;
        let actions: Vec<u8> = values.iter().flat_map(bytes).collect();
        self.handle(Event::Stepped(Stepped {
            frame: self.frame,
            confirmed: true,
            times: times(self.now),
            slowed: 0.0,
            actions: &actions,
            returns: returned.returns(),
            hash: returned.hash(),
            scene: &[],
        }));
        self.env.outcome().over()
    }

    /// It is over: everything is confirmed and stored.
    pub(crate) fn completes(&mut self) {
        self.told(Told::Ended { reason: EndReason::Complete, frames: self.frame });
        self.told(Told::Released);
    }

    /// What the page's client was told.
    pub(crate) fn client(&self) -> Vec<MatchTold> {
        let told = |output: &'_ Output| match output {
            Output::TellMatch(told) => Some(told.clone()),
            _ => None,
        };
        self.out.iter().filter_map(told).collect()
    }

    /// What the Worker was asked for.
    pub(crate) fn asked(&self) -> Vec<Operation> {
        let asked = |output: &Output| match output {
            Output::Request { operation, .. } => Some(*operation),
            _ => None,
        };
        self.out.iter().filter_map(asked).collect()
    }

    pub(crate) fn joins(&self) -> Vec<Join<'_>> {
        let joins = self.out.iter().filter_map(|output| match output {
            Output::Request { operation: Operation::Join, payload, .. } => Some(Join::read(payload).unwrap()),
            _ => None,
        });
        joins.collect()
    }

    /// The timers that are set.
    pub(crate) fn timers(&self) -> Vec<Timer> {
        let set = |timer: &Timer| {
            let last = self.out.iter().rev().find_map(|output| match output {
                Output::SetTimer { timer: found, after } if found == timer => Some(after.is_some()),
                _ => None,
            });
            last.unwrap_or(false)
        };
        Timer::ALL.into_iter().filter(set).collect()
    }

    /// The record of a game that is over, as its file is.
    pub(crate) fn record(&self) -> String {
        assert_eq!(self.game.state(), State::Disposed);
        let record = Record::from_chunks(self.chunks.clone()).unwrap();
        let header = Header::new(toy::ID, Kwargs::new(), Some(self.game.options().seed));
        let mut text = Vec::new();
        write_jsonl(&header, self.env.spec(), &record, &self.game.numbers(), &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }
}

fn times(now: f64) -> StepTimes {
    let at = now - 100.0;
    StepTimes { pressed: f64::NAN, queued: f64::NAN, called: now, received: at, due: at, began: at, ended: at + 0.1 }
}

/// What all sides of a match say alike: everything but the events, the times and the metrics, which are each side's own.
pub(crate) fn shared(record: &str) -> Vec<serde_json::Value> {
    let lines = record.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let own = |line: &serde_json::Value| line["type"] == "event";
    let without = |mut line: serde_json::Value| {
        ["time", "key_time", "metrics"].iter().for_each(|own| drop(line.as_object_mut().unwrap().remove(*own)));
        line
    };
    lines.filter(|line| !own(line)).map(without).collect()
}
