//! Who may watch a match, how many, and what they hear.
use palaestra_lobby::config::LobbyConfig;
use palaestra_lobby::message::{ClientMessage, Code, LeaveReason, ServerMessage, Watch, Watching};
use palaestra_lobby::{Event, Output};

use crate::world::{World, config};

/// Asks on a socket of its own: what there is to watch, or why there is nothing.
fn asks(world: &mut World, watch: Watch) -> Result<Watching, Code> {
    let watcher = world.watcher(watch);
    match &world.browsers[watcher].heard[..] {
        [ServerMessage::Watching(watching)] => Ok((**watching).clone()),
        [ServerMessage::Error { code, fatal: true, .. }] => {
            assert_eq!(world.browsers[watcher].closed, [*code]);
            Err(*code)
        }
        heard => panic!("expected an answer, found {heard:?}"),
    }
}

fn watch(match_id: &str, lobby: Option<&str>, token: Option<&str>) -> Watch {
    Watch { lobby: lobby.map(str::to_owned), match_id: match_id.to_owned(), token: token.map(str::to_owned) }
}

/// A lobby of two with a match that is played.
fn playing(spectators: bool) -> (World, String) {
    let mut world = World::new(LobbyConfig { spectators, ..config(2) });
    world.arrive(2);
    assert_eq!(world.playing(), 2);
    let (match_id, _) = world.match_of(0).unwrap();
    (world, match_id)
}

fn watchers(world: &World) -> usize {
    world.lobbies.view()[0].matches[0].watchers
}

#[test]
fn watching_is_for_the_monitor_unless_the_lobby_says_otherwise() {
    for (spectators, token, expected) in
        [(false, None, false), (false, Some("wrong"), false), (false, Some("monitor"), true), (true, None, true)]
    {
        for lobby in [Some("main"), None] {
            let (mut world, match_id) = playing(spectators);
            let found = match asks(&mut world, watch(&match_id, lobby, token)) {
                Ok(found) => found,
                Err(code) => {
                    assert_eq!((code, expected), (Code::BadToken, false));
                    continue;
                }
            };
            assert!(expected, "{spectators} {token:?}");
            assert_eq!((found.match_id.as_str(), found.lobby.as_str(), found.size), (match_id.as_str(), "main", 2));
            let outputs = world.lobbies.handle(world.now, Event::PlayOpened { socket: 5_001, ticket: found.ticket });
            assert!(matches!(outputs[..], [Output::PlayAccepted { seat: None, .. }]));
        }
    }
}

#[test]
fn a_matchs_own_token_opens_it_and_no_other() {
    let (mut world, match_id) = playing(false);
    let token = world.lobbies.view()[0].matches[0].watch_token.clone().unwrap();
    assert!(asks(&mut world, watch(&match_id, None, Some(&token))).is_ok());
    // For another match, changed, and a player's ticket.
    let players = world.arrive(2);
    let (other, _) = world.match_of(players[0]).unwrap();
    assert_ne!(other, match_id);
    assert_eq!(asks(&mut world, watch(&other, None, Some(&token))), Err(Code::BadToken));
    let changed = token.replace(&match_id, &other);
    assert_eq!(asks(&mut world, watch(&other, None, Some(&changed))), Err(Code::BadToken));
    let of_a_player = world.browsers[0].matched.as_ref().unwrap().ticket.clone();
    assert_eq!(asks(&mut world, watch(&match_id, None, Some(&of_a_player))), Err(Code::BadToken));
    assert_eq!(asks(&mut world, watch(&match_id, Some("nowhere"), Some(&token))), Err(Code::UnknownLobby));
    assert_eq!(asks(&mut world, watch("m-0", None, Some("monitor"))), Err(Code::MatchOver));
    // Whoever may not watch does not learn either whether there is such a match.
    assert_eq!(asks(&mut world, watch("m-0", None, None)), Err(Code::BadToken));
}

#[test]
fn so_many_may_watch_and_who_goes_makes_room() {
    let (mut world, match_id) = playing(true);
    for _ in 0..64 {
        assert!(asks(&mut world, watch(&match_id, None, None)).is_ok());
    }
    assert_eq!(watchers(&world), 64);
    assert_eq!(asks(&mut world, watch(&match_id, None, None)), Err(Code::TooMany));
    let one = world.browsers.iter().rposition(|browser| browser.socket.is_some()).unwrap();
    world.lose(one);
    assert_eq!(watchers(&world), 63);
    assert!(asks(&mut world, watch(&match_id, None, None)).is_ok());
    world.empty();
}

#[test]
fn who_watches_asks_once_and_hears_of_the_end() {
    let (mut world, match_id) = playing(true);
    let stays = world.watcher(watch(&match_id, None, None));
    let asks_again = world.watcher(watch(&match_id, None, None));
    world.say(asks_again, ClientMessage::Watch(watch(&match_id, None, None)));
    assert_eq!(world.browsers[asks_again].closed, [Code::Malformed]);
    // A minute of watching needs no more than answers to pings.
    world.pass(60_000);
    assert_eq!(watchers(&world), 1);
    world.say(0, ClientMessage::Leave { reason: LeaveReason::Closed });
    world.finish(1);
    assert_eq!(world.end_of(stays), world.end_of(1));
    assert!(world.end_of(stays).is_some());
    assert_eq!(world.browsers[stays].closed, [Code::Complete]);
    world.empty();
}
