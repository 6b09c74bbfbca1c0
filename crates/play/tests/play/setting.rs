//! What surrounds a game, and what happens to it.
use palaestra_play::game::{Options, Timer};
use palaestra_protocol::SeatSetup;
use palaestra_session::Reason;

use crate::page::Callback;

/// How the Worker and the environment come to be there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Load {
    /// After so many milliseconds.
    After(f64),
    Fails,
    Never,
}

/// What surrounds a game.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    pub(crate) seed: u64,
    pub(crate) options: Options,
    pub(crate) seats: Vec<SeatSetup>,
    pub(crate) codes: Vec<String>,
    pub(crate) hidden: bool,
    pub(crate) load: Load,
    /// Milliseconds that a message takes at least, to the Worker and to the page, and how much longer it may take.
    pub(crate) latency: [f64; 2],
    pub(crate) jitter: f64,
    /// What to add to a time of the Worker's clock to have it on the page's.
    pub(crate) offset: f64,
    /// Milliseconds between two looks of the Worker at its clock.
    pub(crate) cost: f64,
    /// What the callback of a number does, of all that the game tells.
    pub(crate) callbacks: Vec<(usize, Callback)>,
}

/// What people, and bad luck, do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Act {
    KeyDown(String),
    KeyUp(String),
    KeysLost,
    /// Without a key, for this agent.
    Choose(&'static str, i64),
    FocusLost,
    FocusFound,
    Hide,
    Reveal,
    Pause,
    Resume,
    Dispose(Reason),
    /// The page does nothing for so many milliseconds, and then everything late.
    StallPage(f64),
    StallWorker(f64),
    KillWorker,
    /// The Worker's next reply is an error.
    Refuse,
    /// The Worker's latest message comes again.
    Repeat,
    /// A message that is none.
    Garbage(Vec<u8>),
    /// An event that nobody asked for.
    Stray(Stray),
}

/// Events that come without a reason. None of them may do anything.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Stray {
    Rang(Timer),
    Painted,
    AnimationFrame,
    Drawn,
    MadeAgain,
    WorkerGone,
    SessionClosed,
    UnknownKey,
}
