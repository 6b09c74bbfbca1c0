//! The server stops in the middle and starts again: nothing that was acknowledged is lost, and nobody is stuck.
use palaestra_lobby::message::{Code, ServerMessage};
use palaestra_protocol::server::{FromServer, ToServer};

use crate::client::{Client, Folder, close_code, hello, once_lobby, options, pair, play_to_the_end, refusal, serve};
use crate::game::Game;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_match_goes_on_where_it_was_acknowledged() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    let matched = both[0].matched.clone().unwrap();
    let mut game = Game::new(&matched);
    let message = game.play(120);
    for client in &mut both {
        client.send_bytes(message.clone()).await;
        client.acknowledged(120).await;
    }
    server.stop().await;
    let stopped = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
    for client in &mut both {
        assert_eq!(close_code(&mut client.control).await, Code::ServerRestarting.close_code());
    }
    let server = serve(&folder.0).await;
    for client in &mut both {
        let seat = client.seat();
        client.again(&server).await;
        let again = client.matched().await;
        assert_eq!((again.match_id.as_str(), again.seat, again.seed), (matched.match_id.as_str(), seat, matched.seed));
        assert!(again.incarnation > matched.incarnation, "its page may have been loaded again");
        assert_eq!(client.open_play(&server).await, 120);
        client
            .hears("start", |message| matches!(message, ServerMessage::Start { resume: true, frames: 120, .. }))
            .await;
    }
    let message = game.play(30);
    for client in &mut both {
        client.send_bytes(message.clone()).await;
        client.acknowledged(150).await;
        client.finish(150).await;
    }
    for client in &mut both {
        assert_eq!(client.ended().await, Code::Complete);
        let record = client.hears("record", |message| matches!(message, ServerMessage::Record { .. })).await;
        assert!(matches!(record, ServerMessage::Record { frames: 150, verified: Some(true), .. }), "{record:?}");
    }
    server.stop().await;
    // The sessions began before the restart, and so did the play in them.
    let out = folder.0.join("out");
    let options =
        palaestra_server::ExportOptions { data: folder.0.clone(), database: None, out: out.clone(), lobby: None };
    palaestra_server::export(&options, palaestra_envs::CATALOG).unwrap();
    let sessions = std::fs::read_to_string(out.join("sessions.csv")).unwrap();
    let number =
        |text: &str| text.split(|found: char| !found.is_ascii_digit()).next().unwrap().parse::<u128>().unwrap();
    for row in sessions.lines().skip(1) {
        let created = number(row.split(',').nth(4).unwrap());
        let (_, playing) = row.split_once(r#"""to"":""playing"",""at"":"#).unwrap();
        assert!(created < stopped && number(playing) < stopped, "{stopped}: {row}");
    }
    assert_eq!(sessions.lines().count(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waited_has_the_place_again_and_is_matched() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut first = Client::new(&server, "first").await;
    server.stop().await;
    let server = serve(&folder.0).await;
    first.again(&server).await;
    let mut second = Client::new(&server, "second").await;
    assert_eq!(first.matched().await.seat, 0);
    assert_eq!(second.matched().await.seat, 1);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_match_whose_server_was_killed_after_its_end_is_replayed_by_the_next_one() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    let message = Game::new(both[0].matched.as_ref().unwrap()).play(30);
    for client in &mut both {
        client.send_bytes(message.clone()).await;
        client.acknowledged(30).await;
        client.finish(30).await;
    }
    assert_eq!(both[0].ended().await, Code::Complete);
    // Before the last batches have been waited for.
    server.stop().await;
    let server = serve(&folder.0).await;
    let options = palaestra_server::ExportOptions {
        data: folder.0.clone(),
        database: None,
        out: folder.0.join("out"),
        lobby: None,
    };
    let began = std::time::Instant::now();
    loop {
        palaestra_server::export(&options, palaestra_envs::CATALOG).unwrap();
        let matches = std::fs::read_to_string(folder.0.join("out/matches.csv")).unwrap();
        if matches.contains(",30,true,") {
            // Names as a JSON array: one of them may have spaces and commas.
            assert!(matches.contains(r#","[""ann"",""bob""]","#), "{matches}");
            break;
        }
        assert!(began.elapsed() < crate::client::DEADLINE, "waited for the match to be replayed: {matches}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    // A program without the environment cannot count them, and says so; the others are written as ever.
    let exported = palaestra_server::export(&options, palaestra_env::catalog::Catalog::new(&[])).unwrap();
    assert_eq!((exported.records, exported.sessions), (0, 2));
    let matches = std::fs::read_to_string(folder.0.join("out/matches.csv")).unwrap();
    let row = matches.lines().nth(1).unwrap();
    assert!(row.contains(",complete,,true,") && row.contains("no record: "), "{matches}");
    server.stop().await;
}

/// A program that is killed with the test, also where that fails.
struct Program(std::process::Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_is_killed_has_everything_that_it_acknowledged() {
    use std::io::{BufRead, BufReader};
    let folder = Folder::new();
    let server = std::process::Command::new(env!("CARGO_BIN_EXE_palaestra-server"))
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(&folder.0)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut server = Program(server);
    let mut line = String::new();
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.split_once("http://").and_then(|(_, rest)| rest.split_once('/')).unwrap().0;
    let address: std::net::SocketAddr = address.parse().unwrap();
    let mut both = pair(&address).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    let message = game.play(90);
    for client in &mut both {
        client.send_bytes(message.clone()).await;
        client.acknowledged(90).await;
    }
    drop(server);
    let out = folder.0.join("out");
    let options =
        palaestra_server::ExportOptions { data: folder.0.clone(), database: None, out: out.clone(), lobby: None };
    assert_eq!(palaestra_server::export(&options, palaestra_envs::CATALOG).unwrap().records, 1);
    // The next one takes the match up where it was.
    let server = serve(&folder.0).await;
    for client in &mut both {
        client.again(&server).await;
        assert!(client.matched().await.incarnation > 1);
        assert_eq!(client.open_play(&server).await, 90);
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lobby_that_a_page_opened_has_the_servers_that_are_named_now_and_is_no_more_where_a_file_names_the_lobbies() {
    let folder = Folder::new();
    let data = folder.0.join("data");
    let serve = |ice: &str, lobbies: Option<std::path::PathBuf>| {
        let ice = vec![serde_json::json!({ "urls": ice })];
        palaestra_server::start(
            palaestra_server::ServeOptions { ice, lobbies, ..options(&data) },
            palaestra_envs::CATALOG,
        )
    };
    let server = serve("stun:old.example", None).await.unwrap();
    let [mut ann, _bob] = pair(&server).await;
    let named = |client: &Client| client.matched.as_ref().unwrap().ice_servers[0]["urls"].clone();
    assert_eq!(named(&ann), "stun:old.example");
    server.stop().await;
    let server = serve("stun:new.example", None).await.unwrap();
    ann.again(&server).await;
    ann.matched().await;
    assert_eq!(named(&ann), "stun:new.example");
    server.stop().await;
    let lobbies = folder.0.join("lobbies.toml");
    std::fs::write(&lobbies, once_lobby().replace("main", "study")).unwrap();
    let server = serve("stun:new.example", Some(lobbies)).await.unwrap();
    assert_eq!(refusal(&server, &ann.hello).await, (Code::UnknownLobby, None));
    server.stop().await;
    let out = folder.0.join("out");
    let export = palaestra_server::ExportOptions { data, database: None, out: out.clone(), lobby: None };
    palaestra_server::export(&export, palaestra_envs::CATALOG).unwrap();
    let matches = std::fs::read_to_string(out.join("matches.csv")).unwrap();
    assert!(matches.contains(",server_error,"), "{matches}");
    // Its people have played too, and are not forgotten with it.
    let sessions = std::fs::read_to_string(out.join("sessions.csv")).unwrap();
    let rows: Vec<&str> = sessions.lines().skip(1).collect();
    for (participant, row) in ["ann", "bob"].iter().zip(&rows) {
        assert!(row.contains(participant) && row.contains(r#""to"":""playing"""#), "{sessions}");
        assert!(row.contains(",server_error,"), "{sessions}");
    }
    assert_eq!(rows.len(), 2, "{sessions}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_match_that_was_resynchronised_goes_on_in_the_same_epoch() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    let matched = both[0].matched.clone().unwrap();
    let wrong = Game::new(&matched).play_changed(50, |frame, _, hash| *hash ^= u64::from(frame == 30));
    let mut game = Game::new(&matched);
    both[0].send_bytes(game.play(50)).await;
    both[0].acknowledged(50).await;
    both[1].send_bytes(wrong).await;
    for client in &mut both {
        client.play_hears("state", |message| matches!(message, FromServer::State { epoch: 1, .. })).await;
    }
    server.stop().await;
    let server = serve(&folder.0).await;
    for client in &mut both {
        client.again(&server).await;
        assert_eq!(client.matched().await.epoch, 1);
        client.open_play(&server).await;
        client.hears("start", |message| matches!(message, ServerMessage::Start { epoch: 1, .. })).await;
    }
    both[1].send(&ToServer::AskState).await;
    both[1].play_hears("state", |message| matches!(message, FromServer::State { epoch: 1, frame: 50, .. })).await;
    // The one that was put right is believed again: what it confirms is the history, also where nobody else does.
    both[1].send_bytes(game.play(30)).await;
    both[1].acknowledged(80).await;
    both[1].send(&ToServer::AskState).await;
    both[1].play_hears("state", |message| matches!(message, FromServer::State { epoch: 1, frame: 80, .. })).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_played_is_told_the_code_again_also_by_a_server_that_was_started_anew() {
    let folder = Folder::new();
    let lobbies = folder.0.join("lobbies.toml");
    std::fs::write(&lobbies, once_lobby()).unwrap();
    let serve = || {
        let options =
            palaestra_server::ServeOptions { lobbies: Some(lobbies.clone()), ..options(&folder.0.join("data")) };
        palaestra_server::start(options, palaestra_envs::CATALOG)
    };
    let server = serve().await.unwrap();
    let mut both = pair(&server).await;
    let confirmed = Game::new(both[0].matched.as_ref().unwrap()).play(30);
    play_to_the_end(&mut both, confirmed, 30, "DONE1").await;
    let told = (Code::PlayedBefore, Some("DONE1".to_owned()));
    assert_eq!(refusal(&server, &both[0].hello).await, told);
    server.stop().await;
    let server = serve().await.unwrap();
    for client in &both {
        assert_eq!(refusal(&server, &client.hello).await, told);
    }
    // Whoever knows the participant's id alone is told nothing.
    assert_eq!(refusal(&server, &hello("ann")).await, (Code::PlayedBefore, None));
    server.stop().await;
}
