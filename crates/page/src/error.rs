//! The one error that the page's promises are rejected with.
use palaestra_protocol::{ErrorCode, Failure};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/page.js")]
extern "C" {
    type PalaestraError;

    #[wasm_bindgen(constructor)]
    fn new(code: &str, message: &str) -> PalaestraError;
}

/// What went wrong: a code for programs and a message for people.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PageError {
    pub(crate) code: ErrorCode,
    pub(crate) message: String,
}

impl PageError {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub(crate) fn argument(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadArgument, message)
    }

    pub(crate) fn closed() -> Self {
        Self::new(ErrorCode::SessionClosed, "the session was closed")
    }
}

impl From<PageError> for Failure {
    fn from(error: PageError) -> Self {
        Failure::new(error.code, error.message)
    }
}

impl From<Failure> for PageError {
    fn from(failure: Failure) -> Self {
        PageError::new(failure.code, failure.message)
    }
}

impl From<PageError> for JsValue {
    fn from(error: PageError) -> Self {
        PalaestraError::new(error.code.name(), &error.message).into()
    }
}
