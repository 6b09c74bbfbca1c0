//! Foragers who agree on food and wait for each other. Who can lift something alone takes the nearest of it; all others go to the food
//! that takes the fewest steps of all of them together, and lift when enough of them stand beside it.
use palaestra_env::Advice;

use super::arguments::Settings;
use super::field::{Cell, Field, Food};

const NONE: i64 = 0;
const LOAD: i64 = 5;
/// North, south, west, east.
const WAYS: [[isize; 2]; 4] = [[-1, 0], [1, 0], [0, -1], [0, 1]];
/// How often somebody takes any other way: two who stand in each other's part.
const ASTRAY: f64 = 0.1;

fn steps(from: Cell, to: Cell) -> usize {
    from[0].abs_diff(to[0]) + from[1].abs_diff(to[1])
}

/// The food that a player goes to.
fn target(field: &Field, player: usize) -> Option<Food> {
    let own = field.players.get(player)?;
    let alone = field.food.iter().filter(|food| food.level <= own.level).min_by_key(|food| steps(own.cell, food.cell));
    let together: i64 = field.players.iter().map(|player| player.level).sum();
    let of_all = |food: &&Food| field.players.iter().map(|player| steps(player.cell, food.cell)).sum::<usize>();
    alone.or_else(|| field.food.iter().filter(|food| food.level <= together).min_by_key(of_all)).copied()
}

/// What a player does next.
#[inline(never)]
pub(super) fn errand(field: &Field, settings: &Settings, advice: &mut Advice<'_>) {
    let player = advice.agent;
    let (Some(own), Some(food)) = (field.players.get(player), target(field, player)) else {
        return advice.discrete(NONE);
    };
    if steps(own.cell, food.cell) == 1 {
        let beside = field.players.iter().filter(|other| steps(other.cell, food.cell) == 1);
        let enough = beside.map(|other| other.level).sum::<i64>() >= food.level;
        return advice.discrete(if enough { LOAD } else { NONE });
    }
    let after = |way: [isize; 2]| {
        let cell = [own.cell[0].checked_add_signed(way[0])?, own.cell[1].checked_add_signed(way[1])?];
        let inside = cell[0] < settings.rows && cell[1] < settings.columns;
        let free = field.level_at(cell) == 0 && field.players.iter().all(|other| other.cell != cell);
        (inside && free).then_some(cell)
    };
    let now = steps(own.cell, food.cell);
    let astray = advice.happens(ASTRAY);
    let (mut chosen, mut count) = (None, 0);
    for (number, way) in WAYS.into_iter().enumerate() {
        if after(way).is_some_and(|cell| astray || steps(cell, food.cell) < now) {
            count += 1;
            if advice.below(count) == 0 {
                chosen = Some(number as i64 + 1);
            }
        }
    }
    // Somebody or something stands in every way: round it.
    if chosen.is_none() {
        chosen = Some(advice.below(WAYS.len()) as i64 + 1);
    }
    advice.discrete(chosen.unwrap_or(NONE));
}
