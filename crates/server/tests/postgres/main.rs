//! Several server processes on one Postgres, which this program makes, starts and stops by itself. Where there is none the tests are
//! skipped, each by its name and with the reason.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "in a test a failure is the message")]
mod balancer;
#[allow(dead_code, reason = "the tests of one process use all of it")]
#[path = "../server/client.rs"]
mod client;
mod cluster;
mod failing;
#[path = "../server/game.rs"]
mod game;
mod process;
mod refusing;
#[path = "../server/spectator.rs"]
mod spectator;
mod together;
mod watching;

use std::future::Future;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use cluster::Cluster;
use libtest_mimic::{Arguments, Trial};

/// How long one test may take.
const LIMIT: Duration = Duration::from_secs(120);

type Body = fn(Arc<Cluster>) -> Pin<Box<dyn Future<Output = ()>>>;

/// The tests by name.
macro_rules! tests {
    ($($module:ident::$name:ident),* $(,)?) => {
        [$((concat!(stringify!($module), "::", stringify!($name)), (|cluster| Box::pin($module::$name(cluster))) as Body)),*]
    };
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // A few at a time: each has a database of its own, and waits most of its time for processes that are gone to be missed.
    arguments.test_threads = Some(3);
    let programs = cluster::programs();
    let cluster: Arc<OnceLock<Arc<Cluster>>> = Arc::default();
    let tests = tests![
        together::people_who_came_to_different_processes_play_and_their_record_is_verified,
        together::forty_people_at_two_processes_are_in_twenty_matches,
        together::every_process_serves_the_monitor_and_says_how_it_is,
        together::what_is_no_database_is_told,
        watching::who_watches_by_any_process_sees_every_step_and_comes_back_when_the_lobby_moves,
        failing::a_process_that_has_the_lobby_is_killed_and_its_match_goes_on_at_the_other,
        failing::a_process_that_passes_sockets_on_is_killed_and_its_people_come_back_by_the_other,
        failing::who_has_played_is_told_the_code_again_by_the_other_process,
        failing::whoever_waited_at_a_process_that_is_stopped_keeps_the_place,
        failing::a_process_that_has_lost_the_lobby_without_noticing_acknowledges_nothing,
        failing::a_process_that_slept_through_two_holdings_takes_the_lobby_once_and_keeps_it,
        failing::bots_behind_one_address_play_on_while_one_process_after_the_other_is_killed,
        failing::a_database_that_breaks_down_loses_nothing_that_was_acknowledged,
        refusing::a_lock_that_is_not_given_in_time_costs_no_frame,
        refusing::a_statement_that_is_cancelled_costs_no_frame,
        refusing::a_database_that_is_read_only_for_a_moment_costs_no_frame,
        refusing::what_the_database_refuses_for_good_is_not_acknowledged_and_the_lobby_is_taken_up_anew,
    ];
    let trials = tests.into_iter().map(|(name, body)| {
        let (programs, cluster) = (programs.clone(), Arc::clone(&cluster));
        let kind = programs.as_ref().err().map(|reason| format!("skipped: {reason}"));
        let trial = Trial::test(name, move || {
            let cluster = cluster.get_or_init(|| Arc::new(Cluster::start(&programs.unwrap())));
            let body = body(Arc::clone(cluster));
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
            runtime
                .block_on(async { tokio::time::timeout(LIMIT, body).await })
                .map_err(|_| format!("not over after {LIMIT:?}").into())
        });
        match kind {
            Some(kind) => trial.with_kind(kind).with_ignored_flag(true),
            None => trial,
        }
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}
