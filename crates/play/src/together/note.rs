//! The core's outputs: packets leave at once, the rest waits until the core is done.
use palaestra_protocol::server::PeerState;
use palaestra_protocol::together::{EndReason, LeaveReason, Told};
use palaestra_rollback::Output;

use super::injected::{Injected, send};
use super::outbox::Outbox;
use super::paths::Paths;

/// An output that waits until the core is done: what frames returned can be asked of the world only then.
pub(super) enum Note {
    Step { frame: u32, predicted: u32 },
    Confirmed { frame: u32, episode: u32, actions: Vec<u8>, hash: u64 },
    Began { episode: u32, frame: u32, seed: u64 },
    Over,
    Report { seat: u8, until: u32, inputs: Vec<u8> },
    Stalled(u8),
    Peer(u8, PeerState),
    Told(Told<'static>),
    Resynced(Told<'static>),
    Ended(EndReason, u32),
}

/// Sends a packet, and keeps anything else.
pub(super) fn note(
    output: Output<'_>,
    now: f64,
    (injected, paths, out): (&mut Option<Injected>, &Paths, &mut Outbox),
) -> Option<Note> {
    Some(match output {
        Output::Send { to, bytes } => {
            send((injected, paths, out), now, to, bytes);
            return None;
        }
        Output::Step { frame, predicted } => Note::Step { frame, predicted },
        Output::Confirmed { frame, episode, actions, hash, chain: _ } => {
            Note::Confirmed { frame, episode, actions: actions.iter().flatten().copied().collect(), hash }
        }
        Output::EpisodeBegan { episode, frame, seed } => Note::Began { episode, frame, seed },
        Output::EpisodeOver { .. } => Note::Over,
        // Who is lost is the server's to say.
        Output::Lost { .. } => return None,
        Output::Stalled { by } => Note::Stalled(by.bits()),
        Output::Reconnecting { seat } => Note::Peer(seat, PeerState::Reconnecting),
        Output::Back { seat } => Note::Peer(seat, PeerState::Connected),
        Output::Report { seat, until, inputs } => Note::Report { seat, until, inputs: inputs.to_vec() },
        Output::Left { seat, frame, reason } => {
            let reason = match reason {
                palaestra_rollback::LeaveReason::Left => LeaveReason::Left,
                palaestra_rollback::LeaveReason::Silent => LeaveReason::Silent,
                palaestra_rollback::LeaveReason::Told => LeaveReason::Told,
                palaestra_rollback::LeaveReason::Pronounced => LeaveReason::Pronounced,
            };
            Note::Told(Told::Left { seat, frame, reason })
        }
        Output::Desync { frame, seat, mine, theirs } => Note::Told(Told::Desync { seat, frame, mine, theirs }),
        Output::Resynced { epoch, frame, wrong } => {
            Note::Resynced(Told::Resynced { epoch, frame, wrong: wrong.bits() })
        }
        Output::Ended { reason, frames } => Note::Ended(end_reason(reason), frames),
    })
}

fn end_reason(reason: palaestra_rollback::EndReason) -> EndReason {
    match reason {
        palaestra_rollback::EndReason::Complete => EndReason::Complete,
        palaestra_rollback::EndReason::PartnerLeft => EndReason::PartnerLeft,
        palaestra_rollback::EndReason::Dropped => EndReason::Dropped,
        palaestra_rollback::EndReason::Isolated => EndReason::Isolated,
        palaestra_rollback::EndReason::Desync => EndReason::Desync,
        palaestra_rollback::EndReason::Abandoned => EndReason::Abandoned,
        palaestra_rollback::EndReason::Left => EndReason::Left,
    }
}
