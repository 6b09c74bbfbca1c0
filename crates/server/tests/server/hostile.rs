//! What nobody should send, and how it is refused: with a code, or by a limit. A game beside it loses no frame.
use std::time::{Duration, Instant};

use futures_util::SinkExt;
use palaestra_lobby::message::{ClientMessage, Code, ServerMessage};
use palaestra_protocol::server::{FromServer, ToServer};
use palaestra_server::{Running, ServeOptions, start};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::client::{Client, DEADLINE, Folder, close_code, hello, open, options, pair, serve};
use crate::game::Game;

/// A game goes on: both confirm some frames more, and all of them are acknowledged.
async fn goes_on(both: &mut [Client; 2], game: &mut Game) {
    let message = game.play(30);
    for client in both {
        client.send_bytes(message.clone()).await;
        client.acknowledged(game.frame).await;
    }
}

/// What is said on a control socket after hello, or instead of it, and the code that the socket is closed with.
async fn control_closes(server: &Running, greets: bool, messages: Vec<Message>) -> u16 {
    let mut socket = open(server, "/lobby").await;
    if greets {
        let stranger = palaestra_lobby::message::Hello { participant: None, ..hello("") };
        socket.send(Message::text(ClientMessage::Hello(stranger).text())).await.unwrap();
    }
    for message in messages {
        // The server may have closed it before the last one.
        let _ = socket.send(message).await;
    }
    close_code(&mut socket).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_message_or_too_much_of_it_closes_that_socket_only() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    goes_on(&mut both, &mut game).await;
    for (greets, messages, code) in [
        (false, vec![Message::text("{")], Code::Malformed),
        (false, vec![Message::text("[".repeat(60_000))], Code::Malformed),
        (true, vec![Message::text(r#"{"type":"signal","to":300,"data":1}"#)], Code::Malformed),
        (true, vec![Message::text(ClientMessage::Hello(hello("x")).text())], Code::Malformed),
        (false, vec![Message::binary(vec![0; 10])], Code::Malformed),
        (false, vec![Message::text("x".repeat(70_000))], Code::TooLarge),
        (true, vec![Message::text(r#"{"type":"here"}"#); 400], Code::TooFast),
        (false, vec![Message::text(ClientMessage::Away { away: true }.text())], Code::Malformed),
    ] {
        assert_eq!(control_closes(&server, greets, messages.clone()).await, code.close_code(), "{:.80?}", messages[0]);
        goes_on(&mut both, &mut game).await;
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_play_socket_that_lies_is_closed_and_the_match_goes_on() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    goes_on(&mut both, &mut game).await;
    let lies: [(Vec<u8>, Code); 9] = [
        (vec![], Code::Malformed),
        (vec![99, 1, 2], Code::Malformed),
        (vec![2, 0, 0], Code::Malformed),
        (ToServer::Relay { to: 1, packet: b"to oneself" }.write(), Code::Malformed),
        (ToServer::Relay { to: 7, packet: b"to nobody" }.write(), Code::Malformed),
        // Frames that nobody has confirmed the ones before of.
        ([&[2][..], &1_000_000_u32.to_le_bytes(), &[0, 0, 3, 2, 0], b"{}"].concat(), Code::Malformed),
        (ToServer::Facts("[]").write(), Code::Malformed),
        (FromServer::Acknowledged(9).write(), Code::Malformed),
        (vec![1; 70_000], Code::TooLarge),
    ];
    for (lie, code) in lies {
        both[1].send_bytes(lie.clone()).await;
        let play = both[1].play.as_mut().unwrap();
        assert_eq!(close_code(play).await, code.close_code(), "{:?}", lie.get(..12.min(lie.len())));
        both[0].play_hears("reconnecting", |message| matches!(message, FromServer::Peer { seat: 1, .. })).await;
        // The same seat comes back, as after any loss.
        assert_eq!(both[1].open_play(&server).await, game.frame);
        goes_on(&mut both, &mut game).await;
    }
    // A report on somebody who has not left, and one's own, change nothing.
    both[1].send(&ToServer::Report { leaver: 0, frames: u32::MAX, first: 0, inputs: &[0; 100] }).await;
    goes_on(&mut both, &mut game).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_packets_closes_the_socket_that_sends_them() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    goes_on(&mut both, &mut game).await;
    let play = both[1].play.as_mut().unwrap();
    for _ in 0..3_000 {
        if play.feed(Message::binary(ToServer::Relay { to: 0, packet: &[0; 100] }.write())).await.is_err() {
            break;
        }
    }
    let _ = play.flush().await;
    // The flood may have broken off the connection before its close frame was read.
    assert!(matches!(close_code(play).await, 0 | 4008));
    assert_eq!(both[1].open_play(&server).await, game.frame);
    goes_on(&mut both, &mut game).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_that_nobody_can_have_played_yet_close_the_socket_and_are_not_stored() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    let began = Instant::now();
    let matched = both[0].matched.clone().unwrap();
    let mut game = Game::new(&matched);
    goes_on(&mut both, &mut game).await;
    // Two minutes of it, at once.
    let play = both[1].play.as_mut().unwrap();
    for _ in 0..15 {
        if play.feed(Message::binary(game.play(250))).await.is_err() {
            break;
        }
    }
    let _ = play.flush().await;
    assert!(matches!(close_code(play).await, 0 | 4008));
    let stored = both[1].open_play(&server).await;
    let most = 2.0 * matched.fps * (began.elapsed().as_secs_f64() + 11.0);
    assert!((30..=most as u32).contains(&stored), "{stored} of at most {most}");
    // What may have been played meanwhile is taken, and the same socket's other frames with it.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut game = Game::new(&matched);
    let message = game.play(stored);
    both[0].send_bytes(message).await;
    goes_on(&mut both, &mut game).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tickets_are_the_servers_own_and_the_newest_socket_has_the_seat() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    let ticket = both[0].matched.as_ref().unwrap().ticket.clone();
    let other_seat = ticket.replacen(".0.", ".1.", 1);
    assert_ne!(ticket, other_seat);
    for forged in ["", "x", &other_seat, &format!("{ticket}0")] {
        let mut socket = open(&server, &format!("/play?ticket={forged}")).await;
        assert_eq!(close_code(&mut socket).await, Code::BadTicket.close_code(), "{forged}");
    }
    // The same ticket once more: the seat's new socket takes the place of the old one.
    let mut old = both[0].play.take().unwrap();
    both[0].open_play(&server).await;
    assert_eq!(close_code(&mut old).await, Code::Replaced.close_code());
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    goes_on(&mut both, &mut game).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_other_sites_are_refused_before_the_socket_opens() {
    let folder = Folder::new();
    let options = ServeOptions { origins: vec!["https://study.example".into()], ..options(&folder.0) };
    let server = start(options, palaestra_envs::CATALOG).await.unwrap();
    let own = format!("http://{}", server.address);
    for (origin, taken) in
        [("https://evil.example", false), ("null", false), (own.as_str(), true), ("https://study.example", true)]
    {
        for path in ["/lobby", "/play?ticket=x"] {
            let mut request = format!("ws://{}{path}", server.address).into_client_request().unwrap();
            request.headers_mut().insert("origin", origin.parse().unwrap());
            let connected = timeout(DEADLINE, connect_async(request)).await.unwrap();
            assert_eq!(connected.is_ok(), taken, "{origin} {path}");
        }
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_say_nothing_have_a_limit_in_number_and_in_time() {
    let folder = Folder::new();
    let options = ServeOptions { most_connections: 150, ..options(&folder.0) };
    let server = start(options, palaestra_envs::CATALOG).await.unwrap();
    let mut both = pair(&server).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    let began = Instant::now();
    let mut silent_sockets = Vec::new();
    for _ in 0..40 {
        silent_sockets.push(open(&server, "/lobby").await);
    }
    let mut piece = TcpStream::connect(server.address).await.unwrap();
    let query = "/records?id=00000000000000000000000000000000&offset=0&length=4&encoding=identity";
    let _ = piece.write_all(format!("POST {query} HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\nP").as_bytes()).await;
    let mut silent = Vec::new();
    for _ in 0..300 {
        silent.push(TcpStream::connect(server.address).await.unwrap());
    }
    let mut half = TcpStream::connect(server.address).await.unwrap();
    let _ = half.write_all(b"GET / HTTP/1.1\r\nhost: ").await;
    goes_on(&mut both, &mut game).await;
    // Those beyond the number are closed at once, those within it in time.
    let mut closed = 0;
    for stream in &mut silent {
        let mut byte = [0; 64];
        if matches!(timeout(Duration::from_millis(1), stream.read(&mut byte)).await, Ok(Ok(0) | Err(_))) {
            closed += 1;
        }
    }
    assert!(closed >= 150, "{closed}");
    for socket in &mut silent_sockets {
        assert_eq!(close_code(socket).await, Code::HelloTimeout.close_code());
    }
    for stream in silent.iter_mut().chain([&mut half, &mut piece]) {
        let mut all = Vec::new();
        let _ = timeout(DEADLINE, stream.read_to_end(&mut all)).await.expect("closed in time");
    }
    assert!(began.elapsed() < Duration::from_secs(25), "{:?}", began.elapsed());
    goes_on(&mut both, &mut game).await;
    // There is room again.
    let mut late = Client::new(&server, "late").await;
    late.hears("waiting", |message| matches!(message, ServerMessage::Waiting { .. })).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bots_play_a_match_to_its_end_and_the_server_finds_it_true() {
    bots_play(palaestra_server::BotPolicy::Random).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn experts_play_as_bots_and_the_server_finds_it_true() {
    bots_play(palaestra_server::BotPolicy::Expert).await;
}

fn bot_options(
    server: &palaestra_server::Running,
    policy: palaestra_server::BotPolicy,
) -> palaestra_server::BotOptions {
    palaestra_server::BotOptions {
        url: format!("ws://{}", server.address),
        lobby: "main".into(),
        count: 4,
        policy,
        manifest: None,
        models: None,
        skill: 0.8,
        env: Some(crate::client::env_id().into()),
        frames: 120,
        seconds: 40.0,
        every: 0.0,
        name: "bot".into(),
        secret: None,
        site_version: None,
        apart: false,
        probe: true,
        threads: 1,
    }
}

async fn bots_play(policy: palaestra_server::BotPolicy) {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let options = bot_options(&server, policy);
    let played = tokio::task::spawn_blocking(move || palaestra_server::bots(&options, palaestra_envs::CATALOG));
    let summary = timeout(Duration::from_secs(60), played).await.expect("bots in time").unwrap().unwrap();
    let count = |what: &str| summary.counts.get(what).copied().unwrap_or_default();
    assert_eq!((count("matched"), count("ended:complete"), count("records_verified")), (4, 4, 4), "{summary:?}");
    assert_eq!((count("frames_confirmed"), count("frames_acknowledged")), (480, 480), "{summary:?}");
    assert!(summary.relay_ms.count > 4, "{summary:?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_answers_a_browsers_hello_so_that_the_two_can_play() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let expert = palaestra_server::BotPolicy::Expert;
    let options = palaestra_server::BotOptions { count: 1, seconds: 6.0, probe: false, ..bot_options(&server, expert) };
    let bots = tokio::task::spawn_blocking(move || palaestra_server::bots(&options, palaestra_envs::CATALOG));
    let mut client = Client::new(&server, "ann").await;
    let matched = client.matched().await;
    client.open_play(&server).await;
    client.ready().await;
    client.hears("validate", |message| matches!(message, ServerMessage::Validate { .. })).await;
    // As `crates/play/src/together/handshake.rs` has it: match, sender, incarnation, world, sent, echo, held.
    let bot = 1 - matched.seat;
    let world = {
        let mut env = palaestra_envs::make(&matched.env_id, &matched.kwargs).unwrap();
        env.reset(Some(palaestra_rollback::episode_seed(matched.seed, 0)), &Default::default()).unwrap();
        env.hash()
    };
    let hello = |seat: u8, echo: f64| {
        let mut hello = vec![72];
        hello.extend_from_slice(&matched.number.to_le_bytes());
        hello.push(seat);
        hello.extend_from_slice(&1_u32.to_le_bytes());
        hello.extend_from_slice(&world.to_le_bytes());
        [1234.5, echo, 0.0].iter().for_each(|time| hello.extend_from_slice(&time.to_le_bytes()));
        hello
    };
    let said = hello(matched.seat, f64::NAN);
    client.send(&ToServer::Relay { to: bot, packet: &said }).await;
    let answered = |message: &FromServer<'_>| matches!(message, FromServer::Relay { from, .. } if *from == bot);
    let answer = client.play_hears("a hello", answered).await;
    let FromServer::Relay { packet, .. } = FromServer::read(&answer).unwrap() else { panic!() };
    let expected = hello(bot, 1234.5);
    let sent = 18..26;
    assert_eq!(
        (packet.len(), &packet[..sent.start]),
        (expected.len(), &expected[..sent.start]),
        "who, and of which world"
    );
    assert_eq!(packet[sent.end..], expected[sent.end..], "which hello came, and that it waited for nothing");
    assert!(f64::from_le_bytes(packet[sent].try_into().unwrap()).is_finite());
    let paths = vec![palaestra_lobby::message::SeatPath {
        seat: bot,
        path: palaestra_lobby::message::PathKind::Relay,
        rtt_ms: 4.0,
    }];
    client.say(ClientMessage::Validated { match_id: matched.match_id.clone(), attempt: 1, paths }).await;
    client.started().await;
    // It plays: what comes from now on is no hello.
    let plays =
        |message: &FromServer<'_>| matches!(message, FromServer::Relay { packet, .. } if packet.first() != Some(&72));
    client.play_hears("a frame", plays).await;
    timeout(Duration::from_secs(30), bots).await.expect("the bot in time").unwrap().unwrap();
    server.stop().await;
}
