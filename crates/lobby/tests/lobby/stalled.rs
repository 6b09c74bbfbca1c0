//! Matches whose players say nothing of their end: they end anyway, with a reason, and let everybody go.
use palaestra_lobby::Event;
use palaestra_lobby::config::{LobbyConfig, Timeouts};
use palaestra_lobby::message::{Code, Dropout, ServerMessage};
use palaestra_session::Reason;

use crate::world::{World, config};

const STALLED_MS: u64 = 60_000;

fn playing(stalled_ms: u64) -> World {
    let timeouts = Timeouts { stalled_ms, ..Timeouts::default() };
    let mut world = World::new(LobbyConfig { timeouts, dropout: Dropout::Pause, ..config(2) });
    world.arrive(2);
    assert_eq!(world.playing(), 2);
    world
}

fn stored(world: &mut World, frames: u32) {
    let (match_id, _) = world.match_of(0).unwrap();
    world.event(Event::Stored { match_id, frames });
}

#[test]
fn a_match_whose_players_never_report_that_they_finished_ends_anyway_and_says_why() {
    let mut world = playing(STALLED_MS);
    stored(&mut world, 100);
    world.pass(STALLED_MS - 1);
    assert_eq!(world.playing(), 2);
    world.pass(1);
    for browser in [0, 1] {
        assert_eq!(world.end_of(browser), Some(Code::Stalled));
        let told = world.browsers[browser].heard.iter().any(|message| {
            matches!(message, ServerMessage::Ended { reason: Reason::Timeout, message, .. } if !message.is_empty())
        });
        assert!(told, "{:?}", world.browsers[browser].heard);
    }
    // Its record is closed like any other.
    world.pass(10_000);
    assert_eq!(world.closed_matches.len(), 1);
    world.empty();
}

#[test]
fn frames_that_are_confirmed_keep_a_match_going_and_those_that_were_known_do_not() {
    let mut world = playing(STALLED_MS);
    for frames in 1..10 {
        world.pass(STALLED_MS - 1_000);
        stored(&mut world, frames);
    }
    assert_eq!(world.playing(), 2);
    world.pass(STALLED_MS - 1_000);
    stored(&mut world, 9);
    world.pass(1_000);
    assert_eq!(world.end_of(0), Some(Code::Stalled));
    world.empty();
}

#[test]
fn whoever_may_still_come_back_is_waited_for_first() {
    let mut world = playing(10_000);
    world.lose(1);
    world.pass(29_000);
    assert_eq!(world.end_of(0), None);
    world.connect(1);
    assert_eq!(world.playing(), 2);
    stored(&mut world, 1);
    world.pass(9_999);
    assert_eq!(world.end_of(0), None);
    world.pass(1);
    assert_eq!([world.end_of(0), world.end_of(1)], [Some(Code::Stalled); 2]);
    world.empty();
}

#[test]
fn after_a_restart_the_limit_begins_anew_and_zero_is_none() {
    let mut world = playing(STALLED_MS);
    world.pass(STALLED_MS - 1_000);
    world.restart();
    [0, 1].into_iter().for_each(|browser| world.connect(browser));
    world.pass(STALLED_MS - 1);
    assert_eq!(world.end_of(0), None);
    world.pass(1);
    assert_eq!(world.end_of(0), Some(Code::Stalled));
    world.empty();

    let mut world = playing(0);
    world.pass(24 * 3_600_000);
    assert_eq!([world.end_of(0), world.end_of(1)], [None; 2]);
    world.empty();
}
