//! The page's keyboard, focus and visibility.
use gloo_events::{EventListener, EventListenerOptions};
use palaestra_play::game::Event as GameEvent;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, EventTarget, KeyboardEvent};

/// Who hears of what happens at the page.
pub(super) trait Hears: 'static {
    /// Takes in what happened.
    fn hear(&self, event: GameEvent<'_>);

    /// Whether a key has a use.
    fn knows_key(&self, code: &str) -> bool;
}

/// Listens to keys and focus until dropped.
pub(super) struct Keyboard {
    _listeners: Vec<EventListener>,
}

impl Keyboard {
    pub(super) fn listen<H: Hears + Clone>(hears: &H) -> Self {
        let Some(window) = web_sys::window() else { return Self { _listeners: Vec::new() } };
        let on = |name: &'static str, handle: fn(&H, &Event)| {
            let hears = hears.clone();
            let target: &EventTarget = &window;
            // Not passive: a game's own keys must not scroll the page.
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(target, name, options, move |event| handle(&hears, event))
        };
        Self {
            _listeners: vec![
                on("keydown", key_down),
                on("keyup", key_up),
                on("blur", |hears, _| hears.hear(GameEvent::FocusLost)),
                on("focus", |hears, _| hears.hear(GameEvent::FocusFound)),
            ],
        }
    }
}

fn key_down<H: Hears>(hears: &H, event: &Event) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
    if typing(event) || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let code = event.code();
    if hears.knows_key(&code) {
        event.prevent_default();
        if !event.repeat() {
            hears.hear(GameEvent::KeyDown { code: &code, at: event.time_stamp() });
        }
    }
}

/// Also with a modifier held: a key that went down before it must come up.
fn key_up<H: Hears>(hears: &H, event: &Event) {
    if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
        hears.hear(GameEvent::KeyUp { code: &event.code(), at: event.time_stamp() });
    }
}

/// Whether the stroke belongs to a field of a form.
fn typing(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| {
        matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") || target.has_attribute("contenteditable")
    })
}

/// Listens to whether the tab can be seen, until dropped.
pub(super) fn listen_to_visibility<H: Hears>(hears: H) -> Option<EventListener> {
    let document = web_sys::window()?.document()?;
    let seen = document.clone();
    Some(EventListener::new(&document, "visibilitychange", move |_| hears.hear(GameEvent::Hidden(seen.hidden()))))
}

/// Whether the tab is hidden now.
pub(super) fn hidden() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| document.hidden())
}
