//! What must hold of a match that is over.
use palaestra_rollback::{Authority, Dropout, EndReason, Follower, JointAction};

use crate::game::Game;
use crate::plan::{Plan, What};
use crate::seen::Seen;
use crate::world::{Chaos, Rules};

/// What came of a match.
pub(crate) struct Outcome {
    pub(crate) seen: Seen,
    pub(crate) trace: u64,
    pub(crate) complaints: Vec<String>,
}

/// Plays a plan.
pub(crate) fn play(plan: &Plan) -> Outcome {
    let mut game = Game::new(plan);
    game.run();
    let mut complaints = std::mem::take(&mut game.complaints);
    if !game.is_unwitnessed() {
        complaints.extend_from_slice(game.server_complaints());
        complaints.extend(replay(&game));
    }
    if complaints.is_empty() {
        complaints.extend(ends(&mut game));
    }
    if std::env::var("DBG").is_ok() && !complaints.is_empty() {
        for (i, p) in game.places.iter().enumerate() {
            println!("{i} {:?} {}", p.ended, p.peer.as_ref().map_or(String::new(), |p| p.debug()));
        }
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

/// What was confirmed comes out again when it is played alone, whatever went wrong.
fn replay(game: &Game<'_>) -> Option<String> {
    let plan = game.plan;
    let options = plan.options(0, 1);
    let mut world = Chaos::new(Rules { snapshots: 1, ..plan.rules });
    let mut follower = Follower::new(&options, &mut world);
    let mut joint = JointAction::new(options.seats.iter().map(|_| Chaos::longest(&plan.rules)));
    for (frame, (chain, actions)) in &game.truth {
        joint.read(actions);
        let played = follower.play(*frame, joint.actions(), &mut world);
        if played.is_err() || follower.chain() != *chain {
            return Some(format!("frame {frame} comes out otherwise when it is replayed: {played:?}"));
        }
    }
    None
}

/// Everybody's match has ended, for the reason that there was, and for all who played on for the same.
fn ends(game: &mut Game<'_>) -> Vec<String> {
    let plan = game.plan;
    let mut complaints = Vec::new();
    let mut ends = Vec::new();
    for (seat, place) in game.places.iter().enumerate() {
        let left = |what: &What| *what == What::Leave { peer: seat as u8 };
        match (place.ended, &place.peer) {
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
