//! The family in the catalog.
use super::manual;
use palaestra_env::catalog::{ActionValue, Appearance, Argument, ArgumentKind, Binding, Entry, InputMode};

/// Where somebody who knows how to play is: see `Entry::expert`.
const EXPERT: Option<&str> = Some(concat!(env!("CARGO_CRATE_NAME"), "::expert"));

const FORWARD: &[u8] = &[1, 0, 0];
const FORWARD_UP: &[u8] = &[1, 0, 1];
const UP: &[u8] = &[0, 0, 1];
const BACKWARD_UP: &[u8] = &[0, 1, 1];
const BACKWARD: &[u8] = &[0, 1, 0];
const REST: &[u8] = &[0, 0, 0];

/// The right slime faces left.
const RIGHT: &[Binding] = &[
    Binding::bits("ArrowLeft", FORWARD, "left"),
    Binding::bits("ArrowRight", BACKWARD, "right"),
    Binding::bits("ArrowUp", UP, "jump"),
    Binding::bits("ArrowLeft+ArrowUp", FORWARD_UP, "jump to the left"),
    Binding::bits("ArrowRight+ArrowUp", BACKWARD_UP, "jump to the right"),
    Binding::bits("ArrowLeft+ArrowRight", REST, "stand still"),
    Binding::bits("ArrowLeft+ArrowRight+ArrowUp", UP, "jump"),
];

/// The left slime faces right.
const LEFT: &[Binding] = &[
    Binding::bits("KeyA", BACKWARD, "left"),
    Binding::bits("KeyD", FORWARD, "right"),
    Binding::bits("KeyW", UP, "jump"),
    Binding::bits("KeyA+KeyW", BACKWARD_UP, "jump to the left"),
    Binding::bits("KeyD+KeyW", FORWARD_UP, "jump to the right"),
    Binding::bits("KeyA+KeyD", REST, "stand still"),
    Binding::bits("KeyA+KeyD+KeyW", UP, "jump"),
];

/// The right slime with either hand.
const ALONE: &[Binding] = &[
    Binding::bits("ArrowLeft", FORWARD, "left"),
    Binding::bits("ArrowRight", BACKWARD, "right"),
    Binding::bits("ArrowUp", UP, "jump"),
    Binding::bits("ArrowLeft+ArrowUp", FORWARD_UP, "jump to the left"),
    Binding::bits("ArrowRight+ArrowUp", BACKWARD_UP, "jump to the right"),
    Binding::bits("ArrowLeft+ArrowRight", REST, "stand still"),
    Binding::bits("ArrowLeft+ArrowRight+ArrowUp", UP, "jump"),
    Binding::bits("KeyA", FORWARD, "left"),
    Binding::bits("KeyD", BACKWARD, "right"),
    Binding::bits("KeyW", UP, "jump"),
    Binding::bits("KeyA+KeyW", FORWARD_UP, "jump to the left"),
    Binding::bits("KeyD+KeyW", BACKWARD_UP, "jump to the right"),
    Binding::bits("KeyA+KeyD", REST, "stand still"),
    Binding::bits("KeyA+KeyD+KeyW", UP, "jump"),
];

// The references show 50 steps a second, each of which is a thirtieth of a second in the game: this is the pace of life.
const FPS: u32 = 30;

/// The family's entries in the catalog.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        id: "SlimeVolley-v0",
        title: "Slime volleyball",
        summary: "You are the blue slime on the right. Keep the ball off your ground and make it fall on the other side of the \
                  net. Whoever has lost five points has lost the game.",
        agents: 1,
        agents_from: &[],
        appearances: &[],
        fps: FPS,
        keys: &[ALONE],
        keys_go_with_seats: false,
        manual: Some(&manual::SLIME_VOLLEY),
        part: None,
        expert: EXPERT,
        input_mode: InputMode::PressedKeys,
        idle: &[ActionValue::Bits(REST)],
        arguments: &[
            Argument {
                name: "survival_bonus",
                kind: ArgumentKind::Bool { default: false },
                summary: "0.01 more reward for every step.",
            },
            Argument {
                name: "atari_mode",
                kind: ArgumentKind::Bool { default: false },
                summary: "Actions may also be numbers: 0 rest, 1 left, 2 left and up, 3 up, 4 right and up, 5 right.",
            },
            Argument {
                name: "t_limit",
                kind: ArgumentKind::Integer { min: 1, max: u32::MAX as i64, default: 3000 },
                summary: "Steps after which a game ends in any case.",
            },
        ],
    },
    Entry {
        id: "slimevb/SlimeVolleyEnv",
        title: "Slime volleyball for two",
        summary: "One slime on each side of the net. Keep the ball off your ground and make it fall on the other side. The first \
                  point wins.",
        agents: 2,
        agents_from: &[],
        appearances: &[Appearance::new("Red slime", 0xc4623f), Appearance::new("Blue slime", 0x27607f)],
        fps: FPS,
        keys: &[LEFT, RIGHT],
        keys_go_with_seats: true,
        manual: Some(&manual::FOR_TWO),
        part: None,
        expert: EXPERT,
        input_mode: InputMode::PressedKeys,
        idle: &[ActionValue::Bits(REST)],
        arguments: &[
            Argument {
                name: "survival_reward",
                kind: ArgumentKind::Bool { default: false },
                summary: "0.01 more reward for every step, to both.",
            },
            Argument {
                name: "max_steps",
                kind: ArgumentKind::Integer { min: 1, max: i32::MAX as i64, default: 3000 },
                summary: "Steps after which a game is cut off.",
            },
            Argument {
                name: "human_inputs",
                kind: ArgumentKind::Bool { default: false },
                summary: "Forward and backward change places for the left slime.",
            },
            Argument {
                name: "config",
                kind: ArgumentKind::Object,
                summary: "All of these in one object, as the reference takes them.",
            },
        ],
    },
];
