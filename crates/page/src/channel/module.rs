//! The Worker's module, compiled once on the page and cloned to every new Worker.
use std::cell::RefCell;

use js_sys::{ArrayBuffer, Promise, WebAssembly};
use palaestra_protocol::ErrorCode;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::error::PageError;
use crate::js::message;

const MODULE: &str = "worker/palaestra_worker_bg.wasm";

thread_local! {
    /// Where the site's files lie: the folder of `palaestra.js`.
    static BASE: RefCell<String> = const { RefCell::new(String::new()) };
    /// The compilation, shared by all who wait for it. A failed one is forgotten, so that the next session tries again.
    static COMPILED: RefCell<Option<Promise>> = const { RefCell::new(None) };
}

/// Says where the site's files lie.
pub(crate) fn set_base(base: String) {
    BASE.set(base);
}

/// The address of a file of the site.
pub(crate) fn url(path: &str) -> String {
    BASE.with_borrow(|base| format!("{base}{path}"))
}

/// The compiled module.
pub(crate) async fn compiled() -> Result<JsValue, PageError> {
    let promise = COMPILED.with_borrow_mut(|compiled| {
        let start = || wasm_bindgen_futures::future_to_promise(async { compile().await.map_err(JsValue::from) });
        compiled.get_or_insert_with(start).clone()
    });
    JsFuture::from(promise).await.map_err(|error| {
        COMPILED.set(None);
        PageError::new(ErrorCode::LoadFailed, message(&error))
    })
}

/// The module's bytes, for a browser that refuses to clone a module.
pub(crate) async fn bytes() -> Result<JsValue, PageError> {
    let response = fetch().await?;
    let buffer = response.array_buffer().map_err(|error| failed(&error))?;
    JsFuture::from(buffer).await.map_err(|error| failed(&error))
}

async fn compile() -> Result<JsValue, PageError> {
    let response = fetch().await?;
    let streams =
        response.headers().get("content-type").ok().flatten().is_some_and(|kind| kind.starts_with("application/wasm"));
    let compilation = if streams {
        WebAssembly::compile_streaming(&Promise::resolve(&JsValue::from(response)))
    } else {
        // A server that does not know the type: compile from the bytes.
        let buffer = response.array_buffer().map_err(|error| failed(&error))?;
        let buffer: ArrayBuffer = JsFuture::from(buffer).await.map_err(|error| failed(&error))?.unchecked_into();
        WebAssembly::compile(&buffer)
    };
    JsFuture::from(compilation).await.map_err(|error| failed(&error))
}

async fn fetch() -> Result<Response, PageError> {
    let window = web_sys::window().ok_or_else(|| PageError::new(ErrorCode::LoadFailed, "expected to run in a page"))?;
    let response = JsFuture::from(window.fetch_with_str(&url(MODULE))).await.map_err(|error| failed(&error))?;
    let response: Response = response.unchecked_into();
    if response.ok() {
        return Ok(response);
    }
    let found = response.status();
    Err(PageError::new(ErrorCode::LoadFailed, format!("{}: expected status 200, found {found}", url(MODULE))))
}

fn failed(error: &JsValue) -> PageError {
    PageError::new(ErrorCode::LoadFailed, format!("{}: {}", url(MODULE), message(error)))
}
