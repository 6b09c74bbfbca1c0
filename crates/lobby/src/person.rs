//! A participant with a live session.
use std::collections::BTreeSet;

use palaestra_session::{Reason, SessionId};

use crate::event::SocketId;
use crate::message::Code;

/// A participant with a live session.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) lobby: usize,
    pub(crate) participant: String,
    pub(crate) group: Option<String>,
    pub(crate) session: SessionId,
    pub(crate) socket: Option<SocketId>,
    /// The place in the order of arrival, which somebody keeps who comes back to the pool.
    pub(crate) order: u64,
    /// How long the person has waited in sessions before this one.
    pub(crate) waited_ms: u64,
    pub(crate) rtt_ms: Option<f64>,
    pub(crate) seat: Option<(u64, u8)>,
    pub(crate) away: bool,
    /// Matches that came to nothing, and with whom.
    pub(crate) failures: u32,
    pub(crate) apart: BTreeSet<u64>,
    /// Position and count as they were told.
    pub(crate) told: Option<(usize, usize)>,
}

/// A code's reason in the session table.
pub(crate) const fn reason_of(code: Code) -> Reason {
    match code {
        Code::Complete => Reason::Complete,
        Code::WaitingTimeout | Code::ValidationTimeout | Code::MatchTimeout | Code::Stalled => Reason::Timeout,
        Code::ValidationFailed | Code::WrongModel | Code::Latency => Reason::ValidationFailed,
        Code::PartnerLeft => Reason::PartnerLeft,
        Code::Disconnected => Reason::Disconnected,
        Code::Absent => Reason::FocusLost,
        Code::Excluded | Code::NotNeeded | Code::PlayedBefore => Reason::Excluded,
        Code::ServerError | Code::Desync => Reason::Error,
        _ => Reason::Closed,
    }
}
