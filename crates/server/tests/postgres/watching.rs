//! Who watches a match by a process that has not the lobby.
use std::sync::Arc;

use palaestra_lobby::message::Code;
use palaestra_protocol::server::FromServer;

use crate::client::{Client, Folder, Socket, close_code, env_id};
use crate::cluster::Cluster;
use crate::failing::{comes_back, is_told_to_come_back};
use crate::game::Game;
use crate::process::Process;
use crate::spectator::{follow, hears_state, open_watching, steps, watch};
use crate::together::{finish, get, pair_at};

/// Both confirm some frames more, and whoever watches sees exactly these.
async fn all_see(both: &mut [Client; 2], game: &mut Game, frames: u32, watching: &mut [Socket]) {
    let (first, message) = (game.frame, game.play(frames));
    for client in both {
        client.send_bytes(message.clone()).await;
        client.acknowledged(game.frame).await;
    }
    for socket in watching {
        assert_eq!(follow(socket, first, game.frame).await, steps(&message));
    }
}

/// Comes to watch, into the state before this frame.
async fn comes(server: &Process, match_id: &str, token: &str, at: u32) -> (Socket, Socket) {
    let (control, watching) = watch(server, match_id, Some(token)).await.unwrap();
    let mut play = open_watching(server, &watching).await;
    let state = hears_state(&mut play).await;
    let FromServer::State { frame, .. } = FromServer::read(&state).unwrap() else { panic!() };
    assert_eq!(frame, at);
    (control, play)
}

/// The token of a match by which it is watched, as a process shows it to who has the monitor's.
async fn watch_token(server: &Process, match_id: &str) -> String {
    let answer = get(server, &format!("/monitor/data?token={}", server.monitor)).await;
    let (_, found) = answer.split_once(match_id).expect("the match");
    let (_, found) = found.split_once("\"watch_token\":\"").expect("its token");
    found.split('"').next().unwrap().to_owned()
}

pub(crate) async fn who_watches_by_any_process_sees_every_step_and_comes_back_when_the_lobby_moves(
    cluster: Arc<Cluster>,
) {
    let (database, folder) = (cluster.database(), Folder::new());
    let lobbies = folder.0.join("lobbies.toml");
    std::fs::write(&lobbies, format!("[lobbies.main]\nenv_id = \"{}\"\n", env_id())).unwrap();
    let arguments = ["--lobbies", lobbies.to_str().unwrap()];
    let (first, second) = (Process::start(&database, &arguments), Process::start(&database, &arguments));
    let has_lobby = get(&first, &format!("/metrics?token={}", first.monitor)).await;
    assert!(has_lobby.contains("palaestra_has_lobby 1"), "{has_lobby}");
    let mut both = pair_at([&first, &second]).await;
    let match_id = both[0].match_id();
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    all_see(&mut both, &mut game, 90, &mut []).await;
    // The token is the same at both, and without it neither lets anybody watch.
    let token = watch_token(&second, &match_id).await;
    assert_eq!(token, watch_token(&first, &match_id).await);
    assert_eq!(watch(&second, &match_id, None).await.err(), Some(Code::BadToken));
    let (mut control, passed_on) = comes(&second, &match_id, &token, 90).await;
    let (_control, at_lobby) = comes(&first, &match_id, &token, 90).await;
    let mut sockets = [passed_on, at_lobby];
    all_see(&mut both, &mut game, 40, &mut sockets).await;
    first.kill();
    // Told as the players are; then the other process has the match, and brings whoever comes to its present.
    is_told_to_come_back(&mut both[1]).await;
    let restarting = Code::ServerRestarting.close_code();
    assert_eq!(close_code(&mut control).await, restarting);
    assert_eq!(close_code(&mut sockets[0]).await, restarting);
    for client in &mut both {
        comes_back(client, &second, 130).await;
    }
    let (_control, play) = comes(&second, &match_id, &token, 130).await;
    let mut sockets = [play];
    all_see(&mut both, &mut game, 50, &mut sockets).await;
    finish(&mut both, 180).await;
    let [mut play] = sockets;
    assert_eq!(close_code(&mut play).await, Code::MatchOver.close_code());
}
