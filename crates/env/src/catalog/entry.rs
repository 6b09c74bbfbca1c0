//! An environment in the catalog.
use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use super::{Argument, ArgumentKind, Manual};
use crate::arguments::Kwargs;
use crate::scene::Colour;
use crate::space::Space;
use crate::spec::Spec;
use crate::value::{Tensor, Value};

/// A registered environment.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The id `make` takes.
    pub id: &'static str,
    /// A title for people.
    pub title: &'static str,
    /// What to do, in a sentence or two that a participant understands.
    pub summary: &'static str,
    /// How many agents.
    pub agents: usize,
    /// The integer arguments that say so: for each more that one of them is given than its default, there is an agent more.
    pub agents_from: &'static [&'static str],
    /// How each agent looks in the picture, in agent order; empty where they need no names.
    pub appearances: &'static [Appearance],
    /// The pace at which people play it well, in steps a second.
    pub fps: u32,
    /// Sets of keys: for the first person at the keyboard, then for the second, …; or for the first agent, then for the second,
    /// …, where [`keys_go_with_seats`](Self::keys_go_with_seats). A set may hold keys for several kinds of agents and of actions:
    /// of those in it, an agent has the ones whose actions it can take.
    pub keys: &'static [&'static [Binding]],
    /// Whether each agent has a set of keys of its own, whoever plays it: slimes that face each other take the same action for
    /// opposite ways. Else the sets are for the people at the keyboard in turn, whichever agent they play.
    pub keys_go_with_seats: bool,
    /// How keys become actions.
    pub input_mode: InputMode,
    /// The actions of an agent whose keys are at rest, one after another over the ticks, but for those that it cannot take. With
    /// none of them a tick without a key does nothing: the game waits.
    pub idle: &'static [ActionValue],
    /// The keyword arguments of `make`.
    pub arguments: &'static [Argument],
    /// What its numbers mean: a site shows it in its gallery, and `descriptions()` gives it to a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manual: Option<&'static Manual>,
    /// The Rust module with what only this environment, or a few like it, needs of its family: `concat!(env!("CARGO_CRATE_NAME"),
    /// "::acrobot")`. It becomes a file of its own, `<family>_acrobot.wasm`, which only those who play it download; modules whose names begin so
    /// go with it. The rest of the family may call only functions of it that are called `new`: a build that finds another call fails. None: its
    /// code is in the family's module, which everybody downloads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<&'static str>,
    /// The Rust module with somebody who knows how to play it: `concat!(env!("CARGO_CRATE_NAME"), "::expert")`. It becomes a file of
    /// its own, `<family>_expert.wasm`, for those who have an expert in a seat. None: it [has no expert](crate::Environment::has_expert).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expert: Option<&'static str>,
}

impl Entry {
    /// One agent, 30 steps a second, the keys that are held down at the tick; neither keys nor arguments. To be changed with
    /// struct update syntax.
    pub const fn new(id: &'static str, title: &'static str, summary: &'static str) -> Self {
        Self {
            id,
            title,
            summary,
            agents: 1,
            agents_from: &[],
            appearances: &[],
            fps: 30,
            keys: &[],
            keys_go_with_seats: false,
            input_mode: InputMode::PressedKeys,
            idle: &[],
            arguments: &[],
            manual: None,
            part: None,
            expert: None,
        }
    }

    /// How many agents there are with these keyword arguments, if they are taken.
    pub fn agents_with(&self, kwargs: &Kwargs) -> usize {
        let more = |argument: &Argument| match argument.kind {
            ArgumentKind::Integer { default, .. } if self.agents_from.contains(&argument.name) => kwargs
                .get(argument.name)
                .and_then(Json::as_f64)
                .map_or(0, |given| (given as i64).saturating_sub(default)),
            _ => 0,
        };
        let more = self.arguments.iter().map(more).fold(0, i64::saturating_add);
        usize::try_from((self.agents as i64).saturating_add(more)).unwrap_or(0)
    }
}

/// How an agent looks in the picture, for people.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Appearance {
    /// What to call it: `Blue chef`.
    pub name: &'static str,
    /// Its colour, `#rrggbb` in the registry.
    #[serde(serialize_with = "hexadecimal")]
    pub colour: Colour,
}

impl Appearance {
    /// A name and an opaque colour from `0xRRGGBB`.
    pub const fn new(name: &'static str, rgb: u32) -> Self {
        Self { name, colour: Colour::rgb(rgb) }
    }
}

fn hexadecimal<S: Serializer>(colour: &Colour, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("#{:06x}", colour.rgba() >> 8))
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

impl ActionValue {
    /// The member of an agent's action space that it stands for; `None` where it is none that [a step takes](Spec::takes).
    pub fn value(self, spec: &Spec, space: &Space) -> Option<Value> {
        let value = match (space, self) {
            (Space::Discrete { .. }, Self::Discrete(number)) => Value::Discrete(number),
            (Space::Box(space), Self::Box(numbers)) => {
                Value::Tensor(Tensor::from_f64s(space.dtype, numbers.iter().copied()))
            }
            (Space::MultiBinary { .. }, Self::Bits(bits)) => Value::MultiBinary(bits.to_vec()),
            (Space::OneOf { spaces }, _) => {
                let found =
                    spaces.iter().enumerate().find_map(|(index, space)| Some((index, self.value(spec, space)?)));
                let (index, value) = found?;
                Value::OneOf(index, Box::new(value))
            }
            _ => return None,
        };
        spec.takes(space, &value).then_some(value)
    }
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
