//! Who watches gets a state and everything after it; who was loaded again gets the same.
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use palaestra_lobby::message::Code;
use palaestra_protocol::server::{ConfirmedItem, ConfirmedWriter, FromServer, StateWhy, ToServer};
use tokio::net::TcpSocket;
use tokio::time::timeout;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

use crate::client::{
    DEADLINE, Folder, Socket, an_hour_older, close_code, come_back, hears, open, pair, serve, serve_lobby,
};
use crate::game::Game;
use crate::spectator::{follow, hears_state, open_watching, steps, watch};

/// The frames that come after a state, without those that come twice.
async fn frames_until(socket: &mut Socket, mut next: u32, until: u32) {
    while next < until {
        let bytes = hears(socket, "confirmed", |message| matches!(message, FromServer::Confirmed(_))).await;
        let FromServer::Confirmed(batch) = FromServer::read(&bytes).unwrap() else { panic!() };
        assert!(batch.first <= next, "frames {next} to {} are missing", batch.first);
        let steps = batch.items().map(Result::unwrap).filter(|item| matches!(item, ConfirmedItem::Step { .. })).count();
        next = next.max(batch.first + steps as u32);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spectator_sees_the_match_from_where_it_is() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    both[0].send_bytes(game.play(90)).await;
    both[0].acknowledged(90).await;
    let matched = both[0].matched.clone().unwrap();
    let (_control, watching) = watch(&server, &matched.match_id, None).await.unwrap();
    assert_eq!((watching.fps, watching.size, watching.seed), (matched.fps, 2, matched.seed));
    assert_eq!((watching.number, &watching.env_id), (matched.number, &matched.env_id));
    let mut play = open_watching(&server, &watching).await;
    let state = hears_state(&mut play).await;
    let FromServer::State { frame, hash, .. } = FromServer::read(&state).unwrap() else { panic!() };
    assert_eq!(frame, 90);
    assert_ne!(hash, 0);
    both[1].send_bytes(Game::new(both[0].matched.as_ref().unwrap()).play(95)).await;
    both[0].send_bytes(game.play(40)).await;
    frames_until(&mut play, 90, 130).await;
    // It may say nothing that a player says.
    play.send(Message::binary(ToServer::Relay { to: 0, packet: b"x" }.write())).await.unwrap();
    assert_eq!(close_code(&mut play).await, 4000);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_was_loaded_again_gets_a_state_to_go_on_from() {
    let folder = Folder::new();
    let server = serve_lobby(&folder.0, "").await;
    let mut both = pair(&server).await;
    let matched = both[0].matched.clone().unwrap();
    let mut game = Game::new(&matched);
    let message = game.play(70);
    both[0].send_bytes(message.clone()).await;
    both[0].acknowledged(70).await;
    both[1].again(&server).await;
    both[1].matched().await;
    both[1].open_play(&server).await;
    both[1].send(&ToServer::AskState).await;
    let state =
        both[1].play_hears("state", |message| matches!(message, FromServer::State { why: StateWhy::Asked, .. })).await;
    let FromServer::State { frame, state, episode, .. } = FromServer::read(&state).unwrap() else { panic!() };
    assert!(frame == 70 && episode >= 1 && !state.is_empty());
    // The other one has a partner in the same seat still.
    both[0].send(&ToServer::Relay { to: 1, packet: b"here" }).await;
    both[1].play_hears("packet", |message| *message == FromServer::Relay { from: 0, packet: b"here" }).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_for_a_state_again_while_it_is_made_gets_it_once() {
    let folder = Folder::new();
    let server = serve_lobby(&folder.0, "").await;
    let mut both = pair(&server).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    server.stop().await;
    an_hour_older(&folder.0.join("data"));
    let server = serve_lobby(&folder.0, "").await;
    come_back(&mut both, &server).await;
    // A match that takes a moment to be played again.
    for turn in 1..=20 {
        both[0].send_bytes(game.play(400)).await;
        both[0].acknowledged(turn * 400).await;
    }
    both[1].send_together([ToServer::AskState, ToServer::AskState, ToServer::AskState]).await;
    let state = |message: &FromServer<'_>| matches!(message, FromServer::State { why: StateWhy::Asked, .. });
    both[1].play_hears("state", state).await;
    let more = tokio::time::timeout(std::time::Duration::from_secs(2), both[1].play_hears("another", state)).await;
    assert!(more.is_err(), "one state answers all three");
    // It may be asked for again: the saved ones are used up, and one is given every five seconds.
    tokio::time::sleep(std::time::Duration::from_secs(4)).await;
    both[1].send(&ToServer::AskState).await;
    both[1].play_hears("state", state).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_spectator_gets_exactly_the_confirmed_steps_whenever_it_came() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    let match_id = both[0].match_id();
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    let (_, watching) = watch(&server, &match_id, None).await.unwrap();
    let mut sockets = Vec::new();
    let mut all = Vec::new();
    // Somebody comes before the first frame, and one after each batch; both players confirm, one behind the other.
    let mut behind = Vec::new();
    for turn in 0..8_u32 {
        let mut socket = open_watching(&server, &watching).await;
        let state = hears_state(&mut socket).await;
        let FromServer::State { frame, .. } = FromServer::read(&state).unwrap() else { panic!() };
        assert_eq!(frame, turn * 40);
        sockets.push((frame, socket));
        let message = game.play(40);
        all.extend(steps(&message));
        behind.push(message.clone());
        both[0].send_bytes(message).await;
        both[0].acknowledged((turn + 1) * 40).await;
        if turn % 2 == 1 {
            for message in behind.drain(..) {
                both[1].send_bytes(message).await;
            }
        }
    }
    for (first, mut socket) in sockets {
        assert_eq!(follow(&mut socket, first, 320).await, all[first as usize..], "from {first}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_late_to_a_long_match_is_there_at_once_also_with_many_others() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    server.stop().await;
    an_hour_older(&folder.0);
    let server = serve(&folder.0).await;
    come_back(&mut both, &server).await;
    // More than is kept in memory: twenty minutes at 30 Hz.
    for _ in 0..144 {
        both[0].send_bytes(game.play(250)).await;
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    both[0].acknowledged(36_000).await;
    let (_, watching) = watch(&server, &both[0].match_id(), None).await.unwrap();
    let began = Instant::now();
    let mut first = open_watching(&server, &watching).await;
    let state = hears_state(&mut first).await;
    let alone = began.elapsed();
    let FromServer::State { frame, .. } = FromServer::read(&state).unwrap() else { panic!() };
    assert_eq!(frame, 36_000);
    // The others cost next to nothing: what was played for the first is there.
    let began = Instant::now();
    let mut others = Vec::new();
    for _ in 0..40 {
        others.push(open_watching(&server, &watching).await);
    }
    for other in &mut others {
        assert_eq!(hears_state(other).await, state);
    }
    println!("the first of 41 spectators waited {alone:?}, the others {:?} together", began.elapsed());
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let message = game.play(30);
    let expected = steps(&message);
    both[0].send_bytes(message).await;
    for socket in others.iter_mut().chain([&mut first]) {
        assert_eq!(follow(socket, 36_000, 36_030).await, expected);
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_may_not_watch_is_told_so_and_the_match_goes_on() {
    let folder = Folder::new();
    let server = serve_lobby(&folder.0, "").await;
    let mut both = pair(&server).await;
    let match_id = both[0].match_id();
    for token in [None, Some("wrong"), Some("m-1.w.0.00"), Some("")] {
        assert_eq!(watch(&server, &match_id, token).await.err(), Some(Code::BadToken), "{token:?}");
    }
    let monitor = server.monitor_token.clone();
    assert_eq!(watch(&server, "m-000000000000", Some(&monitor)).await.err(), Some(Code::MatchOver));
    let (_control, watching) = watch(&server, &match_id, Some(&monitor)).await.unwrap();
    // The ticket opens this match to watch it; another letter in it, and it opens nothing.
    assert!(watch(&server, &match_id, Some(&watching.ticket)).await.is_ok());
    for ticket in [watching.ticket.replace(".w.", ".0."), watching.ticket.replace('m', "n"), "m-1.w.0".to_owned()] {
        let mut socket = open(&server, &format!("/play?ticket={ticket}")).await;
        assert_eq!(close_code(&mut socket).await, Code::BadTicket.close_code());
    }
    // What no spectator says: refused. A flood: cut off.
    let said = [
        ToServer::Relay { to: 0, packet: b"x" }.write(),
        ToServer::AskState.write(),
        Game::new(both[0].matched.as_ref().unwrap()).play(3),
        ToServer::Facts("{}").write(),
        vec![200; 30],
    ];
    for message in said {
        let mut socket = open_watching(&server, &watching).await;
        socket.send(Message::binary(message)).await.unwrap();
        assert_eq!(close_code(&mut socket).await, Code::Malformed.close_code());
    }
    let mut flooding = open_watching(&server, &watching).await;
    for t in 0..2_000 {
        if flooding.send(Message::binary(ToServer::Ping(f64::from(t)).write())).await.is_err() {
            break;
        }
    }
    // By what it sends, or by the answers that it does not take.
    let code = close_code(&mut flooding).await;
    assert!([Code::TooFast, Code::SlowReader].map(Code::close_code).contains(&code), "{code}");
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    both[0].send_bytes(game.play(60)).await;
    both[0].acknowledged(60).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_match_is_watched_by_so_many_and_one_who_goes_makes_room() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let both = pair(&server).await;
    let (_, watching) = watch(&server, &both[0].match_id(), None).await.unwrap();
    let mut sockets = Vec::new();
    for _ in 0..64 {
        let mut socket = open_watching(&server, &watching).await;
        hears_state(&mut socket).await;
        sockets.push(socket);
    }
    let mut more = open_watching(&server, &watching).await;
    assert_eq!(close_code(&mut more).await, Code::TooMany.close_code());
    sockets.pop().unwrap().close(None).await.unwrap();
    timeout(DEADLINE, async {
        loop {
            let mut socket = open_watching(&server, &watching).await;
            let next = socket.next().await.unwrap().unwrap();
            let after = socket.next().await.unwrap().unwrap();
            if next.is_binary() && after.is_binary() {
                break;
            }
        }
    })
    .await
    .expect("room for one more");
    server.stop().await;
}

/// The same frames with an event of so many bytes before the first.
fn with_an_event(message: &[u8], size: usize) -> Vec<u8> {
    let Ok(ToServer::Confirmed(batch)) = ToServer::read(message) else { panic!("no batch") };
    let mut writer = ConfirmedWriter::to_server(batch.first, batch.action_len());
    assert!(writer.put(ConfirmedItem::Event(&format!(r#"{{"event":"note","text":"{}"}}"#, "x".repeat(size)))));
    batch.items().map(Result::unwrap).for_each(|item| assert!(writer.put(item)));
    writer.into_message()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spectator_that_takes_nothing_is_dropped_and_holds_up_nobody() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    server.stop().await;
    an_hour_older(&folder.0);
    let server = serve(&folder.0).await;
    come_back(&mut both, &server).await;
    let (_, watching) = watch(&server, &both[0].match_id(), None).await.unwrap();
    // Four that are opened and not read, with as little room as a kernel gives, and one that reads.
    let mut stuck = Vec::new();
    for _ in 0..4 {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4_096).unwrap();
        let stream = socket.connect(server.address).await.unwrap();
        let address = format!("ws://{}{}?ticket={}", server.address, watching.play_url, watching.ticket);
        stuck.push(client_async(address, stream).await.unwrap().0);
    }
    let mut reads = open_watching(&server, &watching).await;
    hears_state(&mut reads).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    let mut expected = Vec::new();
    // More than what a kernel takes for a reader, and then the queue; at the rate that a player may send.
    let (frames, size) = (150_u32, 48_000);
    let reading = tokio::spawn(async move { follow(&mut reads, 0, frames).await });
    let mut longest = Duration::ZERO;
    for _ in 0..frames {
        let message = with_an_event(&game.play(1), size);
        expected.extend(steps(&message));
        let began = Instant::now();
        both[0].send_bytes(message).await;
        longest = longest.max(began.elapsed());
        tokio::time::sleep(Duration::from_millis(95)).await;
    }
    both[0].acknowledged(frames).await;
    assert!(longest < Duration::from_secs(2), "a batch took {longest:?}");
    assert_eq!(timeout(DEADLINE, reading).await.expect("all frames in time").unwrap(), expected);
    for mut socket in stuck {
        let (mut heard, mut code) = (0, 0);
        while let Some(Ok(message)) = timeout(DEADLINE, socket.next()).await.expect("an end in time") {
            match message {
                Message::Close(frame) => code = frame.map_or(0, |frame| frame.code.into()),
                _ => heard += 1,
            }
        }
        // The word on it comes where the kernel had room for it.
        assert!(code == Code::SlowReader.close_code() || code == 0, "{code}");
        assert!(heard < frames, "all {heard} messages came");
    }
    server.stop().await;
}
