//! Level-based foraging after lbforaging 2.0.0 (F. Christianos, G. Papoudakis): players on a grid lift food. Food has a level, and gives
//! way only when the levels of those who lift it at the same time add up to that.
//!
//! | what | how |
//! |---|---|
//! | ids | `Foraging-8x8-3p-4f-v3` and its kind: 5 to 19 rows and columns, 2 to 9 players, 1 to 4 food; `Foraging-2s-…`: a player sees two cells far; `…-coop-v3`: food takes the three weakest together. All 1,920 that the package registers |
//! | agents | `agent_0`, …, one a player |
//! | actions | Discrete(6): nothing, north, south, west, east, load |
//! | observations | float32s: row, column and level of each food, then of oneself, then of the others; −1, −1, 0 for what is not seen |
//! | rewards | of food that was lifted: its level times one's own, over the levels of all who lifted and of all food there was |
//! | ends | terminated when there is no food left, or after 50 steps |
//!
//! A page lists some of the ids; any of the others is one of these with other arguments.
//!
//! | argument | default |
//! |---|---|
//! | `players`, `max_num_food`, `field_size` (`[rows, columns]`), `sight`, `force_coop` | by the id |
//! | `min_player_level`, `max_player_level` | 1, 2: a number, or a list of one a player |
//! | `min_food_level`, `max_food_level` | 1, null (what the three weakest can share): a number, or a list of one a food |
//! | `max_episode_steps` | null; a number: an episode is truncated after so many steps, as `gymnasium.make` takes it for itself |
//! | `normalize_reward` | true; false: its level times one's own |
//! | `observe_agent_levels` | true; false: players are two numbers |
//! | `penalty` | 0: what a vain attempt to lift costs |
//!
//! A new game begins where the last one ended: a player cannot be put on a cell where another stands who has not been put elsewhere yet,
//! even if the seed is given anew. So it is there; a fresh environment has no last game.
//!
//! `grid_observation` can only be false: the package describes it with a space that Gymnasium 1 refuses. A field that is no square must
//! have a short sight, since the package has the bounds of rows and columns in each other's place and fails beyond them.
#![forbid(unsafe_code)]

mod arguments;
mod entries;
mod environment;
mod expert;
mod field;
mod manual;
mod observe;
mod scene;

use palaestra_env::catalog::Family;
use palaestra_env::{ArgumentError, Environment, Kwargs};

use arguments::Registered;
use environment::Foraging;

/// The family.
pub const FAMILY: Family =
    Family { name: "lbforaging", title: "Level-based foraging", entries: entries::ENTRIES, make, artwork: &[] };

/// Makes an environment; `None` for an id of another family.
fn make(id: &str, kwargs: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
    let registered = Registered::read(id)?;
    Some(Foraging::new(id, registered, kwargs).map(|made| Box::new(made) as Box<dyn Environment>))
}
