//! The Worker's modules, one a family of environments: each compiled once on the page and cloned to every new Worker.
use std::cell::RefCell;

use js_sys::{ArrayBuffer, Promise, WebAssembly};
use palaestra_protocol::ErrorCode;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use crate::error::PageError;
use crate::js::message;
use crate::registry;

thread_local! {
    /// Where the site's files lie: the folder of `palaestra.js`.
    static BASE: RefCell<String> = const { RefCell::new(String::new()) };
    /// The compilations by family, each shared by all who wait for it. A failed one is forgotten, so that the next session
    /// tries again.
    static COMPILED: RefCell<Vec<(String, Promise)>> = const { RefCell::new(Vec::new()) };
}

/// Says where the site's files lie.
pub(crate) fn set_base(base: String) {
    BASE.set(base);
}

/// The address of a file of the site.
pub(crate) fn url(path: &str) -> String {
    BASE.with_borrow(|base| format!("{base}{path}"))
}

/// The family of an environment: the module that has it.
///
/// # Errors
/// [`ErrorCode::UnknownEnvironment`], with the id that was meant, for an id that no family has.
pub(crate) fn family(id: &str) -> Result<String, PageError> {
    registry::entry(id).and_then(|entry| entry.family()).ok_or_else(|| {
        let meant = registry::nearest(id).map(|nearest| format!(" (did you mean `{nearest}`?)")).unwrap_or_default();
        let text = format!("expected the id of a registered environment, found `{id}`{meant}");
        PageError::new(ErrorCode::UnknownEnvironment, text)
    })
}

/// A family's compiled module; asked for, it begins to load at once.
pub(crate) fn compiled(family: &str) -> impl Future<Output = Result<JsValue, PageError>> + use<> {
    let family = family.to_owned();
    let promise = COMPILED.with_borrow_mut(|compiled| {
        if let Some((_, promise)) = compiled.iter().find(|(name, _)| *name == family) {
            return promise.clone();
        }
        let name = family.clone();
        let promise =
            wasm_bindgen_futures::future_to_promise(async move { compile(&name).await.map_err(JsValue::from) });
        compiled.push((family.clone(), promise.clone()));
        promise
    });
    async move {
        JsFuture::from(promise).await.map_err(|error| {
            COMPILED.with_borrow_mut(|compiled| compiled.retain(|(name, _)| *name != family));
            PageError::new(ErrorCode::LoadFailed, message(&error))
        })
    }
}

/// The module's bytes, for a browser that refuses to clone a module.
pub(crate) async fn bytes(family: &str) -> Result<JsValue, PageError> {
    let address = address(family);
    let response = fetch(&address).await?;
    let buffer = response.array_buffer().map_err(|error| failed(&address, &error))?;
    JsFuture::from(buffer).await.map_err(|error| failed(&address, &error))
}

fn address(family: &str) -> String {
    url(&format!("worker/{family}_bg.wasm"))
}

async fn compile(family: &str) -> Result<JsValue, PageError> {
    let address = address(family);
    let failed = |error: &JsValue| failed(&address, error);
    let response = fetch(&address).await?;
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

async fn fetch(address: &str) -> Result<Response, PageError> {
    let window = web_sys::window().ok_or_else(|| PageError::new(ErrorCode::LoadFailed, "expected to run in a page"))?;
    let response = JsFuture::from(window.fetch_with_str(address)).await.map_err(|error| failed(address, &error))?;
    let response: Response = response.unchecked_into();
    if response.ok() {
        return Ok(response);
    }
    let found = response.status();
    Err(PageError::new(ErrorCode::LoadFailed, format!("{address}: expected status 200, found {found}")))
}

fn failed(address: &str, error: &JsValue) -> PageError {
    PageError::new(ErrorCode::LoadFailed, format!("{address}: {}", message(error)))
}
