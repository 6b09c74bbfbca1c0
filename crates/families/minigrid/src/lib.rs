//! MiniGrid's grid worlds, after minigrid 3.2.0 (Farama Foundation).
//!
//! The agent turns, walks and handles what is in front of it, and sees only what lies before it. Observation: `image`, uint8 of
//! shape (7, 7, 3), the cells in view column by column as object, colour and state, the agent at the middle of the last row
//! looking towards the first; `direction`, 0 right, 1 down, 2 left, 3 up; `mission`, a sentence. Reward: 0, and on success
//! 1 − 0.9 · steps / `max_steps`.
//!
//! | number | action |
//! |---|---|
//! | 0, 1 | turn left, right |
//! | 2 | walk forward |
//! | 3, 4 | pick up, drop |
//! | 5 | toggle: open, close, unlock |
//! | 6 | done: nothing |
//!
//! | id | arguments beside those of all | `max_steps` |
//! |---|---|---|
//! | `MiniGrid-Empty-8x8-v0`, `-Empty-Random-6x6-v0` | `size`, `agent_start_pos` (null: anywhere), `agent_start_dir` | 4 · size² |
//! | `MiniGrid-DoorKey-8x8-v0` | `size`, `see_through_walls` | 10 · size² |
//! | `MiniGrid-FourRooms-v0` | `agent_pos`, `goal_pos`, `see_through_walls` | 100 |
//! | `MiniGrid-MultiRoom-N4-S5-v0` (six rooms), `-v1` (four) | `minNumRooms`, `maxNumRooms`, `maxRoomSize`, `width`, `height`, `see_through_walls` | 20 · maxNumRooms |
//! | `MiniGrid-LavaGapS7-v0` | `size`, `obstacle_type` (lava or wall) | 4 · size² |
//! | `MiniGrid-KeyCorridorS3R2-v0` | `room_size`, `num_rows`, `obj_type` (ball, box or key) | 30 · room_size² |
//! | `MiniGrid-Unlock-v0` | | 288 |
//! | `MiniGrid-Dynamic-Obstacles-8x8-v0`, actions 0 to 2; −1 for a collision | `size`, `agent_start_pos`, `agent_start_dir`, `n_obstacles` | 4 · size² |
//! | `MiniGrid-MemoryS9-v0` | `size` (odd), `random_length` | 5 · size² |
//!
//! All take `max_steps`, `agent_view_size` (odd), and for what is drawn `agent_pov` and `highlight`.
//!
//! | file | what it holds |
//! |---|---|
//! | `entries` | the catalog: titles, keys, arguments |
//! | `object`, `grid` | what a cell can hold; cells in rows |
//! | `world` | what changes during play, and one step |
//! | `view` | what the agent sees |
//! | `mission` | what it is told to do |
//! | `placement`, `rooms` | building levels at random |
//! | `level`, `levels` | what makes one environment different from another; the environments, a file each |
//! | `save` | a world as bytes |
//! | `scene` | what is drawn |
//! | `environment` | all of it behind [`Environment`] |
//!
//! As in the reference, a step beyond the end of an episode is allowed.
#![forbid(unsafe_code)]

mod entries;
mod environment;
mod expert;
mod grid;
mod level;
mod levels;
mod manual;
mod mission;
mod object;
mod placement;
mod rooms;
mod save;
mod scene;
mod view;
mod world;

use palaestra_env::catalog::Family;
use palaestra_env::{ArgumentError, Environment, Kwargs};

/// The family.
pub const FAMILY: Family =
    Family { name: "minigrid", title: "MiniGrid", entries: entries::ENTRIES, make, artwork: &[scene::ARTWORK] };

/// Makes an environment; `None` for an id of another family.
fn make(id: &str, kwargs: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
    let made = levels::make(id, kwargs)?;
    Some(made.map(|(setup, level)| Box::new(environment::MiniGrid::new(id, setup, level)) as Box<dyn Environment>))
}
