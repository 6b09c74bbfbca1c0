//! What a crate of environments gives away.
use palaestra_text::nearest;

use super::Entry;
use crate::arguments::Kwargs;
use crate::env::Env;
use crate::environment::Environment;
use crate::error::{ArgumentError, MakeError};

/// Makes an environment of a family from an id and keyword arguments; `None` for an id that is not the family's.
pub type MakeEnvironment = fn(&str, &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>>;

/// Environments that belong together: they become one module, which a participant downloads to play any of them.
///
/// A crate that holds a family has it as `pub const FAMILY: Family`.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// Its name, which is also the name of its module's file: lower-case letters, digits and `_`.
    pub name: &'static str,
    /// A title for people.
    pub title: &'static str,
    /// Its environments.
    pub entries: &'static [Entry],
    /// Makes them.
    pub make: MakeEnvironment,
    /// The pictures that their sprites are cut from.
    pub artwork: &'static [Artwork],
}

impl Family {
    /// Makes one of its environments, checked and time-limited as `gymnasium.make` does.
    ///
    /// # Errors
    /// [`MakeError::UnknownId`] with the nearest id of the family, or [`MakeError::Argument`] for keyword arguments that the
    /// environment does not take.
    pub fn make_env(&self, id: &str, kwargs: &Kwargs) -> Result<Env, MakeError> {
        let made = (self.make)(id, kwargs).ok_or_else(|| {
            let nearest = nearest(id, self.entries.iter().map(|entry| entry.id));
            MakeError::UnknownId { id: id.to_owned(), nearest }
        })?;
        Ok(Env::new(made?))
    }
}

/// A picture that sprites are cut from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Artwork {
    /// Its path below a site's `art/` folder, which an [`Atlas`](crate::Atlas) names. All families of a site share that folder:
    /// a picture's name had better begin with its family's.
    pub path: &'static str,
    /// The file: `include_bytes!("../art/…")`.
    pub bytes: &'static [u8],
}

impl Artwork {
    /// At this path, with these bytes.
    pub const fn new(path: &'static str, bytes: &'static [u8]) -> Self {
        Self { path, bytes }
    }
}
