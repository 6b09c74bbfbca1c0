//! What an export says of a match that cannot be played again as it was stored.
use std::io::BufReader;
use std::path::Path;

use palaestra_lobby::message::ServerMessage;
use palaestra_record::{Header, Limits, Line, Reader};
use palaestra_server::{ExportOptions, export};

use crate::client::{Folder, pair, record_of, serve};
use crate::game::Game;

/// The header of the one record, how many steps it has, and the match's row of the table.
fn exported(folder: &Path) -> (Header, u64, String) {
    let out = folder.join("out");
    let options = ExportOptions { data: folder.to_owned(), database: None, out: out.clone(), lobby: None };
    assert_eq!(export(&options, palaestra_envs::CATALOG).unwrap().records, 1);
    let path = std::fs::read_dir(out.join("records")).unwrap().next().unwrap().unwrap().path();
    let open = || BufReader::new(std::fs::File::open(&path).unwrap());
    let report = palaestra_record::verify(open(), palaestra_envs::make, Limits::default()).unwrap();
    let Line::Header(header) = Reader::new(open(), Limits::default()).next().unwrap().unwrap().line else {
        panic!("no header")
    };
    assert_eq!(report.unfinished, header.unfinished());
    let matches = std::fs::read_to_string(out.join("matches.csv")).unwrap();
    (header, report.steps, matches.lines().nth(1).unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_plays_otherwise_than_it_was_stored_says_so_in_its_record_and_in_the_table() {
    let folder = Folder::new();
    let server = serve(&folder.0).await;
    let mut both = pair(&server).await;
    let mut game = Game::new(both[0].matched.as_ref().unwrap());
    for frames in [20, 40, 60] {
        let message = game.play(20);
        for client in &mut both {
            client.send_bytes(message.clone()).await;
            client.acknowledged(frames).await;
        }
    }
    for client in &mut both {
        client.finish(60).await;
    }
    let ServerMessage::Record { verified, .. } = record_of(&mut both[0]).await else { panic!() };
    assert_eq!(verified, Some(true));
    server.stop().await;

    let (header, steps, row) = exported(&folder.0);
    assert_eq!((steps, header.unfinished()), (60, false));
    assert!(row.ends_with(",60,true,"), "{row}");
    assert_eq!(header.rest["match"]["replay_difference"], serde_json::Value::Null);

    let database = rusqlite::Connection::open(folder.0.join("palaestra.sqlite")).unwrap();
    let second = "WHERE first = 20";
    let items: Vec<u8> =
        database.query_row(&format!("SELECT items FROM batches {second}"), [], |row| row.get(0)).unwrap();
    let changed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut items = items.clone();
        change(&mut items);
        database.execute(&format!("UPDATE batches SET items = ?1 {second}"), [items]).unwrap();
        exported(&folder.0)
    };
    for (how, (header, steps, row), (expected, problem)) in [
        // As of an environment that was corrected since: the last hash is another one.
        ("a state", changed(&|items| *items.last_mut().unwrap() ^= 1), (60, "frame 39: hash after it: expected ")),
        ("an action", changed(&|items| items[1..3].fill(0xff)), (20, "frame 20: ")),
        ("bytes", changed(&|items| items[0] = 0xff), (20, "frame 20: expected stored frames from 20 on, found other ")),
        (
            "a gap",
            {
                database.execute(&format!("DELETE FROM batches {second}"), []).unwrap();
                exported(&folder.0)
            },
            (20, "frame 20: expected stored frames from 20 on, found those from 40 on"),
        ),
    ] {
        // Where it could not be played to its end, there is a beginning.
        assert_eq!((steps, header.unfinished()), (expected, expected < 60), "{how}");
        assert!(row.contains(&format!(",{expected},true,")) && row.contains(problem), "{how}: {row}");
        let told = header.rest["match"]["replay_difference"].as_str().unwrap_or_default();
        assert!(told.starts_with(problem), "{how}: {told}");
    }
}
