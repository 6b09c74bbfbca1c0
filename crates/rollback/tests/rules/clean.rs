//! A match in which nothing goes wrong.
use palaestra_rollback::EndReason;

use crate::table::{RULES, Table};
use crate::world::Rules;

#[test]
fn two_peers_play_one_match_to_its_end() {
    let mut table = Table::new(2, |options| options.most_frames = Some(300));
    table.run(15_000.0);
    table.check();
    for player in &table.players {
        assert_eq!(player.confirmed.len(), 300);
        assert_eq!(player.ended, Some(EndReason::Complete));
        assert_eq!(player.peer.due(), None, "{:?}", player.told);
        assert!(player.peer.stats().rollbacks > 10 && player.peer.stats().predicted > 50);
    }
}

#[test]
fn eight_peers_with_floats_do_too() {
    let rules = Rules { floats: true, ..RULES };
    let mut table = Table::with(8, 0, rules, |options| {
        options.most_frames = Some(200);
        options.seats.iter_mut().for_each(|seat| *seat = palaestra_rollback::SeatKind::Person { longest: 16 });
    });
    table.run(15_000.0);
    table.check();
    assert!(table.players.iter().all(|player| player.confirmed.len() == 200), "{:?}", table.players[0].peer.stats());
}
