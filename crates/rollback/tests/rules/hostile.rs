//! Bytes of anybody's: nothing that comes panics a peer, makes it grow, or makes it play an action outside its space.
use palaestra_rollback::{Event, Refusal};

use crate::table::{RULES, Table, options, player};
use crate::world::mix;

fn refused(table: &Table, seat: usize, refusal: Refusal) -> u64 {
    table.players[seat].peer.stats().refused[refusal as usize]
}

/// A packet of seat 1's to seat 0.
fn letter(table: &Table) -> Vec<u8> {
    table.letters.iter().find(|letter| letter.to == 0).unwrap().bytes.clone()
}

#[test]
fn every_refusal_is_counted_by_its_reason() {
    let mut table = Table::new(3, |_| {});
    table.run(500.0);
    let good = letter(&table);
    let from = table.letters.iter().find(|letter| letter.to == 0).unwrap().from;
    let mut other_match = good.clone();
    other_match[1] ^= 1;
    table.tell(0, Event::Packet { from, bytes: &other_match });
    table.tell(0, Event::Packet { from: 3 - from, bytes: &good });
    table.tell(0, Event::Packet { from, bytes: &good[..good.len() - 1] });
    table.tell(0, Event::Packet { from, bytes: &[] });
    assert_eq!(refused(&table, 0, Refusal::OtherMatch), 1);
    assert_eq!(refused(&table, 0, Refusal::OtherSender), 1);
    assert_eq!(refused(&table, 0, Refusal::Malformed), 2);
    table.tell(0, Event::Leaving { seat: from });
    table.tell(0, Event::Packet { from, bytes: &good });
    assert_eq!(refused(&table, 0, Refusal::Gone), 1);
}

#[test]
fn an_action_outside_its_space_is_not_played() {
    let mut table = Table::new(2, |_| {});
    table.run(500.0);
    let held = table.players[0].peer.confirmed();
    // The last run of a packet ends with an action and the number of relays.
    let mut bad = letter(&table);
    let at = bad.len() - 2;
    bad[at] = 77;
    table.tell(0, Event::Packet { from: 1, bytes: &bad });
    assert_eq!((refused(&table, 0, Refusal::BadAction), table.players[0].peer.confirmed()), (1, held));
    // Nor one of this peer's own.
    table.tell(0, Event::Tick { action: Some(&[77, 1]) });
    table.run(40.0);
    table.now = table.players[0].peer.due().unwrap();
    table.tell(0, Event::Tick { action: Some(&[9]) });
    assert_eq!(table.players[0].peer.stats().bad_local_actions, 1);
    table.run(1_000.0);
    table.check();
}

#[test]
fn changed_and_made_up_packets_change_nothing_but_their_senders_own_seat() {
    let mut table = Table::new(2, |options| options.window = 8);
    table.run(300.0);
    for number in 0..60_000_u64 {
        let mut bytes = if number % 2 == 0 { letter(&table) } else { Vec::new() };
        let random = mix(number);
        if bytes.is_empty() {
            bytes = (0..random % 90).map(|at| mix(random ^ at) as u8).collect();
        } else {
            for change in 0..1 + random % 3 {
                let at = mix(random ^ change) as usize % bytes.len();
                bytes[at] = mix(random ^ change << 8) as u8;
            }
        }
        // No inputs of seat 0's that it does not have are taken from anybody.
        let own = table.players[0].peer.frame();
        table.tell(0, Event::Packet { from: 1, bytes: &bytes });
        assert_eq!(table.players[0].peer.frame(), own);
        if number % 500 == 0 {
            table.run(20.0);
        }
    }
    assert_eq!(table.players[0].world.complaints, Vec::<String>::new());
    let frames: Vec<u32> = table.players[0].confirmed.iter().map(|confirmed| confirmed.frame).collect();
    assert!(frames.iter().zip(0..).all(|(frame, expected)| *frame == expected));
}

#[test]
fn made_up_words_of_a_server_change_nothing() {
    let mut table = Table::new(2, |_| {});
    table.run(500.0);
    for number in 0..20_000_u64 {
        let bytes: Vec<u8> = (0..mix(number) % 60).map(|at| mix(number ^ at << 20) as u8).collect();
        table.tell(0, Event::Checkpoint { bytes: &bytes });
    }
    table.tell(0, Event::Leaving { seat: 9 });
    table.tell(0, Event::Pronounced { seat: 200, until: 3, inputs: &[1, 2, 3] });
    table.tell(0, Event::Path { seat: 77, reliable: true });
    table.run(1_000.0);
    table.check();
    assert!(table.players[0].confirmed.len() > 30);
}

fn varint(mut number: u32, out: &mut Vec<u8>) {
    while number > 127 {
        out.push(number as u8 | 128);
        number >>= 7;
    }
    out.push(number as u8);
}

const FRESH: u8 = 1;

/// A state that anybody can make up: that an episode begins, or that each goes on from its own.
fn state(epoch: u32, frame: u32, episode: u32, flags: u8) -> Vec<u8> {
    let mut bytes = vec![1, 7, 0, 0, 0];
    [epoch, frame, episode].into_iter().for_each(|number| varint(number, &mut bytes));
    bytes.extend_from_slice(&[flags, 0]);
    bytes.extend_from_slice(&[0; 16]);
    bytes
}

#[test]
fn who_has_no_state_takes_none_that_no_match_can_be_in() {
    let mut anew = options(2, 0, 1);
    (anew.incarnation, anew.most_frames, anew.episodes) = (2, Some(200), Some(3));
    let wrong = [(u32::MAX, 0), (u32::MAX, u32::MAX), (1 << 31, 0), (4, 5), (200, 1), (201, 1), (30, 3)];
    for (frame, episode) in wrong {
        let mut table = Table::new(2, |_| {});
        table.players[1] = player(anew.clone(), RULES, table.now, true);
        table.tell(1, Event::Checkpoint { bytes: &state(0, frame, episode, FRESH) });
        let due = table.players[1].peer.due().unwrap();
        table.now = due;
        table.tick(1);
        assert_eq!(table.players[1].told, Vec::<String>::new(), "frame {frame}, episode {episode}");
        assert_eq!(table.players[1].peer.frame(), 0);
        table.tell(1, Event::Checkpoint { bytes: &state(0, 199, 2, FRESH) });
        assert_eq!((table.players[1].peer.frame(), table.players[1].ended), (199, None));
    }
    // Also where nothing says how long it is.
    (anew.most_frames, anew.episodes) = (None, None);
    for (frame, episode) in [(u32::MAX, 0), (1 << 31, 0), (4, 5)] {
        let mut joins = player(anew.clone(), RULES, 0.0, true);
        let bytes = state(0, frame, episode, FRESH);
        joins.peer.handle(0.0, Event::Checkpoint { bytes: &bytes }, &mut joins.world, &mut |output| {
            panic!("frame {frame}, episode {episode}: {output:?}");
        });
    }
}

/// A packet of seat 1's to seat 0 of a match of two, without inputs: of an epoch, and with a whole state.
fn with_state(sequence: u32, epoch: u32, state: &[u8]) -> Vec<u8> {
    let mut bytes = vec![1, 7, 0, 0, 0, 1, 64];
    // The epoch, incarnations, the sequence, times and frames.
    [epoch, 1, 1, sequence, 0, 0, 0, 0, 0].into_iter().for_each(|number| varint(number, &mut bytes));
    bytes.extend_from_slice(&[0; 8]);
    // Nobody has gone; no inputs are held, there or here; none are sent, of nobody.
    bytes.extend_from_slice(&[0, 0, 0, 0, 0, 0, 0]);
    let length = state.len() as u32;
    [length, 0, length].into_iter().for_each(|number| varint(number, &mut bytes));
    bytes.extend_from_slice(state);
    bytes
}

#[test]
fn an_epoch_that_nobody_gave_is_nobodys() {
    const OWN: u8 = 4;
    let mut sequence = 1 << 20;
    let mut tell = |table: &mut Table, epoch: u32, inner: u32| {
        for _ in 0..2 {
            sequence += 1;
            let bytes = with_state(sequence, epoch, &state(inner, 1, 0, OWN));
            table.tell(0, Event::Packet { from: 1, bytes: &bytes });
            table.now = table.players[0].peer.due().unwrap();
            table.tick(0);
        }
    };
    for (epoch, inner) in [(u32::MAX, u32::MAX), (17, 17), (1, u32::MAX), (1, 2)] {
        let mut table = Table::new(2, |_| {});
        table.run(500.0);
        table.letters.clear();
        tell(&mut table, epoch, inner);
        assert_eq!(table.players[0].peer.epoch(), 0, "epoch {epoch}, {inner} in the state");
        assert_eq!(refused(&table, 0, Refusal::Malformed), 0);
    }
    // One that there may be is taken from others, too: the server's word may have been lost.
    let mut table = Table::new(2, |_| {});
    table.run(500.0);
    table.letters.clear();
    tell(&mut table, 1, 1);
    assert_eq!(table.players[0].peer.epoch(), 1);
}

#[test]
fn options_that_no_match_can_be_played_by_are_refused() {
    use palaestra_rollback::{Options, OptionsError, Peer};
    type Change = fn(&mut Options);
    let cases: [(Change, OptionsError); 8] = [
        (|options| options.seats.truncate(1), OptionsError::Seats),
        (|options| options.seat = 2, OptionsError::Seat),
        (|options| options.fps = f64::NAN, OptionsError::Fps),
        (|options| options.fps = 241.0, OptionsError::Fps),
        (|options| options.window = 151, OptionsError::Frames),
        (|options| options.delay = 31, OptionsError::Frames),
        (|options| options.grace = f64::NAN, OptionsError::Time),
        (|options| options.incarnation = 0, OptionsError::Incarnation),
    ];
    for (change, expected) in cases {
        let mut options = options(2, 0, 0);
        change(&mut options);
        assert_eq!(Peer::new(options, 0.0).err(), Some(expected));
    }
}

#[test]
fn packets_of_a_peer_before_it_started_anew_are_refused() {
    let mut table = Table::new(2, |_| {});
    table.run(500.0);
    let old = letter(&table);
    let mut anew = options(2, 0, 1);
    anew.incarnation = 2;
    table.players[1] = player(anew, RULES, table.now, true);
    table.run(1_000.0);
    let before = refused(&table, 0, Refusal::OtherIncarnation);
    table.tell(0, Event::Packet { from: 1, bytes: &old });
    assert_eq!(refused(&table, 0, Refusal::OtherIncarnation), before + 1);
}
