//! Reading the members of `mdp_params`, with errors that name them in full.
use palaestra_env::ArgumentError;
use palaestra_text::json::shortened;
use serde_json::Value as Json;

/// Whole rewards up to this, summed over the longest episode, stay exact.
const LARGEST_REWARD: f64 = 1e6;

/// A value that an argument does not take.
pub(super) fn invalid(name: &str, expected: &str, found: String) -> ArgumentError {
    ArgumentError::Invalid { name: name.to_owned(), expected: expected.to_owned(), found }
}

/// The same error about a member of `mdp_params`.
pub(super) fn within_mdp_params(error: ArgumentError) -> ArgumentError {
    let full = |name: String| format!("mdp_params.{name}");
    match error {
        ArgumentError::Unknown { name, known } => ArgumentError::Unknown { name: full(name), known },
        ArgumentError::Invalid { name, expected, found } => {
            ArgumentError::Invalid { name: full(name), expected, found }
        }
    }
}

/// A reward: any number up to a million either way.
pub(super) fn reward(name: &str, json: &Json) -> Result<f64, ArgumentError> {
    match json.as_f64() {
        Some(value) if value.abs() <= LARGEST_REWARD => Ok(value),
        _ => Err(invalid(name, "a number from -1000000 to 1000000", shortened(json))),
    }
}

/// The elements of a list.
pub(super) fn list<'a>(name: &str, expected: &str, json: &'a Json) -> Result<&'a [Json], ArgumentError> {
    json.as_array().map(Vec::as_slice).ok_or_else(|| invalid(name, expected, shortened(json)))
}
