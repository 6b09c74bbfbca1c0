//! What must hold of a match, whoever crashed, came back without memory, left, was cut off or played alone.
//!
//! While it is played (`outputs.rs`):
//! - each life of a peer confirms frames without a gap, from the first or from that of the state it took over;
//! - what it confirms has been played so by everybody who has not left, in this life or in one before;
//! - where nobody comes back without memory no frame is confirmed in two ways. Otherwise only where nobody who plays with whoever confirms
//!   the second remembers the first, and the server had not given it;
//! - states differ only if one was changed, or somebody has forgotten.
//!
//! Afterwards:
//! - all that was confirmed by anybody, and what the server played, comes out again when it is played alone, from the root of the
//!   match. Whoever starts anew goes on from something that was confirmed. A state that was changed shows only in frames that a peer
//!   confirmed alone, and as exactly those bits (`histories.rs`);
//! - those who played to the end confirmed the same, and ended alike. So did two without a server who have both forgotten;
//! - the server got every frame in one way, and its replay came to the same, before the first frame that was forgotten or changed so;
//! - everybody's match has ended, for a reason that there was.
use palaestra_rollback::{Authority, Dropout, EndReason};

use crate::game::Game;
use crate::histories::Confirmed;
use crate::place::Place;
use crate::plan::{Plan, What};
use crate::seen::Seen;

/// What came of a match.
pub(crate) struct Outcome {
    pub(crate) seen: Seen,
    pub(crate) trace: u64,
    pub(crate) complaints: Vec<String>,
}

/// Plays a plan.
pub(crate) fn play(plan: &Plan) -> Outcome {
    judge(Game::new(plan))
}

/// Plays a plan and prints what the peers told.
pub(crate) fn play_aloud(plan: &Plan) -> Outcome {
    let mut game = Game::new(plan);
    game.aloud = true;
    judge(game)
}

fn judge(mut game: Game<'_>) -> Outcome {
    game.run();
    let mut complaints = std::mem::take(&mut game.complaints);
    complaints.extend(survivors_differ(&game));
    let forked = game.histories.first_fork();
    // What the server played is part of it: who starts anew may go on from there.
    let mut before = None;
    for (frame, (actions, hash, chain)) in (0..).zip(&game.server.played) {
        let told = Confirmed { before, actions: actions.clone(), hash: *hash, alone: false, changes: Vec::new() };
        complaints.extend(game.histories.add(frame, *chain, told).map(|complaint| format!("the server: {complaint}")));
        before = Some(*chain);
    }
    let replayed = game.histories.replay(game.plan);
    complaints.extend(replayed.complaints);
    // Where frames were forgotten, or changed with nobody there to notice, the server cannot know which are true.
    let doubtful = forked.into_iter().chain(replayed.changed).min().unwrap_or(u32::MAX);
    let at_server = game.server.complaints.iter().filter(|(frame, _)| *frame < doubtful);
    complaints.extend(at_server.map(|(frame, complaint)| format!("frame {frame} {complaint}")));
    if complaints.is_empty() {
        complaints.extend(ends(&mut game));
    }
    count(&mut game);
    Outcome { seen: game.seen, trace: game.trace, complaints }
}

fn count(game: &mut Game<'_>) {
    for place in &game.places {
        let Some(peer) = &place.peer else { continue };
        let stats = peer.stats();
        game.seen.rolled_back += stats.rolled_back;
        game.seen.stalls += u64::from(stats.stalls > 0);
        game.seen.deepest += u64::from(game.plan.window > 0 && stats.deepest >= game.plan.window);
        game.seen.refused += stats.refused.iter().sum::<u64>();
    }
}

/// Those who played to the end have confirmed the same, without exception.
fn survivors_differ(game: &Game<'_>) -> Option<String> {
    let survivors = game.places.iter().map(Place::life).filter(|life| life.survived());
    let mut truth = std::collections::BTreeMap::new();
    let mut frames = survivors.flat_map(|life| (life.first.unwrap_or(0)..).zip(&life.chains));
    let differs = frames.find(|(frame, chain)| *truth.entry(*frame).or_insert(**chain) != **chain);
    differs.map(|(frame, _)| format!("frame {frame} is not the same for all who played to the end"))
}

/// Without a server, two peers who both have forgotten end for one reason, unless one of them left or fell silent for too long.
fn forgetful_pair_ends_apart(game: &Game<'_>) -> Option<String> {
    let forgot = |place: &Place| place.lives.len() > 1;
    let parts = |what: &What| match *what {
        What::Leave { .. } => true,
        What::Cut { ms, .. } | What::Pause { ms, .. } | What::Crash { back: ms, .. } => ms > 2_000.0,
        _ => false,
    };
    let [mine, theirs] = game.places.as_slice() else { return None };
    let pair = game.plan.authority == Authority::Peers && forgot(mine) && forgot(theirs);
    if !pair || game.plan.faults.iter().any(|fault| parts(&fault.what)) {
        return None;
    }
    let (mine, theirs) = (mine.life().ended, theirs.life().ended);
    let reason = |end: Option<(EndReason, u32)>| end.map(|(reason, _)| reason);
    (reason(mine) != reason(theirs)).then(|| format!("both have forgotten, and end apart: {mine:?}, {theirs:?}"))
}

/// Everybody's match has ended, for the reason that there was, and for all who played on for the same.
fn ends(game: &mut Game<'_>) -> Vec<String> {
    let plan = game.plan;
    let mut complaints = Vec::new();
    let mut ends = Vec::new();
    for (seat, place) in game.places.iter().enumerate() {
        let left = |what: &What| *what == What::Leave { peer: seat as u8 };
        match (place.life().ended, &place.peer) {
            (Some((reason, frames)), _) => {
                ends.push((seat, reason, frames));
                let leaves = plan.faults.iter().any(|fault| left(&fault.what));
                let fine = match reason {
                    EndReason::Complete => true,
                    EndReason::PartnerLeft => plan.is_grave() && plan.dropout == Dropout::End,
                    EndReason::Left => leaves,
                    EndReason::Dropped | EndReason::Abandoned => plan.is_grave(),
                    EndReason::Isolated => plan.is_grave() && plan.authority == Authority::Peers,
                    EndReason::Desync => false,
                };
                if !fine {
                    complaints.push(format!("seat {seat}: ended {reason:?} without a cause"));
                }
            }
            (None, None) => {}
            (None, Some(peer)) => {
                let (frame, confirmed) = (peer.frame(), peer.confirmed());
                complaints.push(format!("seat {seat}: has not ended, frame {frame}, confirmed {confirmed}"));
            }
        }
    }
    complaints.extend(forgetful_pair_ends_apart(game));
    let survivors = ends.iter().filter(|(_, reason, _)| matches!(reason, EndReason::Complete | EndReason::PartnerLeft));
    let mut kinds: Vec<_> = survivors.clone().map(|(_, reason, frames)| (*reason as u8, *frames)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() > 1 {
        complaints.push(format!("those who played to the end did not end alike: {ends:?}"));
    }
    let seen = &mut game.seen;
    for (_, reason, _) in &ends {
        match reason {
            EndReason::Complete => seen.complete += 1,
            EndReason::PartnerLeft => seen.partner_left += 1,
            EndReason::Dropped => seen.dropped += 1,
            EndReason::Isolated => seen.isolated += 1,
            EndReason::Abandoned => seen.abandoned += 1,
            EndReason::Left | EndReason::Desync => {}
        }
    }
    let everybody = survivors.count() == game.places.len();
    seen.everybody += u64::from(everybody);
    seen.grave += u64::from(plan.is_grave());
    complaints
}
