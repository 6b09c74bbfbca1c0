//! The painter for what is not drawn by a game: see `watch/`.
use palaestra_env::spec::Atlas;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlCanvasElement, HtmlImageElement};

use super::painter::Painter;
use super::sprite_cache::SpriteCache;

/// A painter on a canvas.
#[wasm_bindgen]
pub struct PainterHandle(Painter);

#[wasm_bindgen]
impl PainterHandle {
    /// On a canvas, for scenes of these proportions.
    ///
    /// # Errors
    /// A `PalaestraError` for a canvas without a context to be had.
    #[wasm_bindgen(constructor)]
    pub fn new(canvas: HtmlCanvasElement, aspect: f64) -> Result<Self, JsValue> {
        Ok(Self(Painter::new(canvas, aspect)?))
    }

    /// Draws sprites from a picture that has been decoded.
    pub fn sprites(&mut self, image: HtmlImageElement, columns: u16, rows: u16) {
        self.0.use_sprites(SpriteCache::of(image, &Atlas { image: String::new(), columns, rows }));
    }

    /// Takes a new scene in at a time: things move there in so many milliseconds, or jump. A broken one leaves the last.
    pub fn show(&mut self, scene: &[u8], at: f64, duration: f64, cut: bool) {
        let _ = self.0.show(scene, at, duration, cut);
    }

    /// Paints what is to be seen at a time.
    pub fn paint(&mut self, at: f64) {
        self.0.paint(at);
    }
}
