//! The thread that writes: whatever has come since it wrote last goes into one transaction, and is acknowledged when that is on disk.
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, TryRecvError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::Notify;

use super::{Backend, OnDisk, StoreError, Write};

/// The most that goes into one transaction.
const MOST_AT_ONCE: usize = 2_000;

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

/// The thread's own.
struct Writing {
    backend: Box<dyn Backend>,
    jobs: mpsc::Receiver<Job>,
    state: Arc<State>,
    patience: Patience,
    /// What cannot be written now, in order, and before all that comes.
    waiting: Writes,
    /// Something was refused: what is stored lacks it for good.
    refused: bool,
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
            refused: false,
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
                write_together(&mut *self.backend, now, &mut self.refused)
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
        self.state.broken.store(self.refused || self.over || !self.waiting.is_empty(), Ordering::Release);
    }
}

/// Writes all in one transaction; where something in it cannot be written, each in its own, so that it takes nothing else with it.
/// What was not written is not acknowledged: its senders keep it. Gives what can be written later, in order.
fn write_together(backend: &mut dyn Backend, mut writes: Writes, refused: &mut bool) -> (Outcome, Writes) {
    match backend.write(&writes) {
        Ok(()) => {
            writes.iter_mut().filter_map(|(_, on_disk)| on_disk.take()).for_each(|done| done());
            (Outcome::Written, Vec::new())
        }
        Err(error) if error.is_passing() => (Outcome::Waits(error), writes),
        Err(error) if error.is_final() || writes.len() <= 1 => {
            eprintln!("palaestra-server: {error}");
            *refused = true;
            (if error.is_final() { Outcome::Lost } else { Outcome::Written }, Vec::new())
        }
        Err(_) => {
            let mut rest = writes.into_iter();
            while let Some(write) = rest.next() {
                let (outcome, left) = write_together(backend, vec![write], refused);
                if !matches!(outcome, Outcome::Written) {
                    return (outcome, left.into_iter().chain(rest).collect());
                }
            }
            (Outcome::Written, Vec::new())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{BatchWrite, Database, NewFrames};
    use std::sync::Mutex;
    use std::sync::atomic::AtomicU32;
    use std::time::Instant;

    /// SQLite on a disk of so many pages.
    struct Disk {
        file: rusqlite::Connection,
        pages: Arc<AtomicU32>,
    }

    impl Backend for Disk {
        fn write(&mut self, writes: &[(Write, Option<OnDisk>)]) -> Result<(), StoreError> {
            self.file.pragma_update(None, "max_page_count", self.pages.load(Ordering::Acquire))?;
            self.file.write(writes)
        }
    }

    /// A store on a small disk, which three batches do not fit on.
    struct OnFullDisk {
        writer: Writer,
        thread: JoinHandle<()>,
        pages: Arc<AtomicU32>,
        acknowledged: Arc<Mutex<Vec<u32>>>,
    }

    fn on_a_full_disk(data: &std::path::Path) -> OnFullDisk {
        let file = crate::store::sqlite::open(data).unwrap();
        let pages = Arc::new(AtomicU32::new(file.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap()));
        let patience = Patience { pause: Duration::from_millis(20), tries_at_stop: 2 };
        let disk = Disk { file, pages: Arc::clone(&pages) };
        let (writer, thread) = Writer::start_with(Box::new(disk), patience).unwrap();
        let acknowledged = Arc::new(Mutex::new(Vec::new()));
        for number in 0..3 {
            let new = NewFrames { number, first: number * 10, frames: 10, action_len: 1, items: vec![1; 100_000] };
            let batch = BatchWrite { match_id: "m".into(), seat: 0, new: Some(new), frames: 10, differs: None };
            let acknowledged = Arc::clone(&acknowledged);
            writer.write(Write::Batch(batch), Some(Box::new(move || acknowledged.lock().unwrap().push(number))));
        }
        OnFullDisk { writer, thread, pages, acknowledged }
    }

    fn until(what: &str, condition: impl Fn() -> bool) {
        let began = Instant::now();
        while !condition() {
            assert!(began.elapsed() < Duration::from_secs(20), "waited for {what}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn what_a_full_disk_does_not_take_waits_and_is_written_and_acknowledged_when_there_is_room() {
        let data = std::env::temp_dir().join(format!("palaestra-full-{}", std::process::id()));
        let OnFullDisk { writer, thread, pages, acknowledged } = on_a_full_disk(&data);
        until("the disk to be full", || writer.broken());
        assert!(acknowledged.lock().unwrap().is_empty());
        assert_eq!(writer.pending(), 3);
        pages.store(1_000_000, Ordering::Release);
        until("the store to have all", || writer.pending() == 0 && !writer.broken());
        assert_eq!(*acknowledged.lock().unwrap(), [0, 1, 2]);
        writer.stop();
        thread.join().unwrap();
        let stored = Database::new(None, &data).unwrap().reader().unwrap().batches("m").unwrap();
        assert!(stored.iter().map(|batch| batch.first).eq([0, 10, 20]));
        std::fs::remove_dir_all(&data).unwrap();
    }

    #[test]
    fn a_store_on_a_full_disk_ends_when_it_is_told_to_and_nobody_is_told_that_it_has_anything() {
        let data = std::env::temp_dir().join(format!("palaestra-ends-{}", std::process::id()));
        let OnFullDisk { writer, thread, acknowledged, .. } = on_a_full_disk(&data);
        until("the disk to be full", || writer.broken());
        writer.stop();
        until("the thread to end", || thread.is_finished());
        assert!(acknowledged.lock().unwrap().is_empty());
        assert!(Database::new(None, &data).unwrap().reader().unwrap().batches("m").unwrap().is_empty());
        std::fs::remove_dir_all(&data).unwrap();
    }

    #[test]
    fn what_cannot_be_written_is_not_acknowledged_and_takes_nothing_else_with_it() {
        let data = std::env::temp_dir().join(format!("palaestra-store-{}", std::process::id()));
        let database = Database::new(None, &data).unwrap();
        let (writer, thread) = Writer::start(database.backend(None).unwrap()).unwrap();
        let acknowledged = Arc::new(Mutex::new(Vec::new()));
        for (index, number) in [0, 1, 1, 2].into_iter().enumerate() {
            let new = NewFrames { number, first: number * 10, frames: 10, action_len: 1, items: vec![1] };
            let batch = BatchWrite { match_id: "m".into(), seat: 0, new: Some(new), frames: 10, differs: None };
            let acknowledged = Arc::clone(&acknowledged);
            writer.write(Write::Batch(batch), Some(Box::new(move || acknowledged.lock().unwrap().push(index))));
        }
        writer.stop();
        thread.join().unwrap();
        assert_eq!(*acknowledged.lock().unwrap(), [0, 1, 3]);
        assert!(writer.broken());
        assert_eq!(writer.pending(), 0);
        let stored = database.reader().unwrap().batches("m").unwrap();
        assert!(stored.iter().map(|batch| batch.first).eq([0, 10, 20]));
        std::fs::remove_dir_all(&data).unwrap();
    }

    #[test]
    fn what_one_event_changes_is_stored_together_or_not_at_all() {
        use palaestra_lobby::Keep;
        let data = std::env::temp_dir().join(format!("palaestra-together-{}", std::process::id()));
        let database = Database::new(None, &data).unwrap();
        let mut backend = database.backend(None).unwrap();
        let event = |json: &str| Keep::MatchEvent { match_id: "m".into(), at_ms: 1, json: json.into() };
        // Stands for whatever may go wrong in the middle.
        rusqlite::Connection::open(data.join("palaestra.sqlite"))
            .unwrap()
            .execute_batch(
                "CREATE TRIGGER no BEFORE INSERT ON events WHEN new.event = 'no' BEGIN SELECT raise(ABORT, 'no'); END",
            )
            .unwrap();
        let writes = vec![
            (Write::Keep(vec![event("a"), event("b")]), None),
            (Write::Keep(vec![event("c"), event("no")]), None),
            (Write::Keep(vec![event("d")]), None),
        ];
        let mut refused = false;
        let (outcome, left) = write_together(&mut *backend, writes, &mut refused);
        assert!(matches!(outcome, Outcome::Written) && left.is_empty() && refused, "{outcome:?}");
        let stored = database.reader().unwrap().events("m").unwrap();
        assert!(stored.iter().map(|(_, json)| json.as_str()).eq(["a", "b", "d"]), "{stored:?}");
        std::fs::remove_dir_all(&data).unwrap();
    }
}
