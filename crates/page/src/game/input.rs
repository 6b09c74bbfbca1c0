//! From keys to actions. Knows no browser: codes and times come in.
use std::collections::VecDeque;

use palaestra_env::Value;

/// A chord of keys and the action it stands for.
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    /// `KeyboardEvent.code`s, all of which have to be down.
    pub(crate) codes: Vec<String>,
    pub(crate) action: Value,
}

/// How keys become actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// What is held down at the tick. A key tapped between two ticks counts for the next one: no stroke is lost.
    PressedKeys,
    /// Each stroke is one action, once, in order.
    SingleKeystroke,
}

/// Strokes that wait for their tick. Holding one's breath and drumming on the keyboard must not fill the memory.
const MOST_STROKES: usize = 64;

/// The keyboard of one seat.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    bindings: Vec<Binding>,
    mode: Mode,
    /// What to do when no key says anything, one after another over the ticks; if there is nothing, the game waits.
    idle: Vec<Value>,
    down: Vec<Key>,
    strokes: VecDeque<(Value, f64)>,
    ticks: usize,
}

#[derive(Clone, Debug)]
struct Key {
    code: String,
    /// The time of the stroke.
    at: f64,
    /// Whether a tick has seen it.
    seen: bool,
    /// Whether it has come up again.
    up: bool,
}

/// An action, and the time of the stroke that this tick is the first to see.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chosen {
    pub(crate) action: Value,
    pub(crate) pressed_at: Option<f64>,
}

impl Keys {
    pub(crate) fn new(bindings: Vec<Binding>, mode: Mode, idle: Vec<Value>) -> Self {
        Self { bindings, mode, idle, down: Vec::new(), strokes: VecDeque::new(), ticks: 0 }
    }

    /// Whether any chord has this key.
    pub(crate) fn knows(&self, code: &str) -> bool {
        self.bindings.iter().any(|binding| binding.codes.iter().any(|own| own == code))
    }

    /// A key went down at a time; the keyboard's own repetitions are not strokes.
    pub(crate) fn press(&mut self, code: &str, at: f64) {
        if !self.knows(code) {
            return;
        }
        self.down.retain(|key| key.code != code);
        self.down.push(Key { code: code.to_owned(), at, seen: false, up: false });
        if self.mode == Mode::SingleKeystroke && self.strokes.len() < MOST_STROKES {
            let stroke = self.chord().filter(|binding| binding.codes.iter().any(|own| own == code));
            if let Some(action) = stroke.map(|binding| binding.action.clone()) {
                self.strokes.push_back((action, at));
            }
        }
    }

    /// A key came up.
    pub(crate) fn release(&mut self, code: &str) {
        self.down.iter_mut().filter(|key| key.code == code).for_each(|key| key.up = true);
        let keep_taps = self.mode == Mode::PressedKeys;
        self.down.retain(|key| !key.up || (keep_taps && !key.seen));
    }

    /// All keys are up: the page lost the keyboard and will not hear of their release.
    pub(crate) fn clear(&mut self) {
        self.down.clear();
        self.strokes.clear();
    }

    /// Whether there is an action for the next tick: an idle one, or a key's.
    pub(crate) fn ready(&self) -> bool {
        !self.idle.is_empty() || !self.strokes.is_empty() || (self.mode == Mode::PressedKeys && self.chord().is_some())
    }

    /// The action of the next tick.
    pub(crate) fn choose(&mut self) -> Chosen {
        let chosen = match self.mode {
            Mode::SingleKeystroke => {
                let stroke = self.strokes.pop_front();
                stroke.map(|(action, at)| Chosen { action, pressed_at: Some(at) })
            }
            Mode::PressedKeys => self.chord().map(|binding| {
                let keys = self.down.iter().filter(|key| !key.seen && binding.codes.contains(&key.code));
                let pressed_at = keys.map(|key| key.at).reduce(f64::max);
                Chosen { action: binding.action.clone(), pressed_at }
            }),
        };
        self.down.iter_mut().for_each(|key| key.seen = true);
        self.down.retain(|key| !key.up);
        let idle = self.idle.get(self.ticks % self.idle.len().max(1)).cloned().unwrap_or(Value::None);
        self.ticks = self.ticks.wrapping_add(1);
        chosen.unwrap_or(Chosen { action: idle, pressed_at: None })
    }

    /// The chord that is down: of several the one with the most keys, of these the latest.
    fn chord(&self) -> Option<&Binding> {
        let place = |code: &String| self.down.iter().position(|key| key.code == *code);
        let latest = |binding: &&Binding| binding.codes.iter().filter_map(place).max();
        let complete = self.bindings.iter().filter(|binding| binding.codes.iter().all(|code| place(code).is_some()));
        complete.max_by_key(|binding| (binding.codes.len(), latest(binding)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(mode: Mode) -> Keys {
        let bindings = [("ArrowLeft", 1), ("ArrowRight", 2), ("ArrowUp+Space", 3), ("ArrowUp", 4)];
        let bindings = bindings.into_iter().map(|(codes, action)| Binding {
            codes: codes.split('+').map(str::to_owned).collect(),
            action: Value::Discrete(action),
        });
        Keys::new(bindings.collect(), mode, vec![Value::Discrete(0), Value::Discrete(9)])
    }

    fn next(keys: &mut Keys) -> i64 {
        match keys.choose().action {
            Value::Discrete(action) => action,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_held_key_acts_at_every_tick_and_its_stroke_is_stamped_once() {
        let mut keys = keys(Mode::PressedKeys);
        keys.press("ArrowLeft", 12.5);
        assert_eq!(keys.choose(), Chosen { action: Value::Discrete(1), pressed_at: Some(12.5) });
        assert_eq!(keys.choose(), Chosen { action: Value::Discrete(1), pressed_at: None });
        keys.release("ArrowLeft");
        assert_eq!([next(&mut keys), next(&mut keys)], [0, 9]);
    }

    #[test]
    fn a_tap_between_two_ticks_is_not_lost() {
        let mut keys = keys(Mode::PressedKeys);
        keys.press("ArrowRight", 1.0);
        keys.release("ArrowRight");
        assert_eq!(keys.choose(), Chosen { action: Value::Discrete(2), pressed_at: Some(1.0) });
        assert_eq!(next(&mut keys), 9);
    }

    #[test]
    fn the_longest_chord_wins_and_then_the_latest_key() {
        let mut keys = keys(Mode::PressedKeys);
        keys.press("ArrowUp", 1.0);
        assert_eq!(next(&mut keys), 4);
        keys.press("ArrowLeft", 2.0);
        assert_eq!(next(&mut keys), 1);
        keys.press("Space", 3.0);
        assert_eq!(next(&mut keys), 3);
        keys.press("ArrowRight", 4.0);
        assert_eq!(next(&mut keys), 3);
        keys.release("Space");
        assert_eq!(next(&mut keys), 2);
        keys.release("ArrowRight");
        assert_eq!(next(&mut keys), 1);
    }

    #[test]
    fn strokes_are_played_one_a_tick_in_order_however_short_they_are() {
        let mut keys = keys(Mode::SingleKeystroke);
        for code in ["ArrowLeft", "ArrowRight", "ArrowLeft"] {
            keys.press(code, 5.0);
            keys.release(code);
        }
        assert_eq!([next(&mut keys), next(&mut keys), next(&mut keys), next(&mut keys)], [1, 2, 1, 9]);
        keys.press("ArrowLeft", 6.0);
        assert_eq!([next(&mut keys), next(&mut keys)], [1, 9]);
    }

    #[test]
    fn without_an_idle_action_the_game_waits_for_a_key() {
        for mode in [Mode::PressedKeys, Mode::SingleKeystroke] {
            let mut keys = Keys { idle: Vec::new(), ..keys(mode) };
            assert!(!keys.ready());
            keys.press("ArrowLeft", 1.0);
            keys.release("ArrowLeft");
            assert!(keys.ready());
            assert_eq!(next(&mut keys), 1);
            assert!(!keys.ready());
        }
    }

    #[test]
    fn losing_the_keyboard_lets_go_of_every_key() {
        for mode in [Mode::PressedKeys, Mode::SingleKeystroke] {
            let mut keys = keys(mode);
            keys.press("ArrowLeft", 1.0);
            keys.clear();
            assert_eq!(next(&mut keys), 0);
        }
    }

    #[test]
    fn drumming_on_the_keyboard_does_not_fill_the_memory() {
        let mut keys = keys(Mode::SingleKeystroke);
        for _ in 0..10_000 {
            keys.press("ArrowLeft", 1.0);
            keys.release("ArrowLeft");
        }
        assert!(keys.strokes.len() <= MOST_STROKES);
        assert!(keys.down.len() <= 1);
        keys.press("KeyX", 1.0);
        assert!(keys.down.len() <= 1);
    }
}
