//! The picture, put together.
use std::f32::consts::FRAC_PI_2;

use palaestra_env::Scene;
use palaestra_env::scene::Style;

use super::ending::Ending;
use super::ground::Ground;
use super::layout::{Camera, Layout};
use super::palette::{DARK, INK, PAPER, ROCK};
use super::{hud, id, light, pov, sprites};
use crate::grid::{Direction, Place};
use crate::level::Setup;
use crate::object::{Cell, Kind, Latch};
use crate::view::View;
use crate::world::World;

/// What an episode's scenes have in common.
pub(crate) struct Stage {
    layout: Layout,
    ground: Ground,
    /// Absent until the level is first drawn.
    camera: Option<Camera>,
}

impl Stage {
    pub(crate) fn new(setup: &Setup) -> Self {
        let size = setup.view_size as i32;
        let (columns, rows) = if setup.agent_pov { (size, size) } else { (setup.width, setup.height) };
        let ground = Ground::new(setup.width, setup.height);
        Self { layout: Layout::new(columns, rows), ground, camera: None }
    }

    /// Width over height.
    pub(crate) fn aspect(&self) -> f32 {
        self.layout.aspect()
    }

    /// The level has changed: everything is to be looked at anew.
    pub(crate) fn forget(&mut self) {
        self.camera = None;
    }

    /// Draws one moment.
    pub(crate) fn draw(
        &mut self,
        scene: &mut Scene,
        setup: &Setup,
        world: &World,
        view: &View,
        mission: &str,
        ending: Ending,
    ) {
        scene.background(PAPER);
        let top = self.layout.field_top();
        let rock = if setup.agent_pov { DARK } else { ROCK };
        scene.rectangle(&Style::fill(rock), [0.0, top, 1.0, 1.0 - top]);
        if setup.agent_pov {
            let size = view.size() as i32;
            pov::draw(scene, &self.layout.camera([0, 0, size, size]), view, ending);
        } else {
            let camera = *self.camera.get_or_insert_with(|| self.layout.camera(self.ground.survey(world)));
            self.ground.draw_floor(scene, &camera);
            if setup.highlight {
                light::draw(scene, &camera, &self.ground, world, view);
            }
            self.ground.draw_rock(scene, &camera);
            things(scene, &camera, world);
            agent(scene, &camera, world, ending);
        }
        hud::strip(scene, &self.layout, setup, world, mission);
        hud::verdict(scene, &self.layout, setup, world, ending);
    }
}

fn things(scene: &mut Scene, camera: &Camera, world: &World) {
    for y in 0..world.grid.height() {
        for (x, cell) in (0..).zip(world.grid.row(y)) {
            thing(scene, camera, world, Place::new(x, y), *cell);
        }
    }
}

fn thing(scene: &mut Scene, camera: &Camera, world: &World, place: Place, cell: Cell) {
    let Some(frame) = sprites::cell(cell) else { return };
    let across = world.grid.get(place.ahead(Direction::Left, 1)).kind == Kind::Wall;
    // An open door's leaf stands in the way that leads through, which in a wall from left to right is up and down.
    let turned = cell.kind == Kind::Door && cell.latch == Latch::Open && across;
    let angle = if turned { FRAC_PI_2 } else { 0.0 };
    scene.sprite(&Style::fill(INK).id(id::object(cell)), frame, sprites::place(camera, place), angle);
}

fn agent(scene: &mut Scene, camera: &Camera, world: &World, ending: Ending) {
    let place = sprites::place(camera, world.agent);
    let angle = FRAC_PI_2 * f32::from(world.direction as u8);
    scene.sprite(&Style::fill(INK).id(id::AGENT), sprites::agent(ending), place, angle);
}
