//! The reset options `low` and `high`, after `maybe_parse_reset_bounds` in Gymnasium's `classic_control/utils.py`.
use palaestra_env::{ArgumentError, Kwargs};

use super::given;

/// Reads `low` and `high`, each with its default; the start is drawn uniformly between them.
///
/// # Errors
/// [`ArgumentError`] for bounds that are not numbers, the wrong way round, or too far apart for their difference to be a
/// float64 (the last is NumPy's own refusal), and for any other option.
pub(super) fn reset_bounds(options: &Kwargs, low: f64, high: f64) -> Result<(f64, f64), ArgumentError> {
    if options.is_empty() { Ok((low, high)) } else { given::bounds(options, low, high) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(options: serde_json::Value) -> Result<(f64, f64), String> {
        reset_bounds(options.as_object().unwrap(), -0.05, 0.05).map_err(|error| error.to_string())
    }

    #[test]
    fn absent_bounds_have_their_defaults() {
        assert_eq!(read(json!({})), Ok((-0.05, 0.05)));
        assert_eq!(read(json!({"low": 0.01})), Ok((0.01, 0.05)));
        assert_eq!(read(json!({"high": 2})), Ok((-0.05, 2.0)));
        assert_eq!(read(json!({"low": 0.02, "high": 0.02})), Ok((0.02, 0.02)));
    }

    #[test]
    fn bounds_the_reference_refuses_are_told_with_what_was_expected() {
        for (options, message) in [
            (json!({"low": 0.1}), "argument `high`: expected `high` not below `low` (0.1), found 0.05"),
            (json!({"low": 0.0, "high": -0.0}), "argument `high`: expected `high` not below `low` (0), found -0"),
            (json!({"low": "wide"}), "argument `low`: expected a number, found \"wide\""),
            (json!({"high": [1.0]}), "argument `high`: expected a number, found [1.0]"),
            (json!({"middle": 0}), "expected an argument among low, high, found `middle`"),
        ] {
            assert_eq!(read(options), Err(message.to_owned()));
        }
        let far = read(json!({"low": -1e308, "high": 1e308})).unwrap_err();
        assert!(far.contains("a finite distance"), "{far}");
    }
}
