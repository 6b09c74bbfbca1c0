//! What becomes the environment Worker's `.wasm`: every built-in environment behind the host.
#[cfg(feature = "faults")]
mod faults;

use palaestra_env::{Env, Kwargs, MakeError};
use wasm_bindgen::prelude::*;

/// Takes the page's first message; see [`palaestra_host::start`].
#[wasm_bindgen]
pub fn start(first: &JsValue) {
    palaestra_host::start(first, make);
}

fn make(id: &str, kwargs: &Kwargs) -> Result<Env, MakeError> {
    #[cfg(feature = "faults")]
    if id == faults::ID {
        return Ok(faults::make());
    }
    // The page knows every id there is and finds the one that was meant.
    palaestra_envs::find(id, kwargs).unwrap_or_else(|| Err(MakeError::UnknownId { id: id.to_owned(), nearest: None }))
}
