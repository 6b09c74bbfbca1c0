//! The kitchens in the catalog.
use super::environment::FPS;
use super::manual;
use palaestra_env::catalog::{ActionValue, Appearance, Argument, ArgumentKind, Binding, Entry, InputMode};

/// Where somebody who knows how to play is: see `Entry::expert`.
const EXPERT: Option<&str> = Some(concat!(env!("CARGO_CRATE_NAME"), "::expert"));

/// The family's entries in the catalog.
pub(crate) const ENTRIES: &[Entry] = &[
    kitchen(
        "overcooked_ai/cramped_room",
        "Cramped Room",
        "Cook onion soups together: three onions into the pot, start it, wait, then a dish and off to the hatch. There \
         is one pot and little room, so keep out of each other's way.",
        ARGUMENTS,
    ),
    kitchen(
        "overcooked_ai/asymmetric_advantages",
        "Asymmetric Advantages",
        "Cook onion soups together across two shared pots. One of you stands near the onions, the other near the \
         hatch: split the work so that each does what is close.",
        ARGUMENTS,
    ),
    kitchen(
        "overcooked_ai/coordination_ring",
        "Coordination Ring",
        "Cook onion soups together around a narrow ring. Two cannot pass each other, so agree on a direction.",
        ARGUMENTS,
    ),
    kitchen(
        "overcooked_ai/forced_coordination",
        "Forced Coordination",
        "Cook onion soups together through a wall. One of you has the onions and dishes, the other the pots and the \
         hatch: pass things over the counter between you.",
        ARGUMENTS,
    ),
    kitchen(
        "overcooked_ai/counter_circuit",
        "Counter Circuit with Tomatoes",
        "Cook soups of onions and tomatoes together: only those on the order list earn points, and the starred one \
         twice. Start a pot when it holds what you want. Passing over the middle counter saves walking round it.",
        TOMATO_ARGUMENTS,
    ),
    kitchen(
        "overcooked_ai/counter_circuit_o_1order",
        "Counter Circuit",
        "Cook onion soups together around a long counter. Walking round it takes time: pass onions over the middle.",
        ARGUMENTS,
    ),
];

const fn kitchen(
    id: &'static str,
    title: &'static str,
    summary: &'static str,
    arguments: &'static [Argument],
) -> Entry {
    Entry {
        id,
        title,
        summary,
        agents: 2,
        agents_from: &[],
        appearances: CHEFS,
        fps: FPS,
        keys: KEYS,
        keys_go_with_seats: false,
        manual: Some(&manual::KITCHEN),
        part: None,
        expert: EXPERT,
        input_mode: InputMode::PressedKeys,
        idle: &[ActionValue::Discrete(4)],
        arguments,
    }
}

const fn key(keys: &'static str, action: i64, label: &'static str) -> Binding {
    Binding { keys, action: ActionValue::Discrete(action), label }
}

/// Two people at one keyboard: the right half with the space bar, and the left half.
const KEYS: &[&[Binding]] = &[
    &[
        key("ArrowUp", 0, "Up"),
        key("ArrowDown", 1, "Down"),
        key("ArrowRight", 2, "Right"),
        key("ArrowLeft", 3, "Left"),
        key("Space", 5, "Take, put, start or serve"),
        key("Enter", 5, "Take, put, start or serve"),
    ],
    &[
        key("KeyW", 0, "Up"),
        key("KeyS", 1, "Down"),
        key("KeyD", 2, "Right"),
        key("KeyA", 3, "Left"),
        key("KeyE", 5, "Take, put, start or serve"),
        key("ShiftLeft", 5, "Take, put, start or serve"),
    ],
];

const HORIZON: Argument = Argument {
    name: "horizon",
    kind: ArgumentKind::Integer { min: 1, max: 1_000_000, default: 400 },
    summary: "Steps in a round",
};
const LAYOUT: Argument = Argument {
    name: "layout",
    kind: ArgumentKind::Text,
    summary: "Another kitchen, a line a row: X counter, O onions, T tomatoes, D dishes, P pot, S hatch, space floor, \
              and 1 and 2 where the players start",
};
const OBSERVATION: Argument = Argument {
    name: "observation",
    kind: ArgumentKind::Choice { choices: &["state", "lossless", "features"], default: "state" },
    summary: "What an agent is given: the state as an object, or for a network 26 maps of the kitchen or 96 features",
};
const OLD_DYNAMICS: Argument = Argument {
    name: "old_dynamics",
    kind: ArgumentKind::Bool { default: false },
    summary: "A pot starts by itself once it holds three ingredients, and cannot be started by hand",
};
const COOK_TIME: Argument = Argument {
    name: "cook_time",
    kind: ArgumentKind::Integer { min: 1, max: 100_000, default: 20 },
    summary: "Steps until a soup is ready",
};
const MDP_PARAMS: Argument = Argument {
    name: "mdp_params",
    kind: ArgumentKind::Object,
    summary: "The reference's further settings, such as start_all_orders, order_bonus or rew_shaping_params",
};

const ARGUMENTS: &[Argument] = &[HORIZON, LAYOUT, OBSERVATION, OLD_DYNAMICS, COOK_TIME, MDP_PARAMS];
/// Its orders are not all of three ingredients, and cook by what is in them.
const TOMATO_ARGUMENTS: &[Argument] = &[HORIZON, LAYOUT, OBSERVATION, MDP_PARAMS];

/// As the picture shows them.
const CHEFS: &[Appearance] = &[Appearance::new("Blue chef", 0x3f7fd6), Appearance::new("Green chef", 0x3a9a5b)];
