//! Gymnasium's classic control problems, after gymnasium 1.4.0.
//!
//! | id | actions | observation (float32) | reward | ends |
//! |---|---|---|---|---|
//! | `CartPole-v1`, `-v0` | 0 left, 1 right | place, speed, angle, angular speed | 1 a step | angle beyond ±12°, place beyond ±2.4; 500 steps (v0: 200) |
//! | `MountainCar-v0` | 0 left, 1 none, 2 right | position, velocity | −1 a step | position 0.5 at `goal_velocity` or faster; 200 steps |
//! | `MountainCarContinuous-v0` | one float32, force from −1 to 1 | position, velocity | −0.1 · action² a step, +100 at the end | position 0.45 at `goal_velocity` or faster; 999 steps |
//! | `Acrobot-v1` | torque at the hips: 0 is −1, 1 none, 2 is +1 | cos and sin of both angles, both speeds | −1 a step, 0 at the end | feet more than 1 above the bar; 500 steps |
//! | `Pendulum-v1` | one float32, torque from −2 to 2 | cos and sin of the angle, speed | −(angle² + 0.1 · speed² + 0.001 · torque²) | 200 steps |
//!
//! | argument | of | default |
//! |---|---|---|
//! | `sutton_barto_reward` | CartPole | false: 1 a step; true: 0, and −1 at the end |
//! | `goal_velocity` | MountainCar, MountainCarContinuous | 0 |
//! | `g` | Pendulum | 10 |
//!
//! Reset options: `low` and `high`, the bounds of the start; of Pendulum `x_init` and `y_init`, the greatest angle and speed of
//! the start. As in the reference, a step beyond the end of an episode is allowed; CartPole then earns 0 for as long as the pole
//! is down.
#![forbid(unsafe_code)]

mod bounds;
mod cart_pole;
mod cart_pole_motion;
mod cart_pole_scene;
mod entries;
mod expert;
mod given;
mod hud;
mod manual;
mod swing_up;
mod wheel;

use palaestra_env::catalog::Family;
use palaestra_env::{ArgumentError, Environment, Kwargs};

use cart_pole::CartPole;
use swing_up::{Acrobot, MountainCar, MountainCarContinuous, Pendulum};

/// The family.
pub const FAMILY: Family =
    Family { name: "classic_control", title: "Classic control", entries: entries::ENTRIES, make, artwork: &[] };

/// Makes an environment; `None` for an id of another family.
fn make(id: &str, kwargs: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
    match id {
        "Acrobot-v1" => Some(boxed(Acrobot::new(id, kwargs))),
        "CartPole-v0" => Some(boxed(CartPole::new(id, 200, kwargs))),
        "CartPole-v1" => Some(boxed(CartPole::new(id, 500, kwargs))),
        "MountainCar-v0" => Some(boxed(MountainCar::new(id, 200, kwargs))),
        "MountainCarContinuous-v0" => Some(boxed(MountainCarContinuous::new(id, kwargs))),
        "Pendulum-v1" => Some(boxed(Pendulum::new(id, kwargs))),
        _ => None,
    }
}

fn boxed<E: Environment + 'static>(made: Result<E, ArgumentError>) -> Result<Box<dyn Environment>, ArgumentError> {
    made.map(|environment| Box::new(environment) as Box<dyn Environment>)
}
