//! The store that several processes share: a Postgres database. One of them at a time has the lobby; what the others would write does
//! not count.
mod connection;
mod lease;
mod read;
mod schema;
mod write;

pub(super) use connection::config;
pub(crate) use lease::{Fence, Lease, Standing};
pub(super) use read::open_to_read;
pub(crate) use schema::{prepare, secret};
pub(super) use write::open;
