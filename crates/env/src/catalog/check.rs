//! Whether the facts of a family agree with its environments.
use serde_json::Value as Json;

use super::{ActionValue, Argument, ArgumentKind, Artwork, Catalog, Entry, Family, Meaning};
use crate::arguments::Kwargs;
use crate::codec::fixed_size;
use crate::space::{BoxSpace, Space};
use crate::spec::Spec;

impl Catalog {
    /// Whether every family keeps [its rules](Family::check), and no two have the same name, id or path.
    ///
    /// # Errors
    /// The first rule that is broken, in words.
    pub fn check(self) -> Result<(), String> {
        self.families().try_for_each(Family::check)?;
        unique("family", self.families().map(|family| family.name))?;
        unique("environment", self.entries().map(|entry| entry.id))?;
        let artwork: Vec<&Artwork> = self.families().flat_map(|family| family.artwork).collect();
        let other =
            |picture: &&&Artwork| artwork.iter().any(|own| own.path == picture.path && own.bytes != picture.bytes);
        match artwork.iter().find(other) {
            Some(picture) => Err(format!("expected one picture at {}, found two that differ", picture.path)),
            None => Ok(()),
        }
    }
}

impl Family {
    /// Whether the facts of the family agree with its environments: every entry can be made and has as many agents as it says,
    /// its keys and its rest are actions that a step takes, its arguments take their defaults, the pictures that its sprites
    /// come from are there, names can be names of files, and none is that of environments in Python, `guest`.
    ///
    /// # Errors
    /// The first rule that is broken, in words.
    pub fn check(&self) -> Result<(), String> {
        let named = |what: String| format!("family `{}`: {what}", self.name);
        let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if self.name.is_empty() || !self.name.bytes().all(letter) {
            return Err(named("expected a name of lower-case letters, digits and _".into()));
        }
        // The page takes these for environments in Python.
        if self.name == "guest" {
            return Err(named("expected another name: `guest` is that of environments in Python".into()));
        }
        if let Some(entry) = self.entries.iter().find(|entry| entry.id.starts_with("guest/")) {
            return Err(named(format!(
                "expected an id of another namespace than environments in Python, found `{}`",
                entry.id
            )));
        }
        if self.entries.is_empty() {
            return Err(named("expected entries, found none".into()));
        }
        unique("environment", self.entries.iter().map(|entry| entry.id)).map_err(named)?;
        unique("picture", self.artwork.iter().map(|picture| picture.path)).map_err(named)?;
        if let Some(picture) = self.artwork.iter().find(|picture| !is_relative(picture.path)) {
            return Err(named(format!("expected a path below art/, found `{}`", picture.path)));
        }
        self.entries.iter().try_for_each(|entry| of_entry(self, entry).map_err(|what| format!("{}: {what}", entry.id)))
    }
}

fn unique<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let mut known = Vec::new();
    for name in names {
        if known.contains(&name) {
            return Err(format!("expected one {what} of this name, found a second `{name}`"));
        }
        known.push(name);
    }
    Ok(())
}

/// Names of folders and a file, none of which leads elsewhere.
fn is_relative(path: &str) -> bool {
    let plain = |name: &str| {
        let letter = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
        !name.is_empty() && !name.starts_with('.') && name.chars().all(letter)
    };
    path.split('/').all(plain)
}

fn of_entry(family: &Family, entry: &Entry) -> Result<(), String> {
    let env = family.make_env(entry.id, &Kwargs::new()).map_err(|error| error.to_string())?;
    let spec = env.spec();
    if spec.id != entry.id {
        return Err(format!("expected a spec of this id, found one of `{}`", spec.id));
    }
    if spec.agents.len() != entry.agents {
        return Err(format!("expected {} agents as the entry says, found {}", entry.agents, spec.agents.len()));
    }
    if !entry.appearances.is_empty() && entry.appearances.len() != entry.agents {
        return Err(format!("expected an appearance per agent or none, found {}", entry.appearances.len()));
    }
    if entry.keys.len() > entry.agents || (entry.keys_go_with_seats && entry.keys.len() != entry.agents) {
        return Err(format!("expected a set of keys per agent, found {}", entry.keys.len()));
    }
    if entry.fps == 0 {
        return Err("expected a pace of one step a second or more, found 0".into());
    }
    if entry.expert.is_some() != env.has_expert() {
        let found = if env.has_expert() { "an expert" } else { "none" };
        return Err(format!("expected an expert as the entry says, found {found}"));
    }
    let specs = specs(family, entry, spec);
    specs.iter().try_for_each(takes_bytes)?;
    actions(entry, &specs)?;
    entry.agents_from.iter().try_for_each(|name| counts_agents(family, entry, name))?;
    if let Some(atlas) = &spec.atlas
        && !family.artwork.iter().any(|picture| picture.path == atlas.image)
    {
        return Err(format!("expected its picture `{}` among the family's artwork, found none", atlas.image));
    }
    if let Some(manual) = entry.manual {
        says_all("actions", manual.actions, &spec.action_spaces)?;
        says_all("observation", manual.observation, &spec.observation_spaces)?;
    }
    unique("argument", entry.arguments.iter().map(|argument| argument.name))?;
    entry.arguments.iter().try_for_each(|argument| takes_its_default(family, entry, argument))
}

/// With the defaults, and with each flag turned: a flag can make other spaces of them.
fn specs(family: &Family, entry: &Entry, spec: &Spec) -> Vec<Spec> {
    let flags = entry.arguments.iter().filter_map(|argument| match argument.kind {
        ArgumentKind::Bool { default } => Some(Kwargs::from_iter([(argument.name.to_owned(), Json::from(!default))])),
        _ => None,
    });
    let turned = flags.filter_map(|kwargs| Some(family.make_env(entry.id, &kwargs).ok()?.spec().clone()));
    std::iter::once(spec.clone()).chain(turned).collect()
}

/// Many steps, and the members of a Sequence, are told apart by their bytes: what has none of them is played, or read, as nothing.
fn takes_bytes(spec: &Spec) -> Result<(), String> {
    let Spec { action_spaces, observation_spaces, reset_info, step_info, .. } = spec;
    if action_spaces.iter().map(fixed_size).sum::<Option<usize>>() == Some(0) {
        let found = action_spaces.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        return Err(format!("expected actions of something, such as Discrete(1), found {found}"));
    }
    let infos = [reset_info, step_info];
    match action_spaces.iter().chain(observation_spaces).chain(infos).find_map(sequence_of_nothing) {
        Some(found) => Err(format!("expected a Sequence of something, found one of {found}")),
        None => Ok(()),
    }
}

/// Whose members a Sequence in a space has, if each of them is nothing.
fn sequence_of_nothing(space: &Space) -> Option<&Space> {
    match space {
        Space::Sequence { space } if fixed_size(space) == Some(0) => Some(space),
        Space::Sequence { space } => sequence_of_nothing(space),
        Space::Tuple { spaces } | Space::OneOf { spaces } => spaces.iter().find_map(sequence_of_nothing),
        Space::Dict { spaces } => spaces.iter().find_map(|(_, space)| sequence_of_nothing(space)),
        _ => None,
    }
}

/// The actions of keys and of hands at rest.
fn actions(entry: &Entry, specs: &[Spec]) -> Result<(), String> {
    for (set, keys) in entry.keys.iter().enumerate() {
        let bound: Vec<(&str, ActionValue)> = keys.iter().map(|key| (key.keys, key.action)).collect();
        // People sit down in agent order: the second is never the first agent.
        let by_seat = entry.keys_go_with_seats;
        every_one_is_of_use(specs, &bound, |agent| if by_seat { set == agent } else { set <= agent })?;
    }
    let rest: Vec<(&str, ActionValue)> = entry.idle.iter().map(|action| ("idle", *action)).collect();
    every_one_is_of_use(specs, &rest, |_| true)
}

/// Each is an action of some agent whose it can be, and each such agent has one of them, unless there are none.
fn every_one_is_of_use(
    specs: &[Spec],
    bound: &[(&str, ActionValue)],
    whose: impl Fn(usize) -> bool,
) -> Result<(), String> {
    let mut used = vec![false; bound.len()];
    for spec in specs {
        for (agent, space) in spec.action_spaces.iter().enumerate().filter(|(agent, _)| whose(*agent)) {
            let fits: Vec<bool> = bound.iter().map(|(_, action)| action.value(spec, space).is_some()).collect();
            if let Some((name, action)) = bound.first().filter(|_| !fits.contains(&true)) {
                return Err(format!("{name}: expected an action of agent {agent}, {space}; found {action:?}"));
            }
            used.iter_mut().zip(fits).for_each(|(used, fits)| *used |= fits);
        }
    }
    match bound.iter().zip(used).find(|(_, used)| !used) {
        Some(((name, action), _)) => Err(format!("{name}: expected an action of some agent, found {action:?}")),
        None => Ok(()),
    }
}

/// A manual that goes by numbers says something of each, once and in their order, for the agent that has the most.
fn says_all(what: &str, meanings: &[Meaning], spaces: &[Space]) -> Result<(), String> {
    let Some(places) = meanings.iter().map(Meaning::places).collect::<Option<Vec<_>>>().filter(|all| !all.is_empty())
    else {
        return Ok(());
    };
    let Some(expected) = spaces.iter().map(numbers).collect::<Option<Vec<u64>>>().and_then(|all| all.into_iter().max())
    else {
        let names = "expected names of what it has, found numbers only";
        return Err(format!("manual: {what}: {names}"));
    };
    let mut next = 0;
    for place in places {
        if *place.start() != next || place.end() < place.start() {
            return Err(format!("manual: {what}: expected a word on {next}, found one on {}", place.start()));
        }
        next = place.end().saturating_add(1);
    }
    if next == expected {
        Ok(())
    } else {
        Err(format!("manual: {what}: expected words on {expected} numbers, found them on {next}"))
    }
}

/// How many actions a Discrete space has, or numbers a member of a flat one.
fn numbers(space: &Space) -> Option<u64> {
    match space {
        Space::Discrete { n, start: 0 } => u64::try_from(*n).ok(),
        Space::MultiBinary { n } => u64::try_from(*n).ok(),
        Space::Box(BoxSpace { shape, .. }) => match shape.as_slice() {
            [only] => u64::try_from(*only).ok(),
            _ => None,
        },
        Space::MultiDiscrete { nvec } => u64::try_from(nvec.len()).ok(),
        _ => None,
    }
}

/// One more of what says how many agents there are is one more agent.
fn counts_agents(family: &Family, entry: &Entry, name: &str) -> Result<(), String> {
    let found = entry.arguments.iter().find(|argument| argument.name == name).map(|argument| argument.kind);
    let Some(ArgumentKind::Integer { default, .. }) = found else {
        return Err(format!("agents_from: expected an integer argument, found `{name}`"));
    };
    let kwargs = Kwargs::from_iter([(name.to_owned(), Json::from(default + 1))]);
    let env = family.make_env(entry.id, &kwargs).map_err(|error| error.to_string())?;
    match env.spec().agents.len() {
        found if found == entry.agents_with(&kwargs) => Ok(()),
        found => {
            Err(format!("agents_from: expected {} agents with one more `{name}`, found {found}", entry.agents + 1))
        }
    }
}

fn takes_its_default(family: &Family, entry: &Entry, argument: &Argument) -> Result<(), String> {
    let default = match argument.kind {
        ArgumentKind::Bool { default } => Json::from(default),
        ArgumentKind::Integer { default, .. } => Json::from(default),
        ArgumentKind::Number { default } => Json::from(default),
        ArgumentKind::Choice { default, .. } => Json::from(default),
        ArgumentKind::Text | ArgumentKind::Object => Json::Null,
    };
    let kwargs = Kwargs::from_iter([(argument.name.to_owned(), default)]);
    family.make_env(entry.id, &kwargs).map(|_| ()).map_err(|error| error.to_string())
}
