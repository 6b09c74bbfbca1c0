//! Sides whose states differ say so, and all go on from what the server has.
use palaestra_protocol::server::{FromServer, StateWhy, ToServer};

use crate::client::{Folder, pair, serve_lobby};
use crate::game::Game;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sides_that_differ_go_on_from_the_confirmed_state_under_one_new_epoch() {
    let folder = Folder::new();
    let server = serve_lobby(&folder.0, "").await;
    let mut both = pair(&server).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    both[0].send_bytes(game.play(70)).await;
    // Each side has a socket of its own: what one says may come before what the other has said before.
    both[0].acknowledged(70).await;
    // Both say it, and one of them twice.
    for from in [0, 1, 0] {
        both[from].send(&ToServer::Desync { epoch: 0 }).await;
    }
    for side in &mut both {
        let state = |message: &FromServer<'_>| matches!(message, FromServer::State { .. });
        let bytes = side.play_hears("state", state).await;
        let FromServer::State { why, epoch, frame, state, .. } = FromServer::read(&bytes).unwrap() else { panic!() };
        assert_eq!((why, epoch, frame, state.is_empty()), (StateWhy::Resynchronise, 1, 70, false));
    }
    // They differ again in that epoch: another one begins, and no other state came in between.
    both[1].send(&ToServer::Desync { epoch: 1 }).await;
    for side in &mut both {
        let bytes = side.play_hears("state", |message| matches!(message, FromServer::State { .. })).await;
        let FromServer::State { epoch, .. } = FromServer::read(&bytes).unwrap() else { panic!() };
        assert_eq!(epoch, 2);
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_missed_the_state_of_an_epoch_gets_it_on_asking_and_nobody_else_does() {
    let folder = Folder::new();
    let server = serve_lobby(&folder.0, "").await;
    let mut both = pair(&server).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    both[0].send_bytes(game.play(70)).await;
    both[0].acknowledged(70).await;
    let is_state = |message: &FromServer<'_>| matches!(message, FromServer::State { .. });
    let of = |bytes: &[u8]| {
        let FromServer::State { epoch, frame, .. } = FromServer::read(bytes).unwrap() else { panic!() };
        (epoch, frame)
    };
    both[0].send(&ToServer::Desync { epoch: 0 }).await;
    for side in &mut both {
        assert_eq!(of(&side.play_hears("state", is_state).await), (1, 70));
    }
    // The connection was lost with it.
    both[1].open_play(&server).await;
    both[1].send(&ToServer::Desync { epoch: 0 }).await;
    assert_eq!(of(&both[1].play_hears("state", is_state).await), (1, 70));
    // Of an epoch that nobody gave there is nothing to have.
    both[1].send(&ToServer::Desync { epoch: 9 }).await;
    // The other one has it.
    both[0].send(&ToServer::Desync { epoch: 0 }).await;
    both[0].send(&ToServer::Desync { epoch: 1 }).await;
    for side in &mut both {
        assert_eq!(of(&side.play_hears("state", is_state).await), (2, 70));
    }
    server.stop().await;
}
