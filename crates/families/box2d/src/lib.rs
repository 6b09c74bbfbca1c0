//! Gymnasium's Box2D environments, after gymnasium 1.4.0 with Box2D 2.3.10.
//!
//! | id | actions | observation (float32) | reward | ends |
//! |---|---|---|---|---|
//! | `LunarLander-v3` | 0 none, 1 left engine, 2 main engine, 3 right engine | place (2), velocity (2), angle, angular velocity, either leg on the ground | nearer, slower and more upright than before, less fuel; −100 for a crash or for leaving, +100 at rest | crash, beyond the sides, at rest; 1000 steps |
//! | `LunarLanderContinuous-v3` | two float32 from −1 to 1: main engine above 0, side engines beyond ±0.5 | the same | the same | the same |
//!
//! | argument | default |
//! |---|---|
//! | `continuous` | false; of `LunarLanderContinuous-v3` true |
//! | `gravity` | −10; between −12 and 0, both left out. With less than that a lander can rise beyond the 2.5 that its space says, as in the reference |
//! | `enable_wind` | false |
//! | `wind_power` | 15: the greatest force |
//! | `turbulence_power` | 1.5: the greatest torque |
//!
//! No reset options; `info` is empty. The reference's exhaust, which is a body in its world, exists only where something is
//! rendered and has no part in the game; here it is drawn only. As in the reference, a step beyond the end of an episode is
//! allowed. Physics: `palaestra-physics2d`.
#![forbid(unsafe_code)]

mod arguments;
mod craft;
mod engines;
mod entries;
mod expert;
mod lunar_lander;
mod lunar_scene;
mod manual;
mod saved_world;
mod wind;

use palaestra_env::catalog::Family;
use palaestra_env::{ArgumentError, Environment, Kwargs};

use lunar_lander::LunarLander;

/// The family.
pub const FAMILY: Family = Family { name: "box2d", title: "Box2D", entries: entries::ENTRIES, make, artwork: &[] };

/// Makes an environment; `None` for an id of another family.
fn make(id: &str, kwargs: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
    let continuous = match id {
        "LunarLander-v3" => false,
        "LunarLanderContinuous-v3" => true,
        _ => return None,
    };
    let made = LunarLander::new(id, continuous, kwargs);
    Some(made.map(|environment| Box::new(environment) as Box<dyn Environment>))
}
