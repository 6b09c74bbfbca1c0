//! What a match is played by.
use crate::actions::LONGEST_ACTION;
use crate::seats::{MOST_SEATS, SeatSet};

/// Who sits in a seat, and how long its longest action is, in bytes (at most 255).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeatKind {
    /// A person, at a peer of the seat's number.
    Person {
        /// Bytes of the longest action.
        longest: u8,
    },
    /// A policy, which every peer computes by itself.
    Policy {
        /// Bytes of the longest action.
        longest: u8,
    },
}

impl SeatKind {
    pub(crate) fn longest(self) -> u8 {
        match self {
            Self::Person { longest } | Self::Policy { longest } => longest,
        }
    }

    pub(crate) fn is_person(self) -> bool {
        matches!(self, Self::Person { .. })
    }
}

/// What becomes of a seat whose person has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropout {
    /// It plays the idle action.
    Idle,
    /// It is played by [`World::act`](crate::World::act).
    Policy,
    /// The match ends with the leaver's last frame.
    End,
}

/// Who says that a peer has left, what its last frame was, and from which state a resynchronised match goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// A server, through [`Event::Leaving`](crate::Event::Leaving), [`Event::Pronounced`](crate::Event::Pronounced) and
    /// [`Event::Checkpoint`](crate::Event::Checkpoint).
    Server,
    /// The peers among themselves. When they fall apart, the part goes on that has more than half of those who were there
    /// before (of two halves, that with the lowest seat).
    Peers,
}

/// What a match is played by. All peers have the same, except for `seat`, `delay` and `incarnation`.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Tells the packets of this match from others'.
    pub match_id: u32,
    /// The match's seed, from which every episode's comes: see [`episode_seed`](crate::episode_seed).
    pub seed: u64,
    /// Who sits where: 2 to 8 seats.
    pub seats: Vec<SeatKind>,
    /// This peer's own seat.
    pub seat: u8,
    /// How many times this peer has started in this match, from 1: a page that is loaded anew comes with the next number.
    pub incarnation: u32,
    /// The epoch that the match is in when this peer comes: the same for all who begin it.
    pub epoch: u32,
    /// Ticks per second, from 0.1 to 240.
    pub fps: f64,
    /// Frames from a local action to its step, at most 30. Each peer may have its own. None where the seat has no
    /// [idle action](crate::World::idle): each action is waited for then.
    pub delay: u32,
    /// The most frames that are played ahead of what is known, at most 150. 0 is lockstep: a frame is played when
    /// everybody's input is there.
    pub window: u32,
    /// The match ends after so many episodes.
    pub episodes: Option<u32>,
    /// The match ends after so many frames.
    pub most_frames: Option<u32>,
    /// Milliseconds between an episode's end, as all agree on it, and the next.
    pub episode_pause: f64,
    /// What becomes of a leaver's seat.
    pub dropout: Dropout,
    /// Who says so.
    pub authority: Authority,
    /// Milliseconds of silence after which a peer is said to be [reconnecting](crate::Output::Reconnecting). This and the three that follow
    /// are longer in a slow game: some ticks at least.
    pub silence: f64,
    /// Milliseconds of silence after which a peer is [lost](crate::Output::Lost). Without a server it has left then.
    pub grace: f64,
    /// Milliseconds that a match waits for somebody who is lost, for a state, or for agreement, before it ends
    /// [abandoned](crate::EndReason::Abandoned).
    pub patience: f64,
    /// Milliseconds that a peer stays there for the others after its own end.
    pub linger: f64,
    /// The longest state that is taken from another peer, in bytes.
    pub longest_state: usize,
}

/// What is wrong with [`Options`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionsError {
    /// Not 2 to 8 seats.
    Seats,
    /// `seat` is no person's.
    Seat,
    /// Not 0.1 to 240 ticks per second.
    Fps,
    /// `delay` above 30 or `window` above 150.
    Frames,
    /// A time that is negative or no number.
    Time,
    /// An incarnation of 0.
    Incarnation,
}

impl Options {
    /// Options for a match: fps 30, no input delay, a window of 8 frames, leavers' seats idle, a server as authority.
    pub fn new(match_id: u32, seed: u64, seats: Vec<SeatKind>, seat: u8) -> Self {
        Self {
            match_id,
            seed,
            seats,
            seat,
            incarnation: 1,
            epoch: 0,
            fps: 30.0,
            delay: 0,
            window: 8,
            episodes: None,
            most_frames: None,
            episode_pause: 0.0,
            dropout: Dropout::Idle,
            authority: Authority::Server,
            silence: 1_000.0,
            grace: 5_000.0,
            patience: 30_000.0,
            linger: 2_000.0,
            longest_state: 4 << 20,
        }
    }

    /// How many frames a [`World`](crate::World) has to keep: what can be gone back to, and a resynchronisation more. An input
    /// is known everywhere one way after it was given, and everybody knows so after another.
    pub fn snapshots(&self) -> u32 {
        3 * (self.window + self.delay) + 24
    }

    /// The seats of people.
    pub fn people(&self) -> SeatSet {
        let seats = self.seats.iter().zip(0_u8..);
        seats.filter(|(kind, _)| kind.is_person()).map(|(_, seat)| seat).collect()
    }

    /// # Errors
    /// [`OptionsError`] for the first thing that is wrong.
    pub(crate) fn check(&self) -> Result<(), OptionsError> {
        let times = [self.episode_pause, self.silence, self.grace, self.patience, self.linger];
        if !(2..=MOST_SEATS).contains(&self.seats.len()) {
            Err(OptionsError::Seats)
        } else if !self.people().contains(self.seat) {
            Err(OptionsError::Seat)
        } else if !(0.1..=240.0).contains(&self.fps) {
            Err(OptionsError::Fps)
        } else if self.delay > 30 || self.window > 150 {
            Err(OptionsError::Frames)
        } else if !times.iter().all(|time| *time >= 0.0) {
            Err(OptionsError::Time)
        } else if self.incarnation == 0 {
            Err(OptionsError::Incarnation)
        } else {
            debug_assert!(LONGEST_ACTION == usize::from(u8::MAX));
            Ok(())
        }
    }
}

impl core::fmt::Display for OptionsError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Seats => "seats: expected 2 to 8",
            Self::Seat => "seat: expected the number of a person's seat",
            Self::Fps => "fps: expected ticks per second from 0.1 to 240",
            Self::Frames => "expected a delay of at most 30 frames and a window of at most 150",
            Self::Time => "expected times in milliseconds, from 0",
            Self::Incarnation => "incarnation: expected a number from 1",
        })
    }
}

impl core::error::Error for OptionsError {}
