//! What outlives the program: people, matches, confirmed frames. One thread writes, in transactions; whoever reads has a connection of
//! their own. Where it is kept is behind two traits: in a SQLite file of one process, or in a Postgres database that several share.
//!
//! | file | what it holds |
//! |---|---|
//! | `rows.rs` | what is read: after a restart, for a replay, for an export |
//! | `writes.rs` | what is written |
//! | `writer.rs` | the thread that writes |
//! | `database.rs`, `error.rs` | whichever store it is; why it does not work |
//! | `sqlite/`, `postgres/` | the two stores |
mod database;
mod error;
mod postgres;
mod rows;
mod sqlite;
mod writer;
mod writes;

pub(crate) use database::Database;
pub use error::StoreError;
pub(crate) use postgres::{Fence, Lease, Standing};
#[cfg(test)]
pub(crate) use rows::{MatchColumns, SessionRow};
pub(crate) use rows::{MatchRow, Reader, StoredBatch, Which};
pub(crate) use writer::Writer;
pub(crate) use writes::{Backend, BatchWrite, NewFrames, OnDisk, Write};
