//! The strip above the field: the mission, the steps so far, and what the agent carries.
use palaestra_env::Scene;
use palaestra_env::scene::{Align, Style};
use palaestra_scenery::words::Words;
use palaestra_text::Decimal;

use super::ending::Ending;
use super::layout::Layout;
use super::palette::{DANGER, GROOVE, INK, OLIVE, PAPER, SEA};
use super::{id, sprites};
use crate::level::Setup;
use crate::world::World;

// All as parts of the scene's width.
const LEFT: f32 = 0.035;
const RIGHT: f32 = 0.965;
const MISSION_SIZE: f32 = 0.037;
const LINES: [f32; 2] = [0.036, 0.077];
const ONE_LINE: f32 = 0.056;
const STEPS_LINE: f32 = 0.116;
const STEPS_SIZE: f32 = 0.024;
const METER_TOP: f32 = 0.137;
const METER_HEIGHT: f32 = 0.010;
/// The box for what is carried.
const HANDS: f32 = 0.126;
const HANDS_TOP: f32 = 0.019;
/// Letters that fit into a line.
const LETTERS: usize = 38;

/// Draws the strip.
pub(super) fn strip(scene: &mut Scene, layout: &Layout, setup: &Setup, world: &World, mission: &str) {
    let letters = Style::fill(INK);
    let mut line = |y: f32, text: &str| {
        scene.text(&letters, [LEFT, layout.length(y)], layout.length(MISSION_SIZE), Align::Start, text);
    };
    match in_two(mission) {
        Some((upper, lower)) => {
            line(LINES[0], upper);
            line(LINES[1], lower);
        }
        None => line(ONE_LINE, mission),
    }
    steps(scene, layout, world, if setup.hands { RIGHT - HANDS - 0.03 } else { RIGHT });
    if setup.hands {
        hands(scene, layout, world);
    }
}

/// A long sentence, cut at the space nearest its middle.
fn in_two(text: &str) -> Option<(&str, &str)> {
    let middle = text.len() / 2;
    let nearest = || text.match_indices(' ').map(|(at, _)| at).min_by_key(|at| at.abs_diff(middle));
    let at = Some(text.len()).filter(|len| *len > LETTERS).and_then(|_| nearest())?;
    text.split_at_checked(at).map(|(upper, lower)| (upper, lower.trim_start()))
}

fn steps(scene: &mut Scene, layout: &Layout, world: &World, right: f32) {
    let (steps, most) = (world.steps, world.max_steps);
    let bar = |part: f32| [LEFT, layout.length(METER_TOP), (right - LEFT) * part, layout.length(METER_HEIGHT)];
    let part = (f64::from(steps) / f64::from(most.max(1))).min(1.0) as f32;
    let corner = layout.length(METER_HEIGHT / 2.0);
    scene.turned_rectangle(&Style::fill(GROOVE), bar(1.0), corner, 0.0);
    scene.turned_rectangle(&Style::fill(SEA).id(id::METER), bar(part), corner, 0.0);
    let words = Words::new(format_args!("step {steps} of {most}"));
    let style = Style::fill(INK.alpha(190));
    scene.text(&style, [LEFT, layout.length(STEPS_LINE)], layout.length(STEPS_SIZE), Align::Start, words.as_str());
}

fn hands(scene: &mut Scene, layout: &Layout, world: &World) {
    let place = |inset: f32| {
        let size = HANDS - 2.0 * inset;
        [RIGHT - HANDS + inset, layout.length(HANDS_TOP + inset), size, layout.length(size)]
    };
    match sprites::cell(world.carrying) {
        None => scene.sprite(&Style::fill(INK), sprites::HANDS, sprites::around(place(0.0)), 0.0),
        Some(frame) => {
            let style = Style::fill(PAPER).outlined(INK.alpha(150), layout.length(0.004));
            scene.turned_rectangle(&style, place(0.004), layout.length(0.016), 0.0);
            scene.sprite(&Style::fill(INK).id(id::object(world.carrying)), frame, sprites::around(place(0.008)), 0.0);
        }
    }
}

/// How the episode ended, over the upper part of the field.
pub(super) fn verdict(scene: &mut Scene, layout: &Layout, setup: &Setup, world: &World, ending: Ending) {
    let (colour, words) = match ending {
        Ending::None => return,
        Ending::Won => (OLIVE, Words::new(format_args!("You made it: reward {:.2}", Decimal(world.won().reward)))),
        Ending::Lost => (DANGER, Words::new(format_args!("{}", setup.lost))),
        Ending::OutOfSteps => (DANGER, Words::new(format_args!("Out of steps"))),
    };
    let middle = layout.field_top() + layout.length(0.085);
    let (width, height) = (0.72, layout.length(0.1));
    let plate = Style::fill(PAPER.alpha(240)).outlined(colour, layout.length(0.006)).depth(1);
    let place = [0.5 - width / 2.0, middle - height / 2.0, width, height];
    scene.turned_rectangle(&plate, place, layout.length(0.03), 0.0);
    let letters = Style::fill(colour).depth(1);
    scene.text(&letters, [0.5, middle], layout.length(0.042), Align::Centre, words.as_str());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_long_mission_is_cut_and_only_between_words() {
        assert_eq!(in_two("open the door"), None);
        let long = "use the key to open the door and then get to the goal";
        assert_eq!(in_two(long), Some(("use the key to open the door", "and then get to the goal")));
        assert_eq!(in_two(&"x".repeat(60)), None);
    }
}
