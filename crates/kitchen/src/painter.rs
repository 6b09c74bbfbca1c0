//! A scene measured in cells instead of fractions of its width and height.
use std::fmt::{self, Write};

use palaestra_env::scene::{Align, Style};
use palaestra_env::{Colour, Scene};

use crate::{Grid, Position};

/// Free space around the kitchen.
const MARGIN: f32 = 0.3;
/// The strip of orders, score and time above it, with the space around.
const STRIP: f32 = 1.2;

/// Draws in cells, from the scene's upper left.
#[derive(Debug)]
pub struct Painter<'a> {
    scene: &'a mut Scene,
    size: [f32; 2],
}

/// The scene's width and height in cells.
pub fn size(grid: &Grid) -> [f32; 2] {
    [f32::from(grid.width()) + 2.0 * MARGIN, STRIP + f32::from(grid.height()) + MARGIN]
}

/// A cell's upper left corner.
pub fn corner(position: Position) -> [f32; 2] {
    [MARGIN + f32::from(position.x), STRIP + f32::from(position.y)]
}

impl<'a> Painter<'a> {
    /// Into `scene`, the picture of this kitchen.
    pub fn new(grid: &Grid, scene: &'a mut Scene) -> Self {
        Self { scene, size: size(grid) }
    }

    /// Fills the whole scene.
    pub fn background(&mut self, colour: Colour) {
        self.scene.background(colour);
    }

    /// A square sprite: its middle and its side.
    pub fn sprite(&mut self, style: &Style, frame: u16, [x, y]: [f32; 2], side: f32) {
        let area = self.area([x - side / 2.0, y - side / 2.0, side, side]);
        self.scene.sprite(style, frame, area, 0.0);
    }

    /// A rectangle: left, top, width, height.
    pub fn rectangle(&mut self, style: &Style, area: [f32; 4]) {
        self.rounded(style, area, 0.0);
    }

    /// A rectangle with round corners.
    pub fn rounded(&mut self, style: &Style, area: [f32; 4], corner: f32) {
        let area = self.area(area);
        self.scene.turned_rectangle(&self.style(style), area, corner / self.size[1], 0.0);
    }

    /// A circle about a point.
    pub fn circle(&mut self, style: &Style, centre: [f32; 2], radius: f32) {
        let centre = self.point(centre);
        self.scene.circle(&self.style(style), centre, radius / self.size[1]);
    }

    /// A piece of a pie, clockwise from the top; `share` of the whole.
    pub fn pie(&mut self, style: &Style, centre: [f32; 2], radius: f32, share: f32) {
        let top = -std::f32::consts::FRAC_PI_2;
        let centre = self.point(centre);
        let angles = [top, top + share * std::f32::consts::TAU];
        self.scene.arc(&self.style(style), centre, radius / self.size[1], angles);
    }

    /// A line of text, its middle line at the place's y.
    pub fn text(&mut self, style: &Style, at: [f32; 2], size: f32, align: Align, text: fmt::Arguments<'_>) {
        let mut label = Label::default();
        // A label that does not fit is cut: drawing must not fail.
        let _ = label.write_fmt(text);
        let at = self.point(at);
        self.scene.text(style, at, size / self.size[1], align, label.text());
    }

    fn point(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        [x / self.size[0], y / self.size[1]]
    }

    fn area(&self, [x, y, width, height]: [f32; 4]) -> [f32; 4] {
        [x / self.size[0], y / self.size[1], width / self.size[0], height / self.size[1]]
    }

    fn style(&self, style: &Style) -> Style {
        Style { line: style.line / self.size[1], ..*style }
    }
}

/// A short text put together without allocating.
#[derive(Default)]
struct Label {
    bytes: [u8; 24],
    len: usize,
}

impl Label {
    fn text(&self) -> &str {
        self.bytes.get(..self.len).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

impl Write for Label {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}
