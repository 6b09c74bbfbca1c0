//! Who has the lobby: a row of the database, which its holder renews every second and which others take over when it was not renewed
//! for five. The database's clock alone decides. Each holding has an epoch of its own, and a row of its own says which epoch may write: a
//! process that has lost the lobby without having noticed yet writes nothing. What is renewed and what is checked are two rows, so that
//! neither waits for the other.
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use postgres::{Client, Config};
use tokio::sync::watch;

use super::connection::connect;
use crate::store::StoreError;

/// How often the lease is renewed, or looked at.
const BEAT: Duration = Duration::from_secs(1);
/// How long it holds without being renewed.
const HOLDS: Duration = Duration::from_secs(5);

/// One holding of the lobby by one process. Each has an epoch of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fence {
    pub(super) epoch: i64,
}

/// Who has the lobby, as far as is known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// This process, until then at least.
    Own(Fence, Instant),
    /// The process that the others reach at this address.
    Other(String),
    /// Nobody, or the database cannot be reached.
    Unknown,
}

enum Command {
    GiveUp(Fence),
    Stop,
}

/// The thread that looks after the lease.
pub(crate) struct Lease {
    commands: mpsc::Sender<Command>,
    pub(crate) standing: watch::Receiver<Standing>,
    thread: JoinHandle<()>,
}

impl Lease {
    /// Starts the thread, for a process of this name that the others reach at this address.
    pub(crate) fn start(config: Config, holder: String, address: String) -> std::io::Result<Self> {
        let (commands, receiver) = mpsc::channel();
        let (sender, standing) = watch::channel(Standing::Unknown);
        let keeper = Keeper { config, holder, address, client: None, epoch: None, wait: BEAT, silent: false };
        let thread = std::thread::Builder::new().name("lease".to_owned()).spawn(move || keeper.run(&receiver, &sender));
        Ok(Self { commands, standing, thread: thread? })
    }

    /// Gives this holding up, so that any process may take the lobby, also this one. A later holding stays.
    pub(crate) fn give_up(&self, fence: Fence) {
        let _ = self.commands.send(Command::GiveUp(fence));
    }

    /// Gives the lobby up, if it is this process's, and ends. Blocks until that is done.
    pub(crate) fn stop(self) {
        let _ = self.commands.send(Command::Stop);
        let _ = self.thread.join();
    }
}

struct Keeper {
    config: Config,
    holder: String,
    address: String,
    client: Option<Client>,
    /// The holding that is this process's.
    epoch: Option<i64>,
    /// Until the lease is looked at again.
    wait: Duration,
    /// Whether it has been told that the database cannot be reached.
    silent: bool,
}

impl Keeper {
    fn run(mut self, commands: &mpsc::Receiver<Command>, standing: &watch::Sender<Standing>) {
        loop {
            match self.beat() {
                Ok(found) => {
                    self.silent = false;
                    standing.send_replace(found);
                }
                Err(error) => {
                    self.client = None;
                    if !std::mem::replace(&mut self.silent, true) {
                        eprintln!("palaestra-server: {error}");
                    }
                    // A lobby of one's own is that until its time has passed.
                    if self.epoch.is_none() {
                        standing.send_replace(Standing::Unknown);
                    }
                }
            }
            match commands.recv_timeout(self.wait) {
                Err(RecvTimeoutError::Timeout) => {}
                // It may have been lost, and the lobby taken anew, while it was on its way here.
                Ok(Command::GiveUp(fence)) if self.epoch != Some(fence.epoch) => {}
                Ok(Command::GiveUp(_)) => {
                    self.release();
                    standing.send_replace(Standing::Unknown);
                    // Others come first.
                    std::thread::sleep(BEAT * 2);
                }
                Ok(Command::Stop) | Err(RecvTimeoutError::Disconnected) => return self.release(),
            }
        }
    }

    fn beat(&mut self) -> Result<Standing, StoreError> {
        let began = Instant::now();
        self.wait = BEAT;
        let client = match &mut self.client {
            Some(client) => client,
            none => none.insert(connect(&self.config)?),
        };
        if let Some(epoch) = self.epoch {
            let sql = "UPDATE lease SET until = clock_timestamp() + make_interval(secs => $3)
                       WHERE name = 'lobby' AND holder = $1 AND epoch = $2";
            if client.execute(sql, &[&self.holder, &epoch, &HOLDS.as_secs_f64()])? == 1 {
                return Ok(Standing::Own(Fence { epoch }, began + HOLDS));
            }
            self.epoch = None;
        }
        let sql = "INSERT INTO lease (name, holder, address, epoch, until)
                   VALUES ('lobby', $1, $2, 1, clock_timestamp() + make_interval(secs => $3))
                   ON CONFLICT (name) DO UPDATE SET
                       holder = excluded.holder, address = excluded.address, epoch = lease.epoch + 1, until = excluded.until
                   WHERE lease.until < clock_timestamp()
                   RETURNING epoch";
        let mut transaction = client.transaction()?;
        if let Some(row) = transaction.query_opt(sql, &[&self.holder, &self.address, &HOLDS.as_secs_f64()])? {
            let epoch: i64 = row.try_get(0)?;
            // Waits for what the holder before is just writing. From then on it writes nothing.
            let sql = "INSERT INTO fence (name, epoch) VALUES ('lobby', $1)
                       ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch";
            transaction.execute(sql, &[&epoch])?;
            transaction.commit()?;
            self.epoch = Some(epoch);
            return Ok(Standing::Own(Fence { epoch }, began + HOLDS));
        }
        drop(transaction);
        let sql =
            "SELECT address, extract(epoch FROM until - clock_timestamp())::FLOAT8 FROM lease WHERE name = 'lobby'";
        let Some(row) = client.query_opt(sql, &[])? else { return Ok(Standing::Unknown) };
        let (address, left): (String, f64) = (row.try_get(0)?, row.try_get(1)?);
        // Nobody waits longer than the lease holds.
        self.wait = BEAT.min(Duration::from_secs_f64(left.max(0.0)) + Duration::from_millis(10));
        // One's own address is that of a process that was here before, and whose time has not passed yet.
        Ok(if address == self.address { Standing::Unknown } else { Standing::Other(address) })
    }

    fn release(&mut self) {
        let (Some(epoch), Some(client)) = (self.epoch.take(), &mut self.client) else { return };
        let sql = "UPDATE lease SET until = clock_timestamp() WHERE name = 'lobby' AND holder = $1 AND epoch = $2";
        // Where it does not work, the time passes.
        let _ = client.execute(sql, &[&self.holder, &epoch]);
    }
}
