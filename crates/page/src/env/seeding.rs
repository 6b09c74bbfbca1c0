//! With what an environment's generator begins: no two participants have the same numbers because nobody named a seed.
use std::cell::Cell;
use std::rc::Rc;

use palaestra_protocol::ErrorCode;

use crate::channel::Done;
use crate::error::PageError;
use crate::options::fresh_seed;

/// Where an environment's generator has been seeded.
#[derive(Default)]
pub(super) struct Seeding {
    /// A reset with a seed, or a saved state, is on its way or has come back.
    asked: Cell<bool>,
    /// It has come back: the generator is seeded.
    done: Cell<bool>,
    /// With which seed; nothing of a saved state.
    pub(super) seed: Cell<Option<u64>>,
}

impl Seeding {
    /// The seed of a reset: the given one, or the generator goes on. Before it has been seeded by anything, a fresh one.
    pub(super) fn of(&self, given: Option<u64>) -> Option<u64> {
        let seed = given.or_else(|| (!self.asked.get()).then(fresh_seed));
        self.asked.set(self.asked.get() || seed.is_some());
        seed
    }

    /// A reset has been done.
    ///
    /// # Errors
    /// [`ErrorCode::OutOfOrder`] where the one before, which was to seed the generator, was refused: nobody chose what it began with.
    pub(super) fn reset(&self, seed: Option<u64>) -> Result<(), PageError> {
        if seed.is_none() && !self.done.get() {
            self.asked.set(false);
            let text = "reset: expected the reset before it, which was to draw a seed, to be done; found it refused: reset again";
            return Err(PageError::new(ErrorCode::OutOfOrder, text));
        }
        self.done.set(true);
        self.seed.set(seed.or(self.seed.get()));
        Ok(())
    }

    /// A saved state is on its way.
    pub(super) fn restoring(&self) {
        self.asked.set(true);
    }

    /// What a request that is to seed the generator is answered to: where it is refused, nothing has.
    pub(super) fn seeds(self: &Rc<Self>, done: Done) -> Done {
        let seeding = Rc::clone(self);
        Box::new(move |answer| {
            if answer.is_err() {
                seeding.asked.set(seeding.done.get());
            }
            done(answer);
        })
    }

    /// A saved state has a generator of its own.
    pub(super) fn restored(&self) {
        self.asked.set(true);
        self.done.set(true);
        self.seed.set(None);
    }
}
