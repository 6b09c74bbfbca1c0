//! A browser: a game of a match in its Worker, and a page that notes what it is told.
use std::cell::Cell;
use std::rc::Rc;

use palaestra_env::Env;
use palaestra_play::simulation::GivenPolicies;
use palaestra_play::together::{MatchPort, Outgoing};
use palaestra_protocol::together::{Control, Event, Join, PathKind, Start, Told};
use palaestra_protocol::{Body, Failure, Flags, Key, Motion, Operation, Reply, Request, Setup, StepTimes};

/// How long a key waits at the page, and how long its message is on its way.
const QUEUED_MS: f64 = 2.0;
const CROSSED_MS: f64 = 0.5;

/// A confirmed step as the page's record has it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) frame: u32,
    pub(crate) actions: Vec<u8>,
    pub(crate) returns: Vec<u8>,
    pub(crate) hash: u64,
}

/// An episode's beginning: its number, how many steps went before, its seed, what the reset returned, the hash.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Began(pub(crate) u32, pub(crate) u32, pub(crate) u64, pub(crate) Vec<u8>, pub(crate) u64);

/// What a page has been told.
#[derive(Default)]
pub(crate) struct Page {
    pub(crate) entries: Vec<Entry>,
    pub(crate) began: Vec<Began>,
    pub(crate) told: Vec<String>,
    pub(crate) pictures: usize,
    pub(crate) vitals: usize,
    /// The way to each seat, as it was told last.
    pub(crate) paths: [PathKind; 8],
    pub(crate) validated: bool,
    pub(crate) ended: Option<String>,
    /// Nobody needs it any more.
    pub(crate) released: bool,
    pub(crate) errors: Vec<String>,
    /// Strokes that a confirmed step was the first to see.
    pub(crate) strokes: usize,
    /// By how much the match was slower than its pace at the latest step, in milliseconds.
    pub(crate) slowed: f64,
}

pub(crate) struct Player {
    pub(crate) port: MatchPort,
    pub(crate) page: Page,
    pub(crate) codes: u16,
    now: Rc<Cell<f64>>,
}

/// Something on its way to the relay.
pub(crate) enum Sent {
    Server(Vec<u8>),
    Packet(u8, Vec<u8>),
    /// To the browser of a seat, without the relay.
    Direct(u8, Vec<u8>),
    /// The direct connection to a seat is closed.
    Part(u8),
    Connect(String),
    Disconnect,
}

impl Player {
    pub(crate) fn new(
        (env, given): (Env, GivenPolicies),
        setup: &Setup,
        join: &Join<'_>,
        codes: u16,
        now: &Rc<Cell<f64>>,
    ) -> Self {
        Self::try_new((env, given), setup, join, codes, now).unwrap()
    }

    pub(crate) fn try_new(
        (env, given): (Env, GivenPolicies),
        setup: &Setup,
        join: &Join<'_>,
        codes: u16,
        now: &Rc<Cell<f64>>,
    ) -> Result<Self, Failure> {
        let mut payload = Vec::new();
        join.write(&mut payload);
        let port = MatchPort::open(env, setup, &payload, given, now.get()).map_err(|refused| refused.1)?;
        Ok(Self { port, page: Page::default(), codes, now: Rc::clone(now) })
    }

    /// What the page asks, and whether it was done.
    pub(crate) fn ask(&mut self, operation: Operation, payload: &[u8]) -> Result<(), String> {
        let now = self.now.get();
        let request = Request { operation, flags: Flags::default(), id: 9, payload };
        let reply = self.port.answer(request, now, || now);
        match Reply::read(reply, Flags::default()).unwrap() {
            Reply { id: 9, body: Body::Error { message, .. }, .. } => Err(message.to_owned()),
            Reply { id: 9, .. } => Ok(()),
            Reply { id, .. } => panic!("the reply to request {id}"),
        }
    }

    pub(crate) fn start(&mut self, in_ms: f64, input_delay: u8) {
        let mut payload = Vec::new();
        Start { in_ms, input_delay }.write(&mut payload);
        self.ask(Operation::Start, &payload).unwrap();
    }

    pub(crate) fn control(&mut self, control: Control<'_>) {
        let mut payload = Vec::new();
        control.write(&mut payload);
        self.ask(Operation::Control, &payload).unwrap();
    }

    pub(crate) fn key(&mut self, code: u16, motion: Motion) {
        let mut payload = Vec::new();
        let sent = self.now.get() - CROSSED_MS;
        Key { motion, code, at: sent - QUEUED_MS, sent }.write(&mut payload);
        self.ask(Operation::Key, &payload).unwrap();
    }

    /// Does all that is due.
    pub(crate) fn advance(&mut self) {
        let now = self.now.get();
        assert!(self.port.due().is_none_or(|due| due < f64::INFINITY), "never is no time");
        for turn in 0.. {
            assert!(turn < 100, "it never ends: {:?} at {now}", self.port.due());
            if !self.port.advance(|| now) {
                break;
            }
        }
    }

    /// What leaves it; the page takes its part.
    pub(crate) fn outgoing(&mut self) -> Vec<Sent> {
        let mut sent = Vec::new();
        let page = &mut self.page;
        self.port.take(|outgoing| match outgoing {
            Outgoing::Page(message) => page.take(message),
            Outgoing::Server(message) => sent.push(Sent::Server(message.to_vec())),
            Outgoing::Packet { to, bytes } => sent.push(Sent::Packet(to, bytes.to_vec())),
            Outgoing::Direct { to, bytes } => sent.push(Sent::Direct(to, bytes.to_vec())),
            Outgoing::Part { seat } => sent.push(Sent::Part(seat)),
            Outgoing::Connect { url } => sent.push(Sent::Connect(url.to_owned())),
            Outgoing::Disconnect => sent.push(Sent::Disconnect),
        });
        sent
    }
}

impl Page {
    fn take(&mut self, message: &[u8]) {
        if !Event::is(message) {
            let Body::Error { message, .. } = Reply::read(message, Flags::default()).unwrap().body else {
                panic!("a reply that nobody asked for")
            };
            self.errors.push(message.to_owned());
            return;
        }
        match Event::read(message).unwrap() {
            Event::Stepped(step) => {
                assert!(step.confirmed && step.scene.is_empty());
                assert!(step.times.began.is_finite() && step.times.ended >= step.times.began, "{:?}", step.times);
                assert!(step.times.due <= step.times.began, "no frame is played before its time: {:?}", step.times);
                assert!(step.slowed >= self.slowed, "a match does not catch up: {} after {}", step.slowed, self.slowed);
                self.slowed = step.slowed;
                if step.times.pressed.is_finite() {
                    self.strokes += 1;
                    let StepTimes { pressed, queued, called, received, began, .. } = step.times;
                    assert_eq!(queued, pressed + QUEUED_MS, "when the page sent the key");
                    // Of the page's latest message: that key, or one that came after it.
                    assert!(called >= queued && received == called + CROSSED_MS, "{:?}", step.times);
                    assert!(received <= began, "what comes later is not played: {:?}", step.times);
                }
                let (actions, returns) = (step.actions.to_vec(), step.returns.to_vec());
                if let Some(last) = self.entries.last() {
                    assert_eq!(step.frame, last.frame + 1, "steps come in order, without gaps");
                }
                self.entries.push(Entry { frame: step.frame, actions, returns, hash: step.hash.unwrap() });
            }
            Event::Shown(shown) => {
                assert!(!shown.scene.is_empty() && shown.frame >= 1);
                self.pictures += 1;
            }
            Event::Began(began) => {
                assert!(!began.scene.is_empty(), "the first picture of an episode");
                let returns = began.returns.to_vec();
                self.began.push(Began(began.episode, began.frame, began.seed, returns, began.hash.unwrap()));
            }
            Event::Vitals(vitals) => {
                assert!(vitals.rolled_back >= vitals.rollbacks);
                assert_eq!(vitals.rollbacks > 0, vitals.depth > 0, "how far the latest rollback went");
                self.vitals += 1;
                let measured = vitals.paths.iter().filter(|path| path.rtt_ms.is_finite()).count();
                assert!(measured < usize::from(vitals.seats), "there is no way to the own seat");
                self.paths = vitals.paths.map(|path| path.path);
            }
            Event::Told(told) => self.hear(&told),
        }
    }

    fn hear(&mut self, told: &Told<'_>) {
        match told {
            Told::Validated { attempt, paths, .. } => {
                assert_eq!(*attempt, 1, "it is the attempt that was asked for");
                assert!(paths.iter().any(|path| path.rtt_ms.is_finite()));
                self.paths = paths.map(|path| path.path);
                self.validated = true;
            }
            Told::Released => {
                let over = self.ended.is_some() || !self.errors.is_empty();
                assert!(over && !self.released, "once, after the end");
                self.released = true;
            }
            Told::Ended { reason, .. } => {
                assert_eq!(self.ended.replace(reason.name().to_owned()), None, "a match ends once");
            }
            _ => {}
        }
        self.told.push(format!("{told:?}"));
    }
}
