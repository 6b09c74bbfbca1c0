//! The families of a site.
use palaestra_text::nearest;

use super::{Entry, Family};
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
}
