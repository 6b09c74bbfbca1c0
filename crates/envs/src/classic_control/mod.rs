//! Gymnasium's classic control problems, after gymnasium 1.4.0.
//!
//! | id | actions | observation (float32) | reward | ends |
//! |---|---|---|---|---|
//! | `CartPole-v1`, `-v0` | 0 left, 1 right | place, speed, angle, angular speed | 1 a step | angle beyond ±12°, place beyond ±2.4; 500 steps (v0: 200) |
//! | `MountainCar-v0` | 0 left, 1 none, 2 right | position, velocity | −1 a step | position 0.5 at `goal_velocity` or faster; 200 steps |
//!
//! | argument | of | default |
//! |---|---|---|
//! | `sutton_barto_reward` | CartPole | false: 1 a step; true: 0, and −1 at the end |
//! | `goal_velocity` | MountainCar | 0 |
//!
//! Reset options of both: `low` and `high`, the bounds of the start. As in the reference, a step beyond the end of an episode
//! is allowed; CartPole then earns 0 for as long as the pole is down.
mod bounds;
mod cart_pole;
mod cart_pole_scene;
mod hud;
mod mountain_car;
mod mountain_car_scene;
mod palette;
mod view;
mod wheel;

use palaestra_env::{ArgumentError, Environment, Kwargs};

use crate::catalog::{Argument, ArgumentKind, Binding, Entry, InputMode};
use cart_pole::CartPole;
use mountain_car::MountainCar;

const CART_POLE: Entry = Entry {
    id: "CartPole-v1",
    family: "classic_control",
    title: "CartPole",
    summary: "Keep the pole upright by pushing the cart left and right. It is lost when the pole leans out of the fan or the \
              cart leaves the track; 500 steps are a perfect game.",
    agents: 1,
    // The reference's own pace is 50, where the pole is down within a person's reaction time: one push then lasts a 50th of a
    // second, and a tap four of them. At 20 a tap is one or two pushes.
    fps: 20,
    keys: &[&[
        Binding { keys: "ArrowLeft", action: 0, label: "push left" },
        Binding { keys: "ArrowRight", action: 1, label: "push right" },
        Binding { keys: "KeyA", action: 0, label: "push left" },
        Binding { keys: "KeyD", action: 1, label: "push right" },
    ]],
    input_mode: InputMode::PressedKeys,
    // There is no action that does nothing; pushes to either side in turn come closest.
    idle: &[0, 1],
    arguments: &[Argument {
        name: "sutton_barto_reward",
        kind: ArgumentKind::Bool { default: false },
        summary: "The reward of Sutton and Barto: 0 a step and −1 at the end, instead of 1 a step.",
    }],
};

/// The family's entries in the catalog.
pub const ENTRIES: &[Entry] = &[
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
        family: "classic_control",
        title: "MountainCar",
        summary: "Drive the car up to the flag. The engine is too weak for the slope: rock back and forth to gather speed. \
                  Fewer steps are better, and there are 200.",
        agents: 1,
        // The reference's own pace; from one end of the valley to the other takes a second or two.
        fps: 30,
        keys: &[&[
            Binding { keys: "ArrowLeft", action: 0, label: "drive left" },
            Binding { keys: "ArrowRight", action: 2, label: "drive right" },
            Binding { keys: "ArrowLeft+ArrowRight", action: 1, label: "let it roll" },
            Binding { keys: "KeyA", action: 0, label: "drive left" },
            Binding { keys: "KeyD", action: 2, label: "drive right" },
            Binding { keys: "KeyA+KeyD", action: 1, label: "let it roll" },
        ]],
        input_mode: InputMode::PressedKeys,
        idle: &[1],
        arguments: &[Argument {
            name: "goal_velocity",
            kind: ArgumentKind::Number { default: 0.0 },
            summary: "The least velocity at the flag that counts as arriving; 0.07 is the fastest the car can go.",
        }],
    },
];

/// Makes an environment of this family; `None` for an id of another.
pub fn make(id: &str, kwargs: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
    match id {
        "CartPole-v0" => Some(boxed(CartPole::new(id, 200, kwargs))),
        "CartPole-v1" => Some(boxed(CartPole::new(id, 500, kwargs))),
        "MountainCar-v0" => Some(boxed(MountainCar::new(id, 200, kwargs))),
        _ => None,
    }
}

fn boxed<E: Environment + 'static>(made: Result<E, ArgumentError>) -> Result<Box<dyn Environment>, ArgumentError> {
    made.map(|environment| Box::new(environment) as Box<dyn Environment>)
}
