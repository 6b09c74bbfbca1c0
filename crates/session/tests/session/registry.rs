//! The registry against a model that is too simple to be wrong: a list of all that was ever registered.

use std::collections::HashMap;

use crate::lives::{any_event, any_reason};
use palaestra_session::{Disposal, Event, Reason, Registry, RegistryError, Session, SessionId, State};
use proptest::{prelude::*, sample::Index};

#[derive(Debug, Clone)]
enum Operation {
    Register,
    Apply(Index, Event),
    Dispose(Index, Reason),
    Remove(Index),
}

fn any_operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        2 => Just(Operation::Register),
        3 => (any::<Index>(), any_event()).prop_map(|(which, event)| Operation::Apply(which, event)),
        2 => (any::<Index>(), any_reason()).prop_map(|(which, reason)| Operation::Dispose(which, reason)),
        3 => any::<Index>().prop_map(Operation::Remove),
    ]
}

/// What the model knows of one session. Each is created at a time of its own, which tells it from every other.
struct Known {
    id: SessionId,
    created_at: f64,
    state: State,
    removed: bool,
}

/// Everything the registry says about every session that ever was must be what the model knows.
fn agrees(registry: &mut Registry, model: &[Known]) -> Result<(), TestCaseError> {
    for known in model {
        let id = known.id;
        if known.removed {
            prop_assert_eq!(registry.get(id).err(), Some(RegistryError::Released { id }));
            prop_assert_eq!(registry.get_mut(id).err(), Some(RegistryError::Released { id }));
            prop_assert_eq!(registry.prove_released(id), Ok(()));
        } else {
            let session = registry.get(id).unwrap();
            prop_assert_eq!((session.created_at(), session.state()), (known.created_at, known.state));
            prop_assert_eq!(registry.get_mut(id).unwrap().created_at(), known.created_at);
            let state = known.state;
            prop_assert_eq!(registry.prove_released(id), Err(RegistryError::StillRegistered { id, state }));
        }
    }
    let known = |wanted: fn(&&Known) -> bool| -> HashMap<_, _> {
        model.iter().filter(wanted).map(|known| (known.id, known.created_at)).collect()
    };
    let found = |(id, session): (_, &Session)| (id, session.created_at());
    let registered: HashMap<_, _> = registry.iter().map(found).collect();
    let live: HashMap<_, _> = registry.live().map(found).collect();
    prop_assert_eq!(&registered, &known(|known| !known.removed));
    prop_assert_eq!(live, known(|known| known.state.is_live()));
    prop_assert_eq!(registry.len(), registered.len());
    prop_assert_eq!(registry.is_empty(), registered.is_empty());
    Ok(())
}

proptest! {
    #[test]
    fn an_id_finds_its_own_session_or_a_typed_error_and_never_another_session(
        operations in prop::collection::vec(any_operation(), 1..80),
    ) {
        let mut registry = Registry::new();
        let mut model: Vec<Known> = Vec::new();
        for (operation, at) in operations.into_iter().zip(1..) {
            let at = f64::from(at);
            match operation {
                Operation::Register => {
                    let id = registry.register(Session::new(at));
                    prop_assert!(model.iter().all(|known| known.id != id), "{} was given out twice", id);
                    model.push(Known { id, created_at: at, state: State::Created, removed: false });
                }
                _ if model.is_empty() => {}
                Operation::Apply(which, event) => {
                    let known = which.get_mut(&mut model);
                    let (id, from) = (known.id, known.state);
                    match registry.apply(id, event, at) {
                        Ok(transition) => {
                            prop_assert!(!known.removed);
                            prop_assert_eq!((transition.from, Some(transition.to)), (from, from.after(event)));
                            known.state = transition.to;
                        }
                        Err(RegistryError::Illegal { id, illegal }) => {
                            prop_assert!(!known.removed && from.after(event).is_none());
                            prop_assert_eq!((id, illegal.from, illegal.event), (known.id, from, event));
                        }
                        Err(error) => {
                            prop_assert!(known.removed);
                            prop_assert_eq!(error, RegistryError::Released { id });
                        }
                    }
                }
                Operation::Dispose(which, reason) => {
                    let known = which.get_mut(&mut model);
                    let disposal = registry.dispose(known.id, reason, at).unwrap();
                    prop_assert_eq!(disposal == Disposal::AlreadyDisposed, known.state == State::Disposed);
                    known.state = State::Disposed;
                }
                Operation::Remove(which) => {
                    let known = which.get_mut(&mut model);
                    let (id, state) = (known.id, known.state);
                    match registry.remove(id) {
                        Ok(session) => {
                            prop_assert!(!known.removed && state == State::Disposed);
                            prop_assert_eq!(session.created_at(), known.created_at);
                            known.removed = true;
                        }
                        Err(error) if known.removed => prop_assert_eq!(error, RegistryError::Released { id }),
                        Err(error) => {
                            prop_assert!(state != State::Disposed);
                            prop_assert_eq!(error, RegistryError::NotDisposed { id, state });
                        }
                    }
                }
            }
            agrees(&mut registry, &model)?;
        }
    }
}

#[test]
fn the_place_of_a_removed_session_is_used_again_under_a_new_id() {
    let mut registry = Registry::new();
    let old = registry.register(Session::new(1.0));
    let _ = registry.dispose(old, Reason::Closed, 2.0).unwrap();
    registry.remove(old).unwrap();

    let new = registry.register(Session::new(3.0));

    assert_eq!((old.to_string(), new.to_string()), ("0.0".into(), "0.1".into()));
    assert_eq!(registry.get(old).err(), Some(RegistryError::Released { id: old }));
    assert_eq!(registry.get(new).unwrap().created_at(), 3.0);
    assert_eq!(registry.dispose(old, Reason::Error, 4.0), Ok(Disposal::AlreadyDisposed));
    assert_eq!(registry.get(new).unwrap().state(), State::Created);
}

#[test]
fn what_is_wrong_with_an_id_is_said_in_words() {
    let mut registry = Registry::new();
    let id = registry.register(Session::new(0.0));
    let play = registry.apply(id, Event::Play, 1.0).unwrap_err();
    assert_eq!(
        play.to_string(),
        "session 0.0 in state created: expected wait, end (excluded), end (error), end (closed), got play"
    );
    assert_eq!(
        registry.remove(id).unwrap_err().to_string(),
        "expected session 0.0 to be disposed before it is removed, got one in state created"
    );
    assert_eq!(
        registry.prove_released(id).unwrap_err().to_string(),
        "expected session 0.0 to be released, got one still registered in state created"
    );
    let _ = registry.dispose(id, Reason::Closed, 2.0).unwrap();
    registry.remove(id).unwrap();
    assert_eq!(
        registry.get(id).unwrap_err().to_string(),
        "expected the id of a registered session, got 0.0, since released"
    );
    assert_eq!(
        Registry::new().get(id).unwrap_err().to_string(),
        "expected the id of a registered session, got 0.0, never given out"
    );
}
