//! The catalog as a site serves it: data for every page, which its module need not hold.
use serde::Serialize;

use super::{Catalog, Entry, Family};
use crate::arguments::Kwargs;
use crate::space::Space;

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
    /// The agents' names, and their spaces in words, as they are without keyword arguments. Empty where it cannot be made so, which
    /// [`Family::check`] tells.
    #[serde(rename = "agentNames")]
    agent_names: Vec<String>,
    #[serde(rename = "actionSpaces")]
    action_spaces: Vec<String>,
    #[serde(rename = "observationSpaces")]
    observation_spaces: Vec<String>,
}

impl Registered {
    fn new(family: &'static Family, entry: &'static Entry) -> Self {
        let (family_title, made) = (family.title, family.make_env(entry.id, &Kwargs::new()).ok());
        let spec = made.as_ref().map(|env| env.spec());
        let words = |spaces: &[Space]| spaces.iter().map(Space::to_string).collect();
        Self {
            family: family.name,
            family_title,
            entry,
            agent_names: spec.map_or_else(Vec::new, |spec| spec.agents.iter().map(|agent| agent.to_string()).collect()),
            action_spaces: spec.map_or_else(Vec::new, |spec| words(&spec.action_spaces)),
            observation_spaces: spec.map_or_else(Vec::new, |spec| words(&spec.observation_spaces)),
        }
    }
}

impl Registry {
    pub(super) fn new(catalog: Catalog) -> Self {
        let of = |family: &'static Family| family.entries.iter().map(move |entry| Registered::new(family, entry));
        Self { entries: catalog.families().flat_map(of).collect() }
    }
}
