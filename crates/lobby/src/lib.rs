//! Who plays with whom: waitroom, matching, validation and the life of a match. It knows no clock and no socket.
#![forbid(unsafe_code)]

pub mod config;
pub mod message;
