//! States that differ, and states that are passed on.
use palaestra_rollback::{Authority, Dropout, EndReason, Event, Follower, JointAction};

use crate::table::{Player, RULES, Table, options, player};
use crate::world::{Chaos, Rules};

fn resyncs(table: &Table, seat: usize) -> Vec<&String> {
    table.players[seat].told.iter().filter(|told| told.starts_with("Resynced")).collect()
}

#[test]
fn whose_state_was_changed_is_found_named_and_put_right() {
    for wrong in 0..3_usize {
        let rules = Rules { episode: u64::MAX, ..RULES };
        let mut table = Table::with(3, 0, rules, |options| {
            // Nobody is mispredicted, so that no rollback puts right by chance what is changed.
            (options.authority, options.delay) = (Authority::Peers, 3);
        });
        table.run(2_000.0);
        table.players[wrong].world.corrupt(0b1000);
        table.run(4_000.0);
        table.check();
        for (seat, player) in table.players.iter().enumerate() {
            // Each names whom it can: itself, or whom it compared itself with. Two who are right may have nothing to compare.
            let told = resyncs(&table, seat);
            assert_eq!(told.len(), 1, "{:?}", player.told);
            let names = [format!("wrong: SeatSet({})", 1 << wrong), "wrong: SeatSet(0)".to_owned()];
            assert!(names.iter().any(|name| told[0].contains(name)), "{told:?}");
            assert!(player.confirmed.len() > 140, "{}", player.confirmed.len());
        }
        assert!(resyncs(&table, wrong)[0].contains(&format!("wrong: SeatSet({})", 1 << wrong)));
    }
}

/// What a server gives under an epoch that has what one of two has confirmed.
fn state_of_server(player: &Player, rules: Rules, epoch: u32) -> Vec<u8> {
    let mut world = Chaos::new(Rules { snapshots: 1, ..rules });
    let mut server = Follower::new(&options(2, 0, 0), &mut world);
    let mut joint = JointAction::new([1, 1]);
    for confirmed in &player.confirmed {
        for (seat, action) in (0..).zip(&confirmed.actions) {
            joint.set(seat, action);
        }
        server.play(confirmed.frame, joint.actions(), &mut world).unwrap();
    }
    let mut bytes = Vec::new();
    server.checkpoint(epoch, &world, &mut bytes);
    bytes
}

#[test]
fn nothing_is_played_behind_a_leavers_last_frame_where_an_epoch_begins_before_the_next_tick() {
    let rules = Rules { episode: u64::MAX, ..RULES };
    let mut table = Table::with(2, 0, rules, |options| options.dropout = Dropout::End);
    table.run(2_000.0);
    table.lost = Box::new(|_, from, _| from == 1);
    table.run(200.0);
    table.tell(0, Event::Leaving { seat: 1 });
    let (seat, until, inputs) = table.players[0].reports[0].clone();
    assert!(table.players[0].peer.frame() > until + 2, "it has guessed some frames");
    let state = state_of_server(&table.players[0], rules, 1);
    table.tell(0, Event::Pronounced { seat, until, inputs: &inputs });
    table.tell(0, Event::Checkpoint { bytes: &state });
    table.run(1_000.0);
    let player = &table.players[0];
    assert_eq!((player.peer.epoch(), player.ended), (1, Some(EndReason::PartnerLeft)), "{:?}", player.told);
    assert_eq!(player.confirmed.len() as u32, until);
}

#[test]
fn a_server_puts_right_what_differs_with_a_state_of_its_own() {
    let rules = Rules { episode: u64::MAX, ..RULES };
    let mut table = Table::with(2, 0, rules, |options| options.delay = 3);
    table.run(2_000.0);
    table.players[0].world.corrupt(0b1000);
    table.run(1_500.0);
    assert!(table.players.iter().all(|player| player.told.iter().any(|told| told.starts_with("Desync"))));
    let bytes = state_of_server(&table.players[1], rules, 1);
    for seat in 0..2 {
        table.tell(seat, Event::Checkpoint { bytes: &bytes });
    }
    table.run(3_000.0);
    table.check();
    assert!(table.players.iter().all(|player| player.confirmed.len() > 120 && player.peer.epoch() == 1));
    assert!(resyncs(&table, 0)[0].contains("wrong: SeatSet(1)") && resyncs(&table, 1)[0].contains("wrong: SeatSet(1)"));
    // The same once more changes nothing, nor does a state of another history.
    let told = table.players[0].told.len();
    table.tell(0, Event::Checkpoint { bytes: &bytes });
    assert_eq!(table.players[0].told.len(), told);
}

#[test]
fn an_epoch_that_begins_where_an_episode_does_begins_that_once() {
    let rules = Rules { waits: true, episode: 12, ..RULES };
    let mut table = Table::with(2, 0, rules, |options| options.window = 0);
    let began = |table: &Table, seat: usize| -> Vec<String> {
        let told = table.players[seat].told.iter().filter(|told| told.starts_with("EpisodeBegan"));
        told.cloned().collect()
    };
    // Both have begun the second episode, and nobody strikes a key in it.
    while table.players.iter().any(|player| !player.told.iter().any(|told| told.starts_with("EpisodeOver"))) {
        table.run(1.0);
    }
    table.players.iter_mut().for_each(|player| player.acts = false);
    table.run(1_000.0);
    let first = table.players[0].confirmed.len() as u32;
    let frames: Vec<u32> = table.players.iter().map(|player| player.peer.frame()).collect();
    assert_eq!((frames, began(&table, 0).len()), (vec![first; 2], 2), "{:?}", table.players[0].told);
    let bytes = state_of_server(&table.players[0], rules, 1);
    for seat in 0..2 {
        table.tell(seat, Event::Checkpoint { bytes: &bytes });
    }
    table.run(1_000.0);
    table.players.iter_mut().for_each(|player| player.acts = true);
    table.run(3_000.0);
    table.check();
    for seat in 0..2 {
        let mut each = began(&table, seat);
        assert!(each.len() > 2 && table.players[seat].peer.epoch() == 1);
        each.dedup();
        assert_eq!(each, began(&table, seat), "each begins once");
    }
}

#[test]
fn a_large_state_crosses_in_pieces_over_a_bad_path() {
    let rules = Rules { words: 9_000, episode: u64::MAX, ..RULES };
    let mut table = Table::with(2, 0, rules, |options| options.authority = Authority::Peers);
    table.lost = Box::new(|now, from, to| (now as u64 * 7 + u64::from(from) * 3 + u64::from(to)).is_multiple_of(5));
    table.run(2_000.0);
    table.players[1].world.corrupt(0b1000);
    table.run(6_000.0);
    table.check();
    assert_eq!(resyncs(&table, 1).len(), 1);
    assert!(table.players[1].confirmed.len() > 100, "{}", table.players[1].confirmed.len());
}

#[test]
fn no_more_frames_are_open_than_there_are_snapshots() {
    let rules = Rules { episode: u64::MAX, ..RULES };
    let mut table = Table::with(2, 0, rules, |options| (options.delay, options.patience) = (3, 60_000.0));
    table.run(1_000.0);
    table.players[0].world.corrupt(0b1000);
    // All inputs are there, and nothing is agreed on: no server says how to go on.
    table.run(20_000.0);
    for player in &table.players {
        let open = player.peer.frame() - player.peer.confirmed();
        assert!(open <= player.peer.options().snapshots() && open > 20, "{open}");
        assert!(player.told.iter().any(|told| told.starts_with("Stalled")));
    }
    table.check();
}

/// Two peers without a server whose states are changed all the time. Seat 0 starts anew so many milliseconds after the last epoch began.
fn nothing_stays_true(anew_after: Option<u32>) -> Table {
    let rules = Rules { episode: u64::MAX, ..RULES };
    let mut table = Table::with(2, 0, rules, |options| (options.authority, options.delay) = (Authority::Peers, 3));
    let mut left = anew_after;
    for number in 0..20_000 {
        table.run(1.0);
        if number % 50 == 0 {
            for (player, bits) in table.players.iter_mut().zip(1..) {
                player.world.corrupt(bits << (number % 7));
            }
        }
        if table.players[1].peer.epoch() == 16 {
            left = left.and_then(|left| left.checked_sub(1));
        }
        if left == Some(0) {
            let mut anew = options(2, 0, 0);
            (anew.authority, anew.delay, anew.incarnation) = (Authority::Peers, 3, 2);
            table.players[0] = player(anew, rules, table.now, true);
            left = None;
        }
    }
    table
}

#[test]
fn where_no_state_stays_true_the_match_ends_so_for_both_also_for_who_starts_anew() {
    let mut never_played = 0;
    for anew_after in [None].into_iter().chain((1..30).map(|times| Some(10 * times))) {
        let table = nothing_stays_true(anew_after);
        let ends: Vec<_> = table.players.iter().map(|player| (player.ended, &player.told)).collect();
        assert!(ends.iter().all(|(end, _)| *end == Some(EndReason::Desync)), "{anew_after:?}: {ends:#?}");
        never_played += u32::from(table.players[0].steps.is_empty());
    }
    assert!(never_played > 0, "somebody was still waiting for a state");
}
