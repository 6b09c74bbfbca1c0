//! The control socket's messages, as `docs/server-protocol.md` describes them.
//!
//! | file | what it holds |
//! |---|---|
//! | `client.rs` | what a page sends |
//! | `server.rs` | what the server sends |
//! | `policy.rs`, `model.rs` | a policy in a seat, a model among them |
//! | `code.rs` | the code of every end and every refusal |
mod client;
mod code;
mod model;
mod policy;
mod server;

pub use client::{ClientMessage, Hello, LeaveReason, MalformedMessage, PathKind, SeatPath, Watch};
pub use code::Code;
pub use model::{LoadedModel, ModelActions, ModelSeat};
pub use policy::SeatPolicy;
pub use server::{
    Matched, PartnerState, SeatDifference, SeatInfo, SeatKind, ServerMessage, Transport, Watching, Welcome,
};

/// Keyword arguments of an environment.
pub type Kwargs = serde_json::Map<String, serde_json::Value>;
