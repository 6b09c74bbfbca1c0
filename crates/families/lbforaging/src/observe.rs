//! What a player sees: the food and the players around it, as rows, columns and levels.
use palaestra_env::{BoxSpace, DType, Space, ValueWriter};

use super::arguments::Settings;
use super::field::{Cell, Field};

/// Of food, and of a player whose level is seen.
const NUMBERS: usize = 3;

/// The space of what a player sees, with the reference's bounds.
pub(crate) fn space(settings: &Settings) -> Space {
    let far = [(settings.columns - 1) as f64, (settings.rows - 1) as f64];
    let of_player = if settings.levels_seen { NUMBERS } else { NUMBERS - 1 };
    let (mut low, mut high) = (Vec::new(), Vec::new());
    for _ in 0..settings.food {
        low.extend([-1.0, -1.0, 0.0]);
        high.extend([far[0], far[1], settings.highest[1] as f64]);
    }
    for _ in 0..settings.players {
        low.extend([-1.0, -1.0, 0.0].iter().take(of_player));
        high.extend([far[0], far[1], settings.highest[0] as f64].iter().take(of_player));
    }
    Space::Box(BoxSpace::vector(&low, &high, DType::Float32))
}

/// Writes what a player sees.
pub(crate) fn write(settings: &Settings, field: &Field, player: usize, out: &mut ValueWriter) {
    let middle = field.players[player].cell;
    let mut lacking = settings.food;
    for food in &field.food {
        let near = (0..2).all(|axis| food.cell[axis].abs_diff(middle[axis]) <= settings.sight);
        if let Some([row, column]) = seen_from(settings, middle, food.cell).filter(|_| near && lacking > 0) {
            out.f32s(&[row, column, food.level as f32]);
            lacking -= 1;
        }
    }
    (0..lacking).for_each(|_| out.f32s(&[-1.0, -1.0, 0.0]));
    // Oneself comes first.
    let others = (0..settings.players).filter(|other| *other != player);
    let mut lacking = settings.players;
    for other in std::iter::once(player).chain(others) {
        let other = field.players[other];
        if let Some([row, column]) = seen_from(settings, middle, other.cell) {
            numbers(settings, [row, column, other.level as f32], out);
            lacking -= 1;
        }
    }
    (0..lacking).for_each(|_| numbers(settings, [-1.0, -1.0, 0.0], out));
}

fn numbers(settings: &Settings, numbers: [f32; NUMBERS], out: &mut ValueWriter) {
    out.f32s(if settings.levels_seen { &numbers } else { &numbers[..NUMBERS - 1] });
}

/// A cell as counted from the corner of what is seen. Near the upper and left edges that is the field's own corner, and there
/// players are seen who are further away than the sight reaches, as in the reference.
fn seen_from(settings: &Settings, middle: Cell, cell: Cell) -> Option<[f32; 2]> {
    let mut seen = [0.0; 2];
    for axis in 0..2 {
        let from = middle[axis] - settings.sight.min(middle[axis]);
        let place = cell[axis].checked_sub(from).filter(|place| *place <= 2 * settings.sight)?;
        seen[axis] = place as f32;
    }
    Some(seen)
}
