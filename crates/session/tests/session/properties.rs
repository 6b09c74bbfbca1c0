//! What holds for every session, whatever happens to it and whatever its clock says.

use std::collections::HashMap;

use crate::lives::{any_reason, any_time, eventful_life};
use palaestra_session::{Action, Disposal, Event, IllegalTransition, Session, State, Transition};
use proptest::prelude::*;

fn timed_events() -> impl Strategy<Value = Vec<(Event, f64)>> {
    eventful_life().prop_flat_map(|life| life.into_iter().map(|event| (Just(event), any_time())).collect::<Vec<_>>())
}

/// Applies everything, and returns the transitions that came of it.
fn live_through(session: &mut Session, events: &[(Event, f64)]) -> Vec<Transition> {
    events.iter().filter_map(|(event, at)| session.apply(*event, *at).ok()).collect()
}

proptest! {
    #[test]
    fn an_event_is_taken_as_the_table_says_or_refused_and_nothing_changes(
        events in timed_events(),
    ) {
        let mut session = Session::new(0.0);
        for (event, at) in events {
            let (from, entered_at, before) = (session.state(), session.entered_at(), session.history().to_vec());
            match (session.apply(event, at), from.after(event)) {
                (Ok(transition), Some(to)) => {
                    prop_assert_eq!((transition.from, transition.to), (from, to));
                    prop_assert_eq!(transition.reason, event.reason());
                    prop_assert_eq!(session.state(), to);
                    prop_assert_eq!(session.history().split_last(), Some((&transition, before.as_slice())));
                }
                (Err(refused), None) => {
                    prop_assert_eq!(refused, IllegalTransition { from, event });
                    prop_assert_eq!(session.history(), before);
                    prop_assert_eq!((session.state(), session.entered_at()), (from, entered_at));
                }
                (answer, expected) => prop_assert!(false, "{event} from {from}: {answer:?}, expected {expected:?}"),
            }
        }
    }

    #[test]
    fn a_history_is_an_unbroken_chain_in_which_neither_time_nor_life_goes_backwards(
        created in any_time(),
        events in timed_events(),
    ) {
        let mut session = Session::new(created);
        let made = live_through(&mut session, &events);
        prop_assert_eq!(session.history(), made);
        prop_assert!(session.history().len() < State::ALL.len());

        let (mut state, mut time) = (State::Created, session.created_at());
        prop_assert!(time.is_finite());
        for transition in session.history() {
            prop_assert_eq!(transition.from, state);
            prop_assert!(transition.to > transition.from);
            prop_assert!(transition.at.is_finite() && transition.at >= time);
            prop_assert_eq!(transition.reason.is_some(), transition.to == State::Ended);
            (state, time) = (transition.to, transition.at);
        }
        prop_assert_eq!((session.state(), session.entered_at()), (state, time));
        prop_assert_eq!(session.ended_reason().is_some(), !state.is_live());
    }

    #[test]
    fn a_clock_that_is_well_is_believed(
        created in -1e6..1e6,
        pauses in prop::collection::vec(0.0..1e6, 6),
    ) {
        let mut session = Session::new(created);
        prop_assert_eq!(session.entered_at(), created);
        let mut at = created;
        for (event, pause) in [Event::Wait, Event::Match, Event::Validate, Event::Play].into_iter().zip(pauses) {
            at += pause;
            let transition = session.apply(event, at);
            prop_assert_eq!(transition.map(|transition| transition.at), Ok(at));
        }
    }

    #[test]
    fn whatever_was_started_is_stopped_once_the_session_is_disposed(
        events in timed_events(),
        reason in any_reason(),
        at in any_time(),
    ) {
        let mut session = Session::new(0.0);
        let lived = live_through(&mut session, &events);
        let disposal = session.dispose(reason, at);
        let actions: Vec<_> =
            lived.iter().flat_map(Transition::actions).chain(disposal.actions()).collect();

        let mut running: HashMap<Action, bool> = HashMap::new();
        for action in &actions {
            let (start, starts) = match *action {
                Action::StartTimer(_) | Action::StartLoop => (*action, true),
                Action::CancelTimer(timer) => (Action::StartTimer(timer), false),
                Action::StopLoop => (Action::StartLoop, false),
                Action::ExportData | Action::Release => continue,
            };
            let before = running.insert(start, starts);
            // Started once and for the first time, or stopped once and after it was started.
            prop_assert_eq!(before, (!starts).then_some(true), "{:?} in {:?}", action, actions);
        }
        prop_assert!(running.values().all(|runs| !runs), "{:?}", actions);

        prop_assert_eq!(actions.iter().filter(|action| **action == Action::Release).count(), 1);
        prop_assert!(actions.ends_with(&[Action::ExportData, Action::Release]), "{:?}", actions);
    }

    #[test]
    fn disposed_is_final(
        events in timed_events(),
        reason in any_reason(),
        later in timed_events(),
    ) {
        let mut session = Session::new(0.0);
        live_through(&mut session, &events);
        let _ = session.dispose(reason, 1.0);
        prop_assert_eq!(session.state(), State::Disposed);

        let history = session.history().to_vec();
        for (event, at) in later {
            prop_assert_eq!(session.apply(event, at), Err(IllegalTransition { from: State::Disposed, event }));
            prop_assert_eq!(session.dispose(reason, at), Disposal::AlreadyDisposed);
        }
        prop_assert_eq!(session.history(), history);
    }
}
