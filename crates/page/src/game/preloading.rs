//! What a game would load, for `preload`: in the part `options` of the module, which whoever preloads has.
use wasm_bindgen::prelude::*;

use super::config::Config;
use super::given;
use super::seats::purpose_of;
use crate::channel::{Purpose, module_path, modules};
use crate::error::PageError;
use crate::js;

/// What `preload` takes for what programs drive.
const OF_PROGRAMS: [&str; 4] = ["env", "make", "loadTimeout", "signal"];

/// The paths of what an environment needs in its Worker: to be driven by a program, or in a game with these options of `play`, which are
/// read as `play` reads them. `options` are what `preload` was given, `played` those among them that are a game's.
///
/// # Errors
/// A `PalaestraError` for options that are none, and for an id that no family has.
#[wasm_bindgen(js_name = modulesOf)]
pub fn modules_of(options: &JsValue, played: &JsValue, experts: bool) -> Result<Vec<String>, JsValue> {
    Ok(paths(options, played, experts)?)
}

fn paths(options: &JsValue, played: &JsValue, experts: bool) -> Result<Vec<String>, PageError> {
    let program = js::get(options, "make").is_truthy();
    if program {
        js::only_known("preload with make", options, &OF_PROGRAMS)?;
    } else {
        given::preloaded(options)?;
    }
    let config = Config::read(played, true)?;
    let purpose = match purpose_of(&config, None) {
        _ if program => Purpose::Program { share: false },
        // In a match they come with its terms, of which a page may know more.
        Purpose::Game { experts: seated, options } => Purpose::Game { experts: seated || experts, options },
        other => other,
    };
    Ok(modules(&config.id, purpose)?.iter().map(|name| module_path(name)).collect())
}
