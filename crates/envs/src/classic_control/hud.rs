//! The words and the step count that both scenes have at their upper edge.
use std::fmt;

use palaestra_env::scene::Align;
use palaestra_env::{Scene, scene::Style};

use super::palette::{DUST, INK, SEA};

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

/// A line of text that is put together without allocating, since a scene is drawn at every step. What does not fit is cut.
struct Words {
    bytes: [u8; Self::CAPACITY],
    len: usize,
}

impl Words {
    const CAPACITY: usize = 48;

    fn new(words: fmt::Arguments<'_>) -> Self {
        let mut line = Self { bytes: [0; Self::CAPACITY], len: 0 };
        // The only failure is a full line, and that line is as good as it gets.
        let _ = fmt::write(&mut line, words);
        line
    }

    fn as_str(&self) -> &str {
        self.bytes.get(..self.len).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

impl fmt::Write for Words {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_put_together_and_cut_before_the_piece_that_does_not_fit() {
        assert_eq!(Words::new(format_args!("angle {:+.1}°", -3.25)).as_str(), "angle -3.2°");
        assert_eq!(Words::new(format_args!("{} {}", "a", "b".repeat(80))).as_str(), "a ");
    }
}
