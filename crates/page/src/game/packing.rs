//! The one-shot job after a game, run by gloo-worker in a Worker of its own.
use std::cell::Cell;

use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use gloo_worker::Spawnable;
use palaestra_pack::{Job, Pack, Packed, Wire};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Response, Worker};

use crate::channel::url;
use crate::js;

/// How long packing may take: a start-up, and time for every step.
const PACK_MS: u32 = 30_000;
const PACK_MS_PER_STEP: u64 = 2;

#[wasm_bindgen(inline_js = "
export function withWorkerOf(spawn) {
  const Native = globalThis.Worker;
  let worker;
  globalThis.Worker = function (...options) { return (worker = new Native(...options)); };
  try { spawn(); } finally { globalThis.Worker = Native; }
  return worker;
}
")]
extern "C" {
    /// Runs a function that makes a Worker, and gives that Worker.
    #[wasm_bindgen(js_name = withWorkerOf)]
    fn with_worker_of(spawn: &mut dyn FnMut()) -> Option<Worker>;
}

/// A Worker that ends when this is dropped, whatever it is doing, and is then let go of by everything.
///
/// A gloo bridge can do neither: it asks its Worker to end, and its message handler and its Worker's object keep each other.
/// So the Worker is taken hold of while the bridge makes it.
struct Ending(Option<Worker>);

impl Drop for Ending {
    fn drop(&mut self) {
        if let Some(worker) = &self.0 {
            worker.set_onmessage(None);
            worker.terminate();
        }
    }
}

/// Runs the job; the Worker is gone when this returns.
pub(super) async fn in_worker(job: Job, steps: u64) -> Result<Packed, String> {
    // gloo-worker hears nothing of a Worker that cannot load, so whether it can is asked first.
    if !VERIFIER_FOUND.get() {
        find_verifier().await?;
    }
    let mut made = None;
    let worker = with_worker_of(&mut || {
        made =
            Some(Pack::spawner().encoding::<Wire>().with_loader(true).as_module(true).spawn(&url("verifier/boot.js")));
    });
    let _ending = Ending(worker);
    let mut bridge = made.ok_or("the browser makes no Worker")?;
    let limit = PACK_MS.saturating_add(u32::try_from(steps.saturating_mul(PACK_MS_PER_STEP)).unwrap_or(u32::MAX));
    let packing = std::pin::pin!(bridge.run(job));
    let late = std::pin::pin!(TimeoutFuture::new(limit));
    match select(packing, late).await {
        Either::Left((packed, _)) => packed,
        Either::Right(_) => Err(format!("expected it within {limit} ms")),
    }
}

thread_local! {
    /// Whether the verifier's files are known to be there: they are looked for once a page.
    static VERIFIER_FOUND: Cell<bool> = const { Cell::new(false) };
}

async fn find_verifier() -> Result<(), String> {
    for file in ["boot.js", "palaestra_verifier_bg.wasm"] {
        find(&url(&format!("verifier/{file}"))).await?;
    }
    VERIFIER_FOUND.set(true);
    Ok(())
}

/// Finds out whether a file of the site is there.
async fn find(address: &str) -> Result<(), String> {
    let window = web_sys::window().ok_or("expected to run in a page")?;
    let response = JsFuture::from(window.fetch_with_str(address)).await.map_err(|error| js::message(&error))?;
    let response: Response = response.unchecked_into();
    // A body that nobody reads stays in the page's memory.
    if let Some(body) = response.body() {
        let _ = JsFuture::from(body.cancel()).await;
    }
    if response.ok() { Ok(()) } else { Err(format!("{address} is missing")) }
}
