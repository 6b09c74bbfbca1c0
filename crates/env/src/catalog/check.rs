//! Whether the facts of a family agree with its environments.
use serde_json::Value as Json;

use super::{Argument, ArgumentKind, Artwork, Catalog, Entry, Family};
use crate::arguments::Kwargs;
use crate::spec::Spec;

pub(super) fn families(catalog: Catalog) -> Result<(), String> {
    catalog.families().try_for_each(Family::check)?;
    unique("family", catalog.families().map(|family| family.name))?;
    unique("environment", catalog.entries().map(|entry| entry.id))?;
    let artwork: Vec<&Artwork> = catalog.families().flat_map(|family| family.artwork).collect();
    let other = |picture: &&&Artwork| artwork.iter().any(|own| own.path == picture.path && own.bytes != picture.bytes);
    match artwork.iter().find(other) {
        Some(picture) => Err(format!("expected one picture at {}, found two that differ", picture.path)),
        None => Ok(()),
    }
}

pub(super) fn family(family: &Family) -> Result<(), String> {
    let named = |what: String| format!("family `{}`: {what}", family.name);
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if family.name.is_empty() || !family.name.bytes().all(letter) {
        return Err(named("expected a name of lower-case letters, digits and _".into()));
    }
    if family.entries.is_empty() {
        return Err(named("expected entries, found none".into()));
    }
    unique("environment", family.entries.iter().map(|entry| entry.id)).map_err(named)?;
    unique("picture", family.artwork.iter().map(|picture| picture.path)).map_err(named)?;
    if let Some(picture) = family.artwork.iter().find(|picture| !is_relative(picture.path)) {
        return Err(named(format!("expected a path below art/, found `{}`", picture.path)));
    }
    family.entries.iter().try_for_each(|entry| of_entry(family, entry).map_err(|what| format!("{}: {what}", entry.id)))
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
    actions(entry, spec)?;
    if let Some(atlas) = &spec.atlas
        && !family.artwork.iter().any(|picture| picture.path == atlas.image)
    {
        return Err(format!("expected its picture `{}` among the family's artwork, found none", atlas.image));
    }
    unique("argument", entry.arguments.iter().map(|argument| argument.name))?;
    entry.arguments.iter().try_for_each(|argument| takes_its_default(family, entry, argument))
}

/// Every key and every rest is an action, of every agent whose it can be.
fn actions(entry: &Entry, spec: &Spec) -> Result<(), String> {
    for (agent, space) in spec.action_spaces.iter().enumerate() {
        let sets = entry.keys.iter().enumerate().filter(|(set, _)| !entry.keys_go_with_seats || *set == agent);
        let keys = sets.flat_map(|(_, keys)| keys.iter());
        let bound = keys.map(|key| (key.keys, key.action));
        for (name, action) in bound.chain(entry.idle.iter().map(|action| ("idle", *action))) {
            if action.value(spec, space).is_none() {
                return Err(format!("{name}: expected an action of agent {agent}, {space}; found {action:?}"));
            }
        }
    }
    Ok(())
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
