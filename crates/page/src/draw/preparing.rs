//! A painter with its artwork.
use palaestra_env::Spec;
use web_sys::HtmlCanvasElement;

use super::painter::Painter;
use super::sprite_cache::{AtlasLoading, SpriteCache};
use crate::error::PageError;

/// Makes the painter of an environment, once its artwork is there. `swap` has the place in which the artwork stands while it is waited
/// for, and gives what stood there: whoever empties it gives the artwork up.
pub(crate) async fn painter_for(
    canvas: &HtmlCanvasElement,
    spec: &Spec,
    swap: impl Fn(Option<AtlasLoading>) -> Option<AtlasLoading>,
) -> Result<Painter, PageError> {
    let mut painter = Painter::new(canvas.clone(), f64::from(spec.aspect))?;
    if let Some(atlas) = &spec.atlas {
        let loading = AtlasLoading::begin(atlas)?;
        let decoded = loading.decoded();
        swap(Some(loading));
        decoded.await?;
        if let Some(sprites) = swap(None).and_then(|loaded| SpriteCache::new(atlas, loaded)) {
            painter.use_sprites(sprites);
        }
    }
    Ok(painter)
}
