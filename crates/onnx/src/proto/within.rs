//! What is too large.
use crate::error::LoadError;

/// Refuses more than `most` of something.
pub(crate) fn within(what: &'static str, most: usize, found: usize) -> Result<(), LoadError> {
    if found > most { Err(LoadError::TooLarge { what, most: most as u64, found: found as u64 }) } else { Ok(()) }
}
