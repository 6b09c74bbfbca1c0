//! What becomes the `.wasm` of the Worker that writes a record as a table.
use palaestra_heap as _;
use palaestra_pack::Platform;
use wasm_bindgen::prelude::*;

/// Writes a table; see [`palaestra_pack::table`].
///
/// # Errors
/// The reason, as text.
#[wasm_bindgen]
pub async fn table(platform: Platform, job: JsValue) -> Result<(), JsValue> {
    console_error_panic_hook::set_once();
    palaestra_pack::table(&platform, job).await.map_err(JsValue::from)
}
