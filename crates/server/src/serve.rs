//! The server as a whole: started, and stopped so that nothing that was confirmed is lost.
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use palaestra_env::catalog::Catalog;
use palaestra_lobby::token::{KEY_BYTES, Signer};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::{JoinHandle as Task, spawn_blocking};
use tokio::time::timeout;

use crate::accept::accept;
use crate::app::App;
use crate::arguments::ServeOptions;
use crate::key;
use crate::lead::{Leading, Setup};
use crate::metrics::Metrics;
use crate::role::{self, Roles, take_turns};
use crate::site::Site;
use crate::start_error::StartError;
use crate::store::{Database, Lease};
use crate::uploads::Uploads;

/// How long connections may take to end.
const STOP_LIMIT: Duration = Duration::from_secs(3);

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What the monitor has to know.
    pub monitor_token: String,
    stop: watch::Sender<bool>,
    accepting: Task<()>,
    lobby: Lobby,
}

/// Who looks after the lobby.
enum Lobby {
    /// This process alone.
    Alone(Box<Leading>),
    /// Those on the database, one at a time.
    Shared(watch::Sender<bool>, Task<()>),
}

/// Starts a server. With a database that several share it has started once one of them has the lobby.
///
/// # Errors
/// [`StartError`] with what keeps it from starting.
pub async fn start(options: ServeOptions, catalog: Catalog) -> Result<Running, StartError> {
    let listener = listen(options.listen).map_err(|error| StartError::Listen(options.listen, error))?;
    let address = listener.local_addr().map_err(|error| StartError::Listen(options.listen, error))?;
    let site = options.site.as_deref().map(|folder| Site::new(folder, !options.no_isolation, &options.headers));
    let site = site.transpose().map_err(StartError::Site)?;
    let most_connections = options.most_connections;
    let peer = peer(&options, address);
    let setup = spawn_blocking(move || set_up(options, catalog)).await.map_err(io::Error::other);
    let setup = Arc::new(setup.map_err(StartError::Data)??);
    let uploads = uploads(&setup).await?;
    let origins = setup.options.origins.iter().chain(&setup.options.public_url);
    let app = |roles| App {
        roles,
        metrics: Arc::clone(&setup.metrics),
        signer: setup.signer.clone(),
        monitor_token: setup.monitor_token.as_str().into(),
        origins: origins.map(|origin| origin.trim_end_matches('/').to_owned()).collect(),
        site,
        uploads: uploads.clone(),
    };
    let (stop, stopped) = watch::channel(false);
    let (app, lobby) = match &setup.database {
        Database::Sqlite(_) => {
            let of_task = Arc::clone(&setup);
            let leading = spawn_blocking(move || Leading::start(&of_task, None)).await.map_err(io::Error::other);
            let leading = leading.map_err(StartError::Data)??;
            (app(role::alone(&leading)), Lobby::Alone(Box::new(leading)))
        }
        Database::Postgres(config) => {
            let peer = peer.ok_or(StartError::Peer(address))?;
            let holder = format!("{:016x}", key::random_u64().map_err(StartError::Data)?);
            let lease = Lease::start((**config).clone(), holder, peer).map_err(StartError::Data)?;
            let (sender, roles) = role::shared();
            let (stop, stopped) = watch::channel(false);
            let task = tokio::spawn(take_turns(Arc::clone(&setup), lease, sender, stopped));
            // Whoever hears that the server is there can come.
            let _ = roles.somebody(false, Roles::deadline()).await;
            (app(roles), Lobby::Shared(stop, task))
        }
    };
    let accepting = tokio::spawn(accept(listener, app, most_connections, stopped));
    Ok(Running { address, monitor_token: setup.monitor_token.clone(), stop, accepting, lobby })
}

/// Where other processes reach this one: nowhere where it listens on every address of the machine and was told none.
fn peer(options: &ServeOptions, address: SocketAddr) -> Option<String> {
    options.peer.clone().or_else(|| (!address.ip().is_unspecified()).then(|| address.to_string()))
}

/// Where records of games that people play alone go: to a folder, which processes that share a database do not.
async fn uploads(setup: &Arc<Setup>) -> Result<Option<Arc<Uploads>>, StartError> {
    let most = setup.options.most_games.saturating_mul(1_000_000);
    let (true, Database::Sqlite(data)) = (most > 0, &setup.database) else { return Ok(None) };
    let data = data.clone();
    let opened = spawn_blocking(move || Uploads::open(&data, most)).await.map_err(io::Error::other);
    Ok(Some(Arc::new(opened.and_then(|opened| opened).map_err(StartError::Data)?)))
}

/// What has to be there before anybody has the lobby: the store, and the secrets. Blocks.
fn set_up(options: ServeOptions, catalog: Catalog) -> Result<Setup, StartError> {
    let database = Database::new(options.database.as_deref(), &options.data)?;
    database.prepare()?;
    let kept = |name: &str, make: &dyn Fn() -> io::Result<Vec<u8>>| match &database {
        Database::Sqlite(data) => key::kept(&data.join(name), make).map_err(StartError::Data),
        Database::Postgres(_) => Ok(database.secret(name, &make().map_err(StartError::Data)?)?),
    };
    let key: [u8; KEY_BYTES] = kept("key", &key::new_key)?.try_into().map_err(|found: Vec<u8>| {
        let problem = format!("the key: expected {KEY_BYTES} bytes, found {}", found.len());
        StartError::Data(io::Error::new(io::ErrorKind::InvalidData, problem))
    })?;
    let monitor_token = match options.monitor_token.clone() {
        Some(token) if !token.is_empty() => token,
        _ => String::from_utf8_lossy(&kept("monitor-token", &key::new_token)?).trim().to_owned(),
    };
    let (signer, metrics) = (Signer::new(&key), Arc::new(Metrics::default()));
    Ok(Setup { options, catalog, database, signer, monitor_token, metrics })
}

/// Connections that wait to be taken up: a hundred people in the same second, and thousands after a restart, are not to be sent away by the
/// system. It has a limit of its own, as a rule this one.
const BACKLOG: u32 = 4096;

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // As tokio's own `bind`: the address of a server that was stopped a moment ago can be used again. On Windows that means another thing.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

impl Running {
    /// Stops: everybody is told to come back, and what was confirmed is on disk when it returns.
    pub async fn stop(self) {
        match self.lobby {
            Lobby::Alone(leading) => leading.stop().await,
            Lobby::Shared(stop, task) => {
                let _ = stop.send(true);
                let _ = task.await;
            }
        }
        // The close frames are on their way.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let _ = self.stop.send(true);
        let _ = timeout(STOP_LIMIT, self.accepting).await;
    }
}
