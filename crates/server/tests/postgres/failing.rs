//! What becomes of people and matches when a process, or the database, fails.
use std::sync::Arc;
use std::time::{Duration, Instant};

use palaestra_lobby::message::{Code, PartnerState, ServerMessage};
use palaestra_protocol::server::FromServer;
use palaestra_server::{BotOptions, BotPolicy, bots as bots_play};

use crate::balancer::Balancer;
use crate::client::{
    At, Client, DEADLINE, Folder, close_code, env_id, hello, once_lobby, open, pair, play_to_the_end, refusal,
};
use crate::cluster::Cluster;
use crate::game::Game;
use crate::process::Process;
use crate::refusing::{number, reaches};
use crate::together::{exported, finish, get, pair_at, play};

/// A lease passes after five seconds; what else there is to do takes less than this.
const TAKEN_OVER: Duration = Duration::from_secs(9);
/// What needs no lease to pass is heard before one could have.
const BEFORE_A_LEASE: Duration = Duration::from_secs(4);

/// Two processes, the first of which has the lobby.
pub(crate) async fn two(database: &str) -> [Process; 2] {
    let first = Process::start(database, &[]);
    // Somebody who was greeted was greeted by the one who has it.
    let mut client = Client::new(&first, "early").await;
    client.say(palaestra_lobby::message::ClientMessage::Leave { reason: Default::default() }).await;
    [first, Process::start(database, &[])]
}

/// Comes back by a process, into the same seat, where so many frames are on disk.
pub(crate) async fn comes_back(client: &mut Client, server: &Process, frames: u32) {
    let before = client.matched.clone().unwrap();
    client.again(server).await;
    let after = client.matched().await;
    assert_eq!((after.match_id, after.seat, after.seed), (before.match_id, before.seat, before.seed));
    assert_eq!(client.open_play(server).await, frames);
    let resumed = |message: &ServerMessage| matches!(message, ServerMessage::Start { resume: true, frames: stored, .. } if *stored == frames);
    client.hears("start", resumed).await;
}

/// The same participant with sockets of another process, while those of this one are open.
async fn elsewhere(client: &Client, server: &Process) -> Client {
    let control = open(server, "/lobby").await;
    Client { control, play: None, hello: client.hello.clone(), matched: client.matched.clone() }
}

/// Waits until a process says so.
pub(crate) async fn says(server: &Process, path: &str, what: &str) {
    let path = format!("{path}?token={}", server.monitor);
    let began = Instant::now();
    while !get(server, &path).await.contains(what) {
        assert!(began.elapsed() < DEADLINE, "waited for {what} at {path}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

pub(crate) async fn is_told_to_come_back(client: &mut Client) {
    let restarting = |message: &ServerMessage| {
        matches!(message, ServerMessage::Error { code: Code::ServerRestarting, fatal: true, .. })
    };
    client.hears("an error that says to come back", restarting).await;
    assert_eq!(close_code(&mut client.control).await, Code::ServerRestarting.close_code());
    assert_eq!(close_code(client.play.as_mut().unwrap()).await, Code::ServerRestarting.close_code());
}

pub(crate) async fn a_process_that_has_the_lobby_is_killed_and_its_match_goes_on_at_the_other(cluster: Arc<Cluster>) {
    let (database, folder) = (cluster.database(), Folder::new());
    let [first, second] = two(&database).await;
    let mut both = pair_at([&first, &second]).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    play(&mut both, &mut game, 90).await;
    let killed = Instant::now();
    first.kill();
    // Whoever came by the other process hears it from there at once; whose own process it was, by the end of the connection.
    is_told_to_come_back(&mut both[1]).await;
    assert!(killed.elapsed() < BEFORE_A_LEASE, "{:?}", killed.elapsed());
    assert_eq!(close_code(&mut both[0].control).await, 0);
    for client in &mut both {
        comes_back(client, &second, 90).await;
    }
    assert!(killed.elapsed() < TAKEN_OVER, "{:?}", killed.elapsed());
    play(&mut both, &mut game, 30).await;
    finish(&mut both, 120).await;
    let (_, matches) = exported(&database, &folder).await;
    assert!(matches.lines().nth(1).unwrap().ends_with(",complete,complete,120,true,"), "{matches}");
}

pub(crate) async fn a_process_that_passes_sockets_on_is_killed_and_its_people_come_back_by_the_other(
    cluster: Arc<Cluster>,
) {
    let database = cluster.database();
    let [first, second] = two(&database).await;
    let mut both = pair_at([&first, &second]).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    play(&mut both, &mut game, 60).await;
    let killed = Instant::now();
    second.kill();
    let reconnecting = |message: &ServerMessage| {
        matches!(message, ServerMessage::Partner { seat: 1, state: PartnerState::Reconnecting, .. })
    };
    both[0].hears("that the partner is reconnecting", reconnecting).await;
    assert!(killed.elapsed() < BEFORE_A_LEASE, "{:?}", killed.elapsed());
    comes_back(&mut both[1], &first, 60).await;
    play(&mut both, &mut game, 30).await;
    finish(&mut both, 90).await;
}

pub(crate) async fn who_has_played_is_told_the_code_again_by_the_other_process(cluster: Arc<Cluster>) {
    let (database, folder) = (cluster.database(), Folder::new());
    let lobbies = folder.0.join("lobbies.toml");
    std::fs::write(&lobbies, once_lobby()).unwrap();
    let arguments = ["--lobbies", lobbies.to_str().unwrap()];
    let first = Process::start(&database, &arguments);
    let mut both = pair(&first).await;
    let confirmed = Game::new(both[0].matched.as_ref().unwrap()).play(30);
    play_to_the_end(&mut both, confirmed, 30, "DONE1").await;
    first.kill();
    // It takes the lobby over when the time of the one that was killed has passed.
    let second = Process::start(&database, &arguments);
    for client in &both {
        assert_eq!(refusal(&second, &client.hello).await, (Code::PlayedBefore, Some("DONE1".to_owned())));
    }
    assert_eq!(refusal(&second, &hello("ann")).await, (Code::PlayedBefore, None));
}

pub(crate) async fn whoever_waited_at_a_process_that_is_stopped_keeps_the_place(cluster: Arc<Cluster>) {
    let database = cluster.database();
    let [first, second] = two(&database).await;
    let mut waits = Client::new(&first, "first").await;
    let mut there = Client::new(&second, "other").await;
    assert_eq!((waits.matched().await.seat, there.matched().await.seat), (0, 1));
    let mut third = Client::new(&second, "third").await;
    let stopped = Instant::now();
    first.terminate();
    let restarting =
        |message: &ServerMessage| matches!(message, ServerMessage::Error { code: Code::ServerRestarting, .. });
    third.hears("an error that says to come back", restarting).await;
    third.again(&second).await;
    // A lobby that is given up needs no waiting for its lease.
    assert!(stopped.elapsed() < BEFORE_A_LEASE, "{:?}", stopped.elapsed());
    let mut fourth = Client::new(&second, "fourth").await;
    assert_eq!((third.matched().await.seat, fourth.matched().await.seat), (0, 1));
}

pub(crate) async fn a_process_that_has_lost_the_lobby_without_noticing_acknowledges_nothing(cluster: Arc<Cluster>) {
    let (database, folder) = (cluster.database(), Folder::new());
    let [first, second] = two(&database).await;
    let mut both = pair_at([&first, &first]).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    play(&mut both, &mut game, 40).await;
    // The first one stands still, and the other one takes the lobby.
    first.signal("STOP");
    let mut bob = elsewhere(&both[1], &second).await;
    says(&second, "/metrics", "palaestra_has_lobby 1").await;
    bob.again(&second).await;
    bob.matched().await;
    assert_eq!(bob.open_play(&second).await, 40);
    // What comes to the first one by its old socket is another continuation of the game, and is not to count.
    let other = Game::new(both[0].matched.as_ref().unwrap()).play_changed(60, |frame, _, hash| {
        if frame >= 40 {
            *hash ^= 1;
        }
    });
    both[0].send_bytes(other).await;
    first.signal("CONT");
    let play_socket = both[0].play.as_mut().unwrap();
    let mut acknowledged = false;
    let end = tokio::time::timeout(Duration::from_secs(20), async {
        use futures_util::StreamExt;
        use tokio_tungstenite::tungstenite::Message;
        loop {
            match play_socket.next().await {
                Some(Ok(Message::Binary(bytes))) => {
                    let more = |message| matches!(message, FromServer::Acknowledged(frames) if frames > 40);
                    acknowledged |= more(FromServer::read(&bytes).unwrap());
                }
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| u16::from(frame.code)),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    });
    assert_eq!(end.await.expect("an end of the old socket in time"), Some(Code::ServerRestarting.close_code()));
    assert!(!acknowledged);
    says(&first, "/health", "ok\n").await;
    comes_back(&mut both[0], &first, 40).await;
    let [ann, _] = both;
    let mut both = [ann, bob];
    play(&mut both, &mut game, 20).await;
    finish(&mut both, 60).await;
    let (_, matches) = exported(&database, &folder).await;
    assert!(matches.lines().nth(1).unwrap().ends_with(",complete,complete,60,true,"), "{matches}");
}

pub(crate) async fn a_process_that_slept_through_two_holdings_takes_the_lobby_once_and_keeps_it(cluster: Arc<Cluster>) {
    let database = cluster.database();
    let [first, second] = two(&database).await;
    first.signal("STOP");
    says(&second, "/metrics", "palaestra_has_lobby 1").await;
    second.kill();
    // Its time passes as well: the first one that wakes finds the lobby nobody's.
    reaches(&database, "SELECT count(*) FROM lease WHERE until < clock_timestamp()", 1).await;
    first.signal("CONT");
    says(&first, "/metrics", "palaestra_has_lobby 1").await;
    reaches(&database, "SELECT epoch FROM lease", 3).await;
    tokio::time::sleep(Duration::from_secs(8)).await;
    assert_eq!(number(&database, "SELECT epoch FROM lease").await, 3);
    says(&first, "/health", "ok\n").await;
}

pub(crate) async fn a_database_that_breaks_down_loses_nothing_that_was_acknowledged(others: Arc<Cluster>) {
    // The other tests' goes on.
    let cluster = Arc::new(others.another());
    let database = cluster.database();
    let servers = two(&database).await;
    let mut both = pair_at([&servers[0], &servers[1]]).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    play(&mut both, &mut game, 50).await;
    let crash = Arc::clone(&cluster);
    tokio::task::spawn_blocking(move || crash.crash()).await.unwrap();
    let message = game.play(10);
    // Nobody can say that this is on disk: the connection to the database is gone.
    both[0].send_bytes(message.clone()).await;
    for client in &mut both {
        is_told_to_come_back(client).await;
    }
    for (client, server) in both.iter_mut().zip(&servers) {
        comes_back(client, server, 50).await;
    }
    for client in &mut both {
        client.send_bytes(message.clone()).await;
        client.acknowledged(60).await;
    }
    play(&mut both, &mut game, 10).await;
    finish(&mut both, 70).await;
}

pub(crate) async fn bots_behind_one_address_play_on_while_one_process_after_the_other_is_killed(cluster: Arc<Cluster>) {
    const FRAMES: u32 = 900;
    let (database, folder) = (cluster.database(), Folder::new());
    let mut processes = Vec::from(two(&database).await);
    let addresses: Vec<_> = processes.iter().map(At::at).collect();
    let balancer = Balancer::start(&addresses).await;
    let bots = BotOptions {
        url: format!("ws://{}", balancer.address),
        lobby: "main".into(),
        count: 8,
        policy: BotPolicy::Random,
        manifest: None,
        models: None,
        skill: 1.0,
        env: Some(env_id().into()),
        frames: FRAMES,
        seconds: 100.0,
        every: 0.0,
        name: "bot".into(),
        secret: None,
        site_version: None,
        apart: false,
        probe: false,
        threads: 1,
    };
    let played = tokio::task::spawn_blocking(move || bots_play(&bots, palaestra_envs::CATALOG).unwrap());
    for _ in 0..2 {
        tokio::time::sleep(Duration::from_secs(4)).await;
        assert!(!played.is_finished(), "the bots played on");
        // Each time the one that has the lobby: the other one takes it, and a new one comes behind the address.
        let killed = processes.remove(0);
        let address = killed.at();
        killed.kill();
        says(&processes[0], "/metrics", "palaestra_has_lobby 1").await;
        processes.push(Process::start(&database, &[]));
        balancer.replace(address, processes[1].at());
    }
    let summary = played.await.unwrap();
    let count = |what: &str| summary.counts.get(what).copied().unwrap_or_default();
    assert_eq!((count("ended:complete"), count("records_verified")), (8, 8), "{summary:?}");
    assert_eq!(count("frames_acknowledged"), 8 * u64::from(FRAMES), "{summary:?}");
    assert!(count("reconnects") >= 8, "{summary:?}");
    let (done, matches) = exported(&database, &folder).await;
    assert_eq!(done.records, 4);
    let whole = format!(",complete,complete,{FRAMES},true,");
    assert!(matches.lines().skip(1).all(|line| line.ends_with(&whole)), "{matches}");
}
