//! What LunarLander looks like: a lander over the moon's hills, stars and a planet behind, two flags at the pad.
use palaestra_env::Scene;
use palaestra_env::scene::{Align, Style};
use palaestra_physics2d::{Body, Vec2, vec2};
use palaestra_scenery::palette::{
    CLAY, DANGER, DEEP_CLAY, DEEP_SEA, DUST, FOAM, GOLD, HAZE, INK, OLIVE, SAGE, SEA, SKY,
};
use palaestra_scenery::view::{View, within};
use palaestra_scenery::words::Words;

use super::craft::{CHUNKS, Craft, Ground, WIDTH, corner_x, lander_corner, leg_corner};
use super::engines::Engines;

/// Width over height.
pub(super) const ASPECT: f32 = 1.5;

/// Metres. Below 0 there is always ground, which the words stand on.
const VIEW: View = View { left: -1.25, top: 13.95, width: 22.5, height: 15.0 };
/// How far out of sight a place may be, so that a scene stays finite.
const FAR: f64 = 60.0;
/// The flags stand at the ends of the level ground.
const FLAGS: [usize; 2] = [4, 6];
/// From left and top, and how bright.
const STARS: [(f32, f32, u8); 22] = [
    (0.04, 0.09, 200),
    (0.09, 0.31, 120),
    (0.13, 0.18, 230),
    (0.18, 0.42, 110),
    (0.22, 0.06, 150),
    (0.27, 0.27, 190),
    (0.31, 0.13, 100),
    (0.36, 0.36, 140),
    (0.39, 0.05, 220),
    (0.44, 0.22, 120),
    (0.49, 0.11, 170),
    (0.53, 0.33, 100),
    (0.57, 0.07, 200),
    (0.61, 0.25, 150),
    (0.66, 0.40, 120),
    (0.69, 0.14, 240),
    (0.73, 0.31, 110),
    (0.88, 0.38, 160),
    (0.91, 0.08, 130),
    (0.94, 0.27, 210),
    (0.97, 0.16, 110),
    (0.98, 0.44, 150),
];

/// What moves, in the page's eyes.
mod id {
    pub(super) const HULL: u32 = 10;
    pub(super) const WINDOW: u32 = 11;
    pub(super) const LEGS: u32 = 12;
    pub(super) const STRUTS: u32 = 14;
    pub(super) const MAIN: u32 = 20;
    pub(super) const SIDE: u32 = 24;
    pub(super) const MARK: u32 = 30;
    pub(super) const STEPS: u32 = 40;
}

/// How an episode ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// At rest.
    Landed,
    /// The hull touched the ground.
    Crashed,
    /// Beyond a side.
    Away,
}

/// A state, as far as it is seen.
pub(super) struct Seen<'a> {
    pub(super) craft: &'a Craft,
    pub(super) ground: &'a Ground,
    pub(super) engines: Engines,
    pub(super) steps: u32,
    pub(super) limit: u32,
    pub(super) ending: Option<Ending>,
}

/// Draws a state, finite or not.
pub(super) fn draw(scene: &mut Scene, seen: &Seen<'_>) {
    scene.background(INK);
    sky(scene);
    ground(scene, seen.ground);
    flags(scene, seen.ground, seen.ending == Some(Ending::Landed));
    if let Some(lander) = seen.craft.lander() {
        flames(scene, lander, &seen.engines);
        for (index, (leg, landed)) in (0_u32..).zip(seen.craft.legs().zip(seen.craft.landed)) {
            let colour = if landed { SAGE } else { DUST };
            // From the hull's nearer lower corner to the middle of the leg.
            let corner = if index == 0 { vec2(0.5, -0.2) } else { vec2(-0.5, -0.2) };
            let strut = Style::stroke(HAZE, VIEW.length(0.08)).id(id::STRUTS + index);
            scene.line(&strut, VIEW.point(place(lander, corner)), VIEW.point(place(leg, vec2(0.0, 0.05))));
            let style = Style::fill(colour).outlined(INK, VIEW.length(0.04)).id(id::LEGS + index);
            scene.polygon(&style, &outline::<8>(leg, leg_corner));
        }
        hull(scene, lander, seen.ending == Some(Ending::Crashed));
        mark(scene, lander);
        speed(scene, lander);
    }
    step_count(scene, seen);
    verdict(scene, seen);
}

/// A body's own place in the world.
fn place(body: &Body, own: Vec2) -> [f64; 2] {
    let place = body.transform().apply(own);
    [within(place.x.into(), -FAR, FAR), within(place.y.into(), -FAR, FAR)]
}

fn outline<const N: usize>(body: &Body, corner: fn(usize) -> Vec2) -> [f32; N] {
    VIEW.points(|index| place(body, corner(index)))
}

fn sky(scene: &mut Scene) {
    for (x, y, brightness) in STARS {
        scene.circle(&Style::fill(SKY.alpha(brightness)), [x, y], 0.0022);
    }
    let planet = [0.82, 0.2];
    scene.circle(&Style::fill(SEA.alpha(60)), planet, 0.098);
    scene.circle(&Style::fill(SEA), planet, 0.085);
    scene.ellipse(&Style::fill(OLIVE), [0.81, 0.175], [0.026, 0.02], 0.5);
    scene.ellipse(&Style::fill(OLIVE), [0.838, 0.225], [0.014, 0.026], -0.3);
    scene.ellipse(&Style::fill(FOAM.alpha(190)), [0.82, 0.123], [0.02, 0.007], 0.0);
    // The night side: as wide as the day side, and nearly the sky's colour.
    scene.circle(&Style::fill(INK.alpha(120)), [0.834, 0.212], 0.066);
}

/// A corner of what lies below the hills; the last two are out of sight.
fn below(ground: &Ground, index: usize) -> [f64; 2] {
    const OUT: f64 = 0.2;
    let (left, right) = (VIEW.left - OUT, VIEW.left + VIEW.width + OUT);
    let foot = VIEW.top - VIEW.height - OUT;
    let height = |corner: usize| within(ground[corner % CHUNKS].into(), -FAR, FAR);
    match index {
        0 => [left, height(0)],
        index if index <= CHUNKS => [corner_x(index - 1), height(index - 1)],
        index if index == CHUNKS + 1 => [right, height(CHUNKS - 1)],
        index if index == CHUNKS + 2 => [right, foot],
        _ => [left, foot],
    }
}

fn ground(scene: &mut Scene, ground: &Ground) {
    let hills = VIEW.points::<{ 2 * (CHUNKS + 4) }>(|index| below(ground, index));
    scene.polygon(&Style::fill(DUST).outlined(HAZE, VIEW.length(0.12)), &hills);
    let craters =
        [(1.1, 0.9, 0.5), (3.4, 0.4, 0.35), (6.2, 1.0, 0.45), (13.2, 0.6, 0.55), (16.3, 1.1, 0.4), (18.8, 0.5, 0.5)];
    for (x, deep, wide) in craters {
        // Below the lower end of the slope they are on, so that no crater sticks out of the ground.
        let chunk = (x / (WIDTH / (CHUNKS - 1) as f64)) as usize % (CHUNKS - 1);
        let surface = within(f64::from(ground[chunk].min(ground[chunk + 1])), -FAR, FAR);
        let radii = [(wide / VIEW.width) as f32, VIEW.length(wide * 0.4)];
        scene.ellipse(&Style::fill(DEEP_CLAY.alpha(50)), VIEW.point([x, surface - deep]), radii, 0.0);
    }
    let [left, right] = FLAGS.map(|corner| VIEW.point([corner_x(corner), within(ground[corner].into(), -FAR, FAR)]));
    scene.line(&Style::stroke(GOLD, VIEW.length(0.16)), left, right);
}

fn flags(scene: &mut Scene, ground: &Ground, landed: bool) {
    const TALL: f64 = 50.0 / 30.0;
    for corner in FLAGS {
        let (x, foot) = (corner_x(corner), within(ground[corner].into(), -FAR, FAR));
        scene.line(&Style::stroke(SKY, VIEW.length(0.07)), VIEW.point([x, foot]), VIEW.point([x, foot + TALL]));
        let cloth = VIEW.points::<6>(|point| {
            [[x, foot + TALL], [x + 0.83, foot + TALL - 0.22], [x, foot + TALL - 0.45]][point % 3]
        });
        scene.polygon(&Style::fill(if landed { GOLD } else { CLAY }), &cloth);
    }
}

fn hull(scene: &mut Scene, lander: &Body, crashed: bool) {
    let colour = if crashed { DANGER } else { FOAM };
    scene.polygon(
        &Style::fill(colour).outlined(DEEP_SEA, VIEW.length(0.06)).id(id::HULL),
        &outline::<12>(lander, lander_corner),
    );
    let window = VIEW.point(place(lander, vec2(0.0, 0.2)));
    let style = Style::fill(SEA).outlined(DEEP_SEA, VIEW.length(0.05)).id(id::WINDOW);
    scene.circle(&style, window, VIEW.length(0.17));
}

/// A flame from a nozzle: half its width, and how far it goes.
fn flame(scene: &mut Scene, lander: &Body, id: u32, [from, wide, tip]: [Vec2; 3]) {
    for (id, size, colour) in [(id, 1.0, CLAY), (id + 1, 0.6, GOLD)] {
        let corners = [-size, size, 0.0].map(|side| {
            let reach = if side == 0.0 { size } else { 0.0 };
            vec2(from.x + side * wide.x + reach * tip.x, from.y + side * wide.y + reach * tip.y)
        });
        let points = VIEW.points::<6>(|index| place(lander, corners[index % 3]));
        scene.polygon(&Style::fill(colour.alpha(230)).id(id), &points);
    }
}

fn flames(scene: &mut Scene, lander: &Body, engines: &Engines) {
    if engines.main > 0.0 {
        let reach = -1.1 * engines.main as f32;
        flame(scene, lander, id::MAIN, [vec2(0.0, -0.33), vec2(0.22, 0.0), vec2(0.0, reach)]);
    }
    if engines.side > 0.0 {
        // What pushes to the left goes off to the right.
        let away = -engines.direction as f32;
        let reach = away * 0.6 * engines.side as f32;
        flame(scene, lander, id::SIDE, [vec2(away * 0.48, 0.42), vec2(0.0, 0.1), vec2(reach, 0.0)]);
    }
}

/// Where the lander is when it is too high to be seen.
fn mark(scene: &mut Scene, lander: &Body) {
    let [x, y] = place(lander, vec2(0.0, 0.0));
    if y > VIEW.top + 0.4 {
        let points = VIEW.points::<6>(|corner| [[x, 13.75], [x - 0.3, 13.2], [x + 0.3, 13.2]][corner % 3]);
        scene.polygon(&Style::fill(FOAM).id(id::MARK), &points);
    }
}

/// How fast it falls or rises, in words.
fn speed(scene: &mut Scene, lander: &Body) {
    let tenths = within((f64::from(lander.velocity().y) * 10.0).round(), -9999.0, 9999.0) as i32;
    let way = match tenths.signum() {
        1 => "rising",
        -1 => "falling",
        _ => "level",
    };
    let (whole, part) = (tenths.abs() / 10, tenths.abs() % 10);
    let words = Words::new(format_args!("{way} {whole}.{part} m/s"));
    scene.text(&Style::fill(INK), [0.97, 0.969], 0.032, Align::End, words.as_str());
}

fn step_count(scene: &mut Scene, seen: &Seen<'_>) {
    let part = (f64::from(seen.steps) / f64::from(seen.limit.max(1))).min(1.0) as f32;
    scene.rectangle(&Style::fill(INK.alpha(50)), [0.03, 0.94, 0.94, 0.008]);
    scene.rectangle(&Style::fill(SEA).id(id::STEPS), [0.03, 0.94, 0.94 * part, 0.008]);
    let words = Words::new(format_args!("step {} of {}", seen.steps, seen.limit));
    scene.text(&Style::fill(INK), [0.03, 0.969], 0.032, Align::Start, words.as_str());
}

fn verdict(scene: &mut Scene, seen: &Seen<'_>) {
    let (colour, words) = match seen.ending {
        Some(Ending::Landed) => (GOLD, "Landed!"),
        Some(Ending::Crashed) => (DANGER, "Crashed"),
        Some(Ending::Away) => (DANGER, "Lost in space"),
        None if seen.steps >= seen.limit => (FOAM, "Out of time"),
        None => return,
    };
    let panel = [0.3, 0.28, 0.4, 0.12];
    scene.turned_rectangle(&Style::fill(INK.alpha(200)), panel, 0.02, 0.0);
    scene.text(&Style::fill(colour), [0.5, 0.34], 0.07, Align::Centre, words);
}
