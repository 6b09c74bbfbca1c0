//! What Pendulum looks like: a rod in front of a dial, the place to hold it at above, and an arrow for the motor's torque.
use std::f64::consts::{FRAC_PI_2, PI};

use palaestra_env::Scene;
use palaestra_env::scene::{Align, Style};
use palaestra_math::glibc::{cos, sin};
use palaestra_scenery::palette::{CLAY, DEEP_CLAY, DEEP_OLIVE, DEEP_SEA, DUST, FOAM, GOLD, HAZE, INK, OLIVE, SEA, SKY};
use palaestra_scenery::view::{View, within};
use palaestra_text::Decimal;

use super::pendulum_motion::{MAX_SPEED, MAX_TORQUE, State, normalised};
use super::turn_arrow::Turn;
use crate::hud;

/// Width over height.
pub(super) const ASPECT: f32 = 4.0 / 3.0;

/// Metres; the motor's axle is at the origin.
const VIEW: View = View { left: -2.28, top: 1.86, width: 4.56, height: 3.42 };
const ROD: f64 = 1.0;
const ROD_WIDTH: f64 = 0.1;
const DIAL: f64 = 1.3;
/// The part of the dial that counts as upright, either side.
const UPRIGHT: f64 = 0.2;
const TICKS: usize = 24;

/// What moves, in the page's eyes.
mod id {
    pub(super) const ROD: u32 = 10;
    pub(super) const ARROW: u32 = 20;
    pub(super) const TORQUE: u32 = 30;
    pub(super) const SPEED: u32 = 31;
}

/// Draws a state, finite or not.
pub(super) fn draw(scene: &mut Scene, state: &State, torque: f64, steps: u32, limit: u32) {
    let theta = within(normalised(state.theta), -PI, PI);
    let speed = within(state.theta_dot, -MAX_SPEED, MAX_SPEED);
    let upright = theta.abs() < UPRIGHT;
    scene.background(SKY);
    dial(scene, upright);
    rod(scene, theta, upright);
    if torque != 0.0 {
        let sweep = 1.1 * torque / MAX_TORQUE;
        let turn = Turn { middle: [0.0, 0.0], radius: 0.42, from: theta + FRAC_PI_2, sweep };
        turn.draw(scene, &VIEW, id::ARROW, GOLD, 0.05);
    }
    gauge(scene, 0.19, "torque", id::TORQUE, torque / MAX_TORQUE);
    gauge(scene, 0.81, "speed", id::SPEED, speed / MAX_SPEED);
    hud::step_count(scene, steps, limit);
    hud::reading(scene, format_args!("{:+.0}° from upright", Decimal(theta.to_degrees())));
    if steps >= limit {
        hud::verdict(scene, &Style::fill(DEEP_SEA), "Time is up");
    }
}

/// The point of the dial at an angle from upright, counter-clockwise.
fn on_dial(angle: f64, radius: f64) -> [f64; 2] {
    let (sin, cos) = (sin(angle), cos(angle));
    [-radius * sin, radius * cos]
}

fn dial(scene: &mut Scene, upright: bool) {
    let middle = VIEW.point([0.0, 0.0]);
    let face = Style::fill(HAZE).outlined(DUST, VIEW.length(0.05));
    scene.circle(&face, middle, VIEW.length(DIAL));
    // One line in and out along the rim draws all ticks.
    let ticks = VIEW.points::<{ TICKS * 6 }>(|point| {
        let angle = PI * 2.0 * (point / 3) as f64 / TICKS as f64;
        let deep = if point / 3 % 6 == 0 { 0.14 } else { 0.07 };
        on_dial(angle, if point % 3 == 1 { DIAL - deep } else { DIAL })
    });
    scene.polygon(&Style::stroke(DUST, VIEW.length(0.018)), &ticks);
    let wedge = [-UPRIGHT, UPRIGHT].map(|angle| (angle - FRAC_PI_2) as f32);
    let colour = if upright { OLIVE.alpha(190) } else { OLIVE.alpha(90) };
    scene.arc(&Style::fill(colour), middle, VIEW.length(DIAL), wedge);
    scene.arc(&Style::stroke(OLIVE, VIEW.length(0.07)), middle, VIEW.length(DIAL), wedge);
}

fn rod(scene: &mut Scene, theta: f64, upright: bool) {
    let shaft = VIEW.rectangle(on_dial(theta, ROD / 2.0), [ROD_WIDTH, ROD]);
    scene.turned_rectangle(&Style::fill(CLAY).id(id::ROD), shaft, VIEW.length(ROD_WIDTH / 2.0), -theta as f32);
    let bob = Style::fill(if upright { OLIVE } else { SEA });
    let bob = bob.outlined(if upright { DEEP_OLIVE } else { DEEP_SEA }, VIEW.length(0.035));
    scene.circle(&bob.id(id::ROD + 1), VIEW.point(on_dial(theta, ROD)), VIEW.length(0.15));
    let gleam = on_dial(theta, ROD);
    let gleam = VIEW.point([gleam[0] - 0.045, gleam[1] + 0.05]);
    scene.circle(&Style::fill(FOAM.alpha(200)).id(id::ROD + 2), gleam, VIEW.length(0.04));
    let axle = Style::fill(GOLD).outlined(DEEP_CLAY, VIEW.length(0.035));
    scene.circle(&axle, VIEW.point([0.0, 0.0]), VIEW.length(0.11));
}

/// A bar from the middle, to the left as what it shows is counter-clockwise. `part` is from -1 to 1.
fn gauge(scene: &mut Scene, x: f32, name: &str, id: u32, part: f64) {
    const HALF: f32 = 0.12;
    const TOP: f32 = 0.945;
    const THICK: f32 = 0.024;
    let length = HALF * -part as f32;
    scene.turned_rectangle(&Style::fill(DUST), [x - HALF, TOP, 2.0 * HALF, THICK], THICK / 2.0, 0.0);
    scene.rectangle(&Style::fill(SEA).id(id), [x + length.min(0.0), TOP, length.abs(), THICK]);
    scene.rectangle(&Style::fill(INK), [x - 0.001, TOP - 0.008, 0.002, THICK + 0.016]);
    scene.text(&Style::fill(INK.alpha(200)), [x, TOP - 0.032], 0.036, Align::Centre, name);
}
