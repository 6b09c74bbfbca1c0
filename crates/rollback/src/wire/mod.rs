//! What crosses between peers, as bytes.
mod packet;
mod reader;
mod runs;

pub use packet::Refusal;
pub(crate) use packet::{Head, Inputs, MOST_INPUTS, Packet, Piece};
pub(crate) use reader::{Reader, put_varint};
pub(crate) use runs::{put_runs, read_runs};
