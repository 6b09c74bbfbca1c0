//! Plays again what was confirmed, with the environments of this program, on a thread of its own: when a match is over, and where the sides
//! of a running one differ.
use std::path::PathBuf;
use std::sync::{Arc, mpsc};

use palaestra_env::catalog::Catalog;
use palaestra_lobby::message::SeatDifference;
use palaestra_lobby::{Event, Verified};

use crate::history::Difference;
use crate::hub::Hub;
use crate::replay::Replay;
use crate::rooms::{Room, lock};
use crate::store::{self, StoreError, Write, Writer};

enum Case {
    /// A match is over, and all of it is on disk.
    Over(String, Option<Arc<Room>>),
    /// The program stops.
    Stop,
}

/// Where cases are brought.
#[derive(Clone)]
pub(crate) struct Judge {
    cases: mpsc::Sender<Case>,
    writer: Writer,
}

/// What the thread has.
pub(crate) struct Bench {
    pub(crate) data: PathBuf,
    pub(crate) catalog: Catalog,
    pub(crate) hub: Hub,
}

impl Judge {
    /// Starts the thread.
    pub(crate) fn start(bench: Bench, writer: Writer) -> std::io::Result<(Self, std::thread::JoinHandle<()>)> {
        let (cases, receiver) = mpsc::channel();
        let of_thread = writer.clone();
        let thread = std::thread::Builder::new().name("judge".to_owned()).spawn(move || {
            while let Ok(Case::Over(match_id, room)) = receiver.recv() {
                match bench.judge(&match_id, room.as_deref()) {
                    Ok(verified) => {
                        let (hub, told) = (bench.hub.clone(), verified.clone());
                        of_thread.write(Write::Verified(verified), Some(Box::new(move || hub.event_from_thread(Event::Verified(told)))));
                    }
                    Err(error) => eprintln!("palaestra-server: {match_id}: {error}"),
                }
            }
        })?;
        Ok((Self { cases, writer }, thread))
    }

    /// A match is over: what is left of it is stored, then it is played again.
    pub(crate) fn match_over(&self, match_id: String, room: Option<Arc<Room>>) {
        let new = room.as_ref().and_then(|room| lock(&room.history).tail());
        let cases = self.cases.clone();
        let tail = Write::Tail { match_id: match_id.clone(), new };
        self.writer.write(tail, Some(Box::new(move || drop(cases.send(Case::Over(match_id, room))))));
    }

    pub(crate) fn stop(&self) {
        drop(self.cases.send(Case::Stop));
    }
}

impl Bench {
    /// Plays a match again.
    fn judge(&self, match_id: &str, room: Option<&Room>) -> Result<Verified, StoreError> {
        let connection = store::open_to_read(&self.data)?;
        let row = store::one_match(&connection, match_id)?;
        let row = row.ok_or_else(|| StoreError::Form(format!("expected match {match_id}, found none of that name")))?;
        let batches = store::batches(&connection, match_id)?;
        let mut verified =
            Verified { match_id: match_id.to_owned(), frames: 0, verified: None, difference: None, seats_differ: Vec::new() };
        // Of a room that was closed with its program, what was stored of its differences.
        let differing: Vec<(u8, u32, Difference)> = match room {
            Some(room) => lock(&room.history).differing(),
            None => store::seats(&connection, match_id)?
                .into_iter()
                .filter_map(|(seat, _, frame)| Some((seat, frame?, Difference::Actions)))
                .collect(),
        };
        if batches.is_empty() {
            return Ok(verified);
        }
        match Replay::new(self.catalog, &row.kept.facts) {
            Err(problem) => verified.difference = Some(problem),
            Ok(mut replay) => {
                let mut wrong = Vec::new();
                replay.play(&batches, |frame, found| {
                    for (seat, _, how) in differing.iter().filter(|(_, at, _)| *at == frame) {
                        let stored = room.and_then(|room| lock(&room.history).hash_of(frame));
                        // Where the stored state is the true one, it is the others' that is wrong.
                        if *how == Difference::Actions || stored.is_none_or(|stored| stored == found) {
                            wrong.push(SeatDifference { seat: *seat, frame });
                        }
                    }
                });
                verified.frames = replay.frames;
                verified.verified = Some(replay.difference.is_none());
                verified.difference = replay.told();
                verified.seats_differ = wrong;
            }
        }
        Ok(verified)
    }
}
