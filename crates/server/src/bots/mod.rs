//! Players that are no people: they come in like a browser, play through the relay, with each other or with browsers, and send what they
//! confirm.
//!
//! | file | what it holds |
//! |---|---|
//! | `bot.rs` | one bot: its sockets, and what it answers |
//! | `hello.rs` | how browsers find that it can be reached |
//! | `player.rs` | its game |
//! | `chooser.rs` | what it plays |
//! | `figures.rs` | what all of them measured |
mod bot;
mod chooser;
mod figures;
mod hello;
mod player;

use std::sync::Arc;
use std::time::Duration;

use palaestra_env::catalog::Catalog;
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep, sleep_until};

use crate::arguments::BotOptions;
use figures::Figures;
pub use figures::Summary;

/// Lets them play until they are done, or their time is over, and gives what they measured.
///
/// # Errors
/// Where threads or their runtimes cannot be made.
pub fn bots(options: &BotOptions, catalog: Catalog) -> std::io::Result<Summary> {
    let figures = Arc::new(Figures::default());
    let threads = options.threads.clamp(1, 64);
    let began = std::time::Instant::now();
    std::thread::scope(|scope| {
        let playing: Vec<_> = (0..threads)
            .map(|thread| {
                let figures = Arc::clone(&figures);
                scope.spawn(move || on_thread(options, catalog, thread, threads, began, &figures))
            })
            .collect();
        playing.into_iter().try_for_each(|thread| {
            thread.join().unwrap_or_else(|_| Err(std::io::Error::other("a thread of bots panicked")))
        })
    })?;
    Ok(figures.summary(began.elapsed().as_secs_f64()))
}

/// An environment stays on its thread: so do those who play it.
fn on_thread(
    options: &BotOptions,
    catalog: Catalog,
    thread: usize,
    threads: usize,
    began: std::time::Instant,
    figures: &Arc<Figures>,
) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let local = LocalSet::new();
    local.block_on(&runtime, async {
        let end = Instant::now() + Duration::from_secs_f64(options.seconds.clamp(0.0, 1e6));
        let mut all = Vec::new();
        for index in (thread..options.count).step_by(threads) {
            let (options, figures) = (options.clone(), Arc::clone(figures));
            all.push(tokio::task::spawn_local(async move {
                sleep(Duration::from_secs_f64((options.every * index as f64 / 1000.0).clamp(0.0, 1e6))).await;
                bot::run(&options, catalog, index, began, end, &figures).await;
            }));
        }
        let everybody = async {
            for one in all {
                let _ = one.await;
            }
        };
        tokio::select! {
            () = everybody => {}
            // They had the time to say goodbye.
            () = sleep_until(end + Duration::from_secs(10)) => {}
        }
    });
    Ok(())
}
