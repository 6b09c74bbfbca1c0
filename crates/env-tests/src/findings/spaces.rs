//! Spaces, as Gymnasium's checker looks at them.
use palaestra_env::{BoxSpace, Space};

use super::finding::{Answer, doubtful, good};
use crate::cases::Case;

pub(super) fn well_made(case: &Case) -> Answer {
    let env = case.make();
    let spec = env.spec();
    let mut doubts = Vec::new();
    for (agent, (actions, seen)) in spec.action_spaces.iter().zip(&spec.observation_spaces).enumerate() {
        for (what, space) in [("action", actions), ("observation", seen)] {
            whole(space).map_err(|bad| format!("the {what} space of agent {agent}, {space}: {bad}"))?;
        }
        told_apart(actions).map_err(|bad| format!("the action space of agent {agent}, {actions}: {bad}"))?;
        doubts
            .extend(of_actions(actions).map(|doubt| format!("the action space of agent {agent}, {actions}: {doubt}")));
        doubts.extend(
            of_observations(seen).map(|doubt| format!("the observation space of agent {agent}, {seen}: {doubt}")),
        );
    }
    match doubts.first() {
        None => good(format!("actions {}; observations {}", spec.action_spaces[0], spec.observation_spaces[0])),
        Some(doubt) => doubtful(doubt.clone()),
    }
}

/// Whether there is a member at all, and bounds are bounds.
fn whole(space: &Space) -> Result<(), String> {
    match space {
        Space::Discrete { n, .. } if *n < 1 => Err(format!("expected one member or more, found {n}")),
        Space::MultiDiscrete { nvec } if nvec.is_empty() || nvec.iter().any(|n| *n < 1) => {
            Err("expected one member or more for each of one number or more".into())
        }
        Space::MultiBinary { n } if *n < 1 => Err("expected one bit or more, found none".into()),
        Space::Box(space) => bounds(space),
        Space::Tuple { spaces } | Space::OneOf { spaces } => spaces.iter().try_for_each(whole),
        Space::Dict { spaces } => {
            spaces.iter().try_for_each(|(name, space)| whole(space).map_err(|bad| format!("{name}: {bad}")))
        }
        Space::Sequence { space } => whole(space),
        Space::Text { min_length, max_length, .. } if min_length > max_length => {
            Err(format!("expected at least {min_length} characters and at most {max_length}, which no text has"))
        }
        _ => Ok(()),
    }
}

/// Whether a record says which action was played.
fn told_apart(actions: &Space) -> Result<(), String> {
    actions.look_alikes().map_or(Ok(()), |[one, other]| {
        Err(format!(
            "expected alternatives that a record tells apart, found {one} and {other}, which have members alike"
        ))
    })
}

fn bounds(space: &BoxSpace) -> Result<(), String> {
    let sides = [("low", &space.low), ("high", &space.high)];
    if let Some((name, side)) = sides.into_iter().find(|(_, side)| side.len() != 1 && side.len() != space.len()) {
        return Err(format!("expected one bound or {} in `{name}`, found {}", space.len(), side.len()));
    }
    let wrong = (0..space.len()).find(|index| {
        let (low, high) = space.bounds(*index);
        low.is_nan() || high.is_nan() || low > high
    });
    wrong.map_or(Ok(()), |index| Err(format!("number {index}: expected low <= high, found {:?}", space.bounds(index))))
}

fn of_actions(space: &Space) -> Option<&'static str> {
    let Space::Box(space) = space else { return None };
    let all = || (0..space.len()).map(|index| space.bounds(index));
    if all().any(|(low, high)| !low.is_finite() || !high.is_finite()) {
        return Some("it has no bounds, and a random player finds no place in it; models are made for -1 to 1");
    }
    let usual = all().all(|(low, high)| low == -high || low == 0.0);
    (space.dtype.is_float() && !usual).then_some("Gymnasium recommends bounds from -1 to 1, or from 0 to 1")
}

fn of_observations(space: &Space) -> Option<&'static str> {
    match space {
        Space::Box(space)
            if (0..space.len()).all(|index| space.bounds(index) == (f64::NEG_INFINITY, f64::INFINITY)) =>
        {
            Some("it has no bounds at all: whoever normalises has nothing to go by")
        }
        Space::Box(space) if (0..space.len()).any(|index| space.bounds(index).0 == space.bounds(index).1) => {
            Some("a number that can have one value only says nothing")
        }
        Space::Dict { spaces } => spaces.iter().find_map(|(_, space)| of_observations(space)),
        Space::Tuple { spaces } => spaces.iter().find_map(of_observations),
        _ => None,
    }
}
