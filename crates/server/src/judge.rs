//! Plays again what was confirmed, with the environments of this program: when a match is over, and where the sides of a running one
//! differ or one of them needs a state. Each has a thread: replays of what is over may take long, and whoever plays waits behind none.
use std::cmp::Ordering;
use std::sync::{Arc, atomic, mpsc};
use std::thread::{self, JoinHandle};

use palaestra_env::catalog::Catalog;
use palaestra_lobby::message::{ModelActions, SeatDifference};
use palaestra_lobby::{Event, Keep, MatchFacts, SocketId, Verified};
use palaestra_protocol::server::{FromServer, StateWhy};
use palaestra_rollback::MOST_EPOCHS;
use serde_json::json;

use crate::clock::now_ms;
use crate::history::Difference;
use crate::hub::Hub;
use crate::models::Models;
use crate::replay::Replay;
use crate::rooms::{Room, lock};
use crate::store::{Database, Reader, StoreError, Which, Write, Writer};
use crate::upto::{Followed, follow};

/// The event of a match that was brought to the true state under the next epoch.
const RESYNCHRONISED: &str = "resynchronised";

/// The epoch that a match is in, from what happened in it.
pub(crate) fn epoch_of(events: &[(i64, String)]) -> u32 {
    let epoch = |json: &str| {
        let event: serde_json::Value = serde_json::from_str(json).ok()?;
        let found = event.get("event")?.as_str()? == RESYNCHRONISED;
        u32::try_from(event.get("epoch")?.as_u64()?).ok().filter(|_| found)
    };
    events.iter().filter_map(|(_, json)| epoch(json)).max().unwrap_or(0)
}

/// A match is over, and all of it is on disk.
struct Over {
    match_id: String,
    room: Option<Arc<Room>>,
}

/// What a running match waits for.
enum Case {
    /// The states of two sides differ at a frame, which is on disk.
    Differs(Arc<Room>, u32),
    /// A seat's socket says that the states differ in this epoch, and waits. What the side had confirmed before is on disk.
    Desync(Arc<Room>, (u8, SocketId), u32),
    /// A seat is to get a state to go on from, if whoever asked is still there.
    State(Arc<Room>, u8),
    /// The program stops.
    Stop,
}

/// What becomes of a side's word that states differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Renewal {
    /// It is of an epoch that is over: another side said so before.
    Late,
    /// It is of no epoch of this match.
    Unknown,
    /// All go on under this epoch.
    Next(u32),
    /// They have differed too often.
    Never,
}

fn renewal(at: u32, claimed: u32) -> Renewal {
    match claimed.cmp(&at) {
        Ordering::Less => Renewal::Late,
        Ordering::Greater => Renewal::Unknown,
        Ordering::Equal if at >= MOST_EPOCHS => Renewal::Never,
        Ordering::Equal => Renewal::Next(at + 1),
    }
}

/// Where cases are brought.
#[derive(Clone)]
pub(crate) struct Judge {
    cases: mpsc::Sender<Case>,
    /// Nothing: the program stops.
    over: mpsc::Sender<Option<Over>>,
    writer: Writer,
}

/// What each thread has.
#[derive(Clone)]
pub(crate) struct Bench {
    pub(crate) database: Database,
    pub(crate) catalog: Catalog,
    pub(crate) models: Models,
    pub(crate) hub: Hub,
}

impl Judge {
    /// Starts the threads.
    pub(crate) fn start(bench: Bench, writer: Writer) -> std::io::Result<(Self, [JoinHandle<()>; 2])> {
        let (cases, receiver) = mpsc::channel();
        let (over, ended) = mpsc::channel::<Option<Over>>();
        let (of_over, of_running) = (bench.clone(), writer.clone());
        let running = thread::Builder::new().name("judge".to_owned()).spawn(move || {
            while let Ok(case) = receiver.recv() {
                let done = match case {
                    Case::Stop => return,
                    Case::Differs(room, frame) => bench.resynchronise(room, frame, &of_running),
                    Case::Desync(room, asks, epoch) => bench.renew(room, asks, epoch, &of_running),
                    Case::State(room, seat) => bench.bring(&room, seat),
                };
                done.unwrap_or_else(tell);
            }
        })?;
        let judge = Self { cases, over, writer: writer.clone() };
        let over = thread::Builder::new().name("judge-over".to_owned()).spawn(move || {
            // A case of the same match that is still on the other thread changes nothing of what the replay finds, which reads batches,
            // who left, and what the history was found to differ in: all of it is there when the match is over.
            while let Ok(Some(over)) = ended.recv() {
                of_over.over(&over, &writer).unwrap_or_else(tell);
            }
        })?;
        Ok((judge, [running, over]))
    }

    /// A match is over: what is left of it is stored, then it is played again.
    pub(crate) fn match_over(&self, match_id: String, room: Option<Arc<Room>>) {
        let new = room.as_ref().and_then(|room| lock(&room.history).tail());
        let over = self.over.clone();
        let tail = Write::Tail { match_id: match_id.clone(), new };
        self.writer.write(tail, Some(Box::new(move || drop(over.send(Some(Over { match_id, room }))))));
    }

    /// Two sides' states differ at a frame: who is right is computed once it is on disk.
    pub(crate) fn differs(&self, room: Arc<Room>, frame: u32) {
        let cases = self.cases.clone();
        let barrier = Write::Tail { match_id: room.facts.match_id.clone(), new: None };
        self.writer.write(barrier, Some(Box::new(move || drop(cases.send(Case::Differs(room, frame))))));
    }

    /// The sides' states differ, as they say themselves: all go on from what was confirmed.
    pub(crate) fn desync(&self, room: Arc<Room>, asks: (u8, SocketId), epoch: u32) {
        let cases = self.cases.clone();
        let barrier = Write::Tail { match_id: room.facts.match_id.clone(), new: None };
        self.writer.write(barrier, Some(Box::new(move || drop(cases.send(Case::Desync(room, asks, epoch))))));
    }

    /// Brings a seat to the present, whose socket asks for it.
    pub(crate) fn bring(&self, room: &Arc<Room>, seat: u8, socket: SocketId) {
        if room.want_state(seat, socket) {
            drop(self.cases.send(Case::State(Arc::clone(room), seat)));
        }
    }

    pub(crate) fn stop(&self) {
        drop(self.cases.send(Case::Stop));
        drop(self.over.send(None));
    }
}

fn tell(error: StoreError) {
    eprintln!("palaestra-server: {error}");
}

impl Bench {
    /// Plays a match again that is over, and stores what is found before anybody is told.
    fn over(&self, Over { match_id, room }: &Over, writer: &Writer) -> Result<(), StoreError> {
        let verified = self.judge(match_id, room.as_deref())?;
        if let Some(actions) = verified.model_actions {
            let json = json!({ "event": "verified", "model_actions": actions }).to_string();
            let event = Keep::MatchEvent { match_id: match_id.clone(), at_ms: now_ms(), json };
            writer.write(Write::Keep(vec![event]), None);
        }
        let (hub, told) = (self.hub.clone(), verified.clone());
        let tell = move || hub.event_from_thread(Event::Verified(told));
        writer.write(Write::Verified(verified), Some(Box::new(tell)));
        Ok(())
    }

    /// Plays a match again.
    fn judge(&self, match_id: &str, room: Option<&Room>) -> Result<Verified, StoreError> {
        let mut reader = self.database.reader()?;
        let row = reader.matches(Which::One(match_id))?.pop();
        let row = row.ok_or_else(|| StoreError::Form(format!("expected match {match_id}, found none of that name")))?;
        let batches = reader.batches(match_id)?;
        let mut verified = Verified {
            match_id: match_id.to_owned(),
            frames: 0,
            verified: None,
            difference: None,
            seats_differ: Vec::new(),
            model_actions: None,
        };
        // Of a room that was closed with its program, what was stored of its differences.
        let differing: Vec<(u8, u32, Difference)> = match room {
            Some(room) => lock(&room.history).differing(),
            None => reader
                .seats(match_id)?
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
                if replay.difference.is_none() {
                    self.look_at_models(&mut *reader, &row.kept.facts, &mut verified)?;
                }
            }
        }
        Ok(verified)
    }

    /// Computes again what the models of a match did, where they are here.
    fn look_at_models(
        &self,
        reader: &mut dyn Reader,
        facts: &MatchFacts,
        verified: &mut Verified,
    ) -> Result<(), StoreError> {
        if facts.models.is_empty() {
            return Ok(());
        }
        if !self.models.have(facts) {
            verified.model_actions = Some(ModelActions::Recorded);
            return Ok(());
        }
        verified.model_actions = Some(ModelActions::Recomputed);
        let followed = follow(reader, (self.catalog, &self.models), facts, |_, _| {})?;
        if let Some((frame, seat)) = followed.model_differs() {
            let problem = format!("frame {frame}: seat {seat}: expected what its model decides, found another action");
            (verified.verified, verified.difference) = (Some(false), Some(problem));
        }
        Ok(())
    }

    /// Says who is wrong, and brings everybody to the true state under the next epoch.
    fn resynchronise(&self, room: Arc<Room>, frame: u32, writer: &Writer) -> Result<(), StoreError> {
        let mut reader = self.database.reader()?;
        let mut truth = None;
        let followed = follow(&mut *reader, (self.catalog, &self.models), &room.facts, |at, hash| {
            if at == frame {
                truth = Some(hash);
            }
        })?;
        let Some(truth) = truth else { return Ok(()) };
        let (stored, differing) = {
            let history = lock(&room.history);
            (history.hash_of(frame), history.differing())
        };
        let others =
            differing.iter().filter(|(_, at, _)| *at == frame).fold(0_u8, |bits, (seat, ..)| bits | 1 << (seat & 7));
        let people = 1_u8.checked_shl(room.seats().into()).map_or(u8::MAX, |bit| bit - 1);
        let wrong = if stored == Some(truth) { others } else { people & !others };
        room.to_seats(&FromServer::Differs { seats: wrong, frame }, |_| true);
        let epoch = room.epoch.fetch_add(1, atomic::Ordering::AcqRel).saturating_add(1);
        all_go_on(
            room,
            &followed,
            epoch,
            json!({ "event": RESYNCHRONISED, "epoch": epoch, "frame": frame, "seats": wrong }),
            writer,
        );
        Ok(())
    }

    /// Brings everybody to the last confirmed state under the next epoch: once, however many sides ask for it. Who asks on a connection
    /// that came after that gets the state of the present epoch.
    fn renew(
        &self,
        room: Arc<Room>,
        (seat, socket): (u8, SocketId),
        epoch: u32,
        writer: &Writer,
    ) -> Result<(), StoreError> {
        let next = match renewal(room.epoch.load(atomic::Ordering::Acquire), epoch) {
            Renewal::Late if room.missed(seat, socket) && room.want_state(seat, socket) => {
                return self.bring(&room, seat);
            }
            Renewal::Late | Renewal::Unknown => return Ok(()),
            Renewal::Never => {
                self.hub.event_from_thread(Event::Desync { match_id: room.facts.match_id.clone() });
                return Ok(());
            }
            Renewal::Next(next) => next,
        };
        let mut reader = self.database.reader()?;
        let followed = follow(&mut *reader, (self.catalog, &self.models), &room.facts, |_, _| {})?;
        room.epoch.store(next, atomic::Ordering::Release);
        let frame = followed.frame();
        all_go_on(room, &followed, next, json!({ "event": RESYNCHRONISED, "epoch": next, "frame": frame }), writer);
        Ok(())
    }

    /// Sends a state, and all that was confirmed after it, to whoever asked for it last.
    fn bring(&self, room: &Room, seat: u8) -> Result<(), StoreError> {
        if !room.wants_state(seat) {
            return Ok(());
        }
        let followed = self
            .database
            .reader()
            .and_then(|mut reader| follow(&mut *reader, (self.catalog, &self.models), &room.facts, |_, _| {}));
        // Where there is none, it may be asked for again.
        let asked = room.take_wanted(seat);
        let (followed, Some(outgoing)) = (followed?, asked) else { return Ok(()) };
        let epoch = room.epoch.load(atomic::Ordering::Acquire);
        outgoing.bytes(followed.message(StateWhy::Asked, epoch, &mut Vec::new()).write());
        for message in lock(&room.history).since(followed.frame()).unwrap_or_default() {
            outgoing.bytes(message);
        }
        Ok(())
    }
}

/// Sends every seat the state from which all go on under this epoch, and notes it.
fn all_go_on(room: Arc<Room>, followed: &Followed, epoch: u32, event: serde_json::Value, writer: &Writer) {
    let state = followed.message(StateWhy::Resynchronise, epoch, &mut Vec::new()).write();
    room.note_renewed();
    let (match_id, at_ms) = (room.facts.match_id.clone(), now_ms());
    let event = Keep::MatchEvent { match_id, at_ms, json: event.to_string() };
    // On disk before anybody has it: whoever takes the match up again goes on with this epoch.
    let send = move || {
        if let Ok(state) = FromServer::read(&state) {
            room.to_seats(&state, |_| true);
        }
    };
    writer.write(Write::Keep(vec![event]), Some(Box::new(send)));
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
