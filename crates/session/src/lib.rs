//! The life of one session, from the moment a participant arrives until nothing of it is left.
//!
//! ```text
//! CREATED ─► WAITING ─► MATCHED ─► VALIDATING ─► PLAYING ─► ENDED ─► DISPOSED
//!    │          │          │            │           │         ▲
//!    │       timeout       │         timeout        │         │
//!    │          │     partner_left partner_left partner_left  │
//!    │          │          │   validation_failed complete     │
//!    │          │          │            │      disconnected   │
//!    │          │          │            │       focus_lost    │
//!    │          │          │            │        timeout      │
//!    └──────────┴──────────┴────────────┴───────────┴─────────┘
//!                excluded, error, closed: from all five
//! ```
//!
//! The crate is pure: it knows no browser, reads no clock and does no I/O. The caller passes in what happened and when
//! (milliseconds on a clock of its choice), and gets back a [`Transition`] whose [actions](Transition::actions) it
//! carries out in order, after every borrow of the session has ended. Nothing is ever called back.
//!
//! Read on in [`State::rule`], the one table of what may happen; then [`Session`], which walks it; then [`Registry`],
//! which owns every session and proves that a disposed one is gone.
//!
//! A session of two, up to the first frame and out again:
//! ```
//! use palaestra_session::{Action, Event, Reason, Session, State, Timer};
//!
//! let mut session = Session::new(0.0);
//! let waiting = session.apply(Event::Wait, 5.0)?;
//! assert_eq!(waiting.actions().collect::<Vec<_>>(), [Action::StartTimer(Timer::Waiting)]);
//!
//! session.apply(Event::Match, 1_200.0)?;
//! session.apply(Event::Validate, 1_200.0)?;
//! session.apply(Event::Play, 1_450.0)?;
//! session.apply(Event::End(Reason::Complete), 61_450.0)?;
//! assert_eq!(session.ended_reason(), Some(Reason::Complete));
//!
//! let refused = session.apply(Event::Play, 61_500.0).unwrap_err();
//! assert_eq!(refused.to_string(), "in state ended: expected dispose, got play");
//! assert_eq!(session.state(), State::Ended);
//! # Ok::<(), palaestra_session::IllegalTransition>(())
//! ```
//!
//! A participant who plays alone walks the same states without waiting: the caller applies [`Event::Wait`] and
//! [`Event::Match`] at the same moment, and the record has the same shape as a group's.

#![forbid(unsafe_code)]

mod action;
mod disposal;
mod event;
mod reason;
mod registry;
mod session;
mod state;
mod table;
mod transition;

pub use action::{Action, Timer};
pub use disposal::{Disposal, DisposalOutcome, DisposalReport};
pub use event::Event;
pub use reason::{Reason, UnknownReason};
pub use registry::{Registered, Registry, RegistryError, SessionId};
pub use session::Session;
pub use state::State;
pub use table::Rule;
pub use transition::{IllegalTransition, Transition};
