//! The store of one process: a SQLite file in its data folder, with nothing to install.
mod read;
mod schema;
mod write;

pub(super) use read::open_to_read;
pub(super) use schema::open;
