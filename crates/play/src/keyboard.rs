//! From keys to actions. Knows no browser: keys are numbers, and times come in.
use std::collections::VecDeque;

use palaestra_env::Value;
use palaestra_protocol::InputMode;

/// Strokes that wait for their tick. Drumming on the keyboard must not fill the memory.
const MOST_STROKES: usize = 64;

/// A chord of keys and the action it stands for.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The keys, all of which have to be down.
    pub codes: Vec<u16>,
    /// What they do.
    pub action: Value,
}

/// When a key was struck, and when the page sent it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// The event's own time.
    pub at: f64,
    /// When it left the page.
    pub sent: f64,
}

/// The keyboard of one person.
#[derive(Clone, Debug)]
pub struct Keyboard {
    bindings: Vec<Binding>,
    mode: InputMode,
    /// What to do when no key says anything, one after another over the ticks; if there is nothing, the game waits.
    idle: Vec<Value>,
    down: Vec<DownKey>,
    /// Actions that wait, each for a tick: of keys that are strokes, and of those who have no keys.
    strokes: VecDeque<Waiting>,
    ticks: usize,
}

/// An action that waits for its tick.
#[derive(Clone, Debug)]
struct Waiting {
    action: Value,
    stroke: Stroke,
    /// Whether a key was struck for it.
    struck: bool,
}

#[derive(Clone, Debug)]
struct DownKey {
    code: u16,
    /// Until a tick has seen it.
    stroke: Option<Stroke>,
    /// Whether it has come up again.
    up: bool,
}

impl Keyboard {
    /// With these chords; `idle` are the actions of hands at rest, in turn.
    pub fn new(bindings: Vec<Binding>, mode: InputMode, idle: Vec<Value>) -> Self {
        Self { bindings, mode, idle, down: Vec::new(), strokes: VecDeque::new(), ticks: 0 }
    }

    fn knows(&self, code: u16) -> bool {
        self.bindings.iter().any(|binding| binding.codes.contains(&code))
    }

    /// A key went down; the keyboard's own repetitions are not strokes. Without a stroke it is struck while nothing is played: it counts as held from
    /// the next tick on, and is no action if it comes up before.
    pub fn press(&mut self, code: u16, stroke: Option<Stroke>) {
        if !self.knows(code) {
            return;
        }
        self.down.retain(|key| key.code != code);
        self.down.push(DownKey { code, stroke, up: false });
        let Some(stroke) = stroke else { return };
        if self.mode == InputMode::SingleKeystroke && self.strokes.len() < MOST_STROKES {
            let struck = self.chord().filter(|binding| binding.codes.contains(&code));
            if let Some(action) = struck.map(|binding| binding.action.clone()) {
                self.strokes.push_back(Waiting { action, stroke, struck: true });
            }
        }
    }

    /// Somebody acts without a key: the action is the next tick's, whatever keys say. Of several before one tick the last counts, or with
    /// [`InputMode::SingleKeystroke`] each has a tick of its own, as strokes have.
    pub fn play(&mut self, action: Value, stroke: Stroke) {
        if self.mode == InputMode::PressedKeys {
            self.strokes.clear();
        }
        if self.strokes.len() < MOST_STROKES {
            self.strokes.push_back(Waiting { action, stroke, struck: false });
        }
    }

    /// A key came up.
    pub fn release(&mut self, code: u16) {
        self.down.iter_mut().filter(|key| key.code == code).for_each(|key| key.up = true);
        let keep_taps = self.mode == InputMode::PressedKeys;
        self.down.retain(|key| !key.up || (keep_taps && key.stroke.is_some()));
    }

    /// All keys are up: the page lost the keyboard and will not hear of their release.
    pub fn release_all(&mut self) {
        self.down.clear();
        self.strokes.clear();
    }

    /// What was played is over: keys that were struck and not played yet are no actions of what comes next.
    pub fn over(&mut self) {
        self.strokes.clear();
        self.were_seen();
    }

    /// The game stands still: keys that were struck and not played yet are no actions when it goes on, which may be much later. What somebody
    /// chose without a key is: nobody might choose again.
    pub fn stands_still(&mut self) {
        self.strokes.retain(|waiting| !waiting.struck);
        self.were_seen();
    }

    fn were_seen(&mut self) {
        self.down.iter_mut().for_each(|key| key.stroke = None);
        self.down.retain(|key| !key.up);
    }

    /// Whether there is an action for the next tick: an idle one, or a key's.
    pub fn ready(&self) -> bool {
        let held = || self.mode == InputMode::PressedKeys && self.chord().is_some();
        !self.idle.is_empty() || !self.strokes.is_empty() || held()
    }

    /// Writes the action of the next tick, and gives the stroke that this tick is the first to see.
    pub fn act(&mut self, action: &mut Value) -> Option<Stroke> {
        let waiting = self.strokes.pop_front();
        // What is down plays at the next tick then, and a tap does not get lost.
        let keys_play = waiting.is_none() || self.mode == InputMode::SingleKeystroke;
        let (chosen, stroke) = match (waiting, self.mode) {
            (Some(Waiting { action, stroke, .. }), _) => (Some(action), Some(stroke)),
            (None, InputMode::SingleKeystroke) => (None, None),
            (None, InputMode::PressedKeys) => match self.chord() {
                Some(binding) => {
                    let new = self.down.iter().filter(|key| binding.codes.contains(&key.code));
                    let latest = new.filter_map(|key| key.stroke).max_by(|a, b| a.at.total_cmp(&b.at));
                    (Some(binding.action.clone()), latest)
                }
                None => (None, None),
            },
        };
        if keys_play {
            self.were_seen();
        }
        let idle = self.idle.get(self.ticks % self.idle.len().max(1));
        match chosen {
            Some(chosen) => *action = chosen,
            None => action.copy_from(idle.unwrap_or(&Value::None)),
        }
        self.ticks = self.ticks.wrapping_add(1);
        stroke
    }

    /// The chord that is down: of several the one with the most keys, of these the latest.
    fn chord(&self) -> Option<&Binding> {
        let place = |code: &u16| self.down.iter().position(|key| key.code == *code);
        let latest = |binding: &&Binding| binding.codes.iter().filter_map(place).max();
        let complete = self
            .bindings
            .iter()
            .filter(|binding| !binding.codes.is_empty() && binding.codes.iter().all(|code| place(code).is_some()));
        complete.max_by_key(|binding| (binding.codes.len(), latest(binding)))
    }
}

#[cfg(test)]
#[path = "keyboard_tests.rs"]
mod tests;
