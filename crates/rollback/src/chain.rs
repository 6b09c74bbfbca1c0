//! Hashes of a match's history: of every frame's actions and of the state they led to, each on top of the one before. Two
//! peers whose chains agree at a frame agree about all frames before it.
use crate::actions::Actions;

const PRIME: u64 = 0x0000_0100_0000_01b3;

/// Spreads every bit over all others (the finaliser of SplitMix64, Steele, Lea and Flood 2014).
fn spread(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// The chain before the first frame.
pub(crate) fn start(match_id: u32, seed: u64) -> u64 {
    spread(seed ^ u64::from(match_id).rotate_left(32))
}

/// A chain with a frame's actions, before their state.
pub(crate) fn with_actions(chain: u64, actions: Actions<'_>) -> u64 {
    let byte = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(PRIME);
    actions.iter().fold(chain, |hash, action| {
        let hash = byte(hash, action.len() as u8);
        action.iter().fold(hash, |hash, bits| byte(hash, *bits))
    })
}

/// The chain after a frame, from [`with_actions`] and the state's hash.
pub(crate) fn with_state(partial: u64, hash: u64) -> u64 {
    spread(partial ^ spread(hash.wrapping_add(0x9e37_79b9_7f4a_7c15)))
}

/// The seed of an episode, counted from 0, of a match: 53 bits, so that it is a number of JavaScript's as well.
pub fn episode_seed(seed: u64, episode: u32) -> u64 {
    spread(seed.wrapping_add(u64::from(episode).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15))) >> 11
}
