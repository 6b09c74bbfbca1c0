//! Whoever goes: what counts of it, over real sockets.
use palaestra_lobby::message::{ClientMessage, Code, LeaveReason, ServerMessage};
use palaestra_protocol::server::{FromServer, PeerState, ToServer};
use palaestra_rollback::write_report;

use crate::client::{Client, Folder, pair, record_of, serve_lobby};
use crate::game::Game;

fn report(first: u32, actions: &[Vec<u8>]) -> Vec<u8> {
    let mut inputs = Vec::new();
    write_report(first, actions, &mut inputs);
    inputs
}

/// Reports on a leaver when asked to, and hears what is pronounced.
async fn settles(survivor: &mut Client, leaver: u8, held: u32) -> (u32, u32, Vec<u8>) {
    let wanted = |message: &FromServer<'_>| matches!(message, FromServer::ReportWanted { .. });
    let bytes = survivor.play_hears("report wanted", wanted).await;
    assert!(matches!(FromServer::read(&bytes), Ok(FromServer::ReportWanted { leaver: found, .. }) if found == leaver));
    survivor.send(&ToServer::Report { leaver, frames: held, first: held, inputs: &[held as u8] }).await;
    pronounced(survivor, leaver).await
}

async fn pronounced(survivor: &mut Client, leaver: u8) -> (u32, u32, Vec<u8>) {
    let bytes = survivor.play_hears("pronounced", |message| matches!(message, FromServer::Pronounced { .. })).await;
    let FromServer::Pronounced { leaver: found, frames, first, inputs } = FromServer::read(&bytes).unwrap() else {
        panic!()
    };
    assert_eq!(found, leaver);
    (frames, first, inputs.to_vec())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_leaver_confirmed_more_than_the_survivor_has_the_servers_record_counts() {
    let folder = Folder::new();
    let server = serve_lobby(&folder.0, "dropout = \"end\"").await;
    let [mut ann, mut bob] = pair(&server).await;
    let mut game = Game::new(ann.matched.as_ref().unwrap());
    let (both, more) = (game.play(40), game.play(24));
    let of_bob = &game.acted[1][40..];
    assert!(of_bob.iter().any(|action| *action != of_bob[0]), "there is something to tell");
    ann.send_bytes(both.clone()).await;
    ann.acknowledged(40).await;
    bob.send_bytes(both).await;
    bob.send_bytes(more.clone()).await;
    bob.acknowledged(64).await;
    let left = std::time::Instant::now();
    bob.say(ClientMessage::Leave { reason: LeaveReason::Closed }).await;
    // She holds ten of his last frames.
    let pronounced = settles(&mut ann, 1, 50).await;
    assert_eq!(pronounced, (64, 40, report(40, of_bob)));
    assert!(left.elapsed() < std::time::Duration::from_secs(2), "the server was waited for: {:?}", left.elapsed());
    // With that she gets to where he was, on the way that is stored.
    ann.send_bytes(more).await;
    ann.acknowledged(64).await;
    ann.finish(64).await;
    assert_eq!(ann.ended().await, Code::PartnerLeft);
    let ServerMessage::Record { frames, verified, seats_differ, .. } = record_of(&mut ann).await else { panic!() };
    assert_eq!((frames, verified, seats_differ), (64, Some(true), vec![]));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_survivor_has_more_its_report_counts() {
    let folder = Folder::new();
    let server = serve_lobby(&folder.0, "dropout = \"end\"").await;
    let [mut ann, mut bob] = pair(&server).await;
    let mut game = Game::new(ann.matched.as_ref().unwrap());
    bob.send_bytes(game.play(40)).await;
    bob.acknowledged(40).await;
    bob.say(ClientMessage::Leave { reason: LeaveReason::Closed }).await;
    assert_eq!(settles(&mut ann, 1, 41).await, (41, 41, vec![41]));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_who_finished_and_whose_browser_died_is_needed_no_more() {
    for dropout in ["end", "pause", "continue"] {
        let folder = Folder::new();
        let server = serve_lobby(&folder.0, &format!("dropout = \"{dropout}\"")).await;
        let [mut ann, mut bob] = pair(&server).await;
        let mut game = Game::new(ann.matched.as_ref().unwrap());
        let all = game.play(60);
        ann.send_bytes(all.clone()).await;
        ann.acknowledged(60).await;
        ann.finish(60).await;
        drop(ann.play.take());
        let gone = std::time::Instant::now();
        assert_eq!(settles(&mut bob, 0, 45).await, (60, 0, report(0, &game.acted[0])));
        bob.send_bytes(all).await;
        bob.acknowledged(60).await;
        bob.finish(60).await;
        assert_eq!([ann.ended().await, bob.ended().await], [Code::Complete; 2], "{dropout}");
        assert!(
            gone.elapsed() < std::time::Duration::from_secs(5),
            "nobody waited for the limit: {:?}",
            gone.elapsed()
        );
        let ServerMessage::Record { frames, verified, seats_differ, .. } = record_of(&mut bob).await else { panic!() };
        assert_eq!((frames, verified, seats_differ), (60, Some(true), vec![]));
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whose_connection_was_lost_meanwhile_is_asked_and_told_on_return_also_by_a_server_that_was_started_anew() {
    let folder = Folder::new();
    let serve = || serve_lobby(&folder.0, "dropout = \"continue\"");
    let server = serve().await;
    let [mut ann, mut bob] = pair(&server).await;
    let mut game = Game::new(ann.matched.as_ref().unwrap());
    let (both, more) = (game.play(40), game.play(24));
    ann.send_bytes(both.clone()).await;
    ann.acknowledged(40).await;
    bob.send_bytes(both).await;
    bob.send_bytes(more.clone()).await;
    bob.acknowledged(64).await;
    drop(ann.play.take());
    let lost = |message: &FromServer<'_>| matches!(message, FromServer::Peer { state: PeerState::Reconnecting, .. });
    bob.play_hears("that she is lost", lost).await;
    bob.say(ClientMessage::Leave { reason: LeaveReason::Closed }).await;
    // Longer than anybody has to report.
    tokio::time::sleep(std::time::Duration::from_millis(2_500)).await;
    ann.open_play(&server).await;
    let of_bob = game.acted[1].clone();
    assert_eq!(settles(&mut ann, 1, 50).await, (64, 40, report(40, &of_bob[40..])));
    // She is lost before she has heard it.
    drop(ann.play.take());
    ann.open_play(&server).await;
    assert_eq!(pronounced(&mut ann, 1).await, (64, 40, report(40, &of_bob[40..])));
    server.stop().await;
    let server = serve().await;
    ann.again(&server).await;
    ann.matched().await;
    ann.open_play(&server).await;
    assert_eq!(pronounced(&mut ann, 1).await, (64, 0, report(0, &of_bob)));
    ann.send_bytes(more).await;
    ann.acknowledged(64).await;
    ann.finish(64).await;
    assert_eq!(ann.ended().await, Code::Complete);
    server.stop().await;
}
