//! Sprites, cut from an atlas at the size they are drawn at. An atlas is an SVG: drawn anew for every sprite of every frame it
//! costs milliseconds, a cut copy microseconds.
use palaestra_env::spec::Atlas;
use palaestra_protocol::ErrorCode;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

use crate::channel::url;
use crate::error::PageError;

/// More sizes than this are in use only while a window is being resized.
const MOST_CUTS: usize = 400;

/// The sprites of a game.
pub(crate) struct SpriteCache {
    image: HtmlImageElement,
    columns: u16,
    rows: u16,
    /// By frame, width and height in device pixels, in order.
    cuts: Vec<((u16, u32, u32), HtmlCanvasElement)>,
}

/// An atlas that is waited for, until it has come or this is dropped.
pub(crate) struct AtlasLoading {
    address: String,
    /// None once it has come.
    image: Option<HtmlImageElement>,
}

impl AtlasLoading {
    /// Begins to load an atlas.
    pub(crate) fn begin(atlas: &Atlas) -> Result<Self, PageError> {
        let address = url(&format!("art/{}", atlas.image));
        let image = HtmlImageElement::new().map_err(|_| no_picture(&address))?;
        image.set_src(&address);
        Ok(Self { address, image: Some(image) })
    }

    /// Waits until it can be drawn.
    pub(crate) fn decoded(&self) -> impl Future<Output = Result<(), PageError>> + use<> {
        let (address, decoding) = (self.address.clone(), self.image.as_ref().map(HtmlImageElement::decode));
        async move {
            let decoded = match decoding {
                Some(decoding) => JsFuture::from(decoding).await.is_ok(),
                None => false,
            };
            decoded.then_some(()).ok_or_else(|| no_picture(&address))
        }
    }
}

impl Drop for AtlasLoading {
    /// A browser has every picture of an address wait for the request that is under way: this one is to end.
    fn drop(&mut self) {
        self.image.iter().for_each(|image| image.set_src(""));
    }
}

fn no_picture(address: &str) -> PageError {
    PageError::new(ErrorCode::LoadFailed, format!("{address}: expected a picture, found none"))
}

impl SpriteCache {
    /// Cuts from an atlas that has come; none from one that was given up.
    pub(crate) fn new(atlas: &Atlas, mut loaded: AtlasLoading) -> Option<Self> {
        Some(Self::of(loaded.image.take()?, atlas))
    }

    /// Cuts from a picture that has been decoded.
    pub(super) fn of(image: HtmlImageElement, atlas: &Atlas) -> Self {
        Self { image, columns: atlas.columns.max(1), rows: atlas.rows.max(1), cuts: Vec::new() }
    }

    /// Draws a frame about the origin.
    pub(super) fn draw(
        &mut self,
        context: &CanvasRenderingContext2d,
        frame: u16,
        width: f64,
        height: f64,
    ) -> Result<(), JsValue> {
        if width < 1.0 || height < 1.0 {
            return Ok(());
        }
        let size = (width.ceil() as u32, height.ceil() as u32);
        if self.cuts.len() > MOST_CUTS {
            self.cuts.clear();
        }
        let key = (frame, size.0, size.1);
        let place = match self.cuts.binary_search_by_key(&key, |cut| cut.0) {
            Ok(place) => place,
            Err(place) => {
                let cut = self.cut(frame, size)?;
                self.cuts.insert(place, (key, cut));
                place
            }
        };
        let Some((_, cut)) = self.cuts.get(place) else { return Ok(()) };
        context.draw_image_with_html_canvas_element_and_dw_and_dh(cut, -width / 2.0, -height / 2.0, width, height)
    }

    fn cut(&self, frame: u16, (width, height): (u32, u32)) -> Result<HtmlCanvasElement, JsValue> {
        let document = web_sys::window().and_then(|window| window.document());
        let canvas = document.ok_or(JsValue::UNDEFINED)?.create_element("canvas")?;
        let canvas: HtmlCanvasElement = canvas.dyn_into().map_err(|_| JsValue::UNDEFINED)?;
        canvas.set_width(width);
        canvas.set_height(height);
        let context = canvas.get_context("2d")?.ok_or(JsValue::UNDEFINED)?;
        let context: CanvasRenderingContext2d = context.dyn_into().map_err(|_| JsValue::UNDEFINED)?;
        let cell_width = f64::from(self.image.natural_width()) / f64::from(self.columns);
        let cell_height = f64::from(self.image.natural_height()) / f64::from(self.rows);
        let (column, row) = (frame % self.columns, frame / self.columns);
        context.draw_image_with_html_image_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            &self.image,
            f64::from(column) * cell_width,
            f64::from(row) * cell_height,
            cell_width,
            cell_height,
            0.0,
            0.0,
            width.into(),
            height.into(),
        )?;
        Ok(canvas)
    }
}
