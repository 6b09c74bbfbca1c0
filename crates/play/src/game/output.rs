//! What a game asks of the page.
use palaestra_protocol::{Operation, Row};
use palaestra_session::{DisposalOutcome, Transition};

use super::matched::MatchTold;

/// What is to be done, in the order in which it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Spawn a Worker, make the environment in it, load its artwork; [`Made`](super::Event::Made) or
    /// [`Failed`](super::Event::Failed) follows.
    OpenWorker,
    /// Send a request to the Worker. [`Began`](super::Event::Began), [`Done`](super::Event::Done) or
    /// [`Failed`](super::Event::Failed) follows.
    Request {
        /// What it asks for.
        operation: Operation,
        /// What that needs.
        payload: Vec<u8>,
        /// Milliseconds after which the Worker counts as lost.
        deadline: f64,
    },
    /// Have a timer ring after so many milliseconds, instead of when it was to ring before; with nothing, not at all.
    SetTimer {
        /// Which.
        timer: Timer,
        /// When.
        after: Option<f64>,
    },
    /// Begin to listen to keys and focus, and to draw at every animation frame.
    StartLoop,
    /// Stop all that. The last picture stays on the canvas as it is meant to be.
    StopLoop,
    /// A scene to be drawn from now on.
    Show {
        /// The scene's commands.
        scene: Vec<u8>,
        /// Milliseconds in which things move there from where they are.
        duration: f64,
        /// It follows a cut: nothing moves.
        cut: bool,
    },
    /// Keep a sealed chunk of the record, after those before it.
    Keep(Vec<u8>),
    /// Tell the page's `onTransition`.
    TellTransition(Transition),
    /// Tell the page's `onStep`.
    TellStep(Box<PlayedStep>),
    /// Tell the page's client of the server, and `onMatch`.
    TellMatch(MatchTold),
    /// Tell the browser's profiler of a step's spans.
    Measure {
        /// The step.
        frame: u32,
        /// When it passed each station.
        row: Row,
    },
    /// End the Worker, if there is one; [`WorkerGone`](super::Event::WorkerGone) follows.
    CloseWorker,
    /// Let go of everything that was acquired for the game.
    Release,
    /// It is over: hand over what was recorded, or tell what kept it from starting.
    Finished,
}

/// The timers of a game.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// Looks whether loading takes too long.
    Load,
    /// Grants the next moments.
    Grant,
    /// Ends the session if nobody is there for too long.
    Focus,
    /// Ends the session of a match whose last frames were waited for.
    Settle,
    /// Looks whether the Worker of a match is silent for too long.
    Silence,
}

impl Timer {
    /// Every timer.
    pub const ALL: [Timer; 5] = [Timer::Load, Timer::Grant, Timer::Focus, Timer::Settle, Timer::Silence];
}

/// A step, as those hear of it who asked to.
#[derive(Clone, Debug, PartialEq)]
pub struct PlayedStep {
    /// Its number in the game, from 1 on.
    pub frame: u32,
    /// Its episode, from 1 on.
    pub episode: u64,
    /// The joint action.
    pub actions: Vec<u8>,
    /// What it returned.
    pub returns: Vec<u8>,
    /// The present episode's return, one per agent.
    pub score: Vec<f64>,
    /// When it passed each station; what has not happened yet is NaN.
    pub row: Row,
}

/// How a Worker went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Teardown {
    /// By its own word, by force, or before it was there.
    pub outcome: DisposalOutcome,
    /// From the request to the last step done, in milliseconds.
    pub duration_ms: f64,
    /// How many requests were pending and had to be rejected.
    pub rejected: u32,
}
