//! Matches from arrival to the record: relayed, acknowledged, replayed, exported.
use std::io::BufReader;

use palaestra_lobby::message::{ClientMessage, Code, LeaveReason, ServerMessage};
use palaestra_protocol::server::{EVERYBODY, FromServer, PeerState, StateWhy, ToServer};
use palaestra_record::Limits;
use palaestra_server::{ExportOptions, ServeOptions, VERSION, export, start};

use crate::client::{Client, Folder, env_id, options, pair, record_of, serve, serve_lobby};
use crate::game::Game;

fn exported(folder: &Folder) -> (Vec<std::path::PathBuf>, String) {
    let out = folder.0.join("out");
    let options = ExportOptions { data: folder.0.clone(), database: None, out: out.clone(), lobby: None };
    export(&options, palaestra_envs::CATALOG).unwrap();
    let records = std::fs::read_dir(out.join("records")).unwrap().map(|entry| entry.unwrap().path()).collect();
    (records, std::fs::read_to_string(out.join("sessions.csv")).unwrap())
}

fn verified(path: &std::path::Path) -> palaestra_record::Report {
    let file = BufReader::new(std::fs::File::open(path).unwrap());
    palaestra_record::verify(file, palaestra_envs::make, Limits::default()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_two_confirm_is_acknowledged_replayed_and_exported() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    // Packets cross unread, to one seat and to all.
    both[0].send(&ToServer::Relay { to: 1, packet: b"one" }).await;
    both[1].send(&ToServer::Relay { to: EVERYBODY, packet: b"two" }).await;
    both[1].play_hears("packet", |message| *message == FromServer::Relay { from: 0, packet: b"one" }).await;
    both[0].play_hears("packet", |message| *message == FromServer::Relay { from: 1, packet: b"two" }).await;
    both[0].send(&ToServer::Facts(r#"{"user_agent":"test"}"#)).await;
    let matched = both[0].matched.clone().unwrap();
    let mut game = Game::new(&matched);
    for frames in [64, 1, 200, 300] {
        let message = game.play(frames);
        for client in &mut both {
            client.send_bytes(message.clone()).await;
        }
        // What is sent again is not stored twice.
        both[0].send_bytes(message).await;
    }
    for client in &mut both {
        client.acknowledged(565).await;
        client.finish(565).await;
    }
    for client in &mut both {
        assert_eq!(client.ended().await, Code::Complete);
        let ServerMessage::Record { frames, verified, difference, seats_differ, .. } = record_of(client).await else {
            panic!()
        };
        assert_eq!((frames, verified, difference, seats_differ), (565, Some(true), None, vec![]));
    }
    let (records, sessions) = exported(&folder);
    assert_eq!(records.len(), 1);
    let report = verified(&records[0]);
    assert_eq!((report.steps, report.unfinished), (565, false));
    let header =
        palaestra_record::Reader::new(BufReader::new(std::fs::File::open(&records[0]).unwrap()), Limits::default())
            .next()
            .unwrap()
            .unwrap();
    let palaestra_record::Line::Header(header) = header.line else { panic!("no header") };
    assert_eq!(header.rest["match"]["participants"], serde_json::json!(["ann", "bob"]));
    assert_eq!(header.rest["match"]["sides"]["0"]["user_agent"], "test");
    assert_eq!(header.rest["match"]["verified"], true);
    assert_eq!(sessions.lines().count(), 3, "{sessions}");
    assert!(sessions.lines().skip(1).all(|line| line.contains(",complete,complete,")), "{sessions}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_in_the_middle_has_what_is_on_disk() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    both[1].send_bytes(game.play(100)).await;
    both[1].acknowledged(100).await;
    let (records, _) = exported(&folder);
    let report = verified(&records[0]);
    assert_eq!((report.steps, report.unfinished), (100, true));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_side_whose_state_is_another_one_is_named_and_everybody_gets_the_true_state() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    let matched = both[0].matched.clone().unwrap();
    // The first history that comes is the wrong one: that does not make it true.
    let wrong = Game::new(&matched).play_changed(50, |frame, _, hash| *hash ^= u64::from(frame == 30));
    let mut game = Game::new(&matched);
    both[1].send_bytes(wrong).await;
    both[1].acknowledged(50).await;
    both[0].send_bytes(game.play(50)).await;
    for client in &mut both {
        client.play_hears("differs", |message| *message == FromServer::Differs { seats: 0b10, frame: 30 }).await;
        let state = client
            .play_hears("state", |message| matches!(message, FromServer::State { why: StateWhy::Resynchronise, .. }))
            .await;
        let FromServer::State { epoch, frame, .. } = FromServer::read(&state).unwrap() else { panic!() };
        assert_eq!((epoch, frame), (1, 50));
    }
    for client in &mut both {
        client.finish(50).await;
    }
    assert_eq!(both[0].ended().await, Code::Complete);
    let ServerMessage::Record { verified: found, difference, .. } = record_of(&mut both[0]).await else { panic!() };
    assert_eq!(found, Some(false));
    assert!(difference.unwrap().starts_with("frame 30: hash after it: expected"));
    // The record has the states as they are played again.
    let (records, _) = exported(&folder);
    assert_eq!(verified(&records[0]).steps, 50);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_histories_of_other_actions_end_the_match_and_both_are_kept() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    let matched = both[0].matched.clone().unwrap();
    both[0].send_bytes(Game::new(&matched).play(20)).await;
    both[0].acknowledged(20).await;
    let other = Game::new(&matched).play_changed(20, |frame, actions, _| {
        if frame == 10 {
            actions.reverse();
            actions[0] ^= 1;
        }
    });
    both[1].send_bytes(other).await;
    both[1].play_hears("differs", |message| *message == FromServer::Differs { seats: 0b10, frame: 10 }).await;
    assert_eq!(both[0].ended().await, Code::Desync);
    assert_eq!(both[1].ended().await, Code::Desync);
    let ServerMessage::Record { verified, seats_differ, .. } = record_of(&mut both[0]).await else { panic!() };
    assert_eq!(verified, Some(true));
    assert_eq!(seats_differ.iter().map(|seat| (seat.seat, seat.frame)).collect::<Vec<_>>(), [(1, 10)]);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partner_who_goes_is_told_within_two_seconds_and_pronounced_and_the_data_are_kept() {
    let folder = Folder::new();
    let server = serve_lobby(&folder.0, "dropout = \"end\"").await;
    let mut both = pair(&server).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    let message = game.play(40);
    both[0].send_bytes(message.clone()).await;
    both[1].send_bytes(message).await;
    both[0].acknowledged(40).await;
    both[1].acknowledged(40).await;
    let left = std::time::Instant::now();
    both[1].say(ClientMessage::Leave { reason: LeaveReason::Closed }).await;
    both[0].play_hears("gone", |message| *message == FromServer::Peer { seat: 1, state: PeerState::Gone }).await;
    both[0].play_hears("report wanted", |message| matches!(message, FromServer::ReportWanted { leaver: 1, .. })).await;
    both[0].send(&ToServer::Report { leaver: 1, frames: 43, first: 40, inputs: &[1, 2, 3] }).await;
    both[0]
        .play_hears("pronounced", |message| {
            *message == FromServer::Pronounced { leaver: 1, frames: 43, first: 40, inputs: &[1, 2, 3] }
        })
        .await;
    assert!(left.elapsed() < std::time::Duration::from_secs(2), "{:?}", left.elapsed());
    let message = game.play(3);
    both[0].send_bytes(message).await;
    both[0].acknowledged(43).await;
    both[0].finish(43).await;
    assert_eq!(both[0].ended().await, Code::PartnerLeft);
    let ServerMessage::Record { frames, verified, .. } = record_of(&mut both[0]).await else { panic!() };
    assert_eq!((frames, verified), (43, Some(true)));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lobby_is_opened_by_the_page_that_asks_for_it_and_by_no_other() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut hello = crate::client::hello("one");
    hello.env_id = Some("CartPole-v1".into());
    let mut socket = crate::client::open(&server, "/lobby").await;
    use futures_util::SinkExt;
    let text = ClientMessage::Hello(hello).text();
    socket.send(tokio_tungstenite::tungstenite::Message::text(text)).await.unwrap();
    assert_eq!(crate::client::close_code(&mut socket).await, Code::UnknownLobby.close_code());
    let mut first = Client::new(&server, "two").await;
    let waiting = first.hears("waiting", |message| matches!(message, ServerMessage::Waiting { .. })).await;
    assert!(
        matches!(waiting, ServerMessage::Waiting { position: 1, count: 1, size: 2, .. }),
        "{} {waiting:?}",
        env_id()
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_another_version_is_told_to_load_again_and_plays_with_nobody() {
    use futures_util::SinkExt;
    let folder = Folder::new();
    let own = ServeOptions { site_version: Some("study-7".into()), ..options(&folder.0.join("own")) };
    let own = start(own, palaestra_envs::CATALOG).await.unwrap();
    let server = serve(&folder.0).await;
    for (server, version) in [(&server, VERSION), (&own, "study-7")] {
        let of = |participant: &str, version: &str| {
            let mut hello = crate::client::hello(participant);
            hello.version = Some(version.into());
            hello
        };
        let mut waits = Client::with_hello(server, of("ann", version)).await;
        let mut other = crate::client::open(server, "/lobby").await;
        let text = ClientMessage::Hello(of("old", "0.0.9")).text();
        other.send(tokio_tungstenite::tungstenite::Message::text(text)).await.unwrap();
        assert_eq!(crate::client::close_code(&mut other).await, Code::WrongVersion.close_code());
        // A page that says no version is taken.
        let mut second = Client::new(server, "bob").await;
        assert_eq!((waits.matched().await.seat, second.matched().await.seat), (0, 1));
    }
    own.stop().await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_match_whose_players_never_say_that_they_finished_ends_and_its_record_is_verified() {
    let folder = Folder::new();
    let server = serve_lobby(&folder.0, "timeouts = { stalled_ms = 1500 }").await;
    let mut both = pair(&server).await;
    let message = Game::new(both[0].matched.as_ref().unwrap()).play(60);
    for client in &mut both {
        client.send_bytes(message.clone()).await;
        client.acknowledged(60).await;
    }
    for client in &mut both {
        assert_eq!(client.ended().await, Code::Stalled);
        let ServerMessage::Record { frames, verified, .. } = record_of(client).await else { panic!() };
        assert_eq!((frames, verified), (60, Some(true)));
    }
    server.stop().await;
}
