//! Painting pictures on a canvas.
use palaestra_env::Colour;
use palaestra_env::scene::{Kind, SceneError, Style};
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::picture::{Picture, Shape};
use super::sprite_cache::SpriteCache;
use super::tween::Tween;
use crate::error::PageError;
use crate::js;

const FONT: &str = "ui-rounded, system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
const FULL_TURN: f64 = std::f64::consts::TAU;

#[wasm_bindgen(module = "/src/page.js")]
extern "C" {
    /// Paints some rows of a picture; nothing on pages whose environments have none. See `guest/pixels.js`.
    fn pixels(context: &CanvasRenderingContext2d, numbers: &[f32], width: f64, height: f64);

    /// Has a canvas keep the width that it has on the page, however many pixels it is given.
    #[wasm_bindgen(js_name = keepWidth)]
    fn keep_width(canvas: &HtmlCanvasElement);
}

/// The colours that were needed so far, in order, as CSS has them.
type Colours = Vec<(u32, String)>;

/// A canvas, what is on it, and what it is moving to.
pub(crate) struct Painter {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    aspect: f64,
    sprites: Option<SpriteCache>,
    tween: Tween,
    colours: Colours,
    /// Size in device pixels that the canvas was last painted at.
    size: (u32, u32),
}

impl Painter {
    pub(crate) fn new(canvas: HtmlCanvasElement, aspect: f64) -> Result<Self, PageError> {
        let context = canvas.get_context("2d").ok().flatten();
        let context = context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
        let context = context.ok_or_else(|| PageError::argument("canvas: expected one with a 2d context to be had"))?;
        let (sprites, tween, colours, size) = (None, Tween::default(), Colours::new(), (0, 0));
        Ok(Self { canvas, context, aspect, sprites, tween, colours, size })
    }

    /// Draws sprites from an atlas.
    pub(crate) fn use_sprites(&mut self, sprites: SpriteCache) {
        self.sprites = Some(sprites);
    }

    /// Takes a new scene in; see [`Tween::show`].
    pub(crate) fn show(&mut self, scene: &[u8], at: f64, duration: f64, cut: bool) -> Result<(), SceneError> {
        self.tween.show(scene, at, duration, cut)
    }

    /// Paints what is to be seen at a time. Says whether there was anything to paint.
    pub(crate) fn paint(&mut self, at: f64) -> bool {
        self.fit();
        let Some((picture, numbers)) = self.tween.look(at) else { return false };
        let (width, height) = (f64::from(self.size.0), f64::from(self.size.1));
        self.context.clear_rect(0.0, 0.0, width, height);
        let mut brush =
            Brush { context: &self.context, colours: &mut self.colours, sprites: self.sprites.as_mut(), width, height };
        for shape in &picture.shapes {
            // A shape that the canvas refuses is left out; the rest of the picture is worth having.
            let _ = brush.shape(picture, shape, numbers.get(shape.numbers.clone()).unwrap_or_default());
        }
        true
    }

    /// Gives the canvas as many pixels as the screen has for it, in the scene's proportions.
    fn fit(&mut self) {
        let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio()).clamp(1.0, 3.0);
        let shown = f64::from(self.canvas.client_width());
        let width = if shown > 0.0 { shown * ratio } else { f64::from(self.canvas.width()) };
        let size = (width.round() as u32, (width / self.aspect).round() as u32);
        if size != self.size && size.0 > 0 && size.1 > 0 {
            self.size = size;
            // Of a canvas without a width of its own what is shown follows from its pixels, and its padding would be added again and again.
            if shown > 0.0 && size.0 != self.canvas.width() {
                keep_width(&self.canvas);
            }
            self.canvas.set_width(size.0);
            self.canvas.set_height(size.1);
            self.tween.touch();
        }
    }
}

/// What painting one picture needs.
struct Brush<'a> {
    context: &'a CanvasRenderingContext2d,
    colours: &'a mut Colours,
    sprites: Option<&'a mut SpriteCache>,
    width: f64,
    height: f64,
}

impl Brush<'_> {
    fn shape(&mut self, picture: &Picture, shape: &Shape, numbers: &[f32]) -> Result<(), JsValue> {
        let (width, height) = (self.width, self.height);
        let at = |index: usize| numbers.get(index).copied().map_or(0.0, f64::from);
        let across = |index: usize| at(index) * width;
        let down = |index: usize| at(index) * height;
        let context = self.context;
        let style = &shape.style;
        match shape.kind {
            Kind::Background => {
                self.fill_with(style.fill);
                context.fill_rect(0.0, 0.0, width, height);
            }
            Kind::Rectangle => {
                let (w, h) = (across(2), down(3));
                self.turned([across(0), down(1), w, h], at(5), |brush| {
                    brush.context.begin_path();
                    let corner = (down(4)).min(w / 2.0).min(h / 2.0);
                    if corner > 0.0 {
                        brush.context.round_rect_with_f64(-w / 2.0, -h / 2.0, w, h, corner)?;
                    } else {
                        brush.context.rect(-w / 2.0, -h / 2.0, w, h);
                    }
                    brush.finish(style);
                    Ok(())
                })?;
            }
            Kind::Circle => {
                context.begin_path();
                context.arc(across(0), down(1), down(2).max(0.0), 0.0, FULL_TURN)?;
                self.finish(style);
            }
            Kind::Ellipse => {
                context.begin_path();
                let (rx, ry) = (across(2).max(0.0), down(3).max(0.0));
                context.ellipse(across(0), down(1), rx, ry, at(4), 0.0, FULL_TURN)?;
                self.finish(style);
            }
            Kind::Arc => {
                context.begin_path();
                if style.fill.opacity() > 0 {
                    context.move_to(across(0), down(1));
                }
                context.arc(across(0), down(1), down(2).max(0.0), at(3), at(4))?;
                self.finish(style);
            }
            Kind::Line => {
                context.begin_path();
                context.move_to(across(0), down(1));
                context.line_to(across(2), down(3));
                self.finish(style);
            }
            Kind::Polygon => {
                context.begin_path();
                for (index, point) in numbers.chunks_exact(2).enumerate() {
                    let (x, y) = match point {
                        [x, y] => (f64::from(*x) * width, f64::from(*y) * height),
                        _ => continue,
                    };
                    if index == 0 { context.move_to(x, y) } else { context.line_to(x, y) }
                }
                if style.fill.opacity() > 0 {
                    context.close_path();
                }
                self.finish(style);
            }
            Kind::Text => {
                // In tenths: printing any fraction takes much code.
                let tenths = (down(2).max(0.0) * 10.0).round() as u32;
                context.set_font(&format!("600 {}.{}px {FONT}", tenths / 10, tenths % 10));
                context.set_text_baseline("middle");
                context.set_text_align(match shape.detail {
                    // Not start and end: on a page that is written from right to left these are the other way round.
                    0 => "left",
                    1 => "center",
                    _ => "right",
                });
                self.fill_with(style.fill);
                context.fill_text(picture.text(shape), across(0), down(1))?;
            }
            Kind::Sprite => self.sprite(shape, [across(0), down(1), across(2), down(3)], at(4))?,
            Kind::Pixels => pixels(context, numbers, width, height),
        }
        Ok(())
    }

    fn sprite(&mut self, shape: &Shape, place: [f64; 4], angle: f64) -> Result<(), JsValue> {
        let [_, _, width, height] = place;
        self.context.set_global_alpha(f64::from(shape.style.fill.opacity()) / 255.0);
        let drawn = self.turned(place, angle, |brush| match &mut brush.sprites {
            Some(sprites) => sprites.draw(brush.context, shape.detail, width, height),
            None => Ok(()),
        });
        self.context.set_global_alpha(1.0);
        drawn
    }

    /// Draws about the middle of a place, turned.
    fn turned(
        &mut self,
        [x, y, w, h]: [f64; 4],
        angle: f64,
        draw: impl FnOnce(&mut Self) -> Result<(), JsValue>,
    ) -> Result<(), JsValue> {
        self.context.translate(x + w / 2.0, y + h / 2.0)?;
        if angle != 0.0 {
            self.context.rotate(angle)?;
        }
        let drawn = draw(self);
        self.context.reset_transform()?;
        drawn
    }

    fn finish(&mut self, style: &Style) {
        if style.fill.opacity() > 0 {
            self.fill_with(style.fill);
            self.context.fill();
        }
        if style.stroke.opacity() > 0 && style.line > 0.0 {
            let colour = css(self.colours, style.stroke);
            self.context.set_stroke_style_str(colour);
            self.context.set_line_width(f64::from(style.line) * self.height);
            self.context.set_line_cap("round");
            self.context.set_line_join("round");
            self.context.stroke();
        }
    }

    fn fill_with(&mut self, colour: Colour) {
        self.context.set_fill_style_str(css(self.colours, colour));
    }
}

/// Colours that are kept.
const MOST_COLOURS: usize = 1000;

/// A colour as CSS has it, made once.
fn css(colours: &mut Colours, colour: Colour) -> &str {
    let rgba = colour.rgba();
    let place = match colours.binary_search_by_key(&rgba, |known| known.0) {
        Ok(place) => place,
        Err(place) => {
            // A guest may have another one in every picture.
            if colours.len() >= MOST_COLOURS {
                colours.clear();
            }
            let place = place.min(colours.len());
            colours.insert(place, (rgba, format!("#{rgba:08x}")));
            place
        }
    };
    colours.get(place).map_or("", |known| &known.1)
}

/// A canvas from an option of the page.
pub(crate) fn canvas_from(value: &JsValue) -> Result<HtmlCanvasElement, PageError> {
    value
        .clone()
        .dyn_into()
        .map_err(|_| PageError::argument(format!("canvas: expected a <canvas> element, found {}", js::shown(value))))
}
