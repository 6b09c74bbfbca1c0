//! The family in the catalog.
use super::manual;
use palaestra_env::catalog::{Argument, ArgumentKind, Binding, Entry, InputMode};

/// Where somebody who knows how to play is: see `Entry::expert`.
const EXPERT: Option<&str> = Some(concat!(env!("CARGO_CRATE_NAME"), "::expert"));

/// The family's entries in the catalog. There is no action that does nothing, so that none stands for idle hands: the game
/// waits for a key, and the pace only says how soon it answers.
pub(crate) const ENTRIES: &[Entry] = &[
    FROZEN_LAKE,
    Entry {
        id: "FrozenLake8x8-v1",
        title: "FrozenLake, 8 by 8",
        arguments: &[map_name("8x8"), DESC, SLIPPERY, SUCCESS_RATE, REWARD_SCHEDULE],
        ..FROZEN_LAKE
    },
    CLIFF_WALKING,
    Entry {
        id: "CliffWalkingSlippery-v1",
        title: "CliffWalking, slippery",
        summary: "Walk from the start to the temple without falling over the cliff. The path is slippery: two steps of three \
                  go off to the side. A fall costs 100 steps and takes you back to the start.",
        arguments: &[slippery_cliff(true)],
        ..CLIFF_WALKING
    },
    Entry {
        id: "Taxi-v4",
        title: "Taxi",
        summary: "Drive to the passenger, pick them up, take them to the flagged stand and drop them off. Every step costs a \
                  point, and a stop in vain ten; a passenger delivered earns twenty. Hedges are in the way, and there are 200 \
                  steps.",
        keys: &[&[
            Binding::discrete("ArrowUp", 1, "drive north"),
            Binding::discrete("ArrowDown", 0, "drive south"),
            Binding::discrete("ArrowLeft", 3, "drive west"),
            Binding::discrete("ArrowRight", 2, "drive east"),
            Binding::discrete("Space", 4, "pick up"),
            Binding::discrete("Enter", 5, "drop off"),
            Binding::discrete("KeyW", 1, "drive north"),
            Binding::discrete("KeyS", 0, "drive south"),
            Binding::discrete("KeyA", 3, "drive west"),
            Binding::discrete("KeyD", 2, "drive east"),
        ]],
        arguments: &[
            Argument {
                name: "is_rainy",
                kind: ArgumentKind::Bool { default: false },
                summary: "In the rain the taxi may slide to the side.",
            },
            Argument {
                name: "rainy_probability",
                kind: ArgumentKind::Number { default: 0.8 },
                summary: "How likely it drives straight on in the rain, from 0 to 1.",
            },
            Argument {
                name: "fickle_passenger",
                kind: ArgumentKind::Bool { default: false },
                summary: "The passenger may want to go somewhere else once the taxi has left.",
            },
            Argument {
                name: "fickle_probability",
                kind: ArgumentKind::Number { default: 0.3 },
                summary: "How likely a fickle passenger does, from 0 to 1.",
            },
        ],
        manual: Some(&manual::TAXI),
        ..TURN_BASED
    },
    Entry {
        id: "Blackjack-v1",
        title: "Blackjack",
        summary: "Come closer to 21 than the dealer without going over. Hit for another card, or stick and let the dealer draw to \
                  17. An ace counts 11 while that is not too much, and a face 10.",
        keys: &[&[
            Binding::discrete("Space", 1, "hit"),
            Binding::discrete("Enter", 0, "stick"),
            Binding::discrete("KeyH", 1, "hit"),
            Binding::discrete("KeyS", 0, "stick"),
        ]],
        arguments: &[
            Argument {
                name: "sab",
                kind: ArgumentKind::Bool { default: true },
                summary: "The rules of Sutton and Barto: an ace and a ten at once win, unless the dealer has them too.",
            },
            Argument {
                name: "natural",
                kind: ArgumentKind::Bool { default: false },
                summary: "Without those rules: an ace and a ten at once earn 1.5 when they win.",
            },
        ],
        manual: Some(&manual::BLACKJACK),
        ..TURN_BASED
    },
];

/// What all of them have in common.
const TURN_BASED: Entry = Entry {
    id: "",
    title: "",
    summary: "",
    agents: 1,
    agents_from: &[],
    appearances: &[],
    fps: 12,
    keys: &[],
    keys_go_with_seats: false,
    manual: None,
    part: None,
    expert: EXPERT,
    input_mode: InputMode::SingleKeystroke,
    idle: &[],
    arguments: &[],
};

const FROZEN_LAKE: Entry = Entry {
    id: "FrozenLake-v1",
    title: "FrozenLake",
    summary: "Cross the frozen lake to the flag without falling into a hole. The ice is slippery: you may slide to the left or \
              right of where you meant to go.",
    keys: &[&[
        Binding::discrete("ArrowLeft", 0, "left"),
        Binding::discrete("ArrowDown", 1, "down"),
        Binding::discrete("ArrowRight", 2, "right"),
        Binding::discrete("ArrowUp", 3, "up"),
        Binding::discrete("KeyA", 0, "left"),
        Binding::discrete("KeyS", 1, "down"),
        Binding::discrete("KeyD", 2, "right"),
        Binding::discrete("KeyW", 3, "up"),
    ]],
    arguments: &[map_name("4x4"), DESC, SLIPPERY, SUCCESS_RATE, REWARD_SCHEDULE],
    manual: Some(&manual::FROZEN_LAKE),
    ..TURN_BASED
};

const fn map_name(default: &'static str) -> Argument {
    let kind = ArgumentKind::Choice { choices: &["4x4", "8x8"], default };
    Argument { name: "map_name", kind, summary: "One of the two lakes that come with it." }
}

const DESC: Argument = Argument {
    name: "desc",
    kind: ArgumentKind::Text,
    summary: "A lake of your own: lines of S start, F ice, H hole and G goal.",
};

const SLIPPERY: Argument = Argument {
    name: "is_slippery",
    kind: ArgumentKind::Bool { default: true },
    summary: "Whether a step may slide to the side.",
};

const SUCCESS_RATE: Argument = Argument {
    name: "success_rate",
    kind: ArgumentKind::Number { default: 1.0 / 3.0 },
    summary: "How likely a step on slippery ice goes where it is meant to, from 0 to 1.",
};

const REWARD_SCHEDULE: Argument = Argument {
    name: "reward_schedule",
    kind: ArgumentKind::Object,
    summary: "The rewards for reaching the goal, a hole, and ice: a list of three numbers.",
};

const CLIFF_WALKING: Entry = Entry {
    id: "CliffWalking-v1",
    title: "CliffWalking",
    summary: "Walk from the start to the temple in as few steps as you can, without falling over the cliff. A fall costs 100 \
              steps and takes you back to the start.",
    keys: &[&[
        Binding::discrete("ArrowUp", 0, "up"),
        Binding::discrete("ArrowRight", 1, "right"),
        Binding::discrete("ArrowDown", 2, "down"),
        Binding::discrete("ArrowLeft", 3, "left"),
        Binding::discrete("KeyW", 0, "up"),
        Binding::discrete("KeyD", 1, "right"),
        Binding::discrete("KeyS", 2, "down"),
        Binding::discrete("KeyA", 3, "left"),
    ]],
    arguments: &[slippery_cliff(false)],
    manual: Some(&manual::CLIFF_WALKING),
    ..TURN_BASED
};

const fn slippery_cliff(default: bool) -> Argument {
    let kind = ArgumentKind::Bool { default };
    Argument { name: "is_slippery", kind, summary: "Whether a step may go off to the side, as likely as straight on." }
}
