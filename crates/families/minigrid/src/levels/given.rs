//! What levels are made from, and what is made.
use palaestra_env::{ArgumentError, Arguments, Kwargs};

use crate::level::{Level, Setup};

/// A level and what it is played with.
pub(crate) type Made = Result<(Setup, Box<dyn Level>), ArgumentError>;

/// Keyword arguments on their way to a level, with the names read so far.
pub(super) struct Given<'a> {
    pub(super) arguments: Arguments<'a>,
    pub(super) kwargs: &'a Kwargs,
}
