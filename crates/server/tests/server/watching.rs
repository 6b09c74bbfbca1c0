//! Who watches gets a state and everything after it; who was loaded again gets the same.
use palaestra_lobby::message::{ClientMessage, ServerMessage, Watch};
use palaestra_protocol::server::{ConfirmedItem, FromServer, StateWhy, ToServer};
use tokio_tungstenite::tungstenite::Message;

use crate::client::{Folder, Socket, close_code, hears, open, pair, serve, serve_lobby};
use crate::game::Game;

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
    use futures_util::{SinkExt, StreamExt};
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    both[0].send_bytes(game.play(90)).await;
    both[0].acknowledged(90).await;
    let mut control = open(&server, "/lobby").await;
    let watch = Watch { lobby: "main".into(), match_id: both[0].match_id(), token: None };
    control.send(Message::text(ClientMessage::Watch(watch).text())).await.unwrap();
    let text = control.next().await.unwrap().unwrap().into_text().unwrap();
    let ServerMessage::Watching { play_url, ticket, .. } = serde_json::from_str(&text).unwrap() else {
        panic!("{text}")
    };
    let mut play = open(&server, &format!("{play_url}?ticket={ticket}")).await;
    let state =
        hears(&mut play, "state", |message| matches!(message, FromServer::State { why: StateWhy::Spectator, .. }))
            .await;
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
