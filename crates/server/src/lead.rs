//! What the process has that has the lobby: the lobby's task, the threads that store, replay and follow, the rooms. Taken up from the store, and
//! stopped so that nothing that was confirmed is lost.
use std::collections::HashMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use palaestra_env::catalog::Catalog;
use palaestra_lobby::message::Code;
use palaestra_lobby::token::Signer;
use palaestra_lobby::{Lobbies, ServerFacts};
use tokio::sync::oneshot;
use tokio::task::JoinHandle as Task;
use tokio::time::timeout;

use crate::arguments::ServeOptions;
use crate::clock::now_ms;
use crate::history::History;
use crate::hub::{Hub, Input};
use crate::hub_task::HubTask;
use crate::judge::{Bench, Judge, epoch_of};
use crate::key;
use crate::metrics::Metrics;
use crate::models::Models;
use crate::rooms::Rooms;
use crate::settings::{self, completed, opener};
use crate::start_error::StartError;
use crate::store::{Database, Fence, Reader, Which, Writer};
use crate::upto::leavers_of;
use crate::version::VERSION;
use crate::watching::Watching;
use crate::witness::recalled;

/// How long the sockets may take to hear that the lobby stops.
const STOP_LIMIT: Duration = Duration::from_secs(3);
/// How long what is left may take to be written.
const WRITE_LIMIT: Duration = Duration::from_secs(30);

/// What a lobby is taken up with.
pub(crate) struct Setup {
    pub(crate) options: ServeOptions,
    pub(crate) catalog: Catalog,
    pub(crate) database: Database,
    pub(crate) signer: Signer,
    pub(crate) monitor_token: String,
    pub(crate) metrics: Arc<Metrics>,
}

/// What sockets need of the lobby.
#[derive(Clone)]
pub(crate) struct Lead {
    pub(crate) hub: Hub,
    pub(crate) writer: Writer,
    pub(crate) judge: Judge,
    pub(crate) watching: Watching,
    pub(crate) signer: Signer,
    pub(crate) metrics: Arc<Metrics>,
}

/// A lobby that runs.
pub(crate) struct Leading {
    pub(crate) lead: Lead,
    rooms: Rooms,
    task: Task<()>,
    threads: Vec<JoinHandle<()>>,
}

impl Leading {
    /// Takes the lobby up as it was stored. Blocks while it reads; to be called where tasks can be started.
    pub(crate) fn start(setup: &Setup, fence: Option<Fence>) -> Result<Self, StartError> {
        let (writer, writing) = Writer::start(setup.database.backend(fence)?).map_err(StartError::Data)?;
        let (hub, inputs) = Hub::new();
        let models = Models::new(setup.options.models.clone());
        let bench = Bench { database: setup.database.clone(), catalog: setup.catalog, models, hub: hub.clone() };
        let (judge, judging) = Judge::start(bench, writer.clone()).map_err(StartError::Data)?;
        let watching = Watching::start(setup.database.clone(), setup.catalog).map_err(StartError::Data)?;
        let (watching, bringing) = watching;
        let (rooms, metrics) = (Rooms::default(), Arc::clone(&setup.metrics));
        let mut task = HubTask {
            lobbies: lobbies(setup)?,
            inputs,
            rooms: rooms.clone(),
            writer: writer.clone(),
            judge: judge.clone(),
            hub: hub.clone(),
            catalog: setup.catalog,
            metrics: Arc::clone(&metrics),
            sockets: HashMap::new(),
        };
        restore(&mut task, &mut *setup.database.reader()?, setup)?;
        let task = tokio::spawn(task.run());
        let lead = Lead { hub, writer, judge, watching, signer: setup.signer.clone(), metrics };
        Ok(Self { lead, rooms, task, threads: [writing, bringing].into_iter().chain(judging).collect() })
    }

    /// Stops: everybody is told to come back, and what was confirmed is on disk when it returns.
    pub(crate) async fn stop(self) {
        let _ = timeout(STOP_LIMIT, self.lead.hub.ask(Input::Stop)).await;
        let _ = timeout(STOP_LIMIT, self.task).await;
        self.rooms.close_all(Code::ServerRestarting);
        self.lead.judge.stop();
        self.lead.writer.stop();
        let (joined, all_joined) = oneshot::channel();
        std::thread::spawn(move || {
            // Waits where many wait to be brought.
            self.lead.watching.stop();
            for thread in self.threads {
                let _ = thread.join();
            }
            let _ = joined.send(());
        });
        let _ = timeout(WRITE_LIMIT, all_joined).await;
    }
}

fn lobbies(setup: &Setup) -> Result<Lobbies, StartError> {
    let options = &setup.options;
    let mut listed = match &options.lobbies {
        Some(path) => settings::read_lobbies(path, setup.catalog).map_err(StartError::Settings)?,
        None => Vec::new(),
    };
    for (_, lobby) in listed.iter_mut().filter(|(_, lobby)| lobby.ice_servers.is_empty()) {
        lobby.ice_servers.clone_from(&options.ice);
    }
    let play_url = options.public_url.as_deref().map_or_else(
        || "/play".to_owned(),
        // A WebSocket's address begins with ws where its page's begins with http.
        |url| format!("{}/play", url.trim_end_matches('/').replacen("http", "ws", 1)),
    );
    let version = options.site_version.clone().unwrap_or_else(|| VERSION.to_owned());
    let monitor_token = Some(setup.monitor_token.clone());
    let facts = ServerFacts { play_url, version: Some(version), monitor_token };
    let seed = key::random_u64().map_err(StartError::Data)?;
    let mut lobbies = Lobbies::new(listed, facts, setup.signer.clone(), seed);
    if options.lobbies.is_none() {
        lobbies.set_opener(opener(setup.catalog, options.ice.clone()));
    }
    Ok(lobbies)
}

/// Takes up what was stored when the program stopped, or when another one lost the lobby.
fn restore(task: &mut HubTask, reader: &mut dyn Reader, setup: &Setup) -> Result<(), StartError> {
    let catalog = setup.catalog;
    // Where a file names the lobbies there are no others. Matches of those that pages had opened end.
    let opened = if setup.options.lobbies.is_none() { reader.lobbies()? } else { Vec::new() };
    for (lobby, mut config) in opened {
        // As for one that is opened now: what was stored may name servers that are no more, with secrets that are others now.
        config.ice_servers.clone_from(&setup.options.ice);
        // An environment that this build does not have any more has no lobby either.
        if let Ok(config) = completed(config, catalog) {
            task.lobbies.reopen(lobby, config);
        }
    }
    let mut restored = reader.restored(&task.lobbies.once_only())?;
    for (kept, _) in &mut restored.matches {
        let match_id = &kept.facts.match_id;
        let events = reader.events(match_id)?;
        kept.facts.epoch = epoch_of(&events);
        let (batches, seats) = (reader.batches(match_id)?, reader.seats(match_id)?);
        let mut history = History::restored(match_id, &batches, &seats);
        for found in leavers_of(&events) {
            restored.leavers.push(recalled(&mut history, &kept.facts, &found, catalog));
        }
        task.rooms.open(kept.facts.clone(), history);
    }
    for row in reader.matches(Which::Unjudged)? {
        task.judge.match_over(row.kept.facts.match_id, None);
    }
    let outputs = task.lobbies.restore(now_ms(), restored);
    task.carry_out(outputs);
    Ok(())
}
