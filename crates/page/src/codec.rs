//! What happens at every step, between bytes and JavaScript values.
use std::cell::OnceCell;

use palaestra_protocol::ErrorCode;
use wasm_bindgen::prelude::*;

use crate::error::PageError;
use crate::js;

// wasm-bindgen copies those files alone that a block names: what one of them imports has to be named by a block as well.
// Numbers that the others import, and what reads bytes.
#[wasm_bindgen(module = "/src/protocol.js")]
extern "C" {
    #[expect(dead_code, reason = "the block is there for its file")]
    #[wasm_bindgen(thread_local_v2, js_name = replyBody)]
    static REPLY_BODY: JsValue;
}

#[wasm_bindgen(module = "/src/codec/source.js")]
extern "C" {
    #[expect(dead_code, reason = "the block is there for its file")]
    #[wasm_bindgen(thread_local_v2, js_name = textOf)]
    static TEXT_OF: JsValue;
}

// Of a script that comes with the part of this module that programs need, or before a game whose page hears of every step.
#[wasm_bindgen(module = "/src/codec/programs.js")]
extern "C" {
    type ReturnsReader;

    #[wasm_bindgen(js_name = returnsReader)]
    fn returns_reader(spec: &JsValue) -> ReturnsReader;

    #[wasm_bindgen(method, catch)]
    fn reset(this: &ReturnsReader, returns: &[u8]) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn step(this: &ReturnsReader, returns: &[u8]) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn played(this: &ReturnsReader, returns: &[u8], actions: &[u8], scores: &[f64]) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = readMany)]
    fn read_many(reader: &ReturnsReader, message: &js_sys::Array) -> Result<JsValue, JsValue>;

    type ActionWriter;

    #[wasm_bindgen(js_name = actionWriter)]
    fn action_writer(spec: &JsValue) -> ActionWriter;

    #[wasm_bindgen(method)]
    fn write(this: &ActionWriter, action: &JsValue) -> Option<js_sys::Uint8Array>;

    #[wasm_bindgen(method, js_name = writeMany)]
    fn write_many(this: &ActionWriter, actions: &JsValue) -> Option<js_sys::Uint8Array>;

    /// Steps that a script asks for and settles by itself: `codec/steps.js`.
    pub(crate) type StepRequests;

    #[wasm_bindgen(js_name = stepRequests)]
    fn step_requests(
        worker: &web_sys::Worker,
        reader: &ReturnsReader,
        writer: &ActionWriter,
        deadline_ms: f64,
    ) -> StepRequests;

    #[wasm_bindgen(method)]
    pub(crate) fn reject(this: &StepRequests, error: &JsValue) -> u32;
}

/// Of one environment: reads what it returns and writes the actions it takes; see `codec/*.js`. What the Worker sent is not
/// trusted: reading it may throw.
pub(crate) struct Codec {
    reader: ReturnsReader,
    /// Made by the first action: only programs give some.
    writer: OnceCell<ActionWriter>,
    spec: JsValue,
}

impl Codec {
    /// Of the environment with this spec.
    pub(crate) fn new(spec: &JsValue) -> Self {
        Self { reader: returns_reader(spec), writer: OnceCell::new(), spec: spec.clone() }
    }

    fn writer(&self) -> &ActionWriter {
        self.writer.get_or_init(|| action_writer(&self.spec))
    }

    /// `{observation, info}` of what a reset returned.
    pub(crate) fn reset(&self, returns: &[u8]) -> Result<JsValue, JsValue> {
        self.reader.reset(returns)
    }

    /// `{observation, reward, terminated, truncated, info}` of what a step returned.
    pub(crate) fn step(&self, returns: &[u8]) -> Result<JsValue, JsValue> {
        self.reader.step(returns)
    }

    /// The same with `action` and `score`.
    pub(crate) fn played(&self, returns: &[u8], actions: &[u8], scores: &[f64]) -> Result<JsValue, JsValue> {
        self.reader.played(returns, actions, scores)
    }

    /// `{length, rewards, at}` of many steps: their reply and its parts.
    pub(crate) fn many(&self, message: &js_sys::Array) -> Result<JsValue, JsValue> {
        read_many(&self.reader, message)
    }

    /// The bytes of a joint action, if it is one of the usual kinds and nothing is wrong with it.
    pub(crate) fn write(&self, action: &JsValue) -> Option<js_sys::Uint8Array> {
        self.writer().write(action)
    }

    /// Has a script ask this Worker for steps.
    pub(crate) fn step_requests(&self, worker: &web_sys::Worker, deadline_ms: f64) -> StepRequests {
        step_requests(worker, &self.reader, self.writer(), deadline_ms)
    }

    /// The bytes of many joint actions, likewise, with room for a request's head before them in their buffer.
    pub(crate) fn write_many(&self, actions: &JsValue) -> Option<js_sys::Uint8Array> {
        self.writer().write_many(actions)
    }
}

/// What the Worker sent could not be read, and why.
pub(crate) fn unreadable(why: impl std::fmt::Display) -> PageError {
    PageError::new(ErrorCode::BadMessage, format!("returns of the Worker: {why}"))
}

/// The same of what the codec threw.
pub(crate) fn thrown(exception: JsValue) -> PageError {
    unreadable(js::message(&exception))
}
