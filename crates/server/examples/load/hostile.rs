//! Everything that nobody should do, all at once, and how each was ended.
use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::{Duration, Instant};

use palaestra_lobby::message::{ClientMessage, Hello};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::Message;

use crate::attack::{Foul, control, forged, foul, mute, silent, slow, stranger};
use crate::player::hello;

type Attack = Pin<Box<dyn Future<Output = String> + Send>>;

/// An attack: its name, how it has to be ended, and one of it.
struct Kind {
    name: &'static str,
    /// Any of these.
    expected: &'static [&'static str],
    one: Box<dyn Fn(SocketAddr, usize) -> Attack>,
}

fn kind<F: Future<Output = String> + Send + 'static>(
    name: &'static str,
    expected: &'static [&'static str],
    one: impl Fn(SocketAddr, usize) -> F + 'static,
) -> Kind {
    Kind { name, expected, one: Box::new(move |address, number| Box::pin(one(address, number))) }
}

/// A socket that is cut off while it still sends breaks before its close frame is read.
fn kinds() -> Vec<Kind> {
    let guest = || Some(Hello { participant: None, group: Some("guests".to_owned()), ..hello("waiting", "") });
    let text = |text: &str| vec![Message::text(text)];
    vec![
        kind("half a request", &["closed"], |at, _| silent(at, "GET /lobby HTTP/1.1\r\nhost: ")),
        kind("no request", &["closed"], |at, _| silent(at, "\u{16}\u{3}\u{1}not tls either\r\n\r\n")),
        kind("a socket that says nothing", &["4001"], |at, _| control(at, None, Vec::new())),
        kind(
            "somebody who answers nothing",
            &["4002", "4102"],
            |at, n| async move { mute(at, &format!("mute-{n}")).await },
        ),
        kind("another site's page", &["403"], |at, _| stranger(at)),
        kind("no JSON", &["4000"], move |at, _| control(at, None, text("{"))),
        kind("brackets", &["4000"], |at, _| control(at, None, vec![Message::text("[".repeat(60_000))])),
        kind("bytes", &["4000"], |at, _| control(at, None, vec![Message::binary(vec![0; 100])])),
        kind("before hello", &["4000"], |at, _| {
            control(at, None, vec![Message::text(ClientMessage::Away { away: true }.text())])
        }),
        kind("hello twice", &["4000"], move |at, _| {
            control(at, guest(), vec![Message::text(ClientMessage::Hello(hello("waiting", "twice")).text())])
        }),
        kind("of another version", &["4005"], |at, _| {
            control(at, Some(Hello { protocol: 1, ..hello("waiting", "old") }), vec![])
        }),
        kind("another's token", &["4004"], |at, _| {
            control(at, Some(Hello { token: Some("00".repeat(32)), ..hello("waiting", "forged") }), Vec::new())
        }),
        kind("a message too long", &["4007", "broken off"], |at, _| {
            control(at, None, vec![Message::text("x".repeat(70_000))])
        }),
        kind("a flood of messages", &["4008", "broken off"], move |at, _| {
            control(at, guest(), vec![Message::text(r#"{"type":"here"}"#); 600])
        }),
        kind("a forged ticket", &["4004"], |at, n| async move {
            forged(at, &format!("m-000000000000.{}.0.00ff", n % 2)).await
        }),
        kind("no ticket", &["4004"], |at, _| forged(at, "")),
        player("packets to the partner", &["4012", "4107", "4106", "1000", "broken off"], Foul::Packets, 0),
        player("messages of nobody", &["4000"], Foul::Malformed, 1),
        player("a packet too long", &["4007", "broken off"], Foul::Oversized, 2),
        player("a flood of packets", &["4008", "broken off"], Foul::Flood, 3),
        player("frames that nobody played", &["4000"], Foul::Frames, 4),
        player("what is not its turn", &["4000"], Foul::OutOfTurn, 5),
        kind("a slow reader", &["cut off"], slow),
    ]
}

/// The kinds of attacks on partners.
const FOULS: usize = 6;

/// Each has a bot for a partner: the one that names the same group.
fn player(name: &'static str, expected: &'static [&'static str], what: Foul, place: usize) -> Kind {
    kind(name, expected, move |at, n| foul(at, n * FOULS + place, what))
}

/// Attacks with so many of each kind, and so many connections that say nothing. Gives, by kind, how many were ended how, and what was not as
/// it has to be.
pub(crate) fn attack(address: SocketAddr, silences: usize, each: usize) -> Value {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let began = Instant::now();
        let mut attacks: JoinSet<(&'static str, String, f64)> = JoinSet::new();
        let mut add = |name: &'static str, attack: Attack| {
            attacks.spawn(async move {
                let started = Instant::now();
                let how = attack.await;
                (name, how, started.elapsed().as_secs_f64())
            });
        };
        let mut kinds = kinds();
        for number in 0..each {
            for kind in &kinds {
                add(kind.name, (kind.one)(address, number));
            }
        }
        // Their partners and they have met by then: the others take every place there is.
        sleep(Duration::from_secs(3)).await;
        let nothing = kind("nothing at all", &["closed"], |at, _| silent(at, ""));
        for number in 0..silences {
            add(nothing.name, (nothing.one)(address, number));
            if number % 200 == 199 {
                sleep(Duration::from_millis(50)).await;
            }
        }
        kinds.push(nothing);
        let mut ends: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
        let mut longest: BTreeMap<&str, f64> = BTreeMap::new();
        while let Some(ended) = attacks.join_next().await {
            let (name, how, seconds) = ended.unwrap_or(("panicked", String::new(), 0.0));
            *ends.entry(name).or_default().entry(how).or_default() += 1;
            let most = longest.entry(name).or_default();
            *most = most.max(seconds);
        }
        let expected: BTreeMap<&str, &[&str]> = kinds.iter().map(|kind| (kind.name, kind.expected)).collect();
        let fine =
            |name: &str, how: &String| expected.get(name).is_some_and(|expected| expected.contains(&how.as_str()));
        let wrong: Vec<String> = ends
            .iter()
            .flat_map(|(name, ends)| ends.iter().map(move |(how, count)| (name, how, count)))
            .filter(|(name, how, _)| !fine(name, how))
            .map(|(name, how, count)| format!("{name}: {count} × {how}"))
            .collect();
        json!({ "ends": ends, "longest_s": longest, "wrong": wrong, "seconds": began.elapsed().as_secs_f64() })
    })
}
