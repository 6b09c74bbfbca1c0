//! What a page gives as keyword arguments, as the JSON that the Worker and the record have of it.
use js_sys::{Array, BigInt, Map, Number, Object, Reflect, Symbol};
use palaestra_text::json::{put_count, put_flag, put_integer, put_list, put_text};
use wasm_bindgen::prelude::*;

use crate::js;

/// An object can hold itself.
const DEEPEST: u32 = 100;

/// A plain value as JSON text with the names of its objects in order; otherwise what was found.
pub(crate) fn text_of(value: &JsValue) -> Result<String, String> {
    let mut out = Vec::new();
    put(value, DEEPEST, &mut out)?;
    String::from_utf8(out).map_err(|error| error.to_string())
}

fn put(value: &JsValue, depth: u32, out: &mut Vec<u8>) -> Result<(), String> {
    let depth = depth.checked_sub(1).ok_or("it is nested too deep")?;
    if value.is_undefined() || value.is_null() {
        out.extend_from_slice(b"null");
    } else if let Some(flag) = value.as_bool() {
        put_flag(flag, out);
    } else if let Some(number) = value.as_f64() {
        if Number::is_safe_integer(value) {
            put_integer(number as i64, out);
        } else if number.is_finite() {
            js::write_number(number, out);
        } else {
            out.extend_from_slice(b"null");
        }
    } else if let Some(text) = value.as_string() {
        put_text(&text, out);
    } else if let Some(big) = value.dyn_ref::<BigInt>() {
        match (i64::try_from(big.clone()), u64::try_from(big.clone())) {
            (Ok(number), _) => put_integer(number, out),
            (_, Ok(number)) => put_count(number, out),
            _ => return Err("a bigint has more than 64 bits".to_owned()),
        }
    } else if let Some(list) = value.dyn_ref::<Array>() {
        let mut done = Ok(());
        put_list(list.iter(), out, |item, out| {
            if done.is_ok() {
                done = put(&item, depth, out);
            }
        });
        done?;
    } else if let Some(map) = value.dyn_ref::<Map>() {
        let object = Object::from_entries(map).map_err(|error| js::message(&error))?;
        put_object(&object, depth, out)?;
    } else if value.is_object() && !Reflect::has(value, &Symbol::iterator()).unwrap_or(true) {
        put_object(value.unchecked_ref(), depth, out)?;
    } else {
        return Err(format!("{} is not plain", js::shown(value)));
    }
    Ok(())
}

fn put_object(object: &Object, depth: u32, out: &mut Vec<u8>) -> Result<(), String> {
    let names = Object::keys(object).sort();
    let mut done = Ok(());
    let mut before = b'{';
    for name in names.iter().filter_map(|name| name.as_string()) {
        out.push(before);
        put_text(&name, out);
        out.push(b':');
        done = done.and_then(|()| put(&js::get(object, &name), depth, out));
        before = b',';
    }
    if before == b'{' {
        out.push(before);
    }
    out.push(b'}');
    done
}
