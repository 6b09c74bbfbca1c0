//! What Acrobot looks like: an acrobat who hangs from a bar by the hands, and a line to swing the feet above.
use std::f64::consts::{FRAC_PI_2, PI};

use palaestra_env::scene::{Align, Style};
use palaestra_env::{Colour, Scene};
use palaestra_math::glibc::{cos, sin};
use palaestra_scenery::palette::{
    CLAY, DANGER, DEEP_CLAY, DEEP_OLIVE, DEEP_SEA, DUST, FOAM, GOLD, HAZE, INK, OLIVE, SEA, SKY,
};
use palaestra_scenery::view::{View, within};
use palaestra_text::Decimal;

use super::acrobot_motion::{State, above};
use super::turn_arrow::Turn;
use crate::hud;

/// Width over height.
pub(super) const ASPECT: f32 = 4.0 / 3.0;

/// Metres; the bar is at the origin.
const VIEW: View = View { left: -10.0 / 3.0, top: 2.74, width: 20.0 / 3.0, height: 5.0 };
const LINE: f64 = 1.0;
const GROUND: f64 = -2.115;
const DASHES: i32 = 16;

/// What moves, in the page's eyes.
mod id {
    pub(super) const LEGS: u32 = 10;
    pub(super) const BODY: u32 = 20;
    pub(super) const ARROW: u32 = 30;
}

/// A place, and the direction in which a limb goes from it: its angle from hanging down, counter-clockwise.
#[derive(Clone, Copy)]
struct Joint {
    place: [f64; 2],
    angle: f64,
}

impl Joint {
    fn along(self, length: f64) -> [f64; 2] {
        let (sin, cos) = (sin(self.angle), cos(self.angle));
        [self.place[0] + length * sin, self.place[1] - length * cos]
    }

    /// A rounded limb from one length to another.
    fn limb(self, scene: &mut Scene, style: &Style, [from, to]: [f64; 2], width: f64) {
        let area = VIEW.rectangle(self.along((from + to) / 2.0), [width, to - from]);
        scene.turned_rectangle(style, area, VIEW.length(width / 2.0), -self.angle as f32);
    }
}

/// Draws a state, finite or not.
pub(super) fn draw(scene: &mut Scene, state: State, torque: i8, steps: u32, limit: u32) {
    let [theta1, theta2, ..] = state.map(|number| within(number, -PI, PI));
    let hands = Joint { place: [0.0, 0.0], angle: theta1 };
    let hips = Joint { place: hands.along(1.0), angle: theta1 + theta2 };
    let feet = hips.along(1.0);
    let arrived = steps > 0 && above(&state);
    scene.background(SKY);
    hall(scene);
    line(scene, arrived);
    stand(scene);
    legs(scene, hips, arrived);
    body(scene, hands);
    if torque != 0 {
        let from = hips.angle - FRAC_PI_2;
        let turn = Turn { middle: hips.place, radius: 0.52, from, sweep: 0.75 * f64::from(torque) };
        turn.draw(scene, &VIEW, id::ARROW, GOLD, 0.055);
    }
    hud::step_count(scene, steps, limit);
    hud::reading(scene, format_args!("feet at {:+.2} m", Decimal(feet[1])));
    if arrived {
        hud::verdict(scene, &Style::fill(DEEP_OLIVE), "Over the line!");
    } else if steps >= limit {
        hud::verdict(scene, &Style::fill(DANGER), "Out of steps");
    }
}

/// Two columns with an architrave, and the floor.
fn hall(scene: &mut Scene) {
    let stone = Style::fill(HAZE);
    for x in [-2.55, 2.55] {
        scene.rectangle(&stone, VIEW.rectangle([x, 0.0], [0.52, 6.0]));
        for flute in [-0.12, 0.0, 0.12] {
            let groove = Style::stroke(DUST, VIEW.length(0.03));
            scene.line(&groove, VIEW.point([x + flute, GROUND]), VIEW.point([x + flute, 2.1]));
        }
    }
    let [_, top] = VIEW.point([0.0, GROUND]);
    scene.rectangle(&Style::fill(CLAY), [0.0, top, 1.0, 1.0 - top]);
    scene.rectangle(&Style::fill(DEEP_CLAY), [0.0, top, 1.0, 0.008]);
}

fn line(scene: &mut Scene, arrived: bool) {
    let colour: Colour = if arrived { OLIVE } else { GOLD };
    let [_, bottom] = VIEW.point([0.0, LINE]);
    scene.rectangle(&Style::fill(colour.alpha(45)), [0.0, 0.0, 1.0, bottom]);
    let width = VIEW.width / f64::from(DASHES);
    let points = |dash: i32| [0.15, 0.85].map(|part| [VIEW.left + width * (f64::from(dash) + part), LINE]);
    for [from, to] in (0..DASHES).map(points) {
        scene.line(&Style::stroke(colour, VIEW.length(0.045)), VIEW.point(from), VIEW.point(to));
    }
    let words = Style::fill(INK.alpha(150));
    scene.text(&words, VIEW.point([-3.07, LINE - 0.16]), 0.034, Align::Start, "feet above this line");
}

/// The frame that carries the bar.
fn stand(scene: &mut Scene) {
    for side in [-1.0, 1.0] {
        let wood = Style::stroke(DUST, VIEW.length(0.11));
        scene.line(&wood, VIEW.point([0.0, 0.0]), VIEW.point([side * 0.85, GROUND]));
    }
}

fn legs(scene: &mut Scene, hips: Joint, arrived: bool) {
    hips.limb(scene, &Style::fill(CLAY).id(id::LEGS), [-0.05, 0.98], 0.19);
    hips.limb(scene, &Style::fill(DEEP_SEA).id(id::LEGS + 1), [-0.1, 0.34], 0.25);
    let foot = Style::fill(if arrived { OLIVE } else { GOLD }).outlined(DEEP_CLAY, VIEW.length(0.03));
    scene.circle(&foot.id(id::LEGS + 2), VIEW.point(hips.along(1.0)), VIEW.length(0.115));
}

fn body(scene: &mut Scene, hands: Joint) {
    hands.limb(scene, &Style::fill(CLAY).id(id::BODY), [-0.05, 0.6], 0.14);
    hands.limb(scene, &Style::fill(SEA).id(id::BODY + 1), [0.46, 1.08], 0.3);
    hands.limb(scene, &Style::fill(FOAM.alpha(200)).id(id::BODY + 2), [0.9, 0.95], 0.3);
    let skin = Style::fill(CLAY).outlined(DEEP_CLAY, VIEW.length(0.025));
    scene.circle(&skin.id(id::BODY + 3), VIEW.point(hands.along(0.33)), VIEW.length(0.155));
    let band = VIEW.rectangle(hands.along(0.3), [0.3, 0.06]);
    scene.turned_rectangle(&Style::fill(GOLD).id(id::BODY + 4), band, 0.0, -hands.angle as f32);
    let hip = Style::fill(GOLD).outlined(DEEP_SEA, VIEW.length(0.03));
    scene.circle(&hip.id(id::BODY + 5), VIEW.point(hands.along(1.0)), VIEW.length(0.085));
    let bar = Style::fill(DUST).outlined(INK, VIEW.length(0.045));
    scene.circle(&bar, VIEW.point([0.0, 0.0]), VIEW.length(0.085));
}
