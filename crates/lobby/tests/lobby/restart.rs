//! The server stops and starts again: who waited has a place, who played has a seat.
use palaestra_lobby::config::{LobbyConfig, Timeouts};
use palaestra_lobby::message::{Code, ServerMessage};
use palaestra_lobby::{Event, KeptMatch, KeptPerson, Output};
use palaestra_session::State;

use crate::world::{World, config};

#[test]
fn whoever_waited_keeps_the_place() {
    let mut world = World::new(config(3));
    world.arrive(2);
    world.restart();
    // They come back the other way round.
    world.connect(1);
    world.connect(0);
    world.pass(2_000);
    let position = world.browsers[0].heard.iter().rev().find_map(|message| match message {
        ServerMessage::Waiting { position, .. } => Some(*position),
        _ => None,
    });
    assert_eq!(position, Some(1));
    world.arrive(1);
    assert_eq!(world.playing(), 3);
    assert_eq!(world.match_of(0).unwrap().1, 0);
    world.empty();
}

#[test]
fn whoever_played_goes_on_in_the_same_seat_with_the_same_seed() {
    let mut world = World::new(config(2));
    world.arrive(2);
    let before: Vec<_> = (0..2).map(|browser| world.browsers[browser].matched.clone().unwrap()).collect();
    world.restart();
    (0..2).for_each(|browser| world.browsers[browser].playing = false);
    // The Worker comes back with the ticket that it has, the page with its token.
    world.open_play(0);
    assert!(world.browsers[0].play.is_some());
    (0..2).for_each(|browser| world.connect(browser));
    for (browser, before) in before.iter().enumerate() {
        let after = world.browsers[browser].matched.as_ref().unwrap();
        assert_eq!((&after.match_id, after.seat, after.seed), (&before.match_id, before.seat, before.seed));
        assert!(
            after.incarnation > before.incarnation,
            "its page may have been loaded again, and forgotten what it played"
        );
        assert!(
            world.browsers[browser]
                .heard
                .iter()
                .any(|message| matches!(message, ServerMessage::Start { resume: true, frames: 100, .. }))
        );
    }
    assert_eq!(world.playing(), 2);
    (0..2).for_each(|browser| world.finish(browser));
    assert_eq!(world.end_of(0), Some(Code::Complete));
    world.empty();
}

#[test]
fn what_a_session_went_through_before_a_restart_stands_in_its_row_with_the_times_that_it_had() {
    let mut world = World::new(config(2));
    world.arrive(1);
    world.pass(5_000);
    world.arrive(1);
    world.pass(7_000);
    let before = world.kept_people.values().next().unwrap().history.clone();
    assert_eq!(before.last().map(|step| step.to), Some(State::Playing));
    for _ in 0..2 {
        world.restart();
        world.pass(3_000);
        (0..2).for_each(|browser| world.connect(browser));
    }
    (0..2).for_each(|browser| world.finish(browser));
    for ended in &world.ended {
        assert_eq!(ended.code, Code::Complete);
        let at: Vec<(State, u64)> = ended.history.iter().map(|step| (step.to, step.at as u64)).collect();
        let waited = if ended.created_ms == 1_000 { 1_000 } else { 6_000 };
        assert_eq!((ended.created_ms, at[0]), (waited, (State::Waiting, waited)));
        assert_eq!(ended.history[1..4], before[1..4]);
        assert!(at[4].0 == State::Ended && at[4].1 >= before[3].at as u64 + 13_000, "{at:?}");
    }
    assert_eq!(world.ended.len(), 2);
    // What an earlier version stored has no times: they begin with the restart.
    let mut world = World::new(config(2));
    world.arrive(2);
    for kept in world.kept_people.values_mut() {
        let mut older = serde_json::to_value(&*kept).unwrap();
        older.as_object_mut().unwrap().retain(|name, _| name != "created_ms" && name != "history");
        *kept = serde_json::from_value::<KeptPerson>(older).unwrap();
    }
    world.pass(60_000);
    let restarted = world.now;
    world.restart();
    (0..2).for_each(|browser| world.connect(browser));
    (0..2).for_each(|browser| world.finish(browser));
    assert!(
        world.ended.iter().all(|ended| ended.created_ms == restarted && ended.history.len() == 6),
        "{:?}",
        world.ended
    );
}

#[test]
fn how_long_a_match_and_a_wait_may_take_counts_over_a_restart() {
    let timeouts = Timeouts { match_ms: 90_000, waiting_ms: 100_000, ..Timeouts::default() };
    let mut world = World::new(LobbyConfig { timeouts, ..config(2) });
    world.arrive(3);
    world.pass(40_000);
    world.restart();
    (0..3).for_each(|browser| world.connect(browser));
    world.pass(49_000);
    assert_eq!(world.playing(), 2);
    world.pass(2_000);
    assert_eq!([0, 1].map(|browser| world.end_of(browser)), [Some(Code::MatchTimeout); 2]);
    world.pass(8_000);
    assert_eq!(world.end_of(2), None);
    world.pass(2_000);
    assert_eq!(world.end_of(2), Some(Code::WaitingTimeout));

    // It has passed while the server was not there: all have their time to come back.
    let mut world = World::new(LobbyConfig { timeouts, ..config(2) });
    world.arrive(3);
    world.now += 200_000;
    world.restart();
    world.pass(15_000);
    (0..3).for_each(|browser| world.connect(browser));
    assert_eq!(world.playing(), 2);
    world.pass(timeouts.grace_ms - 15_000 + 1_000);
    assert_eq!([0, 1].map(|browser| world.end_of(browser)), [Some(Code::MatchTimeout); 2]);
    assert_eq!(world.end_of(2), Some(Code::WaitingTimeout));
}

#[test]
fn a_page_that_is_loaded_again_comes_with_a_greater_incarnation_after_every_restart() {
    let mut world = World::new(config(2));
    world.arrive(2);
    world.reload(0);
    let incarnation = |world: &World, browser: usize| world.browsers[browser].matched.as_ref().unwrap().incarnation;
    for _ in 0..2 {
        let before = [0, 1].map(|browser| incarnation(&world, browser));
        world.restart();
        (0..2).for_each(|browser| world.connect(browser));
        assert!((0..2).all(|browser| incarnation(&world, browser) > before[browser]));
    }
    // Killed before it was stored that a page came back; and stored by a version that did not store it at all.
    let kept = world.kept_matches.values().next().unwrap().clone();
    let mut older = serde_json::to_value(&kept).unwrap();
    older.as_object_mut().unwrap().remove("generations");
    let older: KeptMatch = serde_json::from_value(older).unwrap();
    world.reload(0);
    for (kept, before) in [(kept, incarnation(&world, 0)), (older, 1)] {
        world.kept_matches.insert(kept.facts.match_id.clone(), kept);
        world.restart();
        world.connect(0);
        assert!(incarnation(&world, 0) > before);
    }
    world.empty();
}

#[test]
fn a_worker_whose_page_has_not_come_back_yet_opens_its_seat_with_the_ticket_from_before_as_often_as_it_has_to() {
    let mut world = World::new(config(2));
    world.arrive(2);
    world.restart();
    for _ in 0..2 {
        // The server may not have heard yet that the socket before is gone.
        world.open_play(0);
        assert!(world.browsers[0].play.is_some());
    }
    assert_eq!(world.browsers[0].closed, [Code::Replaced]);
    world.empty();
}

#[test]
fn whoever_does_not_come_back_is_ended_with_a_reason() {
    let mut world = World::new(config(2));
    world.arrive(3);
    world.restart();
    world.pass(60_000);
    let codes: Vec<Code> = world.ended.iter().map(|ended| ended.code).collect();
    assert_eq!(codes.iter().filter(|code| **code == Code::NotThere).count(), 1, "{codes:?}");
    assert!(codes.contains(&Code::Disconnected), "{codes:?}");
    world.empty();
}

#[test]
fn a_match_that_had_not_begun_is_dissolved_and_its_people_wait_again() {
    let mut world = World::new(config(2));
    world.arrive(1);
    let slow = world.browser("slow");
    world.browsers[slow].silent.ready = true;
    world.connect(slow);
    assert_eq!(world.playing(), 0);
    world.pass(5_000);
    world.restart();
    // In the same sessions, but from now on: they were on the way into it.
    for kept in world.kept_people.values() {
        let waits: Vec<_> = kept.history.iter().map(|step| (step.to, step.at as u64)).collect();
        assert_eq!((kept.created_ms, waits), (Some(1_000), vec![(State::Waiting, world.now)]));
    }
    world.browsers[slow].silent.ready = false;
    world.connect(slow);
    world.connect(0);
    assert_eq!(world.playing(), 2);
    assert_eq!(world.match_of(0).unwrap().1, 0);
    world.empty();
}

#[test]
fn before_it_stops_everybody_is_told_to_come_back() {
    let mut world = World::new(config(2));
    world.arrive(3);
    let outputs = world.lobbies.handle(world.now, Event::Restart);
    let closed = outputs.iter().filter(|output| matches!(output, Output::Close { code: Code::ServerRestarting, .. }));
    assert_eq!(closed.count(), 3 + 2);
}
