//! One session: a walk through the table, remembered.

use crate::{Disposal, Event, IllegalTransition, Reason, State, Transition};

/// One participant's, or one group's, stretch of play.
///
/// A session is its history: state, reason and times are read off it, so that they cannot disagree. It is not `Clone`,
/// because it has one owner, as a rule the [`Registry`](crate::Registry).
///
/// # Time
/// Times are milliseconds on the caller's clock, such as `performance.now()`. A clock that fails does not break the
/// session: a time that is not finite, or lies before the latest transition, counts as the time of that transition.
#[derive(Debug)]
pub struct Session {
    created_at: f64,
    /// At most six long: every transition leads to a later state, and there are seven of them.
    history: Vec<Transition>,
}

impl Session {
    /// A session in [`State::Created`] at the time `at`; a time that is not finite counts as 0.
    pub fn new(at: f64) -> Self {
        Self { created_at: if at.is_finite() { at } else { 0.0 }, history: Vec::with_capacity(State::ALL.len() - 1) }
    }

    /// Where the session is in its life.
    pub fn state(&self) -> State {
        self.history.last().map_or(State::Created, |latest| latest.to)
    }

    /// When the session was created, in milliseconds.
    pub fn created_at(&self) -> f64 {
        self.created_at
    }

    /// When the present state was entered, in milliseconds.
    pub fn entered_at(&self) -> f64 {
        self.history.last().map_or(self.created_at, |latest| latest.at)
    }

    /// Why the session ended; nothing while it is live.
    pub fn ended_reason(&self) -> Option<Reason> {
        self.history.iter().find_map(|transition| transition.reason)
    }

    /// Every transition so far, the first one first.
    pub fn history(&self) -> &[Transition] {
        &self.history
    }

    /// Takes the session where `event` leads, at the time `at`. The caller carries out the transition's
    /// [actions](Transition::actions).
    ///
    /// # Errors
    /// [`IllegalTransition`] if the table does not allow the event in the present state; nothing has changed then.
    pub fn apply(&mut self, event: Event, at: f64) -> Result<Transition, IllegalTransition> {
        let from = self.state();
        let to = from.after(event).ok_or(IllegalTransition { from, event })?;
        let entered_at = self.entered_at();
        let at = if at.is_finite() { at.max(entered_at) } else { entered_at };
        let transition = Transition { from, to, reason: event.reason(), at };
        self.history.push(transition);
        Ok(transition)
    }

    /// Throws the session away, whatever state it is in: a live one ends first, for `reason`. The second call and all
    /// later ones change nothing and ask for nothing. A session that has ended keeps the reason it ended for.
    ///
    /// Disposal must not fail, so a `reason` that is impossible in the present state (such as [`Reason::Complete`] for
    /// a session that never played) is recorded as [`Reason::Closed`]: that the page asked is true in any case.
    /// ```
    /// use palaestra_session::{Action, Disposal, Event, Reason, Session, Timer};
    ///
    /// let mut session = Session::new(0.0);
    /// session.apply(Event::Wait, 1.0)?;
    ///
    /// let disposal = session.dispose(Reason::Error, 2.0);
    /// assert_eq!(
    ///     disposal.actions().collect::<Vec<_>>(),
    ///     [Action::CancelTimer(Timer::Waiting), Action::ExportData, Action::Release],
    /// );
    /// assert_eq!(session.dispose(Reason::Closed, 3.0), Disposal::AlreadyDisposed);
    /// assert_eq!(session.ended_reason(), Some(Reason::Error));
    /// # Ok::<(), palaestra_session::IllegalTransition>(())
    /// ```
    pub fn dispose(&mut self, reason: Reason, at: f64) -> Disposal {
        let ended = self
            .apply(Event::End(reason), at)
            .or_else(|_impossible_here| self.apply(Event::End(Reason::Closed), at))
            .ok();
        match self.apply(Event::Dispose, at) {
            Ok(disposed) => Disposal::Disposed { ended, disposed },
            Err(_disposed_before) => Disposal::AlreadyDisposed,
        }
    }
}
