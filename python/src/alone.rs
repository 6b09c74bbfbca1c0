//! Something that one thread at a time has, and any may have.
use std::sync::{Mutex, PoisonError};

/// An environment in a class of Python's may go to another thread, but not be looked at from two. Python's classes ask for both; a
/// mutex that is never locked gives it, and whoever has the object alone pays nothing.
pub(crate) struct Alone<T>(Mutex<T>);

impl<T> Alone<T> {
    pub(crate) fn new(inner: T) -> Self {
        Self(Mutex::new(inner))
    }

    /// What is inside.
    pub(crate) fn get(&mut self) -> &mut T {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}
