//! The game as it is played, inside the Worker: environment, seats, ticks and snapshots. Knows no clock: times come in, in
//! milliseconds of the Worker's own clock.
//!
//! | file | what it holds |
//! |---|---|
//! | `seats.rs` | who chooses each agent's action |
//! | `snapshots.rs` | the frames that can be gone back to |
pub(crate) mod seats;
pub(crate) mod snapshots;

use palaestra_env::{Env, EnvError, Kwargs, Spec, Value};
use palaestra_protocol::{Act, ErrorCode, Failure, Grant, Key, Setup, StepTimes};

use crate::ticker::Ticker;
pub use seats::GivenPolicies;
use seats::Seats;
use snapshots::Snapshots;

/// The longest that is granted ahead. A page asks for less; if its clock and the Worker's do not agree, the game still stops
/// soon after the page does.
pub const MOST_AHEAD_MS: f64 = 250.0;

/// Snapshots are whole states, of up to a hundred kilobytes.
const MOST_SNAPSHOTS: u32 = 600;

/// Ticks per second that a game may have.
pub const FPS: std::ops::RangeInclusive<f64> = 0.1..=240.0;

/// One environment, played by its seats at a fixed pace as far as the page grants it.
pub struct Simulation {
    env: Env,
    seats: Seats,
    /// Policies that were given and have no seat.
    spare: GivenPolicies,
    ticker: Ticker,
    stage: Stage,
    /// Ticks due up to here may be played.
    granted: Option<f64>,
    frame: u32,
    most_frames: u64,
    actions: Vec<Value>,
    snapshots: Snapshots,
    last_message: Message,
}

/// Where a game stands.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    /// No episode has begun yet.
    Waiting,
    /// An episode is played.
    Playing,
    /// It is over: the next one begins with a reset.
    Over,
}

/// The latest message of the page: when it was sent, on the page's clock, and when it arrived, on the Worker's.
#[derive(Clone, Copy, Debug)]
struct Message {
    sent: f64,
    received: f64,
}

/// A step that was played: what it returned can be asked of the [environment](Simulation::env).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Played {
    /// Its number in the game, from 1 on.
    pub frame: u32,
    /// When; `ended` is for whoever has the clock.
    pub times: StepTimes,
}

impl Simulation {
    /// Seats everybody at an environment.
    ///
    /// # Errors
    /// The environment, unchanged, and a [`Failure`] for a setup that does not fit it.
    pub fn new(env: Env, setup: &Setup) -> Result<Self, Box<(Env, Failure)>> {
        Self::with_policies(env, setup, GivenPolicies::new())
    }

    /// The same, with a policy for each seat that is set up for one.
    ///
    /// # Errors
    /// The environment, unchanged, and a [`Failure`] for a setup that does not fit it.
    pub fn with_policies(env: Env, setup: &Setup, mut given: GivenPolicies) -> Result<Self, Box<(Env, Failure)>> {
        let refused = |message: String| Failure::new(ErrorCode::BadArgument, message);
        let mut checked = || {
            if !FPS.contains(&setup.fps) {
                // In words: printing any fraction takes much code.
                return Err(refused("fps: expected ticks per second from 0.1 to 240, found another number".to_owned()));
            }
            if setup.snapshots > MOST_SNAPSHOTS {
                return Err(refused(format!(
                    "snapshots: expected at most {MOST_SNAPSHOTS}, found {}",
                    setup.snapshots
                )));
            }
            Seats::fill(&env, setup.seed, &setup.seats, &mut given)
        };
        let seats = match checked() {
            Ok(seats) => seats,
            Err(failure) => return Err(Box::new((env, failure))),
        };
        Ok(Self {
            seats,
            spare: given,
            ticker: Ticker::new(setup.fps),
            stage: Stage::Waiting,
            granted: None,
            frame: 0,
            most_frames: setup.max_steps.unwrap_or(u64::MAX),
            actions: env.spec().action_spaces.iter().map(Value::blank).collect(),
            snapshots: Snapshots::new(setup.snapshots as usize),
            last_message: Message { sent: f64::NAN, received: f64::NAN },
            env,
        })
    }

    /// The environment and the policies that came from outside, given away; `setup` is what it was set up by.
    pub fn into_parts(self, setup: &Setup) -> (Env, GivenPolicies) {
        let mut given = self.spare;
        given.extend(self.seats.into_given(&setup.seats));
        (self.env, given)
    }

    /// The environment.
    pub fn env(&self) -> &Env {
        &self.env
    }

    /// Its spec.
    pub fn spec(&self) -> &Spec {
        self.env.spec()
    }

    /// Whether an episode has begun.
    pub fn has_begun(&self) -> bool {
        self.stage != Stage::Waiting
    }

    /// The latest joint action.
    pub fn actions(&self) -> &[Value] {
        &self.actions
    }

    /// How many steps have been played.
    pub fn frame(&self) -> u32 {
        self.frame
    }

    /// Milliseconds by which the game has been slower than its pace.
    pub fn slowed(&self) -> f64 {
        self.ticker.slowed()
    }

    /// Begins an episode.
    ///
    /// # Errors
    /// [`EnvError`] for options that the environment does not take; nothing has changed then.
    pub fn reset(&mut self, now: f64, seed: Option<u64>, options: &Kwargs) -> Result<(), EnvError> {
        self.env.reset(seed, options)?;
        self.seats.reset();
        self.snapshots.clear();
        self.stage = Stage::Playing;
        self.ticker.go_on(now);
        Ok(())
    }

    /// The page says how far the game may go.
    pub fn grant(&mut self, now: f64, grant: Grant) {
        self.last_message = Message { sent: grant.sent, received: now };
        self.give_up_what_was_not_granted(now);
        let until = grant.until.map(|until| until.min(now + MOST_AHEAD_MS));
        if self.granted.is_none() && until.is_some() {
            // It stood still because the page wanted it to.
            self.ticker.go_on(now);
        }
        if self.granted.is_some() && until.is_none() {
            // What was struck just before the game was paused would act on what its participant sees much later.
            self.seats.stand_still();
        }
        self.granted = until;
    }

    /// What was granted is over: the page was not there to grant more, or this Worker was not there to play. Nothing is made
    /// up for then: a participant must not come back to a game that went on without them.
    fn give_up_what_was_not_granted(&mut self, now: f64) {
        if self.granted.is_some_and(|granted| granted < now) && self.waits_for_its_time() {
            self.ticker.stalled(now);
        }
    }

    /// A key moved.
    pub fn key(&mut self, now: f64, key: Key) {
        let waited = !self.seats.ready();
        self.seats.key(key, self.is_played());
        self.heard_input(now, key.sent, waited);
    }

    /// A person's seat acts at the next tick.
    ///
    /// # Errors
    /// [`Failure`] for a seat that no person has, or an action that is none of its agent's; nothing has changed then.
    pub fn act(&mut self, now: f64, act: Act<'_>) -> Result<(), Failure> {
        let waited = !self.seats.ready();
        self.seats.play(self.env.spec(), act)?;
        self.heard_input(now, act.sent, waited);
        Ok(())
    }

    /// Whether an episode is played, and goes on as far as the page is concerned. What is struck while it is not acts on nothing that anybody saw.
    fn is_played(&self) -> bool {
        self.stage == Stage::Playing && self.granted.is_some()
    }

    fn heard_input(&mut self, now: f64, sent: f64, waited: bool) {
        self.last_message = Message { sent, received: now };
        if waited && self.seats.ready() {
            // The ticks that passed while the game waited for this were none.
            self.ticker.go_on(now);
        }
    }

    /// When the next tick is to be played, if nothing else happens before.
    pub fn due(&self) -> Option<f64> {
        let due = self.ticker.due();
        let granted = self.granted.is_some_and(|granted| due <= granted);
        (granted && self.waits_for_its_time()).then_some(due)
    }

    /// Whether nothing but time and the page's grant keeps the next tick from being played.
    fn waits_for_its_time(&self) -> bool {
        self.stage == Stage::Playing && u64::from(self.frame) < self.most_frames && self.seats.ready()
    }

    /// Plays the next tick if it is due.
    ///
    /// # Errors
    /// [`EnvError`] where the environment refuses the joint action; the episode is over then.
    pub fn advance(&mut self, now: f64) -> Option<Result<Played, EnvError>> {
        self.give_up_what_was_not_granted(now);
        self.due().filter(|due| *due <= now)?;
        let due = self.ticker.take(now);
        self.snapshots.keep(&self.env, &self.seats);
        let stroke = self.seats.act(&self.env, &mut self.actions);
        self.snapshots.played(&self.actions);
        match self.env.step(&self.actions) {
            Err(error) => {
                self.stage = Stage::Over;
                self.snapshots.not_played();
                return Some(Err(error));
            }
            Ok(outcome) if outcome.over() => {
                self.stage = Stage::Over;
                self.seats.over();
            }
            Ok(_) => {}
        }
        self.frame = self.frame.saturating_add(1);
        let Message { sent, received } = self.last_message;
        let (pressed, queued) = stroke.map_or((f64::NAN, f64::NAN), |stroke| (stroke.at, stroke.sent));
        let times = StepTimes { pressed, queued, called: sent, received, due, began: now, ended: f64::NAN };
        Some(Ok(Played { frame: self.frame, times }))
    }

    /// Goes back by a number of frames of this episode and forth again: people play what they played, policies act anew on what
    /// they see. The state is then what it was.
    ///
    /// # Errors
    /// [`Failure`] for more frames than there are snapshots of, or where a snapshot does not lead back to the same state.
    pub fn rewind(&mut self, frames: u32) -> Result<(), Failure> {
        let (wanted, depth) = (frames as usize, self.snapshots.depth());
        let unreadable = |what: &str| Failure::new(ErrorCode::BadState, format!("snapshot: {what}"));
        let Some((env, seats)) = self.snapshots.take_back(wanted) else {
            let message = format!("rewind: expected a number of frames from 1 to {depth}, found {frames}");
            return Err(Failure::new(ErrorCode::BadArgument, message));
        };
        self.env.rewind(env).map_err(|error| unreadable(&error.to_string()))?;
        self.seats.restore(seats).map_err(|error| unreadable(&error.to_string()))?;
        for _ in 0..wanted {
            let read = self.snapshots.next_actions(&self.env.spec().action_spaces, &mut self.actions);
            read.ok_or_else(|| unreadable("its actions cannot be read"))?;
            self.snapshots.keep(&self.env, &self.seats);
            self.seats.act_again(&self.env, &mut self.actions);
            self.snapshots.played(&self.actions);
            self.env.step(&self.actions).map_err(|error| unreadable(&error.to_string()))?;
        }
        Ok(())
    }
}
