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
