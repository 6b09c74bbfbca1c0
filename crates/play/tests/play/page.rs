//! A page's shell around the real [`Game`]: it performs outputs in order, keeps the timers, the listeners and the Worker it was
//! asked for, and checks that every one of them is asked for and given back as it should be.
use std::collections::{BTreeMap, VecDeque};

use palaestra_play::Game;
use palaestra_play::game::{Event, Output, PlayedStep, Timer};
use palaestra_protocol::{
    Body, ErrorCode, Failure, Flags, Grant, Key, Motion, Operation, Reply, RequestWriter, Row, Stepped,
};
use palaestra_session::{Reason, State, Transition};

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
    pub(crate) hidden: bool,
    /// Whether the tab could ever be seen.
    pub(crate) seen: bool,
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
    pub(crate) most_outputs: usize,
    /// How many steps the game was told of while it was played.
    pub(crate) taken: usize,
    flags: Flags,
    outputs: VecDeque<Output>,
    performing: bool,
    timers: [Option<u64>; Timer::ALL.len()],
    generations: u64,
    requests: u32,
    pending: BTreeMap<u32, (Operation, bool)>,
    paused: bool,
    told: usize,
    last_grant: Option<Grant>,
    started: [u32; 2],
    released: bool,
}

impl Page {
    pub(crate) fn new(
        now: f64,
        options: palaestra_play::game::Options,
        hidden: bool,
        callbacks: &[(usize, Callback)],
    ) -> Self {
        let mut out = Vec::new();
        let flags = Flags { scene: options.scene, hash: options.record_hashes, autoreset: false };
        let game = Game::new(now, options, hidden, &mut out);
        let mut page = Self {
            game,
            now,
            busy_until: now,
            hidden,
            seen: !hidden,
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
            most_outputs: 0,
            taken: 0,
            flags,
            outputs: VecDeque::new(),
            performing: false,
            timers: [None; Timer::ALL.len()],
            generations: 0,
            requests: 0,
            pending: BTreeMap::new(),
            paused: false,
            told: 0,
            last_grant: None,
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
        match &event {
            Event::Hidden(hidden) => {
                self.hidden = *hidden;
                self.seen |= !self.hidden;
            }
            Event::Pause(paused) if before.is_live() => self.paused = *paused,
            Event::Stepped(_) if before == State::Playing => self.taken += 1,
            _ => {}
        }
        let mut out = Vec::new();
        let told = event.clone();
        self.game.handle(self.now, event, &mut out);
        self.check(before, &told, &out);
        self.outputs.extend(out);
        if !self.performing {
            self.perform_all();
        }
    }

    /// What must hold of the answer to any event.
    fn check(&mut self, before: State, event: &Event<'_>, out: &[Output]) {
        assert!(!self.finished || out.is_empty(), "after the end {event:?} leads to {out:?}");
        let many = out.iter().filter(|output| !matches!(output, Output::Keep(_))).count();
        self.most_outputs = self.most_outputs.max(many);
        assert!(many <= 24, "{event:?} leads to {many} outputs");
        let still = self.hidden || self.paused;
        let mut keys = Vec::new();
        for output in out {
            match output {
                Output::Request { operation: Operation::Grant, payload, .. } => {
                    let grant = Grant::read(payload).expect("a game sends grants");
                    assert_eq!(self.game.state(), State::Playing, "{event:?} grants, and the game is not played");
                    if grant.until.is_some() {
                        assert!(!still, "{event:?} grants, and the game is to stand still");
                    }
                    self.last_grant = Some(grant);
                }
                Output::Request { operation: Operation::Key, payload, .. } => {
                    keys.push(Key::read(payload).expect("a game sends keys"));
                }
                _ => {}
            }
        }
        if self.game.state() == State::Playing {
            let granted = self.last_grant.is_some_and(|grant| grant.until.is_some());
            assert!(!(still && granted), "after {event:?} the game is to stand still, and its Worker was not told");
        }
        if before == State::Playing {
            self.check_keys(event, &keys);
        }
    }

    /// Every key that a seat knows is sent, once; a lost keyboard lets go of all of them.
    fn check_keys(&self, event: &Event<'_>, keys: &[Key]) {
        let sent = |motion: Motion, at: f64| matches!(keys, [key] if key.motion == motion && key.at == at);
        match event {
            Event::KeyDown { code, at } if self.game.knows_key(code) => assert!(sent(Motion::Down, *at), "{keys:?}"),
            Event::KeyUp { code, at } if self.game.knows_key(code) => assert!(sent(Motion::Up, *at), "{keys:?}"),
            Event::FocusLost => assert!(sent(Motion::AllUp, self.now), "{event:?}: {keys:?}"),
            Event::Hidden(true) => {
                assert!(keys.is_empty() || sent(Motion::AllUp, self.now), "{event:?}: {keys:?}");
            }
            _ => assert!(keys.is_empty(), "{event:?}: {keys:?}"),
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
        let grants = operation == Operation::Grant && Grant::read(payload).is_ok_and(|grant| grant.until.is_some());
        let unanswered = self.pending.values().filter(|(operation, _)| *operation == Operation::Grant).count();
        let granted = self.pending.values().filter(|(_, grants)| *grants).count();
        assert!(!(grants && granted > 0), "a grant is sent while another is not answered");
        assert!(unanswered < 3, "{unanswered} grants are not answered");
        self.requests += 1;
        let id = self.requests;
        self.pending.insert(id, (operation, grants));
        let message = RequestWriter::new().write(operation, self.flags, id, payload).to_vec();
        self.asks.push(Ask::Send { message, id, deadline });
    }

    fn close(&mut self) {
        assert!(!matches!(self.link, Link::None | Link::Closing | Link::Gone), "one Worker is closed");
        self.link = Link::Closing;
        let rejected = std::mem::take(&mut self.pending);
        self.asks.push(Ask::CloseWorker { rejected: rejected.len() as u32 });
        // Whoever waits for an answer is told so.
        for _ in rejected {
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
        let Reply { id, body, .. } = match Reply::read(message, self.flags) {
            Ok(reply) => reply,
            Err(error) => return self.handle(bad(error.to_string())),
        };
        let asked = self.pending.remove(&id);
        match (body, asked) {
            (Body::Error { code, message }, _) => self.handle(Event::Failed(Failure::new(code, message))),
            (Body::Returns { returns, scene, .. }, Some((Operation::Reset, _))) => {
                self.handle(Event::Began { returns, scene });
            }
            (Body::Returns { returns, scene, .. }, None) if self.link == Link::Closing => {
                self.handle(Event::Began { returns, scene });
            }
            (_, Some((operation, _))) => self.handle(Event::Done(operation)),
            (_, None) => self.handle(bad(format!("expected the answer to a request, found one to {id}"))),
        }
    }

    /// No answer has come in time.
    pub(crate) fn deadline(&mut self, id: u32) {
        if self.pending.remove(&id).is_some() {
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
        if self.looping && !self.hidden {
            self.generations += 1;
            self.asks.push(Ask::Frames(self.generations));
        }
    }

    /// An animation frame. Gives whether something was drawn.
    pub(crate) fn frame(&mut self) {
        self.handle(Event::AnimationFrame);
        self.draw();
    }

    pub(crate) fn draw(&mut self) {
        if std::mem::take(&mut self.picture) {
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
        assert!(self.pending.is_empty() && self.outputs.is_empty());
    }

    /// Whether a timer is set.
    pub(crate) fn timer(&self, timer: Timer) -> bool {
        self.timers[timer as usize].is_some()
    }
}
