//! The page's keyboard, focus and visibility.
use gloo_events::{EventListener, EventListenerOptions};
use palaestra_play::game::Event as GameEvent;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Event, EventTarget, KeyboardEvent};

#[wasm_bindgen(module = "/src/page.js")]
extern "C" {
    /// What has the keyboard: something that is typed into, a button, or neither.
    #[wasm_bindgen(js_name = strokeAt)]
    fn stroke_at(event: &KeyboardEvent) -> u8;
}

const FIELD: u8 = 2;
const BUTTON: u8 = 1;

/// Who hears of what happens at the page.
pub(super) trait Hears: 'static {
    /// Takes in what happened.
    fn hear(&self, event: GameEvent<'_>);

    /// Whether a stroke is the game's, made where a button of the page's has the focus or not.
    fn takes_key(&self, code: &str, on_button: bool) -> bool;
}

/// Listens to keys until dropped.
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
        Self { _listeners: vec![on("keydown", key_down), on("keyup", key_up)] }
    }
}

fn key_down<H: Hears>(hears: &H, event: &Event) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
    let at = stroke_at(event);
    if at == FIELD || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let code = event.code();
    if hears.takes_key(&code, at == BUTTON) {
        event.prevent_default();
        if !event.repeat() {
            hears.hear(GameEvent::KeyDown { code: &code, at: event.time_stamp() });
        }
    }
}

/// Also with a modifier held: a key that went down before it must come up. Of what comes up while Meta is held macOS says nothing.
fn key_up<H: Hears>(hears: &H, event: &Event) {
    if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
        let code = event.code();
        hears.hear(if code.starts_with("Meta") {
            GameEvent::KeysLost
        } else {
            GameEvent::KeyUp { code: &code, at: event.time_stamp() }
        });
    }
}

/// Listens to whether the tab can be seen and has the keyboard, until dropped: from the session's beginning on, for who looks elsewhere
/// while it waits has looked elsewhere when it is played.
pub(super) fn listen_to_presence<H: Hears + Clone>(hears: &H) -> Option<[EventListener; 3]> {
    let (window, document) = (web_sys::window()?, document()?);
    let on = |target: &EventTarget, name: &'static str, hear: fn(&H)| {
        let hears = hears.clone();
        EventListener::new(target, name, move |_| hear(&hears))
    };
    Some([
        on(&document, "visibilitychange", |hears| hears.hear(GameEvent::Hidden(hidden()))),
        on(&window, "blur", |hears| hears.hear(GameEvent::FocusLost)),
        on(&window, "focus", |hears| hears.hear(GameEvent::FocusFound)),
    ])
}

#[inline(never)]
fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Whether the tab is hidden now.
pub(super) fn hidden() -> bool {
    document().is_some_and(|document| document.hidden())
}

/// Whether the keyboard is elsewhere now: nobody hears of a window that has lost it, or never had it, before the game began to listen.
pub(super) fn unfocused() -> bool {
    document().is_some_and(|document| !document.has_focus().unwrap_or(true))
}
