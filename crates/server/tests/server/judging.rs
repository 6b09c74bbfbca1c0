//! Matches that are over are played again; nobody who plays waits for that.
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use palaestra_env::catalog::{Catalog, Family};
use palaestra_env::{ArgumentError, Environment, Kwargs};
use palaestra_lobby::message::{Code, ServerMessage};
use palaestra_protocol::server::{FromServer, ToServer};
use palaestra_server::{ServeOptions, start};

use crate::client::{DEADLINE, Folder, env_id, options, pair_in, record_of};
use crate::game::Game;

/// Whether an environment of the lobby `over` takes as long to be made as this is so, and whether one is being made.
static HELD: AtomicBool = AtomicBool::new(false);
static MAKING: AtomicBool = AtomicBool::new(false);

fn slime() -> Family {
    *palaestra_envs::FAMILIES.iter().find(|family| family.name == "slime_volley").unwrap()
}

fn make_slowly(id: &str, kwargs: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
    if kwargs.get("max_steps") == Some(&100.into()) && HELD.load(Ordering::Acquire) {
        MAKING.store(true, Ordering::Release);
        while HELD.load(Ordering::Acquire) {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    (slime().make)(id, kwargs)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_back_to_a_match_does_not_wait_for_the_replay_of_one_that_is_over() {
    let families: &[Family] = Box::leak(Box::new([Family { make: make_slowly, ..slime() }]));
    let catalog = Catalog::new(Box::leak(Box::new([families])));
    let folder = Folder::new();
    let file = folder.0.join("lobbies.toml");
    let lobby = |name: &str, steps: u32| {
        format!("[lobbies.{name}]\nenv_id = \"{}\"\nkwargs = {{ max_steps = {steps} }}\n", env_id())
    };
    std::fs::write(&file, lobby("over", 100) + &lobby("running", 200)).unwrap();
    let serves = ServeOptions { lobbies: Some(file), ..options(&folder.0.join("data")) };
    let server = start(serves, catalog).await.unwrap();

    let mut over = pair_in(&server, "over").await;
    let message = Game::new(over[0].matched.as_ref().unwrap()).play(30);
    HELD.store(true, Ordering::Release);
    for client in &mut over {
        client.send_bytes(message.clone()).await;
        client.acknowledged(30).await;
        client.finish(30).await;
    }
    for client in &mut over {
        assert_eq!(client.ended().await, Code::Complete);
    }
    let began = Instant::now();
    while !MAKING.load(Ordering::Acquire) {
        assert!(began.elapsed() < DEADLINE, "the match that is over is not played again");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    let mut running = pair_in(&server, "running").await;
    let message = Game::new(running[0].matched.as_ref().unwrap()).play(70);
    running[0].send_bytes(message).await;
    running[0].acknowledged(70).await;
    running[1].send(&ToServer::AskState).await;
    running[1].play_hears("state", |message| matches!(message, FromServer::State { frame: 70, .. })).await;
    running[0].send(&ToServer::Desync { epoch: 0 }).await;
    for client in &mut running {
        client
            .play_hears("the next epoch's state", |message| matches!(message, FromServer::State { epoch: 1, .. }))
            .await;
    }
    assert!(HELD.load(Ordering::Acquire));

    HELD.store(false, Ordering::Release);
    for client in &mut over {
        let record = record_of(client).await;
        assert!(matches!(record, ServerMessage::Record { frames: 30, verified: Some(true), .. }), "{record:?}");
    }
    server.stop().await;
}
