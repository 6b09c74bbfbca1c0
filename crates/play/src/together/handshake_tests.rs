use super::*;

const SINCE: f64 = 1_000.0;

fn own(seat: u8) -> Own {
    Own { number: 7, seat, incarnation: 1, world: 99 }
}

/// Of seat 0, with somebody in seat 1; its attempt began at [`SINCE`].
fn handshake() -> Handshake {
    let mut handshake = Handshake::new(own(0), [1].into_iter().collect());
    handshake.begin(SINCE, 3);
    handshake
}

/// A hello of seat 1.
fn hello(sent: f64, echo: f64, held: f64) -> Vec<u8> {
    let mut bytes = vec![HELLO];
    bytes.extend(7_u32.to_le_bytes());
    bytes.push(1);
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend(99_u64.to_le_bytes());
    bytes.extend([sent, echo, held].map(f64::to_le_bytes).as_flattened());
    bytes
}

#[test]
fn a_hello_is_told_from_other_packets_by_its_first_byte_and_its_length() {
    let bytes = hello(0.0, 0.0, 0.0);
    assert!(Handshake::is(&bytes));
    assert!(!Handshake::is(&bytes[..LENGTH - 1]) && !Handshake::is(&[]));
    let mut other = bytes;
    other[0] = 1;
    assert!(!Handshake::is(&other));
}

#[test]
fn a_round_trip_is_the_way_there_and_back_without_the_time_it_was_held() {
    let mut handshake = handshake();
    assert_eq!((handshake.attempt(), handshake.lasts(1_300.0)), (3, 300.0));
    assert_eq!(handshake.hear(1_100.0, 1, &hello(5.0, 1_020.0, 30.0)), Heard::Everybody);
    assert_eq!(handshake.rtt(1), Some(50.0));
    assert_eq!(handshake.hear(1_200.0, 1, &hello(6.0, 1_100.0, 30.0)), Heard::Everybody, "it is not done yet");
    assert_eq!(handshake.rtt(1), Some(50.0), "the least counts");
}

#[test]
fn an_echo_that_cannot_be_reaches_nobody() {
    for (echo, held) in
        [(f64::NAN, 0.0), (SINCE - 1.0, 0.0), (1_101.0, 0.0), (1_050.0, -1.0), (1_050.0, 51.0), (1_050.0, f64::NAN)]
    {
        let mut handshake = handshake();
        assert_eq!(handshake.hear(1_100.0, 1, &hello(5.0, echo, held)), Heard::Nothing, "{echo}, {held}");
        assert_eq!(handshake.rtt(1), None, "{echo}, {held}");
    }
}

#[test]
fn a_hello_of_another_match_seat_or_time_changes_nothing() {
    let valid = hello(5.0, 1_050.0, 0.0);
    let changed = |at: usize| {
        let mut bytes = valid.clone();
        bytes[at] ^= 2;
        bytes
    };
    let mut handshake = handshake();
    for (from, packet) in
        [(1, changed(1)), (1, changed(5)), (3, changed(5)), (0, valid.clone()), (1, hello(f64::NAN, 1_050.0, 0.0))]
    {
        assert_eq!(handshake.hear(1_100.0, from, &packet), Heard::Nothing, "{from}: {packet:?}");
    }
    assert_eq!((handshake.rtt(1), handshake.others[1].heard), (None, None));
}

#[test]
fn another_world_is_told_once() {
    let mut other = hello(5.0, 1_050.0, 0.0);
    other[10] ^= 1;
    let mut handshake = handshake();
    assert_eq!(handshake.hear(1_100.0, 1, &other), Heard::OtherWorld(98));
    assert_eq!(handshake.hear(1_101.0, 1, &other), Heard::Nothing);
}

#[test]
fn another_path_has_another_round_trip_until_the_handshake_is_done() {
    let mut handshake = handshake();
    let _ = handshake.hear(1_100.0, 1, &hello(5.0, 1_050.0, 0.0));
    handshake.path_changed(1);
    assert_eq!(handshake.rtt(1), None);
    let _ = handshake.hear(1_200.0, 1, &hello(6.0, 1_150.0, 0.0));
    handshake.done();
    handshake.path_changed(1);
    assert_eq!(handshake.rtt(1), Some(50.0), "what was told stands");
    assert_eq!(handshake.hear(1_300.0, 1, &hello(7.0, 1_250.0, 0.0)), Heard::Nothing);
}

#[test]
fn a_hello_is_said_every_tenth_of_a_second_while_an_attempt_is_under_way() {
    let mut handshake = handshake();
    let said = |handshake: &mut Handshake, now: f64| {
        let mut said = Vec::new();
        handshake.advance(now, |seat, packet| said.push((seat, packet.to_vec())));
        said
    };
    let first = said(&mut handshake, SINCE);
    assert_eq!(first.len(), 1);
    assert!(first[0].0 == 1 && Handshake::is(&first[0].1));
    assert!(said(&mut handshake, SINCE + INTERVAL_MS - 1.0).is_empty());
    let _ = handshake.hear(SINCE + INTERVAL_MS, 1, &hello(5.0, f64::NAN, 0.0));
    let second = said(&mut handshake, SINCE + INTERVAL_MS + 4.0);
    let (number, sender, world, times) = read(&second[0].1).unwrap();
    assert_eq!((number, sender, world, times), (7, 0, 99, [SINCE + INTERVAL_MS + 4.0, 5.0, 4.0]));
    handshake.end();
    assert!(said(&mut handshake, SINCE + 10_000.0).is_empty());
    assert_eq!((handshake.due(), handshake.attempt(), handshake.lasts(5_000.0)), (None, 0, 0.0));
}
