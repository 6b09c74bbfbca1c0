//! A Worker around the real [`Port`], on a clock of its own. It checks every tick by what the page has said to it.
use std::cell::Cell;
use std::collections::VecDeque;

use palaestra_env::{Env, Value};
use palaestra_play::Port;
use palaestra_play::simulation::MOST_AHEAD_MS;
use palaestra_protocol::{
    Act, Body, ErrorCode, Failure, Grant, InputMode, Key, Motion, Operation, Reply, ReplyWriter, Request, Reset,
    SeatSetup, Setup, Stamps, StepTimes, Stepped,
};

/// A step as the Port told of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    pub(crate) frame: u32,
    pub(crate) times: StepTimes,
    pub(crate) actions: Vec<u8>,
    pub(crate) returns: Vec<u8>,
    pub(crate) hash: Option<u64>,
}

/// Everything the Port told of, in order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Told {
    Reset { seed: Option<u64>, returns: Vec<u8> },
    Step(Step),
}

pub(crate) struct Worker {
    /// What to add to a time of its clock to have it on the page's.
    pub(crate) offset: f64,
    /// Until when it is busy, on the page's clock.
    pub(crate) busy_until: f64,
    /// It does nothing any more, and says nothing.
    pub(crate) dead: bool,
    /// Its next reply is an error.
    pub(crate) refuses_next: bool,
    pub(crate) told: Vec<Told>,
    env: Option<Env>,
    port: Option<Port>,
    /// Milliseconds between two looks at the clock: what work takes.
    cost: f64,
    setup: Option<Setup>,
    granted: Option<f64>,
    /// Whether an episode has begun and is not over.
    in_episode: bool,
    last_due: f64,
    strokes: Strokes,
}

impl Worker {
    pub(crate) fn new(env: Env, offset: f64, cost: f64) -> Self {
        Self {
            offset,
            busy_until: f64::NEG_INFINITY,
            dead: false,
            refuses_next: false,
            told: Vec::new(),
            env: Some(env),
            port: None,
            cost,
            setup: None,
            granted: None,
            in_episode: false,
            last_due: f64::NEG_INFINITY,
            strokes: Strokes::default(),
        }
    }

    /// When it wants to be woken, on the page's clock.
    pub(crate) fn due(&self) -> Option<f64> {
        self.port.as_ref().filter(|_| !self.dead)?.due().map(|due| due + self.offset)
    }

    /// A message has arrived. Gives the reply.
    pub(crate) fn receive(&mut self, now: f64, message: &[u8]) -> Option<Vec<u8>> {
        if self.dead {
            return None;
        }
        let request = Request::read(message).expect("a page sends requests");
        let received = now - self.offset;
        let refused = std::mem::take(&mut self.refuses_next);
        let reply = if refused {
            let body = Body::Error { code: ErrorCode::WorkerFailed, message: "expected to go well, did not" };
            ReplyWriter::new().write(request.operation, request.id, Stamps::default(), body).to_vec()
        } else if request.operation == Operation::Play {
            self.play(&request)
        } else if let Some(port) = self.port.as_mut() {
            let clock = Cell::new(received);
            let reply = port.answer(request, received, || tick(&clock, self.cost)).to_vec();
            self.busy_until = clock.get() + self.offset;
            reply
        } else {
            // It refused to play.
            let body = Body::Error { code: ErrorCode::OutOfOrder, message: "expected a game, found none" };
            return Some(ReplyWriter::new().write(request.operation, request.id, Stamps::default(), body).to_vec());
        };
        if !refused {
            self.heard(received, &request, &reply);
        }
        Some(reply)
    }

    fn play(&mut self, request: &Request<'_>) -> Vec<u8> {
        let env = self.env.take().expect("a game is opened once");
        self.setup = Some(Setup::read(request.payload).expect("a page sends setups"));
        let mut writer = ReplyWriter::new();
        match Port::open(env, request.payload, Vec::new()) {
            Ok(port) => {
                self.port = Some(port);
                writer.write(request.operation, request.id, Stamps::default(), Body::Done).to_vec()
            }
            Err(refused) => {
                let (env, Failure { code, message }) = *refused;
                self.env = Some(env);
                let body = Body::Error { code, message: &message };
                writer.write(request.operation, request.id, Stamps::default(), body).to_vec()
            }
        }
    }

    /// Takes down what the page said, for the checks of the steps to come.
    fn heard(&mut self, now: f64, request: &Request<'_>, reply: &[u8]) {
        match request.operation {
            Operation::Grant => {
                let grant = Grant::read(request.payload).expect("a page sends grants");
                let before = self.granted;
                self.granted = grant.until.map(|until| until.min(now + MOST_AHEAD_MS));
                if before.is_some() && self.granted.is_none() {
                    // What was struck before a pause is no action behind it.
                    self.strokes.waiting.retain(|(_, _, struck)| !struck);
                }
            }
            Operation::Key => {
                let key = Key::read(request.payload).expect("a page sends keys");
                // While nothing is played a key is no action.
                if key.motion == Motion::AllUp || (self.granted.is_some() && self.in_episode) {
                    self.strokes.heard(key);
                }
            }
            Operation::Act => self.strokes.acted(Act::read(request.payload).expect("a page sends actions")),
            Operation::Play => self.strokes = self.setup.as_ref().map(Strokes::of).unwrap_or_default(),
            Operation::Reset => {
                let flags = self.setup.as_ref().map(|setup| setup.flags).unwrap_or_default();
                let reply = Reply::read(reply, flags).expect("a Port sends replies");
                if let Body::Returns { returns, .. } = reply.body {
                    self.in_episode = true;
                    let seed = Reset::read(request.payload).expect("a page sends resets").seed;
                    self.told.push(Told::Reset { seed, returns: returns.to_vec() });
                }
            }
            _ => {}
        }
    }

    /// Its timer has rung: gives the steps that were due.
    pub(crate) fn wake(&mut self, now: f64) -> Vec<Vec<u8>> {
        let mut messages = Vec::new();
        let clock = Cell::new(now - self.offset);
        while !self.dead {
            let Some(port) = self.port.as_mut() else { break };
            let Some(message) = port.advance(|| tick(&clock, self.cost)) else { break };
            let message = message.to_vec();
            if Stepped::is(&message) {
                self.check(&message);
            }
            messages.push(message);
            assert!(messages.len() < 1000, "a Worker that is late makes up for a few ticks");
        }
        self.busy_until = clock.get() + self.offset;
        messages
    }

    fn check(&mut self, message: &[u8]) {
        let step = Stepped::read(message).expect("a Port tells of steps");
        let StepTimes { due, began, .. } = step.times;
        let until = self.granted.expect("no tick is played while the game is to stand still");
        assert!(due <= until, "a tick due at {due} is played, granted until {until}");
        assert!(began <= until, "a tick is played at {began}, granted until {until}");
        let setup = self.setup.as_ref().expect("a game has been set up");
        let interval = 1000.0 / setup.fps;
        assert!(due - self.last_due >= interval - 1e-6, "two ticks are due at {} and {due}", self.last_due);
        self.last_due = due;
        let simulation = self.port.as_ref().expect("a game is played").simulation();
        self.strokes.played(simulation.actions(), step.times);
        self.in_episode = !simulation.env().outcome().over();
        if !self.in_episode {
            self.strokes.waiting.clear();
        }
        self.told.push(Told::Step(Step {
            frame: step.frame,
            times: step.times,
            actions: step.actions.to_vec(),
            returns: step.returns.to_vec(),
            hash: step.hash,
        }));
    }

    /// Forgets what it told of, as one does in long games. Gives how many steps that were.
    pub(crate) fn forget(&mut self) -> usize {
        let steps = self.steps().count();
        self.told.clear();
        steps
    }

    pub(crate) fn steps(&self) -> impl Iterator<Item = &Step> {
        self.told.iter().filter_map(|told| match told {
            Told::Step(step) => Some(step),
            Told::Reset { .. } => None,
        })
    }
}

/// Looks at a clock that goes on with every look.
fn tick(clock: &Cell<f64>, cost: f64) -> f64 {
    let now = clock.get();
    clock.set(now + cost);
    now
}

/// What one person at single keystrokes is to have played, by what has been delivered. Of other seats it says nothing.
#[derive(Default)]
struct Strokes {
    seat: Option<usize>,
    bindings: Vec<(u16, Value)>,
    /// What is to be played, when the key that said so was struck and sent, and whether there was a key.
    waiting: VecDeque<(Value, [f64; 2], bool)>,
    idle: bool,
}

impl Strokes {
    fn of(setup: &Setup) -> Self {
        let people = setup.seats.iter().enumerate().filter_map(|(agent, seat)| match seat {
            SeatSetup::Person { mode, bindings, idle } => Some((agent, *mode, bindings, idle)),
            _ => None,
        });
        let [(agent, InputMode::SingleKeystroke, bindings, idle)] = people.collect::<Vec<_>>()[..] else {
            return Self::default();
        };
        let discrete = |action: &[u8]| i64::from_le_bytes(action.try_into().expect("eight bytes of a discrete action"));
        if bindings.iter().any(|(codes, action)| codes.len() != 1 || action.len() != 8) {
            return Self::default();
        }
        let bindings = bindings.iter().map(|(codes, action)| (codes[0], Value::Discrete(discrete(action)))).collect();
        Self { seat: Some(agent), bindings, waiting: VecDeque::new(), idle: !idle.is_empty() }
    }

    fn heard(&mut self, key: Key) {
        match key.motion {
            Motion::Down if self.waiting.len() < 64 => {
                let struck = self.bindings.iter().find(|(code, _)| *code == key.code);
                self.waiting.extend(struck.map(|(_, action)| (action.clone(), [key.at, key.sent], true)));
            }
            Motion::AllUp => self.waiting.clear(),
            Motion::Down | Motion::Up => {}
        }
    }

    fn acted(&mut self, act: Act<'_>) {
        if self.seat == Some(act.agent.into()) && self.waiting.len() < 64 {
            let action = i64::from_le_bytes(act.action.try_into().expect("eight bytes of a discrete action"));
            self.waiting.push_back((Value::Discrete(action), [act.at, act.sent], false));
        }
    }

    fn played(&mut self, actions: &[Value], times: StepTimes) {
        let Some(seat) = self.seat else { return };
        match self.waiting.pop_front() {
            Some((struck, stroke, _)) => {
                assert_eq!(actions[seat], struck, "the stroke that was struck first is played first");
                assert_eq!([times.pressed, times.queued], stroke, "a step has the times of its stroke");
            }
            None => {
                assert!(self.idle, "a tick is played without a key, and there is nothing to do at rest");
                let struck = self.bindings.iter().any(|(_, action)| *action == actions[seat]);
                assert!(!struck, "{:?} is played, and nobody struck its key", actions[seat]);
                assert!(times.pressed.is_nan() && times.queued.is_nan(), "nobody struck a key: {times:?}");
            }
        }
    }
}
