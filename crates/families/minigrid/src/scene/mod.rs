//! What a grid world looks like: floor cut into rock, what the agent sees in the light, and the mission above.
mod ending;
mod ground;
mod hud;
mod id;
mod layout;
mod light;
mod palette;
mod pov;
mod sprites;
mod stage;

pub(super) use ending::Ending;
pub(super) use sprites::{ARTWORK, atlas};
pub(super) use stage::Stage;
