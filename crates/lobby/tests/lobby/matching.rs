//! Who is put together, and what those hear who are not.
use palaestra_lobby::config::{LobbyConfig, MatcherConfig, Timeouts};
use palaestra_lobby::matcher::{Matcher, Pool};
use palaestra_lobby::message::{ClientMessage, Code, LeaveReason, SeatKind, ServerMessage};

use crate::world::{World, config};

#[test]
fn two_people_play_from_arrival_to_the_planned_end() {
    let mut world = World::new(config(2));
    let both = world.arrive(2);
    assert_eq!(world.playing(), 2);
    let matches: Vec<_> = both.iter().map(|browser| world.match_of(*browser).unwrap()).collect();
    assert_eq!(matches[0].0, matches[1].0);
    assert_eq!((matches[0].1, matches[1].1), (0, 1));
    world.finish(0);
    assert_eq!(world.end_of(0), None);
    world.finish(1);
    for browser in both {
        assert_eq!(world.end_of(browser), Some(Code::Complete));
    }
    world.pass(6_000);
    assert_eq!(world.closed_matches, [matches[0].0.clone()]);
    world.empty();
}

#[test]
fn a_hundred_people_in_the_same_moment_are_in_fifty_matches_of_two() {
    let mut world = World::new(config(2));
    world.arrive(100);
    assert_eq!(world.playing(), 100);
    let mut seats: Vec<_> = (0..100).map(|browser| world.match_of(browser).unwrap()).collect();
    seats.sort();
    seats.dedup();
    assert_eq!(seats.len(), 100);
    world.empty();
}

#[test]
fn waiting_ends_when_the_lobby_says_so_also_where_that_is_soon() {
    let timeouts = Timeouts { waiting_ms: 2_000, ..Timeouts::default() };
    let mut world = World::new(LobbyConfig { timeouts, ..config(2) });
    world.arrive(1);
    world.pass(1_999);
    assert_eq!(world.end_of(0), None);
    world.pass(1);
    assert_eq!(world.end_of(0), Some(Code::WaitingTimeout));
    world.empty();
}

#[test]
fn somebody_who_waits_hears_place_and_count_and_is_let_go_in_time() {
    let timeouts = Timeouts { waiting_ms: 60_000, ..Timeouts::default() };
    let mut world = World::new(LobbyConfig { timeouts, ..config(3) });
    world.arrive(2);
    world.pass(2_000);
    let waiting = |world: &World, browser: usize| {
        world.browsers[browser].heard.iter().rev().find_map(|message| match message {
            ServerMessage::Waiting { position, count, size, .. } => Some((*position, *count, *size)),
            _ => None,
        })
    };
    assert_eq!(waiting(&world, 0), Some((1, 2, 3)));
    assert_eq!(waiting(&world, 1), Some((2, 2, 3)));
    world.pass(57_999);
    assert_eq!(world.end_of(0), None);
    world.pass(1);
    assert_eq!(world.end_of(0), Some(Code::WaitingTimeout));
    assert_eq!(world.browsers[0].closed, [Code::WaitingTimeout]);
    world.empty();
}

#[test]
fn a_ghost_is_asked_and_not_counted() {
    let mut world = World::new(config(2));
    let ghost = world.arrive(1)[0];
    world.browsers[ghost].silent.everything = true;
    world.pass(10_000);
    world.arrive(1);
    assert_eq!(world.playing(), 0);
    // The ghost holds up nobody.
    world.arrive(1);
    assert_eq!(world.playing(), 2);
    assert_eq!(world.match_of(ghost), None);
    world.pass(60_000);
    assert!(world.ended.iter().any(|ended| ended.code == Code::NotThere));
    world.empty();
}

#[test]
fn somebody_who_waited_quietly_is_asked_and_then_matched() {
    let mut world = World::new(config(2));
    let quiet = world.arrive(1)[0];
    world.pass(4_500);
    world.arrive(1);
    assert!(world.browsers[quiet].heard.iter().any(|message| matches!(message, ServerMessage::AreYouThere { .. })));
    assert_eq!(world.playing(), 2);
    world.empty();
}

#[test]
fn a_lobby_that_is_full_or_closed_says_so() {
    let mut world = World::new(LobbyConfig { most_waiting: 1, ..config(3) });
    world.arrive(2);
    assert_eq!((world.end_of(0), world.end_of(1)), (None, Some(Code::NotNeeded)));
    let mut closed = World::new(LobbyConfig { closed: true, ..config(2) });
    closed.arrive(1);
    assert_eq!(closed.end_of(0), Some(Code::NotNeeded));
    closed.empty();
    world.empty();
}

#[test]
fn people_who_are_too_far_apart_are_never_put_together() {
    let matcher = MatcherConfig::Latency { limit_ms: 100.0 };
    let mut world = World::new(LobbyConfig { matcher, ..config(2) });
    for late_ms in [80, 70, 10] {
        let browser = world.browser(&format!("late{late_ms}"));
        world.browsers[browser].late_ms = late_ms;
        world.connect(browser);
        world.pass(500);
    }
    assert_eq!(world.playing(), 2);
    assert_eq!(world.match_of(1), None);
    assert_eq!(world.match_of(0).unwrap().0, world.match_of(2).unwrap().0);
    world.empty();
}

#[test]
fn people_whose_way_turns_out_shorter_than_it_was_measured_first_are_put_together() {
    let matcher = MatcherConfig::Latency { limit_ms: 100.0 };
    let mut world = World::new(LobbyConfig { matcher, ..config(2) });
    for late_ms in [150, 10] {
        let browser = world.browser(&format!("late{late_ms}"));
        world.browsers[browser].late_ms = late_ms;
        world.connect(browser);
    }
    world.pass(6_000);
    assert_eq!(world.playing(), 0);
    world.browsers[0].late_ms = 10;
    world.pass(6_000);
    assert_eq!(world.playing(), 2);
    world.empty();
}

#[test]
fn a_limit_counts_for_what_the_browsers_measure_too() {
    let matcher = MatcherConfig::Latency { limit_ms: 100.0 };
    let mut world = World::new(LobbyConfig { matcher, ..config(2) });
    for index in 0..3 {
        let browser = world.browser(&format!("p{index}"));
        world.browsers[browser].rtt_ms = if index == 1 { 150.0 } else { 20.0 };
        world.connect(browser);
    }
    // The second one's way to the first is too long, and it is not tried again; the third one plays with the first.
    assert!(
        world.browsers[0]
            .heard
            .iter()
            .any(|message| matches!(message, ServerMessage::Requeued { code: Code::Latency, .. }))
    );
    assert_eq!(world.playing(), 2);
    assert_eq!(world.match_of(0).unwrap().0, world.match_of(2).unwrap().0);
    world.empty();
}

#[test]
fn a_group_meets_again_and_nobody_else_comes_between() {
    let mut world = World::new(LobbyConfig { matcher: MatcherConfig::Group, ..config(2) });
    for (index, group) in ["a", "b", "c", "b"].into_iter().enumerate() {
        let browser = world.browser(&format!("p{index}"));
        world.browsers[browser].hello.group = Some(group.into());
        world.connect(browser);
    }
    assert_eq!(world.playing(), 2);
    assert_eq!(world.match_of(1).unwrap().0, world.match_of(3).unwrap().0);
    let alone = world.browser("alone");
    world.connect(alone);
    assert_eq!(world.end_of(alone), Some(Code::Excluded));
    world.empty();
}

/// Nobody plays while a certain one waits.
#[derive(Debug)]
struct NotBeside;

impl Matcher for NotBeside {
    fn propose(&self, pool: &Pool, _: usize) -> Option<Vec<usize>> {
        pool.candidates.iter().all(|candidate| candidate.participant != "p0").then(|| vec![0, 1])
    }
}

#[test]
fn when_somebody_stops_waiting_the_others_are_looked_at() {
    let mut world = World::new(config(2));
    assert!(world.lobbies.set_matcher("main", Box::new(NotBeside)));
    world.arrive(3);
    assert_eq!(world.playing(), 0);
    world.say(0, ClientMessage::Leave { reason: LeaveReason::Closed });
    assert_eq!(world.playing(), 2);
    world.empty();
}

/// The last who came with the first.
#[derive(Debug)]
struct Ends;

impl Matcher for Ends {
    fn propose(&self, pool: &Pool, _: usize) -> Option<Vec<usize>> {
        (pool.candidates.len() >= 3).then(|| vec![pool.candidates.len() - 1, 0])
    }
}

/// Against every rule.
#[derive(Debug)]
struct Wrong;

impl Matcher for Wrong {
    fn propose(&self, _: &Pool, _: usize) -> Option<Vec<usize>> {
        Some(vec![0, 0])
    }
}

#[test]
fn rules_of_ones_own_decide_who_plays_and_in_which_seat() {
    let mut world = World::new(config(2));
    assert!(world.lobbies.set_matcher("main", Box::new(Ends)));
    assert!(!world.lobbies.set_matcher("other", Box::new(Ends)));
    world.arrive(3);
    assert_eq!(world.match_of(1), None);
    assert_eq!((world.match_of(2).unwrap().1, world.match_of(0).unwrap().1), (0, 1));
    world.empty();
}

#[test]
fn wrong_rules_seat_nobody_twice() {
    let mut world = World::new(config(2));
    world.lobbies.set_matcher("main", Box::new(Wrong));
    world.arrive(4);
    assert_eq!(world.playing(), 0);
    world.empty();
}

#[test]
fn seats_without_people_are_policies() {
    let mut world = World::new(LobbyConfig { size: 2, ..config(4) });
    world.arrive(2);
    let seats = &world.browsers[0].matched.as_ref().unwrap().seats;
    let kinds: Vec<_> = seats.iter().map(|seat| seat.kind).collect();
    assert_eq!(kinds, [SeatKind::Person, SeatKind::Person, SeatKind::Policy, SeatKind::Policy]);
    world.empty();
}
