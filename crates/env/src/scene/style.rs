//! How shapes and texts look.
use super::Colour;

/// How a shape is painted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Identity across steps; 0 for none.
    pub id: u32,
    /// Drawn from the lowest to the highest; equal depths in the order given.
    pub depth: i16,
    /// The inside; of a text its letters.
    pub fill: Colour,
    /// The outline.
    pub stroke: Colour,
    /// The outline's width.
    pub line: f32,
}

impl Style {
    /// An inside without an outline.
    pub const fn fill(fill: Colour) -> Self {
        Self { id: 0, depth: 0, fill, stroke: Colour::CLEAR, line: 0.0 }
    }

    /// An outline without an inside.
    pub const fn stroke(stroke: Colour, line: f32) -> Self {
        Self { id: 0, depth: 0, fill: Colour::CLEAR, stroke, line }
    }

    /// Adds an outline.
    pub const fn outlined(self, stroke: Colour, line: f32) -> Self {
        Self { stroke, line, ..self }
    }

    /// Gives it an identity, so that the page can move it smoothly.
    pub const fn id(self, id: u32) -> Self {
        Self { id, ..self }
    }

    /// Places it before or behind.
    pub const fn depth(self, depth: i16) -> Self {
        Self { depth, ..self }
    }
}

/// Which point of a text its place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each name says all there is to say")]
pub enum Align {
    Start,
    Centre,
    End,
}
