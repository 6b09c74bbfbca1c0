//! What the agent sees and nothing else, turned so that it looks up.
use std::f32::consts::FRAC_PI_2;

use palaestra_env::Scene;
use palaestra_env::scene::Style;

use super::ending::Ending;
use super::layout::Camera;
use super::palette::{FLOOR, INK, ROCK};
use super::{id, sprites};
use crate::grid::Place;
use crate::object::Kind;
use crate::view::View;

/// Draws the view; the field behind is dark.
pub(super) fn draw(scene: &mut Scene, camera: &Camera, view: &View, ending: Ending) {
    let size = view.size();
    for row in 0..size {
        let colour =
            |column: usize| view.cell(column, row).map(|cell| if cell.kind == Kind::Wall { ROCK } else { FLOOR });
        let mut column = 0;
        while column < size {
            let run = (column..size).take_while(|next| colour(*next) == colour(column)).count();
            if let Some(colour) = colour(column) {
                let cells = [column as f32 - 0.006, row as f32 - 0.006, run as f32 + 0.012, 1.012];
                scene.rectangle(&Style::fill(colour), camera.rectangle(cells));
            }
            column += run;
        }
    }
    let at = |column: usize, row: usize| Place::new(column as i32, row as i32);
    for row in 0..size {
        for column in 0..size {
            let own = (column, row) == (size / 2, size - 1);
            let frame = view.cell(column, row).filter(|_| !own).and_then(sprites::cell);
            if let Some(frame) = frame {
                scene.sprite(&Style::fill(INK), frame, sprites::place(camera, at(column, row)), 0.0);
            }
        }
    }
    let place = sprites::place(camera, at(size / 2, size - 1));
    scene.sprite(&Style::fill(INK).id(id::AGENT), sprites::agent(ending), place, -FRAC_PI_2);
}
