//! The server as a witness: what it has itself of a leaver's inputs. The leaver, or somebody who was lost since, may have confirmed frames
//! to it that no survivor holds whole; they are stored, and so they count.
use palaestra_env::catalog::Catalog;
use palaestra_lobby::{Event, KeptLeaver, MOST_INPUTS, MatchFacts};
use palaestra_rollback::{Dropout, write_report};

use crate::history::History;
use crate::rooms::{Room, lock};
use crate::upto::Leaver;
use crate::world::{options, split};

/// Says what there is of a leaver's inputs in memory, be it on disk yet or not. Nothing of that seat is taken any more from then on. Makes
/// an environment, and may wait for the lobby to take it in: not for a task.
pub(crate) fn witness(room: &Room, leaver: u8, catalog: Catalog) -> Event {
    let survivors = room.connected() & !1_u8.checked_shl(leaver.into()).unwrap_or(0);
    let (first, joint) = lock(&room.history).leave(leaver, survivors);
    let frames = first.saturating_add(u32::try_from(joint.len()).unwrap_or(u32::MAX));
    let (first, inputs) = written(first, &actions_of(leaver, &joint, &room.facts, catalog), MOST_INPUTS);
    Event::Witness { match_id: room.facts.match_id.clone(), leaver, frames, first, inputs }
}

/// What was pronounced before the program stopped, with the leaver's inputs as far as they are on disk. Makes an environment.
pub(crate) fn recalled(history: &mut History, facts: &MatchFacts, found: &Leaver, catalog: Catalog) -> KeptLeaver {
    let (leaver, frames) = (found.seat, found.frames);
    let (first, mut joint) = history.leave(leaver, 0);
    // From there on it is no person's.
    joint.truncate(frames.saturating_sub(first) as usize);
    let (first, inputs) = written(first.min(frames), &actions_of(leaver, &joint, facts, catalog), MOST_INPUTS);
    KeptLeaver { match_id: facts.match_id.clone(), leaver, frames, first, inputs }
}

/// A seat's actions in these joint ones.
fn actions_of(seat: u8, joint: &[Box<[u8]>], facts: &MatchFacts, catalog: Catalog) -> Vec<Vec<u8>> {
    let Ok((options, env)) = options(catalog, facts, Dropout::Idle) else { return Vec::new() };
    let spaces = &env.spec().action_spaces;
    let split = joint.iter().map_while(|bytes| split(spaces, &options.seats, bytes));
    // What is no joint action nobody can have played: the replay says so.
    split.map(|joint| joint.actions().get(seat).to_vec()).collect()
}

/// A seat's actions at the frames from `first` on, in so many bytes. Where that is not enough for all, the earliest are left out: whoever
/// lacks those is so far behind that it has to go on from a state in any case.
fn written(first: u32, actions: &[Vec<u8>], most: usize) -> (u32, Vec<u8>) {
    let (mut skipped, mut inputs) = (0, Vec::new());
    loop {
        let rest = actions.get(skipped..).unwrap_or_default();
        let first = first.saturating_add(u32::try_from(skipped).unwrap_or(u32::MAX));
        inputs.clear();
        write_report(first, rest, &mut inputs);
        if inputs.len() <= most || rest.is_empty() {
            return (first, inputs);
        }
        skipped += rest.len().div_ceil(8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_left_out_at_the_beginning() {
        let actions: Vec<Vec<u8>> = (0..3_000_u32).map(|frame| frame.to_le_bytes().to_vec()).collect();
        let mut all = Vec::new();
        write_report(100, &actions, &mut all);
        assert_eq!(written(100, &actions, all.len()), (100, all.clone()));
        for most in [all.len() - 1, 1_000, 40] {
            let (first, inputs) = written(100, &actions, most);
            assert!(first > 100 && first < 3_100 && inputs.len() <= most, "{first} {}", inputs.len());
            let mut same = Vec::new();
            write_report(first, &actions[first as usize - 100..], &mut same);
            assert_eq!(inputs, same);
        }
        assert_eq!(written(7, &[], 0).0, 7);
    }
}
