//! Every message between the page and the Worker, and between the Worker and the server (see [`server`]).
//!
//! ```text
//!  page                                                        Worker
//!   │  {module, id, make: {envId, kwargs}}         object  ──►   │   once, first; kwargs are a plain value's bytes
//!   │  ◄──  {id, spec, timeOrigin, now}            object        │   or {id, code, error}
//!   │  [request](Request)                          buffer  ──►   │   reset, step, save, …; or play, and then grants and keys
//!   │  ◄──  [reply](Reply)                         buffer        │   exactly one for every request, in order
//!   │  ◄──  [step](Stepped)                        buffer        │   of a game: what was played, unasked
//!   │  ◄──  [event](together::Event)               buffer        │   of a match: that, and what becomes of it
//!   │  ◄──  {panic: text}                          object        │   the last word of a Worker that panicked
//!   │  ◄──  {fault: text}                          object        │   an exception no request can be blamed for
//! ```
//!
//! A module crosses in an object, and the spec, whose shape is any; everything else is one buffer. All integers are
//! little-endian. Nothing that is read is trusted: a message is an error or what it says, never a panic, and reserves no more
//! memory than it has bytes.
//!
//! | file | what it defines |
//! |---|---|
//! | `request.rs` | operations, flags, requests |
//! | `reply.rs` | replies and their stamps |
//! | `game.rs` | what a game is told: setup, grants, keys, resets |
//! | `event.rs` | what a game tells |
//! | `plain.rs`, `kwargs.rs` | values of any shape: keyword arguments, reset options |
//! | `code.rs`, `failure.rs` | error codes, and errors |
//! | `together/` | a game of a match: what the page says, and what it is told |
//! | `server/` | the play socket of a match |
//! | `stations.rs` | the stations of `pipelineMetrics` |
//! | `wire.rs` | fields of a message |
#![forbid(unsafe_code)]

mod code;
mod event;
mod failure;
mod game;
#[cfg(feature = "kwargs")]
mod kwargs;
mod plain;
mod reply;
mod request;
mod rollout;
pub mod server;
mod stations;
pub mod together;
mod wire;

pub use code::ErrorCode;
pub use event::{
    EVENT, EVENT_FLAGS, EVENT_KIND, EVENT_KINDS, EVENT_NUMBER, HASHED, STEPPED_ACTIONS, StepTimes, Stepped,
};
pub use failure::Failure;
pub use game::{Act, Grant, InputMode, Key, Motion, Reset, SeatSetup, Setup};
#[cfg(feature = "kwargs")]
pub use kwargs::{read_kwargs, write_kwargs};
pub use palaestra_rows::{RowError, RowReader, RowWriter};
pub use plain::{DEEPEST, PlainVisitor, PlainWriter, Scalar, read_plain};
pub use reply::{
    Body, MANY_AGENTS, MANY_BLOCKS, MANY_COUNT, MANY_REWARDS, MANY_STRIDE, REPLY_BODY, REPLY_ERROR, REPLY_KIND,
    REPLY_NUMBER, REPLY_OK, REPLY_RETURNS, Reply, ReplyWriter, Stamps,
};
pub use request::{
    Flags, MOST_ACTIONS, Operation, REQUEST_NUMBER, REQUEST_PAYLOAD, Request, RequestWriter, SCRIPT_REQUESTS,
};
pub use rollout::{
    EPISODE_END, EPISODE_ENDS, EPISODE_HASH, EPISODE_LENGTH, EPISODE_RETURNS, PROGRESS_AGENTS, PROGRESS_EPISODES,
    PROGRESS_STEPS, RolloutEpisode, RolloutProgress, RolloutSetup,
};
pub use stations::{Row, SPANS, STATIONS, STATIONS_ALONE, Station, UNPASSED};
pub use wire::ProtocolError;
