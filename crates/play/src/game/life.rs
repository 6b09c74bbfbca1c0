//! The session's life: where it stands, why it ended, and how its Worker went.
use palaestra_protocol::{ErrorCode, Failure};
use palaestra_session::{DisposalOutcome, DisposalReport, Event as Cause, Reason, Session, State, Transition};
use palaestra_text::json::{WriteNumber, put_number};

use super::output::{Output, Teardown, Timer};
use super::patience::Patience;

/// One session, from its first state to its last, with the patience for its loading.
#[derive(Debug)]
pub(super) struct Life {
    session: Session,
    load_timeout: f64,
    loading: Option<Patience>,
    failure: Option<Failure>,
    teardown: Option<Teardown>,
}

impl Life {
    /// A session whose environment has to be there within so many milliseconds.
    pub(super) fn new(now: f64, load_timeout: f64) -> Self {
        Self { session: Session::new(now), load_timeout, loading: None, failure: None, teardown: None }
    }

    pub(super) fn state(&self) -> State {
        self.session.state()
    }

    pub(super) fn reason(&self) -> Option<Reason> {
        self.session.ended_reason()
    }

    pub(super) fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// Whether it has been played, or could have been.
    pub(super) fn started(&self) -> bool {
        self.session.history().iter().any(|transition| transition.to == State::Playing)
    }

    /// Goes on to the next state; nothing if this one knows no such thing.
    pub(super) fn go_on(&mut self, now: f64, cause: Cause) -> Option<Transition> {
        self.session.apply(cause, now).ok()
    }

    /// Begins anew, in a session of its own: the match of the one before came to nothing. Gives that it waits.
    pub(super) fn again(&mut self, now: f64) -> Option<Transition> {
        self.session = Session::new(now);
        self.go_on(now, Cause::Wait)
    }

    /// Ends, from every live state; nothing if it has ended before.
    pub(super) fn end(&mut self, now: f64, reason: Reason, failure: Option<Failure>) -> Option<Transition> {
        if !self.state().is_live() {
            return None;
        }
        self.failure = failure;
        let ended = self.session.apply(Cause::End(reason), now);
        // A reason that this state does not know: that the page asked is true in any case.
        ended.or_else(|_| self.session.apply(Cause::End(Reason::Closed), now)).ok()
    }

    /// Is disposed of, when it has ended and its Worker is gone.
    pub(super) fn dispose(&mut self, now: f64, teardown: Option<Teardown>) -> Option<Transition> {
        if self.state() != State::Ended {
            return None;
        }
        self.teardown = teardown;
        self.go_on(now, Cause::Dispose)
    }

    /// How it was disposed of; nothing before that.
    pub(super) fn report(&self) -> Option<DisposalReport> {
        let (State::Disposed, Some(reason)) = (self.state(), self.reason()) else { return None };
        let never = Teardown { outcome: DisposalOutcome::NeverStarted, duration_ms: 0.0, rejected: 0 };
        let Teardown { outcome, duration_ms, rejected } = self.teardown.unwrap_or(never);
        Some(DisposalReport { outcome, reason, duration_ms, rejected_requests: rejected })
    }

    /// Begins to wait, in whichever state: nobody waits longer than for loading.
    pub(super) fn begin_loading(&mut self, now: f64, out: &mut Vec<Output>) {
        let patience = Patience::new(now, self.load_timeout);
        out.push(Output::SetTimer { timer: Timer::Load, after: Some(patience.next_look()) });
        self.loading = Some(patience);
    }

    pub(super) fn end_loading(&mut self, out: &mut Vec<Output>) {
        self.loading = None;
        out.push(Output::SetTimer { timer: Timer::Load, after: None });
    }

    /// Looks whether loading takes too long: that is the failure it gives.
    pub(super) fn look(&mut self, now: f64, number: WriteNumber, out: &mut Vec<Output>) -> Option<Failure> {
        let loading = self.loading.as_mut()?;
        if !loading.look(now) {
            let after = Some(loading.next_look());
            out.push(Output::SetTimer { timer: Timer::Load, after });
            return None;
        }
        let mut limit = Vec::new();
        put_number(self.load_timeout, number, &mut limit);
        let limit = String::from_utf8(limit).unwrap_or_default();
        let message = format!("expected the game to be loaded within {} ms", limit.trim_end_matches(".0"));
        Some(Failure::new(ErrorCode::DeadlineExceeded, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use palaestra_text::json::write_number;

    fn at(state: State) -> Life {
        let mut life = Life::new(0.0, 500.0);
        let causes = [Cause::Wait, Cause::Match, Cause::Validate, Cause::Play];
        for cause in causes {
            if life.state() < state {
                let _ = life.go_on(1.0, cause).unwrap();
            }
        }
        life
    }

    #[test]
    fn it_ends_once_and_for_a_reason_that_its_state_knows() {
        for state in [State::Validating, State::Playing] {
            for reason in Reason::ALL {
                let mut life = at(state);
                let failure = Failure::new(ErrorCode::Panicked, "first");
                let ended = life.end(2.0, reason, Some(failure.clone())).unwrap();
                let known = state.rule().ends.contains(&reason);
                assert_eq!(ended.reason, Some(if known { reason } else { Reason::Closed }));
                assert!(life.end(3.0, Reason::Error, None).is_none());
                assert_eq!((life.reason(), life.failure()), (ended.reason, Some(&failure)));
                assert_eq!(life.started(), state == State::Playing);
            }
        }
    }

    #[test]
    fn it_is_disposed_of_when_it_has_ended_and_not_before() {
        let mut life = at(State::Playing);
        assert!(life.dispose(2.0, None).is_none() && life.report().is_none());
        let _ = life.end(3.0, Reason::Complete, None);
        let teardown = Teardown { outcome: DisposalOutcome::Forced, duration_ms: 5.0, rejected: 2 };
        assert!(life.dispose(4.0, Some(teardown)).is_some() && life.dispose(5.0, None).is_none());
        let report = life.report().unwrap();
        assert_eq!(
            (report.outcome, report.reason, report.rejected_requests),
            (DisposalOutcome::Forced, Reason::Complete, 2)
        );
    }

    #[test]
    fn loading_that_takes_too_long_says_how_long_it_may_take() {
        let (mut life, mut out) = (at(State::Validating), Vec::new());
        assert!(life.look(100.0, write_number, &mut out).is_none() && out.is_empty());
        life.begin_loading(0.0, &mut out);
        assert!(
            life.look(200.0, write_number, &mut out).is_none() && life.look(400.0, write_number, &mut out).is_none()
        );
        let failure = life.look(600.0, write_number, &mut out).unwrap();
        assert_eq!(failure.message, "expected the game to be loaded within 500 ms");
        life.end_loading(&mut out);
        assert!(life.look(900.0, write_number, &mut out).is_none());
        let set = |output: &Output| matches!(output, Output::SetTimer { after: Some(_), .. });
        assert_eq!(out.iter().map(set).collect::<Vec<_>>(), [true, true, true, false]);
    }
}
