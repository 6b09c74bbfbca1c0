//! What the caller has to do when a session changes state.

/// One thing for the caller to carry out after a [`Transition`](crate::Transition), once no borrow of the session is
/// held any more. Where each one belongs is written in [`State::rule`](crate::State::rule).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Start this timer. If it fires, the session is to be ended with [`Reason::Timeout`](crate::Reason::Timeout).
    StartTimer(Timer),
    /// Cancel this timer. It may have fired already, as after a timeout: then there is nothing left to do.
    CancelTimer(Timer),
    /// Start the game loop.
    StartLoop,
    /// Stop the game loop: no further tick, no further step.
    StopLoop,
    /// Hand over what was recorded, the [history](crate::Session::history) included. It comes for every session, for
    /// one that never played is data too. An upload may outlive the session and must not hold up the release.
    ExportData,
    /// Let go of everything, in the order of [`DisposalReport`](crate::DisposalReport).
    Release,
}

/// The timers of a session, each running in the one state it is named after. How long they run is the caller's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timer {
    /// How long to wait for partners.
    Waiting,
    /// How long the checks may take.
    Validating,
}
