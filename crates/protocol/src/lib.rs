//! Every message between the page and the Worker.
//!
//! ```text
//!  page                                                        Worker
//!   │  {module, id, make: {envId, kwargs}}         object  ──►   │   once, first
//!   │  ◄──  {id, spec, timeOrigin}                 object        │   or {id, code, error}
//!   │  {id, reset: {seed, options, scene}}         object  ──►   │
//!   │  [request](Request)                          buffer  ──►   │   step, stepMany, save, restore, hash, close
//!   │  ◄──  [reply](Reply)                         buffer        │   exactly one for every id, in order; a step with a
//!   │                                                            │   due time not before it, its amendments by the same
//!   │  ◄──  {panic: text}                          object        │   the last word of a Worker that panicked
//!   │  ◄──  {fault: text}                          object        │   an exception no request can be blamed for
//! ```
//!
//! Objects carry what is rare and of any shape (`kwargs`, reset options, the spec); a step is one small buffer each way.
#![forbid(unsafe_code)]

mod code;
mod reply;
mod request;
mod wire;

pub use code::ErrorCode;
pub use palaestra_rows::{RowError, RowReader, RowWriter};
pub use reply::{Body, Reply, ReplyWriter, Stamps};
pub use request::{Due, Flags, Operation, Request, RequestWriter};
pub use wire::ProtocolError;
