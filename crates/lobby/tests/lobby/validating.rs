//! The handshake: repeated until its deadline, by the relay before it is given up, and nobody loses the place for another's sake.
use palaestra_lobby::config::LobbyConfig;
use palaestra_lobby::message::{ClientMessage, Code, Dropout, PathKind, SeatPath, ServerMessage, Transport};

use crate::world::{World, config};

fn attempts(world: &World, browser: usize) -> Vec<(u32, Transport)> {
    let heard = world.browsers[browser].heard.iter().filter_map(|message| match message {
        ServerMessage::Validate { attempt, transport, .. } => Some((*attempt, *transport)),
        _ => None,
    });
    heard.collect()
}

/// Two browsers of which the second does not do something.
fn with_silent(change: impl FnOnce(&mut World)) -> World {
    let mut world = World::new(config(2));
    world.arrive(1);
    world.browser("p1");
    change(&mut world);
    world.connect(1);
    world
}

#[test]
fn an_attempt_that_fails_is_repeated_by_the_relay() {
    let mut world = with_silent(|world| world.browsers[1].silent.validated = true);
    world.pass(9_000);
    assert_eq!(attempts(&world, 0), [(1, Transport::Auto)]);
    world.pass(2_000);
    assert_eq!(attempts(&world, 0), [(1, Transport::Auto), (2, Transport::Relay)]);
    world.browsers[1].silent.validated = false;
    world.pass(10_000);
    assert_eq!(world.playing(), 2);
    world.empty();
}

#[test]
fn two_whose_handshake_never_works_are_not_tried_with_each_other_again() {
    let mut world = with_silent(|world| world.browsers[1].silent.validated = true);
    world.pass(31_000);
    assert_eq!(attempts(&world, 0).len(), 3);
    for browser in [0, 1] {
        let requeued = world.browsers[browser].heard.iter().any(|message| {
            matches!(message, ServerMessage::Requeued { code: Code::ValidationTimeout, position, .. } if *position == browser + 1)
        });
        assert!(requeued, "{browser}");
    }
    assert_eq!(world.playing(), 0);
    // The first one's place was kept: the next who comes plays with that one.
    let third = world.browser("p2");
    world.connect(third);
    assert_eq!(world.match_of(third).unwrap().0, world.match_of(0).unwrap().0);
    assert_eq!(world.playing(), 2);
    world.empty();
}

#[test]
fn whoever_does_not_get_ready_in_time_is_let_go_and_the_other_keeps_the_place() {
    let mut world = with_silent(|world| world.browsers[1].silent.ready = true);
    world.pass(60_000);
    assert_eq!(world.end_of(1), Some(Code::ValidationTimeout));
    assert_eq!(world.end_of(0), None);
    assert!(
        world.browsers[0]
            .heard
            .iter()
            .any(|message| matches!(message, ServerMessage::Requeued { code: Code::PartnerLeft, position: 1, .. }))
    );
    let third = world.browser("p2");
    world.connect(third);
    assert_eq!(world.playing(), 2);
    world.empty();
}

#[test]
fn a_browser_that_cannot_play_goes_and_the_other_waits_again() {
    let mut world = with_silent(|world| world.browsers[1].silent.ready = true);
    let (match_id, _) = world.match_of(1).unwrap();
    world.say(1, ClientMessage::Failed { match_id, reason: "no WebAssembly".into() });
    assert_eq!(world.end_of(1), Some(Code::ValidationFailed));
    assert!(
        world.browsers[0]
            .heard
            .iter()
            .any(|message| matches!(message, ServerMessage::Requeued { code: Code::PartnerLeft, .. }))
    );
    world.empty();
}

#[test]
fn somebody_who_leaves_before_the_start_ends_it_for_nobody_else() {
    let mut world = with_silent(|world| world.browsers[1].silent.ready = true);
    world.say(1, ClientMessage::Leave { reason: Default::default() });
    assert_eq!(world.end_of(1), Some(Code::Left));
    assert_eq!(world.end_of(0), None);
    world.arrive(1);
    assert_eq!(world.playing(), 2);
    world.empty();
}

#[test]
fn a_page_that_is_loaded_again_in_the_middle_shakes_hands_again() {
    let mut world = with_silent(|world| world.browsers[1].silent.validated = true);
    world.browsers[1].silent.validated = false;
    world.reload(1);
    assert_eq!(world.playing(), 2);
    assert_eq!(attempts(&world, 0), [(1, Transport::Auto), (2, Transport::Auto)]);
    world.empty();
}

#[test]
fn one_who_was_lost_after_shaking_hands_and_before_the_others_had_is_waited_for_no_longer_than_its_grace() {
    for dropout in [Dropout::Pause, Dropout::Continue] {
        let mut world = World::new(LobbyConfig { dropout, ..config(3) });
        world.arrive(2);
        world.browser("p2");
        world.browsers[2].silent.validated = true;
        world.connect(2);
        world.lose(0);
        let (match_id, _) = world.match_of(2).unwrap();
        let paths = [0, 1].map(|seat| SeatPath { seat, path: PathKind::Relay, rtt_ms: 20.0 }).into();
        world.say(2, ClientMessage::Validated { match_id: match_id.clone(), attempt: 1, paths });
        let told = world.browsers[1].heard.last();
        assert!(matches!(told, Some(ServerMessage::Partner { seat: 0, grace_left_ms: Some(30_000), .. })), "{told:?}");
        world.pass(32_000);
        assert_eq!(world.ended.iter().find(|ended| ended.participant == "p0").unwrap().code, Code::Disconnected);
        assert_eq!(world.pronounced, [(match_id, 0, 10)]);
        world.pass(2_000);
        let ends = [1, 2].map(|browser| world.end_of(browser));
        let expected = if dropout == Dropout::Pause { Some(Code::PartnerLeft) } else { None };
        assert_eq!(ends, [expected; 2], "{dropout:?}");
        world.empty();
    }
}

#[test]
fn fifty_pairs_at_once_shake_hands_without_stagger() {
    let mut world = World::new(LobbyConfig { attempts: 1, ..config(2) });
    let browsers = world.arrive(100);
    assert!(browsers.iter().all(|browser| attempts(&world, *browser) == [(1, Transport::Auto)]));
    assert_eq!(world.playing(), 100);
    world.empty();
}

#[test]
fn a_message_about_another_match_changes_nothing_and_is_told() {
    let mut world = World::new(config(2));
    world.arrive(2);
    world.say(0, ClientMessage::Finished { match_id: "m-0".into(), frames: 3, planned: true });
    assert_eq!(world.errors_of(0), [Code::NotInMatch]);
    assert!(world.browsers[0].closed.is_empty());
    world.finish(1);
    assert_eq!(world.playing(), 2);
    world.empty();
}

#[test]
fn signals_go_to_the_seat_they_name() {
    let mut world = World::new(config(3));
    world.arrive(3);
    for to in [2, 0, 7] {
        world.say(0, ClientMessage::Signal { to, data: serde_json::json!({"sdp": to}) });
    }
    let signals = |world: &World, browser: usize| {
        let heard = world.browsers[browser].heard.iter();
        heard.filter(|message| matches!(message, ServerMessage::Signal { from: 0, .. })).count()
    };
    assert_eq!([0, 1, 2].map(|browser| signals(&world, browser)), [0, 0, 1]);
    world.empty();
}
