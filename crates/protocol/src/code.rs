//! The errors that can cross, by number and by name.

/// What went wrong, for programs; the message beside it is for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ErrorCode {
    /// No environment has the id.
    UnknownEnvironment = 1,
    /// A keyword argument or a reset option cannot be used.
    BadArgument = 2,
    /// An action is not in its space.
    BadAction = 3,
    /// The call is out of order: `step` before `reset`, or after the episode's end where that is not allowed.
    OutOfOrder = 4,
    /// Saved bytes are no state of this environment.
    BadState = 5,
    /// A message is none of this protocol.
    BadMessage = 6,
    /// The environment panicked; the Worker is gone.
    Panicked = 7,
    /// The Worker threw where no request can be blamed; it is gone.
    WorkerFailed = 8,
    /// No reply came by the deadline; the Worker is gone.
    DeadlineExceeded = 9,
    /// The session was closed while the request was pending, or before it was made.
    SessionClosed = 10,
    /// A file could not be loaded or compiled.
    LoadFailed = 11,
    /// A record has as much as a page keeps, or more than fits where it is asked for.
    RecordFull = 12,
    /// The server, or the way to the other players, did not let a match come about or go on.
    MatchFailed = 13,
    /// Code in Python raised, or did something else that it must not; its Worker is gone.
    GuestFailed = 14,
    /// The environment cannot do what was asked of it, as another could.
    Unsupported = 15,
}

impl ErrorCode {
    /// Every code.
    pub const ALL: [ErrorCode; 15] = [
        ErrorCode::UnknownEnvironment,
        ErrorCode::BadArgument,
        ErrorCode::BadAction,
        ErrorCode::OutOfOrder,
        ErrorCode::BadState,
        ErrorCode::BadMessage,
        ErrorCode::Panicked,
        ErrorCode::WorkerFailed,
        ErrorCode::DeadlineExceeded,
        ErrorCode::SessionClosed,
        ErrorCode::LoadFailed,
        ErrorCode::RecordFull,
        ErrorCode::MatchFailed,
        ErrorCode::GuestFailed,
        ErrorCode::Unsupported,
    ];

    /// The name that `PalaestraError.code` shows.
    pub fn name(self) -> &'static str {
        match self {
            ErrorCode::UnknownEnvironment => "unknown_environment",
            ErrorCode::BadArgument => "bad_argument",
            ErrorCode::BadAction => "bad_action",
            ErrorCode::OutOfOrder => "out_of_order",
            ErrorCode::BadState => "bad_state",
            ErrorCode::BadMessage => "bad_message",
            ErrorCode::Panicked => "panicked",
            ErrorCode::WorkerFailed => "worker_failed",
            ErrorCode::DeadlineExceeded => "deadline_exceeded",
            ErrorCode::SessionClosed => "session_closed",
            ErrorCode::LoadFailed => "load_failed",
            ErrorCode::RecordFull => "record_full",
            ErrorCode::MatchFailed => "match_failed",
            ErrorCode::GuestFailed => "guest_failed",
            ErrorCode::Unsupported => "unsupported",
        }
    }

    /// The code of a number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|code| *code as u8 == number)
    }

    /// The code of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_lead_back_to_their_code() {
        for code in ErrorCode::ALL {
            assert_eq!(ErrorCode::from_number(code as u8), Some(code));
            assert_eq!(ErrorCode::from_name(code.name()), Some(code));
        }
        assert_eq!(ErrorCode::from_number(0), None);
    }
}
