use super::*;

/// What is left of a packet per millisecond, numbered from 0: when it leaves, and which.
fn left(setup: NetworkSetup, count: u8) -> Vec<(f64, u8)> {
    let mut injected = Injected::new(setup);
    let mut left = Vec::new();
    for number in 0..count {
        injected.send(f64::from(number), 1, &[number]);
    }
    while let Some(due) = injected.due() {
        let before = left.len();
        injected.advance(due - 0.001, |_, _| panic!("before it is due"));
        injected.advance(due, |_, packet| left.push((due, packet[0])));
        assert!(left.len() > before, "what is due leaves");
    }
    left
}

const LATE: NetworkSetup =
    NetworkSetup { delay_ms: 50.0, jitter_ms: 100.0, loss: 0.0, duplicate: 0.0, reorder: 0.0, seed: 5 };

#[test]
fn late_packets_keep_their_order_and_their_bounds() {
    let left = left(LATE, 200);
    assert_eq!(left.iter().map(|(_, number)| *number).collect::<Vec<_>>(), (0..200).collect::<Vec<_>>());
    assert!(left.iter().all(|(at, number)| *at >= f64::from(*number) + 50.0));
    assert!(left.iter().all(|(at, _)| *at <= 199.0 + 150.0));
}

#[test]
fn only_those_that_may_overtake_others() {
    let free = left(NetworkSetup { reorder: 1.0, ..LATE }, 200);
    assert!(free.windows(2).any(|pair| pair[0].1 > pair[1].1), "jitter alone puts them out of order");
    assert!(free.iter().all(|(at, number)| (50.0..=150.0).contains(&(at - f64::from(*number)))));
    let some = left(NetworkSetup { reorder: 0.1, ..LATE }, 200);
    assert!(some.windows(2).any(|pair| pair[0].1 > pair[1].1));
}

#[test]
fn packets_are_lost_and_doubled_in_their_shares() {
    let lost = 200 - left(NetworkSetup { loss: 0.3, ..LATE }, 200).len();
    assert!((40..80).contains(&lost), "{lost}");
    let doubled = left(NetworkSetup { duplicate: 0.3, ..LATE }, 200).len() - 200;
    assert!((40..80).contains(&doubled), "{doubled}");
}

#[test]
fn a_network_that_loses_doubles_or_turns_round_is_not_reliable() {
    assert!(Injected::new(LATE).reliable());
    for setup in [
        NetworkSetup { loss: 0.1, ..LATE },
        NetworkSetup { duplicate: 0.1, ..LATE },
        NetworkSetup { reorder: 0.1, ..LATE },
    ] {
        assert!(!Injected::new(setup).reliable(), "{setup:?}");
    }
}

#[test]
fn no_delay_keeps_packets_for_ever_or_fills_the_memory() {
    for delay_ms in [f32::INFINITY, f32::NAN, 1e30, -5.0] {
        let left = left(NetworkSetup { delay_ms, ..LATE }, 3);
        assert!(left.iter().all(|(at, _)| *at <= 2.0 + MOST_DELAY_MS), "{delay_ms}: {left:?}");
    }
    let mut injected = Injected::new(NetworkSetup { delay_ms: 9_000.0, ..LATE });
    (0..2 * MOST_UNDER_WAY).for_each(|_| injected.send(0.0, 1, &[0]));
    assert_eq!(injected.letters.len(), MOST_UNDER_WAY);
}
