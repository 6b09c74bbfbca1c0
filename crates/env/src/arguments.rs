//! Keyword arguments and reset options, read one by one with typed errors; a name that nobody reads is an error too.
use palaestra_text::json::shortened;
use serde_json::{Map, Value as Json};

use crate::error::ArgumentError;

/// Arguments by name, as JSON: what `make` takes beside the id, and what `reset` takes as options.
pub type Kwargs = Map<String, Json>;

/// Reads [`Kwargs`]. An absent or `null` argument has its default.
#[derive(Debug)]
pub struct Arguments<'a> {
    given: &'a Kwargs,
    known: Vec<&'static str>,
}

impl<'a> Arguments<'a> {
    /// Reads from `given`.
    pub fn new(given: &'a Kwargs) -> Self {
        Self { given, known: Vec::new() }
    }

    /// The JSON of an argument, for those that none of the methods below fits.
    pub fn json(&mut self, name: &'static str) -> Option<&'a Json> {
        self.known.push(name);
        self.given.get(name).filter(|json| !json.is_null())
    }

    /// A bool.
    ///
    /// # Errors
    /// [`ArgumentError::Invalid`] for anything else.
    pub fn bool(&mut self, name: &'static str, default: bool) -> Result<bool, ArgumentError> {
        self.parsed(name, "true or false", Json::as_bool).map(|value| value.unwrap_or(default))
    }

    /// A finite number.
    ///
    /// # Errors
    /// [`ArgumentError::Invalid`] for anything else.
    pub fn number(&mut self, name: &'static str, default: f64) -> Result<f64, ArgumentError> {
        self.parsed(name, "a number", Json::as_f64).map(|value| value.unwrap_or(default))
    }

    /// An integer within `range`, both ends included.
    ///
    /// # Errors
    /// [`ArgumentError::Invalid`] for anything else.
    pub fn integer(
        &mut self,
        name: &'static str,
        range: std::ops::RangeInclusive<i64>,
        default: i64,
    ) -> Result<i64, ArgumentError> {
        let expected = format!("an integer from {} to {}", range.start(), range.end());
        let read = |json: &Json| {
            let whole = json.as_f64().filter(|value| value.trunc() == *value && value.abs() < 9.0e15);
            json.as_i64().or(whole.map(|value| value as i64)).filter(|value| range.contains(value))
        };
        self.parsed(name, &expected, read).map(|value| value.unwrap_or(default))
    }

    /// A string.
    ///
    /// # Errors
    /// [`ArgumentError::Invalid`] for anything else.
    pub fn text(&mut self, name: &'static str) -> Result<Option<&'a str>, ArgumentError> {
        self.parsed(name, "a string", Json::as_str)
    }

    /// One of a few strings.
    ///
    /// # Errors
    /// [`ArgumentError::Invalid`] for any other.
    pub fn choice(
        &mut self,
        name: &'static str,
        choices: &[&'static str],
        default: &'static str,
    ) -> Result<&'static str, ArgumentError> {
        let expected = format!("one of {}", choices.join(", "));
        let read = |json: &'a Json| json.as_str().and_then(|text| choices.iter().find(|choice| **choice == text));
        self.parsed(name, &expected, read).map(|value| value.map_or(default, |choice| *choice))
    }

    /// Reads with `read`, which gives `None` for what the argument does not take.
    ///
    /// # Errors
    /// [`ArgumentError::Invalid`], saying `expected`.
    pub fn parsed<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        read: impl FnOnce(&'a Json) -> Option<T>,
    ) -> Result<Option<T>, ArgumentError> {
        let Some(json) = self.json(name) else { return Ok(None) };
        match read(json) {
            Some(value) => Ok(Some(value)),
            None => Err(invalid(name, expected, json)),
        }
    }

    /// Says that every argument has been read.
    ///
    /// # Errors
    /// [`ArgumentError::Unknown`] for a name that was given and not read.
    pub fn finish(self) -> Result<(), ArgumentError> {
        if self.given.is_empty() { Ok(()) } else { self.finish_given() }
    }

    #[inline(never)]
    fn finish_given(self) -> Result<(), ArgumentError> {
        match self.given.keys().find(|name| !self.known.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => Err(ArgumentError::Unknown { name: name.clone(), known: self.known }),
        }
    }
}

/// A function of its own: where nothing is given nothing can be wrong, and a Worker does without the part that says it.
#[inline(never)]
fn invalid(name: &str, expected: &str, json: &Json) -> ArgumentError {
    ArgumentError::Invalid { name: name.to_owned(), expected: expected.to_owned(), found: shortened(json) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn kwargs(json: Json) -> Kwargs {
        json.as_object().cloned().unwrap()
    }

    #[test]
    fn an_absent_argument_has_its_default_and_null_is_absent() {
        let given = kwargs(json!({"slippery": null}));
        let mut arguments = Arguments::new(&given);
        assert_eq!(arguments.bool("slippery", true), Ok(true));
        assert_eq!(arguments.integer("horizon", 1..=9, 4), Ok(4));
        assert_eq!(arguments.finish(), Ok(()));
    }

    #[test]
    fn a_wrong_value_is_told_with_what_was_expected() {
        let given = kwargs(json!({"horizon": 0}));
        let error = Arguments::new(&given).integer("horizon", 1..=9, 4).unwrap_err();
        assert_eq!(error.to_string(), "argument `horizon`: expected an integer from 1 to 9, found 0");
    }

    #[test]
    fn a_text_is_given_as_it_is_or_not_at_all() {
        let given = kwargs(json!({"layout": "cramped_room", "horizon": 3}));
        let mut arguments = Arguments::new(&given);
        assert_eq!(arguments.text("layout"), Ok(Some("cramped_room")));
        assert_eq!(arguments.text("map"), Ok(None));
        let error = arguments.text("horizon").unwrap_err();
        assert_eq!(error.to_string(), "argument `horizon`: expected a string, found 3");
    }

    #[test]
    fn a_whole_number_may_be_written_as_a_fraction_as_long_as_it_is_exact() {
        let read =
            |number: f64| Arguments::new(&kwargs(json!({"horizon": number}))).integer("horizon", 0..=i64::MAX, 4);
        assert_eq!((read(3.0), read(8.9e15)), (Ok(3), Ok(8_900_000_000_000_000)));
        assert!(read(3.5).is_err() && read(9.0e15).is_err() && read(-1.0).is_err());
    }

    #[test]
    fn where_there_are_no_arguments_that_is_said() {
        let given = kwargs(json!({"horizon": 1}));
        let error = Arguments::new(&given).finish().unwrap_err();
        assert_eq!(error.to_string(), "expected no arguments, found `horizon`");
    }

    #[test]
    fn a_name_nobody_reads_is_an_error_that_lists_the_known_ones() {
        let given = kwargs(json!({"slipery": true}));
        let mut arguments = Arguments::new(&given);
        arguments.bool("slippery", true).unwrap();
        let error = arguments.finish().unwrap_err();
        assert_eq!(error.to_string(), "expected an argument among slippery, found `slipery`");
    }
}
