//! Text: the outlines of a font's letters, one beside the other.
use resvg::tiny_skia::{Path, PathBuilder, Transform};
use ttf_parser::{Face, OutlineBuilder};

/// A font that is ready to write with.
pub(crate) struct Letters {
    face: Face<'static>,
}

impl Letters {
    /// DejaVu Sans Bold. `None` never comes of the font that is built in.
    pub(crate) fn new() -> Option<Self> {
        Some(Self { face: Face::parse(dejavu::sans::bold(), 0).ok()? })
    }

    /// A line of text as one outline: `size` pixels high, its middle line at `y`. `place` says which part of its width lies left
    /// of `x`: 0 none, 0.5 half, 1 all of it. `None` where there is nothing to be seen.
    pub(crate) fn line(&self, text: &str, [x, y]: [f32; 2], size: f32, place: f32) -> Option<Path> {
        let scale = size / f32::from(self.face.units_per_em());
        let mut outline = Outline::default();
        for letter in text.chars() {
            let Some(glyph) = self.face.glyph_index(letter) else { continue };
            // Without an outline, as a blank, it takes its room all the same.
            let _ = self.face.outline_glyph(glyph, &mut outline);
            outline.x += f32::from(self.face.glyph_hor_advance(glyph).unwrap_or_default());
        }
        let width = outline.x * scale;
        // The middle between what stands above the line and what hangs below it, as a canvas has it.
        let middle = f32::from(self.face.ascender()) + f32::from(self.face.descender());
        let baseline = y + middle / 2.0 * scale;
        let onto = Transform::from_row(scale, 0.0, 0.0, -scale, x - width * place, baseline);
        outline.path.finish()?.transform(onto)
    }
}

/// A path in the font's own units, y upwards.
#[derive(Default)]
struct Outline {
    path: PathBuilder,
    /// Where the letter begins.
    x: f32,
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.x + x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.x + x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.path.quad_to(self.x + x1, y1, self.x + x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.path.cubic_to(self.x + x1, y1, self.x + x2, y2, self.x + x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stands_where_it_is_put_and_is_as_long_as_its_letters() {
        let letters = Letters::new().unwrap();
        let bounds = |text, place| letters.line(text, [100.0, 50.0], 20.0, place).unwrap().bounds();
        let (start, end) = (bounds("Hill", 0.0), bounds("Hill", 1.0));
        assert!(start.left() >= 99.0 && end.right() <= 101.0, "{start:?} {end:?}");
        assert!(bounds("HillHill", 0.0).width() > 1.8 * start.width());
        let middle = bounds("H", 0.5);
        assert!((middle.left() + middle.right() - 200.0).abs() < 1.0, "{middle:?}");
        assert!(middle.top() < 50.0 && middle.bottom() > 50.0 && middle.height() < 20.0, "{middle:?}");
    }

    #[test]
    fn blanks_and_letters_that_the_font_has_not_are_no_outline() {
        let letters = Letters::new().unwrap();
        assert!(letters.line("  \u{10ffff}", [0.0, 0.0], 20.0, 0.0).is_none());
    }
}
