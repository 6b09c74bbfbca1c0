//! The picture of an environment.
use numpy::{PyArray1, PyArrayMethods};
use palaestra_env::{Env, Scene};
use palaestra_raster::{Painter, Sprites};
use pyo3::prelude::*;

use crate::error::{ArgumentError, PalaestraError};

/// What painting needs, kept from one picture to the next.
pub(crate) struct Picture {
    painter: Painter,
    scene: Scene,
}

impl Picture {
    /// Of an environment, so many pixels across and as many down as the scene's proportions make of them: an even number, since
    /// most videos can have no other.
    pub(crate) fn new(env: &Env, width: u32) -> PyResult<Self> {
        let spec = env.spec();
        let height = (f64::from(width) / f64::from(spec.aspect) / 2.0).round() as u32 * 2;
        let art = palaestra_envs::FAMILIES.iter().flat_map(|family| family.artwork);
        let sprites = spec.atlas.as_ref().and_then(|atlas| {
            let picture = art.clone().find(|picture| picture.path == atlas.image)?;
            Some(Sprites::new(atlas, picture.bytes))
        });
        let sprites = sprites.transpose().map_err(|error| PalaestraError::new_err(error.to_string()))?;
        let painter = Painter::new(width, height, sprites);
        let painter = painter.map_err(|error| ArgumentError::new_err(format!("argument `render_width`: {error}")))?;
        Ok(Self { painter, scene: Scene::new() })
    }

    /// The present state, painted: rows from the top, of each pixel red, green and blue (uint8).
    pub(crate) fn paint<'py>(&mut self, py: Python<'py>, env: &mut Env) -> PyResult<Bound<'py, PyAny>> {
        let Self { painter, scene } = self;
        // Moved: an environment may go to another thread, but not be looked at from two.
        let pixels = py.detach(move || {
            env.draw(scene);
            painter.paint(scene.bytes()).map(|()| (painter.rgb(), painter.size()))
        });
        let (pixels, (width, height)) = pixels.map_err(|error| PalaestraError::new_err(error.to_string()))?;
        let shaped = PyArray1::from_vec(py, pixels).reshape([height as usize, width as usize, 3])?;
        Ok(shaped.into_any())
    }
}
