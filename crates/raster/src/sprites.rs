//! Sprites, cut from an atlas at the size they are drawn at. An atlas is an SVG: drawn anew for every sprite of every picture it
//! costs milliseconds, a cut copy microseconds.
use std::collections::BTreeMap;
use std::fmt;

use palaestra_env::Atlas;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// More sizes than this are not in use at once.
const MOST_CUTS: usize = 400;

/// The sprites of an environment.
pub struct Sprites {
    tree: Tree,
    columns: u16,
    rows: u16,
    /// By frame, width and height in pixels.
    cuts: BTreeMap<(u16, u32, u32), Pixmap>,
}

/// An atlas whose picture cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtlasError {
    /// Its path below a site's `art/` folder.
    pub image: String,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for AtlasError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected an SVG picture: {}", self.image, self.reason)
    }
}

impl std::error::Error for AtlasError {}

impl Sprites {
    /// Of an atlas, whose picture is the text of an SVG.
    ///
    /// # Errors
    /// [`AtlasError`] for anything else.
    pub fn new(atlas: &Atlas, svg: &[u8]) -> Result<Self, AtlasError> {
        let wrong = |error: resvg::usvg::Error| AtlasError { image: atlas.image.clone(), reason: error.to_string() };
        let tree = Tree::from_data(svg, &Options::default()).map_err(wrong)?;
        Ok(Self { tree, columns: atlas.columns.max(1), rows: atlas.rows.max(1), cuts: BTreeMap::new() })
    }

    /// A frame at a size in pixels; `None` for a size that no picture has.
    pub(crate) fn cut(&mut self, frame: u16, width: u32, height: u32) -> Option<&Pixmap> {
        if self.cuts.len() > MOST_CUTS {
            self.cuts.clear();
        }
        let key = (frame, width, height);
        if !self.cuts.contains_key(&key) {
            let cut = self.draw(frame, width, height)?;
            self.cuts.insert(key, cut);
        }
        self.cuts.get(&key)
    }

    fn draw(&self, frame: u16, width: u32, height: u32) -> Option<Pixmap> {
        let mut cut = Pixmap::new(width, height)?;
        let whole = self.tree.size();
        let cell_width = whole.width() / f32::from(self.columns);
        let cell_height = whole.height() / f32::from(self.rows);
        let (column, row) = (frame % self.columns, frame / self.columns);
        let onto = Transform::from_scale(width as f32 / cell_width, height as f32 / cell_height)
            .pre_translate(-f32::from(column) * cell_width, -f32::from(row) * cell_height);
        resvg::render(&self.tree, onto, &mut cut.as_mut());
        Some(cut)
    }
}
