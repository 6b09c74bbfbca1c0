//! What a server hears: the play socket's messages, and what pages say to a lobby.
use std::collections::BTreeSet;

use palaestra_lobby::config::LobbyConfig;
use palaestra_lobby::message::ServerMessage;
use palaestra_lobby::token::{KEY_BYTES, Signer};
use palaestra_lobby::{Event, Lobbies, Output, ServerFacts};
use palaestra_protocol::server::{FromServer, ToServer};

/// Control sockets, of which each says what comes to it; and one play socket for each.
const SOCKETS: u64 = 4;

/// Takes the bytes as a message of the play socket, either way; then as lines that pages say, a line for each socket in turn.
pub fn run(bytes: &[u8]) {
    if let Ok(message) = ToServer::read(bytes) {
        let again = message.write();
        assert_eq!(ToServer::read(&again).map(|message| message.write()), Ok(again), "it does not read back");
    }
    if let Ok(message) = FromServer::read(bytes) {
        let again = message.write();
        assert_eq!(FromServer::read(&again).map(|message| message.write()), Ok(again), "it does not read back");
    }
    talk(&String::from_utf8_lossy(bytes));
}

/// A line that is empty lets four seconds pass; one that begins with `!` is a report of a play socket.
fn talk(text: &str) {
    let agents = ["a", "b"].map(str::to_owned).to_vec();
    let config =
        LobbyConfig { env_id: "Game-v0".into(), agents, fps: 30.0, spectators: true, ..LobbyConfig::default() };
    let facts = ServerFacts { play_url: "/play".into(), ..ServerFacts::default() };
    let mut lobbies = Lobbies::new([("main".to_owned(), config)], facts, Signer::new(&[1; KEY_BYTES]), 1);
    let mut open = BTreeSet::new();
    let (mut now, mut turn) = (0, 0);
    let mut later = Vec::new();
    for socket in 0..SOCKETS {
        open.insert(socket);
        later.push(Event::Opened { socket });
    }
    for line in text.lines().take(200) {
        turn += 1;
        let socket = turn % SOCKETS;
        match line.as_bytes().split_first() {
            None => now += 4_000,
            Some((b'!', rest)) => {
                let number =
                    rest.iter().fold(0_u32, |number, byte| number.wrapping_mul(31).wrapping_add((*byte).into()));
                let inputs = rest.to_vec();
                later.push(Event::Report {
                    socket: socket + SOCKETS,
                    leaver: number as u8 % 3,
                    frames: number,
                    first: 0,
                    inputs,
                });
            }
            Some(_) => later.push(Event::Text { socket, text: line.to_owned() }),
        }
        later.push(Event::Tick);
        for event in std::mem::take(&mut later) {
            for output in lobbies.handle(now, event) {
                carry_out(output, &mut open, &mut later);
            }
        }
    }
    for socket in 0..2 * SOCKETS {
        lobbies.handle(now, Event::Closed { socket });
        lobbies.handle(now, Event::PlayClosed { socket });
    }
    while let Some(due) = lobbies.next_wakeup() {
        lobbies.handle(due, Event::Tick);
    }
    assert_eq!(lobbies.counts(), Default::default(), "something is left when everybody has gone");
}

fn carry_out(output: Output, open: &mut BTreeSet<u64>, later: &mut Vec<Event>) {
    match output {
        Output::Send { socket, message } => {
            assert!(open.contains(&socket), "a message for a socket that is closed");
            if let ServerMessage::Matched(matched) = message {
                later.push(Event::PlayOpened { socket: socket + SOCKETS, ticket: matched.ticket });
            }
        }
        Output::Close { socket, .. } => {
            open.remove(&socket);
        }
        _ => {}
    }
}
