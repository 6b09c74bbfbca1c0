//! Keyword arguments and options: Python's values as JSON.
use palaestra_env::Kwargs;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use serde_json::{Number, Value as Json};

use crate::error::ArgumentError;

/// Deeper than this nothing is an argument.
const DEEPEST: usize = 100;

/// Arguments by name; None is no argument at all.
pub(crate) fn kwargs(given: Option<&Bound<'_, PyDict>>) -> PyResult<Kwargs> {
    let mut read = Kwargs::new();
    for (name, value) in given.into_iter().flatten() {
        let name: String = name
            .extract()
            .map_err(|_| ArgumentError::new_err(format!("expected the name of an argument, found {}", shown(&name))))?;
        let value = json(&value, 0).ok_or_else(|| {
            ArgumentError::new_err(format!("argument `{name}`: expected what JSON can say, found {}", shown(&value)))
        })?;
        read.insert(name, value);
    }
    Ok(read)
}

/// What JSON can say of a value: NumPy's numbers and arrays too.
fn json(value: &Bound<'_, PyAny>, depth: usize) -> Option<Json> {
    if depth > DEEPEST {
        return None;
    }
    if value.is_none() {
        return Some(Json::Null);
    }
    if let Ok(flag) = value.cast::<PyBool>() {
        return Some(Json::Bool(flag.is_true()));
    }
    if value.is_instance_of::<PyInt>() {
        return value.extract::<i64>().map(Json::from).or_else(|_| value.extract::<u64>().map(Json::from)).ok();
    }
    if let Ok(number) = value.cast::<PyFloat>() {
        return Number::from_f64(number.extract().ok()?).map(Json::Number);
    }
    if let Ok(text) = value.cast::<PyString>() {
        return text.extract::<String>().ok().map(Json::String);
    }
    if let Ok(object) = value.cast::<PyDict>() {
        let member = |(name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
            Some((name.extract::<String>().ok()?, json(&value, depth + 1)?))
        };
        return object.iter().map(member).collect::<Option<Kwargs>>().map(Json::Object);
    }
    if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        let items = value.try_iter().ok()?.map(|item| json(&item.ok()?, depth + 1));
        return items.collect::<Option<Vec<_>>>().map(Json::Array);
    }
    // A NumPy number or array.
    json(&value.call_method0("tolist").ok()?, depth + 1)
}

/// A value of Python's as a message shows it.
pub(crate) fn shown(value: &Bound<'_, PyAny>) -> String {
    let text = value.repr().map_or_else(|_| "something without a repr".to_owned(), |repr| repr.to_string());
    palaestra_text::json::shorten(text)
}
