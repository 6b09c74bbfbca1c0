//! Reading a scene's bytes.
//!
//! ```text
//! kind u8 │ detail u16 │ id u32 │ depth i16 │ fill u32 │ stroke u32 │ line f32 │ n u16 │ text u16 │ n × f32 │ text bytes
//! ```
use std::fmt;

use super::{Colour, Style};
use crate::bytes::{Cursor, Truncated};

/// What a command draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "each is the method of Scene with its name")]
pub enum Kind {
    Background,
    Rectangle,
    Circle,
    Ellipse,
    Arc,
    Line,
    Polygon,
    Text,
    Sprite,
    Pixels,
}

impl Kind {
    const ALL: [Kind; 10] = [
        Kind::Background,
        Kind::Rectangle,
        Kind::Circle,
        Kind::Ellipse,
        Kind::Arc,
        Kind::Line,
        Kind::Polygon,
        Kind::Text,
        Kind::Sprite,
        Kind::Pixels,
    ];

    /// How many numbers a command of this kind has; `None` where it varies.
    fn numbers(self) -> Option<usize> {
        match self {
            Kind::Background => Some(0),
            Kind::Rectangle => Some(6),
            Kind::Circle | Kind::Text => Some(3),
            Kind::Ellipse | Kind::Arc | Kind::Sprite => Some(5),
            Kind::Line => Some(4),
            Kind::Polygon | Kind::Pixels => None,
        }
    }

    /// The place of an angle among the numbers: what is interpolated the short way round.
    pub fn angle(self) -> Option<usize> {
        match self {
            Kind::Rectangle => Some(5),
            Kind::Ellipse | Kind::Sprite => Some(4),
            _ => None,
        }
    }
}

/// One drawing command.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Command<'a> {
    /// What it draws.
    pub kind: Kind,
    /// A sprite's frame, a text's [`Align`](super::Align).
    pub detail: u16,
    /// How.
    pub style: Style,
    /// A text's letters.
    pub text: &'a str,
    numbers: &'a [u8],
}

impl<'a> Command<'a> {
    /// The numbers in the order of the [`Scene`](super::Scene) method's parameters; as many as the kind has.
    pub fn numbers(&self) -> impl ExactSizeIterator<Item = f32> + use<'a> {
        let (chunks, _) = self.numbers.as_chunks::<4>();
        chunks.iter().map(|bytes| f32::from_le_bytes(*bytes))
    }
}

/// Bytes that are no scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SceneError {
    /// They end inside a command.
    Truncated(Truncated),
    /// A command of no known kind.
    UnknownKind(u8),
    /// A command with more or fewer numbers than its kind has.
    Numbers {
        /// Its kind.
        kind: Kind,
        /// How many came.
        found: usize,
    },
    /// A text that is not UTF-8.
    NotUtf8,
}

impl From<Truncated> for SceneError {
    fn from(error: Truncated) -> Self {
        SceneError::Truncated(error)
    }
}

impl fmt::Display for SceneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SceneError::Truncated(error) => write!(f, "the scene ends inside a command: {error}"),
            SceneError::UnknownKind(kind) => write!(f, "expected a drawing command from 0 to 9, found {kind}"),
            SceneError::Numbers { kind, found } => match kind.numbers() {
                Some(expected) => write!(f, "{kind:?}: expected {expected} numbers, found {found}"),
                None => write!(f, "{kind:?}: expected pairs of numbers, found {found}"),
            },
            SceneError::NotUtf8 => f.write_str("expected a text in UTF-8, found other bytes"),
        }
    }
}

impl std::error::Error for SceneError {}

/// Iterates over a scene's commands; ends after the first error.
#[derive(Clone, Debug)]
pub struct Commands<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Commands<'a> {
    /// Reads from the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { cursor: Cursor::new(bytes) }
    }

    fn read(&mut self) -> Result<Command<'a>, SceneError> {
        let kind = self.cursor.u8()?;
        let kind = *Kind::ALL.get(usize::from(kind)).ok_or(SceneError::UnknownKind(kind))?;
        let detail = self.cursor.u16()?;
        let style = Style {
            id: self.cursor.u32()?,
            depth: i16::from_le_bytes(self.cursor.array()?),
            fill: Colour::from_rgba(self.cursor.u32()?),
            stroke: Colour::from_rgba(self.cursor.u32()?),
            line: self.cursor.f32()?,
        };
        let count = usize::from(self.cursor.u16()?);
        let text_len = usize::from(self.cursor.u16()?);
        if kind.numbers().map_or(count % 2 != 0, |expected| expected != count) {
            return Err(SceneError::Numbers { kind, found: count });
        }
        let numbers = self.cursor.take(count * 4)?;
        let text = std::str::from_utf8(self.cursor.take(text_len)?).map_err(|_| SceneError::NotUtf8)?;
        Ok(Command { kind, detail, style, text, numbers })
    }
}

impl<'a> Iterator for Commands<'a> {
    type Item = Result<Command<'a>, SceneError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.cursor.left() == 0 {
            return None;
        }
        let command = self.read();
        if command.is_err() {
            self.cursor = Cursor::new(&[]);
        }
        Some(command)
    }
}
