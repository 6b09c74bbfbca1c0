//! Words over the scenes of the family.
use std::fmt;

use palaestra_env::scene::{Align, Style};
use palaestra_env::{Colour, Scene};
use palaestra_scenery::palette::{INK, SKY};
use palaestra_scenery::words::Words;

/// A line of small text.
pub(super) fn words(scene: &mut Scene, place: [f32; 2], size: f32, align: Align, words: fmt::Arguments<'_>) {
    let style = Style::fill(INK.alpha(210));
    scene.text(&style, place, size, align, Words::new(words).as_str());
}

/// How the episode ended, on a plate over the middle of what is there. `aspect` is the scene's.
pub(super) fn verdict(scene: &mut Scene, [x, y]: [f32; 2], size: f32, aspect: f32, plate: Colour, words: &str) {
    // As wide as the letters are on average, and a letter more at both ends.
    let width = size * 0.56 * (words.chars().count() as f32 + 2.0) / aspect;
    let height = size * 1.8;
    let area = [x - width / 2.0, y - height / 2.0, width, height];
    let style = Style::fill(plate.alpha(235)).outlined(SKY, size * 0.1).depth(100);
    scene.turned_rectangle(&style, area, height / 2.0, 0.0);
    scene.text(&Style::fill(SKY).depth(100), [x, y], size, Align::Centre, words);
}
