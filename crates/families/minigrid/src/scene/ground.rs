//! The ground of a level, found once an episode: floor with thin lines between its cells, and over it the rock that is no floor,
//! in as few rectangles as will do.
use palaestra_env::Scene;
use palaestra_env::scene::Style;

use super::layout::Camera;
use super::palette::{FLOOR, INK, ROCK};
use crate::grid::{Direction, Place};
use crate::object::Kind;
use crate::world::World;

/// How far rock reaches over its neighbours, in cells: without that a hair's breadth of floor would show between two pieces.
const OVERLAP: f32 = 0.04;
/// How deep a wall's shadow lies on the floor below it.
const SHADOW: f32 = 0.13;

/// Left, top, columns and rows.
type Rectangle = [i32; 4];

/// Floor and rock, found by [`Ground::survey`]. The memory is kept from level to level.
#[derive(Clone, Debug)]
pub(super) struct Ground {
    columns: i32,
    /// Row by row, whether the agent could ever get there: all that is no wall and not beyond walls.
    floor: Vec<bool>,
    /// Row by row, whether a cell is in a rectangle already.
    taken: Vec<bool>,
    /// Places still to be looked at.
    queue: Vec<Place>,
    /// The floor and the walls around it.
    bounds: Rectangle,
    rock: Vec<Rectangle>,
    shadows: Vec<Rectangle>,
    /// Corners of a line to be drawn.
    path: Vec<f32>,
}

impl Ground {
    pub(super) fn new(columns: i32, rows: i32) -> Self {
        let cells = (columns * rows) as usize;
        Self {
            columns,
            floor: vec![false; cells],
            taken: vec![false; cells],
            // A cell is put there once from each side.
            queue: Vec::with_capacity(4 * cells),
            bounds: [0; 4],
            rock: Vec::with_capacity(cells),
            shadows: Vec::with_capacity(cells),
            path: Vec::with_capacity(4 * columns.max(rows) as usize),
        }
    }

    fn index(&self, place: Place) -> usize {
        (place.y * self.columns + place.x) as usize
    }

    fn is_floor(&self, x: i32, y: i32) -> bool {
        let index = self.index(Place::new(x, y));
        (0..self.columns).contains(&x) && y >= 0 && self.floor.get(index).is_some_and(|it| *it)
    }

    /// Finds the floor around the agent, and gives the part of the grid that holds it and its walls.
    pub(super) fn survey(&mut self, world: &World) -> Rectangle {
        self.flood(world);
        self.shade(world.grid.height());
        self.cut();
        self.bounds
    }

    /// Whether a place lies within the walls around all of the floor.
    pub(super) fn surrounds(&self, Place { x, y }: Place) -> bool {
        let [left, top, columns, rows] = self.bounds;
        (left + 1..left + columns - 1).contains(&x) && (top + 1..top + rows - 1).contains(&y)
    }

    fn flood(&mut self, world: &World) {
        self.floor.fill(false);
        self.queue.clear();
        self.queue.push(world.agent);
        let mut corners = [world.agent.x, world.agent.y, world.agent.x, world.agent.y];
        while let Some(place) = self.queue.pop() {
            let Place { x, y } = place;
            if world.grid.contains(place) && !self.is_floor(x, y) && world.grid.get(place).kind != Kind::Wall {
                let index = self.index(place);
                self.floor.iter_mut().skip(index).take(1).for_each(|it| *it = true);
                self.queue.extend((0..4).map(|side| place.ahead(Direction::from_i64(side), 1)));
                let [left, top, right, bottom] = corners;
                corners = [left.min(x), top.min(y), right.max(x), bottom.max(y)];
            }
        }
        let [left, top, right, bottom] = corners;
        self.bounds = [left - 1, top - 1, right - left + 3, bottom - top + 3];
    }

    /// Finds where walls throw a shadow: on floor that has none above it.
    fn shade(&mut self, height: i32) {
        self.shadows.clear();
        for y in 0..height {
            let mut length = 0;
            for x in 0..=self.columns {
                if self.is_floor(x, y) && !self.is_floor(x, y - 1) {
                    length += 1;
                } else if length > 0 {
                    self.shadows.push([x - length, y, length, 1]);
                    length = 0;
                }
            }
        }
    }

    /// Cuts the rock within the bounds into rectangles: each as wide as it can be, then as deep as it can be at that width.
    fn cut(&mut self) {
        let [left, top, columns, rows] = self.bounds;
        let (right, bottom) = (left + columns, top + rows);
        self.rock.clear();
        self.taken.fill(false);
        for y in top..bottom {
            let mut x = left;
            while x < right {
                let width = (x..right).take_while(|x| self.is_left(*x, y)).count() as i32;
                if width > 0 {
                    let whole = |y: &i32| (x..x + width).all(|x| self.is_left(x, *y));
                    let depth = (y..bottom).take_while(whole).count() as i32;
                    (y..y + depth).for_each(|y| self.take(x, y, width));
                    self.rock.push([x, y, width, depth]);
                }
                x += width.max(1);
            }
        }
    }

    /// Whether a cell is rock in no rectangle yet.
    fn is_left(&self, x: i32, y: i32) -> bool {
        !self.is_floor(x, y) && !self.taken.get(self.index(Place::new(x, y))).is_some_and(|it| *it)
    }

    fn take(&mut self, x: i32, y: i32, width: i32) {
        let start = self.index(Place::new(x, y));
        self.taken.iter_mut().skip(start).take(width as usize).for_each(|it| *it = true);
    }

    /// Draws the floor, with what lies beneath the rock.
    pub(super) fn draw_floor(&mut self, scene: &mut Scene, camera: &Camera) {
        // The outermost cells are rock: nothing of the floor may show at their outer edge.
        let [x, y, columns, rows] = self.bounds.map(|number| number as f32);
        let inner = [x + 0.5, y + 0.5, columns - 1.0, rows - 1.0];
        scene.rectangle(&Style::fill(FLOOR), camera.rectangle(inner));
        let thin = Style::stroke(INK.alpha(30), camera.length(0.03));
        let ends = |end: bool, from: f32, length: f32| if end { from + length } else { from };
        zigzag(&mut self.path, self.bounds[2], |step, end| [x + step, ends(end, inner[1], inner[3])], camera);
        scene.polygon(&thin, &self.path);
        zigzag(&mut self.path, self.bounds[3], |step, end| [ends(end, inner[0], inner[2]), y + step], camera);
        scene.polygon(&thin, &self.path);
    }

    /// Draws the rock, and its shadow on the floor.
    pub(super) fn draw_rock(&self, scene: &mut Scene, camera: &Camera) {
        for shadow in &self.shadows {
            let [x, y, columns, _] = shadow.map(|number| number as f32);
            scene.rectangle(&Style::fill(INK.alpha(60)), camera.rectangle([x, y, columns, SHADOW]));
        }
        let [left, top, all_columns, all_rows] = self.bounds;
        for [x, y, columns, rows] in self.rock.iter().copied() {
            // Not beyond the bounds, where there may be no field any more.
            let from = |start: i32, edge: i32| if start > edge { start as f32 - OVERLAP } else { start as f32 };
            let to = |end: i32, edge: i32| if end < edge { end as f32 + OVERLAP } else { end as f32 };
            let (x_from, y_from) = (from(x, left), from(y, top));
            let (x_to, y_to) = (to(x + columns, left + all_columns), to(y + rows, top + all_rows));
            let place = camera.rectangle([x_from, y_from, x_to - x_from, y_to - y_from]);
            scene.rectangle(&Style::fill(ROCK), place);
        }
    }
}

/// One line that goes to and fro between two sides of a rectangle, along all edges of cells inside it.
fn zigzag(path: &mut Vec<f32>, cells: i32, corner: impl Fn(f32, bool) -> [f32; 2], camera: &Camera) {
    path.clear();
    for step in 1..cells {
        for end in [step % 2 == 0, step % 2 == 1] {
            path.extend(camera.point(corner(step as f32, end)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Grid;
    use crate::object::Cell;

    fn world(rows: &[&str]) -> World {
        let mut grid = Grid::new(rows[0].len() as i32, rows.len() as i32, 6);
        for (y, row) in (0..).zip(rows) {
            for (x, letter) in (0..).zip(row.chars()) {
                grid.set(Place::new(x, y), if letter == '#' { Cell::WALL } else { Cell::EMPTY });
            }
        }
        let mut world = World::new(grid, 1);
        world.agent = Place::new(1, 1);
        world
    }

    #[test]
    fn what_lies_beyond_walls_is_no_floor_and_the_rest_is_rock_once() {
        let world = world(&["#######..", "#..#..#..", "#.....#..", "#..#..#..", "#######.."]);
        let mut ground = Ground::new(9, 5);
        assert_eq!(ground.survey(&world), [0, 0, 7, 5]);
        let area: i32 = ground.rock.iter().map(|[_, _, columns, rows]| columns * rows).sum();
        assert_eq!(area, 7 * 5 - 13);
        assert_eq!(ground.rock.len(), 7, "{:?}", ground.rock);
        assert_eq!(ground.shadows, [[1, 1, 2, 1], [4, 1, 2, 1], [3, 2, 1, 1]]);
    }

    #[test]
    fn a_survey_forgets_the_one_before() {
        let mut ground = Ground::new(5, 5);
        ground.survey(&world(&["#####", "#...#", "#...#", "#...#", "#####"]));
        assert_eq!(ground.survey(&world(&["#####", "#...#", "#####", "#...#", "#####"])), [0, 0, 5, 3]);
        assert_eq!(ground.shadows, [[1, 1, 3, 1]]);
    }
}
