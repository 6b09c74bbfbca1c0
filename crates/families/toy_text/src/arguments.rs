//! Arguments that more than one environment takes, or that no ready-made reader fits.
use palaestra_env::{ArgumentError, Arguments, Kwargs};
use palaestra_text::Decimal;
use serde_json::Value as Json;

/// The reference's `reward_schedule`: for reaching the goal, a hole, and ice.
pub(super) fn rewards(arguments: &mut Arguments<'_>) -> Result<[f64; 3], ArgumentError> {
    let read = |json: &Json| {
        let numbers: Option<Vec<f64>> = json.as_array()?.iter().map(Json::as_f64).collect();
        <[f64; 3]>::try_from(numbers?).ok()
    };
    let expected = "three numbers: for reaching the goal, a hole, and ice";
    Ok(arguments.parsed("reward_schedule", expected, read)?.unwrap_or([1.0, 0.0, 0.0]))
}

/// A number from 0 to 1.
pub(super) fn probability(
    arguments: &mut Arguments<'_>,
    name: &'static str,
    default: f64,
) -> Result<f64, ArgumentError> {
    let number = arguments.number(name, default)?;
    if (0.0..=1.0).contains(&number) {
        return Ok(number);
    }
    Err(ArgumentError::Invalid {
        name: name.to_owned(),
        expected: "a number from 0 to 1".to_owned(),
        found: Decimal(number).to_string(),
    })
}

/// No reset options: the reference ignores what it is given, and a name that does nothing is a mistake.
pub(super) fn none(options: &Kwargs) -> Result<(), ArgumentError> {
    Arguments::new(options).finish()
}
