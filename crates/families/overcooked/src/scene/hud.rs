//! The strip above the kitchen: the orders as tickets, the score, and the time that is left.
use palaestra_env::Colour;
use palaestra_env::scene::Align;
use palaestra_kitchen::hud::{TICKET_HEIGHT, rail, sign};
use palaestra_kitchen::painter::Painter;
use palaestra_kitchen::sprites::STAR;
use palaestra_kitchen::{INK, PAPER};
use palaestra_text::Decimal;

use super::sprites;
use crate::kitchen::Kitchen;
use crate::recipe::Recipe;
use crate::state::State;

/// Parts of a ticket at full size.
const ICON: f32 = 0.3;
/// More orders than this are not shown.
const MOST_TICKETS: usize = 16;
const MOST_ROWS: u8 = 3;

pub(super) fn draw(kitchen: &Kitchen, state: &State, painter: &mut Painter<'_>) {
    let left = 1.0 - state.timestep as f32 / kitchen.horizon as f32;
    let room = rail(kitchen.grid.width(), state.score, left, painter);
    tickets(kitchen, [room[0], room[1]], room[2], painter);
}

/// As large as they can be in one, two or three rows.
fn tickets(kitchen: &Kitchen, [x, y]: [f32; 2], room: f32, painter: &mut Painter<'_>) {
    const GAP: f32 = 0.1;
    let orders = kitchen.book.orders();
    let orders = orders.get(..MOST_TICKETS).unwrap_or(orders);
    let total: f32 = orders.iter().map(|order| ticket_width(*order) + GAP).sum();
    let widest = orders.iter().map(|order| ticket_width(*order) + GAP).fold(0.0, f32::max);
    let fitting = |rows: u8| {
        // A row may end with as much free space as the widest ticket needs.
        let needed = if rows == 1 { total } else { total / f32::from(rows) + widest };
        (room / needed.max(0.1)).min(1.0 / f32::from(rows))
    };
    let scale = (1..=MOST_ROWS).map(fitting).fold(0.0, f32::max);
    let (mut across, mut down) = (0.0, 0.0);
    for order in orders {
        let width = ticket_width(*order) * scale;
        if across > 0.0 && across + width > room {
            (across, down) = (0.0, down + (TICKET_HEIGHT + GAP / 2.0) * scale);
        }
        ticket(kitchen, *order, [x + across, y + down], scale, painter);
        across += width + GAP * scale;
    }
}

fn ticket_width(order: Recipe) -> f32 {
    (0.1 + order.len() as f32 * (ICON - 0.02)).max(0.78)
}

fn ticket(kitchen: &Kitchen, order: Recipe, [x, y]: [f32; 2], scale: f32, painter: &mut Painter<'_>) {
    let width = ticket_width(order) * scale;
    painter.rounded(&sign(PAPER), [x, y, width, TICKET_HEIGHT * scale], 0.08 * scale);
    let step = (ICON - 0.02) * scale;
    let first = x + width / 2.0 - step * (order.len() as f32 - 1.0) / 2.0;
    for (index, ingredient) in order.ingredients().enumerate() {
        let at = [first + step * index as f32, y + 0.2 * scale];
        painter.sprite(&sign(Colour::WHITE), sprites::ingredient(ingredient), at, ICON * scale);
    }
    let bonus = kitchen.book.bonus().contains(&order);
    let line = y + 0.48 * scale;
    let value = x + width / 2.0 + if bonus { 0.11 * scale } else { 0.0 };
    painter.text(
        &sign(INK),
        [value, line],
        0.24 * scale,
        Align::Centre,
        format_args!("{}", Decimal(kitchen.book.delivery(order))),
    );
    if bonus {
        painter.sprite(&sign(Colour::WHITE), STAR, [value - 0.28 * scale, line - 0.01 * scale], 0.23 * scale);
    }
}
