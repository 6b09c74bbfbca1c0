//! Batches of confirmed frames.
use crate::wire::{self, ProtocolError};

const STEP: u8 = 1;
const RESET: u8 = 2;
const EVENT: u8 = 3;
/// A step whose joint action has another length than the batch's others.
const OTHER_STEP: u8 = 4;

/// One thing that happened in a match, as all sides confirmed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmedItem<'a> {
    /// A frame.
    Step {
        /// The joint action: one action per agent in agent order, each encoded by its action space.
        actions: &'a [u8],
        /// The hash of the state it led to.
        hash: u64,
    },
    /// The reset before the next frame.
    Reset {
        /// Its seed; `None`: the generator went on.
        seed: Option<u64>,
        /// Its options as the text of a JSON object, empty for none.
        options: &'a str,
        /// The hash of the state it led to.
        hash: u64,
    },
    /// Something else that all sides agree on, as the text of a JSON object.
    Event(&'a str),
}

/// A batch that was read: where it begins, and its items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfirmedReader<'a> {
    /// The frame of the first step in it: so many steps of the match went before.
    pub first: u32,
    action_len: u16,
    items: &'a [u8],
}

impl<'a> ConfirmedReader<'a> {
    pub(super) fn read(mut rest: &'a [u8]) -> Result<Self, ProtocolError> {
        let (first, action_len) = (wire::u32(&mut rest)?, wire::u16(&mut rest)?);
        let batch = Self { first, action_len, items: rest };
        batch.items().try_for_each(|item| item.map(drop))?;
        Ok(batch)
    }

    /// Its items, in order. What [`ToServer::read`](super::ToServer::read) gave has no error among them.
    pub fn items(&self) -> ConfirmedItems<'a> {
        ConfirmedItems { rest: self.items, action_len: self.action_len.into() }
    }

    /// How many bytes its steps' joint actions have as a rule.
    pub fn action_len(&self) -> u16 {
        self.action_len
    }
}

/// The items of a batch, read one after another.
#[derive(Clone, Debug)]
pub struct ConfirmedItems<'a> {
    rest: &'a [u8],
    action_len: usize,
}

impl<'a> ConfirmedItems<'a> {
    fn item(&mut self) -> Result<ConfirmedItem<'a>, ProtocolError> {
        let rest = &mut self.rest;
        match wire::byte(rest)? {
            STEP => Ok(ConfirmedItem::Step { actions: wire::take(rest, self.action_len)?, hash: wire::u64(rest)? }),
            OTHER_STEP => {
                let len = wire::u16(rest)?;
                Ok(ConfirmedItem::Step { actions: wire::take(rest, len.into())?, hash: wire::u64(rest)? })
            }
            RESET => {
                let seed = match wire::byte(rest)? {
                    0 => None,
                    1 => Some(wire::u64(rest)?),
                    found => return Err(ProtocolError::UnknownKind { of: "seed", found }),
                };
                Ok(ConfirmedItem::Reset { seed, options: short_text(rest)?, hash: wire::u64(rest)? })
            }
            EVENT => Ok(ConfirmedItem::Event(short_text(rest)?)),
            found => Err(ProtocolError::UnknownKind { of: "confirmed item", found }),
        }
    }
}

impl<'a> Iterator for ConfirmedItems<'a> {
    type Item = Result<ConfirmedItem<'a>, ProtocolError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let item = self.item();
        if item.is_err() {
            self.rest = &[];
        }
        Some(item)
    }
}

fn short_text<'a>(rest: &mut &'a [u8]) -> Result<&'a str, ProtocolError> {
    let len = wire::u16(rest)?.into();
    std::str::from_utf8(wire::take(rest, len)?).map_err(|_| ProtocolError::NotUtf8)
}

/// Writes a batch, kind included.
#[derive(Clone, Debug)]
pub struct ConfirmedWriter {
    bytes: Vec<u8>,
    action_len: u16,
    steps: u32,
}

/// Kind, first frame, length of an action.
const HEAD: usize = 1 + 4 + 2;

impl ConfirmedWriter {
    /// A batch of this kind, beginning with the frame `first`.
    pub(super) fn new(kind: u8, first: u32, action_len: u16) -> Self {
        let mut bytes = vec![kind];
        bytes.extend(first.to_le_bytes());
        bytes.extend(action_len.to_le_bytes());
        Self { bytes, action_len, steps: 0 }
    }

    /// Adds an item. Gives `false`, and adds nothing, for a joint action or a text of more than 65,535 bytes, which cannot be
    /// sent.
    #[must_use]
    pub fn put(&mut self, item: ConfirmedItem<'_>) -> bool {
        match item {
            ConfirmedItem::Step { actions, hash } => {
                let Ok(len) = u16::try_from(actions.len()) else { return false };
                if len == self.action_len {
                    self.bytes.push(STEP);
                } else {
                    self.bytes.push(OTHER_STEP);
                    self.bytes.extend(len.to_le_bytes());
                }
                self.bytes.extend_from_slice(actions);
                self.bytes.extend(hash.to_le_bytes());
                self.steps = self.steps.saturating_add(1);
            }
            ConfirmedItem::Reset { seed, options, hash } => {
                let Ok(len) = u16::try_from(options.len()) else { return false };
                self.bytes.extend([RESET, seed.is_some().into()]);
                self.bytes.extend(seed.iter().flat_map(|seed| seed.to_le_bytes()));
                self.bytes.extend(len.to_le_bytes());
                self.bytes.extend_from_slice(options.as_bytes());
                self.bytes.extend(hash.to_le_bytes());
            }
            ConfirmedItem::Event(text) => {
                let Ok(len) = u16::try_from(text.len()) else { return false };
                self.bytes.push(EVENT);
                self.bytes.extend(len.to_le_bytes());
                self.bytes.extend_from_slice(text.as_bytes());
            }
        }
        true
    }

    /// Adds items that another batch has, as they stand there; none of them is a step.
    pub fn put_encoded(&mut self, items: &[u8]) {
        self.bytes.extend_from_slice(items);
    }

    /// How many bytes its steps' joint actions have as a rule.
    pub fn action_len(&self) -> u16 {
        self.action_len
    }

    /// How many steps it has.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// Whether it has no item.
    pub fn is_empty(&self) -> bool {
        self.bytes.len() == HEAD
    }

    /// How long the message is so far, in bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The message.
    pub fn into_message(self) -> Vec<u8> {
        self.bytes
    }
}
