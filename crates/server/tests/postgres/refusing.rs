//! What becomes of a match while the database refuses what is written, for a while or for good.
use std::sync::Arc;
use std::time::{Duration, Instant};

use postgres::{Client as Sql, NoTls};
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

use crate::client::{DEADLINE, Folder};
use crate::cluster::Cluster;
use crate::failing::{comes_back, is_told_to_come_back, says, two};
use crate::game::Game;
use crate::process::Process;
use crate::together::{exported, finish, pair_at, play};

/// Says something to the database, as its operator does.
pub(crate) async fn tell(database: &str, sql: &'static str) {
    let database = database.to_owned();
    spawn_blocking(move || Sql::connect(&database, NoTls).unwrap().batch_execute(sql).unwrap()).await.unwrap();
}

/// What a statement counts, or finds.
pub(crate) async fn number(database: &str, sql: &'static str) -> i64 {
    let database = database.to_owned();
    let found = move || Sql::connect(&database, NoTls).unwrap().query_one(sql, &[]).unwrap().get(0);
    spawn_blocking(found).await.unwrap()
}

/// Nobody else can write frames until this is dropped.
async fn locked(database: &str) -> oneshot::Sender<()> {
    let database = database.to_owned();
    let (unlock, unlocked) = oneshot::channel();
    let (lock, locked) = oneshot::channel();
    std::thread::spawn(move || {
        let mut sql = Sql::connect(&database, NoTls).unwrap();
        sql.batch_execute("BEGIN; LOCK TABLE batches IN ACCESS EXCLUSIVE MODE").unwrap();
        lock.send(()).unwrap();
        let _: Result<(), _> = unlocked.blocking_recv();
        sql.batch_execute("ROLLBACK").unwrap();
    });
    locked.await.unwrap();
    unlock
}

/// Waits until what a statement counts is at least so much.
pub(crate) async fn reaches(database: &str, sql: &'static str, least: i64) {
    let began = Instant::now();
    while number(database, sql).await < least {
        assert!(began.elapsed() < DEADLINE, "waited for {least}: {sql}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// All of it is there, and true.
async fn whole(database: &str, frames: u32) {
    let folder = Folder::new();
    let (_, matches) = exported(database, &folder).await;
    assert!(matches.lines().nth(1).unwrap().ends_with(&format!(",complete,complete,{frames},true,")), "{matches}");
}

pub(crate) async fn a_lock_that_is_not_given_in_time_costs_no_frame(cluster: Arc<Cluster>) {
    let database = cluster.database();
    let name = database.rsplit('/').next().unwrap().to_owned();
    // 55P03, as where a role has a limit of its own.
    let limit = format!("ALTER DATABASE {name} SET lock_timeout = '200ms'");
    tell(&database, limit.leak()).await;
    let servers = [Process::start(&database, &[])];
    let mut both = pair_at([&servers[0], &servers[0]]).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    play(&mut both, &mut game, 40).await;
    let lock = locked(&database).await;
    let message = game.play(20);
    for client in &mut both {
        client.send_bytes(message.clone()).await;
    }
    says(&servers[0], "/health", "cannot be written").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    drop(lock);
    for client in &mut both {
        client.acknowledged(60).await;
    }
    says(&servers[0], "/health", "ok\n").await;
    play(&mut both, &mut game, 20).await;
    finish(&mut both, 80).await;
    whole(&database, 80).await;
}

pub(crate) async fn a_statement_that_is_cancelled_costs_no_frame(cluster: Arc<Cluster>) {
    let database = cluster.database();
    let servers = [Process::start(&database, &[])];
    let mut both = pair_at([&servers[0], &servers[0]]).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    play(&mut both, &mut game, 40).await;
    let lock = locked(&database).await;
    for frames in [20, 20] {
        let message = game.play(frames);
        for client in &mut both {
            client.send_bytes(message.clone()).await;
        }
    }
    // 57014, as the statement's own limit gives it after ten seconds: of all together, and of each alone.
    for _ in 0..3 {
        let waits =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        reaches(&database, waits, 1).await;
        tell(
            &database,
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        .await;
    }
    drop(lock);
    play(&mut both, &mut game, 20).await;
    finish(&mut both, 100).await;
    whole(&database, 100).await;
}

pub(crate) async fn a_database_that_is_read_only_for_a_moment_costs_no_frame(others: Arc<Cluster>) {
    // The other tests' goes on.
    let cluster = Arc::new(others.another());
    let database = cluster.database();
    let servers = [Process::start(&database, &[])];
    let mut both = pair_at([&servers[0], &servers[0]]).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    play(&mut both, &mut game, 40).await;
    tell(&database, "ALTER SYSTEM SET default_transaction_read_only = on").await;
    tell(&database, "SELECT pg_reload_conf()").await;
    reaches(
        &database,
        "SELECT count(*) FROM pg_settings WHERE name = 'default_transaction_read_only' AND setting = 'on'",
        1,
    )
    .await;
    let message = game.play(20);
    for client in &mut both {
        client.send_bytes(message.clone()).await;
    }
    says(&servers[0], "/health", "cannot be written").await;
    tell(&database, "ALTER SYSTEM RESET default_transaction_read_only").await;
    tell(&database, "SELECT pg_reload_conf()").await;
    for client in &mut both {
        client.acknowledged(60).await;
    }
    play(&mut both, &mut game, 20).await;
    finish(&mut both, 80).await;
    whole(&database, 80).await;
}

pub(crate) async fn what_the_database_refuses_for_good_is_not_acknowledged_and_the_lobby_is_taken_up_anew(
    cluster: Arc<Cluster>,
) {
    let database = cluster.database();
    let servers = two(&database).await;
    let mut both = pair_at([&servers[0], &servers[1]]).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    play(&mut both, &mut game, 40).await;
    tell(&database, "ALTER TABLE batches ADD CONSTRAINT none CHECK (first < 40)").await;
    let messages = [game.play(20), game.play(20)];
    both[0].send_bytes(messages[0].clone()).await;
    for client in &mut both {
        is_told_to_come_back(client).await;
    }
    tell(&database, "ALTER TABLE batches DROP CONSTRAINT none").await;
    for (client, server) in both.iter_mut().zip(&servers) {
        comes_back(client, server, 40).await;
    }
    for message in messages {
        for client in &mut both {
            client.send_bytes(message.clone()).await;
        }
    }
    for client in &mut both {
        client.acknowledged(80).await;
    }
    finish(&mut both, 80).await;
    whole(&database, 80).await;
}
