//! A page's shell around the real [`Game`]: it performs outputs in order, keeps the timers, the listeners and the Worker it was
//! asked for, and checks that every one of them is asked for and given back as it should be.
use std::collections::{BTreeMap, VecDeque};

use palaestra_play::Game;
use palaestra_play::game::{Event, Options, Output, PlayedStep, Timer};
use palaestra_protocol::{Body, ErrorCode, Failure, Flags, Operation, Reply, Row, Stepped};
use palaestra_session::{Reason, State, Transition};

use crate::requests::Requests;
use crate::watch::Watch;

/// What somebody's `onStep` or `onTransition` does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Callback {
    Dispose(Reason),
    Pause,
    Resume,
    PauseAndResume,
    /// What it throws is the shell's to catch: the game hears nothing of it.
    Throw,
}

/// What the page asks of the world around it.
#[derive(Debug)]
pub(crate) enum Ask {
    OpenWorker,
    CloseWorker { rejected: u32 },
    Send { message: Vec<u8>, id: u32, deadline: f64 },
    Timer { timer: Timer, generation: u64, after: f64 },
    Frames(u64),
    LastPicture,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Link {
    None,
    Opening,
    Open,
    Closing,
    Gone,
}

pub(crate) struct Page {
    pub(crate) game: Game,
    pub(crate) now: f64,
    pub(crate) busy_until: f64,
    pub(crate) watch: Watch,
    pub(crate) looping: bool,
    pub(crate) link: Link,
    pub(crate) asks: Vec<Ask>,
    pub(crate) chunks: Vec<Vec<u8>>,
    pub(crate) transitions: Vec<Transition>,
    pub(crate) steps: Vec<PlayedStep>,
    pub(crate) measured: Vec<(u32, Row)>,
    pub(crate) callbacks: BTreeMap<usize, Callback>,
    pub(crate) finished: bool,
    /// Something is to be drawn at the next animation frame.
    pub(crate) picture: bool,
    /// The canvas cannot be drawn on.
    pub(crate) blind: bool,
    /// How many steps the game was told of while it was played.
    pub(crate) taken: usize,
    outputs: VecDeque<Output>,
    performing: bool,
    timers: [Option<u64>; Timer::ALL.len()],
    generations: u64,
    requests: Requests,
    told: usize,
    started: [u32; 2],
    released: bool,
}

impl Page {
    pub(crate) fn new(now: f64, options: Options, hidden: bool, callbacks: &[(usize, Callback)]) -> Self {
        let mut out = Vec::new();
        let watch = Watch::new(hidden, options.start);
        let flags = Flags { scene: options.scene, hash: options.record_hashes, autoreset: false };
        let mut page = Self {
            game: Game::new(now, options, hidden, &mut out),
            now,
            busy_until: now,
            watch,
            looping: false,
            link: Link::None,
            asks: Vec::new(),
            chunks: Vec::new(),
            transitions: Vec::new(),
            steps: Vec::new(),
            measured: Vec::new(),
            callbacks: callbacks.iter().copied().collect(),
            finished: false,
            picture: false,
            blind: false,
            taken: 0,
            outputs: VecDeque::new(),
            performing: false,
            timers: [None; Timer::ALL.len()],
            generations: 0,
            requests: Requests::new(flags),
            told: 0,
            started: [0; 2],
            released: false,
        };
        page.outputs.extend(out);
        page.perform_all();
        page
    }

    /// Something happens. Whatever the game asks for is done when what it asked for before is done.
    pub(crate) fn handle(&mut self, event: Event<'_>) {
        let before = self.game.state();
        self.watch.before(before, &event);
        self.taken += usize::from(before == State::Playing && matches!(event, Event::Stepped(_)));
        let mut out = Vec::new();
        let told = event.clone();
        self.game.handle(self.now, event, &mut out);
        assert!(!self.finished || out.is_empty(), "after the end {told:?} leads to {out:?}");
        self.watch.after(&self.game, before, &told, &out, self.now);
        self.outputs.extend(out);
        if !self.performing {
            self.perform_all();
        }
    }

    fn perform_all(&mut self) {
        self.performing = true;
        while let Some(output) = self.outputs.pop_front() {
            assert!(self.outputs.len() < 1000, "outputs do not lead to ever more of them");
            self.perform(output);
        }
        self.performing = false;
    }

    fn perform(&mut self, output: Output) {
        assert!(!self.finished, "after the end there is {output:?}");
        match output {
            Output::OpenWorker => {
                assert_eq!(self.link, Link::None, "one Worker is opened");
                self.link = Link::Opening;
                self.asks.push(Ask::OpenWorker);
            }
            Output::Request { operation, payload, deadline } => self.send(operation, &payload, deadline),
            Output::SetTimer { timer, after } => {
                self.generations += 1;
                self.timers[timer as usize] = after.map(|_| self.generations);
                let generation = self.generations;
                self.asks.extend(after.map(|after| Ask::Timer { timer, generation, after }));
            }
            Output::StartLoop => {
                assert!(!self.looping && !self.released, "the loop is started once");
                self.looping = true;
                self.started[0] += 1;
                self.frames();
            }
            Output::StopLoop => {
                assert!(self.looping, "a loop that runs is stopped");
                self.looping = false;
                self.started[1] += 1;
                self.asks.push(Ask::LastPicture);
            }
            Output::Show { scene, duration, .. } => {
                assert!(!scene.is_empty() && duration >= 0.0);
                self.picture = true;
            }
            Output::Keep(chunk) => self.chunks.push(chunk),
            Output::TellTransition(transition) => {
                self.transitions.push(transition);
                self.call_back();
            }
            Output::TellStep(step) => {
                self.steps.push(*step);
                self.call_back();
            }
            Output::Measure { frame, row } => self.measured.push((frame, row)),
            Output::TellMatch(told) => panic!("a game alone tells of {told:?}"),
            Output::CloseWorker => self.close(),
            Output::Release => {
                assert!(!self.looping && self.timers.iter().all(Option::is_none), "everything is stopped at the end");
                assert!(!self.released, "the game is released once");
                self.released = true;
            }
            Output::Finished => {
                assert!(self.released && self.outputs.is_empty(), "the end comes last: {:?}", self.outputs);
                self.finished = true;
            }
        }
    }

    fn send(&mut self, operation: Operation, payload: &[u8], deadline: f64) {
        assert_eq!(self.link, Link::Open, "{operation:?} is sent to a Worker that is there");
        let (id, message) = self.requests.send(operation, payload);
        self.asks.push(Ask::Send { message, id, deadline });
    }

    fn close(&mut self) {
        assert!(!matches!(self.link, Link::None | Link::Closing | Link::Gone), "one Worker is closed");
        self.link = Link::Closing;
        let rejected = self.requests.reject();
        self.asks.push(Ask::CloseWorker { rejected });
        // Whoever waits for an answer is told so.
        for _ in 0..rejected {
            self.handle(Event::Failed(Failure::new(ErrorCode::SessionClosed, "the session was closed")));
        }
    }

    fn call_back(&mut self) {
        let told = self.told;
        self.told += 1;
        match self.callbacks.get(&told).copied() {
            Some(Callback::Dispose(reason)) => self.handle(Event::Dispose(reason)),
            Some(Callback::Pause) => self.handle(Event::Pause(true)),
            Some(Callback::Resume) => self.handle(Event::Pause(false)),
            Some(Callback::PauseAndResume) => {
                self.handle(Event::Pause(true));
                self.handle(Event::Pause(false));
            }
            Some(Callback::Throw) | None => {}
        }
    }

    /// A message of the Worker.
    pub(crate) fn receive(&mut self, message: &[u8]) {
        // A Worker that is to finish may still have something to say.
        if !matches!(self.link, Link::Open | Link::Closing) {
            return;
        }
        let bad = |message: String| Event::Failed(Failure::new(ErrorCode::BadMessage, message));
        if Stepped::is(message) {
            return match Stepped::read(message) {
                Ok(step) => self.handle(Event::Stepped(step)),
                Err(error) => self.handle(bad(error.to_string())),
            };
        }
        let Reply { id, body, .. } = match Reply::read(message, self.requests.flags) {
            Ok(reply) => reply,
            Err(error) => return self.handle(bad(error.to_string())),
        };
        match (body, self.requests.take(id)) {
            (Body::Error { code, message }, _) => self.handle(Event::Failed(Failure::new(code, message))),
            (Body::Returns { returns, scene, .. }, Some(Operation::Reset)) => {
                self.handle(Event::Began { returns, scene });
            }
            (Body::Returns { returns, scene, .. }, None) if self.link == Link::Closing => {
                self.handle(Event::Began { returns, scene });
            }
            (_, Some(operation)) => self.handle(Event::Done(operation)),
            (_, None) => self.handle(bad(format!("expected the answer to a request, found one to {id}"))),
        }
    }

    /// No answer has come in time.
    pub(crate) fn deadline(&mut self, id: u32) {
        if self.requests.take(id).is_some() {
            self.handle(Event::Failed(Failure::new(ErrorCode::DeadlineExceeded, "expected an answer in time")));
        }
    }

    pub(crate) fn rings(&mut self, timer: Timer, generation: u64) {
        if self.timers[timer as usize] == Some(generation) {
            self.timers[timer as usize] = None;
            self.handle(Event::Rang(timer));
        }
    }

    /// Asks for animation frames, if there are any.
    pub(crate) fn frames(&mut self) {
        if self.looping && !self.watch.hidden {
            self.generations += 1;
            self.asks.push(Ask::Frames(self.generations));
        }
    }

    /// An animation frame.
    pub(crate) fn frame(&mut self) {
        self.handle(Event::AnimationFrame);
        self.draw();
    }

    pub(crate) fn draw(&mut self) {
        if std::mem::take(&mut self.picture) && !self.blind {
            let began = self.now;
            self.now += 0.3;
            self.handle(Event::Drawn { began, ended: self.now });
        }
    }

    /// That nothing is left of what was acquired.
    pub(crate) fn check_released(&self) {
        assert!(self.finished && self.released && !self.looping);
        assert_eq!(self.started[0], self.started[1], "a loop that was started is stopped");
        assert!(self.timers.iter().all(Option::is_none), "no timer is left: {:?}", self.timers);
        assert_eq!(self.link, Link::Gone, "the Worker that was opened is closed");
        assert!(self.requests.is_empty() && self.outputs.is_empty());
    }

    /// Whether a timer is set.
    pub(crate) fn timer(&self, timer: Timer) -> bool {
        self.timers[timer as usize].is_some()
    }
}
