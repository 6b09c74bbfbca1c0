//! Matches of two to six peers and the server's part, drawn from seeds: networks that lose, delay, double and reorder packets,
//! pauses, crashes, leavers, states that are changed behind the core's back. Each is played twice, to the same trace.
//!
//! `PALAESTRA_MATCHES=10000` plays more of them, `PALAESTRA_FIRST=17` begins with another seed: `npm run simulate`.
//! `PALAESTRA_ALOUD=1` prints what the peers of a failing match tell.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]

mod failed_once;
mod faults;
mod game;
mod histories;
mod network;
mod outputs;
mod place;
mod plan;
mod queue;
mod random;
mod seen;
mod server;
mod shrink;
mod told;
mod verdict;
mod world;

use std::time::Instant;

use plan::Plan;
use seen::Seen;

const MATCHES: u64 = 1_000;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

/// Plays every `of`th match, from number `first` on: threads share the work.
fn play_share(first: u64, of: u64) -> Seen {
    let matches = number("PALAESTRA_MATCHES").unwrap_or(MATCHES);
    let seed = number("PALAESTRA_FIRST").unwrap_or(0);
    let mut seen = Seen::default();
    let began = Instant::now();
    for number in (first..matches).step_by(of as usize) {
        seen.add(&play_twice(seed + number));
    }
    let rate = seen.matches as f64 / began.elapsed().as_secs_f64();
    for (count, about) in seen.all() {
        println!("{count:>10}  {about}");
    }
    println!("{rate:>10.0}  matches per second, each played twice");
    if seen.matches >= 500 {
        let never: Vec<_> = seen.all().into_iter().filter(|(count, _)| *count == 0).collect();
        assert!(never.is_empty(), "never met: {never:?}");
    }
    seen
}

fn play_twice(seed: u64) -> Seen {
    let plan = Plan::new(seed);
    let outcome = verdict::play(&plan);
    if !outcome.complaints.is_empty() {
        let small = shrink::shrink(&plan);
        let aloud = std::env::var_os("PALAESTRA_ALOUD").is_some();
        let complaints = if aloud { verdict::play_aloud(&small) } else { verdict::play(&small) }.complaints;
        panic!(
            "PALAESTRA_FIRST={seed} PALAESTRA_MATCHES=1: {:#?}\nshrunk to {small:#?}\n{complaints:#?}",
            outcome.complaints
        );
    }
    let again = verdict::play(&plan);
    assert_eq!(outcome.trace, again.trace, "seed {seed} does not play the same match twice");
    outcome.seen
}

#[test]
fn matches_agree_whatever_goes_wrong() {
    play_share(0, 2);
}

#[test]
fn matches_agree_whatever_goes_wrong_too() {
    play_share(1, 2);
}
