//! The `palaestra-server` program: the site, the waitroom, the relay, the intake of records. Who plays with whom is decided by
//! `palaestra-lobby`, which knows no socket; here are the sockets, the store and the clock.
//!
//! ```text
//!  page   ── /lobby ─► control ─► hub: the one task with the lobby ─► store: the one thread that writes ─► SQLite, Postgres
//!  Worker ── /play ──► play ─► room ─► the other seats' queues             ▲                │ on disk
//!                        └─► intake: compared, stored ────────────────────┘   judge: played again
//! ```
//!
//! | file | what it holds |
//! |---|---|
//! | `arguments.rs`, `settings.rs`, `key.rs` | the command line, the lobbies, what the server keeps to itself |
//! | `serve.rs`, `start_error.rs`, `accept.rs` | starting and stopping; connections |
//! | `lead.rs`, `role.rs`, `forward.rs` | the lobby taken up and let go; which of several processes has it; sockets passed on to that one |
//! | `http.rs`, `app.rs`, `site.rs`, `monitor/`, `metrics.rs` | routes and what they get at, the site, the monitor, figures |
//! | `control.rs`, `play.rs`, `outgoing.rs`, `limits.rs`, `placed.rs` | sockets, their queues and limits |
//! | `hub.rs`, `hub_task.rs`, `rooms.rs`, `clock.rs` | the way to the lobby's task; the task; the rooms of matches; the clock of all of them |
//! | `intake.rs`, `history.rs`, `refused.rs` | what is confirmed, compared |
//! | `uploads.rs`, `senders.rs`, `export_games.rs` | records of games that people play alone: taken in pieces, how much from one address, and as files |
//! | `witness.rs` | what of it tells how far a leaver has played |
//! | `store/` | what outlives the program |
//! | `replay.rs`, `judge.rs`, `upto.rs`, `world.rs` | matches played again |
//! | `models.rs` | the models that play in them |
//! | `watching.rs` | who watches a match, brought to its present |
//! | `export.rs`, `export_table.rs` | what was stored, as files |
//! | `bots/` | players that are no people |
#![forbid(unsafe_code)]

mod accept;
mod app;
mod arguments;
mod bots;
mod clock;
mod control;
mod export;
mod export_games;
mod export_table;
mod forward;
mod history;
mod http;
mod hub;
mod hub_task;
mod intake;
mod judge;
mod key;
mod lead;
mod limits;
mod metrics;
mod models;
mod monitor;
mod outgoing;
mod placed;
mod play;
mod refused;
mod replay;
mod role;
mod rooms;
mod senders;
mod serve;
mod settings;
mod site;
mod start_error;
mod store;
mod uploads;
mod upto;
mod version;
mod watching;
mod witness;
mod world;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use palaestra_env::catalog::Catalog;

pub use arguments::{BotOptions, BotPolicy, ExportOptions, ServeOptions};
pub use bots::{Summary, bots};
pub use export::{ExportError, Exported, export};
pub use serve::{Running, start};
pub use settings::{SettingsError, read_lobbies};
pub use start_error::StartError;
pub use store::StoreError;
pub use version::VERSION;

/// Does what the command line says, with the environments of `catalog`, and gives the exit status.
pub fn main(catalog: Catalog) -> ExitCode {
    let line = match arguments::CommandLine::try_parse() {
        Ok(line) => line,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let done = match line.command {
        None => run(line.serve, catalog),
        Some(arguments::Command::Bots(options)) => bots(&options, catalog)
            .map_err(|error| error.to_string())
            .and_then(|summary| serde_json::to_string(&summary).map_err(|error| error.to_string()))
            .map(|text| say(&text)),
        Some(arguments::Command::Export(options)) => export(&options, catalog)
            .map(|done| {
                say(&format!("{} records and {} sessions in {}", done.records, done.sessions, options.out.display()))
            })
            .map_err(|error| error.to_string()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // Where standard error is closed there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "palaestra-server: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: ServeOptions, catalog: Catalog) -> Result<(), String> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let running = serve::start(options, catalog).await.map_err(|error| error.to_string())?;
        say(&format!("Palaestra is at http://{}/  (Ctrl-C stops it)", running.address));
        say(&format!("The monitor is at http://{}/monitor?token={}", running.address, running.monitor_token));
        asked_to_stop().await.map_err(|error| error.to_string())?;
        say("stopping: what was confirmed is stored");
        running.stop().await;
        Ok(())
    })
}

/// Waits for Ctrl-C, or for what a service manager sends.
async fn asked_to_stop() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            asked = tokio::signal::ctrl_c() => asked,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

fn say(text: &str) {
    // Where standard output is closed there is nobody to tell.
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{text}");
    let _ = out.flush();
}
