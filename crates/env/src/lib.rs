//! What an environment *is*: a deterministic state machine with `reset` and `step`, the spaces of its actions and
//! observations, a seeded generator, and a scene that says what to draw. Nothing here knows a browser, a clock or a socket.
//!
//! An environment author implements [`Environment`]; whoever drives one holds an [`Env`], which keeps the order of calls,
//! checks every action against its space and applies the time limit, so that an implementation never sees bad input.
//!
//! | module | what it holds |
//! |---|---|
//! | [`environment`] | the contract an author implements |
//! | [`env`](mod@env) | the checked, time-limited environment that callers drive |
//! | [`space`], [`value`] | Gymnasium's spaces and their members |
//! | [`codec`] | members of a space as bytes: what crosses to the page and what is hashed |
//! | [`returns`] | what `reset` and `step` return, as one block of bytes |
//! | [`arguments`] | keyword arguments and reset options, read with typed errors |
//! | [`state`] | `save`, `restore` and the state's hash |
//! | [`snapshot`] | states that an environment saves for itself, to go back to |
//! | [`scene`] | drawing commands |
//! | [`rng`] | NumPy's PCG64, draw for draw |
//! | [`policy`] | who chooses actions without being a person |
//! | [`expert`] | who knows how to play an environment |
//! | [`sample`] | random members of spaces, and the random player |
//! | [`catalog`] | families of environments, and what a page says of them |
//! | [`check`] | a test of anybody's environment, as Gymnasium's `check_env` |
#![forbid(unsafe_code)]

pub mod arguments;
mod bytes;
pub mod catalog;
pub mod check;
pub mod codec;
pub mod env;
pub mod environment;
pub mod error;
pub mod expert;
mod owner;
pub mod policy;
pub mod returns;
pub mod rng;
pub mod sample;
pub mod scene;
pub mod snapshot;
pub mod space;
pub mod spec;
pub mod state;
pub mod value;

pub use arguments::{Arguments, Kwargs};
pub use bytes::Truncated;
pub use codec::{ValueReader, ValueWriter};
pub use env::Env;
pub use environment::{Environment, JointAction, Outcome, Phase};
pub use error::{ArgumentError, EnvError, MakeError, RestoreError, StepError};
pub use expert::Advice;
pub use policy::Policy;
pub use returns::Returns;
pub use rng::SeededRng;
pub use sample::RandomPlayer;
pub use scene::{Colour, Scene};
pub use snapshot::Snapshot;
pub use space::{BoxSpace, DType, Discrete, Space};
pub use spec::{Atlas, Sharing, Spec};
pub use state::{StateReader, StateWriter};
pub use value::{Tensor, Value};
