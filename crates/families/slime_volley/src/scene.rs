//! What the games look like: a clay court by the sea, two slimes that do not let the ball out of their sight, and their lives.
use std::f32::consts::{PI, TAU};

use palaestra_env::scene::{Align, Style};
use palaestra_env::{Colour, Scene};
use palaestra_scenery::palette::{CLAY, DEEP_CLAY, DEEP_SEA, DUST, FOAM, GOLD, HAZE, INK, OLIVE, SAGE, SEA, SKY};
use palaestra_scenery::view::{View, within};
use palaestra_scenery::words::Words;

use super::court::{BALL, GROUND, NET_HEIGHT, NET_WIDTH, SIZE, SLIME};

/// Width over height.
pub(super) const ASPECT: f32 = 2.0;

/// The court's units; its ceiling is as high above the picture as the picture is high.
const VIEW: View = View { left: -SIZE / 2.0, top: SIZE / 2.0 - 0.5, width: SIZE, height: SIZE / 2.0 };
/// From the middle of a slime to its eye, and from there to the pupil.
const EYE: f64 = 0.6 * SLIME;
const PUPIL_WAY: f64 = 0.15 * SLIME;
/// Of 60 degrees.
const SLANT: [f64; 2] = [0.5, 0.866_025_403_784_438_6];
const TEXT: f32 = 0.052;

/// Left and right.
const SIDES: [Side; 2] = [
    Side { sign: -1.0, skin: CLAY, shade: DEEP_CLAY, name: "Red" },
    Side { sign: 1.0, skin: SEA, shade: DEEP_SEA, name: "Blue" },
];

struct Side {
    sign: f64,
    skin: Colour,
    shade: Colour,
    name: &'static str,
}

/// What moves, in the page's eyes.
mod id {
    pub(super) const SLIMES: u32 = 10;
    /// A ball that is served anew is another ball: it does not fly there from the ground.
    pub(super) const BALLS: u32 = 100;
    pub(super) const OF_BALL: u32 = 10;
}

/// A slime.
pub(super) struct Figure {
    pub(super) place: [f64; 2],
    pub(super) lives: i64,
    /// It has just lost a point, and does not want to look.
    pub(super) sad: bool,
}

/// All there is to see.
pub(super) struct Court {
    pub(super) ball: [f64; 2],
    /// The left one first.
    pub(super) figures: [Figure; 2],
    /// What each began with.
    pub(super) lives: i64,
    pub(super) steps: u32,
    pub(super) limit: u32,
}

/// Draws a court.
pub(super) fn draw(scene: &mut Scene, court: &Court) {
    let [x, y] = court.ball;
    let ball = [within(x, -SIZE, SIZE), within(y, 0.0, 2.0 * SIZE)];
    let left: i64 = court.figures.iter().map(|figure| figure.lives).fold(0, i64::wrapping_add);
    let ball_id = id::BALLS + id::OF_BALL * (left.rem_euclid(2) as u32);
    landscape(scene);
    shadow(scene, ball_id, ball);
    net(scene);
    for (index, (side, figure)) in (0..).zip(SIDES.iter().zip(&court.figures)) {
        slime(scene, id::SLIMES * (index + 1), side, figure, ball);
        lives(scene, side, figure.lives, court.lives);
    }
    draw_ball(scene, ball_id, ball);
    score(scene, court);
    verdict(scene, court);
}

fn landscape(scene: &mut Scene) {
    let edge = VIEW.width / 2.0;
    scene.background(SKY);
    scene.circle(&Style::fill(GOLD.alpha(70)), VIEW.point([15.0, 16.5]), VIEW.length(2.6));
    const HILLS: [[f64; 2]; 9] = [
        [-24.0, 4.0],
        [-24.0, 8.0],
        [-18.0, 10.5],
        [-12.0, 7.0],
        [-7.0, 8.5],
        [0.0, 5.5],
        [9.0, 7.5],
        [24.0, 4.5],
        [24.0, 4.0],
    ];
    scene.polygon(&Style::fill(HAZE), &VIEW.points::<18>(|point| HILLS[point % HILLS.len()]));
    scene.rectangle(&Style::fill(FOAM.alpha(150)), VIEW.rectangle([0.0, 3.5], [2.0 * edge, 1.4]));
    scene.rectangle(&Style::fill(SAGE.alpha(120)), VIEW.rectangle([0.0, 2.15], [2.0 * edge, 1.3]));
    let [_, top] = VIEW.point([0.0, GROUND]);
    let [_, deep] = VIEW.point([0.0, 0.6]);
    scene.rectangle(&Style::fill(DUST), [0.0, top, 1.0, 1.0 - top]);
    scene.rectangle(&Style::fill(CLAY.alpha(110)), [0.0, deep, 1.0, 1.0 - deep]);
    scene.rectangle(&Style::fill(SKY), VIEW.rectangle([0.0, GROUND - 0.09], [2.0 * edge, 0.18]));
}

fn net(scene: &mut Scene) {
    let wood = Style::fill(DEEP_CLAY);
    scene.rectangle(&wood, VIEW.rectangle([0.0, (GROUND + NET_HEIGHT) / 2.0], [NET_WIDTH, NET_HEIGHT - GROUND]));
    scene.circle(&wood, VIEW.point([0.0, NET_HEIGHT]), VIEW.length(NET_WIDTH / 2.0));
    scene.circle(&Style::fill(GOLD), VIEW.point([0.0, NET_HEIGHT]), VIEW.length(NET_WIDTH / 5.0));
}

/// Where the ball is above the ground, fainter the higher it is.
fn shadow(scene: &mut Scene, ball_id: u32, [x, y]: [f64; 2]) {
    let nearness = 1.0 - within((y - GROUND) / VIEW.height, 0.0, 1.0);
    let style = Style::fill(INK.alpha((20.0 + 60.0 * nearness) as u8)).id(ball_id + 2);
    let radii = [(BALL * 1.2 / VIEW.width) as f32, VIEW.length(BALL * 0.3)];
    scene.ellipse(&style, VIEW.point([x, GROUND - 0.1]), radii, 0.0);
}

fn draw_ball(scene: &mut Scene, ball_id: u32, [x, y]: [f64; 2]) {
    let leather = Style::fill(GOLD).outlined(DEEP_CLAY, VIEW.length(0.08)).id(ball_id);
    scene.circle(&leather, VIEW.point([x, y]), VIEW.length(BALL));
    let gleam = Style::fill(SKY.alpha(190)).id(ball_id + 1);
    scene.circle(&gleam, VIEW.point([x - 0.15, y + 0.15]), VIEW.length(BALL * 0.25));
    if y > VIEW.top + BALL {
        let tip = VIEW.top - 0.4;
        let mark = VIEW.points::<6>(|corner| [[x, tip], [x - 0.6, tip - 0.9], [x + 0.6, tip - 0.9]][corner % 3]);
        scene.polygon(&Style::fill(GOLD).outlined(DEEP_CLAY, VIEW.length(0.06)).id(ball_id + 3), &mark);
    }
}

fn slime(scene: &mut Scene, id: u32, side: &Side, figure: &Figure, ball: [f64; 2]) {
    let [x, y] = figure.place;
    let place = [within(x, -SIZE, SIZE), within(y, 0.0, SIZE)];
    let skin = Style::fill(side.skin).outlined(side.shade, VIEW.length(0.08)).id(id);
    scene.arc(&skin, VIEW.point(place), VIEW.length(SLIME), [PI, TAU]);
    let [x, y] = place;
    let eye = [x - side.sign * EYE * SLANT[0], y + EYE * SLANT[1]];
    let (dx, dy) = if figure.sad { (-side.sign, -3.0) } else { (ball[0] - eye[0], ball[1] - eye[1]) };
    let distance = palaestra_math::sqrt(dx * dx + dy * dy).max(0.01);
    let pupil = [eye[0] + dx / distance * PUPIL_WAY, eye[1] + dy / distance * PUPIL_WAY];
    scene.circle(&Style::fill(SKY).id(id + 1), VIEW.point(eye), VIEW.length(SLIME * 0.3));
    scene.circle(&Style::fill(INK).id(id + 2), VIEW.point(pupil), VIEW.length(SLIME * 0.12));
}

/// A disk for each life, from the corner on; those that are lost are rings.
fn lives(scene: &mut Scene, side: &Side, left: i64, of: i64) {
    for life in 0..of {
        let place = VIEW.point([side.sign * (VIEW.width / 2.0 - 1.3 - 1.5 * life as f64), VIEW.top - 1.4]);
        let ring = Style::stroke(side.shade.alpha(120), VIEW.length(0.1));
        let style = if life < left { Style::fill(side.skin) } else { ring };
        scene.circle(&style, place, VIEW.length(0.5));
    }
}

/// Points won, which the other has lost, and the steps.
fn score(scene: &mut Scene, court: &Court) {
    let [left, right] = court.figures.each_ref().map(|figure| court.lives.saturating_sub(figure.lives));
    let points = Words::new(format_args!("{right} : {left}"));
    scene.text(&Style::fill(INK), [0.5, 0.065], TEXT * 1.3, Align::Centre, points.as_str());
    let steps = Words::new(format_args!("step {} of {}", court.steps, court.limit));
    scene.text(&Style::fill(INK.alpha(160)), [0.5, 0.13], TEXT * 0.6, Align::Centre, steps.as_str());
}

fn verdict(scene: &mut Scene, court: &Court) {
    let [left, right] = court.figures.each_ref().map(|figure| figure.lives);
    let over = left <= 0 || right <= 0 || court.steps >= court.limit;
    if !over {
        return;
    }
    let winner = match left.cmp(&right) {
        std::cmp::Ordering::Less => Some(&SIDES[1]),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(&SIDES[0]),
    };
    let (colour, name) = winner.map_or((OLIVE, "Nobody"), |side| (side.skin, side.name));
    let words = Words::new(format_args!("{name} wins"));
    scene.text(&Style::fill(colour), [0.5, 0.3], TEXT * 1.7, Align::Centre, words.as_str());
}
