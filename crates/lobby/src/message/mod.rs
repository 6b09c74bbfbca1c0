//! The control socket's messages, as `docs/server-protocol.md` describes them.
//!
//! | file | what it holds |
//! |---|---|
//! | `client.rs` | what a page sends |
//! | `server.rs` | what the server sends |
//! | `policy.rs`, `model.rs` | a policy in a seat, a model among them |
//! | `kwargs.rs`, `terms.rs` | what is played, and by which rules |
//! | `code.rs` | the code of every end and every refusal |
mod client;
mod code;
mod kwargs;
mod model;
mod policy;
mod server;
mod terms;

pub use client::{ClientMessage, Hello, LeaveReason, MalformedMessage, PathKind, SeatPath, Watch};
pub use code::Code;
pub use kwargs::Kwargs;
pub use model::{LoadedModel, ModelActions, ModelSeat};
pub use policy::SeatPolicy;
pub use server::{Matched, PartnerState, SeatDifference, SeatInfo, SeatKind, ServerMessage, Watching, Welcome};
pub use terms::{Dropout, Mode, Transport};
