//! Brings whoever watches a match to its present, on a thread of its own: however many come, neither a player who is to get a state
//! nor a match that is judged waits behind them.
//!
//! The thread follows the matches that were watched last, each by one environment that goes on from where it was. So a match is played
//! once for all who watch it.
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak, mpsc};

use palaestra_env::catalog::Catalog;
use palaestra_lobby::SocketId;
use palaestra_lobby::message::Code;
use palaestra_protocol::server::{FromServer, StateWhy};

use crate::models::Models;
use crate::outgoing::Outgoing;
use crate::rooms::{Room, lock};
use crate::store::{Database, StoreError};
use crate::upto::{Followed, follow};

/// So many may wait to be brought to the present; those who come then are to come again.
const MOST_WAITING: usize = 1_024;
/// So many matches are followed at most, those that were watched last.
const MOST_FOLLOWED: usize = 16;
/// So often is caught up with what came meanwhile, before somebody is let in with the rest.
const ROUNDS: usize = 8;

/// Somebody who comes to watch.
struct Arrival {
    room: Arc<Room>,
    socket: SocketId,
    outgoing: Outgoing,
}

/// Where those who watch are brought.
#[derive(Clone)]
pub(crate) struct Watching {
    arrivals: mpsc::SyncSender<Option<Arrival>>,
}

impl Watching {
    /// Starts the thread.
    pub(crate) fn start(database: Database, catalog: Catalog) -> std::io::Result<(Self, std::thread::JoinHandle<()>)> {
        let (arrivals, receiver) = mpsc::sync_channel::<Option<Arrival>>(MOST_WAITING);
        let thread = std::thread::Builder::new().name("watching".to_owned()).spawn(move || {
            let mut followers = Followers { database, catalog, followed: HashMap::new(), turn: 0 };
            while let Ok(Some(arrival)) = receiver.recv() {
                if let Err(error) = followers.bring(&arrival) {
                    eprintln!("palaestra-server: {error}");
                    arrival.room.leave(arrival.socket);
                    arrival.outgoing.close(Code::ServerError);
                }
            }
        })?;
        Ok((Self { arrivals }, thread))
    }

    /// Somebody has come; the code says why they may not stay.
    pub(crate) fn arrive(&self, room: &Arc<Room>, socket: SocketId, outgoing: &Outgoing) -> Result<(), Code> {
        room.expect_watcher(socket, outgoing)?;
        let arrival = Arrival { room: Arc::clone(room), socket, outgoing: outgoing.clone() };
        self.arrivals.try_send(Some(arrival)).map_err(|error| {
            room.leave(socket);
            match error {
                mpsc::TrySendError::Full(_) => Code::TooMany,
                mpsc::TrySendError::Disconnected(_) => Code::ServerRestarting,
            }
        })
    }

    pub(crate) fn stop(&self) {
        drop(self.arrivals.send(None));
    }
}

/// A match that is followed, for as long as it has its room.
struct Kept {
    room: Weak<Room>,
    followed: Followed,
    turn: u64,
}

struct Followers {
    database: Database,
    catalog: Catalog,
    followed: HashMap<String, Kept>,
    turn: u64,
}

impl Followers {
    /// Sends a state, and what was confirmed after it; from then on whoever watches gets what comes.
    fn bring(&mut self, Arrival { room, socket, outgoing }: &Arrival) -> Result<(), StoreError> {
        // Who is gone by now costs nothing, and neither does a queue of them where the lobby is let go.
        if !room.expects(*socket) {
            return Ok(());
        }
        self.turn += 1;
        self.followed.retain(|_, kept| kept.room.strong_count() > 0);
        let match_id = &room.facts.match_id;
        let known = self.followed.remove(match_id).map(|kept| kept.followed);
        let mut followed = known.map_or_else(|| Followed::begin(self.catalog, &room.facts), Ok)?;
        for _ in 0..ROUNDS {
            // Of its own statement: the history is free while frames are played.
            let news = lock(&room.history).since(followed.frame());
            match news {
                Some(news) if news.is_empty() => break,
                Some(news) => news.iter().try_for_each(|message| followed.take(message))?,
                // So long ago that it is on disk only.
                None => {
                    let mut reader = self.database.reader()?;
                    followed = follow(&mut *reader, (self.catalog, &Models::default()), &room.facts, |_, _| {})?;
                }
            }
        }
        let epoch = room.epoch.load(Ordering::Acquire);
        let mut bytes = Vec::new();
        let state = followed.message(StateWhy::Spectator, epoch, &mut bytes).write();
        {
            // Under the history's lock, so that nothing comes between: what is put into queues is not sent yet.
            let history = lock(&room.history);
            let rest = history.since(followed.frame());
            outgoing.bytes(state);
            for message in rest.into_iter().flatten() {
                outgoing.bytes(message);
            }
            room.admit_watcher(*socket);
        }
        let (room, turn) = (Arc::downgrade(room), self.turn);
        self.followed.insert(match_id.clone(), Kept { room, followed, turn });
        if self.followed.len() > MOST_FOLLOWED {
            let oldest = self.followed.iter().min_by_key(|(_, kept)| kept.turn).map(|(name, _)| name.clone());
            oldest.into_iter().for_each(|name| drop(self.followed.remove(&name)));
        }
        Ok(())
    }
}

/// The first message of whoever watches.
pub(crate) fn welcome(room: &Room) -> Vec<u8> {
    FromServer::Welcome {
        protocol: palaestra_protocol::server::SERVER_PROTOCOL,
        seat: palaestra_protocol::server::SPECTATOR,
        seats: room.seats(),
        epoch: room.epoch.load(Ordering::Acquire),
        frames: room.stored.load(Ordering::Acquire),
        connected: room.connected(),
    }
    .write()
}
