//! What is said at another time than its own, or once more: refused by name, or of no effect. A game beside it goes on.
use palaestra_lobby::message::{ClientMessage, Code, LeaveReason, PathKind, SeatPath, ServerMessage};
use palaestra_protocol::server::{FromServer, ToServer};

use crate::client::{Client, Folder, pair, record_of, serve};
use crate::game::Game;

/// Waits until a page has been told that this is no message of its match.
async fn not_in_match(client: &mut Client) {
    let told =
        |message: &ServerMessage| matches!(message, ServerMessage::Error { code: Code::NotInMatch, fatal: false, .. });
    client.hears("not in match", told).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_out_of_turn_is_told_and_changes_nothing() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    let match_id = both[0].match_id();
    let paths = vec![SeatPath { seat: 1, path: PathKind::Relay, rtt_ms: 1.0 }];
    // Of a match of others', by somebody who waits.
    let mut waits = Client::new(&server, "waits").await;
    for message in [
        ClientMessage::Ready { match_id: match_id.clone(), models: Vec::new() },
        ClientMessage::Validated { match_id: match_id.clone(), attempt: 1, paths: paths.clone() },
        ClientMessage::Finished { match_id: match_id.clone(), frames: 3, planned: true },
        ClientMessage::Failed { match_id: match_id.clone(), reason: "no".into() },
        ClientMessage::Signal { to: 0, data: serde_json::json!({"kind": "bye"}) },
    ] {
        waits.say(message).await;
        not_in_match(&mut waits).await;
    }
    // Of one's own match, at another time than its own.
    for message in [
        ClientMessage::Validated { match_id: match_id.clone(), attempt: 1, paths: paths.clone() },
        ClientMessage::Validated { match_id: match_id.clone(), attempt: 77, paths },
        ClientMessage::Ready { match_id: match_id.clone(), models: Vec::new() },
        ClientMessage::Here,
        ClientMessage::Pong { t: -1.0 },
    ] {
        both[1].say(message).await;
    }
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    let message = game.play(60);
    for client in &mut both {
        client.send_bytes(message.clone()).await;
        client.acknowledged(60).await;
        client.finish(60).await;
    }
    for client in &mut both {
        assert_eq!(client.ended().await, Code::Complete);
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_again_counts_once() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    let messages = [game.play(30), game.play(30)];
    for client in &mut both {
        // In another order, twice and thrice: the second is early, and is sent again.
        for message in [&messages[1], &messages[0], &messages[0], &messages[1], &messages[0], &messages[1]] {
            client.send_bytes(message.clone()).await;
        }
        client.send(&ToServer::Facts(r#"{"said":"once"}"#)).await;
        client.send(&ToServer::Facts(r#"{"said":"twice"}"#)).await;
        client.acknowledged(60).await;
        for _ in 0..3 {
            client.finish(60).await;
        }
    }
    for client in &mut both {
        assert_eq!(client.ended().await, Code::Complete);
        let ServerMessage::Record { frames, verified, seats_differ, .. } = record_of(client).await else { panic!() };
        assert_eq!((frames, verified, seats_differ), (60, Some(true), Vec::new()));
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn packets_are_passed_on_unread_and_from_the_seat_they_came_from() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    // Whatever a packet says of its sender: the server says the true one, and the partner's own goes back to it as another's.
    for packet in [&b"\0"[..], &[255; 900], b"{}"] {
        both[1].send(&ToServer::Relay { to: 0, packet }).await;
        let heard = both[0].play_hears("a packet", |message| matches!(message, FromServer::Relay { .. })).await;
        assert_eq!(FromServer::read(&heard).unwrap(), FromServer::Relay { from: 1, packet });
    }
    both[1].say(ClientMessage::Leave { reason: LeaveReason::Closed }).await;
    let gone = |message: &ServerMessage| matches!(message, ServerMessage::Partner { seat: 1, .. });
    both[0].hears("partner gone", gone).await;
    server.stop().await;
}
