//! What both MountainCars look like: hills behind hills, a road over the nearest, a car on it and a flag on the summit.
use palaestra_env::Scene;
use palaestra_env::scene::{Align, Style};
use palaestra_math::glibc::{cos, sin};
use palaestra_math::sqrt;
use palaestra_scenery::palette::{
    CLAY, DANGER, DEEP_CLAY, DEEP_OLIVE, DEEP_SEA, DUST, FOAM, GOLD, HAZE, INK, OLIVE, SAGE, SEA, SKY,
};
use palaestra_scenery::view::{View, within};

use super::valley::{MAX_SPEED, MIN_POSITION};
use crate::hud;
use crate::wheel::wheel;

/// Width over height.
pub(super) const ASPECT: f32 = 16.0 / 9.0;

const VIEW: View = View { left: -1.53, top: 1.36, width: 2.56, height: 1.44 };
const ROAD_POINTS: usize = 60;
const LAYER_POINTS: usize = 36;
const WHEEL: f64 = 0.03;
/// World units in one of the car's.
const CAR: f64 = 1.22;
/// From the car's middle to its axles, in its own units.
const AXLES: [f64; 2] = [-0.048, 0.048];
/// Steps whose way the trace of speed covers.
const TRACE: f64 = 3.5;

/// What moves, in the page's eyes.
mod id {
    pub(super) const BODY: u32 = 10;
    pub(super) const WHEELS: u32 = 20;
    pub(super) const DUST: u32 = 30;
    pub(super) const TRACE: u32 = 40;
    pub(super) const SPEED: u32 = 50;
}

/// The side of the car, x forwards and y upwards from the middle between the axles.
const BODY: [[f64; 2]; 12] = [
    [-0.083, -0.006],
    [-0.085, 0.020],
    [-0.078, 0.030],
    [-0.050, 0.033],
    [-0.034, 0.060],
    [-0.026, 0.064],
    [0.016, 0.064],
    [0.024, 0.060],
    [0.044, 0.034],
    [0.076, 0.027],
    [0.086, 0.014],
    [0.085, -0.006],
];
const REAR_WINDOW: [[f64; 2]; 4] = [[-0.041, 0.034], [-0.027, 0.056], [-0.010, 0.056], [-0.010, 0.034]];
const FRONT_WINDOW: [[f64; 2]; 4] = [[-0.002, 0.034], [-0.002, 0.056], [0.018, 0.056], [0.034, 0.034]];

/// How high the road lies: Gymnasium's own curve.
fn height(x: f64) -> f64 {
    sin(3.0 * x) * 0.45 + 0.55
}

/// The car, as far as it is seen.
pub(super) struct Car {
    pub(super) position: f64,
    pub(super) velocity: f64,
    /// The last step's push: -1 with all force to the left, 1 to the right.
    pub(super) push: f64,
}

/// The shapes that never change, worked out once.
pub(super) struct Landscape {
    goal: f64,
    hill: [f32; 2 * (ROAD_POINTS + 2)],
    layers: [[f32; 2 * (LAYER_POINTS + 2)]; 2],
}

impl Landscape {
    /// With the flag at `goal`.
    pub(super) fn new(goal: f64) -> Self {
        Self {
            goal,
            hill: VIEW.points(|index| below(&height, index, ROAD_POINTS)),
            layers: [0.13, 0.30].map(|deep| {
                let upper = |x: f64| height(x) * (1.0 - deep) - 0.35 * deep;
                VIEW.points(|index| below(&upper, index, LAYER_POINTS))
            }),
        }
    }

    /// Draws a state, finite or not.
    pub(super) fn draw(&self, scene: &mut Scene, seen: &Car, arrived: bool, steps: u32, limit: u32) {
        let x = within(seen.position, VIEW.left - 0.2, VIEW.left + VIEW.width + 0.2);
        let speed = within(seen.velocity, -MAX_SPEED, MAX_SPEED);
        scene.background(SKY);
        sun(scene);
        far_hills(scene);
        cypresses(scene);
        column(scene);
        flag(scene, self.goal, arrived);
        scene.polygon(&Style::fill(OLIVE).outlined(DEEP_CLAY, VIEW.length(0.016)), &self.hill);
        for layer in &self.layers {
            scene.polygon(&Style::fill(DEEP_OLIVE.alpha(120)), layer);
        }
        trace(scene, x, speed);
        car(scene, x, seen.push);
        speedometer(scene, speed);
        hud::step_count(scene, steps, limit);
        if arrived {
            hud::verdict(scene, &Style::fill(DEEP_SEA), "At the top!");
        } else if steps >= limit {
            hud::verdict(scene, &Style::fill(DANGER), "Out of steps");
        }
    }
}

/// A corner of what lies below a line of `points` points. The line begins and ends, and the last two corners lie, out of
/// sight, and with them the outline of all but the line.
fn below(line: &dyn Fn(f64) -> f64, index: usize, points: usize) -> [f64; 2] {
    const OUT: f64 = 0.03;
    let (left, width) = (VIEW.left - OUT, VIEW.width + 2.0 * OUT);
    let foot = VIEW.top - VIEW.height - OUT;
    let x = left + width * index as f64 / (points - 1) as f64;
    match index.checked_sub(points) {
        None => [x, line(x)],
        Some(0) => [left + width, foot],
        Some(_) => [left, foot],
    }
}

fn sun(scene: &mut Scene) {
    let middle = VIEW.point([-0.36, 0.76]);
    for (radius, alpha) in [(0.27, 40), (0.2, 70), (0.14, 255)] {
        scene.circle(&Style::fill(GOLD.alpha(alpha)), middle, VIEW.length(radius));
    }
}

fn far_hills(scene: &mut Scene) {
    let hills = [
        (HAZE, [-0.95, 0.30], [0.80, 0.50]),
        (HAZE, [0.15, 0.30], [0.85, 0.44]),
        (DUST, [-0.85, 0.16], [0.62, 0.50]),
        (DUST, [0.45, 0.14], [0.70, 0.42]),
        (SAGE, [-0.95, 0.06], [0.52, 0.36]),
        (SAGE, [0.02, 0.04], [0.60, 0.30]),
    ];
    for (colour, middle, [rx, ry]) in hills {
        let radii = [(rx / VIEW.width) as f32, VIEW.length(ry)];
        scene.ellipse(&Style::fill(colour), VIEW.point(middle), radii, 0.0);
    }
}

/// Trees on the hills' far sides, where they hide nothing.
fn cypresses(scene: &mut Scene) {
    for (x, tall) in [(-1.46, 0.15), (-1.39, 0.12), (0.70, 0.12), (0.76, 0.17), (0.83, 0.13), (0.93, 0.16)] {
        let middle = VIEW.point([x, height(x) + tall * 0.45]);
        let radii = [(0.02 / VIEW.width) as f32, VIEW.length(tall / 2.0)];
        scene.ellipse(&Style::fill(DEEP_OLIVE), middle, radii, 0.0);
    }
}

/// The wall that takes all speed at the left end, drawn where the car's bumper meets it: a column's stump.
fn column(scene: &mut Scene) {
    const SHAFT: f64 = 0.075;
    const CAPITAL: f64 = 0.105;
    let middle = MIN_POSITION - 0.055 - SHAFT / 2.0;
    let foot = height(middle) - 0.08;
    let stone = Style::fill(HAZE).outlined(DEEP_CLAY, VIEW.length(0.006));
    scene.rectangle(&stone, VIEW.rectangle([middle, foot + 0.16], [SHAFT, 0.32]));
    for flute in [-0.018, 0.0, 0.018] {
        let groove = Style::stroke(DEEP_CLAY.alpha(90), VIEW.length(0.005));
        scene.line(&groove, VIEW.point([middle + flute, foot]), VIEW.point([middle + flute, foot + 0.3]));
    }
    scene.turned_rectangle(&stone, VIEW.rectangle([middle, foot + 0.33], [CAPITAL, 0.03]), VIEW.length(0.008), 0.0);
}

fn flag(scene: &mut Scene, goal: f64, arrived: bool) {
    let foot = height(goal);
    let top = foot + 0.2;
    let staff = Style::stroke(INK, VIEW.length(0.012));
    scene.line(&staff, VIEW.point([goal, foot - 0.02]), VIEW.point([goal, top]));
    let cloth = VIEW.points::<8>(|corner| {
        [[0.0, 0.0], [0.13, -0.02], [0.1, -0.05], [0.0, -0.09]].map(|[dx, dy]| [goal + dx, top + dy])[corner % 4]
    });
    scene.polygon(&Style::fill(if arrived { GOLD } else { CLAY }), &cloth);
}

/// The last few steps' way along the road, the longer the faster.
fn trace(scene: &mut Scene, x: f64, speed: f64) {
    for (index, alpha) in [(2_u32, 60), (1, 110), (0, 170)] {
        let from = x - speed * TRACE * f64::from(index);
        let to = from - speed * TRACE;
        let line = VIEW.points::<8>(|point| {
            let at = from + (to - from) * point as f64 / 3.0;
            [at, height(at) + 0.004]
        });
        scene.polygon(&Style::stroke(GOLD.alpha(alpha), VIEW.length(0.022)).id(id::TRACE + index), &line);
    }
}

fn car(scene: &mut Scene, x: f64, push: f64) {
    let steepness = 3.0 * 0.45 * cos(3.0 * x);
    let run = 1.0 / sqrt(1.0 + steepness * steepness);
    let forward = [run, steepness * run];
    let middle = [x - WHEEL * forward[1], height(x) + WHEEL * forward[0]];
    let place = |[along, up]: [f64; 2]| {
        let [along, up] = [along * CAR, up * CAR];
        [middle[0] + along * forward[0] - up * forward[1], middle[1] + along * forward[1] + up * forward[0]]
    };
    dust(scene, push, &place);
    scene.polygon(&Style::fill(SEA).id(id::BODY), &VIEW.points::<24>(|corner| place(BODY[corner % 12])));
    for (index, window) in (1..).zip([REAR_WINDOW, FRONT_WINDOW]) {
        let style = Style::fill(FOAM).id(id::BODY + index);
        scene.polygon(&style, &VIEW.points::<8>(|corner| place(window[corner % 4])));
    }
    scene.circle(&Style::fill(GOLD).id(id::BODY + 3), VIEW.point(place([0.079, 0.015])), VIEW.length(0.008));
    for (index, axle) in (0_u32..).zip(AXLES) {
        wheel(scene, &VIEW, id::WHEELS + 4 * index, place([axle, 0.0]), WHEEL, x / WHEEL);
    }
}

/// What the driven wheels throw behind them, the more the harder they push.
fn dust(scene: &mut Scene, push: f64, place: &dyn Fn([f64; 2]) -> [f64; 2]) {
    if push == 0.0 {
        return;
    }
    let behind = -push.signum();
    for (index, [along, up, radius]) in
        (0_u32..).zip([[0.104, -0.008, 0.02], [0.132, 0.002, 0.015], [0.154, -0.004, 0.01]])
    {
        let style = Style::fill(DUST.alpha(230)).id(id::DUST + index);
        scene.circle(&style, VIEW.point(place([behind * along, up])), VIEW.length(radius * sqrt(push.abs())));
    }
}

/// A bar from the middle, to the left or the right as the car goes.
fn speedometer(scene: &mut Scene, speed: f64) {
    const HALF: f32 = 0.11;
    const TOP: f32 = 0.95;
    const THICK: f32 = 0.022;
    let part = HALF * (speed / MAX_SPEED) as f32;
    let groove = Style::fill(INK.alpha(70));
    scene.turned_rectangle(&groove, [0.5 - HALF, TOP, 2.0 * HALF, THICK], THICK / 2.0, 0.0);
    let bar = [0.5 + part.min(0.0), TOP, part.abs(), THICK];
    scene.rectangle(&Style::fill(GOLD).id(id::SPEED), bar);
    scene.rectangle(&Style::fill(SKY), [0.499, TOP - 0.008, 0.002, THICK + 0.016]);
    scene.text(&Style::fill(SKY), [0.5, TOP - 0.03], 0.034, Align::Centre, "speed");
}
