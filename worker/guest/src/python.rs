//! The way to Python: one function of JavaScript's, bytes in, bytes out.
use std::cell::RefCell;

use js_sys::{Function, Uint8Array};
use wasm_bindgen::prelude::*;

thread_local! {
    static PYTHON: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// What can be asked; `worker/guest/python/guest.py` has the same numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Question {
    /// Whether it can save, a byte, and the spec's bytes.
    About,
    /// Whether there is a seed, a byte; the seed, a u64; options as JSON. Answered as a step is.
    Reset,
    /// The actions' bytes; see `returned.rs`.
    Step,
    /// 0 and a scene's bytes, or 1, columns and rows as u16, and pixels of four bytes.
    Draw,
    /// The state.
    Save,
    /// An observation per agent, each behind its length, a u32, and a state; answered with whether it was one, a byte.
    Restore,
    /// What is wrong with an answer, as text. There is no answer.
    Fail,
}

/// Takes the function that asks Python, for all guests of this Worker: of a question's number and bytes, it gives bytes.
#[wasm_bindgen(js_name = takePython)]
pub fn take_python(ask: Function) {
    PYTHON.set(Some(ask));
}

/// Asks. An exception of Python's comes through as one of JavaScript's, which ends the Worker: whoever threw it has told the page.
pub(crate) fn ask(question: Question, bytes: &[u8]) -> Vec<u8> {
    // Of its own statement: nothing is borrowed while foreign code runs, or when it throws.
    let python = PYTHON.with_borrow(Clone::clone);
    let Some(python) = python else { return Vec::new() };
    let number = JsValue::from(question as u32);
    match python.call2(&JsValue::UNDEFINED, &number, &Uint8Array::from(bytes)) {
        Ok(answer) => Uint8Array::new(&answer).to_vec(),
        Err(thrown) => wasm_bindgen::throw_val(thrown),
    }
}

/// Ends the Worker: an answer is none.
pub(crate) fn fail(wrong: &str) {
    ask(Question::Fail, wrong.as_bytes());
}
