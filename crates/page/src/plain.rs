//! Keyword arguments and reset options: read once from what a page gives, for the Worker and for the record. It is in the part `options` of
//! the module, as is all of what most games are not asked for: see `game/given.rs`.
use js_sys::{Array, BigInt, Map, Number, Object, Reflect, Symbol};
use palaestra_protocol::{DEEPEST, PlainVisitor, PlainWriter, Scalar, read_plain};
use palaestra_text::json::{put_count, put_flag, put_integer, put_text};
use wasm_bindgen::prelude::*;

use crate::error::PageError;
use crate::js;

/// The bytes of a plain object.
///
/// # Errors
/// [`PageError`] for what is none, by the name of the option.
#[inline(never)]
pub(crate) fn object_from(name: &str, value: &JsValue) -> Result<Vec<u8>, PageError> {
    let object = value.is_object() && !Array::is_array(value);
    let plain = if object { plain_from(value) } else { Err("it is none".to_owned()) };
    plain.map_err(|error| {
        PageError::argument(format!("{name}: expected a plain object, found {} ({error})", js::shown(value)))
    })
}

/// A plain value's bytes; see `palaestra_protocol`. Otherwise what was found instead.
#[inline(never)]
pub(crate) fn plain_from(value: &JsValue) -> Result<Vec<u8>, String> {
    let mut writer = PlainWriter::new();
    put(value, DEEPEST, &mut writer)?;
    Ok(writer.into_bytes())
}

fn put(value: &JsValue, depth: u32, out: &mut PlainWriter) -> Result<(), String> {
    let depth = depth.checked_sub(1).ok_or("it is nested too deep")?;
    if value.is_undefined() || value.is_null() {
        out.null();
    } else if let Some(flag) = value.as_bool() {
        out.flag(flag);
    } else if let Some(number) = value.as_f64() {
        match number {
            _ if Number::is_safe_integer(value) => out.integer(number as i64),
            _ if number.is_finite() => out.number(number),
            // What JSON has not is null, as `JSON.stringify` has it.
            _ => out.null(),
        }
    } else if let Some(text) = value.as_string() {
        out.text(&text);
    } else if let Some(big) = value.dyn_ref::<BigInt>() {
        match (i64::try_from(big.clone()), u64::try_from(big.clone())) {
            (Ok(number), _) => out.integer(number),
            (_, Ok(number)) => out.count(number),
            _ => return Err("a bigint has more than 64 bits".to_owned()),
        }
    } else if let Some(list) = value.dyn_ref::<Array>() {
        out.list(list.length() as usize);
        for item in list.iter() {
            put(&item, depth, out)?;
        }
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

fn put_object(object: &Object, depth: u32, out: &mut PlainWriter) -> Result<(), String> {
    let names: Vec<String> = Object::keys(object).sort().iter().filter_map(|name| name.as_string()).collect();
    out.object(names.len());
    for name in names {
        out.name(&name);
        put(&js::get(object, &name), depth, out)?;
    }
    Ok(())
}

/// A plain value as JSON text, its numbers as the record prints them; nothing for bytes that are none.
#[inline(never)]
pub(crate) fn json_text(plain: &[u8]) -> String {
    let text = read_plain(plain, &mut ToText).unwrap_or_default();
    String::from_utf8(text).unwrap_or_default()
}

struct ToText;

impl PlainVisitor for ToText {
    type Value = Vec<u8>;

    fn scalar(&mut self, value: Scalar<'_>) -> Vec<u8> {
        let mut out = Vec::new();
        match value {
            Scalar::Null => out.extend_from_slice(b"null"),
            Scalar::Flag(flag) => put_flag(flag, &mut out),
            Scalar::Integer(number) => put_integer(number, &mut out),
            Scalar::Count(number) => put_count(number, &mut out),
            Scalar::Number(number) => js::write_number(number, &mut out),
            Scalar::Text(text) => put_text(text, &mut out),
        }
        out
    }

    fn list(&mut self, items: Vec<Vec<u8>>) -> Vec<u8> {
        [b"[", &items.join(&b","[..])[..], b"]"].concat()
    }

    fn object(&mut self, members: Vec<(&str, Vec<u8>)>) -> Vec<u8> {
        let members = members.into_iter().map(|(name, value)| {
            let mut member = Vec::new();
            put_text(name, &mut member);
            member.push(b':');
            member.extend(value);
            member
        });
        [b"{", &members.collect::<Vec<_>>().join(&b","[..])[..], b"}"].concat()
    }
}
