//! Gymnasium's toy text environments, after gymnasium 1.4.0.
//!
//! | id | actions | observation | reward | ends |
//! |---|---|---|---|---|
//! | `FrozenLake-v1`, `FrozenLake8x8-v1` | 0 left, 1 down, 2 right, 3 up | the cell, in reading order | by `reward_schedule` | in a hole, at the goal; 100 steps (8x8: 200) |
//! | `CliffWalking-v1`, `CliffWalkingSlippery-v1` | 0 up, 1 right, 2 down, 3 left | the cell, of 4 by 12 | −1, over the cliff −100 and back to the start | at the goal |
//! | `Taxi-v4` | 0 south, 1 north, 2 east, 3 west, 4 pick up, 5 drop off | `((row·5 + column)·5 + passenger)·4 + destination` | −1, delivered 20, in vain −10 | delivered; 200 steps |
//! | `Blackjack-v1` | 0 stick, 1 hit | player's sum, dealer's card, usable ace | won 1 (natural 1.5), lost −1 | stuck, bust |
//!
//! | argument | of | default |
//! |---|---|---|
//! | `desc`, `map_name` | FrozenLake | the map: rows of S, F, H, G; or `4x4` or `8x8`; with `null` for a name a random one, always the same |
//! | `is_slippery`, `success_rate`, `reward_schedule` | FrozenLake | true, 1/3, `[1, 0, 0]`: goal, hole, ice |
//! | `is_slippery` | CliffWalking | false, of the slippery one true |
//! | `is_rainy`, `rainy_probability`, `fickle_passenger`, `fickle_probability` | Taxi | false, 0.8, false, 0.3 |
//! | `natural`, `sab` | Blackjack | false, true |
//!
//! `info` has `prob`, how likely the step was, and of Taxi `action_mask`; of Blackjack nothing. As in the reference a step beyond
//! the end of an episode is allowed.
#![forbid(unsafe_code)]

mod arguments;
mod blackjack;
mod blackjack_scene;
mod board_scene;
mod card_scene;
mod chance;
mod cliff;
mod cliff_walking;
mod cliff_walking_scene;
mod entries;
mod expert;
mod frozen_lake;
mod frozen_lake_scene;
mod grid;
mod hand;
mod hud;
mod info;
mod lake;
mod manual;
mod table;
mod taxi;
mod taxi_scene;
mod taxi_slip;
mod taxi_view;
mod town;
mod walk;
mod walker_scene;

use palaestra_env::catalog::Family;
use palaestra_env::{ArgumentError, Environment, Kwargs};

use blackjack::Blackjack;
use cliff_walking::CliffWalking;
use frozen_lake::FrozenLake;
use taxi::Taxi;

/// The family.
pub const FAMILY: Family =
    Family { name: "toy_text", title: "Toy text", entries: entries::ENTRIES, make, artwork: &[] };

/// Makes an environment; `None` for an id of another family.
fn make(id: &str, kwargs: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
    match id {
        "Blackjack-v1" => Some(boxed(Blackjack::new(id, kwargs))),
        "CliffWalking-v1" => Some(boxed(CliffWalking::new(id, false, kwargs))),
        "CliffWalkingSlippery-v1" => Some(boxed(CliffWalking::new(id, true, kwargs))),
        "FrozenLake-v1" => Some(boxed(FrozenLake::new(id, "4x4", 100, kwargs))),
        "FrozenLake8x8-v1" => Some(boxed(FrozenLake::new(id, "8x8", 200, kwargs))),
        "Taxi-v4" => Some(boxed(Taxi::new(id, kwargs))),
        _ => None,
    }
}

fn boxed<E: Environment + 'static>(made: Result<E, ArgumentError>) -> Result<Box<dyn Environment>, ArgumentError> {
    made.map(|environment| Box::new(environment) as Box<dyn Environment>)
}
