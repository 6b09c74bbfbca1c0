//! The family in the catalog.
use super::manual;
use palaestra_env::catalog::{ActionValue, Argument, ArgumentKind, Binding, Entry, InputMode};

/// Where somebody who knows how to play is: see `Entry::expert`.
const EXPERT: Option<&str> = Some(concat!(env!("CARGO_CRATE_NAME"), "::expert"));

/// What nobody needs for CartPole: see `Entry::part`.
const SWING_UP: Option<&str> = Some(concat!(env!("CARGO_CRATE_NAME"), "::swing_up"));

const CART_POLE: Entry = Entry {
    id: "CartPole-v1",
    title: "CartPole",
    summary: "Keep the pole upright by pushing the cart left and right. It is lost when the pole leans out of the fan or the \
              cart leaves the track; 500 steps are a perfect game.",
    agents: 1,
    agents_from: &[],
    appearances: &[],
    // The reference's own pace is 50, where the pole is down within a person's reaction time: one push then lasts a 50th of a
    // second, and a tap four of them. At 20 a tap is one or two pushes.
    fps: 20,
    keys: &[&[
        Binding::discrete("ArrowLeft", 0, "push left"),
        Binding::discrete("ArrowRight", 1, "push right"),
        Binding::discrete("KeyA", 0, "push left"),
        Binding::discrete("KeyD", 1, "push right"),
    ]],
    keys_go_with_seats: false,
    manual: Some(&manual::CART_POLE),
    part: None,
    expert: EXPERT,
    input_mode: InputMode::PressedKeys,
    // There is no action that does nothing; pushes to either side in turn come closest.
    idle: &[ActionValue::Discrete(0), ActionValue::Discrete(1)],
    arguments: &[Argument {
        name: "sutton_barto_reward",
        kind: ArgumentKind::Bool { default: false },
        summary: "The reward of Sutton and Barto: 0 a step and −1 at the end, instead of 1 a step.",
    }],
};

const GOAL_VELOCITY: &[Argument] = &[Argument {
    name: "goal_velocity",
    kind: ArgumentKind::Number { default: 0.0 },
    summary: "The least velocity at the flag that counts as arriving; 0.07 is the fastest the car can go.",
}];

/// The family's entries in the catalog.
pub(crate) const ENTRIES: &[Entry] = &[
    CART_POLE,
    Entry {
        id: "CartPole-v0",
        title: "CartPole, 200 steps",
        summary: "Keep the pole upright by pushing the cart left and right. It is lost when the pole leans out of the fan or \
                  the cart leaves the track; 200 steps are a perfect game.",
        ..CART_POLE
    },
    Entry {
        id: "MountainCar-v0",
        title: "MountainCar",
        summary: "Drive the car up to the flag. The engine is too weak for the slope: rock back and forth to gather speed. \
                  Fewer steps are better, and there are 200.",
        agents: 1,
        agents_from: &[],
        appearances: &[],
        // The reference's own pace; from one end of the valley to the other takes a second or two.
        fps: 30,
        keys: &[&[
            Binding::discrete("ArrowLeft", 0, "drive left"),
            Binding::discrete("ArrowRight", 2, "drive right"),
            Binding::discrete("ArrowLeft+ArrowRight", 1, "let it roll"),
            Binding::discrete("KeyA", 0, "drive left"),
            Binding::discrete("KeyD", 2, "drive right"),
            Binding::discrete("KeyA+KeyD", 1, "let it roll"),
        ]],
        keys_go_with_seats: false,
        manual: Some(&manual::MOUNTAIN_CAR),
        part: SWING_UP,
        expert: EXPERT,
        input_mode: InputMode::PressedKeys,
        idle: &[ActionValue::Discrete(1)],
        arguments: GOAL_VELOCITY,
    },
    Entry {
        id: "MountainCarContinuous-v0",
        title: "MountainCar, continuous",
        summary: "Drive the car up to the flag, with as little fuel as you can. The engine is too weak for the slope: rock back \
                  and forth to gather speed, and let it roll in between.",
        agents: 1,
        agents_from: &[],
        appearances: &[],
        fps: 30,
        keys: &[&[
            Binding::numbers("ArrowLeft", &[-1.0], "drive left"),
            Binding::numbers("ArrowRight", &[1.0], "drive right"),
            Binding::numbers("ArrowLeft+ArrowDown", &[-0.5], "gently left"),
            Binding::numbers("ArrowRight+ArrowDown", &[0.5], "gently right"),
            Binding::numbers("ArrowLeft+ArrowRight", &[0.0], "let it roll"),
            Binding::numbers("KeyA", &[-1.0], "drive left"),
            Binding::numbers("KeyD", &[1.0], "drive right"),
            Binding::numbers("KeyA+KeyS", &[-0.5], "gently left"),
            Binding::numbers("KeyD+KeyS", &[0.5], "gently right"),
            Binding::numbers("KeyA+KeyD", &[0.0], "let it roll"),
        ]],
        keys_go_with_seats: false,
        manual: Some(&manual::MOUNTAIN_CAR_CONTINUOUS),
        part: SWING_UP,
        expert: EXPERT,
        input_mode: InputMode::PressedKeys,
        idle: &[ActionValue::Box(&[0.0])],
        arguments: GOAL_VELOCITY,
    },
    Entry {
        id: "Acrobot-v1",
        title: "Acrobot",
        summary: "Swing the acrobat's feet over the line. Only the hips have strength: kick to one side and the other in time \
                  with the swing. Fewer steps are better, and there are 500.",
        agents: 1,
        agents_from: &[],
        appearances: &[],
        // A step is a fifth of a second; the reference shows 15 a second, three times as fast as life.
        fps: 12,
        keys: &[&[
            Binding::discrete("ArrowLeft", 0, "kick to the left"),
            Binding::discrete("ArrowRight", 2, "kick to the right"),
            Binding::discrete("ArrowLeft+ArrowRight", 1, "hang loose"),
            Binding::discrete("KeyA", 0, "kick to the left"),
            Binding::discrete("KeyD", 2, "kick to the right"),
            Binding::discrete("KeyA+KeyD", 1, "hang loose"),
        ]],
        keys_go_with_seats: false,
        manual: Some(&manual::ACROBOT),
        part: SWING_UP,
        expert: EXPERT,
        input_mode: InputMode::PressedKeys,
        idle: &[ActionValue::Discrete(1)],
        arguments: &[],
    },
    Entry {
        id: "Pendulum-v1",
        title: "Pendulum",
        summary: "Swing the pendulum up and hold it there. The motor is too weak to lift it at once: build up swing, then catch it \
                  gently at the top. Every step costs more the further from upright it is; there are 200.",
        agents: 1,
        agents_from: &[],
        appearances: &[],
        // A step is a twentieth of a second, and this is the pace of life.
        fps: 20,
        keys: &[&[
            Binding::numbers("ArrowLeft", &[2.0], "turn to the left"),
            Binding::numbers("ArrowRight", &[-2.0], "turn to the right"),
            Binding::numbers("ArrowLeft+ArrowDown", &[0.7], "gently to the left"),
            Binding::numbers("ArrowRight+ArrowDown", &[-0.7], "gently to the right"),
            Binding::numbers("ArrowLeft+ArrowRight", &[0.0], "let it swing"),
            Binding::numbers("KeyA", &[2.0], "turn to the left"),
            Binding::numbers("KeyD", &[-2.0], "turn to the right"),
            Binding::numbers("KeyA+KeyS", &[0.7], "gently to the left"),
            Binding::numbers("KeyD+KeyS", &[-0.7], "gently to the right"),
            Binding::numbers("KeyA+KeyD", &[0.0], "let it swing"),
        ]],
        keys_go_with_seats: false,
        manual: Some(&manual::PENDULUM),
        part: SWING_UP,
        expert: EXPERT,
        input_mode: InputMode::PressedKeys,
        idle: &[ActionValue::Box(&[0.0])],
        arguments: &[Argument {
            name: "g",
            kind: ArgumentKind::Number { default: 10.0 },
            summary: "The acceleration of gravity, in metres a second squared; with less of it the motor is stronger.",
        }],
    },
];
