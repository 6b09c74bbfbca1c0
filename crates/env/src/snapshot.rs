//! Going back to what an environment saved of itself: often, in no time, and without a doubt about the bytes.
use crate::env::Env;
use crate::error::RestoreError;
use crate::owner::Owner;
use crate::state::StateWriter;

/// A state of one [`Env`], written by [`Env::snapshot`] for [`Env::rewind`], and used again for later states.
///
/// Nobody else can make one. So going back to it needs none of the care that [`Env::restore`] takes with bytes from outside: no
/// copy of the present state to fall back on, and no allocation.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    state: StateWriter,
    owner: Option<Owner>,
}

impl Snapshot {
    /// An empty one, to be written to.
    pub fn new() -> Self {
        Self::default()
    }

    /// The state, as [`Env::save`] writes it.
    pub fn bytes(&self) -> &[u8] {
        self.state.bytes()
    }

    /// The state's hash, as [`Env::hash`] gives it.
    pub fn hash(&self) -> u64 {
        self.state.hash()
    }
}

impl Env {
    /// Writes the present state into `snapshot`, whose memory is used again: once warm, nothing is allocated.
    pub fn snapshot(&self, snapshot: &mut Snapshot) {
        snapshot.state.clear();
        self.save(&mut snapshot.state);
        if snapshot.owner.as_ref() != Some(self.owner()) {
            snapshot.owner = Some(self.owner().clone());
        }
    }

    /// Goes back to a snapshot that this very `Env` wrote, at any time before. That never fails, and allocates nothing in an
    /// environment that keeps to [`Environment::restore`](crate::Environment::restore).
    ///
    /// # Errors
    /// [`RestoreError::Foreign`] for the snapshot of another `Env`, even one with the same arguments, and for an empty one;
    /// nothing has changed then. An environment that refuses what it saved breaks its contract, which
    /// [`check`](crate::check::check) tests: its error comes through, and it then has to be reset.
    pub fn rewind(&mut self, snapshot: &Snapshot) -> Result<(), RestoreError> {
        if snapshot.owner.as_ref() != Some(self.owner()) {
            return Err(RestoreError::Foreign);
        }
        self.read(snapshot.bytes()).inspect_err(|_| self.forget())
    }
}
