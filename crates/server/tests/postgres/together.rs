//! People who come to different processes, and what they play.
use std::sync::Arc;

use futures_util::future::join_all;
use palaestra_lobby::message::{Code, ServerMessage};
use palaestra_protocol::server::{EVERYBODY, FromServer, ToServer};
use palaestra_server::{ExportOptions, Exported, ServeOptions, export, start};

use crate::client::{At, Client, Folder, options, record_of};
use crate::cluster::Cluster;
use crate::game::Game;
use crate::process::Process;

/// Two people who came to different processes, in a match that has started.
pub(crate) async fn pair_at(servers: [&Process; 2]) -> [Client; 2] {
    let mut both = [Client::new(servers[0], "ann").await, Client::new(servers[1], "bob").await];
    for (client, server) in both.iter_mut().zip(servers) {
        client.matched().await;
        assert_eq!(client.open_play(server).await, 0);
        client.ready().await;
    }
    let [ann, bob] = &mut both;
    tokio::join!(ann.validate(), bob.validate());
    tokio::join!(ann.started(), bob.started());
    both
}

/// Both confirm some frames more, and hear that they are on disk.
pub(crate) async fn play(both: &mut [Client; 2], game: &mut Game, frames: u32) {
    let message = game.play(frames);
    for client in both {
        client.send_bytes(message.clone()).await;
        client.acknowledged(game.frame).await;
    }
}

/// Both finish, and hear that the server has replayed their record and found it true.
pub(crate) async fn finish(both: &mut [Client; 2], frames: u32) {
    for client in both.iter_mut() {
        client.finish(frames).await;
    }
    for client in both {
        assert_eq!(client.ended().await, Code::Complete);
        let found = record_of(client).await;
        assert!(
            matches!(found, ServerMessage::Record { frames: stored, verified: Some(true), .. } if stored == frames),
            "{found:?}"
        );
    }
}

/// What is in the database, as files in a folder.
pub(crate) async fn exported(database: &str, folder: &Folder) -> (Exported, String) {
    let (data, database, out) = (folder.0.clone(), Some(database.to_owned()), folder.0.join("out"));
    let matches = out.join("matches.csv");
    let options = ExportOptions { data, database, out, lobby: None };
    let done = tokio::task::spawn_blocking(move || export(&options, palaestra_envs::CATALOG)).await.unwrap().unwrap();
    (done, std::fs::read_to_string(matches).unwrap())
}

pub(crate) async fn people_who_came_to_different_processes_play_and_their_record_is_verified(cluster: Arc<Cluster>) {
    let (database, folder) = (cluster.database(), Folder::new());
    let (first, second) = (Process::start(&database, &[]), Process::start(&database, &[]));
    let mut both = pair_at([&first, &second]).await;
    let matched: Vec<_> = both.iter().map(|client| client.matched.clone().unwrap()).collect();
    assert_eq!(matched[0].match_id, matched[1].match_id);
    assert_eq!((matched[0].seat, matched[1].seat), (0, 1));
    // Packets cross unread, to one seat and to all, whichever process has the lobby.
    both[0].send(&ToServer::Relay { to: 1, packet: b"one" }).await;
    both[1].send(&ToServer::Relay { to: EVERYBODY, packet: b"two" }).await;
    both[1].play_hears("packet", |message| *message == FromServer::Relay { from: 0, packet: b"one" }).await;
    both[0].play_hears("packet", |message| *message == FromServer::Relay { from: 1, packet: b"two" }).await;
    both[1].send(&ToServer::Facts(r#"{"user_agent":"test"}"#)).await;
    let mut game = Game::new(&matched[0]);
    for frames in [64, 1, 300] {
        play(&mut both, &mut game, frames).await;
    }
    finish(&mut both, 365).await;
    let (done, matches) = exported(&database, &folder).await;
    assert_eq!(done, Exported { records: 1, sessions: 2, games: 0 });
    assert!(matches.lines().nth(1).unwrap().ends_with(",complete,complete,365,true,"), "{matches}");
    second.terminate();
    first.terminate();
}

pub(crate) async fn forty_people_at_two_processes_are_in_twenty_matches(cluster: Arc<Cluster>) {
    let database = cluster.database();
    let servers = [Process::start(&database, &[]), Process::start(&database, &[])];
    let arrive = (0..40).map(|index| {
        let server = &servers[index % 2];
        async move {
            let mut client = Client::new(server, &format!("p{index}")).await;
            let matched = client.matched().await;
            (matched.match_id, matched.seat, client)
        }
    });
    let mut seats: Vec<(String, u8)> =
        join_all(arrive).await.into_iter().map(|(match_id, seat, _)| (match_id, seat)).collect();
    seats.sort();
    assert_eq!(seats.len(), 40);
    for pair in seats.chunks(2) {
        assert_eq!((&pair[0].0, pair[0].1, pair[1].1), (&pair[1].0, 0, 1), "{pair:?}");
    }
    seats.dedup();
    assert_eq!(seats.len(), 40);
}

pub(crate) async fn every_process_serves_the_monitor_and_says_how_it_is(cluster: Arc<Cluster>) {
    let database = cluster.database();
    let servers = [Process::start(&database, &[]), Process::start(&database, &[])];
    assert_eq!(servers[0].monitor, servers[1].monitor);
    let client = Client::new(&servers[0], "ann").await;
    // Who is known at one is known at the other, by the same token.
    let mut again = client.hello.clone();
    again.token = client.hello.token.clone();
    let mut has = 0;
    for server in &servers {
        assert!(get(server, "/health").await.ends_with("ok\n"));
        let data = get(server, &format!("/monitor/data?token={}", server.monitor)).await;
        assert!(data.contains("\"participant\":\"ann\""), "{data}");
        assert!(get(server, "/monitor/data?token=wrong").await.starts_with("HTTP/1.1 401"));
        let figures = get(server, &format!("/metrics?token={}", server.monitor)).await;
        has += usize::from(figures.contains("palaestra_has_lobby 1"));
    }
    assert_eq!(has, 1);
    let tab = Client::with_hello(&servers[1], again).await;
    assert_eq!(tab.hello.token, client.hello.token);
}

/// The whole answer to a request.
pub(crate) async fn get(server: &Process, path: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(server.at()).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", server.at());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

pub(crate) async fn what_is_no_database_is_told(cluster: Arc<Cluster>) {
    let folder = Folder::new();
    let refused = async |database: &str, listen: &str| {
        let (listen, database) = (listen.parse().unwrap(), Some(database.to_owned()));
        let options = ServeOptions { listen, database, ..options(&folder.0) };
        start(options, palaestra_envs::CATALOG).await.err().unwrap().to_string()
    };
    let other = refused("mysql://secret@127.0.0.1/study", "127.0.0.1:0").await;
    assert!(other.contains("expected postgres://") && !other.contains("secret"), "{other}");
    // Nothing listens at port 1.
    let closed = refused("postgres://palaestra@127.0.0.1:1/study", "127.0.0.1:0").await;
    assert!(closed.starts_with("the database: error connecting"), "{closed}");
    let database = cluster.database();
    let encrypted = refused(&format!("{database}?sslmode=require"), "127.0.0.1:0").await;
    assert!(encrypted.contains("TLS"), "{encrypted}");
    // The others have to know where this one is.
    let nowhere = refused(&database, "0.0.0.0:0").await;
    assert!(nowhere.starts_with("--peer: expected an address"), "{nowhere}");
}
