//! Requests and replies.
use palaestra_protocol::{Flags, Reply, Request};

/// Reads the bytes as either.
pub fn run(bytes: &[u8]) {
    let _ = Request::read(bytes);
    let _ = Reply::id(bytes);
    for bits in 0..8_u8 {
        let flags = Flags { scene: bits & 1 != 0, autoreset: bits & 2 != 0, hash: bits & 4 != 0 };
        let _ = Reply::read(bytes, flags);
    }
}
