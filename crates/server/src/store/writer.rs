//! The thread that writes: whatever has come since it wrote last goes into one transaction, and is acknowledged when that is on disk.
use std::collections::HashSet;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, TryRecvError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::Notify;

use super::{Backend, BatchWrite, OnDisk, StoreError, Write};

/// The most that goes into one transaction.
const MOST_AT_ONCE: usize = 2_000;
/// A store that has refused frames of so many matches takes no more.
const MOST_BROKEN: usize = 10_000;

enum Job {
    Write(Write, Option<OnDisk>),
    Stop,
}

/// Where everybody puts what is to be stored. It never waits: what is not written yet is counted.
#[derive(Clone)]
pub(crate) struct Writer {
    jobs: mpsc::Sender<Job>,
    state: Arc<State>,
}

/// How the store is, as the thread says.
#[derive(Default)]
struct State {
    pending: AtomicUsize,
    broken: AtomicBool,
    lost: Notify,
}

/// How long what cannot be written now is left before it is tried again, and how often once the program stops.
#[derive(Clone, Copy)]
struct Patience {
    pause: Duration,
    tries_at_stop: u32,
}

const PATIENCE: Patience = Patience { pause: Duration::from_millis(500), tries_at_stop: 4 };

type Writes = Vec<(Write, Option<OnDisk>)>;

/// What came of some writes.
#[derive(Debug)]
enum Outcome {
    /// All of it is on disk, but for what was refused.
    Written,
    /// Some of it cannot be written now.
    Waits(StoreError),
    /// Nothing more can be written here.
    Lost,
}

/// What is stored lacks this for good.
#[derive(Debug, Default)]
struct Losses {
    /// Something was refused.
    refused: bool,
    /// The matches of which frames were refused, where nobody takes them up from the store: what is stored of them ends before that.
    matches: HashSet<String>,
}

impl Losses {
    /// Takes out what would come after frames that are not there.
    fn drop_what_follows(&self, writes: &mut Writes) {
        if self.matches.is_empty() {
            return;
        }
        writes.retain(|(write, _)| !matches!(write, Write::Batch(batch) if self.matches.contains(&batch.match_id)));
        for (write, _) in writes {
            // The match is over all the same.
            if let Write::Tail { match_id, new } = write
                && self.matches.contains(match_id)
            {
                *new = None;
            }
        }
    }

    /// Something is refused. Gives whether anything can be written after it.
    fn refuse(&mut self, write: &Write, is_shared: bool) -> bool {
        self.refused = true;
        if is_shared {
            return !write.is_needed();
        }
        if let Write::Batch(BatchWrite { match_id, .. }) | Write::Tail { match_id, .. } = write {
            self.matches.insert(match_id.clone());
        }
        self.matches.len() <= MOST_BROKEN
    }
}

/// The thread's own.
struct Writing {
    backend: Box<dyn Backend>,
    jobs: mpsc::Receiver<Job>,
    state: Arc<State>,
    patience: Patience,
    /// What cannot be written now, in order, and before all that comes.
    waiting: Writes,
    losses: Losses,
    /// What comes after the loss is not written, and so nobody is told that it was.
    over: bool,
}

impl Writer {
    /// Starts the thread.
    pub(crate) fn start(backend: Box<dyn Backend>) -> io::Result<(Self, JoinHandle<()>)> {
        Self::start_with(backend, PATIENCE)
    }

    fn start_with(backend: Box<dyn Backend>, patience: Patience) -> io::Result<(Self, JoinHandle<()>)> {
        let (jobs, receiver) = mpsc::channel();
        let state = Arc::<State>::default();
        let writing = Writing {
            backend,
            jobs: receiver,
            state: Arc::clone(&state),
            patience,
            waiting: Vec::new(),
            losses: Losses::default(),
            over: false,
        };
        let thread = std::thread::Builder::new().name("store".to_owned()).spawn(move || writing.run())?;
        Ok((Self { jobs, state }, thread))
    }

    /// Stores something; `on_disk` is called once it is.
    pub(crate) fn write(&self, write: Write, on_disk: Option<OnDisk>) {
        self.state.pending.fetch_add(1, Ordering::AcqRel);
        if self.jobs.send(Job::Write(write, on_disk)).is_err() {
            self.state.broken.store(true, Ordering::Release);
        }
    }

    /// Writes what is left, and ends.
    pub(crate) fn stop(&self) {
        self.state.pending.fetch_add(1, Ordering::AcqRel);
        let _ = self.jobs.send(Job::Stop);
    }

    /// How much is not written yet.
    pub(crate) fn pending(&self) -> usize {
        self.state.pending.load(Ordering::Acquire)
    }

    /// Waits until nothing more can be written: the lobby has to be somebody else's, or taken up anew.
    pub(crate) async fn lost(&self) {
        self.state.lost.notified().await;
    }

    /// Whether something could not be written, or waits for that.
    pub(crate) fn broken(&self) -> bool {
        self.state.broken.load(Ordering::Acquire)
    }
}

impl Writing {
    fn run(mut self) {
        let mut tries_left = None;
        loop {
            let waited = !self.waiting.is_empty();
            let mut job = if waited {
                std::thread::sleep(self.patience.pause);
                self.jobs.try_recv()
            } else {
                self.jobs.recv().map_err(|_| TryRecvError::Disconnected)
            };
            while let Ok(Job::Write(write, on_disk)) = job {
                self.waiting.push((write, on_disk));
                job = self.jobs.try_recv();
            }
            // Nothing comes after either.
            if !matches!(job, Err(TryRecvError::Empty)) {
                tries_left.get_or_insert(self.patience.tries_at_stop);
            }
            if let Ok(Job::Stop) = job {
                self.state.pending.fetch_sub(1, Ordering::AcqRel);
            }
            self.write(waited);
            match tries_left.as_mut() {
                None => {}
                Some(_) if self.waiting.is_empty() => return,
                Some(0) => {
                    eprintln!("palaestra-server: stopped with {} writes that the store has not", self.waiting.len());
                    return;
                }
                Some(left) => *left -= 1,
            }
        }
    }

    /// Writes what waits, as far as that can be; whether something had waited before was told then.
    fn write(&mut self, waited: bool) {
        while !self.waiting.is_empty() {
            let later = self.waiting.split_off(self.waiting.len().min(MOST_AT_ONCE));
            let now = std::mem::replace(&mut self.waiting, later);
            let count = now.len();
            let (outcome, left) = if self.over {
                (Outcome::Lost, Vec::new())
            } else {
                write_together(&mut *self.backend, now, &mut self.losses)
            };
            self.state.pending.fetch_sub(count - left.len(), Ordering::AcqRel);
            self.waiting.splice(0..0, left);
            match outcome {
                Outcome::Written => {}
                Outcome::Waits(error) => {
                    if !waited {
                        eprintln!("palaestra-server: {error}; what is to be written waits");
                    }
                    break;
                }
                Outcome::Lost => {
                    if !std::mem::replace(&mut self.over, true) {
                        self.state.lost.notify_one();
                    }
                }
            }
        }
        if waited && self.waiting.is_empty() && !self.over {
            eprintln!("palaestra-server: the store can be written again, and has what waited");
        }
        self.state.broken.store(self.losses.refused || self.over || !self.waiting.is_empty(), Ordering::Release);
    }
}

/// Writes all in one transaction; where something in it cannot be written, each in its own, so that it takes nothing else with it.
/// What was not written is not acknowledged, and nothing that rests on it: its senders keep it. Gives what can be written later, in order.
fn write_together(backend: &mut dyn Backend, mut writes: Writes, losses: &mut Losses) -> (Outcome, Writes) {
    losses.drop_what_follows(&mut writes);
    if writes.is_empty() {
        return (Outcome::Written, writes);
    }
    match (backend.write(&writes), writes.as_slice()) {
        (Ok(()), _) => {
            writes.iter_mut().filter_map(|(_, on_disk)| on_disk.take()).for_each(|done| done());
            (Outcome::Written, Vec::new())
        }
        (Err(error), _) if error.is_passing() => (Outcome::Waits(error), writes),
        (Err(error), _) if error.is_final() => {
            eprintln!("palaestra-server: {error}");
            losses.refused = true;
            (Outcome::Lost, Vec::new())
        }
        (Err(error), [(write, _)]) => {
            eprintln!("palaestra-server: {error}");
            let goes_on = losses.refuse(write, backend.is_shared());
            (if goes_on { Outcome::Written } else { Outcome::Lost }, Vec::new())
        }
        (Err(_), _) => {
            let mut rest = writes.into_iter();
            while let Some(write) = rest.next() {
                let (outcome, left) = write_together(backend, vec![write], losses);
                if !matches!(outcome, Outcome::Written) {
                    return (outcome, left.into_iter().chain(rest).collect());
                }
            }
            (Outcome::Written, Vec::new())
        }
    }
}

#[cfg(test)]
#[path = "writer_tests.rs"]
mod tests;
