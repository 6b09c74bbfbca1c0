//! The session and its registry, seen from outside.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test a failed unwrap is the failure's message")]

mod lives;
mod properties;
mod registry;
mod table;
