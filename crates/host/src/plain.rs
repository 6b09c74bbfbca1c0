//! Arguments of any plain shape, from objects.
use js_sys::{Array, BigInt, Number, Object};
use palaestra_env::Kwargs;
use serde_json::Value as Json;
use wasm_bindgen::prelude::*;

/// An object can hold itself.
const DEEPEST: u32 = 100;

/// Keyword arguments from an object; absent ones are none.
///
/// # Errors
/// What is wrong with anything else, in words.
pub(crate) fn kwargs(object: &JsValue) -> Result<Kwargs, String> {
    if object.is_undefined() || object.is_null() {
        return Ok(Kwargs::new());
    }
    match json(object, DEEPEST).map_err(|error| format!("expected an object of arguments: {error}"))? {
        Json::Object(kwargs) => Ok(kwargs),
        _ => Err("expected an object of arguments, found none".to_owned()),
    }
}

fn json(value: &JsValue, depth: u32) -> Result<Json, String> {
    let depth = depth.checked_sub(1).ok_or("it is nested too deep")?;
    if value.is_undefined() || value.is_null() {
        return Ok(Json::Null);
    }
    if let Some(flag) = value.as_bool() {
        return Ok(Json::Bool(flag));
    }
    if let Some(number) = value.as_f64() {
        let whole = Number::is_safe_integer(value);
        return Ok(if whole { Json::from(number as i64) } else { Json::from(number) });
    }
    if let Some(text) = value.as_string() {
        return Ok(Json::String(text));
    }
    if let Some(big) = value.dyn_ref::<BigInt>() {
        let (signed, unsigned) = (i64::try_from(big.clone()), u64::try_from(big.clone()));
        let number = signed.map(Json::from).or_else(|_| unsigned.map(Json::from));
        return number.map_err(|_| "a bigint has more than 64 bits".to_owned());
    }
    if let Some(list) = value.dyn_ref::<Array>() {
        return list.iter().map(|item| json(&item, depth)).collect();
    }
    if value.is_function() || !value.is_object() {
        return Err("a value is not plain".to_owned());
    }
    let mut object = Kwargs::new();
    for entry in Object::entries(value.unchecked_ref()).iter() {
        let entry: Array = entry.unchecked_into();
        object.insert(entry.get(0).as_string().unwrap_or_default(), json(&entry.get(1), depth)?);
    }
    Ok(Json::Object(object))
}
