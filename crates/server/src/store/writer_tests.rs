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

    fn is_shared(&self) -> bool {
        false
    }
}

/// SQLite as if several processes shared it.
struct Shared(rusqlite::Connection);

impl Backend for Shared {
    fn write(&mut self, writes: &[(Write, Option<OnDisk>)]) -> Result<(), StoreError> {
        self.0.write(writes)
    }

    fn is_shared(&self) -> bool {
        true
    }
}

/// Ten frames, the first one of which says which.
fn batch(match_id: &str, number: u32) -> Write {
    let new = NewFrames { number, first: number * 10, frames: 10, action_len: 1, items: vec![1] };
    Write::Batch(BatchWrite { match_id: match_id.into(), seat: 0, new: Some(new), frames: 10, differs: None })
}

/// Brings writes, each of which says its place among them when it is acknowledged.
fn bring(writer: &Writer, writes: impl IntoIterator<Item = Write>) -> Arc<Mutex<Vec<usize>>> {
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    for (index, write) in writes.into_iter().enumerate() {
        let acknowledged = Arc::clone(&acknowledged);
        writer.write(write, Some(Box::new(move || acknowledged.lock().unwrap().push(index))));
    }
    acknowledged
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
fn what_cannot_be_written_is_not_acknowledged_nor_what_rests_on_it_and_takes_nothing_else_with_it() {
    let data = std::env::temp_dir().join(format!("palaestra-store-{}", std::process::id()));
    let database = Database::new(None, &data).unwrap();
    let (writer, thread) = Writer::start(database.backend(None).unwrap()).unwrap();
    let tail = NewFrames { number: 3, first: 30, frames: 0, action_len: 0, items: vec![1] };
    let again = BatchWrite { match_id: "m".into(), seat: 1, new: None, frames: 10, differs: None };
    let acknowledged = bring(
        &writer,
        [
            batch("m", 0),
            batch("m", 1),
            batch("m", 1),
            // Frames after those that are not there, and another seat's word of them.
            batch("m", 2),
            Write::Batch(again),
            batch("n", 0),
            // That it is over is heard.
            Write::Tail { match_id: "m".into(), new: Some(tail) },
        ],
    );
    writer.stop();
    thread.join().unwrap();
    assert_eq!(*acknowledged.lock().unwrap(), [0, 1, 5, 6]);
    assert!(writer.broken());
    assert_eq!(writer.pending(), 0);
    let mut stored = database.reader().unwrap();
    assert!(stored.batches("m").unwrap().iter().map(|batch| batch.first).eq([0, 10]));
    assert_eq!(stored.batches("n").unwrap().len(), 1);
    std::fs::remove_dir_all(&data).unwrap();
}

#[test]
fn a_store_that_others_share_takes_nothing_after_what_it_refused() {
    let refused = [
        batch("m", 1),
        Write::Keep(vec![palaestra_lobby::Keep::MatchEvent { match_id: "m".into(), at_ms: 1, json: "no".into() }]),
    ];
    for (number, refused) in refused.into_iter().enumerate() {
        let data = std::env::temp_dir().join(format!("palaestra-shared-{number}-{}", std::process::id()));
        let file = crate::store::sqlite::open(&data).unwrap();
        file.execute_batch(NO_EVENTS).unwrap();
        let (writer, thread) = Writer::start(Box::new(Shared(file))).unwrap();
        let dissent = Write::Dissent { match_id: "m".into(), seat: 0, first: 0, items: Vec::new() };
        let acknowledged = bring(&writer, [batch("m", 0), dissent, batch("m", 1), refused, batch("n", 0)]);
        writer.stop();
        thread.join().unwrap();
        assert_eq!(*acknowledged.lock().unwrap(), [0, 1, 2]);
        // Whoever has the lobby hears it.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let lost = async { tokio::time::timeout(Duration::from_secs(5), writer.lost()).await };
        runtime.block_on(lost).expect("the loss is told");
        std::fs::remove_dir_all(&data).unwrap();
    }
}

#[test]
fn what_a_shared_store_can_do_without_costs_nothing_else() {
    let data = std::env::temp_dir().join(format!("palaestra-without-{}", std::process::id()));
    let file = crate::store::sqlite::open(&data).unwrap();
    file.execute_batch("CREATE TRIGGER no BEFORE INSERT ON dissent BEGIN SELECT raise(ABORT, 'no'); END").unwrap();
    let (writer, thread) = Writer::start(Box::new(Shared(file))).unwrap();
    let dissent = Write::Dissent { match_id: "m".into(), seat: 0, first: 0, items: Vec::new() };
    let acknowledged = bring(&writer, [batch("m", 0), dissent, batch("m", 1)]);
    writer.stop();
    thread.join().unwrap();
    assert_eq!(*acknowledged.lock().unwrap(), [0, 2]);
    assert!(writer.broken());
    std::fs::remove_dir_all(&data).unwrap();
}

/// Stands for whatever may go wrong in the middle.
const NO_EVENTS: &str =
    "CREATE TRIGGER no BEFORE INSERT ON events WHEN new.event = 'no' BEGIN SELECT raise(ABORT, 'no'); END";

#[test]
fn what_one_event_changes_is_stored_together_or_not_at_all() {
    use palaestra_lobby::Keep;
    let data = std::env::temp_dir().join(format!("palaestra-together-{}", std::process::id()));
    let database = Database::new(None, &data).unwrap();
    let mut backend = database.backend(None).unwrap();
    let event = |json: &str| Keep::MatchEvent { match_id: "m".into(), at_ms: 1, json: json.into() };
    rusqlite::Connection::open(data.join("palaestra.sqlite")).unwrap().execute_batch(NO_EVENTS).unwrap();
    let writes = vec![
        (Write::Keep(vec![event("a"), event("b")]), None),
        (Write::Keep(vec![event("c"), event("no")]), None),
        (Write::Keep(vec![event("d")]), None),
    ];
    let mut losses = Losses::default();
    let (outcome, left) = write_together(&mut *backend, writes, &mut losses);
    assert!(matches!(outcome, Outcome::Written) && left.is_empty() && losses.refused, "{outcome:?}");
    let stored = database.reader().unwrap().events("m").unwrap();
    assert!(stored.iter().map(|(_, json)| json.as_str()).eq(["a", "b", "d"]), "{stored:?}");
    std::fs::remove_dir_all(&data).unwrap();
}
