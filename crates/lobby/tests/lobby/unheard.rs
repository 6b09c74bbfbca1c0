//! An end that was said while nobody heard it: it is said again to whoever comes back with the token.
use palaestra_lobby::config::LobbyConfig;
use palaestra_lobby::message::{ClientMessage, Code, Dropout, LeaveReason, ServerMessage};
use palaestra_lobby::{Event, Verified};
use palaestra_session::State;

use crate::world::{World, config};

fn lobby() -> LobbyConfig {
    let completion_codes = [(Code::Complete, "DONE1".to_owned()), (Code::PartnerLeft, "LEFT2".to_owned())];
    LobbyConfig { completion_codes: completion_codes.into(), dropout: Dropout::End, ..config(2) }
}

/// Two who play, the first of whom has no control socket when the other leaves, and the match ends.
fn ended_meanwhile() -> World {
    let mut world = World::new(lobby());
    world.arrive(2);
    let socket = world.browsers[0].socket.take().unwrap();
    world.event(Event::Closed { socket });
    world.say(1, ClientMessage::Leave { reason: LeaveReason::Closed });
    world.pass(2_000);
    assert_eq!((world.lobbies.counts().people, world.ends_of(0)), (0, vec![]));
    world
}

fn left() -> (Code, Option<String>) {
    (Code::PartnerLeft, Some("LEFT2".to_owned()))
}

fn waits(world: &World, browser: usize) -> bool {
    matches!(world.browsers[browser].heard.last(), Some(ServerMessage::Ping { .. }))
        && world.lobbies.counts().people == 1
        && world.browsers[browser].socket.is_some()
}

#[test]
fn an_end_that_fell_into_a_lost_control_socket_is_said_on_the_next_one() {
    let mut world = ended_meanwhile();
    world.pass(3_000);
    world.connect(0);
    assert_eq!(world.ends_of(0), [left()]);
    let welcome = world.browsers[0].heard.iter().rev().find_map(|message| match message {
        ServerMessage::Welcome(welcome) => Some((welcome.state, welcome.resumed)),
        _ => None,
    });
    assert_eq!(welcome, Some((State::Ended, true)));
    assert_eq!(world.lobbies.counts().people, 0, "nobody waits who does not know of it");
    // It has heard it: the next time it comes to play.
    world.reload(0);
    assert!(waits(&world, 0), "{:?}", world.browsers[0].heard);
    world.empty();
}

#[test]
fn an_end_that_was_said_to_a_socket_behind_which_nobody_was_any_more_is_said_again() {
    let mut world = World::new(lobby());
    world.arrive(2);
    // Its network is gone; the server has not noticed.
    world.browsers[0].silent.everything = true;
    world.say(1, ClientMessage::Leave { reason: LeaveReason::Closed });
    world.pass(4_000);
    assert_eq!(world.ends_of(0).len(), 1);
    for told in 2..4 {
        world.connect(0);
        assert_eq!(world.ends_of(0), vec![left(); told]);
    }
    world.browsers[0].silent.everything = false;
    world.connect(0);
    assert_eq!((world.ends_of(0).len(), world.lobbies.counts().people), (4, 0));
    world.reload(0);
    assert!(waits(&world, 0));
    world.empty();
}

#[test]
fn what_became_of_the_record_is_said_with_it() {
    let mut world = ended_meanwhile();
    world.pass(10_000);
    let match_id = world.closed_matches[0].clone();
    world.event(Event::Verified(Verified {
        match_id: match_id.clone(),
        frames: 10,
        verified: Some(true),
        difference: None,
        seats_differ: Vec::new(),
        model_actions: None,
    }));
    world.connect(0);
    assert_eq!(world.ends_of(0), [left()]);
    let last = world.browsers[0].heard.last().unwrap();
    assert!(matches!(last, ServerMessage::Record { match_id: of, frames: 10, .. } if *of == match_id), "{last:?}");
    world.empty();
}

#[test]
fn a_socket_that_has_not_said_that_it_heard_the_end_is_not_closed_before() {
    let mut world = World::new(lobby());
    world.arrive(2);
    world.browsers[0].late_ms = 700;
    let (match_id, _) = world.match_of(0).unwrap();
    (0..2).for_each(|browser| world.finish(browser));
    world.event(Event::Verified(Verified {
        match_id,
        frames: 10,
        verified: Some(true),
        difference: None,
        seats_differ: Vec::new(),
        model_actions: None,
    }));
    assert_eq!(world.browsers[1].closed, [Code::Complete]);
    assert!(matches!(world.browsers[0].heard.last(), Some(ServerMessage::Record { .. })));
    assert_eq!(world.browsers[0].closed, []);
    world.pass(700);
    assert_eq!(world.browsers[0].closed, [Code::Complete]);
    world.browsers[0].late_ms = 0;
    world.reload(0);
    assert_eq!(world.ends_of(0).len(), 1, "it has heard it");
    assert!(waits(&world, 0));
    world.empty();
}

#[test]
fn an_end_is_not_said_any_more_once_a_later_session_has_ended() {
    let mut world = ended_meanwhile();
    // The same participant, who has lost the token.
    let anew = world.browser("p0");
    world.connect(anew);
    world.say(anew, ClientMessage::Leave { reason: LeaveReason::Closed });
    assert_eq!(world.ends_of(anew).len(), 1);
    world.connect(0);
    assert_eq!(world.ends_of(0), []);
    assert!(waits(&world, 0));
    world.empty();
}

#[test]
fn it_is_said_to_nobody_else_not_for_ever_and_not_of_a_leave_of_ones_own() {
    let mut world = ended_meanwhile();
    let stranger = world.browser("p0");
    world.connect(stranger);
    assert_eq!(world.ends_of(stranger), []);
    world.lose(stranger);
    world.empty();

    let mut world = ended_meanwhile();
    world.pass(600_000);
    world.connect(0);
    assert!(waits(&world, 0));
    world.empty();

    let mut world = World::new(lobby());
    world.arrive(2);
    world.browsers[1].silent.everything = true;
    world.say(1, ClientMessage::Leave { reason: LeaveReason::FocusLost });
    world.browsers[1].silent.everything = false;
    world.connect(1);
    assert_eq!(world.ends_of(1).len(), 1);
    assert_eq!(world.lobbies.view()[0].waiting.len(), 1);
    world.empty();
}

#[test]
fn who_waited_when_the_socket_was_lost_waits_again() {
    let mut world = World::new(config(2));
    world.arrive(1);
    world.lose(0);
    world.pass(60_000);
    assert_eq!(world.ended.len(), 1);
    world.connect(0);
    assert!(waits(&world, 0));
    world.empty();
}
