//! The actions of all seats at one frame.
use crate::seats::MOST_SEATS;
use crate::wire::{Reader, put_varint};

/// The longest action, in bytes.
pub const LONGEST_ACTION: usize = 255;

/// Where each seat's action stands in a row of bytes: its length, then as many bytes as the longest has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    /// One more than there are seats: the last is the row's length.
    offsets: Vec<usize>,
}

impl Layout {
    pub(crate) fn new(longest: impl IntoIterator<Item = u8>) -> Self {
        let mut offsets = vec![0];
        let mut at = 0;
        for longest in longest.into_iter().take(MOST_SEATS) {
            at += 1 + usize::from(longest);
            offsets.push(at);
        }
        Self { offsets }
    }

    pub(crate) fn stride(&self) -> usize {
        self.offsets.last().copied().unwrap_or(0)
    }

    pub(crate) fn view<'a>(&'a self, row: &'a [u8]) -> Actions<'a> {
        Actions { row, offsets: &self.offsets }
    }

    /// Writes an action into a row. False for one that is too long.
    pub(crate) fn set(&self, row: &mut [u8], seat: u8, action: &[u8]) -> bool {
        let at = usize::from(seat);
        let (Some(from), Some(to)) = (self.offsets.get(at), self.offsets.get(at + 1)) else { return false };
        let Some((length, place)) = row.get_mut(*from..*to).and_then(<[u8]>::split_first_mut) else { return false };
        let (Ok(bytes), Some(place)) = (u8::try_from(action.len()), place.get_mut(..action.len())) else {
            return false;
        };
        *length = bytes;
        place.copy_from_slice(action);
        true
    }
}

/// The joint action of a frame: one action per seat, each some bytes.
#[derive(Clone, Copy, Debug)]
pub struct Actions<'a> {
    row: &'a [u8],
    offsets: &'a [usize],
}

impl<'a> Actions<'a> {
    /// How many seats there are.
    pub fn len(self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// A seat's action; empty for a seat that there is not.
    pub fn get(self, seat: u8) -> &'a [u8] {
        let slot = self.offsets.get(usize::from(seat)).and_then(|at| self.row.get(*at..));
        let Some((length, bytes)) = slot.and_then(<[u8]>::split_first) else { return &[] };
        bytes.get(..usize::from(*length)).unwrap_or(&[])
    }

    /// All of them, from seat 0.
    pub fn iter(self) -> impl Iterator<Item = &'a [u8]> {
        (0..self.len() as u8).map(move |seat| self.get(seat))
    }

    /// Appends them as a [`JointAction`] reads them: each behind its length.
    pub fn write(self, out: &mut Vec<u8>) {
        for action in self.iter() {
            put_varint(out, action.len() as u64);
            out.extend_from_slice(action);
        }
    }
}

impl PartialEq for Actions<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

/// A joint action of one's own: what a server or a spectator reads from [`Actions::write`].
#[derive(Clone, Debug)]
pub struct JointAction {
    layout: Layout,
    row: Vec<u8>,
}

impl JointAction {
    /// Empty actions for seats whose longest actions have so many bytes.
    pub fn new(longest: impl IntoIterator<Item = u8>) -> Self {
        let layout = Layout::new(longest);
        let row = vec![0; layout.stride()];
        Self { layout, row }
    }

    /// Sets a seat's action. False, and nothing changed, for one that is too long, or a seat that there is not.
    pub fn set(&mut self, seat: u8, action: &[u8]) -> bool {
        self.layout.set(&mut self.row, seat, action)
    }

    /// Reads what [`Actions::write`] wrote. `None` for other bytes; some actions may have been set then.
    pub fn read(&mut self, bytes: &[u8]) -> Option<()> {
        let mut reader = Reader::new(bytes);
        for seat in 0..self.actions().len() as u8 {
            let length = reader.varint()?;
            let action = reader.bytes(usize::try_from(length).ok()?)?;
            self.set(seat, action).then_some(())?;
        }
        reader.is_empty().then_some(())
    }

    /// The actions.
    pub fn actions(&self) -> Actions<'_> {
        self.layout.view(&self.row)
    }
}
