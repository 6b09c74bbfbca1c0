//! The words and the step count that all of the family's scenes have at their upper edge.
use std::fmt;

use palaestra_env::scene::Align;
use palaestra_env::{Scene, scene::Style};
use palaestra_scenery::palette::{DUST, INK, SEA};
use palaestra_scenery::words::Words;

const LEFT: f32 = 0.04;
const RIGHT: f32 = 0.96;
const METER_TOP: f32 = 0.045;
const METER_HEIGHT: f32 = 0.012;
const TEXT_SIZE: f32 = 0.036;
const TEXT_LINE: f32 = 0.096;
const METER_ID: u32 = 1000;

/// How much of the episode has passed, as a bar across the scene and in words below its left end.
pub(super) fn step_count(scene: &mut Scene, steps: u32, limit: u32) {
    let bar = |part: f32| [LEFT, METER_TOP, (RIGHT - LEFT) * part, METER_HEIGHT];
    let part = (f64::from(steps) / f64::from(limit.max(1))).min(1.0) as f32;
    scene.turned_rectangle(&Style::fill(DUST), bar(1.0), METER_HEIGHT / 2.0, 0.0);
    scene.turned_rectangle(&Style::fill(SEA).id(METER_ID), bar(part), METER_HEIGHT / 2.0, 0.0);
    let words = Words::new(format_args!("step {steps} of {limit}"));
    scene.text(&Style::fill(INK.alpha(200)), [LEFT, TEXT_LINE], TEXT_SIZE, Align::Start, words.as_str());
}

/// A reading, below the right end of the bar.
pub(super) fn reading(scene: &mut Scene, words: fmt::Arguments<'_>) {
    let style = Style::fill(INK.alpha(200));
    scene.text(&style, [RIGHT, TEXT_LINE], TEXT_SIZE, Align::End, Words::new(words).as_str());
}

/// How the episode ended, in the middle.
pub(super) fn verdict(scene: &mut Scene, style: &Style, words: &str) {
    scene.text(style, [0.5, 0.19], 0.06, Align::Centre, words);
}
