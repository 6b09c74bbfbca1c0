//! Who somebody is, and whether the lobby takes them.
use palaestra_lobby::config::LobbyConfig;
use palaestra_lobby::message::{ClientMessage, Code, Hello, SeatPolicy, ServerMessage};
use palaestra_lobby::{Event, Output};
use serde_json::json;

use crate::world::{World, config};

fn refused(change: impl FnOnce(&mut Hello), config: LobbyConfig) -> Vec<Code> {
    let mut world = World::new(config);
    let browser = world.browser("somebody");
    change(&mut world.browsers[browser].hello);
    world.connect(browser);
    let codes = world.errors_of(browser);
    assert_eq!(world.browsers[browser].closed, codes);
    world.empty();
    codes
}

#[test]
fn what_does_not_fit_the_lobby_is_refused_with_its_code() {
    let secret = LobbyConfig { secret: Some("open sesame".into()), ..config(2) };
    let kwargs = json!({"layout": "ring"}).as_object().cloned();
    let other = kwargs.clone();
    assert_eq!(refused(|hello| hello.protocol = 1, config(2)), [Code::WrongProtocol]);
    assert_eq!(refused(|hello| hello.lobby = "none".into(), config(2)), [Code::UnknownLobby]);
    assert_eq!(refused(|_| {}, secret.clone()), [Code::BadSecret]);
    assert_eq!(refused(|hello| hello.secret = Some("open".into()), secret.clone()), [Code::BadSecret]);
    assert_eq!(refused(|hello| hello.secret = Some("open sesame".into()), secret), []);
    assert_eq!(refused(|hello| hello.version = Some("v0".into()), config(2)), [Code::WrongVersion]);
    assert_eq!(refused(|hello| hello.version = Some("v1".into()), config(2)), []);
    assert_eq!(refused(|hello| hello.env_id = Some("Chess".into()), config(2)), [Code::WrongEnvironment]);
    assert_eq!(refused(|hello| hello.kwargs = other, config(2)), [Code::WrongEnvironment]);
    assert_eq!(refused(|hello| hello.size = Some(2), config(2)), []);
    assert_eq!(refused(|hello| hello.size = Some(3), config(2)), [Code::WrongEnvironment]);
    assert_eq!(refused(|hello| hello.policy = Some(SeatPolicy::Idle), config(2)), []);
    assert_eq!(refused(|hello| hello.policy = Some(SeatPolicy::EXPERT), config(2)), [Code::WrongEnvironment]);
    let of_the_lobby = LobbyConfig { kwargs: kwargs.clone().unwrap(), ..config(2) };
    assert_eq!(refused(|hello| hello.kwargs = kwargs, of_the_lobby), []);
    for name in ["", "\u{7}", " ", " x", "x\u{202e}", "\u{2028}", "\u{3164}", &"x".repeat(129)] {
        assert_eq!(refused(|hello| hello.participant = Some(name.into()), config(2)), [Code::Malformed]);
        assert_eq!(refused(|hello| hello.group = Some(name.into()), config(2)), [Code::Malformed]);
    }
    assert_eq!(refused(|hello| hello.token = Some("00".repeat(32)), config(2)), [Code::BadToken]);
    assert_eq!(
        refused(
            |hello| {
                hello.participant = None;
                hello.token = Some("00".repeat(32));
            },
            config(2)
        ),
        [Code::BadToken]
    );
}

#[test]
fn lobbies_on_request_have_an_end_in_number_and_make_room_when_nobody_is_in_them() {
    let mut world = World::new(config(2));
    world.lobbies.set_opener(Box::new(|hello| {
        let known = hello.env_id.as_deref() == Some("Game-v0");
        known.then(|| config(2)).ok_or_else(|| "env_id: expected Game-v0, found another".to_owned())
    }));
    let come = |world: &mut World, participant: &str, lobby: &str, env_id: &str| {
        let browser = world.browser(participant);
        let hello = &mut world.browsers[browser].hello;
        (hello.lobby, hello.env_id) = (lobby.to_owned(), Some(env_id.to_owned()));
        world.connect(browser);
        browser
    };
    let told = |world: &World, browser: usize| {
        let said = world.browsers[browser].heard.iter().find_map(|message| match message {
            ServerMessage::Error { message, .. } => Some(message.clone()),
            _ => None,
        });
        said.unwrap_or_default()
    };
    let first = come(&mut world, "p", "study 0", "Game-v0");
    let others: Vec<_> = (1..256).map(|n| come(&mut world, "p", &format!("study {n}"), "Game-v0")).collect();
    let late = come(&mut world, "late", "one more", "Game-v0");
    assert_eq!(world.errors_of(late), [Code::UnknownLobby]);
    // Whoever asks for what there is not hears why.
    let wrong = come(&mut world, "wrong", "another", "Chess");
    assert!(told(&world, wrong).ends_with("env_id: expected Game-v0, found another"), "{}", told(&world, wrong));
    let nameless = come(&mut world, "nameless", &"x".repeat(129), "Game-v0");
    assert!(
        told(&world, nameless).contains("lobby: expected 1 to 128 characters, found 129"),
        "{}",
        told(&world, nameless)
    );
    for browser in others {
        world.say(browser, ClientMessage::Leave { reason: Default::default() });
    }
    let again = come(&mut world, "again", "one more", "Game-v0");
    assert_eq!(world.errors_of(again), []);
    assert_eq!(world.closed_lobbies, ["study 1"]);
    // Where somebody waits nothing has changed.
    let partner = come(&mut world, "partner", "study 0", "Game-v0");
    let seats = [first, partner].map(|browser| world.match_of(browser).map(|(_, seat)| seat));
    assert_eq!(seats, [Some(0), Some(1)]);
    world.empty();
}

#[test]
fn somebody_without_an_id_gets_one_and_a_token_for_it() {
    let mut world = World::new(config(2));
    for _ in 0..2 {
        let browser = world.browser("");
        world.browsers[browser].hello.participant = None;
        world.connect(browser);
    }
    let names = world.browsers.iter().flat_map(|browser| &browser.heard).filter_map(|message| match message {
        ServerMessage::Welcome(welcome) => Some(welcome.participant.clone()),
        _ => None,
    });
    let names: Vec<String> = names.collect();
    assert!(names.len() == 2 && names[0] != names[1], "{names:?}");
    world.empty();
}

#[test]
fn an_id_that_is_here_is_somebodys_and_nobody_takes_it_without_the_token() {
    let mut world = World::new(config(2));
    world.arrive(1);
    let thief = world.browser("p0");
    world.connect(thief);
    assert_eq!(world.errors_of(thief), [Code::TokenNeeded]);
    assert!(world.browsers[0].socket.is_some());
    world.empty();
}

#[test]
fn a_second_tab_takes_over_and_both_are_told() {
    let mut world = World::new(config(2));
    world.arrive(1);
    let tab = world.another_tab(0);
    assert!(matches!(world.browsers[0].heard.last(), Some(ServerMessage::Replaced { .. })));
    assert_eq!(world.browsers[0].closed, [Code::Replaced]);
    let welcome = world.browsers[tab].heard.iter().find_map(|message| match message {
        ServerMessage::Welcome(welcome) => Some(welcome),
        _ => None,
    });
    assert!(welcome.is_some_and(|welcome| welcome.replaced && welcome.resumed));
    // It is one participant still: the next one is the partner.
    world.arrive(1);
    assert_eq!(world.playing(), 2);
    world.empty();
}

#[test]
fn a_second_tab_in_a_match_gets_the_seat_and_the_first_ones_ticket_opens_nothing() {
    let mut world = World::new(config(2));
    world.arrive(2);
    let old = world.browsers[0].matched.as_ref().unwrap().ticket.clone();
    let tab = world.another_tab(0);
    assert_eq!(world.match_of(tab), world.match_of(0));
    assert!(
        world.browsers[tab].heard.iter().any(|message| matches!(message, ServerMessage::Start { resume: true, .. }))
    );
    assert_eq!(world.browsers[0].closed, [Code::Replaced, Code::Replaced]);
    let outputs = world.lobbies.handle(world.now, Event::PlayOpened { socket: 999, ticket: old });
    assert_eq!(outputs, [Output::PlayRefused { socket: 999, code: Code::Replaced }]);
    world.empty();
}

#[test]
fn a_code_for_the_end_is_given_out_and_kept() {
    let completion_codes = [(Code::Complete, "DONE1".to_owned()), (Code::PartnerLeft, "LEFT2".to_owned())];
    let mut world = World::new(LobbyConfig { completion_codes: completion_codes.into(), ..config(2) });
    world.arrive(2);
    (0..2).for_each(|browser| world.finish(browser));
    let told = world.browsers[0].heard.iter().find_map(|message| match message {
        ServerMessage::Ended { completion_code, .. } => completion_code.clone(),
        _ => None,
    });
    assert_eq!(told.as_deref(), Some("DONE1"));
    assert!(world.ended.iter().all(|ended| ended.completion_code.as_deref() == Some("DONE1")));
    world.empty();
}

#[test]
fn nonsense_and_what_is_out_of_turn_close_the_socket_and_nothing_else() {
    let mut world = World::new(config(2));
    world.arrive(2);
    for (text, before) in [("{", true), (r#"{"type":"dance"}"#, true), (r#"{"type":"here","x":1}"#, false)] {
        let stranger = world.browser("stranger");
        world.browsers[stranger].hello.participant = None;
        world.connect(stranger);
        let socket = world.browsers[stranger].socket.unwrap();
        world.event(Event::Text { socket, text: text.into() });
        assert_eq!(world.errors_of(stranger).contains(&Code::Malformed), before, "{text}");
    }
    let socket = 5_000;
    world.event(Event::Opened { socket });
    let outputs =
        world.lobbies.handle(world.now, Event::Text { socket, text: ClientMessage::Away { away: true }.text() });
    assert!(matches!(outputs.last(), Some(Output::Close { code: Code::Malformed, .. })));
    assert_eq!(world.playing(), 2);
    world.empty();
}

#[test]
fn a_socket_that_says_nothing_is_closed_before_and_after_hello() {
    let mut world = World::new(config(3));
    world.event(Event::Opened { socket: 5_000 });
    let outputs = world.lobbies.handle(world.now + 10_000, Event::Tick);
    assert!(outputs.contains(&Output::Close { socket: 5_000, code: Code::HelloTimeout }));
    let mut world = World::new(config(3));
    let silent = world.arrive(1)[0];
    world.browsers[silent].silent.everything = true;
    world.pass(31_000);
    assert_eq!(world.browsers[silent].closed, [Code::IdleTimeout]);
    world.empty();
}
