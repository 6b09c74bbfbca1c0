//! The family in the catalog.
use super::manual;
use palaestra_env::catalog::{ActionValue, Argument, ArgumentKind, Binding, Entry, InputMode};

/// Where somebody who knows how to play is: see `Entry::expert`.
const EXPERT: Option<&str> = Some(concat!(env!("CARGO_CRATE_NAME"), "::expert"));

const ARGUMENTS: &[Argument] = &[
    Argument {
        name: "gravity",
        kind: ArgumentKind::Number { default: -10.0 },
        summary: "How hard the moon pulls: between −12 and 0.",
    },
    Argument {
        name: "enable_wind",
        kind: ArgumentKind::Bool { default: false },
        summary: "Wind that pushes and turns the lander until a leg is on the ground.",
    },
    Argument {
        name: "wind_power",
        kind: ArgumentKind::Number { default: 15.0 },
        summary: "How hard the wind pushes at most; 0 to 20 is sensible.",
    },
    Argument {
        name: "turbulence_power",
        kind: ArgumentKind::Number { default: 1.5 },
        summary: "How hard the wind turns the lander at most; 0 to 2 is sensible.",
    },
];

const DISCRETE: Entry = Entry {
    id: "LunarLander-v3",
    title: "LunarLander",
    summary: "Land between the flags, gently and on both legs. The main engine slows the fall, the side engines tilt the \
              lander; it flies where it leans. It is lost when its body touches the ground or it leaves at a side. Little fuel \
              is better.",
    agents: 1,
    agents_from: &[],
    appearances: &[],
    // The reference's own pace is 50, where a fall from the top takes less than two seconds.
    fps: 30,
    keys: &[&[
        Binding::discrete("ArrowUp", 2, "main engine"),
        Binding::discrete("ArrowLeft", 1, "tilt left"),
        Binding::discrete("ArrowRight", 3, "tilt right"),
        Binding::discrete("KeyW", 2, "main engine"),
        Binding::discrete("KeyA", 1, "tilt left"),
        Binding::discrete("KeyD", 3, "tilt right"),
    ]],
    keys_go_with_seats: false,
    manual: Some(&manual::LUNAR_LANDER),
    part: None,
    expert: EXPERT,
    input_mode: InputMode::PressedKeys,
    idle: &[ActionValue::Discrete(0)],
    arguments: ARGUMENTS,
};

/// The family's entries in the catalog.
pub(crate) const ENTRIES: &[Entry] = &[
    DISCRETE,
    Entry {
        id: "LunarLanderContinuous-v3",
        title: "LunarLander, continuous",
        summary: "Land between the flags, gently and on both legs. The main engine slows the fall, the side engines tilt the \
                  lander, and they may fire together; it flies where it leans. It is lost when its body touches the ground or \
                  it leaves at a side. Little fuel is better.",
        keys: &[&[
            Binding::numbers("ArrowUp", &[1.0, 0.0], "main engine"),
            Binding::numbers("ArrowLeft", &[0.0, -1.0], "tilt left"),
            Binding::numbers("ArrowRight", &[0.0, 1.0], "tilt right"),
            Binding::numbers("ArrowUp+ArrowLeft", &[1.0, -1.0], "main engine, tilt left"),
            Binding::numbers("ArrowUp+ArrowRight", &[1.0, 1.0], "main engine, tilt right"),
            Binding::numbers("ArrowDown", &[0.1, 0.0], "main engine, gently"),
            Binding::numbers("KeyW", &[1.0, 0.0], "main engine"),
            Binding::numbers("KeyA", &[0.0, -1.0], "tilt left"),
            Binding::numbers("KeyD", &[0.0, 1.0], "tilt right"),
            Binding::numbers("KeyW+KeyA", &[1.0, -1.0], "main engine, tilt left"),
            Binding::numbers("KeyW+KeyD", &[1.0, 1.0], "main engine, tilt right"),
            Binding::numbers("KeyS", &[0.1, 0.0], "main engine, gently"),
        ]],
        idle: &[ActionValue::Box(&[0.0, 0.0])],
        manual: Some(&manual::CONTINUOUS),
        ..DISCRETE
    },
];
