//! The fields of a line, taken out one by one with typed errors; what nobody takes is kept.
use std::fmt;

use palaestra_env::Kwargs;
use palaestra_text::NotAName;
use palaestra_text::json::shortened;
use serde_json::{Map, Value as Json};

/// A field of a line that cannot be used.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldError {
    /// It is not there.
    Missing {
        /// Its name.
        field: &'static str,
    },
    /// It holds something else than it should.
    WrongType {
        /// Its name.
        field: &'static str,
        /// What it should hold.
        expected: &'static str,
        /// What it holds.
        found: String,
    },
    /// It holds a text that is no name.
    NoName {
        /// Its name.
        field: &'static str,
        /// Why.
        problem: NotAName,
    },
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FieldError::Missing { field } => write!(f, "expected a field `{field}`, found none"),
            FieldError::WrongType { field, expected, found } => {
                write!(f, "field `{field}`: expected {expected}, found {found}")
            }
            FieldError::NoName { field, problem } => write!(f, "field `{field}`: {problem}"),
        }
    }
}

impl std::error::Error for FieldError {}

pub(crate) struct Fields {
    map: Map<String, Json>,
}

impl Fields {
    pub(crate) fn new(map: Map<String, Json>) -> Self {
        Self { map }
    }

    /// What was not taken.
    pub(crate) fn rest(self) -> Map<String, Json> {
        self.map
    }

    /// Any JSON that is not `null`.
    pub(crate) fn optional(&mut self, field: &'static str) -> Option<Json> {
        self.map.remove(field).filter(|json| !json.is_null())
    }

    /// Any JSON, `null` included.
    pub(crate) fn required(&mut self, field: &'static str) -> Result<Json, FieldError> {
        self.map.remove(field).ok_or(FieldError::Missing { field })
    }

    pub(crate) fn text(&mut self, field: &'static str) -> Result<Option<String>, FieldError> {
        self.parsed(field, "a string", |json| json.as_str().map(str::to_owned))
    }

    pub(crate) fn count(&mut self, field: &'static str) -> Result<Option<u64>, FieldError> {
        // `400.0` is what JavaScript's and NumPy's writers may make of 400.
        let whole =
            |json: &Json| json.as_f64().filter(|n| n.trunc() == *n && (0.0..9.0e15).contains(n)).map(|n| n as u64);
        self.parsed(field, "an integer from 0 to 2^64 - 1", |json| json.as_u64().or_else(|| whole(json)))
    }

    pub(crate) fn map(&mut self, field: &'static str) -> Result<Option<Map<String, Json>>, FieldError> {
        match self.optional(field) {
            None => Ok(None),
            Some(Json::Object(map)) => Ok(Some(map)),
            Some(json) => Err(FieldError::WrongType { field, expected: "an object", found: shortened(&json) }),
        }
    }

    /// An object; empty where there is none.
    pub(crate) fn object(&mut self, field: &'static str) -> Result<Kwargs, FieldError> {
        Ok(self.map(field)?.unwrap_or_default())
    }

    /// Sixteen hexadecimal digits.
    pub(crate) fn hash(&mut self, field: &'static str) -> Result<Option<u64>, FieldError> {
        self.parsed(field, "16 hexadecimal digits", |json| {
            let digits =
                json.as_str().filter(|text| text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit()))?;
            u64::from_str_radix(digits, 16).ok()
        })
    }

    /// A field that may have another form, which then stays among the rest.
    pub(crate) fn lenient<T>(&mut self, field: &'static str, read: impl FnOnce(&Json) -> Option<T>) -> Option<T> {
        let value = self.map.get(field).and_then(read)?;
        self.map.remove(field);
        Some(value)
    }

    fn parsed<T>(
        &mut self,
        field: &'static str,
        expected: &'static str,
        read: impl FnOnce(&Json) -> Option<T>,
    ) -> Result<Option<T>, FieldError> {
        let Some(json) = self.optional(field) else { return Ok(None) };
        match read(&json) {
            Some(value) => Ok(Some(value)),
            None => Err(FieldError::WrongType { field, expected, found: shortened(&json) }),
        }
    }
}

/// A value that is there, or the error that says which is missing.
pub(crate) fn present<T>(field: &'static str, value: Option<T>) -> Result<T, FieldError> {
    value.ok_or(FieldError::Missing { field })
}
