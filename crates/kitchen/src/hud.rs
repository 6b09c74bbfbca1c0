//! The strip above the kitchen: the score, the time that is left, and room for orders.
use palaestra_env::Colour;
use palaestra_env::scene::{Align, Style};
use palaestra_text::Decimal;

use crate::painter::{Painter, corner};
use crate::{PAPER, Position, SIGNS, sprites};

const RAIL: Colour = Colour::rgb(0x6b4636);
const TROUGH: Colour = Colour::rgb(0x4b2e2a);
const PLENTY: Colour = Colour::rgb(0x7cc576);
const LITTLE: Colour = Colour::rgb(0xf6c64f);
const HARDLY_ANY: Colour = Colour::rgb(0xef6a4e);

const TOP: f32 = 0.16;
const HEIGHT: f32 = 0.84;
const PADDING: f32 = 0.1;

/// The height of the free space on the rail, and of a ticket at full size.
pub const TICKET_HEIGHT: f32 = HEIGHT - 2.0 * PADDING;

/// What is drawn on the strip, above everything else.
pub fn sign(colour: Colour) -> Style {
    Style::fill(colour).depth(SIGNS)
}

/// The rail over a kitchen `width` cells wide, with the score and the share of time that is left; gives the free space on it:
/// left, top, width and height.
pub fn rail(width: u8, score: f64, left: f32, painter: &mut Painter<'_>) -> [f32; 4] {
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
pub fn share([x, y, width, height]: [f32; 4], share: f32, painter: &mut Painter<'_>) {
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
