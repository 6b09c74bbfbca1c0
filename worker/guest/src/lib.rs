//! What becomes the `.wasm` of environments in Python: a family of its own, whose environments are asked of JavaScript, which asks
//! Pyodide. So all that a Worker does with an environment is done with a guest: spaces, checks, records, ticks, autoreset.
mod family;
mod guest;
mod python;
mod returned;

use wasm_bindgen::prelude::*;

pub use python::take_python;

palaestra_worker::module!(crate::family::FAMILY);

/// Keyword arguments as a page sends them, as JSON.
///
/// # Errors
/// Why they are none, as text.
#[wasm_bindgen(js_name = kwargsText)]
pub fn kwargs_text(kwargs: &[u8]) -> Result<String, JsValue> {
    let kwargs = palaestra_protocol::read_kwargs(kwargs).map_err(JsValue::from)?;
    serde_json::to_string(&kwargs).map_err(|error| error.to_string().into())
}
