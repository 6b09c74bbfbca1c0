//! Writing a scene.
use super::{Align, Colour, Commands, Kind, SceneError, Style};

/// What stands before the pixels of a command of [`Kind::Pixels`]: left, top, width and height of the whole picture in the scene, its
/// columns and rows, the first of the rows that follow, and nothing.
const PIXELS_HEAD: usize = 8;

/// A list of drawing commands, kept as the bytes that cross to the page.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    bytes: Vec<u8>,
}

impl Scene {
    /// An empty scene.
    pub fn new() -> Self {
        Self::default()
    }

    /// The commands as bytes; [`Commands`] reads them.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets the commands and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Fills the whole scene.
    pub fn background(&mut self, colour: Colour) {
        self.push(Kind::Background, 0, &Style::fill(colour).depth(i16::MIN), &[], "");
    }

    /// A rectangle: left, top, width, height.
    pub fn rectangle(&mut self, style: &Style, [x, y, width, height]: [f32; 4]) {
        self.turned_rectangle(style, [x, y, width, height], 0.0, 0.0);
    }

    /// A rectangle with rounded corners, turned about its middle.
    pub fn turned_rectangle(&mut self, style: &Style, [x, y, width, height]: [f32; 4], corner: f32, angle: f32) {
        self.push(Kind::Rectangle, 0, style, &[x, y, width, height, corner, angle], "");
    }

    /// A circle about a point.
    pub fn circle(&mut self, style: &Style, [x, y]: [f32; 2], radius: f32) {
        self.push(Kind::Circle, 0, style, &[x, y, radius], "");
    }

    /// An ellipse about a point; the radii are fractions of the scene's width and height.
    pub fn ellipse(&mut self, style: &Style, [x, y]: [f32; 2], [rx, ry]: [f32; 2], angle: f32) {
        self.push(Kind::Ellipse, 0, style, &[x, y, rx, ry, angle], "");
    }

    /// Part of a circle's line, clockwise from one angle to another; with a fill, the pie piece.
    pub fn arc(&mut self, style: &Style, [x, y]: [f32; 2], radius: f32, [from, to]: [f32; 2]) {
        self.push(Kind::Arc, 0, style, &[x, y, radius, from, to], "");
    }

    /// A line from point to point.
    pub fn line(&mut self, style: &Style, [x1, y1]: [f32; 2], [x2, y2]: [f32; 2]) {
        self.push(Kind::Line, 0, style, &[x1, y1, x2, y2], "");
    }

    /// A closed shape through points given as x, y, x, y, …. Without a fill, the open line through them.
    pub fn polygon(&mut self, style: &Style, points: &[f32]) {
        self.push(Kind::Polygon, 0, style, points, "");
    }

    /// A line of text, its middle line at `y`.
    pub fn text(&mut self, style: &Style, [x, y]: [f32; 2], size: f32, align: Align, text: &str) {
        self.push(Kind::Text, align as u16, style, &[x, y, size], text);
    }

    /// Sprite number `frame` of the environment's [`Atlas`](crate::Atlas): left, top, width, height, turned about its middle.
    /// The style gives identity, depth and, by the alpha of its fill, opacity.
    pub fn sprite(&mut self, style: &Style, frame: u16, [x, y, width, height]: [f32; 4], angle: f32) {
        self.push(Kind::Sprite, frame, style, &[x, y, width, height, angle], "");
    }

    /// A picture of pixels, scaled into a place: left, top, width, height. `rgba` has four bytes for each pixel, row after row. A command
    /// holds some 65,000 pixels: a larger picture becomes several, each of some rows. Nothing is drawn where there are fewer bytes than
    /// pixels, or no whole row fits.
    pub fn pixels(&mut self, [x, y, width, height]: [f32; 4], [columns, rows]: [u16; 2], rgba: &[u8]) {
        let (across, down) = (usize::from(columns), usize::from(rows));
        let at_once = (usize::from(u16::MAX) - 1 - PIXELS_HEAD).checked_div(across).unwrap_or(0);
        let (pixels, _) = rgba.as_chunks::<4>();
        let Some(pixels) = pixels.get(..across * down).filter(|_| at_once > 0) else { return };
        for (strip, pixels) in pixels.chunks(at_once * across).enumerate() {
            let first = (strip * at_once) as f32;
            let head = [x, y, width, height, f32::from(columns), f32::from(rows), first, 0.0];
            // The bytes of a pixel stand where another kind of command has the bytes of a number.
            // Numbers come in pairs.
            let (count, odd) = (head.len() + pixels.len(), pixels.len() % 2);
            self.push_head(Kind::Pixels, 0, &Style::fill(Colour::WHITE), (count + odd) as u16, 0);
            self.bytes.extend(head.iter().flat_map(|number| number.to_le_bytes()));
            self.bytes.extend_from_slice(pixels.as_flattened());
            self.bytes.extend_from_slice(&[0; 4][..4 * odd]);
        }
    }

    /// Adds commands as bytes, in the form that [`bytes`](Self::bytes) gives.
    ///
    /// # Errors
    /// [`SceneError`] for bytes that are none; nothing is added then.
    pub fn extend(&mut self, commands: &[u8]) -> Result<(), SceneError> {
        Commands::new(commands).try_for_each(|command| command.map(drop))?;
        self.bytes.extend_from_slice(commands);
        Ok(())
    }

    fn push(&mut self, kind: Kind, detail: u16, style: &Style, numbers: &[f32], text: &str) {
        // Lengths are cut rather than refused: a scene is for the eye, and drawing must not fail.
        let numbers = numbers.get(..usize::from(u16::MAX)).unwrap_or(numbers);
        let text = text.get(..usize::from(u16::MAX)).unwrap_or(text);
        let text_len = u16::try_from(text.len()).unwrap_or(0);
        self.push_head(kind, detail, style, numbers.len() as u16, text_len);
        self.bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        self.bytes.extend_from_slice(text.get(..usize::from(text_len)).unwrap_or_default().as_bytes());
    }

    fn push_head(&mut self, kind: Kind, detail: u16, style: &Style, numbers: u16, text_len: u16) {
        self.bytes.push(kind as u8);
        self.bytes.extend_from_slice(&detail.to_le_bytes());
        self.bytes.extend_from_slice(&style.id.to_le_bytes());
        self.bytes.extend_from_slice(&style.depth.to_le_bytes());
        self.bytes.extend_from_slice(&style.fill.rgba().to_le_bytes());
        self.bytes.extend_from_slice(&style.stroke.rgba().to_le_bytes());
        self.bytes.extend_from_slice(&style.line.to_le_bytes());
        self.bytes.extend_from_slice(&numbers.to_le_bytes());
        self.bytes.extend_from_slice(&text_len.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Command;

    #[test]
    fn commands_read_back_as_they_were_given() {
        let mut scene = Scene::new();
        scene.background(Colour::WHITE);
        scene.sprite(&Style::fill(Colour::BLACK).id(7).depth(-2), 12, [0.1, 0.2, 0.3, 0.4], 0.5);
        scene.text(&Style::fill(Colour::BLACK), [0.5, 0.5], 0.1, Align::End, "Überzeit");
        let commands: Vec<Command<'_>> = Commands::new(scene.bytes()).collect::<Result<_, _>>().unwrap();
        assert_eq!(commands[0].kind, Kind::Background);
        assert_eq!((commands[1].kind, commands[1].detail, commands[1].style.id), (Kind::Sprite, 12, 7));
        assert_eq!(commands[1].numbers().collect::<Vec<_>>(), [0.1, 0.2, 0.3, 0.4, 0.5]);
        assert_eq!(commands[1].style.depth, -2);
        assert_eq!((commands[2].text, commands[2].detail), ("Überzeit", Align::End as u16));
    }

    #[test]
    fn a_style_is_drawn_as_it_was_put_together() {
        let both = Style::fill(Colour::BLACK).outlined(Colour::WHITE, 0.25).id(9).depth(3);
        let expected = Style { id: 9, depth: 3, fill: Colour::BLACK, stroke: Colour::WHITE, line: 0.25 };
        let line = Style { id: 0, depth: 0, fill: Colour::CLEAR, stroke: Colour::WHITE, line: 0.5 };
        for (style, expected) in [(both, expected), (Style::stroke(Colour::WHITE, 0.5), line)] {
            let mut scene = Scene::new();
            scene.circle(&style, [0.5, 0.5], 0.1);
            assert_eq!(Commands::new(scene.bytes()).next().unwrap().unwrap().style, expected);
        }
    }

    #[test]
    fn a_picture_becomes_as_many_commands_as_it_needs() {
        let rgba: Vec<u8> = (0..400u32 * 300).flat_map(|pixel| (pixel | 0xff00_0000).to_le_bytes()).collect();
        let mut scene = Scene::new();
        scene.pixels([0.0, 0.0, 1.0, 1.0], [400, 300], &rgba);
        let mut seen = Vec::new();
        for command in Commands::new(scene.bytes()) {
            let command = command.unwrap();
            let numbers: Vec<f32> = command.numbers().collect();
            assert_eq!((command.kind, &numbers[..6]), (Kind::Pixels, &[0.0, 0.0, 1.0, 1.0, 400.0, 300.0][..]));
            assert_eq!(numbers[6] as usize * 400 * 4, seen.len());
            seen.extend(numbers[8..].iter().flat_map(|pixel| pixel.to_le_bytes()));
        }
        assert_eq!(seen, rgba);
        scene.clear();
        for (size, bytes) in [([2, 2], 15), ([0, 4], 16), ([u16::MAX, 1], 4 << 16)] {
            scene.pixels([0.0, 0.0, 1.0, 1.0], size, &vec![0; bytes]);
        }
        assert!(scene.bytes().is_empty());
    }

    #[test]
    fn commands_are_added_as_bytes_whole_or_not_at_all() {
        let (mut whole, mut scene) = (Scene::new(), Scene::new());
        whole.circle(&Style::fill(Colour::BLACK), [0.5, 0.5], 0.1);
        scene.extend(whole.bytes()).unwrap();
        let cut = scene.extend(&whole.bytes()[..20]);
        assert!(matches!(cut, Err(SceneError::Truncated(_))));
        assert_eq!(scene.bytes(), whole.bytes());
    }

    #[test]
    fn cut_or_unknown_bytes_are_errors() {
        let mut scene = Scene::new();
        scene.circle(&Style::fill(Colour::BLACK), [0.5, 0.5], 0.1);
        for end in 1..scene.bytes().len() {
            assert!(Commands::new(&scene.bytes()[..end]).any(|command| command.is_err()), "{end}");
        }
        assert_eq!(Commands::new(&[200; 40]).next(), Some(Err(SceneError::UnknownKind(200))));
    }
}
