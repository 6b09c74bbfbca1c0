//! Whatever happens in whatever order: nobody is in two seats and nobody shares one, everybody is told how it ends, and nothing is left
//! behind. And the same again gives the same.
use palaestra_lobby::Event;
use palaestra_lobby::config::{LobbyConfig, MatcherConfig, Timeouts};
use palaestra_lobby::message::{ClientMessage, Dropout, LeaveReason, ServerMessage};
use proptest::prelude::*;

use crate::world::{Silent, World, config};

#[derive(Clone, Debug)]
enum Act {
    Arrive {
        silent: u8,
        late_ms: u64,
        rtt_ms: f64,
        group: bool,
    },
    Pass(u64),
    Lose(usize),
    LosePlay(usize),
    Connect(usize),
    OpenPlay(usize),
    Reload(usize),
    AnotherTab(usize),
    Silence(usize, u8),
    Speak(usize),
    Leave(usize, bool),
    Away(usize, bool),
    Finish(usize),
    Fail(usize),
    /// What no page says, or not now.
    Hostile(usize, u8, u32),
    Report(usize, u8, u32),
    /// What the server has itself from now on; nothing: it is too slow.
    Witness(Option<u32>),
    /// It says it, of whichever seat, asked or not.
    Speaks(usize, u8),
    Stored(usize, u32),
    Restart,
}

fn act() -> impl Strategy<Value = Act> {
    let who = 0_usize..12;
    prop_oneof![
        6 => (0_u8..24, 0_u64..60, 5.0..200.0_f64, any::<bool>())
            .prop_map(|(silent, late_ms, rtt_ms, group)| Act::Arrive { silent, late_ms, rtt_ms, group }),
        6 => (1_u64..20_000).prop_map(Act::Pass),
        2 => who.clone().prop_map(Act::Lose),
        2 => who.clone().prop_map(Act::LosePlay),
        4 => who.clone().prop_map(Act::Connect),
        2 => who.clone().prop_map(Act::OpenPlay),
        2 => who.clone().prop_map(Act::Reload),
        1 => who.clone().prop_map(Act::AnotherTab),
        1 => (who.clone(), 0_u8..16).prop_map(|(who, silent)| Act::Silence(who, silent)),
        2 => who.clone().prop_map(Act::Speak),
        2 => (who.clone(), any::<bool>()).prop_map(|(who, focus)| Act::Leave(who, focus)),
        1 => (who.clone(), any::<bool>()).prop_map(|(who, away)| Act::Away(who, away)),
        3 => who.clone().prop_map(Act::Finish),
        1 => who.clone().prop_map(Act::Fail),
        3 => (who.clone(), 0_u8..HOSTILE, any::<u32>()).prop_map(|(who, what, number)| Act::Hostile(who, what, number)),
        1 => (who.clone(), 0_u8..9, any::<u32>()).prop_map(|(who, leaver, frames)| Act::Report(who, leaver, frames)),
        1 => prop::option::of(0_u32..300).prop_map(Act::Witness),
        1 => (who.clone(), 0_u8..9).prop_map(|(who, leaver)| Act::Speaks(who, leaver)),
        1 => (who, 0_u32..300).prop_map(|(who, frames)| Act::Stored(who, frames)),
        1 => Just(Act::Restart),
    ]
}

const HOSTILE: u8 = 12;

fn hostile(what: u8, number: u32, name: &str) -> String {
    match what {
        0 => format!(r#"{{"type":"validated","match":"{name}","attempt":{},"paths":[]}}"#, number % 4),
        1 => {
            let path = r#"{"seat":0,"path":"direct","rtt_ms":-5}"#;
            format!(r#"{{"type":"validated","match":"{name}","attempt":{},"paths":[{path},{path}]}}"#, number % 4)
        }
        2 => format!(
            r#"{{"type":"finished","match":"{name}","frames":{number},"planned":{}}}"#,
            number.is_multiple_of(2)
        ),
        3 => format!(r#"{{"type":"pong","t":{number}e300}}"#),
        4 => format!(r#"{{"type":"pong","t":-{number}}}"#),
        5 => format!(r#"{{"type":"signal","to":{},"data":[{number}]}}"#, number % 256),
        6 => r#"{"type":"hello","protocol":1,"lobby":"main"}"#.to_owned(),
        7 => format!(r#"{{"type":"watch","lobby":"main","match":"{name}"}}"#),
        8 => format!(r#"{{"type":"ready","match":"{name}"}}"#),
        9 => "[".repeat(number as usize % 300),
        10 => format!(r#"{{"type":"failed","match":"{name}","reason":"{}"}}"#, "x".repeat(number as usize % 2_000)),
        _ => r#"{"type":"leave","reason":"boredom"}"#.to_owned(),
    }
}

fn silent(bits: u8) -> Silent {
    let bit = |bit: u8| bits >> bit & 1 == 1 && bits < 16;
    Silent { everything: bit(0), ready: bit(1), validated: bit(2), report: bit(3) }
}

fn lobby() -> impl Strategy<Value = LobbyConfig> {
    let matcher = prop_oneof![
        3 => Just(MatcherConfig::FirstCome),
        1 => Just(MatcherConfig::Latency { limit_ms: 90.0 }),
        1 => Just(MatcherConfig::Group)
    ];
    let dropout = prop_oneof![Just(Dropout::Pause), Just(Dropout::Continue), Just(Dropout::End)];
    (2_usize..5, matcher, dropout, any::<bool>(), any::<bool>()).prop_map(
        |(agents, matcher, dropout, limits, one_less)| {
            let limit = |ms: u64| if limits { ms } else { 0 };
            let timeouts = Timeouts { absence_ms: limit(15_000), match_ms: limit(90_000), ..Timeouts::default() };
            let size = if one_less && agents > 2 { agents - 1 } else { 0 };
            LobbyConfig { matcher, dropout, timeouts, size, most_waiting: 6, ..config(agents) }
        },
    )
}

fn run(config: &LobbyConfig, acts: &[Act], seed: u64) -> World {
    let mut world = World::with_seed(config.clone(), seed);
    for act in acts {
        let of = |who: usize| (!world.browsers.is_empty()).then(|| who % world.browsers.len());
        match act.clone() {
            Act::Arrive { silent: bits, late_ms, rtt_ms, group } => {
                let browser = world.browser(&format!("p{}", world.browsers.len()));
                let found = &mut world.browsers[browser];
                found.silent = silent(bits);
                (found.late_ms, found.rtt_ms) = (late_ms, rtt_ms);
                found.hello.group = Some(if group { "a".into() } else { "b".into() });
                world.connect(browser);
            }
            Act::Pass(ms) => world.pass(ms),
            Act::Lose(who) => of(who).into_iter().for_each(|who| world.lose(who)),
            Act::LosePlay(who) => of(who).into_iter().for_each(|who| world.lose_play(who)),
            Act::Connect(who) => {
                if let Some(who) = of(who).filter(|who| world.browsers[*who].socket.is_none()) {
                    world.connect(who);
                }
            }
            Act::OpenPlay(who) => of(who).into_iter().for_each(|who| {
                world.lose_play(who);
                world.open_play(who);
            }),
            Act::Reload(who) => of(who).into_iter().for_each(|who| world.reload(who)),
            Act::AnotherTab(who) => {
                if let Some(who) = of(who).filter(|_| world.browsers.len() < 40) {
                    world.another_tab(who);
                }
            }
            Act::Silence(who, bits) => of(who).into_iter().for_each(|who| world.browsers[who].silent = silent(bits)),
            Act::Speak(who) => of(who).into_iter().for_each(|who| world.browsers[who].silent = Silent::default()),
            Act::Leave(who, focus) => {
                let reason = if focus { LeaveReason::FocusLost } else { LeaveReason::Closed };
                of(who).into_iter().for_each(|who| world.say(who, ClientMessage::Leave { reason }));
            }
            Act::Away(who, away) => of(who).into_iter().for_each(|who| world.say(who, ClientMessage::Away { away })),
            Act::Finish(who) => of(who).into_iter().for_each(|who| world.finish(who)),
            Act::Fail(who) => of(who).into_iter().for_each(|who| {
                let match_id = world.match_of(who).map(|(name, _)| name).unwrap_or_default();
                world.say(who, ClientMessage::Failed { match_id, reason: "broken".into() });
            }),
            Act::Hostile(who, what, number) => of(who).into_iter().for_each(|who| {
                let name = world.match_of(who).map(|(name, _)| name).unwrap_or_default();
                if let Some(socket) = world.browsers[who].socket {
                    world.event(Event::Text { socket, text: hostile(what, number, &name) });
                }
            }),
            Act::Report(who, leaver, frames) => of(who).into_iter().for_each(|who| {
                if let Some(socket) = world.browsers[who].play {
                    world.event(Event::Report { socket, leaver, frames, first: frames / 2, inputs: vec![0; 40_000] });
                }
            }),
            Act::Witness(frames) => world.witness = frames,
            Act::Speaks(who, leaver) => {
                if let Some((match_id, _)) = of(who).and_then(|who| world.match_of(who)) {
                    world.witness(&match_id, leaver);
                }
            }
            Act::Stored(who, frames) => {
                if let Some((match_id, _)) = of(who).and_then(|who| world.match_of(who)) {
                    world.stores(&match_id, frames);
                }
            }
            Act::Restart => world.restart(),
        }
        check(&world);
    }
    world
}

/// What holds at every moment.
fn check(world: &World) {
    let mut seated = std::collections::BTreeSet::new();
    for lobby in world.lobbies.view() {
        for found in lobby.matches {
            assert_eq!(found.seats.len(), lobby.size, "a match that is not complete");
            for person in found.seats.iter().filter_map(|seat| seat.person.as_ref()) {
                assert!(seated.insert(person.participant.clone()), "{} is in two seats", person.participant);
            }
        }
        for person in lobby.waiting {
            assert!(seated.insert(person.participant.clone()), "{} waits and plays", person.participant);
        }
    }
    let by_state: usize = world.lobbies.people_by_state().values().sum();
    assert_eq!(by_state, world.lobbies.counts().people);
}

proptest! {
    #![proptest_config(ProptestConfig {
        // PROPTEST_CASES asks for more.
        cases: ProptestConfig::default().cases.max(400),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn everybody_is_matched_told_or_ended_with_a_reason(
        config in lobby(),
        acts in prop::collection::vec(act(), 1..80),
        seed in any::<u64>(),
    ) {
        let mut world = run(&config, &acts, seed);
        // The faults stop: everybody behaves, comes back once, and finishes what there is to finish.
        for browser in 0..world.browsers.len() {
            world.browsers[browser].silent = Silent::default();
            if world.browsers[browser].socket.is_none() && world.browsers[browser].hello.token.is_some() {
                world.connect(browser);
            }
        }
        for _ in 0..10 {
            world.pass(100_000);
            (0..world.browsers.len()).for_each(|browser| world.finish(browser));
        }
        world.pass(400_000);
        prop_assert_eq!(world.lobbies.counts().people, 0);
        prop_assert_eq!(world.lobbies.counts().matches, 0);
        // Whoever had a socket to the last was told why, or that the session is another tab's.
        for browser in &world.browsers {
            let why = browser.heard.iter().rev().find(|message| matches!(
                message,
                ServerMessage::Ended { .. } | ServerMessage::Error { fatal: true, .. } | ServerMessage::Replaced { .. }
            ));
            prop_assert!(why.is_some() || !browser.sent_away, "{:?}", browser);
            prop_assert!(browser.socket.is_none(), "{:?}", browser);
        }
        world.empty();
    }

    #[test]
    fn the_same_events_give_the_same_outputs(
        config in lobby(),
        acts in prop::collection::vec(act(), 1..60),
        seed in any::<u64>(),
    ) {
        let heard = |world: World| -> Vec<Vec<ServerMessage>> { world.browsers.into_iter().map(|browser| browser.heard).collect() };
        prop_assert_eq!(heard(run(&config, &acts, seed)), heard(run(&config, &acts, seed)));
    }
}
