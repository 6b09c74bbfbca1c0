//! An agent's actions as numbers: as many as the space has elements, integers among them whole.
use palaestra_env::{Space, Tensor, Value};

use crate::error::PolicyError;

/// How many numbers an action of the space is.
///
/// # Errors
/// [`PolicyError::Actions`] for a space that no model can choose from.
pub(crate) fn width(space: &Space) -> Result<usize, PolicyError> {
    match space {
        Space::Discrete { n: 1.., .. } => Ok(1),
        Space::MultiDiscrete { nvec } if nvec.iter().all(|n| *n > 0) => Ok(nvec.len()),
        Space::MultiBinary { n } => Ok(*n),
        Space::Box(space) => Ok(space.len()),
        other => Err(PolicyError::Actions { found: kind(other) }),
    }
}

/// What kind of space it is. Printing all of it takes much code.
pub(crate) fn kind(space: &Space) -> &'static str {
    match space {
        Space::Discrete { .. } => "Discrete",
        Space::Box(_) => "Box",
        Space::MultiDiscrete { .. } => "MultiDiscrete",
        Space::MultiBinary { .. } => "MultiBinary",
        Space::Tuple { .. } => "Tuple",
        Space::Dict { .. } => "Dict",
        Space::Text { .. } => "Text",
        Space::Sequence { .. } => "Sequence",
        Space::OneOf { .. } => "OneOf",
        Space::None => "None",
        Space::Bool => "bool",
    }
}

/// How many likelihoods choose an action of the space: none for a Box.
pub(crate) fn choices(space: &Space) -> usize {
    let count = |n: i64| usize::try_from(n).unwrap_or(0);
    match space {
        Space::Discrete { n, .. } => count(*n),
        Space::MultiDiscrete { nvec } => nvec.iter().fold(0, |sum: usize, n| sum.saturating_add(count(*n))),
        Space::MultiBinary { n } => *n,
        _ => 0,
    }
}

/// Number `index` of an action, moved into the space: whole where it must be, and within its bounds. NaN counts as 0.
pub(crate) fn within(space: &Space, index: usize, number: f64) -> f64 {
    let number = if number.is_nan() { 0.0 } else { number };
    let cut = |low: f64, high: f64| {
        if number < low {
            low
        } else if number > high {
            high
        } else {
            number
        }
    };
    match space {
        Space::Discrete { n, start } => cut(*start as f64, start.saturating_add(n - 1) as f64).trunc(),
        Space::MultiDiscrete { nvec } => cut(0.0, nvec.get(index).map_or(0.0, |n| (n - 1) as f64)).trunc(),
        Space::MultiBinary { .. } => f64::from(u8::from(number > 0.5)),
        Space::Box(space) => {
            let (low, high) = space.bounds(index);
            // Where a bound is open, the largest that a float32 has: no action is infinite.
            let cut = cut(low.max(f64::from(f32::MIN)), high.min(f64::from(f32::MAX)));
            if space.dtype.is_float() { cut } else { cut.round_ties_even() }
        }
        _ => number,
    }
}

/// The member of an action that numbers are written to: of a OneOf that of the given number, whose space is `space`.
pub(crate) fn member<'v>(alternative: Option<usize>, space: &Space, action: &'v mut Value) -> &'v mut Value {
    let Some(alternative) = alternative else { return action };
    if !matches!(action, Value::OneOf(found, _) if *found == alternative) {
        *action = Value::OneOf(alternative, Box::new(Value::blank(space)));
    }
    match action {
        Value::OneOf(_, member) => member,
        other => other,
    }
}

/// Writes numbers as an action, in its memory.
pub(crate) fn write(space: &Space, numbers: &[f64], action: &mut Value) {
    let numbers = numbers.iter().enumerate().map(|(index, number)| within(space, index, *number));
    match (space, &mut *action) {
        (Space::Discrete { .. }, Value::Discrete(value)) => numbers.for_each(|number| *value = number as i64),
        (Space::MultiDiscrete { .. }, Value::MultiDiscrete(values)) => {
            values.iter_mut().zip(numbers).for_each(|(value, number)| *value = number as i64);
        }
        (Space::MultiBinary { .. }, Value::MultiBinary(values)) => {
            values.iter_mut().zip(numbers).for_each(|(value, number)| *value = number as u8);
        }
        (Space::Box(space), Value::Tensor(tensor)) if tensor.dtype() == space.dtype => tensor.set_f64s(numbers),
        (Space::Box(space), action) => *action = Value::Tensor(Tensor::from_f64s(space.dtype, numbers)),
        _ => {}
    }
}
