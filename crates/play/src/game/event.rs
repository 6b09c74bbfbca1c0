//! What can happen to a game. Times beside an event are milliseconds of the page's clock.
use std::rc::Rc;

use palaestra_env::Spec;
use palaestra_protocol::{Failure, Operation, SeatSetup, Stepped, together};
use palaestra_session::Reason;

use super::matched::FromServer;
use super::output::{Teardown, Timer};

/// What can happen to a game.
#[derive(Clone, Debug, PartialEq)]
pub enum Event<'a> {
    /// The environment has been made in its Worker, and everything that is needed to draw it is there.
    Made(Box<Made>),
    /// The Worker has done what was asked, and said nothing else.
    Done(Operation),
    /// An episode has begun, as was asked.
    Began {
        /// What the reset returned.
        returns: &'a [u8],
        /// Its scene; empty without a canvas.
        scene: &'a [u8],
    },
    /// The Worker has played a step.
    Stepped(Stepped<'a>),
    /// The server says something to the game of a match.
    Match(FromServer),
    /// The Worker says something of a match.
    Worker(together::Event<'a>),
    /// Something went wrong that ends the session.
    Failed(Failure),
    /// A key went down, and not for its own repetition.
    KeyDown {
        /// Its `KeyboardEvent.code`.
        code: &'a str,
        /// The event's own time.
        at: f64,
    },
    /// A key came up.
    KeyUp {
        /// Its `KeyboardEvent.code`.
        code: &'a str,
        /// The event's own time.
        at: f64,
    },
    /// Somebody acts without a key, for an agent of which [`can_act`](crate::Game::can_act) says that it may.
    Act {
        /// The agent, by its number.
        agent: u16,
        /// The action, as its space encodes it.
        action: &'a [u8],
        /// When.
        at: f64,
    },
    /// Keys may have come up of which nothing was heard.
    KeysLost,
    /// The window has lost the keyboard.
    FocusLost,
    /// The window has the keyboard again.
    FocusFound,
    /// The tab is hidden, or it is not.
    Hidden(bool),
    /// The page wants the game to stand still, or to go on.
    Pause(bool),
    /// An animation frame begins.
    AnimationFrame,
    /// The canvas has been painted from `began` to `ended`.
    Drawn {
        /// When drawing began.
        began: f64,
        /// When it ended.
        ended: f64,
    },
    /// The browser has painted what the latest animation frame drew.
    Painted,
    /// A timer that was set has rung.
    Rang(Timer),
    /// The page wants the session to end.
    Dispose(Reason),
    /// The Worker is gone, as was asked; nothing if there was none.
    WorkerGone(Option<Teardown>),
}

/// What is known of a game once its environment has been made.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    /// The environment's names, spaces and limits.
    pub spec: Rc<Spec>,
    /// What to add to a time of the Worker's clock to have it on the page's.
    pub clock_offset: f64,
    /// Who plays, one per agent.
    pub seats: Vec<SeatSetup>,
    /// The codes of all keys that the seats have a use for, as their bindings number them.
    pub codes: Vec<String>,
}
