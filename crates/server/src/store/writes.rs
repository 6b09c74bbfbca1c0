//! What is written into a store.
use palaestra_lobby::{Keep, Verified};

use super::StoreError;

/// Something to be stored.
pub(crate) enum Write {
    /// What a lobby wants kept, all of one event: stored together or not at all.
    Keep(Vec<Keep>),
    /// Confirmed frames, and how far their sender is.
    Batch(BatchWrite),
    /// What a seat says that is another history than the one that is stored.
    Dissent { match_id: String, seat: u8, first: u32, items: Vec<u8> },
    /// What a side adds to the record's header.
    Facts { match_id: String, seat: u8, json: String },
    /// What became of a record.
    Verified(Verified),
    /// What was confirmed after a match's last frame; nothing where there is none. Everything before it is on disk when it is.
    Tail { match_id: String, new: Option<NewFrames> },
}

impl Write {
    /// Whether what comes after it would be wrong without it: a match's frames, and what the lobby says of people and matches.
    pub(super) fn is_needed(&self) -> bool {
        match self {
            Self::Keep(_) | Self::Batch(_) | Self::Tail { .. } => true,
            Self::Dissent { .. } | Self::Facts { .. } | Self::Verified(_) => false,
        }
    }
}

/// Confirmed frames of one seat.
#[derive(Debug)]
pub(crate) struct BatchWrite {
    pub(crate) match_id: String,
    pub(crate) seat: u8,
    /// What is new: number, first frame, frames, length of an action, items.
    pub(crate) new: Option<NewFrames>,
    /// This seat has confirmed through so many frames.
    pub(crate) frames: u32,
    /// The first frame at which its history was found another one.
    pub(crate) differs: Option<u32>,
}

/// Frames that are stored for the first time.
#[derive(Debug)]
pub(crate) struct NewFrames {
    pub(crate) number: u32,
    pub(crate) first: u32,
    pub(crate) frames: u32,
    pub(crate) action_len: u16,
    pub(crate) items: Vec<u8>,
}

/// What is done once something is on disk.
pub(crate) type OnDisk = Box<dyn FnOnce() + Send>;

/// A connection by which a store is written.
pub(crate) trait Backend: Send {
    /// Writes all of it in one transaction, which is on disk when it returns, or nothing.
    fn write(&mut self, writes: &[(Write, Option<OnDisk>)]) -> Result<(), StoreError>;

    /// Whether several processes share the store: whoever has lost something takes the lobby up from it, or another one does.
    fn is_shared(&self) -> bool;
}

/// The integers of both databases have a sign.
pub(super) fn signed(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}
