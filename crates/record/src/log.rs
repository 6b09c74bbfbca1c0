//! The log of a running game: one buffer of bytes that only grows.
//!
//! ```text
//! "PLG1"                                                    then entry after entry:
//! 1 │ seeded u8 │ [seed u64] │ options text │ returns       a reset
//! 2 │ hashed u8 │ [hash u64] │ actions │ returns │ metrics  a step
//! 3 │ JSON text                                             an event
//! ```
//! Texts, blocks and metrics stand behind their length in bytes, seven bits a byte. What the blocks hold is known to the
//! environment's `Spec` alone: `returns` is a block of [`palaestra_env::returns`], `actions` one action an agent after
//! another, each encoded by its action space.
use std::fmt;

use crate::cursor::{Cursor, Malformed, put_bytes, put_length};

const MAGIC: [u8; 4] = *b"PLG1";
const RESET: u8 = 1;
const STEP: u8 = 2;
const EVENT: u8 = 3;

/// An append-only binary log. As one buffer it crosses to a Worker whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    bytes: Vec<u8>,
    entries: u64,
    steps: u64,
    episodes: u64,
}

impl Default for Log {
    fn default() -> Self {
        Self { bytes: MAGIC.to_vec(), entries: 0, steps: 0, episodes: 0 }
    }
}

impl Log {
    /// An empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// A reset with its seed (`None`: the generator went on), its options as the text of a JSON object (empty for none) and
    /// the block it returned.
    pub fn reset(&mut self, seed: Option<u64>, options: &str, returns: &[u8]) {
        self.bytes.push(RESET);
        self.optional(seed);
        put_bytes(&mut self.bytes, options.as_bytes());
        put_bytes(&mut self.bytes, returns);
        self.episodes = self.episodes.saturating_add(1);
        self.entries = self.entries.saturating_add(1);
    }

    /// A step: the joint action, the block it returned, the metrics of its row (empty for none) and the hash of the state it
    /// led to.
    pub fn step(&mut self, actions: &[u8], returns: &[u8], metrics: &[f64], hash: Option<u64>) {
        self.bytes.push(STEP);
        self.optional(hash);
        put_bytes(&mut self.bytes, actions);
        put_bytes(&mut self.bytes, returns);
        put_length(&mut self.bytes, size_of_val(metrics));
        self.bytes.extend(metrics.iter().flat_map(|metric| metric.to_le_bytes()));
        self.steps = self.steps.saturating_add(1);
        self.entries = self.entries.saturating_add(1);
    }

    /// Something else that happened, as JSON: a transition of the session, for example.
    pub fn event(&mut self, json: &str) {
        self.bytes.push(EVENT);
        put_bytes(&mut self.bytes, json.as_bytes());
        self.entries = self.entries.saturating_add(1);
    }

    fn optional(&mut self, value: Option<u64>) {
        self.bytes.push(value.is_some().into());
        self.bytes.extend(value.iter().flat_map(|value| value.to_le_bytes()));
    }

    /// How many steps it holds.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// How many resets it holds.
    pub fn episodes(&self) -> u64 {
        self.episodes
    }

    /// How many entries it holds; its size in memory is that of [`as_bytes`](Self::as_bytes).
    pub fn len(&self) -> u64 {
        self.entries
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// The whole log, for [`from_bytes`](Self::from_bytes).
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The whole log, given away.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Takes over a log from its bytes, after going through them once.
    ///
    /// # Errors
    /// [`LogError`] where they are not a log's.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, LogError> {
        let body = bytes.strip_prefix(&MAGIC).ok_or(LogError::NotALog)?;
        let mut cursor = Cursor::new(body);
        let (mut entries, mut steps, mut episodes) = (0, 0, 0);
        while cursor.left() > 0 {
            let offset = bytes.len() - cursor.left();
            match read_entry(&mut cursor) {
                Ok(Entry::Reset { .. }) => episodes += 1,
                Ok(Entry::Step { .. }) => steps += 1,
                Ok(Entry::Event(_)) => {}
                Err(Malformed) => return Err(LogError::Malformed { entry: entries, offset }),
            }
            entries += 1;
        }
        Ok(Self { bytes, entries, steps, episodes })
    }

    /// What it holds, in order.
    pub fn entries(&self) -> Entries<'_> {
        Entries { cursor: Cursor::new(self.bytes.get(MAGIC.len()..).unwrap_or_default()) }
    }
}

/// One entry of a [`Log`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Entry<'a> {
    /// A reset.
    Reset {
        /// Its seed; `None`: the generator went on.
        seed: Option<u64>,
        /// Its options as JSON text, empty for none.
        options: &'a str,
        /// What it returned.
        returns: &'a [u8],
    },
    /// A step.
    Step {
        /// The joint action.
        actions: &'a [u8],
        /// What it returned.
        returns: &'a [u8],
        /// Its metrics.
        metrics: Metrics<'a>,
        /// The hash of the state it led to.
        hash: Option<u64>,
    },
    /// Something else, as JSON text.
    Event(&'a str),
}

/// The metrics of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metrics<'a> {
    numbers: &'a [[u8; 8]],
}

impl<'a> Metrics<'a> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The numbers, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = f64> + 'a {
        self.numbers.iter().map(|number| f64::from_le_bytes(*number))
    }
}

/// The entries of a [`Log`]; see [`Log::entries`].
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        // Every log has been checked where its bytes came in, so this ends at the end.
        read_entry(&mut self.cursor).ok()
    }
}

fn read_entry<'a>(cursor: &mut Cursor<'a>) -> Result<Entry<'a>, Malformed> {
    match cursor.u8()? {
        RESET => {
            let seed = read_optional(cursor)?;
            Ok(Entry::Reset { seed, options: cursor.text()?, returns: cursor.bytes()? })
        }
        STEP => {
            let hash = read_optional(cursor)?;
            let (actions, returns) = (cursor.bytes()?, cursor.bytes()?);
            match cursor.bytes()?.as_chunks() {
                (numbers, []) => Ok(Entry::Step { actions, returns, metrics: Metrics { numbers }, hash }),
                _ => Err(Malformed),
            }
        }
        EVENT => Ok(Entry::Event(cursor.text()?)),
        _ => Err(Malformed),
    }
}

fn read_optional(cursor: &mut Cursor<'_>) -> Result<Option<u64>, Malformed> {
    match cursor.u8()? {
        0 => Ok(None),
        1 => cursor.u64().map(Some),
        _ => Err(Malformed),
    }
}

/// Bytes that are no log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogError {
    /// They do not begin as a log does.
    NotALog,
    /// An entry is cut off, or not one that a log writes.
    Malformed {
        /// Which entry, counted from 0.
        entry: u64,
        /// Where it begins.
        offset: usize,
    },
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LogError::NotALog => f.write_str("expected a log that begins with PLG1, found other bytes"),
            LogError::Malformed { entry, offset } => {
                write!(f, "expected a whole reset, step or event as entry {entry} at byte {offset}, found other bytes")
            }
        }
    }
}

impl std::error::Error for LogError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> Log {
        let mut log = Log::new();
        log.event(r#"{"state":"playing"}"#);
        log.reset(Some(u64::MAX), r#"{"low":0.5}"#, &[1, 2, 3]);
        log.step(&[9; 8], &[7; 300], &[0.25, f64::NEG_INFINITY], Some(0x0123_4567_89ab_cdef));
        log.reset(None, "", &[]);
        log.step(&[], &[], &[], None);
        log
    }

    #[test]
    fn entries_come_back_in_order_from_the_bytes() {
        let log = log();
        let copy = Log::from_bytes(log.as_bytes().to_vec()).unwrap();
        assert_eq!(copy, log);
        assert_eq!((copy.len(), copy.steps(), copy.episodes()), (5, 2, 2));
        let entries: Vec<Entry<'_>> = copy.entries().collect();
        assert_eq!(entries.len(), 5);
        assert_eq!(entries[0], Entry::Event(r#"{"state":"playing"}"#));
        assert_eq!(entries[1], Entry::Reset { seed: Some(u64::MAX), options: r#"{"low":0.5}"#, returns: &[1, 2, 3] });
        let Entry::Step { actions, returns, metrics, hash } = entries[2] else { panic!("{:?}", entries[2]) };
        assert_eq!((actions, returns), (&[9; 8][..], &[7; 300][..]));
        assert_eq!(metrics.iter().collect::<Vec<_>>(), [0.25, f64::NEG_INFINITY]);
        assert_eq!(hash, Some(0x0123_4567_89ab_cdef));
        assert_eq!(entries[3], Entry::Reset { seed: None, options: "", returns: &[] });
    }

    #[test]
    fn a_log_cut_anywhere_inside_an_entry_is_refused_with_the_place() {
        let whole = log().into_bytes();
        let ends: Vec<usize> = {
            let mut cursor = Cursor::new(&whole[MAGIC.len()..]);
            let mut ends = vec![MAGIC.len()];
            while read_entry(&mut cursor).is_ok() {
                ends.push(whole.len() - cursor.left());
            }
            ends
        };
        for len in 0..whole.len() {
            let cut = Log::from_bytes(whole[..len].to_vec());
            match ends.iter().rposition(|end| *end <= len) {
                None => assert_eq!(cut, Err(LogError::NotALog)),
                Some(entry) if ends[entry] == len => assert!(cut.is_ok()),
                Some(entry) => {
                    assert_eq!(cut, Err(LogError::Malformed { entry: entry as u64, offset: ends[entry] }));
                }
            }
        }
    }

    #[test]
    fn a_length_that_promises_more_than_there_is_reserves_nothing() {
        let mut bytes = MAGIC.to_vec();
        bytes.extend([EVENT, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
        assert_eq!(Log::from_bytes(bytes), Err(LogError::Malformed { entry: 0, offset: 4 }));
    }
}
