//! What CartPole looks like: a cart on a measured track, and over it a fan that shows how far the pole may lean.
use std::f64::consts::FRAC_PI_2;

use palaestra_env::scene::{Align, Style};
use palaestra_env::{Colour, Scene};
use palaestra_math::glibc::{cos, sin};
use palaestra_scenery::palette::{CLAY, DANGER, DEEP_CLAY, DEEP_SEA, DUST, FOAM, GOLD, HAZE, OLIVE, SEA, SKY};
use palaestra_scenery::view::{View, within};
use palaestra_text::Decimal;

use super::cart_pole_motion::{ANGLE_LIMIT, State, TRACK_LIMIT};
use super::hud;
use super::wheel::wheel;

/// Width over height.
pub(super) const ASPECT: f32 = 16.0 / 9.0;

/// Metres; the rails' upper edge is at 0.
const VIEW: View = View { left: -2.88, top: 2.52, width: 5.76, height: 3.24 };
const GROUND: f64 = -0.06;
const POLE: f64 = 1.0;
const POLE_WIDTH: f64 = 0.065;
const AXLE: f64 = 0.36;
const BODY: [f64; 2] = [0.62, 0.2];
const BODY_MIDDLE: f64 = 0.24;
const WHEEL: f64 = 0.105;
const WHEELS: [f64; 2] = [-0.19, 0.19];
const FAN: f64 = 1.3;
/// The part of the fan that is no cause for worry.
const EASY: f64 = ANGLE_LIMIT * 0.6;

/// What moves, in the page's eyes.
mod id {
    pub(super) const FAN: u32 = 1;
    pub(super) const BODY: u32 = 10;
    pub(super) const WHEELS: u32 = 20;
    pub(super) const POLE: u32 = 30;
    pub(super) const POINTER: u32 = 40;
}

/// Draws a state, finite or not.
pub(super) fn draw(scene: &mut Scene, state: &State, steps: u32, limit: u32) {
    let x = within(state.x, VIEW.left - 1.0, VIEW.left + VIEW.width + 1.0);
    let theta = within(state.theta, -FRAC_PI_2, FRAC_PI_2);
    let (down, off) = (state.pole_down(), state.off_the_track());
    scene.background(SKY);
    colonnade(scene);
    ground(scene);
    fan(scene, x, theta);
    pole(scene, x, theta, down);
    cart(scene, x, off);
    hud::step_count(scene, steps, limit);
    hud::reading(scene, format_args!("pole {:+.1}°   cart {:+.2} m", Decimal(theta.to_degrees()), Decimal(x)));
    if down {
        hud::verdict(scene, &Style::fill(DANGER), "The pole fell");
    } else if off {
        hud::verdict(scene, &Style::fill(DANGER), "Off the track");
    } else if steps >= limit {
        hud::verdict(scene, &Style::fill(OLIVE), "A perfect game");
    }
}

/// The hall behind: one shape, up and down along its columns.
fn colonnade(scene: &mut Scene) {
    const COLUMNS: usize = 11;
    const SPACING: f64 = 0.56;
    const HALF_WIDTH: f64 = 0.06;
    const LINTEL: f64 = 1.22;
    const ROOF: f64 = 1.36;
    let first = -SPACING * (COLUMNS - 1) as f64 / 2.0;
    let columns = VIEW.points::<{ COLUMNS * 8 }>(|point| {
        let middle = first + SPACING * (point / 4) as f64;
        match point % 4 {
            0 => [middle - HALF_WIDTH, LINTEL],
            1 => [middle - HALF_WIDTH * 1.2, GROUND],
            2 => [middle + HALF_WIDTH * 1.2, GROUND],
            _ => [middle + HALF_WIDTH, LINTEL],
        }
    });
    let stone = Style::fill(HAZE.alpha(190));
    scene.polygon(&stone, &columns);
    scene.rectangle(&stone, VIEW.rectangle([0.0, (LINTEL + ROOF) / 2.0], [VIEW.width, ROOF - LINTEL]));
    scene.rectangle(&stone, VIEW.rectangle([0.0, ROOF + 0.045], [VIEW.width, 0.04]));
}

fn ground(scene: &mut Scene) {
    let [_, top] = VIEW.point([0.0, GROUND]);
    let [_, deep] = VIEW.point([0.0, GROUND - 0.4]);
    scene.rectangle(&Style::fill(CLAY), [0.0, top, 1.0, 1.0 - top]);
    scene.rectangle(&Style::fill(DEEP_CLAY), [0.0, deep, 1.0, 1.0 - deep]);
    for side in [-1.0, 1.0] {
        end_of_track(scene, side, top);
    }
    scene.rectangle(&Style::fill(DEEP_SEA), VIEW.rectangle([0.0, GROUND / 2.0], [TRACK_LIMIT * 2.0, -GROUND]));
    for (metre, name) in [(-2.0, "−2 m"), (-1.0, "−1"), (0.0, "0"), (1.0, "1"), (2.0, "2 m")] {
        tick(scene, metre, 0.13);
        let place = VIEW.point([metre, GROUND - 0.26]);
        scene.text(&Style::fill(SKY.alpha(220)), place, 0.034, Align::Centre, name);
    }
    [-1.5, -0.5, 0.5, 1.5].into_iter().for_each(|metre| tick(scene, metre, 0.07));
}

fn tick(scene: &mut Scene, x: f64, length: f64) {
    let upper = GROUND - 0.06;
    let style = Style::stroke(SKY.alpha(150), VIEW.length(0.014));
    scene.line(&style, VIEW.point([x, upper]), VIEW.point([x, upper - length]));
}

/// A striped post where the track ends, and a warning tint over what lies beyond.
fn end_of_track(scene: &mut Scene, side: f64, ground: f32) {
    let beyond = VIEW.width / 2.0 - TRACK_LIMIT;
    let [left, _, width, _] = VIEW.rectangle([side * (TRACK_LIMIT + beyond / 2.0), 0.0], [beyond, 0.0]);
    scene.rectangle(&Style::fill(DANGER.alpha(26)), [left, 0.0, width, ground]);
    for stripe in 0..5_i8 {
        let colour = if stripe % 2 == 0 { DANGER } else { SKY };
        let middle = [side * TRACK_LIMIT, GROUND + 0.05 + 0.1 * f64::from(stripe)];
        scene.rectangle(&Style::fill(colour), VIEW.rectangle(middle, [0.06, 0.1]));
    }
}

/// The angles the pole may have, seen from the cart.
fn fan(scene: &mut Scene, x: f64, theta: f64) {
    let axle = VIEW.point([x, AXLE]);
    let part = |from: f64, to: f64| [from, to].map(|angle| (angle - FRAC_PI_2) as f32);
    let lean = theta.abs();
    let (arc, danger) = (VIEW.length(0.035), if lean > EASY { 235 } else { 120 });
    let parts: [(u32, f64, f64, Colour); 3] = [
        (0, -ANGLE_LIMIT, -EASY, DANGER.alpha(if theta < 0.0 { danger } else { 120 })),
        (1, -EASY, EASY, OLIVE.alpha(150)),
        (2, EASY, ANGLE_LIMIT, DANGER.alpha(if theta > 0.0 { danger } else { 120 })),
    ];
    let wash = Style::fill(HAZE).id(id::FAN);
    scene.arc(&wash, axle, VIEW.length(FAN), part(-ANGLE_LIMIT, ANGLE_LIMIT));
    for (index, from, to, colour) in parts {
        let style = Style::stroke(colour, arc).id(id::FAN + 1 + index);
        scene.arc(&style, axle, VIEW.length(FAN), part(from, to));
    }
    let middle = Style::stroke(DUST, VIEW.length(0.012)).id(id::FAN + 4);
    scene.line(&middle, axle, VIEW.point([x, AXLE + FAN - 0.05]));
}

fn pole(scene: &mut Scene, x: f64, theta: f64, down: bool) {
    let (sin, cos) = (sin(theta), cos(theta));
    let along = |length: f64| [x + length * sin, AXLE + length * cos];
    let wood = if down { DANGER } else { CLAY };
    let shaft = VIEW.rectangle(along(POLE / 2.0), [POLE_WIDTH, POLE]);
    let style = Style::fill(wood).id(id::POLE);
    scene.turned_rectangle(&style, shaft, VIEW.length(POLE_WIDTH / 2.0), theta as f32);
    let band = VIEW.rectangle(along(POLE * 0.8), [POLE_WIDTH, 0.05]);
    scene.turned_rectangle(&Style::fill(DEEP_CLAY).id(id::POLE + 1), band, 0.0, theta as f32);
    let tip = Style::fill(GOLD).outlined(DEEP_CLAY, VIEW.length(0.014)).id(id::POLE + 2);
    scene.circle(&tip, VIEW.point(along(POLE)), VIEW.length(0.075));
}

fn cart(scene: &mut Scene, x: f64, off: bool) {
    let place = |dx: f64, y: f64| [x + dx, y];
    let colour = if off { DANGER } else { SEA };
    let body = VIEW.rectangle(place(0.0, BODY_MIDDLE), BODY);
    scene.turned_rectangle(&Style::fill(colour).id(id::BODY), body, VIEW.length(0.055), 0.0);
    let stripe = VIEW.rectangle(place(0.0, BODY_MIDDLE + 0.005), [BODY[0] - 0.1, 0.022]);
    scene.turned_rectangle(&Style::fill(FOAM.alpha(190)).id(id::BODY + 1), stripe, VIEW.length(0.011), 0.0);
    let bearing = Style::fill(DEEP_SEA).outlined(FOAM, VIEW.length(0.016)).id(id::BODY + 2);
    scene.circle(&bearing, VIEW.point(place(0.0, AXLE)), VIEW.length(0.055));
    for (index, dx) in (0_u32..).zip(WHEELS) {
        wheel(scene, &VIEW, id::WHEELS + 4 * index, place(dx, WHEEL), WHEEL, x / WHEEL);
    }
    let mark =
        VIEW.points::<6>(|corner| [[x, GROUND], [x - 0.05, GROUND - 0.09], [x + 0.05, GROUND - 0.09]][corner % 3]);
    scene.polygon(&Style::fill(GOLD).id(id::POINTER), &mark);
}
