//! The same work as a WebAssembly module without a browser: `scripts/bench-envs.mjs` runs it in Node.
#![allow(unsafe_code, reason = "an exported name is unsafe by its attribute")]
use std::cell::RefCell;

#[path = "rollout.rs"]
mod rollout;

use rollout::{Played, Rollout};

thread_local! {
    static ID: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static LOADED: RefCell<Option<Rollout>> = const { RefCell::new(None) };
    static PLAYED: RefCell<Played> = RefCell::new(Played::default());
}

/// Where to write an id of `length` bytes.
#[unsafe(no_mangle)]
pub extern "C" fn room(length: usize) -> *mut u8 {
    ID.with_borrow_mut(|id| {
        id.clear();
        id.resize(length, 0);
        id.as_mut_ptr()
    })
}

/// Makes the environment whose id has been written, with actions for `steps` steps. Gives whether there is one.
#[unsafe(no_mangle)]
pub extern "C" fn load(steps: usize) -> bool {
    let made = ID.with_borrow(|id| Rollout::new(&String::from_utf8_lossy(id), steps).ok());
    LOADED.with_borrow_mut(|loaded| {
        *loaded = made;
        loaded.is_some()
    })
}

/// Plays. Gives how many steps were made, 0 where something was refused.
#[unsafe(no_mangle)]
pub extern "C" fn play(steps: usize, times: u32) -> f64 {
    let played = LOADED.with_borrow_mut(|loaded| loaded.as_mut().and_then(|rollout| rollout.play(steps, times).ok()));
    let played = played.unwrap_or_default();
    PLAYED.set(played);
    played.steps as f64
}

/// The resets of the last play.
#[unsafe(no_mangle)]
pub extern "C" fn resets() -> f64 {
    PLAYED.with_borrow(|played| played.resets as f64)
}

/// What the last play earned, as bits.
#[unsafe(no_mangle)]
pub extern "C" fn earned() -> u64 {
    PLAYED.with_borrow(|played| played.earned.to_bits())
}
