//! The catalog as a site serves it: data for every page, which its module need not hold.
use serde::Serialize;

use super::{ArgumentKind, Catalog, Entry, Family};
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
    /// For each argument that says how many agents there are, what the names of those begin with that it adds.
    #[serde(rename = "agentKinds")]
    agent_kinds: Vec<String>,
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
            agent_kinds: entry.agents_from.iter().map(|name| kind_from(family, entry, name)).collect(),
            action_spaces: spec.map_or_else(Vec::new, |spec| words(&spec.action_spaces)),
            observation_spaces: spec.map_or_else(Vec::new, |spec| words(&spec.observation_spaces)),
        }
    }
}

/// What the names of the agents begin with of which there is one more where this argument is one more; nothing where they have no such names.
fn kind_from(family: &'static Family, entry: &'static Entry, name: &str) -> String {
    let default = entry.arguments.iter().find(|argument| argument.name == name).map(|argument| argument.kind);
    let Some(ArgumentKind::Integer { default, .. }) = default else { return String::new() };
    let agents = |kwargs: &Kwargs| family.make_env(entry.id, kwargs).map(|env| env.spec().agents.clone());
    let more = Kwargs::from_iter([(name.to_owned(), (default + 1).into())]);
    let (Ok(usual), Ok(more)) = (agents(&Kwargs::new()), agents(&more)) else { return String::new() };
    let added = more.iter().find(|agent| !usual.contains(agent));
    added.map(|agent| agent.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned()).unwrap_or_default()
}

impl Catalog {
    /// What a site says of its environments, as data.
    pub fn registry(self) -> Registry {
        let of = |family: &'static Family| family.entries.iter().map(move |entry| Registered::new(family, entry));
        Registry { entries: self.families().flat_map(of).collect() }
    }
}
