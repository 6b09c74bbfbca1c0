//! What a page, and its address, have to say of a session for the header of its record.
use js_sys::{Array, JSON};
use wasm_bindgen::prelude::*;

use crate::error::PageError;
use crate::js;
use crate::options::{Said, put_said, said};

#[wasm_bindgen(module = "/src/address.js")]
extern "C" {
    /// Parameters of the page's address as JSON: see `address.js`.
    #[wasm_bindgen(js_name = recordedAddress)]
    fn recorded_address(names: Option<Vec<String>>) -> Option<String>;

    /// The id that the page's address names.
    #[wasm_bindgen(js_name = addressedParticipant)]
    fn addressed_participant() -> Option<String>;
}

/// The options `participant`, `condition`, `notes` and `recordAddress` of `play`: names in order, and JSON texts.
#[inline(never)]
pub(super) fn said_of(options: &JsValue) -> Result<Said, PageError> {
    let mut said = said(options)?;
    let Some(asked) = js::given(options, "recordAddress") else { return Ok(said) };
    let names = match asked.dyn_ref::<Array>() {
        Some(names) => names.iter().map(|name| name.as_string()).collect::<Option<Vec<String>>>().map(Some),
        None => asked.as_bool().map(|_| None),
    };
    let Some(names) = names else {
        let found = js::shown(&asked);
        let message = format!("recordAddress: expected true, false or a list of names of parameters, found {found}");
        return Err(PageError::argument(message));
    };
    if asked.as_bool() == Some(false) {
        return Ok(said);
    }
    if names.is_none() && !said.iter().any(|(name, _)| *name == "participant") {
        // One that is no name is nobody's id: it came to be there by accident, or by somebody who wrote the address by hand.
        let named = addressed_participant().filter(|id| palaestra_text::check_name(id).is_ok());
        let json = named.and_then(|id| JSON::stringify(&id.into()).ok()).map(String::from);
        json.into_iter().for_each(|id| put_said(&mut said, "participant", id));
    }
    recorded_address(names).into_iter().for_each(|address| put_said(&mut said, "address", address));
    Ok(said)
}
