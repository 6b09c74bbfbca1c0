//! Agents and landmarks.
use std::f32::consts::TAU;

use palaestra_env::scene::{Align, Style};
use palaestra_env::{Colour, Scene};
use palaestra_math::sqrt;
use palaestra_scenery::palette::{CLAY, DANGER, DEEP_OLIVE, DEEP_SEA, DUST, GOLD, INK, OLIVE, SAGE, SEA};
use palaestra_scenery::view::View;

use super::picture::Picture;
use crate::world::{Role, World};

const PLUM: Colour = Colour::rgb(0x8a4a72);
const BROWN: Colour = Colour::rgb(0x8f5f2a);
const STONE: Colour = Colour::rgb(0x9c948a);
const DEEP_STONE: Colour = Colour::rgb(0x6e675f);
const SLATE: Colour = Colour::rgb(0x5b6470);
/// Whatever a speaker can say.
const WORDS: [Colour; 4] = [DANGER, OLIVE, SEA, GOLD];
const LETTERS: [&str; 4] = ["A", "B", "C", "D"];

/// What moves, in the page's eyes: each body has room for what belongs to it.
const FIRST: u32 = 100;
const PARTS: u32 = 10;

/// The colours of agents by role, in turn.
fn colours(role: Role, leads: bool) -> &'static [Colour] {
    match role {
        Role::Adversary if leads => &[DANGER, CLAY, PLUM, BROWN],
        Role::Adversary => &[CLAY, PLUM, BROWN, DANGER],
        Role::Good => &[OLIVE, SEA, GOLD, SLATE],
        Role::Speaker => &[PLUM],
        _ => &[SEA, OLIVE, CLAY, GOLD, PLUM, SLATE],
    }
}

/// Where and how large something is drawn.
struct Place<'a> {
    view: &'a View,
    at: [f64; 2],
    radius: f64,
    id: u32,
}

impl Place<'_> {
    /// A disk about a point near the middle, in radii.
    fn disk(&self, scene: &mut Scene, style: Style, part: u32, [x, y]: [f64; 2], radius: f64) {
        let [left, up] = self.at;
        let point = self.view.point([left + x * self.radius, up + y * self.radius]);
        scene.circle(&style.id(self.id + part), point, self.view.length(radius * self.radius));
    }
}

/// Draws all bodies: landmarks below, woods above who is in them.
pub(super) fn draw(scene: &mut Scene, picture: &Picture<'_>, view: &View, growth: f64) {
    let world = picture.world;
    let mut numbers = [0_usize; 3];
    for (number, body) in world.bodies.iter().enumerate() {
        let id = FIRST + PARTS * number as u32;
        let place = Place { view, at: world.places[number], radius: body.size * growth, id };
        if number < world.agents {
            let palette = colours(body.role, world.words > 0);
            let kind = match body.role {
                Role::Adversary => 0,
                Role::Good => 1,
                _ => 2,
            };
            let colour = palette[numbers[kind] % palette.len()];
            numbers[kind] += 1;
            agent(scene, &place, picture, number, colour);
        } else {
            landmark(scene, &place, picture, number);
        }
    }
}

fn agent(scene: &mut Scene, place: &Place<'_>, picture: &Picture<'_>, number: usize, colour: Colour) {
    let world = picture.world;
    let speaks = world.words > 0 && number == 0;
    let listens = world.bodies[0].role == Role::Speaker && number > 0;
    let colour = if listens { SLATE } else { colour };
    let skin = Style::fill(colour).outlined(INK.alpha(150), place.view.length(place.radius * 0.08)).depth(20);
    match world.bodies[number].role {
        // Ears, pointed or round, tell who hunts whom.
        Role::Adversary if world.bodies[number].collides => [-0.62, 0.62].into_iter().zip(1..).for_each(|(x, part)| {
            place.disk(scene, skin.depth(19), part, [x, 0.78], 0.34);
        }),
        Role::Good if world.bodies[number].collides => [-0.4, 0.4].into_iter().zip(1..).for_each(|(x, part)| {
            let [left, up] = place.at;
            let point = place.view.point([left + x * place.radius, up + 1.3 * place.radius]);
            let size = [place.view.length(0.28 * place.radius), place.view.length(0.75 * place.radius)];
            scene.ellipse(&skin.depth(19).id(place.id + part), point, size, 0.0);
        }),
        _ => {}
    }
    place.disk(scene, skin, 0, [0.0, 0.0], 1.0);
    // Who listens wears the colour of what it is to find, for everybody to see but its own policy.
    if let Some(goal) = picture.goal.filter(|_| listens) {
        let colour = lighter(WORDS[(goal - world.agents) % WORDS.len()]);
        place.disk(scene, Style::fill(colour).depth(20), 1, [0.0, -0.1], 0.72);
    }
    eyes(scene, place, world, number);
    if speaks {
        speech(scene, place, world);
    }
}

/// Eyes that look where it goes.
fn eyes(scene: &mut Scene, place: &Place<'_>, world: &World, number: usize) {
    let [x, y] = world.speeds[number];
    let speed = sqrt(x * x + y * y);
    let look = if speed > 1e-3 { [x / speed * 0.1, y / speed * 0.1] } else { [0.0, 0.0] };
    for (side, part) in [-0.36, 0.36].into_iter().zip([3, 5]) {
        let eye = [side + look[0], 0.22 + look[1]];
        place.disk(scene, Style::fill(Colour::WHITE).depth(21), part, eye, 0.27);
        place.disk(scene, Style::fill(INK).depth(22), part + 1, [eye[0] + look[0], eye[1] + look[1]], 0.14);
    }
}

/// What was said: each word's share of a disk beside the speaker's head, and the loudest one's letter.
fn speech(scene: &mut Scene, place: &Place<'_>, world: &World) {
    let said = &world.said[..world.words];
    let loudest = said.iter().enumerate().max_by(|(_, one), (_, other)| one.total_cmp(other));
    let Some((loudest, loudness)) = loudest.filter(|(_, loudness)| **loudness > 0.0) else { return };
    let [x, y] = place.at;
    let (x, y) = (x + place.radius * 2.2, y + place.radius * 1.6);
    let middle = place.view.point([x, y]);
    let radius = place.view.length(place.radius * 1.0);
    let bubble = Style::fill(Colour::WHITE).outlined(INK.alpha(110), place.view.length(0.008)).depth(60);
    let tail = [
        place.view.point([x - place.radius * 0.9, y - place.radius * 0.35]),
        place.view.point([x - place.radius * 0.35, y - place.radius * 0.9]),
        place.view.point([x - place.radius * 1.2, y - place.radius * 1.0]),
    ];
    let tail = [tail[0][0], tail[0][1], tail[1][0], tail[1][1], tail[2][0], tail[2][1]];
    scene.polygon(&bubble, &tail);
    scene.circle(&bubble.id(place.id + 7), middle, radius);
    let word = WORDS[loudest % WORDS.len()].alpha((80.0 + 175.0 * loudness) as u8);
    scene.circle(&Style::fill(word).depth(61).id(place.id + 8), middle, radius * 0.8);
    let letter = LETTERS[loudest % LETTERS.len()];
    scene.text(&Style::fill(Colour::WHITE).depth(62).id(place.id + 9), middle, radius * 1.1, Align::Centre, letter);
}

fn landmark(scene: &mut Scene, place: &Place<'_>, picture: &Picture<'_>, number: usize) {
    let world = picture.world;
    let outline = |colour: Colour| Style::stroke(colour, place.view.length(0.012));
    match world.bodies[number].role {
        Role::Obstacle => {
            place.disk(scene, Style::fill(DEEP_STONE).depth(-9), 1, [0.03, -0.05], 1.0);
            place.disk(scene, Style::fill(STONE).depth(-8), 0, [0.0, 0.0], 0.97);
            place.disk(scene, Style::fill(lighter(STONE)).depth(-7), 2, [-0.2, 0.25], 0.5);
        }
        Role::Food => {
            place.disk(scene, Style::fill(GOLD.alpha(60)).depth(-10), 1, [0.0, 0.0], 2.4);
            place.disk(scene, Style::fill(GOLD).outlined(CLAY, place.view.length(0.008)).depth(-5), 0, [0.0, 0.0], 1.0);
        }
        Role::Forest => forest(scene, place),
        _ => {
            let many_coloured = world.bodies[0].role == Role::Speaker;
            let goal = picture.goal == Some(number);
            let colour = match (many_coloured, goal) {
                (true, _) => WORDS[(number - world.agents) % WORDS.len()],
                (false, true) => GOLD,
                (false, false) => INK,
            };
            // The ring is there to be found, however small the landmark is.
            let ring = (place.radius * 1.8).max(0.085) / place.radius;
            let covered = (0..world.agents).any(|agent| world.distance(agent, number) < 0.1);
            let ground = Style::fill(colour.alpha(if covered { 120 } else { 40 })).depth(-10);
            place.disk(scene, ground, 1, [0.0, 0.0], ring);
            place.disk(scene, outline(colour).depth(-9), 2, [0.0, 0.0], ring);
            if goal {
                place.disk(scene, outline(colour.alpha(140)).depth(-9), 3, [0.0, 0.0], ring * 1.35);
            }
            place.disk(scene, Style::fill(colour).depth(-8), 0, [0.0, 0.0], 1.0);
        }
    }
}

/// A wood: its ground, and the crowns above those who are in it.
fn forest(scene: &mut Scene, place: &Place<'_>) {
    place.disk(scene, Style::fill(SAGE).depth(-20), 0, [0.0, 0.0], 1.0);
    place.disk(scene, Style::stroke(DUST, place.view.length(0.008)).depth(-19), 1, [0.0, 0.0], 1.0);
    let crown = |alpha: u8| {
        Style::fill(DEEP_OLIVE.alpha(alpha)).outlined(DEEP_SEA.alpha(40), place.view.length(0.006)).depth(40)
    };
    const CROWNS: u32 = 6;
    for number in 0..CROWNS {
        let angle = TAU * number as f32 / CROWNS as f32;
        let (sine, cosine) = (palaestra_math::sin_f32(angle), palaestra_math::cos_f32(angle));
        place.disk(scene, crown(110), 2 + number, [f64::from(cosine) * 0.62, f64::from(sine) * 0.62], 0.36);
    }
    place.disk(scene, crown(130), 2 + CROWNS, [0.0, 0.0], 0.36);
}

/// A colour nearer to white.
fn lighter(colour: Colour) -> Colour {
    let rgba = colour.rgba();
    let part = |shift: u32| {
        let part = rgba >> shift & 0xff;
        (part + (0xff - part) * 2 / 5) << (shift - 8)
    };
    Colour::rgb(part(24) | part(16) | part(8))
}
