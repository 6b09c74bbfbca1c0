//! The catalog as a site serves it: data for every page, which its module need not hold.
use serde::Serialize;

use super::{Catalog, Entry, Family};

/// Serialises to a list of entries, each with its family's name and title.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Registry {
    entries: Vec<Registered>,
}

#[derive(Clone, Debug, Serialize)]
struct Registered {
    family: &'static str,
    #[serde(rename = "familyTitle")]
    family_title: &'static str,
    #[serde(flatten)]
    entry: &'static Entry,
}

impl Registry {
    pub(super) fn new(catalog: Catalog) -> Self {
        let of = |family: &'static Family| {
            let with = |entry| Registered { family: family.name, family_title: family.title, entry };
            family.entries.iter().map(with)
        };
        Self { entries: catalog.families().flat_map(of).collect() }
    }
}
