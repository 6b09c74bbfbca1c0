//! Who has played already: refused where the lobby is played once, with the code to be paid by for who shows the token.
use palaestra_lobby::config::LobbyConfig;
use palaestra_lobby::message::{ClientMessage, Code, ServerMessage};

use crate::world::{World, config};

fn once() -> LobbyConfig {
    let completion_codes = [(Code::Complete, "DONE1".to_owned()), (Code::PartnerLeft, "LEFT2".to_owned())];
    LobbyConfig { once: true, completion_codes: completion_codes.into(), ..config(2) }
}

/// Two people who have played to the end, and whom the server has let go.
fn played(config: LobbyConfig) -> World {
    let mut world = World::new(config);
    world.arrive(2);
    (0..2).for_each(|browser| world.finish(browser));
    world.pass(60_000);
    world
}

/// The refusal that a browser was told last: its code, its words, the completion code in it.
fn refusal(world: &World, browser: usize) -> Option<(Code, String, Option<String>)> {
    world.browsers[browser].heard.iter().rev().find_map(|message| match message {
        ServerMessage::Error { code, message, completion_code, fatal: true } => {
            Some((*code, message.clone(), completion_code.clone()))
        }
        _ => None,
    })
}

#[test]
fn who_has_played_and_loads_the_page_again_is_told_the_code_again() {
    let mut world = played(once());
    world.reload(0);
    let (code, message, given) = refusal(&world, 0).unwrap();
    assert_eq!((code, given.as_deref()), (Code::PlayedBefore, Some("DONE1")));
    assert!(message.starts_with(Code::PlayedBefore.message()) && message.ends_with("DONE1"), "{message}");
    assert_eq!(world.browsers[0].closed.last(), Some(&Code::PlayedBefore));
    // As often as they like.
    world.reload(0);
    assert_eq!(refusal(&world, 0).unwrap().2.as_deref(), Some("DONE1"));
    world.empty();
}

#[test]
fn who_loads_again_in_the_moment_of_the_end_has_the_code_as_well() {
    let mut world = World::new(once());
    world.arrive(2);
    // The page goes before it hears of the end, and comes back after it.
    world.finish(0);
    world.lose(0);
    world.finish(1);
    world.pass(60_000);
    assert_eq!(world.end_of(0), None);
    world.connect(0);
    assert_eq!(refusal(&world, 0).unwrap().2.as_deref(), Some("DONE1"));
    world.empty();
}

#[test]
fn the_code_is_that_of_the_end_that_the_match_had() {
    let mut world = World::new(LobbyConfig { dropout: palaestra_lobby::message::Dropout::End, ..once() });
    world.arrive(2);
    world.say(1, ClientMessage::Leave { reason: Default::default() });
    world.pass(60_000);
    assert_eq!(world.end_of(0), Some(Code::PartnerLeft));
    world.reload(0);
    assert_eq!(refusal(&world, 0).unwrap().2.as_deref(), Some("LEFT2"));
    // Who left was given nothing, and is given nothing.
    world.reload(1);
    let (code, message, given) = refusal(&world, 1).unwrap();
    assert_eq!((code, message.as_str(), given), (Code::PlayedBefore, Code::PlayedBefore.message(), None));
    world.empty();
}

#[test]
fn nobody_else_is_told_the_code() {
    let mut world = played(once());
    // Another browser, which says that it is the participant and has no token, or a token of somebody else's.
    let stranger = world.browser("p1");
    world.connect(stranger);
    let (code, message, given) = refusal(&world, stranger).unwrap();
    assert_eq!((code, message.as_str(), given), (Code::PlayedBefore, Code::PlayedBefore.message(), None));
    let thief = world.browser("p1");
    world.browsers[thief].hello.token = world.browsers[0].hello.token.clone();
    world.connect(thief);
    let (code, message, given) = refusal(&world, thief).unwrap();
    assert_eq!((code, given), (Code::BadToken, None));
    assert!(!message.contains("DONE1"), "{message}");
    world.empty();
}

#[test]
fn the_code_is_told_again_after_the_server_was_stopped_and_started() {
    let mut world = played(once());
    world.restart();
    assert_eq!(world.lobbies.remembered(), 2);
    world.connect(0);
    let (code, _, given) = refusal(&world, 0).unwrap();
    assert_eq!((code, given.as_deref()), (Code::PlayedBefore, Some("DONE1")));
    let stranger = world.browser("p1");
    world.connect(stranger);
    assert_eq!(refusal(&world, stranger).map(|(code, _, given)| (code, given)), Some((Code::PlayedBefore, None)));
    world.empty();
}

#[test]
fn a_lobby_that_may_be_played_again_remembers_nobody_however_often_they_play() {
    let mut world = World::new(LobbyConfig { once: false, ..once() });
    world.arrive(2);
    for round in 0..50 {
        assert_eq!(world.playing(), 2, "round {round}");
        (0..2).for_each(|browser| world.finish(browser));
        world.pass(60_000);
        assert_eq!(world.lobbies.remembered(), 0, "round {round}");
        (0..2).for_each(|browser| world.reload(browser));
    }
    // What is stored of them is asked for by no lobby either.
    assert_eq!(world.ended.len(), 100);
    world.restart();
    assert_eq!(world.lobbies.remembered(), 0);
    world.empty();
    let mut world = played(once());
    for _ in 0..50 {
        (0..2).for_each(|browser| world.reload(browser));
    }
    assert_eq!(world.lobbies.remembered(), 2);
    world.empty();
}
