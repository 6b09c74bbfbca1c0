//! What is drawn: a kitchen as the family `overcooked` draws them, or a house to search.
mod hud;
mod ingredient;
mod kitchen;
mod rescue;

use palaestra_env::{Atlas, Scene};
use palaestra_kitchen::Grid;
use palaestra_kitchen::{painter, sprites};

use super::plan::Plan;
use super::thing::Scope;
use super::world::World;

pub(crate) use rescue::ARTWORK as RESCUE_ARTWORK;

/// What never changes about a picture.
pub(super) enum Stage {
    /// A kitchen's floor plan.
    Kitchen(Grid),
    /// A house, whose plan is drawn as it is.
    House,
}

impl Stage {
    pub(super) fn new(plan: &Plan) -> Self {
        match plan.scope {
            // A plan that is no kitchen's could not be drawn as one; none is registered.
            Scope::Kitchen | Scope::OpenKitchen => kitchen::grid(plan).map_or(Stage::House, Stage::Kitchen),
            Scope::Rescue => Stage::House,
        }
    }

    /// The picture's width over its height.
    pub(super) fn aspect(&self, plan: &Plan) -> f32 {
        match self {
            Stage::Kitchen(grid) => {
                let [width, height] = painter::size(grid);
                width / height
            }
            Stage::House => rescue::aspect(plan),
        }
    }

    /// Where the sprites come from.
    pub(super) fn atlas(&self) -> Atlas {
        match self {
            Stage::Kitchen(_) => sprites::atlas(),
            Stage::House => rescue::atlas(),
        }
    }

    /// Draws a world.
    pub(super) fn draw(&self, plan: &Plan, world: &World, scene: &mut Scene) {
        match self {
            Stage::Kitchen(grid) => kitchen::draw(plan, world, grid, scene),
            Stage::House => rescue::draw(plan, world, scene),
        }
    }
}
