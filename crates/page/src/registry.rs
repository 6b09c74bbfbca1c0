//! The registry's entries: which keys, seats and pace an environment has unless a page says otherwise.
use std::cell::RefCell;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::error::PageError;
use crate::js;

#[wasm_bindgen(module = "/src/agents.js")]
extern "C" {
    /// The names by which an object by agent names them, as a list; or what is wrong, as a text.
    #[wasm_bindgen(js_name = namesIn)]
    fn names_in(place: &str, chosen: &JsValue, entry: &JsValue, kwargs: &JsValue, count: usize) -> JsValue;
}

/// More seats than any environment has.
const MOST_AGENTS: f64 = 1000.0;

thread_local! {
    static ENTRIES: RefCell<Array> = RefCell::new(Array::new());
}

/// Keeps the registry.
pub(crate) fn keep(entries: Array) {
    ENTRIES.set(entries);
}

/// The end of a message about an id that is none: which one may have been meant.
pub(crate) fn meant(id: &str) -> String {
    js::meant(id, entries().iter().filter_map(|entry| js::get(&entry, "id").as_string()).collect())
}

/// The ids of all environments with an expert.
pub(crate) fn with_experts() -> String {
    let id = |entry: JsValue| js::get(&entry, "id").as_string().filter(|_| Entry(entry).expert().is_some());
    entries().iter().filter_map(id).collect::<Vec<_>>().join(", ")
}

/// The entry of an id.
pub(crate) fn entry(id: &str) -> Option<Entry> {
    entries().iter().find(|entry| js::get(entry, "id").as_string().as_deref() == Some(id)).map(Entry)
}

fn entries() -> Array {
    ENTRIES.with_borrow(Array::clone)
}

/// A registered environment.
pub(crate) struct Entry(JsValue);

impl From<JsValue> for Entry {
    fn from(entry: JsValue) -> Self {
        Self(entry)
    }
}

impl Entry {
    /// The family: the Worker's module that has it.
    pub(crate) fn family(&self) -> Option<String> {
        js::get(&self.0, "family").as_string()
    }

    /// What of the family's code only this environment and a few like it need: a file beside the family's module.
    pub(crate) fn part(&self) -> Option<String> {
        js::get(&self.0, "part").as_string()
    }

    /// The part of the family with somebody who knows how to play it, where there is one.
    pub(crate) fn expert(&self) -> Option<String> {
        js::get(&self.0, "expert").as_string()
    }

    /// How many agents there are without keyword arguments.
    pub(crate) fn usual_agents(&self) -> usize {
        js::get(&self.0, "agents").as_f64().unwrap_or(1.0).clamp(0.0, MOST_AGENTS) as usize
    }

    /// How many agents there are with these keyword arguments, if they are taken.
    #[inline(never)]
    pub(crate) fn agents(&self, kwargs: &JsValue) -> usize {
        let agents = self.usual_agents() as f64;
        let more = |name: JsValue| {
            let name = name.as_string()?;
            let same = |argument: &JsValue| js::get(argument, "name").as_string().as_ref() == Some(&name);
            let argument = list(&js::get(&self.0, "arguments")).into_iter().find(same)?;
            Some(js::get(kwargs, &name).as_f64()? - js::get(&argument, "default").as_f64()?)
        };
        let more = list(&js::get(&self.0, "agentsFrom")).into_iter().filter_map(more);
        // What no environment takes is refused by the environment.
        more.fold(agents, |sum, more| sum + more).clamp(0.0, MOST_AGENTS) as usize
    }

    /// Steps a second.
    pub(crate) fn fps(&self) -> Option<f64> {
        js::get(&self.0, "fps").as_f64()
    }

    /// Whether each key stroke is one action.
    pub(crate) fn single_keystroke(&self) -> bool {
        js::get(&self.0, "inputMode").as_string().as_deref() == Some("single_keystroke")
    }

    /// The actions of an agent whose keys are at rest.
    pub(crate) fn idle(&self) -> Vec<JsValue> {
        list(&js::get(&self.0, "idle"))
    }

    /// A set of keys: chords of codes and their actions.
    pub(crate) fn keys(&self, set: usize) -> Vec<(String, JsValue)> {
        let keys = list(&js::get(&self.0, "keys")).get(set).map(list).unwrap_or_default();
        keys.iter().filter_map(|key| Some((js::get(key, "keys").as_string()?, js::get(key, "action")))).collect()
    }

    /// Whether each agent has a set of keys of its own; else the sets are for the people at the keyboard in turn.
    pub(crate) fn keys_go_with_seats(&self) -> bool {
        js::get(&self.0, "keysGoWithSeats").as_bool().unwrap_or(false)
    }
}

/// What each agent is called in an object by agent, in their order: `agent_0`, `agent_1`, …, or as the environment calls them.
///
/// # Errors
/// [`PageError`] for a name that no agent has.
pub(crate) fn agents_in(
    place: &str,
    chosen: &JsValue,
    entry: Option<&Entry>,
    kwargs: &JsValue,
    count: usize,
) -> Result<Vec<String>, PageError> {
    let nothing = JsValue::UNDEFINED;
    let names = names_in(place, chosen, entry.map_or(&nothing, |entry| &entry.0), kwargs, count);
    match names.as_string() {
        Some(wrong) => Err(PageError::argument(wrong)),
        None => Ok(Array::from(&names).iter().filter_map(|name| name.as_string()).collect()),
    }
}

fn list(value: &JsValue) -> Vec<JsValue> {
    value.dyn_ref::<Array>().map(|list| list.iter().collect()).unwrap_or_default()
}
