//! Small steps across the border to JavaScript, none of which can throw.
use std::cell::RefCell;

use js_sys::{BigInt, Object, Reflect};
use palaestra_env::Space;
use palaestra_record::Texts;
use palaestra_text::json::put_integer;
use wasm_bindgen::prelude::*;

use crate::error::PageError;

#[wasm_bindgen(module = "/src/page.js")]
extern "C" {
    #[wasm_bindgen(js_name = jsonNumber)]
    fn json_number(value: f64) -> String;
}

#[wasm_bindgen(module = "/src/options.js")]
extern "C" {
    /// A value as an error message shows it.
    pub(crate) fn shown(value: &JsValue) -> String;

    /// The end of a message about a name that is none of these: which one may have been meant.
    pub(crate) fn meant(found: &str, names: Vec<String>) -> String;

    /// What is wrong with the code of a key, as the end of a message about it.
    #[wasm_bindgen(js_name = codeProblem)]
    pub(crate) fn code_problem(code: &str) -> Option<String>;

    #[wasm_bindgen(js_name = optionProblem)]
    fn option_problem(place: &str, options: &JsValue, known: Vec<String>) -> Option<String>;
}

thread_local! {
    /// Names that are JavaScript strings already.
    static NAMES: RefCell<Vec<(String, JsValue)>> = const { RefCell::new(Vec::new()) };
}

/// Keeps these strings on JavaScript's side as well: what is named by them every step need not be decoded every step.
pub(crate) fn keep_names(names: &[impl AsRef<str>]) {
    NAMES.with_borrow_mut(|kept| {
        for name in names.iter().map(AsRef::as_ref) {
            if !kept.iter().any(|known| known.0 == name) {
                kept.push((name.to_owned(), JsValue::from_str(name)));
            }
        }
    });
}

fn name_of(name: &str) -> JsValue {
    let kept = NAMES.with_borrow(|kept| kept.iter().find(|known| known.0 == name).map(|known| known.1.clone()));
    kept.unwrap_or_else(|| JsValue::from_str(name))
}

/// The largest whole number that is safe as a JavaScript number: 2⁵³ - 1.
pub(crate) const LARGEST: f64 = 9_007_199_254_740_991.0;

/// A number, or a bigint that is one.
pub(crate) fn as_number(value: &JsValue) -> Option<f64> {
    let big = || value.dyn_ref::<BigInt>().and_then(|big| i64::try_from(big.clone()).ok());
    value.as_f64().or_else(|| big().map(|big| big as f64).filter(|number| number.abs() <= LARGEST))
}

/// A whole number, or a bigint that is one, if it is not too large to be exact.
pub(crate) fn integer(value: &JsValue) -> Option<i64> {
    as_number(value).filter(|number| number.trunc() == *number && number.abs() < 9.0e15).map(|number| number as i64)
}

/// A property, or `undefined`.
pub(crate) fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name_of(name)).unwrap_or(JsValue::UNDEFINED)
}

/// A property that is there and not `undefined` or `null`.
pub(crate) fn given(object: &JsValue, name: &str) -> Option<JsValue> {
    let value = get(object, name);
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

/// Sets a property; of a plain object it always works, and a frozen one is its owner's will.
pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name_of(name), value);
}

/// A plain object.
pub(crate) fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new().into();
    fields.iter().for_each(|(name, value)| set(&object, name, value));
    object
}

/// How a record's lines print numbers here, and know JSON: with the browser's own code.
pub(crate) const TEXTS: Texts = Texts { number: write_number, is_json: |text| js_sys::JSON::parse(text).is_ok() };

/// A finite number as `serde_json` prints it.
pub(crate) fn write_number(value: f64, out: &mut Vec<u8>) {
    // A record is mostly whole numbers, and these need no other language. One of 2⁵³ or more may have fewer digits than it.
    if value.trunc() == value && value.abs() < 9.0e15 && (value != 0.0 || value.is_sign_positive()) {
        put_integer(value as i64, out);
        out.extend_from_slice(b".0");
    } else {
        out.extend_from_slice(json_number(value).as_bytes());
    }
}

/// A number as an error message shows it.
pub(crate) fn number(value: f64) -> String {
    match value {
        f64::INFINITY => "inf".to_owned(),
        f64::NEG_INFINITY => "-inf".to_owned(),
        _ => json(&value.into()),
    }
}

/// A space as an error message shows it.
pub(crate) fn described(space: &Space) -> String {
    let mut text = String::new();
    // A String takes everything.
    let _ = space.describe(&mut text, &number);
    text
}

/// Refuses an object with a property of another name, and what is no object.
#[inline(never)]
pub(crate) fn only_known(place: &str, object: &JsValue, known: &[&str]) -> Result<(), PageError> {
    let known = known.iter().map(|name| (*name).to_owned()).collect();
    option_problem(place, object, known).map_or(Ok(()), |problem| Err(PageError::argument(problem)))
}

/// The text of a JSON object: names in order, and the JSON text of each value.
pub(crate) fn object_text(fields: &[(&str, String)]) -> String {
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", fields.join(","))
}

/// A value as JSON; empty for what JSON has not.
pub(crate) fn json(value: &JsValue) -> String {
    js_sys::JSON::stringify(value).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// An exception's own message.
pub(crate) fn message(exception: &JsValue) -> String {
    given(exception, "message").and_then(|text| text.as_string()).unwrap_or_else(|| shown(exception))
}
