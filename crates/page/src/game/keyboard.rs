//! The page's keyboard, focus and visibility, for as long as a game plays.
use std::rc::Weak;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, EventTarget, KeyboardEvent};

use super::Game;

/// Listens until dropped.
pub(crate) struct Keyboard {
    _listeners: Vec<EventListener>,
}

impl Keyboard {
    pub(super) fn listen(game: &Weak<Game>) -> Self {
        let Some(window) = web_sys::window() else { return Self { _listeners: Vec::new() } };
        let on = |target: &EventTarget, name: &'static str, handle: fn(&std::rc::Rc<Game>, &Event)| {
            let game = game.clone();
            // Not passive: a game's own keys must not scroll the page.
            EventListener::new_with_options(
                target,
                name,
                EventListenerOptions::enable_prevent_default(),
                move |event| {
                    game.upgrade().iter().for_each(|game| handle(game, event));
                },
            )
        };
        let mut listeners = vec![
            on(&window, "keydown", key_down),
            on(&window, "keyup", key_up),
            on(&window, "blur", |game, _| game.focus_lost()),
            on(&window, "focus", |game, _| game.focus_found()),
        ];
        if let Some(document) = window.document() {
            listeners.push(on(&document, "visibilitychange", |game, _| game.visibility_changed()));
        }
        Self { _listeners: listeners }
    }
}

fn key_down(game: &std::rc::Rc<Game>, event: &Event) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
    if typing(event) || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let (code, at) = (event.code(), event.time_stamp());
    if !game.run.borrow().knows_key(&code) {
        return;
    }
    event.prevent_default();
    if !event.repeat() {
        let waited = game.run.borrow_mut().press(&code, at);
        game.keys_changed(waited);
    }
}

/// Also with a modifier held: a key that went down before it must come up.
fn key_up(game: &std::rc::Rc<Game>, event: &Event) {
    if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
        game.run.borrow_mut().release(&event.code());
        game.keys_changed(false);
    }
}

/// Whether the stroke belongs to a field of a form.
fn typing(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| {
        matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") || target.has_attribute("contenteditable")
    })
}
