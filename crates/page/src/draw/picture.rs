//! A scene, read once and kept to be painted many times.
use std::ops::Range;

use palaestra_env::scene::{Commands, Kind, SceneError, Style};

/// A scene's shapes in the order they are painted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Picture {
    pub(crate) shapes: Vec<Shape>,
    pub(crate) numbers: Vec<f32>,
    texts: String,
}

/// One shape; its numbers and its text stand in the picture.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) kind: Kind,
    pub(crate) detail: u16,
    pub(crate) style: Style,
    pub(crate) numbers: Range<usize>,
    text: Range<usize>,
}

impl Picture {
    /// Reads a scene. A broken one leaves the picture empty.
    pub(crate) fn read(&mut self, scene: &[u8]) -> Result<(), SceneError> {
        self.clear();
        for command in Commands::new(scene) {
            let command = command.inspect_err(|_| self.clear())?;
            let (number, letter) = (self.numbers.len(), self.texts.len());
            self.numbers.extend(command.numbers());
            self.texts.push_str(command.text);
            // Nearly always at the end: scenes are drawn from the back to the front.
            let place = self.shapes.partition_point(|shape| shape.style.depth <= command.style.depth);
            let shape = Shape {
                kind: command.kind,
                detail: command.detail,
                style: command.style,
                numbers: number..self.numbers.len(),
                text: letter..self.texts.len(),
            };
            self.shapes.insert(place, shape);
        }
        Ok(())
    }

    pub(crate) fn text(&self, shape: &Shape) -> &str {
        self.texts.get(shape.text.clone()).unwrap_or_default()
    }

    fn clear(&mut self) {
        self.shapes.clear();
        self.numbers.clear();
        self.texts.clear();
    }
}
