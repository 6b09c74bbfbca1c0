//! What a peer of a match hears: packets of others, states, and what a server says.
use palaestra_rollback::{Actions, Authority, Event, Options, Outcome, Output, Peer, SeatKind, World};

/// Frames that are kept.
const KEPT: usize = 64;

/// A sum of all that was played.
struct Sum {
    state: u64,
    kept: [(u32, u64); KEPT],
}

impl World for Sum {
    fn accepts(&self, _seat: u8, action: &[u8]) -> bool {
        matches!(action, [action] if *action < 6)
    }

    fn idle(&self, _seat: u8, action: &mut Vec<u8>) -> bool {
        action.push(0);
        true
    }

    fn act(&mut self, _seat: u8, action: &mut Vec<u8>) {
        action.push((self.state % 6) as u8);
    }

    fn keep(&mut self, frame: u32) {
        self.kept[frame as usize % KEPT] = (frame, self.state);
    }

    fn rewind(&mut self, frame: u32) -> bool {
        let (kept, state) = self.kept[frame as usize % KEPT];
        assert_eq!(kept, frame, "a frame is asked for that is not kept");
        self.state = state;
        true
    }

    fn step(&mut self, frame: u32, actions: Actions<'_>) -> Outcome {
        for (seat, action) in (0..).zip(actions.iter()) {
            assert!(self.accepts(seat, action), "no action of the space: {action:?}");
            self.state = self.state.wrapping_mul(31).wrapping_add(u64::from(action[0]) + u64::from(frame));
        }
        if self.state.is_multiple_of(97) { Outcome::Over } else { Outcome::Going }
    }

    fn hash(&self) -> u64 {
        self.state
    }

    fn reset(&mut self, episode: u32, seed: u64) {
        self.state = seed ^ u64::from(episode);
    }

    fn save(&self, state: &mut Vec<u8>) {
        state.extend_from_slice(&self.state.to_le_bytes());
    }

    fn load(&mut self, state: &[u8]) -> bool {
        let Ok(bytes) = state.try_into() else { return false };
        self.state = u64::from_le_bytes(bytes);
        true
    }
}

/// The match that the seeds are of.
fn options(bits: u8) -> Options {
    let seats = vec![SeatKind::Person { longest: 1 }; 3];
    let authority = if bits & 1 == 0 { Authority::Server } else { Authority::Peers };
    let incarnation = if bits & 2 == 0 { 1 } else { 2 };
    Options { authority, incarnation, longest_state: 1 << 16, ..Options::new(7, 11, seats, 0) }
}

/// The first byte says how the match is played; then come events, each behind the milliseconds before it, its kind and its length.
pub fn run(bytes: &[u8]) {
    let Some((bits, mut rest)) = bytes.split_first() else { return };
    let options = options(*bits);
    let joins = options.incarnation > 1;
    let peer = if joins { Peer::join(options, 0.0) } else { Peer::new(options, 0.0) };
    let Ok(mut peer) = peer else { return };
    let mut world = Sum { state: 0, kept: [(u32::MAX, 0); KEPT] };
    let (mut now, mut next, mut ended) = (0.0, None, false);
    while let [later, kind, length, more @ ..] = rest {
        let (bytes, after) = more.split_at(usize::from(*length).min(more.len()));
        rest = after;
        now += f64::from(*later);
        let seat = kind >> 4;
        let event = match kind & 7 {
            0 => Event::Leaving { seat },
            1 => Event::Pronounced { seat, until: u32::from(*later), inputs: bytes },
            2 => Event::Checkpoint { bytes },
            3 => Event::Path { seat, reliable: kind & 8 == 0 },
            _ => Event::Packet { from: seat, bytes },
        };
        for event in [event, Event::Tick { action: Some(&[1]) }] {
            peer.handle(now, event, &mut world, &mut |output| match output {
                Output::Send { bytes, .. } => assert!(bytes.len() < 8_000, "a packet of {} bytes", bytes.len()),
                Output::Confirmed { frame, .. } => {
                    assert!(next.is_none_or(|next| next == frame), "frame {frame} is confirmed, expected {next:?}");
                    next = Some(frame + 1);
                }
                Output::Ended { .. } => {
                    assert!(!ended, "a match ends twice");
                    ended = true;
                }
                _ => {}
            });
        }
        assert!(peer.frame() - peer.confirmed() <= peer.options().snapshots(), "more frames open than are kept");
    }
}
