//! The table of transitions against the same table as data, and everything that can be reached through it.

use crate::lives::{every_reachable_session, session_after};
use palaestra_session::{Action, Disposal, Event, IllegalTransition, Reason, Session, State, Timer};

fn event_named(name: &str) -> Event {
    match name {
        "wait" => Event::Wait,
        "match" => Event::Match,
        "validate" => Event::Validate,
        "play" => Event::Play,
        "dispose" => Event::Dispose,
        _ => {
            let reason = name.strip_prefix("end(").and_then(|rest| rest.strip_suffix(')'));
            Event::End(reason.expect("end(reason)").parse().expect("a known reason"))
        }
    }
}

fn state_named(name: &str) -> State {
    State::ALL.into_iter().find(|state| state.to_string() == name).expect("a known state")
}

/// Every cell of transitions.txt: from, event, to.
fn expected_transitions() -> Vec<(State, Event, Option<State>)> {
    let mut rows = include_str!("transitions.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    let header = rows.next().expect("a header");
    rows.flat_map(|row| {
        assert_eq!(row.len(), header.len(), "{row:?}");
        let cells = header.iter().zip(row.clone()).skip(1);
        cells
            .map(|(from, to)| (state_named(from), event_named(row[0]), (to != "-").then(|| state_named(to))))
            .collect::<Vec<_>>()
    })
    .collect()
}

#[test]
fn the_expected_table_has_each_state_and_event_exactly_once() {
    let cells = expected_transitions();
    assert_eq!(cells.len(), 7 * 14);
    for state in State::ALL {
        for event in Event::all() {
            let found = cells.iter().filter(|(from, with, _)| (*from, *with) == (state, event)).count();
            assert_eq!(found, 1, "{state} with {event}");
        }
    }
}

#[test]
fn every_state_answers_every_event_as_the_expected_table_says() {
    for (from, event, to) in expected_transitions() {
        assert_eq!(from.after(event), to, "{from} with {event}");
    }
}

#[test]
fn entering_and_leaving_a_state_asks_for_exactly_the_actions_it_should() {
    use Action::*;
    let expected: [(State, &[Action], &[Action]); 7] = [
        (State::Created, &[], &[]),
        (State::Waiting, &[StartTimer(Timer::Waiting)], &[CancelTimer(Timer::Waiting)]),
        (State::Matched, &[], &[]),
        (State::Validating, &[StartTimer(Timer::Validating)], &[CancelTimer(Timer::Validating)]),
        (State::Playing, &[StartLoop], &[StopLoop]),
        (State::Ended, &[ExportData], &[]),
        (State::Disposed, &[Release], &[]),
    ];
    for (state, on_entry, on_exit) in expected {
        assert_eq!(state.rule().on_entry, on_entry, "entering {state}");
        assert_eq!(state.rule().on_exit, on_exit, "leaving {state}");
    }
}

#[test]
fn there_are_55_lives_to_reach_and_in_each_every_event_is_taken_or_refused_without_a_trace() {
    let lives = every_reachable_session();
    // 5 live ones; 3 + 4 + 4 + 6 + 8 ways to end them; each of these disposed of.
    assert_eq!(lives.len(), 5 + 25 + 25);

    let expected = expected_transitions();
    for life in lives {
        for event in Event::all() {
            let mut session = session_after(&life);
            let (from, before) = (session.state(), session.history().to_vec());
            let to = expected.iter().find(|(state, with, _)| (*state, *with) == (from, event)).and_then(|cell| cell.2);

            let answer = session.apply(event, 1_000.0);

            match to {
                Some(to) => {
                    let transition = answer.unwrap();
                    assert_eq!((transition.from, transition.to), (from, to));
                    assert_eq!(transition.reason, event.reason());
                    assert_eq!(transition.at, 1_000.0);
                    assert_eq!(session.history().split_last(), Some((&transition, before.as_slice())));
                    assert_eq!((session.state(), session.entered_at()), (to, 1_000.0));
                }
                None => {
                    assert_eq!(answer, Err(IllegalTransition { from, event }));
                    assert_eq!(session.history(), before);
                    assert_eq!(session.state(), from);
                }
            }
        }
    }
}

#[test]
fn disposing_with_any_reason_from_anywhere_ends_disposed_and_a_second_time_does_nothing() {
    for life in every_reachable_session() {
        for reason in Reason::ALL {
            let mut session = session_after(&life);
            let (from, reason_before) = (session.state(), session.ended_reason());
            let before = session.history().len();

            let first = session.dispose(reason, 50.0);

            let steps: Vec<_> = first.transitions().map(|transition| (transition.from, transition.to)).collect();
            match from {
                State::Disposed => assert_eq!(first, Disposal::AlreadyDisposed),
                State::Ended => assert_eq!(steps, [(State::Ended, State::Disposed)]),
                live => assert_eq!(steps, [(live, State::Ended), (State::Ended, State::Disposed)]),
            }
            assert!(first.transitions().eq(session.history()[before..].iter().copied()));
            assert_eq!(session.state(), State::Disposed);
            let possible = expected_transitions().contains(&(from, Event::End(reason), Some(State::Ended)));
            let expected = reason_before.unwrap_or(if possible { reason } else { Reason::Closed });
            assert_eq!(session.ended_reason(), Some(expected));

            let history = session.history().to_vec();
            let second = session.dispose(Reason::Error, 60.0);
            assert_eq!(second, Disposal::AlreadyDisposed);
            assert_eq!((second.transitions().count(), second.actions().count()), (0, 0));
            assert_eq!(session.history(), history);
        }
    }
}

#[test]
fn a_refusal_says_what_was_expected_and_what_came() {
    let messages = State::ALL.map(|from| IllegalTransition { from, event: Event::End(Reason::FocusLost) }.to_string());
    assert_eq!(
        messages[1],
        "in state waiting: expected match, end (timeout), end (excluded), end (error), end (closed), \
         got end (focus_lost)"
    );
    assert_eq!(messages[5], "in state ended: expected dispose, got end (focus_lost)");
    assert_eq!(messages[6], "in state disposed: expected nothing more, got end (focus_lost)");
}

#[test]
fn the_legal_events_of_a_refusal_are_those_the_expected_table_allows() {
    let expected = expected_transitions();
    for from in State::ALL {
        let legal: Vec<_> = IllegalTransition { from, event: Event::Wait }.legal().collect();
        for (_, event, to) in expected.iter().filter(|cell| cell.0 == from) {
            let listed = legal.iter().filter(|listed| *listed == event).count();
            assert_eq!(listed, usize::from(to.is_some()), "{from} with {event}");
        }
    }
}

#[test]
fn a_single_participant_walks_the_same_states_without_waiting() {
    let mut session = Session::new(10.0);
    let start = [Event::Wait, Event::Match, Event::Validate].map(|event| session.apply(event, 10.0).unwrap());
    assert!(start.iter().all(|transition| transition.at == 10.0));
    let actions: Vec<_> = start.iter().flat_map(|transition| transition.actions()).collect();
    assert_eq!(
        actions,
        [
            Action::StartTimer(Timer::Waiting),
            Action::CancelTimer(Timer::Waiting),
            Action::StartTimer(Timer::Validating)
        ]
    );
    assert_eq!(session.state(), State::Validating);
}

#[test]
fn a_transition_is_written_to_the_record_with_its_reason_only_if_it_is_the_end() {
    let mut session = Session::new(0.0);
    let _ = session.apply(Event::Wait, 1.5).unwrap();
    let _ = session.dispose(Reason::Timeout, 9.0);
    let lines = session.history().iter().map(|transition| serde_json::to_string(transition).unwrap());
    assert_eq!(
        lines.collect::<Vec<_>>(),
        [
            r#"{"from":"created","to":"waiting","at":1.5}"#,
            r#"{"from":"waiting","to":"ended","reason":"timeout","at":9.0}"#,
            r#"{"from":"ended","to":"disposed","at":9.0}"#,
        ]
    );
    for transition in session.history() {
        let json = serde_json::to_string(transition).unwrap();
        assert_eq!(serde_json::from_str::<palaestra_session::Transition>(&json).unwrap(), *transition);
    }
}
