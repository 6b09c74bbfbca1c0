//! A leaver's inputs, as a server gets and gives them.
use crate::wire::{put_runs, put_varint};

/// Writes `inputs` for [`Event::Pronounced`](crate::Event::Pronounced) from a server's own record: a seat's actions at the frames from
/// `first` on. Where everybody who held the most has forgotten it or ended meanwhile, the server has confirmed more than anybody reports,
/// and what was confirmed counts.
pub fn write_report<A: AsRef<[u8]>>(first: u32, actions: &[A], inputs: &mut Vec<u8>) {
    put_varint(inputs, first.into());
    let action = |place: u32| actions.get(place as usize).map_or(&[][..], AsRef::as_ref);
    put_runs(inputs, actions.len() as u32, action);
}
