//! Lives to test with: the events that led a session to where it is.

use palaestra_session::{Event, Reason, Session, State};
use proptest::prelude::*;

/// A session, created at 0, that lived through these events, one a millisecond.
pub(crate) fn session_after(life: &[Event]) -> Session {
    let mut session = Session::new(0.0);
    for (at, event) in (1..).zip(life) {
        let _ = session.apply(*event, f64::from(at)).expect("a legal life");
    }
    session
}

/// Every life there is: found by trying every event wherever one can get to.
pub(crate) fn every_reachable_session() -> Vec<Vec<Event>> {
    let mut lives = vec![vec![]];
    let mut explored = 0;
    while let Some(life) = lives.get(explored).cloned() {
        assert!(life.len() < State::ALL.len(), "the table has a cycle: {life:?}");
        for event in Event::all() {
            if session_after(&life).apply(event, 0.0).is_ok() {
                lives.push([life.as_slice(), &[event]].concat());
            }
        }
        explored += 1;
    }
    lives
}

pub(crate) fn any_reason() -> impl Strategy<Value = Reason> {
    prop::sample::select(Reason::ALL.as_slice())
}

pub(crate) fn any_event() -> impl Strategy<Value = Event> {
    prop::sample::select(Event::all().collect::<Vec<_>>())
}

/// Times as good and bad clocks give them.
pub(crate) fn any_time() -> impl Strategy<Value = f64> {
    prop_oneof![4 => -1e6..1e6, 1 => any::<f64>(), 1 => Just(f64::NAN), 1 => Just(f64::INFINITY), 1 => Just(f64::NEG_INFINITY)]
}

/// Events in an order that gets somewhere: the way from first to last, or the start of it, with random ones between.
pub(crate) fn eventful_life() -> impl Strategy<Value = Vec<Event>> {
    let way = [Event::Wait, Event::Match, Event::Validate, Event::Play, Event::End(Reason::Complete), Event::Dispose];
    let stretch = prop::collection::vec(any_event(), 0..3);
    let stretches = prop::collection::vec(stretch, 0..=way.len());
    stretches.prop_map(move |stretches| {
        stretches.into_iter().zip(way).flat_map(|(between, onwards)| between.into_iter().chain([onwards])).collect()
    })
}
