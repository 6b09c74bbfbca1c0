//! Long games take no more memory than short ones.
use palaestra_record::{RecordReader, Recorder};
use palaestra_session::{Reason, State};

use crate::endings::{playing, toy_setting};
use palaestra_env_tests::allocations::in_use;

/// What a game may grow by, however long it is: a chunk that is written, and what lies around.
const MOST_GROWTH: i64 = 3 * Recorder::CHUNK_BYTES as i64;

#[test]
fn a_game_of_a_hundred_thousand_steps_takes_no_more_memory_than_one_of_ten_thousand() {
    let mut world = playing(toy_setting(|options| {
        (options.fps, options.tell_steps, options.user_timing) = (240.0, false, false);
        options.max_steps = Some(100_000);
    }));
    let (mut kept, mut played) = (RecordReader::new(), 0);
    let (mut chunks, mut sizes) = (Vec::new(), Vec::new());
    for _ in 0..1_000 {
        if world.page.finished {
            break;
        }
        world.run(1_000.0);
        // Whoever keeps chunks keeps them elsewhere, and the test's own notes are none of the game's.
        for chunk in world.page.chunks.drain(..) {
            chunks.push(chunk.len());
            kept.chunk(chunk).unwrap();
            while kept.next_entry().unwrap().is_some() {}
        }
        played += world.worker.forget();
        sizes.push((world.page.game.frame(), in_use()));
    }
    assert_eq!((world.page.game.state(), world.page.game.reason()), (State::Disposed, Some(Reason::Complete)));
    assert_eq!((world.page.game.frame(), played), (100_000, 100_000));
    assert_eq!(kept.totals(), world.page.game.recorder().totals());
    let (_, sealed) = chunks.split_last().unwrap();
    assert!(sealed.len() > 10 && sealed.iter().all(|bytes| *bytes >= Recorder::CHUNK_BYTES), "{chunks:?}");
    let at = |frame| sizes.iter().find(|(reached, _)| *reached >= frame).unwrap().1;
    let growth = sizes.iter().map(|(_, bytes)| *bytes).max().unwrap() - at(10_000);
    println!("100,000 steps in {} chunks; {growth} bytes more than after 10,000", chunks.len());
    assert!(growth < MOST_GROWTH, "{growth} bytes");
}
