//! What browsers say to each other before a match begins, as `crates/play/src/together/handshake.rs` has it. A bot measures nothing of its
//! own: it answers each hello with one, by which whoever said it knows that both ways are open.
use palaestra_env::Kwargs;
use palaestra_env::catalog::Catalog;
use palaestra_lobby::message::Matched;
use palaestra_rollback::episode_seed;

/// A hello's first byte.
const HELLO: u8 = 72;
const LENGTH: usize = 1 + 4 + 1 + 4 + 8 + 3 * 8;
/// Where its sender says when it was sent.
const SENT: usize = 1 + 4 + 1 + 4 + 8;

/// Whether a packet is one.
pub(super) fn is(packet: &[u8]) -> bool {
    packet.first() == Some(&HELLO) && packet.len() == LENGTH
}

/// The hash of the state after a match's first reset.
///
/// # Errors
/// Why there is no such environment, in words.
pub(super) fn begins_at(catalog: Catalog, matched: &Matched) -> Result<u64, String> {
    let mut env = catalog.make(&matched.env_id, &matched.kwargs).map_err(|error| error.to_string())?;
    let reset = env.reset(Some(episode_seed(matched.seed, 0)), &Kwargs::new());
    reset.map_err(|error| error.to_string())?;
    Ok(env.hash())
}

/// The answer to one, from a world that begins at a state with this hash.
pub(super) fn answer(matched: &Matched, world: u64, now: f64, packet: &[u8]) -> Vec<u8> {
    let echo =
        packet.get(SENT..).and_then(|rest| rest.first_chunk()).map_or(f64::NAN, |sent| f64::from_le_bytes(*sent));
    let mut hello = Vec::with_capacity(LENGTH);
    hello.push(HELLO);
    hello.extend_from_slice(&matched.number.to_le_bytes());
    hello.push(matched.seat);
    hello.extend_from_slice(&matched.incarnation.to_le_bytes());
    hello.extend_from_slice(&world.to_le_bytes());
    [now, echo, 0.0].iter().for_each(|time| hello.extend_from_slice(&time.to_le_bytes()));
    hello
}
