//! What the sides of a match confirm: compared, stored, acknowledged when it is on disk, passed on to those who watch.
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use palaestra_lobby::Event;
use palaestra_protocol::server::{ConfirmedReader, FromServer};

use crate::clock::now_ms;
use crate::history::Difference;
use crate::lead::Lead;
use crate::refused::Refused;
use crate::rooms::{Room, lock};
use crate::store::{Write, Writer};

/// The longest facts of a side, in bytes.
const MOST_FACTS: usize = 8 << 10;
/// So much may wait to be written; then those who bring more wait.
const MOST_PENDING: usize = 20_000;

/// Waits until the store has taken most of what it was given.
pub(crate) async fn make_room(lead: &Lead) {
    while lead.writer.pending() > MOST_PENDING {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Takes a batch of a seat.
pub(crate) fn confirmed(lead: &Lead, room: &Arc<Room>, seat: u8, batch: ConfirmedReader<'_>) -> Result<(), Refused> {
    let differs = {
        let mut history = lock(&room.history);
        let taken = match history.take(seat, batch, room.pace.most(now_ms())) {
            Err(Refused::Early) => {
                let frames = history.frames_of(seat).min(room.stored.load(Ordering::Acquire));
                drop(history);
                room.to_seat(seat, &FromServer::Acknowledged(frames));
                return Ok(());
            }
            taken => taken?,
        };
        // Into the store's queue in the order in which the history grew. Nobody is sent anything here.
        if let Some((first, items)) = taken.dissent {
            lead.writer.write(Write::Dissent { match_id: room.facts.match_id.clone(), seat, first, items }, None);
        }
        if let Some(write) = taken.write {
            let (frames, stored) = (write.frames, history.len());
            let new = write.new.as_ref().map_or(0, |new| new.frames);
            lead.metrics.frames.fetch_add(new.into(), Ordering::Relaxed);
            let (room, hub) = (Arc::clone(room), lead.hub.clone());
            let on_disk = move || {
                room.stored.fetch_max(stored, Ordering::AcqRel);
                room.to_seat(seat, &FromServer::Acknowledged(frames));
                hub.event_from_thread(Event::Stored { match_id: room.facts.match_id.clone(), frames: stored });
            };
            lead.writer.write(Write::Batch(write), Some(Box::new(on_disk)));
        }
        // Under the history's lock too, so that whoever watches gets it in the order in which it grew.
        taken.news.into_iter().for_each(|news| room.to_watchers(news));
        taken.differs
    };
    if let Some((frame, how)) = differs {
        let seats = 1_u8 << (seat & 7);
        match how {
            Difference::Actions => {
                room.to_seats(&FromServer::Differs { seats, frame }, |_| true);
                let (hub, match_id) = (lead.hub.clone(), room.facts.match_id.clone());
                tokio::spawn(async move { hub.event(Event::Desync { match_id }).await });
            }
            Difference::State => lead.judge.differs(Arc::clone(room), frame),
        }
    }
    Ok(())
}

/// Takes what a side adds to the record's header: the first word counts, and only that goes to the store.
pub(crate) fn facts(writer: &Writer, room: &Room, seat: u8, json: &str) -> Result<(), ()> {
    if json.len() > MOST_FACTS {
        return Err(());
    }
    let read: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).map_err(|_| ())?;
    if !room.says_facts(seat) {
        return Ok(());
    }
    let json = serde_json::Value::Object(read).to_string();
    writer.write(Write::Facts { match_id: room.facts.match_id.clone(), seat, json }, None);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::History;
    use crate::rooms::Rooms;
    use crate::store::{Backend, OnDisk, StoreError};

    /// A store on a disk that does not come back.
    struct Gone;

    impl Backend for Gone {
        fn write(&mut self, _: &[(Write, Option<OnDisk>)]) -> Result<(), StoreError> {
            Err(StoreError::Io("disk".into(), std::io::ErrorKind::StorageFull.into()))
        }

        fn is_shared(&self) -> bool {
            false
        }
    }

    #[test]
    fn what_a_seat_says_of_itself_waits_once_however_often_it_says_it() {
        let (writer, _thread) = Writer::start(Box::new(Gone)).unwrap();
        let facts = serde_json::json!({
            "match_id": "m", "lobby": "main", "env_id": "", "kwargs": {}, "participants": ["ann", "bob"], "seed": 1, "epoch": 0,
            "fps": 30.0, "created_ms": 0,
        });
        let room = Rooms::default().open(serde_json::from_value(facts).unwrap(), History::new("m"));
        for number in 0..1_000 {
            super::facts(&writer, &room, 1, &format!(r#"{{"said":{number}}}"#)).unwrap();
        }
        assert_eq!(writer.pending(), 1);
        super::facts(&writer, &room, 0, "{}").unwrap();
        assert_eq!(writer.pending(), 2);
        assert_eq!(super::facts(&writer, &room, 0, "["), Err(()));
    }
}
