//! The environments, a file each: the grids of `minigrid/envs/*.py` and what their steps add.
mod door_key;
mod dynamic_obstacles;
mod empty;
mod four_rooms;
mod given;
mod key_corridor;
mod lava_gap;
mod memory;
mod multi_room;
mod unlock;

use palaestra_env::{Arguments, Kwargs};

use super::grid::Place;
use given::Given;

pub(super) use given::Made;

/// The level registered under `id` with the arguments it is registered with, changed by those given; `None` for an id of
/// another family.
pub(super) fn make(id: &str, kwargs: &Kwargs) -> Option<Made> {
    let mut given = Given { arguments: Arguments::new(kwargs), kwargs };
    let from = &mut given;
    let corner = Some(Place::new(1, 1));
    let made = match id {
        "MiniGrid-Empty-8x8-v0" => empty::make(from, 8, corner),
        "MiniGrid-Empty-Random-6x6-v0" => empty::make(from, 6, None),
        "MiniGrid-DoorKey-8x8-v0" => door_key::make(from, 8),
        "MiniGrid-FourRooms-v0" => four_rooms::make(from),
        // Not four: the reference keeps this id as it was first registered, and has `-v1` for what its name says.
        "MiniGrid-MultiRoom-N4-S5-v0" => multi_room::make(from, 6, 5),
        "MiniGrid-MultiRoom-N4-S5-v1" => multi_room::make(from, 4, 5),
        "MiniGrid-LavaGapS7-v0" => lava_gap::make(from, 7),
        "MiniGrid-KeyCorridorS3R2-v0" => key_corridor::make(from, 3, 2),
        "MiniGrid-Unlock-v0" => unlock::make(from),
        "MiniGrid-Dynamic-Obstacles-8x8-v0" => dynamic_obstacles::make(from, 8, 4),
        "MiniGrid-MemoryS9-v0" => memory::make(from, 9),
        _ => return None,
    };
    Some(made.and_then(|made| given.arguments.finish().map(|()| made)))
}
