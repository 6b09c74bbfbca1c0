//! An output as the simulator keeps it, without its borrows.
use palaestra_rollback::{EndReason, LeaveReason, Output};

use crate::world::mix;

pub(crate) enum Told {
    Send { to: u8, bytes: Vec<u8> },
    Step { predicted: u32 },
    Confirmed { frame: u32, actions: Vec<u8>, hash: u64, chain: u64 },
    Lost { other: u8, said_so: bool },
    Report { leaver: u8, until: u32, inputs: Vec<u8> },
    Back,
    Left { leaver: u8, pronounced: bool },
    Desync,
    Resynced { frame: u32, wrong: bool },
    EpisodeOver,
    Ended { reason: EndReason, frames: u32 },
    Other,
}

impl Told {
    pub(crate) fn from(output: &Output<'_>) -> Self {
        match *output {
            Output::Send { to, bytes } => Self::Send { to, bytes: bytes.to_vec() },
            Output::Step { predicted, .. } => Self::Step { predicted },
            Output::Confirmed { frame, actions, hash, chain, .. } => {
                let mut bytes = Vec::new();
                actions.write(&mut bytes);
                Self::Confirmed { frame, actions: bytes, hash, chain }
            }
            Output::Lost { seat: other, said_so } => Self::Lost { other, said_so },
            Output::Report { seat: leaver, until, inputs } => Self::Report { leaver, until, inputs: inputs.to_vec() },
            Output::Back { .. } => Self::Back,
            Output::Left { seat: leaver, reason, .. } => {
                Self::Left { leaver, pronounced: reason == LeaveReason::Pronounced }
            }
            Output::Desync { .. } => Self::Desync,
            Output::Resynced { frame, wrong, .. } => Self::Resynced { frame, wrong: !wrong.is_empty() },
            Output::EpisodeOver { .. } => Self::EpisodeOver,
            Output::Ended { reason, frames } => Self::Ended { reason, frames },
            Output::EpisodeBegan { .. } | Output::Stalled { .. } | Output::Reconnecting { .. } => Self::Other,
        }
    }
}

/// A number for what an output is.
pub(crate) fn fold(output: &Output<'_>) -> u64 {
    match *output {
        Output::Send { to, bytes } => {
            bytes.iter().fold(u64::from(to), |all, byte| all.rotate_left(5) ^ u64::from(*byte))
        }
        Output::Step { frame, predicted } => mix(u64::from(frame) << 32 | u64::from(predicted)),
        Output::Confirmed { frame, chain, hash, .. } => mix(chain ^ hash ^ u64::from(frame)),
        Output::Ended { reason, frames } => mix(reason as u64 + 1) ^ u64::from(frames),
        Output::Stalled { by } => mix(u64::from(by.bits()) << 8),
        _ => 1,
    }
}
