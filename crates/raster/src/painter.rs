//! Painting a scene.
use std::fmt;

use palaestra_env::Colour;
use palaestra_env::scene::{Command, Commands, Kind, SceneError, Style};
use resvg::tiny_skia::{
    Color, FillRule, FilterQuality, IntSize, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, PixmapPaint, Rect,
    Stroke, Transform,
};

use crate::letters::Letters;
use crate::outline;
use crate::sprites::Sprites;

/// A picture, and what painting on it needs.
pub struct Painter {
    pixels: Pixmap,
    letters: Option<Letters>,
    sprites: Option<Sprites>,
}

/// A picture of a size that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeError {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl fmt::Display for SizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (most, Self { width, height }) = (Painter::MOST_PIXELS, self);
        write!(f, "expected a picture of 1 to {most} pixels across and down, found {width} × {height}")
    }
}

impl std::error::Error for SizeError {}

impl Painter {
    /// No picture is wider or higher, in pixels.
    pub const MOST_PIXELS: u32 = 8192;

    /// A white picture of so many pixels across and down. `sprites` are those of the environment that is drawn, if it has any.
    ///
    /// # Errors
    /// [`SizeError`] beyond [`MOST_PIXELS`](Self::MOST_PIXELS), and for no pixels at all.
    pub fn new(width: u32, height: u32, sprites: Option<Sprites>) -> Result<Self, SizeError> {
        let fits = width <= Self::MOST_PIXELS && height <= Self::MOST_PIXELS;
        let pixels = Pixmap::new(width, height).filter(|_| fits).ok_or(SizeError { width, height })?;
        Ok(Self { pixels, letters: Letters::new(), sprites })
    }

    /// Pixels across and down.
    pub fn size(&self) -> (u32, u32) {
        (self.pixels.width(), self.pixels.height())
    }

    /// Paints a scene over whatever was there.
    ///
    /// # Errors
    /// [`SceneError`] for bytes that are no scene. The picture is then as it was.
    pub fn paint(&mut self, scene: &[u8]) -> Result<(), SceneError> {
        let mut commands = Commands::new(scene).collect::<Result<Vec<_>, _>>()?;
        commands.sort_by_key(|command| command.style.depth);
        self.pixels.fill(Color::WHITE);
        commands.iter().for_each(|command| self.command(command));
        Ok(())
    }

    /// The picture: rows from the top, of each pixel red, green and blue.
    pub fn rgb(&self) -> Vec<u8> {
        // It was white before anything was painted: every pixel is opaque, and its colours are what they are.
        let (pixels, _) = self.pixels.data().as_chunks::<4>();
        pixels.iter().flat_map(|[red, green, blue, _]| [*red, *green, *blue]).collect()
    }

    fn command(&mut self, command: &Command<'_>) {
        let numbers: Vec<f32> = command.numbers().collect();
        let (width, height) = (self.pixels.width() as f32, self.pixels.height() as f32);
        let at = |index: usize| numbers.get(index).copied().unwrap_or_default();
        let (across, down) = (|index| at(index) * width, |index| at(index) * height);
        let style = &command.style;
        let flat = Transform::identity();
        match command.kind {
            Kind::Background => {
                if let Some(whole) = Rect::from_xywh(0.0, 0.0, width, height) {
                    self.pixels.fill_rect(whole, &paint(style.fill), flat, None);
                }
            }
            Kind::Rectangle => {
                let path = outline::rectangle(across(2), down(3), down(4));
                self.shape(path, style, about([across(0), down(1), across(2), down(3)], at(5)));
            }
            Kind::Circle => self.shape(PathBuilder::from_circle(across(0), down(1), down(2)), style, flat),
            Kind::Ellipse => {
                let (rx, ry) = (across(2), down(3));
                let path = Rect::from_ltrb(-rx, -ry, rx, ry).and_then(PathBuilder::from_oval);
                self.shape(path, style, about([across(0), down(1), 0.0, 0.0], at(4)));
            }
            Kind::Arc => {
                let pie = style.fill.opacity() > 0;
                self.shape(outline::arc([across(0), down(1)], down(2).max(0.0), [at(3), at(4)], pie), style, flat);
            }
            Kind::Line => {
                let mut path = PathBuilder::new();
                path.move_to(across(0), down(1));
                path.line_to(across(2), down(3));
                self.shape(path.finish(), style, flat);
            }
            Kind::Polygon => self.shape(polygon(&numbers, [width, height], style.fill.opacity() > 0), style, flat),
            Kind::Text => {
                let place = [0.0, 0.5].get(usize::from(command.detail)).copied().unwrap_or(1.0);
                let letters = self.letters.as_ref();
                let line = letters.and_then(|font| font.line(command.text, [across(0), down(1)], down(2), place));
                self.shape(line, &Style::fill(style.fill), flat);
            }
            Kind::Sprite => self.sprite(command, [across(0), down(1), across(2), down(3)], at(4)),
            Kind::Pixels => self.picture(&numbers),
        }
    }

    /// Fills and outlines a path. One that is none is left out: the rest of the picture is worth having.
    fn shape(&mut self, path: Option<Path>, style: &Style, onto: Transform) {
        let Some(path) = path else { return };
        if style.fill.opacity() > 0 {
            self.pixels.fill_path(&path, &paint(style.fill), FillRule::Winding, onto, None);
        }
        if style.stroke.opacity() > 0 && style.line > 0.0 {
            let width = style.line * self.pixels.height() as f32;
            let stroke = Stroke { width, line_cap: LineCap::Round, line_join: LineJoin::Round, ..Stroke::default() };
            self.pixels.stroke_path(&path, &paint(style.stroke), &stroke, onto, None);
        }
    }

    /// Some rows of a picture; see [`palaestra_env::Scene::pixels`].
    fn picture(&mut self, numbers: &[f32]) {
        let [x, y, across, down, columns, rows, first, _, pixels @ ..] = numbers else { return };
        let count = pixels.len() / (*columns as usize).max(1);
        let pixels = pixels.get(..count * *columns as usize).unwrap_or_default();
        let rgba = pixels.iter().flat_map(|pixel| pixel.to_le_bytes()).collect();
        let strip = IntSize::from_wh(*columns as u32, count as u32).and_then(|size| Pixmap::from_vec(rgba, size));
        let Some(strip) = strip.filter(|_| *rows > 0.0) else { return };
        let (width, height) = (self.pixels.width() as f32, self.pixels.height() as f32);
        let scale = [across * width / columns, down * height / rows];
        let place = Transform::from_row(scale[0], 0.0, 0.0, scale[1], x * width, y * height + first * scale[1]);
        self.pixels.draw_pixmap(0, 0, strip.as_ref(), &PixmapPaint::default(), place, None);
    }

    fn sprite(&mut self, command: &Command<'_>, place: [f32; 4], angle: f32) {
        let [_, _, width, height] = place;
        if !(width >= 1.0 && height >= 1.0) {
            return;
        }
        let size = [width.ceil().min(Self::MOST_PIXELS as f32), height.ceil().min(Self::MOST_PIXELS as f32)];
        let sprites = self.sprites.as_mut();
        let cut = sprites.and_then(|sprites| sprites.cut(command.detail, size[0] as u32, size[1] as u32));
        let Some(cut) = cut else { return };
        let onto = about(place, angle).pre_scale(width / size[0], height / size[1]);
        let onto = onto.pre_translate(-size[0] / 2.0, -size[1] / 2.0);
        let opacity = f32::from(command.style.fill.opacity()) / 255.0;
        let paint = PixmapPaint { opacity, quality: FilterQuality::Bilinear, ..PixmapPaint::default() };
        self.pixels.draw_pixmap(0, 0, cut.as_ref(), &paint, onto, None);
    }
}

/// The origin in the middle of a place, turned.
fn about([x, y, width, height]: [f32; 4], angle: f32) -> Transform {
    Transform::from_translate(x + width / 2.0, y + height / 2.0).pre_rotate(angle.to_degrees())
}

fn polygon(numbers: &[f32], [width, height]: [f32; 2], closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    let (points, _) = numbers.as_chunks::<2>();
    for (index, [x, y]) in points.iter().enumerate() {
        let (x, y) = (x * width, y * height);
        if index == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    if closed {
        path.close();
    }
    path.finish()
}

fn paint(colour: Colour) -> Paint<'static> {
    let [red, green, blue, alpha] = colour.rgba().to_be_bytes();
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(red, green, blue, alpha);
    paint
}
