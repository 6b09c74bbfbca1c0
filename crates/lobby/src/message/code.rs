//! The code of every end and every refusal.
use std::fmt;

use serde::{Deserialize, Serialize};

/// Why something ended or was refused, finer than a [`Reason`](palaestra_session::Reason). The names are part of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Everybody confirmed the planned end.
    Complete,
    /// Nobody was found in time.
    WaitingTimeout,
    /// The lobby has no use for this participant.
    NotNeeded,
    /// A waiting participant did not answer or come back.
    NotThere,
    /// The handshake was not done in time.
    ValidationTimeout,
    /// A browser said that it cannot play.
    ValidationFailed,
    /// The round trip between two is above the limit.
    Latency,
    /// Somebody else went.
    PartnerLeft,
    /// A connection did not come back in time.
    Disconnected,
    /// The participant looked away for too long.
    Absent,
    /// The match took longer than it may.
    MatchTimeout,
    /// Nothing new was confirmed for too long.
    Stalled,
    /// The participant left.
    Left,
    /// The rules do not take this participant.
    Excluded,
    /// Something broke in the server.
    ServerError,
    /// The histories could not be brought together.
    Desync,
    /// A message that is none, or out of turn.
    Malformed,
    /// Nothing was said in time.
    HelloTimeout,
    /// Nothing came for too long.
    IdleTimeout,
    /// No such lobby.
    UnknownLobby,
    /// Not the lobby's secret.
    BadSecret,
    /// Not the participant's token.
    BadToken,
    /// An id that is taken, without its token.
    TokenNeeded,
    /// Not a ticket that the server signed.
    BadTicket,
    /// The page plays something else.
    WrongEnvironment,
    /// The browsers, or a browser and the lobby, have different models for a seat.
    WrongModel,
    /// The page is of another build.
    WrongVersion,
    /// The page speaks another version of the protocol.
    WrongProtocol,
    /// Once only.
    PlayedBefore,
    /// A message above its limit.
    TooLarge,
    /// More messages than anybody needs.
    TooFast,
    /// This side does not take what it is sent.
    SlowReader,
    /// Another tab took over.
    Replaced,
    /// As many connections as the server takes.
    TooMany,
    /// The match has ended.
    MatchOver,
    /// The server stops and comes back.
    ServerRestarting,
    /// A message about another match.
    NotInMatch,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 37] = [
        Self::Complete,
        Self::WaitingTimeout,
        Self::NotNeeded,
        Self::NotThere,
        Self::ValidationTimeout,
        Self::ValidationFailed,
        Self::Latency,
        Self::PartnerLeft,
        Self::Disconnected,
        Self::Absent,
        Self::MatchTimeout,
        Self::Stalled,
        Self::Left,
        Self::Excluded,
        Self::ServerError,
        Self::Desync,
        Self::Malformed,
        Self::HelloTimeout,
        Self::IdleTimeout,
        Self::UnknownLobby,
        Self::BadSecret,
        Self::BadToken,
        Self::TokenNeeded,
        Self::BadTicket,
        Self::WrongEnvironment,
        Self::WrongModel,
        Self::WrongVersion,
        Self::WrongProtocol,
        Self::PlayedBefore,
        Self::TooLarge,
        Self::TooFast,
        Self::SlowReader,
        Self::Replaced,
        Self::TooMany,
        Self::MatchOver,
        Self::ServerRestarting,
        Self::NotInMatch,
    ];

    /// Its name in messages, the number that a socket is closed with, and what it says to people.
    const fn row(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::Complete => ("complete", 1000, "The game is complete."),
            Self::WaitingTimeout => ("waiting_timeout", 4100, "No partner was found in time."),
            Self::NotNeeded => ("not_needed", 4101, "There is no place left in this study. Thank you for coming."),
            Self::NotThere => ("not_there", 4102, "You were not there any more."),
            Self::ValidationTimeout => {
                ("validation_timeout", 4103, "The connection to the others could not be set up in time.")
            }
            Self::ValidationFailed => ("validation_failed", 4104, "A browser could not load the game."),
            Self::Latency => ("latency", 4105, "The connection between the players is too slow for this game."),
            Self::PartnerLeft => ("partner_left", 4106, "Another player left the game."),
            Self::Disconnected => ("disconnected", 4107, "The connection was lost and did not come back in time."),
            Self::Absent => ("absent", 4108, "You looked away from the game for too long."),
            Self::MatchTimeout => ("match_timeout", 4109, "The game took longer than it may."),
            Self::Stalled => ("stalled", 4112, "The game did not go on any more."),
            Self::Left => ("left", 1000, "You left."),
            Self::Excluded => ("excluded", 4110, "This study does not take you."),
            Self::ServerError => ("server_error", 1011, "Something broke in the server."),
            Self::Desync => ("desync", 4111, "The players' games did not agree any more."),
            Self::Malformed => ("malformed", 4000, "The page sent something that is no message of the protocol."),
            Self::HelloTimeout => ("hello_timeout", 4001, "Nothing was said in time."),
            Self::IdleTimeout => ("idle_timeout", 4002, "Nothing was heard for too long."),
            Self::UnknownLobby => ("unknown_lobby", 4003, "There is no such lobby."),
            Self::BadSecret => ("bad_secret", 4004, "This is not the lobby's secret."),
            Self::BadToken => ("bad_token", 4004, "This is not the participant's token."),
            Self::TokenNeeded => ("token_needed", 4004, "This participant is here already, from another browser."),
            Self::BadTicket => ("bad_ticket", 4004, "This ticket is not one of the server's."),
            Self::WrongEnvironment => ("wrong_environment", 4005, "The page plays something else than the lobby."),
            Self::WrongModel => ("wrong_model", 4014, "The players' browsers have different models for a seat."),
            Self::WrongVersion => ("wrong_version", 4005, "The page is of another version: load it again."),
            Self::WrongProtocol => {
                ("wrong_protocol", 4005, "The page speaks another version of the protocol: load it again.")
            }
            Self::PlayedBefore => ("played_before", 4006, "You have played already, and this study is played once."),
            Self::TooLarge => ("too_large", 4007, "A message is longer than anything that is meant."),
            Self::TooFast => ("too_fast", 4008, "More messages came than anybody needs."),
            Self::SlowReader => ("slow_reader", 4009, "This side does not take what it is sent."),
            Self::Replaced => ("replaced", 4010, "The game goes on in another tab."),
            Self::TooMany => ("too_many", 4011, "The server has as many connections as it takes."),
            Self::MatchOver => ("match_over", 4012, "The match is over."),
            Self::ServerRestarting => ("server_restarting", 1012, "The server restarts: come back in a moment."),
            Self::NotInMatch => ("not_in_match", 4013, "This is not the match you are in."),
        }
    }

    /// Its name in messages.
    pub const fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The number that a socket is closed with for it.
    pub const fn close_code(self) -> u16 {
        self.row().1
    }

    /// What it says to people.
    pub const fn message(self) -> &'static str {
        self.row().2
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_name_and_a_number_that_a_socket_may_be_closed_with() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
            assert!(matches!(code.close_code(), 1000 | 1011 | 1012 | 4000..=4999), "{code}");
            // A close frame has room for 123 bytes.
            assert!(code.message().len() <= 123, "{code}");
        }
    }
}
