//! The rail above a kitchen: what is to be cooked, the score, and the time that is left.
use palaestra_env::Colour;
use palaestra_env::scene::{Align, Style};
use palaestra_kitchen::painter::Painter;
use palaestra_kitchen::{INK, PAPER, SIGNS, hud};
use palaestra_text::Decimal;

use super::ingredient::ingredient;
use crate::plan::Plan;
use crate::reward::DELIVERY;
use crate::setup::Rewards;
use crate::step::ORDER_TIME;
use crate::thing::Ingredient;
use crate::world::{ORDERS, Order, World};

const TICKET: f32 = 1.02;
const GAP: f32 = 0.1;
const ICON: f32 = 0.3;
const TROUGH: Colour = Colour::rgb(0x4b2e2a);
/// A ticket that waits for an order.
const BLANK: Colour = Colour::rgb(0x8a5c4a);

pub(super) fn draw(plan: &Plan, world: &World, painter: &mut Painter<'_>) {
    let left = 1.0 - world.now.time as f32 / plan.max_steps.max(1) as f32;
    let [x, y, width, height] = hud::rail(plan.width, world.now.score, left, painter);
    let area = |index: usize, scale: f32| [x + index as f32 * (TICKET + GAP) * scale, y, TICKET * scale, height];
    match plan.rewards {
        Rewards::Orders => {
            let needed = ORDERS as f32 * (TICKET + GAP);
            let scale = (width / needed).min(1.0);
            for (index, order) in world.now.orders.into_iter().enumerate() {
                ticket(area(index, scale), order, scale, painter);
            }
        }
        // What is wanted is to be found out.
        Rewards::Target => {
            let style = Style::fill(PAPER).depth(SIGNS);
            let at = [x + 0.05, y + height / 2.0];
            painter.text(&style, at, (width / 8.6).min(0.34), Align::Start, format_args!("Mind the signs!"));
        }
        Rewards::None => {}
        Rewards::Team | Rewards::Own => {
            let [left, top, across, _] = area(0, 1.0);
            sheet(area(0, 1.0), PAPER, painter);
            ingredients(area(0, 1.0), Ingredient::Onion, 1.0, painter);
            let value = [left + across / 2.0, top + 0.48];
            painter.text(
                &Style::fill(INK).depth(SIGNS),
                value,
                0.24,
                Align::Centre,
                format_args!("{}", Decimal(DELIVERY)),
            );
        }
    }
}

fn sheet([x, y, width, height]: [f32; 4], colour: Colour, painter: &mut Painter<'_>) {
    painter.rounded(&Style::fill(colour).depth(SIGNS), [x, y, width, height], 0.08);
}

fn ticket(area: [f32; 4], order: Option<Order>, scale: f32, painter: &mut Painter<'_>) {
    let Some(order) = order else { return sheet(area, BLANK, painter) };
    sheet(area, PAPER, painter);
    ingredients(area, if order.recipe == 0 { Ingredient::Onion } else { Ingredient::Tomato }, scale, painter);
    let [x, y, width, height] = area;
    let trough = [x + 0.08, y + height - 0.2, width - 0.16, 0.14];
    painter.rounded(&Style::fill(TROUGH).depth(SIGNS), trough, 0.07);
    hud::share(trough, f32::from(order.timer) / f32::from(ORDER_TIME), painter);
}

fn ingredients([x, y, width, _]: [f32; 4], one: Ingredient, scale: f32, painter: &mut Painter<'_>) {
    let style = Style::fill(Colour::WHITE).depth(SIGNS);
    for index in -1_i8..=1 {
        let at = [x + width / 2.0 + f32::from(index) * ICON * scale, y + 0.22];
        painter.sprite(&style, ingredient(one), at, ICON * scale);
    }
}
