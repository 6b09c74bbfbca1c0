//! What must hold of the answer to any event, as whoever watches a game can tell without looking into it.
use palaestra_play::Game;
use palaestra_play::game::{Event, Output, Start};
use palaestra_protocol::{Grant, Key, Motion, Operation};
use palaestra_session::State;

/// Watches one game. It keeps its own account of who is there.
pub(crate) struct Watch {
    pub(crate) hidden: bool,
    /// Whether the tab could ever be seen.
    pub(crate) seen: bool,
    paused: bool,
    /// Whether a key lets the game begin.
    waits: bool,
    last_grant: Option<Grant>,
}

impl Watch {
    pub(crate) fn new(hidden: bool, start: Start) -> Self {
        let (paused, waits) = (start != Start::AtOnce, start == Start::Key);
        Self { hidden, seen: !hidden, paused, waits, last_grant: None }
    }

    /// Something is about to happen to a game in this state.
    pub(crate) fn before(&mut self, state: State, event: &Event<'_>) {
        match event {
            Event::Hidden(hidden) => {
                self.hidden = *hidden;
                self.seen |= !self.hidden;
            }
            Event::Pause(paused) if state.is_live() => self.paused = *paused,
            _ => {}
        }
    }

    /// It has happened, and this is what the game wants done.
    pub(crate) fn after(&mut self, game: &Game, before: State, event: &Event<'_>, out: &[Output], now: f64) {
        let many = out.iter().filter(|output| !matches!(output, Output::Keep(_))).count();
        assert!(many <= 24, "{event:?} leads to {many} outputs");
        let began = self.waits && !game.waits_for_key();
        self.waits &= !began;
        self.paused &= !began;
        let still = self.hidden || self.paused;
        let mut keys = Vec::new();
        for output in out {
            match output {
                Output::Request { operation: Operation::Grant, payload, .. } => {
                    let grant = Grant::read(payload).expect("a game sends grants");
                    assert_eq!(game.state(), State::Playing, "{event:?} grants, and the game is not played");
                    if grant.until.is_some() {
                        assert!(!still, "{event:?} grants, and the game is to stand still");
                    }
                    self.last_grant = Some(grant);
                }
                Output::Request { operation: Operation::Key, payload, .. } => {
                    keys.push(Key::read(payload).expect("a game sends keys"));
                }
                _ => {}
            }
        }
        if game.state() == State::Playing {
            let granted = self.last_grant.is_some_and(|grant| grant.until.is_some());
            assert!(!(still && granted), "after {event:?} the game is to stand still, and its Worker was not told");
        }
        if before == State::Playing {
            check_keys(game, event, &keys, (began, now));
        }
    }
}

/// Every key that a seat knows is sent, once; a lost keyboard lets go of all of them.
fn check_keys(game: &Game, event: &Event<'_>, keys: &[Key], (began, now): (bool, f64)) {
    let sent = |motion: Motion, at: f64| matches!(keys, [key] if key.motion == motion && key.at == at);
    match event {
        Event::KeyDown { .. } if began => {
            assert!(keys.is_empty(), "a key that lets the game begin is no action: {keys:?}")
        }
        Event::KeyDown { code, at } if game.knows_key(code) => assert!(sent(Motion::Down, *at), "{keys:?}"),
        Event::KeyUp { code, at } if game.knows_key(code) => assert!(sent(Motion::Up, *at), "{keys:?}"),
        Event::KeysLost | Event::FocusLost => assert!(sent(Motion::AllUp, now), "{event:?}: {keys:?}"),
        Event::Hidden(true) => assert!(keys.is_empty() || sent(Motion::AllUp, now), "{event:?}: {keys:?}"),
        _ => assert!(keys.is_empty(), "{event:?}: {keys:?}"),
    }
}
