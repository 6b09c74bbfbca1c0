//! The thread that writes: whatever has come since it wrote last goes into one transaction, and is acknowledged when that is on disk.
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;

use tokio::sync::Notify;

use super::{Backend, OnDisk, Write};

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
    pending: Arc<AtomicUsize>,
    broken: Arc<AtomicBool>,
    lost: Arc<Notify>,
}

/// What came of some writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// All of it is on disk.
    Written,
    /// Some of it could not be written.
    Refused,
    /// Nothing more can be written here.
    Lost,
}

impl Writer {
    /// Starts the thread.
    pub(crate) fn start(mut backend: Box<dyn Backend>) -> io::Result<(Self, JoinHandle<()>)> {
        let (jobs, receiver) = mpsc::channel();
        let pending = Arc::new(AtomicUsize::new(0));
        let broken = Arc::new(AtomicBool::new(false));
        let lost = Arc::new(Notify::new());
        let writer = Self { jobs, pending: Arc::clone(&pending), broken: Arc::clone(&broken), lost: Arc::clone(&lost) };
        let run = move || {
            let mut over = false;
            while let Ok(first) = receiver.recv() {
                let mut jobs = vec![first];
                jobs.extend(receiver.try_iter().take(MOST_AT_ONCE));
                let count = jobs.len();
                let stop = jobs.iter().any(|job| matches!(job, Job::Stop));
                let writes: Vec<_> = jobs
                    .into_iter()
                    .filter_map(|job| match job {
                        Job::Write(write, on_disk) => Some((write, on_disk)),
                        Job::Stop => None,
                    })
                    .collect();
                // What comes after the loss is not written, and so nobody is told that it was.
                let outcome = if over { Outcome::Lost } else { write_together(&mut *backend, writes) };
                if outcome != Outcome::Written {
                    broken.store(true, Ordering::Release);
                }
                if outcome == Outcome::Lost && !std::mem::replace(&mut over, true) {
                    lost.notify_one();
                }
                pending.fetch_sub(count, Ordering::AcqRel);
                if stop {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("store".to_owned()).spawn(run)?;
        Ok((writer, thread))
    }

    /// Stores something; `on_disk` is called once it is.
    pub(crate) fn write(&self, write: Write, on_disk: Option<OnDisk>) {
        self.pending.fetch_add(1, Ordering::AcqRel);
        if self.jobs.send(Job::Write(write, on_disk)).is_err() {
            self.broken.store(true, Ordering::Release);
        }
    }

    /// Writes what is left, and ends.
    pub(crate) fn stop(&self) {
        self.pending.fetch_add(1, Ordering::AcqRel);
        let _ = self.jobs.send(Job::Stop);
    }

    /// How much is not written yet.
    pub(crate) fn pending(&self) -> usize {
        self.pending.load(Ordering::Acquire)
    }

    /// Waits until nothing more can be written: the lobby has to be somebody else's, or taken up anew.
    pub(crate) async fn lost(&self) {
        self.lost.notified().await;
    }

    /// Whether something could not be written.
    pub(crate) fn broken(&self) -> bool {
        self.broken.load(Ordering::Acquire)
    }
}

/// Writes all in one transaction; where something in it cannot be written, each in its own, so that it takes nothing else with it.
/// What was not written is not acknowledged: its senders keep it.
fn write_together(backend: &mut dyn Backend, mut writes: Vec<(Write, Option<OnDisk>)>) -> Outcome {
    match backend.write(&writes) {
        Ok(()) => {
            writes.iter_mut().filter_map(|(_, on_disk)| on_disk.take()).for_each(|done| done());
            Outcome::Written
        }
        Err(error) if error.is_final() || writes.len() <= 1 => {
            eprintln!("palaestra-server: {error}");
            if error.is_final() { Outcome::Lost } else { Outcome::Refused }
        }
        Err(_) => {
            let mut outcome = Outcome::Written;
            for write in writes {
                match write_together(backend, vec![write]) {
                    Outcome::Written => {}
                    Outcome::Refused => outcome = Outcome::Refused,
                    Outcome::Lost => return Outcome::Lost,
                }
            }
            outcome
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{BatchWrite, Database, NewFrames};
    use std::sync::Mutex;

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
        assert_eq!(write_together(&mut *backend, writes), Outcome::Refused);
        let stored = database.reader().unwrap().events("m").unwrap();
        assert!(stored.iter().map(|(_, json)| json.as_str()).eq(["a", "b", "d"]), "{stored:?}");
        std::fs::remove_dir_all(&data).unwrap();
    }
}
