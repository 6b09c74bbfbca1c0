//! The strip above the kitchen: the orders as tickets, the score, and the time that is left.
use palaestra_env::scene::{Align, Style};
use palaestra_env::{Colour, Decimal};

use super::painter::{Painter, corner};
use super::{INK, PAPER, SIGNS, sprites};
use crate::overcooked::grid::Position;
use crate::overcooked::kitchen::Kitchen;
use crate::overcooked::recipe::Recipe;
use crate::overcooked::state::State;

const RAIL: Colour = Colour::rgb(0x6b4636);
const TROUGH: Colour = Colour::rgb(0x4b2e2a);
const PLENTY: Colour = Colour::rgb(0x7cc576);
const LITTLE: Colour = Colour::rgb(0xf6c64f);
const HARDLY_ANY: Colour = Colour::rgb(0xef6a4e);

const TOP: f32 = 0.16;
const HEIGHT: f32 = 0.84;
const PADDING: f32 = 0.1;

/// A ticket at full size.
const TICKET_HEIGHT: f32 = HEIGHT - 2.0 * PADDING;
const ICON: f32 = 0.3;
/// More orders than this are not shown.
const MOST_TICKETS: usize = 16;
const MOST_ROWS: u8 = 3;

pub(super) fn draw(kitchen: &Kitchen, state: &State, painter: &mut Painter<'_>) {
    let left = 1.0 - state.timestep as f32 / kitchen.horizon as f32;
    let room = rail(kitchen.grid.width(), state.score, left, painter);
    tickets(kitchen, [room[0], room[1]], room[2], painter);
}

fn sign(colour: Colour) -> Style {
    Style::fill(colour).depth(SIGNS)
}

/// The rail over a kitchen `width` cells wide, with the score and the share of time that is left; gives the free space on it:
/// left, top, width and height.
pub(crate) fn rail(width: u8, score: f64, left: f32, painter: &mut Painter<'_>) -> [f32; 4] {
    let width = f32::from(width);
    let [x, _] = corner(Position { x: 0, y: 0 });
    painter.rounded(&sign(RAIL), [x, TOP, width, HEIGHT], 0.16);
    let meters = (width * 0.4).min(2.1);
    score_and_time(score, left, [x + width - meters - PADDING, TOP], meters, painter);
    [x + PADDING, TOP + PADDING, width - meters - 3.0 * PADDING, TICKET_HEIGHT]
}

fn score_and_time(score: f64, left: f32, [x, y]: [f32; 2], width: f32, painter: &mut Painter<'_>) {
    let sprite = sign(Colour::WHITE);
    let icon = x + 0.18;
    painter.sprite(&sprite, sprites::COIN, [icon, y + 0.28], 0.38);
    let digits = if score.fract() == 0.0 { 0 } else { 1 };
    painter.text(&sign(PAPER), [x + 0.44, y + 0.295], 0.36, Align::Start, format_args!("{:.digits$}", Decimal(score)));

    painter.sprite(&sprite, sprites::CLOCK, [icon, y + 0.62], 0.34);
    let trough = [x + 0.44, y + 0.54, width - 0.44, 0.17];
    painter.rounded(&sign(TROUGH), trough, 0.085);
    share(trough, left, painter);
}

/// The share of a trough that is full, in a colour that tells how much.
pub(crate) fn share([x, y, width, height]: [f32; 4], share: f32, painter: &mut Painter<'_>) {
    if share <= 0.0 {
        return;
    }
    let colour = match share {
        _ if share > 0.3 => PLENTY,
        _ if share > 0.1 => LITTLE,
        _ => HARDLY_ANY,
    };
    let inner = height - 0.06;
    // Never narrower than its round ends are.
    let length = ((width - 0.06) * share).max(inner);
    painter.rounded(&sign(colour), [x + 0.03, y + 0.03, length, inner], inner / 2.0);
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
        painter.sprite(&sign(Colour::WHITE), sprites::STAR, [value - 0.28 * scale, line - 0.01 * scale], 0.23 * scale);
    }
}
