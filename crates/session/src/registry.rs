//! The one registry of sessions: each has one owner, and a disposed one is provably gone.

use std::fmt;

use crate::{Disposal, Event, IllegalTransition, Reason, Session, State, Transition};

/// Names one session of one [`Registry`], for ever: when the session is gone its id finds nothing, never another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId {
    slot: usize,
    /// How many sessions had used the slot before this one.
    generation: u32,
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.slot, self.generation)
    }
}

/// What a registry can own: a [`Session`], or something that has one.
pub trait Registered {
    /// Where the session is in its life.
    fn state(&self) -> State;
}

impl Registered for Session {
    fn state(&self) -> State {
        Session::state(self)
    }
}

impl<S: Registered> Registered for std::rc::Rc<S> {
    fn state(&self) -> State {
        S::state(self)
    }
}

/// Owns every session from its first moment until it is disposed of. A slot map: places are used again, ids never.
///
/// ```
/// use palaestra_session::{Reason, Registry, RegistryError, Session};
///
/// let mut registry = Registry::new();
/// let id = registry.register(Session::new(0.0));
///
/// let disposal = registry.dispose(id, Reason::Closed, 10.0)?;
/// for _action in disposal.actions() { /* carried out by the caller; the registry is not borrowed */ }
/// let session = registry.remove(id)?;
///
/// assert_eq!(session.history().len(), 2);
/// registry.prove_released(id)?;
/// # Ok::<(), RegistryError>(())
/// ```
#[derive(Debug)]
pub struct Registry<S = Session> {
    slots: Vec<Slot<S>>,
}

impl<S> Default for Registry<S> {
    fn default() -> Self {
        Self { slots: Vec::new() }
    }
}

#[derive(Debug)]
struct Slot<S> {
    /// Of the latest id given out for this slot.
    generation: u32,
    session: Option<S>,
}

impl<S: Registered> Registry<S> {
    /// Takes the session in and gives it an id that no other session of this registry has, had or will have.
    pub fn register(&mut self, session: S) -> SessionId {
        // A place whose generations are used up stays empty: a counter that wrapped would bring old ids to life.
        let reusable = |place: &Slot<S>| place.session.is_none() && place.generation < u32::MAX;
        if let Some((slot, place)) = self.slots.iter_mut().enumerate().find(|(_, place)| reusable(place)) {
            place.generation += 1;
            place.session = Some(session);
            return SessionId { slot, generation: place.generation };
        }
        let slot = self.slots.len();
        self.slots.push(Slot { generation: 0, session: Some(session) });
        SessionId { slot, generation: 0 }
    }

    /// The session of this id.
    ///
    /// # Errors
    /// [`RegistryError::Released`] if it was removed, [`RegistryError::Unknown`] if there never was one.
    pub fn get(&self, id: SessionId) -> Result<&S, RegistryError> {
        match self.slots.get(id.slot) {
            Some(Slot { generation, session: Some(session) }) if *generation == id.generation => Ok(session),
            Some(slot) if id.generation <= slot.generation => Err(RegistryError::Released { id }),
            _ => Err(RegistryError::Unknown { id }),
        }
    }

    /// The session of this id, to be changed.
    ///
    /// # Errors
    /// As [`Registry::get`].
    pub fn get_mut(&mut self, id: SessionId) -> Result<&mut S, RegistryError> {
        self.get(id)?;
        let session = self.slots.get_mut(id.slot).and_then(|slot| slot.session.as_mut());
        session.ok_or(RegistryError::Unknown { id })
    }

    /// Hands a disposed session back, as the last reference to it, and forgets it.
    ///
    /// # Errors
    /// As [`Registry::get`], and [`RegistryError::NotDisposed`] while there is still something to release.
    pub fn remove(&mut self, id: SessionId) -> Result<S, RegistryError> {
        let state = self.get(id)?.state();
        if state != State::Disposed {
            return Err(RegistryError::NotDisposed { id, state });
        }
        let session = self.slots.get_mut(id.slot).and_then(|slot| slot.session.take());
        session.ok_or(RegistryError::Unknown { id })
    }

    /// Proves that the session of this id was disposed of and that nothing is registered for it any more.
    ///
    /// # Errors
    /// [`RegistryError::StillRegistered`] if it is there, in whatever state; [`RegistryError::Unknown`] if there never
    /// was one, for then nothing is proved.
    pub fn prove_released(&self, id: SessionId) -> Result<(), RegistryError> {
        match self.get(id) {
            Ok(session) => Err(RegistryError::StillRegistered { id, state: session.state() }),
            Err(RegistryError::Released { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Every registered session: the live, the ended, and the disposed ones that were not removed yet.
    pub fn iter(&self) -> impl Iterator<Item = (SessionId, &S)> {
        self.slots.iter().enumerate().filter_map(|(slot, Slot { generation, session })| {
            let id = SessionId { slot, generation: *generation };
            session.as_ref().map(|session| (id, session))
        })
    }

    /// The sessions that have not ended.
    pub fn live(&self) -> impl Iterator<Item = (SessionId, &S)> {
        self.iter().filter(|(_, session)| session.state().is_live())
    }

    /// How many sessions are registered.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether none is registered.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

impl Registry {
    /// A registry without sessions. One of anything else that has a session begins as the default.
    pub fn new() -> Self {
        Self::default()
    }

    /// [`Session::apply`] for the session of this id.
    ///
    /// # Errors
    /// As [`Registry::get`], and [`RegistryError::Illegal`] if the table does not allow the event.
    pub fn apply(&mut self, id: SessionId, event: Event, at: f64) -> Result<Transition, RegistryError> {
        let session = self.get_mut(id)?;
        session.apply(event, at).map_err(|illegal| RegistryError::Illegal { id, illegal })
    }

    /// [`Session::dispose`] for the session of this id. One that was removed had been disposed of, so disposing of it
    /// once more is [`Disposal::AlreadyDisposed`] and no error.
    ///
    /// # Errors
    /// [`RegistryError::Unknown`] if there never was such a session.
    pub fn dispose(&mut self, id: SessionId, reason: Reason, at: f64) -> Result<Disposal, RegistryError> {
        match self.get_mut(id) {
            Ok(session) => Ok(session.dispose(reason, at)),
            Err(RegistryError::Released { .. }) => Ok(Disposal::AlreadyDisposed),
            Err(error) => Err(error),
        }
    }
}

/// What can be wrong with an id, or with what was asked of its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistryError {
    /// This registry never gave the id out.
    Unknown {
        /// The id that came.
        id: SessionId,
    },
    /// The session was disposed of and removed.
    Released {
        /// The id that came.
        id: SessionId,
    },
    /// The session can be removed only after it was disposed of.
    NotDisposed {
        /// The id that came.
        id: SessionId,
        /// The state the session is in.
        state: State,
    },
    /// The session was expected to be gone.
    StillRegistered {
        /// The id that came.
        id: SessionId,
        /// The state the session is in.
        state: State,
    },
    /// The table does not allow the event.
    Illegal {
        /// The id that came.
        id: SessionId,
        /// What was expected and what came.
        illegal: IllegalTransition,
    },
}

impl fmt::Display for RegistryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { id } => write!(f, "expected the id of a registered session, got {id}, never given out"),
            Self::Released { id } => write!(f, "expected the id of a registered session, got {id}, since released"),
            Self::NotDisposed { id, state } => {
                write!(f, "expected session {id} to be disposed before it is removed, got one in state {state}")
            }
            Self::StillRegistered { id, state } => {
                write!(f, "expected session {id} to be released, got one still registered in state {state}")
            }
            Self::Illegal { id, illegal } => write!(f, "session {id} {illegal}"),
        }
    }
}

impl std::error::Error for RegistryError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Illegal { illegal, .. } => Some(illegal),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_whose_generations_are_used_up_is_never_used_again() {
        let mut registry = Registry { slots: vec![Slot { generation: u32::MAX - 1, session: None }] };
        let last = registry.register(Session::new(0.0));
        assert_eq!(last, SessionId { slot: 0, generation: u32::MAX });
        let _ = registry.dispose(last, Reason::Closed, 1.0).unwrap();
        registry.remove(last).unwrap();

        assert_eq!(registry.register(Session::new(2.0)), SessionId { slot: 1, generation: 0 });
        assert_eq!(registry.prove_released(last), Ok(()));
    }

    #[test]
    fn an_id_of_another_registry_is_unknown_and_proves_nothing() {
        let mut registry = Registry::new();
        let id = registry.register(Session::new(0.0));
        for strange in [SessionId { slot: 1, ..id }, SessionId { generation: 1, ..id }] {
            let unknown = RegistryError::Unknown { id: strange };
            assert_eq!(registry.get(strange).err(), Some(unknown));
            assert_eq!(registry.get_mut(strange).err(), Some(unknown));
            assert_eq!(registry.apply(strange, Event::Wait, 0.0), Err(unknown));
            assert_eq!(registry.dispose(strange, Reason::Closed, 0.0), Err(unknown));
            assert_eq!(registry.remove(strange).err(), Some(unknown));
            assert_eq!(registry.prove_released(strange), Err(unknown));
        }
        assert_eq!(registry.len(), 1);
    }

    #[test]
    fn an_event_that_the_table_does_not_allow_is_the_source_of_the_error() {
        use std::error::Error;
        let mut registry = Registry::new();
        let id = registry.register(Session::new(0.0));
        let error = registry.apply(id, Event::Match, 1.0).unwrap_err();
        let RegistryError::Illegal { illegal, .. } = error else { panic!("another error: {error}") };
        assert_eq!(error.source().map(ToString::to_string), Some(illegal.to_string()));
        assert!(RegistryError::Unknown { id }.source().is_none());
    }
}
