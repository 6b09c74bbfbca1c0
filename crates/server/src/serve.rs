//! The server as a whole: started, and stopped so that nothing that was confirmed is lost.
use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::Duration;

use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use palaestra_env::catalog::Catalog;
use palaestra_lobby::token::Signer;
use palaestra_lobby::{Lobbies, ServerFacts};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::task::JoinHandle as Task;
use tokio::time::timeout;

use crate::arguments::ServeOptions;
use crate::history::History;
use crate::http::{App, router};
use crate::hub::{Hub, HubTask, Input, now_ms};
use crate::judge::{Bench, Judge};
use crate::key;
use crate::metrics::Metrics;
use crate::placed::Placed;
use crate::rooms::Rooms;
use crate::settings::{self, SettingsError, completed, opener};
use crate::site::Site;
use crate::store::{self, StoreError, Writer};
use crate::watching::Watching;

/// How long a connection may take to say what it wants.
const HEADER_LIMIT: Duration = Duration::from_secs(10);
/// How long the sockets may take to hear that the server stops.
const STOP_LIMIT: Duration = Duration::from_secs(3);

/// Why the server does not start.
#[derive(Debug)]
pub enum StartError {
    /// The address.
    Listen(SocketAddr, io::Error),
    /// The site's folder.
    Site(io::Error),
    /// The data folder.
    Data(io::Error),
    /// The file of lobbies.
    Settings(SettingsError),
    /// The store.
    Store(StoreError),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen(address, error) => write!(f, "cannot listen on {address}: {error}"),
            Self::Site(error) => write!(f, "--site: {error}"),
            Self::Data(error) => write!(f, "--data: {error}"),
            Self::Settings(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for StartError {}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What the monitor has to know.
    pub monitor_token: String,
    hub: Hub,
    stop: watch::Sender<bool>,
    accepting: Task<()>,
    task: Task<()>,
    writer: Writer,
    judge: Judge,
    watching: Watching,
    threads: Vec<JoinHandle<()>>,
}

/// Starts a server.
///
/// # Errors
/// [`StartError`] with what keeps it from starting.
pub async fn start(options: ServeOptions, catalog: Catalog) -> Result<Running, StartError> {
    std::fs::create_dir_all(&options.data).map_err(StartError::Data)?;
    let listener =
        TcpListener::bind(options.listen).await.map_err(|error| StartError::Listen(options.listen, error))?;
    let address = listener.local_addr().map_err(|error| StartError::Listen(options.listen, error))?;
    let site = options.site.as_deref().map(|folder| Site::new(folder, !options.no_isolation, &options.headers));
    let site = site.transpose().map_err(StartError::Site)?;
    let signer = Signer::new(&key::key(&options.data).map_err(StartError::Data)?);
    let monitor_token = match options.monitor_token.clone() {
        Some(token) if !token.is_empty() => token,
        _ => key::monitor_token(&options.data).map_err(StartError::Data)?,
    };
    let (writer, writing) = Writer::start(&options.data)?;
    let (hub, inputs) = Hub::new();
    let bench = Bench { data: options.data.clone(), catalog, hub: hub.clone() };
    let (judge, judging) = Judge::start(bench, writer.clone()).map_err(StartError::Data)?;
    let (watching, bringing) = Watching::start(options.data.clone(), catalog).map_err(StartError::Data)?;
    let (rooms, metrics) = (Rooms::default(), Arc::new(Metrics::default()));
    let mut task = HubTask {
        lobbies: lobbies(&options, catalog, &signer, &monitor_token)?,
        inputs,
        rooms,
        writer: writer.clone(),
        judge: judge.clone(),
        metrics: Arc::clone(&metrics),
        sockets: HashMap::new(),
    };
    restore(&mut task, &options.data, catalog)?;
    let origins = options.origins.iter().chain(&options.public_url);
    let app = App {
        hub: hub.clone(),
        writer: writer.clone(),
        judge: judge.clone(),
        watching: watching.clone(),
        metrics,
        signer,
        monitor_token: monitor_token.as_str().into(),
        origins: origins.map(|origin| origin.trim_end_matches('/').to_owned()).collect(),
        site,
    };
    let (stop, stopped) = watch::channel(false);
    let accepting = tokio::spawn(accept(listener, app, options.most_connections, stopped));
    let task = tokio::spawn(task.run());
    let threads = vec![writing, judging, bringing];
    Ok(Running { address, monitor_token, hub, stop, accepting, task, writer, judge, watching, threads })
}

fn lobbies(options: &ServeOptions, catalog: Catalog, signer: &Signer, monitor: &str) -> Result<Lobbies, StartError> {
    let listed = match &options.lobbies {
        Some(path) => settings::read_lobbies(path, catalog).map_err(StartError::Settings)?,
        None => Vec::new(),
    };
    let play_url = options.public_url.as_deref().map_or_else(
        || "/play".to_owned(),
        // A WebSocket's address begins with ws where its page's begins with http.
        |url| format!("{}/play", url.trim_end_matches('/').replacen("http", "ws", 1)),
    );
    let facts = ServerFacts { play_url, version: None, monitor_token: Some(monitor.to_owned()) };
    let mut lobbies = Lobbies::new(listed, facts, signer.clone(), key::random_u64().map_err(StartError::Data)?);
    if options.lobbies.is_none() {
        lobbies.set_opener(opener(catalog));
    }
    Ok(lobbies)
}

/// Takes up what was stored when the program stopped.
fn restore(task: &mut HubTask, data: &Path, catalog: Catalog) -> Result<(), StartError> {
    let connection = store::open_to_read(data)?;
    for (lobby, config) in store::lobbies(&connection)? {
        // An environment that this build does not have any more has no lobby either.
        if let Ok(config) = completed(config, catalog) {
            task.lobbies.reopen(lobby, config);
        }
    }
    let restored = store::restored(&connection)?;
    for (kept, _) in &restored.matches {
        let match_id = &kept.facts.match_id;
        let (batches, seats) = (store::batches(&connection, match_id)?, store::seats(&connection, match_id)?);
        let history = History::restored(match_id, &batches, &seats);
        task.rooms.open(kept.facts.clone(), history);
    }
    for row in store::unjudged(&connection)? {
        task.judge.match_over(row.kept.facts.match_id, None);
    }
    let outputs = task.lobbies.restore(now_ms(), restored);
    task.carry_out(outputs);
    Ok(())
}

/// Takes connections, up to a number of them, until the server stops.
async fn accept(listener: TcpListener, app: App, most: usize, mut stopped: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(most));
    let router = router(app.clone());
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => {
                    // No file handles left, as a rule: in a moment there are some.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            _ = stopped.changed() => return,
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            app.metrics.refused.fetch_add(1, Ordering::Relaxed);
            continue;
        };
        app.metrics.connections.fetch_add(1, Ordering::Relaxed);
        let _ = stream.set_nodelay(true);
        let service = TowerToHyperService::new(router.clone());
        let mut stopped = stopped.clone();
        tokio::spawn(async move {
            let stream = Placed { stream, _place: place };
            let mut builder = hyper::server::conn::http1::Builder::new();
            builder.timer(TokioTimer::new()).header_read_timeout(HEADER_LIMIT);
            let connection = builder.serve_connection(TokioIo::new(stream), service).with_upgrades();
            tokio::select! {
                _ = connection => {}
                _ = stopped.changed() => {}
            }
        });
    }
}

impl Running {
    /// Stops: everybody is told to come back, and what was confirmed is on disk when it returns.
    pub async fn stop(self) {
        let told = timeout(STOP_LIMIT, self.hub.ask(Input::Stop)).await;
        drop(told);
        // The close frames are on their way.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let _ = self.stop.send(true);
        let _ = timeout(STOP_LIMIT, self.accepting).await;
        let _ = timeout(STOP_LIMIT, self.task).await;
        self.watching.stop();
        self.judge.stop();
        self.writer.stop();
        let (joined, all_joined) = oneshot::channel();
        std::thread::spawn(move || {
            for thread in self.threads {
                let _ = thread.join();
            }
            let _ = joined.send(());
        });
        let _ = timeout(Duration::from_secs(30), all_joined).await;
    }
}
