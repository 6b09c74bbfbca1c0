//! Small steps across the border to JavaScript, none of which can throw.
use js_sys::{Object, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// Keeps these strings on JavaScript's side as well: what is named by them every step need not be decoded every step.
pub(crate) fn keep_names(names: &[impl AsRef<str>]) {
    for name in names {
        wasm_bindgen::intern(name.as_ref());
    }
}

/// A property, or `undefined`.
pub(crate) fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// A property that is there and not `undefined` or `null`.
pub(crate) fn given(object: &JsValue, name: &str) -> Option<JsValue> {
    let value = get(object, name);
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

/// Sets a property; of a plain object it always works, and a frozen one is its owner's will.
pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// A plain object.
pub(crate) fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new().into();
    fields.iter().for_each(|(name, value)| set(&object, name, value));
    object
}

/// Anything serialisable as plain objects and arrays.
pub(crate) fn plain(value: &impl Serialize) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
    value.serialize(&serializer).unwrap_or(JsValue::UNDEFINED)
}

/// A value as JSON; empty for what JSON has not.
pub(crate) fn json(value: &JsValue) -> String {
    js_sys::JSON::stringify(value).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// A value as an error message shows it.
pub(crate) fn shown(value: &JsValue) -> String {
    if let Some(text) = value.as_string() {
        return format!("\"{text}\"");
    }
    let json = js_sys::JSON::stringify(value).ok().and_then(|text| text.as_string());
    // What JSON has not is named by its type: printing it could run its owner's code.
    let text = json.or_else(|| value.js_typeof().as_string()).unwrap_or_default();
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// An exception's own message.
pub(crate) fn message(exception: &JsValue) -> String {
    given(exception, "message").and_then(|text| text.as_string()).unwrap_or_else(|| shown(exception))
}
