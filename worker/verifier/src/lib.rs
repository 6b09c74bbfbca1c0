//! What becomes the `.wasm` of the verifier's two Workers: the packer, which the page makes, and the replay, which that makes.
use palaestra_heap as _;
use palaestra_pack::Platform;
use wasm_bindgen::prelude::*;

/// Packs a job; see [`palaestra_pack::pack`].
///
/// # Errors
/// The reason, as text.
#[wasm_bindgen]
pub async fn pack(platform: Platform, job: JsValue) -> Result<(), JsValue> {
    console_error_panic_hook::set_once();
    palaestra_pack::pack(&platform, job).await.map_err(JsValue::from)
}

/// Answers the packer's questions; see [`palaestra_pack::register`].
#[wasm_bindgen]
pub fn register(platform: Platform) {
    console_error_panic_hook::set_once();
    palaestra_pack::register(platform);
}
