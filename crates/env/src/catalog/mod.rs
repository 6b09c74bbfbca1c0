//! What there is to play and how: facts beside the environments' code, so that a page can list them, name their options and bind
//! their keys before anything is loaded.
//!
//! A [`Family`] is what a crate of environments gives away: its [`Entry`]s, what makes them, its [`Artwork`]. A [`Catalog`] is
//! what a site has of them.
mod argument;
mod check;
mod entry;
mod family;
mod manual;
mod registry;

pub use argument::{Argument, ArgumentKind};
pub use entry::{ActionValue, Appearance, Binding, Entry, InputMode};
pub use family::{Artwork, Family, MakeEnvironment};
pub use manual::{Manual, Meaning};
pub use registry::Registry;

use palaestra_text::nearest;

use crate::arguments::Kwargs;
use crate::env::Env;
use crate::error::MakeError;

/// The families of a site, list by list: those that come with Palaestra are one list, those from elsewhere others.
#[derive(Clone, Copy, Debug)]
pub struct Catalog {
    lists: &'static [&'static [Family]],
}

impl Catalog {
    /// Of these lists.
    pub const fn new(lists: &'static [&'static [Family]]) -> Self {
        Self { lists }
    }

    /// Every family, in the order of the lists.
    pub fn families(self) -> impl Iterator<Item = &'static Family> {
        self.lists.iter().copied().flatten()
    }

    /// Every entry, family by family.
    pub fn entries(self) -> impl Iterator<Item = &'static Entry> {
        self.families().flat_map(|family| family.entries)
    }

    /// The entry of an id.
    pub fn entry(self, id: &str) -> Option<&'static Entry> {
        self.entries().find(|entry| entry.id == id)
    }

    /// Makes the environment registered under `id`, checked and time-limited as `gymnasium.make` does.
    ///
    /// # Errors
    /// [`MakeError::UnknownId`] with the nearest id, or [`MakeError::Argument`] for keyword arguments it does not take.
    pub fn make(self, id: &str, kwargs: &Kwargs) -> Result<Env, MakeError> {
        let made = self.families().find_map(|family| (family.make)(id, kwargs));
        let made = made.ok_or_else(|| MakeError::UnknownId { id: id.to_owned(), nearest: self.nearest(id) })?;
        Ok(Env::new(made?))
    }

    /// The registered id with the fewest differences, if they are few.
    pub fn nearest(self, id: &str) -> Option<&'static str> {
        nearest(id, self.entries().map(|entry| entry.id))
    }

    /// What a site says of its environments, as data.
    pub fn registry(self) -> Registry {
        Registry::new(self)
    }

    /// Whether every family keeps [its rules](Family::check), and no two have the same name, id or path.
    ///
    /// # Errors
    /// The first rule that is broken, in words.
    pub fn check(self) -> Result<(), String> {
        check::families(self)
    }
}
