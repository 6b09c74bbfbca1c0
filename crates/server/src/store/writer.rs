//! The thread that writes: whatever has come since it wrote last goes into one transaction, and is acknowledged when that is on disk.
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;

use palaestra_lobby::{EndedSession, Keep, KeptMatch};
use palaestra_session::State;
use rusqlite::{Connection, TransactionBehavior, params};

use super::{BatchWrite, NewFrames, OnDisk, StoreError, Write, schema};

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
}

impl Writer {
    /// Opens the store of a data folder and starts the thread.
    pub(crate) fn start(data: &Path) -> Result<(Self, JoinHandle<()>), StoreError> {
        let mut connection = schema::open(data)?;
        let (jobs, receiver) = mpsc::channel();
        let pending = Arc::new(AtomicUsize::new(0));
        let broken = Arc::new(AtomicBool::new(false));
        let writer = Self { jobs, pending: Arc::clone(&pending), broken: Arc::clone(&broken) };
        let run = move || {
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
                if !write_together(&mut connection, writes) {
                    broken.store(true, Ordering::Release);
                }
                pending.fetch_sub(count, Ordering::AcqRel);
                if stop {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("store".to_owned()).spawn(run);
        let thread = thread.map_err(|error| StoreError::Io(data.to_owned(), error))?;
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

    /// Whether something could not be written.
    pub(crate) fn broken(&self) -> bool {
        self.broken.load(Ordering::Acquire)
    }
}

/// Writes all in one transaction; where something in it cannot be written, each in its own, so that it takes nothing else with it.
/// What was not written is not acknowledged: its senders keep it. Gives whether everything was written.
fn write_together(connection: &mut Connection, mut writes: Vec<(Write, Option<OnDisk>)>) -> bool {
    match write_all(connection, &writes) {
        Ok(()) => {
            writes.iter_mut().filter_map(|(_, on_disk)| on_disk.take()).for_each(|done| done());
            true
        }
        Err(error) if writes.len() <= 1 => {
            eprintln!("palaestra-server: {error}");
            false
        }
        Err(_) => writes.into_iter().fold(true, |all, write| write_together(connection, vec![write]) && all),
    }
}

fn write_all(connection: &mut Connection, writes: &[(Write, Option<OnDisk>)]) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    writes.iter().try_for_each(|(write, _)| write_one(&transaction, write))?;
    Ok(transaction.commit()?)
}

fn write_one(connection: &Connection, write: &Write) -> Result<(), StoreError> {
    match write {
        Write::Keep(keep) => keep_one(connection, keep),
        Write::Batch(batch) => write_batch(connection, batch),
        Write::Dissent { match_id, seat, first, items } => {
            connection
                .prepare_cached("INSERT INTO dissent (match, seat, first, items) VALUES (?, ?, ?, ?)")?
                .execute(params![match_id, seat, first, items])?;
            Ok(())
        }
        Write::Facts { match_id, seat, json } => {
            connection
                .prepare_cached(
                    "INSERT INTO seats (match, seat, facts) VALUES (?, ?, ?)
                     ON CONFLICT (match, seat) DO UPDATE SET facts = coalesce(facts, excluded.facts)",
                )?
                .execute(params![match_id, seat, json])?;
            Ok(())
        }
        Write::Tail { match_id, new } => new.iter().try_for_each(|new| write_frames(connection, match_id, new)),
        Write::Verified(verified) => {
            let differ = serde_json::to_string(&verified.seats_differ)?;
            connection
                .prepare_cached(
                    "UPDATE matches SET frames = ?, verified = ?, difference = ?, seats_differ = ?, judged = 1 WHERE match = ?",
                )?
                .execute(params![verified.frames, verified.verified, verified.difference, differ, verified.match_id])?;
            Ok(())
        }
    }
}

fn write_batch(connection: &Connection, batch: &BatchWrite) -> Result<(), StoreError> {
    if let Some(new) = &batch.new {
        write_frames(connection, &batch.match_id, new)?;
    }
    connection
        .prepare_cached(
            "INSERT INTO seats (match, seat, frames, differs) VALUES (?, ?, ?, ?)
             ON CONFLICT (match, seat) DO UPDATE SET
                 frames = max(frames, excluded.frames), differs = coalesce(differs, excluded.differs)",
        )?
        .execute(params![batch.match_id, batch.seat, batch.frames, batch.differs])?;
    Ok(())
}

fn write_frames(connection: &Connection, match_id: &str, new: &NewFrames) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO batches (match, number, first, frames, action_len, items) VALUES (?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![match_id, new.number, new.first, new.frames, new.action_len, new.items])?;
    Ok(())
}

fn keep_one(connection: &Connection, keep: &Keep) -> Result<(), StoreError> {
    match keep {
        Keep::Lobby { lobby, config } => {
            connection
                .prepare_cached("INSERT INTO lobbies (lobby, config) VALUES (?, ?) ON CONFLICT (lobby) DO UPDATE SET config = excluded.config")?
                .execute(params![lobby, serde_json::to_string(&config)?])?;
        }
        Keep::Person(kept) => {
            connection
                .prepare_cached(
                    "INSERT INTO people (lobby, participant, kept) VALUES (?, ?, ?)
                     ON CONFLICT (lobby, participant) DO UPDATE SET kept = excluded.kept",
                )?
                .execute(params![kept.lobby, kept.participant, serde_json::to_string(&kept)?])?;
        }
        Keep::SessionEnded(ended) => session_ended(connection, ended)?,
        Keep::Match(kept) => keep_match(connection, kept)?,
        Keep::MatchEnded { match_id, reason, code, at_ms } => {
            connection
                .prepare_cached("UPDATE matches SET ended_ms = ?, reason = ?, code = ? WHERE match = ?")?
                .execute(params![number(*at_ms), reason.as_str(), code.as_str(), match_id])?;
        }
        Keep::MatchEvent { match_id, at_ms, json } => {
            connection
                .prepare_cached("INSERT INTO events (match, at_ms, event) VALUES (?, ?, ?)")?
                .execute(params![match_id, number(*at_ms), json])?;
        }
    }
    Ok(())
}

fn keep_match(connection: &Connection, kept: &KeptMatch) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO matches (match, lobby, kept, created_ms) VALUES (?, ?, ?, ?)
             ON CONFLICT (match) DO UPDATE SET kept = excluded.kept",
        )?
        .execute(params![
            kept.facts.match_id,
            kept.facts.lobby,
            serde_json::to_string(kept)?,
            number(kept.facts.created_ms)
        ])?;
    Ok(())
}

fn session_ended(connection: &Connection, ended: &EndedSession) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM people WHERE lobby = ? AND participant = ?")?
        .execute(params![ended.lobby, ended.participant])?;
    let (game, seat) = ended.seat.clone().unzip();
    let at = ended.history.iter().find(|step| step.to == State::Ended).map_or(0.0, |step| step.at);
    let played = ended.history.iter().any(|step| step.to == State::Playing);
    connection
        .prepare_cached(
            "INSERT INTO sessions (lobby, participant, match, seat, created_ms, ended_ms, played, reason, code, completion_code,
                 requeued, history) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            ended.lobby,
            ended.participant,
            game,
            seat,
            number(ended.created_ms),
            at as i64,
            played,
            ended.reason.as_str(),
            ended.code.as_str(),
            ended.completion_code,
            ended.requeued,
            serde_json::to_string(&ended.history)?
        ])?;
    Ok(())
}

/// SQLite's integers have a sign.
fn number(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}
