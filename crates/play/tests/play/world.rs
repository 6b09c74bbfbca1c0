//! A page, a Worker, and what lies between them: time, messages on their way, timers that are late.
use std::rc::Rc;

use palaestra_env::{Env, SeededRng};
use palaestra_play::game::{Event, Made, Teardown, Timer};
use palaestra_protocol::{ErrorCode, Failure, Stepped};
use palaestra_session::{DisposalOutcome, Reason};

use crate::acts::happens;
use crate::agenda::Agenda;
use crate::page::{Ask, Link, Page};
use crate::setting::{Act, Load, Setting, Stray};
use crate::worker::Worker;

enum What {
    Act(Act),
    Opened(bool),
    Gone { rejected: u32 },
    ToWorker(Vec<u8>),
    ToPage(Vec<u8>),
    WakeWorker(u64),
    Rings(Timer, u64),
    Frame(u64),
    LastPicture,
    Painted,
    Deadline(u32),
}

pub(crate) struct World {
    pub(crate) setting: Setting,
    pub(crate) page: Page,
    pub(crate) worker: Worker,
    pub(crate) now: f64,
    agenda: Agenda<What>,
    rng: SeededRng,
    env_spec: palaestra_env::Spec,
    arrivals: [f64; 2],
    wakes: u64,
    frames: u64,
    last_message: Vec<u8>,
    stalled: f64,
    loses_next_step: bool,
    /// For which reasons somebody wanted the game to end.
    pub(crate) asked_to_end: Vec<Reason>,
}

impl World {
    pub(crate) fn new(setting: Setting, env: Env) -> Self {
        let now = 1000.0;
        let env_spec = env.spec().clone();
        let worker = Worker::new(env, setting.offset, setting.cost);
        let page = Page::new(now, setting.options.clone(), setting.hidden, &setting.callbacks);
        let mut world = Self {
            rng: SeededRng::new(setting.seed),
            setting,
            page,
            worker,
            now,
            agenda: Agenda::new(),
            env_spec,
            arrivals: [now; 2],
            wakes: 0,
            frames: 0,
            last_message: Vec::new(),
            stalled: f64::NEG_INFINITY,
            loses_next_step: false,
            asked_to_end: Vec::new(),
        };
        world.carry_out();
        world
    }

    pub(crate) fn spec(&self) -> &palaestra_env::Spec {
        &self.env_spec
    }

    /// Something is to happen so many milliseconds from now.
    pub(crate) fn plan(&mut self, after: f64, act: Act) {
        self.agenda.add(self.now + after, What::Act(act));
    }

    /// Something happens now, and whatever the page is busy with.
    pub(crate) fn act(&mut self, act: Act) {
        self.page.now = self.page.now.max(self.now);
        self.carry_out_act(self.now, act);
        self.carry_out();
    }

    /// Whether the Worker's latest message tells of a step.
    pub(crate) fn last_is_step(&self) -> bool {
        Stepped::is(&self.last_message)
    }

    /// The Worker's next step is lost on its way.
    pub(crate) fn lose_next_step(&mut self) {
        self.loses_next_step = true;
    }

    /// Lets time pass.
    pub(crate) fn run(&mut self, ms: f64) {
        let until = self.now + ms;
        self.run_while(until, |_| true);
        self.now = until;
    }

    /// Lets time pass until something holds, and says whether it came to that within so many milliseconds.
    pub(crate) fn run_until(&mut self, ms: f64, holds: impl Fn(&World) -> bool) -> bool {
        let until = self.now + ms;
        self.run_while(until, |world| !holds(world));
        holds(self)
    }

    fn run_while(&mut self, until: f64, goes_on: impl Fn(&World) -> bool) {
        let (mut instant, mut happened) = (self.now, 0);
        while goes_on(self) {
            // Time goes on, whatever happens.
            (instant, happened) = if self.now > instant { (self.now, 0) } else { (instant, happened + 1) };
            assert!(happened < 10_000, "at {instant} things happen without end");
            let Some(item) = self.agenda.next(until) else { break };
            let worker = matches!(item.what, What::ToWorker(_) | What::WakeWorker(_));
            let outside = matches!(item.what, What::Act(Act::StallPage(_) | Act::StallWorker(_) | Act::KillWorker));
            let busy_until = if worker { self.worker.busy_until } else { self.page.busy_until };
            if busy_until > item.at && !outside {
                self.agenda.put_off(item, busy_until);
                continue;
            }
            self.now = self.now.max(item.at);
            // The page's clock has gone on while it drew.
            self.page.now = self.page.now.max(self.now);
            self.happens(item.what);
            self.carry_out();
        }
    }

    fn happens(&mut self, what: What) {
        match what {
            What::Act(act) => self.carry_out_act(self.now, act),
            What::Opened(_) if self.page.link != Link::Opening => {}
            What::Opened(true) => {
                self.page.link = Link::Open;
                let made = self.made();
                self.page.handle(made);
            }
            What::Opened(false) => {
                let failure = Failure::new(ErrorCode::LoadFailed, "expected a module, found none");
                self.page.handle(Event::Failed(failure));
            }
            What::Gone { rejected } => {
                self.page.link = Link::Gone;
                self.worker.dead = true;
                let teardown = Teardown { outcome: DisposalOutcome::Graceful, duration_ms: 1.0, rejected };
                self.page.handle(Event::WorkerGone(Some(teardown)));
            }
            What::ToWorker(message) => {
                let reply = self.worker.receive(self.now, &message);
                self.answers(reply.into_iter().collect());
            }
            What::WakeWorker(wake) => {
                if wake == self.wakes {
                    let messages = self.worker.wake(self.now);
                    self.answers(messages);
                }
            }
            What::ToPage(message) => self.page.receive(&message),
            What::Rings(timer, generation) => self.page.rings(timer, generation),
            What::Frame(generation) => {
                if generation == self.frames && self.page.looping && !self.page.watch.hidden {
                    self.page.frame();
                    let painted = self.between(0.5, 9.0);
                    self.agenda.add(self.page.now + painted, What::Painted);
                    self.agenda.add(self.now + 1000.0 / 60.0, What::Frame(generation));
                }
            }
            What::LastPicture => {
                self.page.draw();
                self.page.handle(Event::Painted);
            }
            What::Painted => self.page.handle(Event::Painted),
            // A page that has just been busy looks at its messages first.
            What::Deadline(id) if self.now - self.stalled < 50.0 => {
                self.agenda.add(self.now + 50.0, What::Deadline(id));
            }
            What::Deadline(id) => self.page.deadline(id),
        }
    }

    fn made(&self) -> Event<'static> {
        Event::Made(Box::new(Made {
            spec: Rc::new(self.env_spec.clone()),
            clock_offset: self.setting.offset,
            seats: self.setting.seats.clone(),
            codes: self.setting.codes.clone(),
        }))
    }

    /// Messages of the Worker, which then sleeps until its next tick is due.
    fn answers(&mut self, messages: Vec<Vec<u8>>) {
        for message in messages {
            if Stepped::is(&message) && std::mem::take(&mut self.loses_next_step) {
                continue;
            }
            self.last_message.clone_from(&message);
            self.send(1, self.worker.busy_until, What::ToPage(message));
        }
        self.wakes += 1;
        if let Some(due) = self.worker.due() {
            // Timers come late, by little.
            let late = self.between(0.0, 2.0);
            self.agenda.add(due.max(self.now) + late, What::WakeWorker(self.wakes));
        }
    }

    /// Messages of one direction never overtake one another.
    fn send(&mut self, to: usize, from: f64, message: What) {
        let way = self.setting.latency[to] + self.between(0.0, self.setting.jitter);
        let arrival = self.arrivals[to].max(from.max(self.now) + way);
        self.arrivals[to] = arrival;
        self.agenda.add(arrival, message);
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.rng.uniform(low, high)
    }

    /// Does what the page asked for.
    fn carry_out(&mut self) {
        for ask in std::mem::take(&mut self.page.asks) {
            match ask {
                Ask::OpenWorker => match self.setting.load {
                    Load::After(ms) => self.agenda.add(self.now + ms, What::Opened(true)),
                    Load::Fails => self.agenda.add(self.now + 5.0, What::Opened(false)),
                    Load::Never => {}
                },
                Ask::CloseWorker { rejected } => {
                    let way = self.between(0.0, 250.0);
                    self.agenda.add(self.now + way, What::Gone { rejected });
                }
                Ask::Send { message, id, deadline } => {
                    self.send(0, self.page.now, What::ToWorker(message));
                    if deadline.is_finite() {
                        self.agenda.add(self.now + deadline, What::Deadline(id));
                    }
                }
                Ask::Timer { timer, generation, after } => {
                    let late = self.between(0.0, 3.0);
                    let at = self.now + after + late;
                    // A hidden tab's timers ring once a second.
                    let at = if self.page.watch.hidden { (at / 1000.0).ceil() * 1000.0 } else { at };
                    self.agenda.add(at, What::Rings(timer, generation));
                }
                Ask::Frames(generation) => {
                    self.frames = generation;
                    let first = self.between(0.0, 16.0);
                    self.agenda.add(self.now + first, What::Frame(generation));
                }
                Ask::LastPicture => self.agenda.add(self.now + 20.0, What::LastPicture),
            }
        }
    }

    fn carry_out_act(&mut self, now: f64, act: Act) {
        match act {
            Act::StallPage(ms) => {
                self.page.busy_until = self.page.busy_until.max(now + ms);
                self.stalled = self.page.busy_until;
            }
            Act::StallWorker(ms) => self.worker.busy_until = self.worker.busy_until.max(now + ms),
            Act::KillWorker => self.worker.dead = true,
            Act::Refuse => self.worker.refuses_next = true,
            Act::Repeat if self.last_message.is_empty() => {}
            Act::Repeat => {
                let message = self.last_message.clone();
                self.send(1, now, What::ToPage(message));
            }
            Act::Garbage(message) => self.send(1, now, What::ToPage(message)),
            Act::Stray(Stray::MadeAgain) if self.page.game.spec().is_some() || !self.page.game.state().is_live() => {
                let made = self.made();
                self.page.handle(made);
            }
            act => {
                self.asked_to_end.extend(if let Act::Dispose(reason) = act { Some(reason) } else { None });
                happens(&mut self.page, now, &act);
            }
        }
    }
}
