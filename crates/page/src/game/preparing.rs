//! What a game needs once its environment is there: its artwork, and who plays which agent.
use std::rc::Rc;

use palaestra_env::Spec;
use palaestra_play::game::{Event, Made};
use palaestra_session::Registered;

use super::seats::{needs_spaces, seats_of};
use super::shell::Shell;
use crate::channel::Link;
use crate::draw::{AtlasLoading, Painter, SpriteCache};
use crate::error::PageError;
use crate::failing::part_loaded;
use crate::spec::SpecJs;

impl Shell {
    /// The environment is there: load its artwork and fill the seats.
    pub(super) async fn made(self: Rc<Self>, spec: Rc<Spec>, spec_js: SpecJs) {
        let prepared = self.prepare(&spec).await;
        if !self.state().is_live() {
            return;
        }
        self.parts.borrow_mut().spec_js = spec_js;
        // Without what is to be prepared nobody can take a seat.
        let prepared = prepared.and_then(|painter| Ok((painter, seats_of(&self.config, &spec)?)));
        let event = match prepared {
            Ok((painter, (seats, codes))) => {
                let mut parts = self.parts.borrow_mut();
                parts.painter = painter;
                let clock_offset = parts.link.as_ref().map_or(0.0, Link::clock_offset);
                Event::Made(Box::new(Made { spec, clock_offset, seats, codes }))
            }
            Err(error) => Event::Failed(error.into()),
        };
        self.handle(event);
    }

    async fn prepare(&self, spec: &Spec) -> Result<Option<Painter>, PageError> {
        if needs_spaces(spec) {
            part_loaded("options").await?;
        }
        let Some(canvas) = self.canvas.borrow().clone() else { return Ok(None) };
        let mut painter = Painter::new(canvas, f64::from(spec.aspect))?;
        if let Some(atlas) = &spec.atlas {
            let loading = AtlasLoading::begin(atlas)?;
            let decoded = loading.decoded();
            self.parts.borrow_mut().atlas = Some(loading);
            decoded.await?;
            // Gone with the session, if that has ended meanwhile.
            let loaded = self.parts.borrow_mut().atlas.take();
            if let Some(sprites) = loaded.and_then(|loaded| SpriteCache::new(atlas, loaded)) {
                painter.use_sprites(sprites);
            }
        }
        Ok(Some(painter))
    }
}
