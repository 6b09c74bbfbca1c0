//! What there is to play and how: the registry's data without the environments' code, so that a page can list them, name
//! their options and bind their keys before anything is loaded.
use serde::Serialize;

use crate::{box2d, classic_control, cogrid, minigrid, overcooked, slime_volley, toy_text};

/// A registered environment.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The id `make` takes.
    pub id: &'static str,
    /// The folder of the registry it stands in: `classic_control`, `overcooked_ai`, ….
    pub family: &'static str,
    /// A title for people.
    pub title: &'static str,
    /// What to do, in a sentence or two that a participant understands.
    pub summary: &'static str,
    /// How many agents.
    pub agents: usize,
    /// The pace at which people play it well, in steps a second.
    pub fps: u32,
    /// Keys for the first person at the keyboard, then for the second, ….
    pub keys: &'static [&'static [Binding]],
    /// How keys become actions.
    pub input_mode: InputMode,
    /// The actions of an agent whose keys are at rest, one after another over the ticks. With none of them a tick without a
    /// key does nothing: the game waits.
    pub idle: &'static [ActionValue],
    /// The keyword arguments of `make`.
    pub arguments: &'static [Argument],
}

impl Entry {
    /// Whether each agent has a set of keys of its own, since the same words stand for other actions in another's: slimes that
    /// face each other. Else the sets are for the people at the keyboard in turn.
    pub fn keys_go_with_seats(&self) -> bool {
        let Some((first, others)) = self.keys.split_first() else { return false };
        let differs = |key: &Binding| first.iter().any(|own| own.label == key.label && own.action != key.action);
        others.iter().any(|keys| keys.iter().any(differs))
    }
}

/// A key, or a chord of keys, and the action it stands for.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Binding {
    /// `KeyboardEvent.code`s joined with `+`, such as `ArrowLeft` or `ArrowUp+Space`.
    pub keys: &'static str,
    /// The action.
    pub action: ActionValue,
    /// What it does, for people.
    pub label: &'static str,
}

impl Binding {
    /// For an action of a Discrete space.
    pub const fn discrete(keys: &'static str, action: i64, label: &'static str) -> Self {
        Self { keys, action: ActionValue::Discrete(action), label }
    }

    /// For an action of a Box.
    pub const fn numbers(keys: &'static str, action: &'static [f64], label: &'static str) -> Self {
        Self { keys, action: ActionValue::Box(action), label }
    }

    /// For an action of a MultiBinary space.
    pub const fn bits(keys: &'static str, action: &'static [u8], label: &'static str) -> Self {
        Self { keys, action: ActionValue::Bits(action), label }
    }
}

/// An action as a page sends it: a number, or a list of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ActionValue {
    /// Of a Discrete space.
    Discrete(i64),
    /// Of a one-dimensional Box.
    Box(&'static [f64]),
    /// Of a MultiBinary space.
    Bits(&'static [u8]),
}

/// How keys become actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InputMode {
    /// The keys held down at the tick.
    PressedKeys,
    /// Each key stroke is one action, once.
    SingleKeystroke,
}

/// A keyword argument of `make`, for a form.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    #[serde(flatten)]
    pub kind: ArgumentKind,
    /// What it does, for people.
    pub summary: &'static str,
}

/// What an argument takes, and its default.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs, reason = "each name says all there is to say")]
pub enum ArgumentKind {
    Bool {
        default: bool,
    },
    Integer {
        min: i64,
        max: i64,
        default: i64,
    },
    Number {
        default: f64,
    },
    Choice {
        choices: &'static [&'static str],
        default: &'static str,
    },
    /// Text of several lines, such as a grid; empty for none.
    Text,
    /// A JSON object; not for a form.
    Object,
}

/// Every registered environment, family by family.
pub fn catalog() -> impl Iterator<Item = &'static Entry> {
    classic_control::ENTRIES
        .iter()
        .chain(toy_text::ENTRIES)
        .chain(minigrid::ENTRIES)
        .chain(overcooked::ENTRIES)
        .chain(cogrid::ENTRIES)
        .chain(slime_volley::ENTRIES)
        .chain(box2d::ENTRIES)
}

/// The entry of an id.
pub fn entry(id: &str) -> Option<&'static Entry> {
    catalog().find(|entry| entry.id == id)
}
