//! What other rollback libraries got wrong, each by a test that is named after it.
use palaestra_rollback::{Authority, EndReason, Event, SeatKind, write_report};

use crate::table::RULES;
use crate::table::{Player, Table, options, player};
use crate::world::{Chaos, Rules};

fn told(player: &Player, what: &str) -> usize {
    player.told.iter().filter(|told| told.starts_with(what)).count()
}

/// gschup/ggrs#70, #75, fishfolk/jumpy#964: the rollback was thrown away when the window was full.
#[test]
fn a_stall_at_the_window_does_not_lose_the_rollback_before_it() {
    let mut table = Table::new(2, |options| options.window = 3);
    table.run(2_000.0);
    // Nothing of seat 1 comes for a while: seat 0 runs into its window, mispredicting.
    table.lost = Box::new(|now, from, _| from == 1 && (2_000.0..2_600.0).contains(&now));
    table.run(1_000.0);
    assert!(told(&table.players[0], "Stalled") > 0);
    table.run(3_000.0);
    table.check();
    assert!(table.players.iter().all(|player| told(player, "Desync") == 0 && player.confirmed.len() > 90));
}

/// gschup/ggrs#63, gschup/bevy_ggrs#71, #112: false alarms from frames that were predicted, or not yet played again.
#[test]
fn no_frame_is_compared_before_it_is_final_and_played_again() {
    for latency in [5.0, 60.0, 150.0, 400.0] {
        let mut table = Table::new(3, |options| options.window = 20);
        table.latency = latency;
        table.run(8_000.0);
        table.check();
        for player in &table.players {
            assert!(player.peer.stats().rollbacks > 5);
            assert_eq!(told(player, "Desync"), 0, "{latency} ms: {:?}", player.told);
        }
    }
}

/// ggrs: the confirmed frame ignores what the other peers hold.
#[test]
fn nothing_is_confirmed_that_some_peer_does_not_have() {
    let rules = Rules { episode: u64::MAX, ..RULES };
    let mut table = Table::with(3, 0, rules, |options| options.window = 150);
    table.run(1_000.0);
    // Seat 2 gets nothing of seat 1, and all else goes on.
    table.lost = Box::new(|now, from, to| now > 1_000.0 && from == 1 && to == 2);
    table.run(1_000.0);
    let of_seat_1 = table.players[2].confirmed.len();
    table.run(2_000.0);
    for player in &table.players {
        assert!(player.confirmed.len() <= of_seat_1 + 3, "{}", player.confirmed.len());
    }
    table.lost = Box::new(|_, _, _| false);
    table.run(4_000.0);
    table.check();
    assert!(table.players[0].confirmed.len() > 200);
}

/// A table at which seat 2 falls silent for seat 0 before it does for seat 1, and then leaves.
fn one_knows_more(authority: Authority) -> Table {
    let mut table = Table::new(3, |options| {
        (options.authority, options.grace, options.window) = (authority, 1_500.0, 30);
        options.most_frames = Some(300);
    });
    table.run(1_000.0);
    table.lost = Box::new(|now, from, to| match (from, to) {
        (2, 0) => now > 1_000.0,
        (2, 1) => now > 1_300.0,
        (_, 2) => now > 1_300.0,
        _ => false,
    });
    table.run(300.0);
    table
}

/// ggrs never lowers a leaver's last frame to the one agreed on; HeatXD/GekkoNet#27 likewise under loss.
#[test]
fn a_leaver_among_three_has_one_last_frame() {
    let mut table = one_knows_more(Authority::Peers);
    table.run(20_000.0);
    let survivors = &table.players[..2];
    let left: Vec<_> =
        survivors.iter().map(|player| player.told.iter().find(|told| told.starts_with("Left"))).collect();
    let frame = |told: Option<&String>| {
        told.and_then(|told| told.split("frame: ").nth(1)?.split(',').next().map(str::to_owned))
    };
    assert!(frame(left[0]).is_some() && frame(left[0]) == frame(left[1]), "{left:?}");
    assert!(survivors.iter().all(|player| player.ended == Some(EndReason::Complete) && player.confirmed.len() == 300));
    assert_eq!(survivors[0].confirmed, survivors[1].confirmed);
    assert_eq!(table.players[2].ended, Some(EndReason::Isolated));
}

#[test]
fn a_leaver_among_three_has_the_last_frame_that_the_server_pronounces() {
    let mut table = one_knows_more(Authority::Server);
    table.tell(0, Event::Leaving { seat: 2 });
    table.tell(1, Event::Leaving { seat: 2 });
    let reports: Vec<_> = (0..2).map(|seat: usize| table.players[seat].reports[0].clone()).collect();
    assert!(reports[0].1 < reports[1].1, "seat 1 knows more");
    // A server that has them in its own record writes them as the report does.
    let before = table.players[0].confirmed.len();
    table.run(1_000.0);
    assert!(table.players[0].confirmed.len() as u32 <= before as u32 + reports[0].1, "confirmation waits");
    let (_, until, inputs) = reports[1].clone();
    for seat in 0..2 {
        table.tell(seat, Event::Pronounced { seat: 2, until, inputs: &inputs });
    }
    table.run(15_000.0);
    table.check();
    for player in &table.players[..2] {
        assert_eq!((player.ended, player.confirmed.len()), (Some(EndReason::Complete), 300));
        let written_anew = |first: u32| {
            let actions: Vec<_> =
                player.confirmed[first as usize..until as usize].iter().map(|it| &it.actions[2]).collect();
            let mut written = Vec::new();
            write_report(first, &actions, &mut written);
            written
        };
        assert_eq!((0..until).map(written_anew).filter(|written| *written == inputs).count(), 1);
        let idle = |frame: u32| player.confirmed[frame as usize].actions[2] == [0];
        assert!((until..300).all(idle), "the seat is idle afterwards");
    }
}

/// WASM-4: inputs older than a buffer are dropped without a word.
#[test]
fn a_long_silence_loses_no_input() {
    let mut table = Table::new(2, |options| options.window = 150);
    table.run(1_000.0);
    table.lost = Box::new(|now, _, _| (1_000.0..5_500.0).contains(&now));
    table.run(5_000.0);
    table.run(3_000.0);
    table.check();
    assert!(table.players.iter().all(|player| player.confirmed.len() > 150), "{}", table.players[0].confirmed.len());
    assert!(told(&table.players[0], "Back") == 1);
}

/// gschup/ggrs#23: no reconnect at all.
#[test]
fn a_peer_that_starts_anew_goes_on_in_its_seat() {
    for authority in [Authority::Server, Authority::Peers] {
        let mut table = Table::new(3, |options| (options.authority, options.delay) = (authority, 1));
        table.run(3_000.0);
        let mut anew = options(3, 0, 1);
        (anew.authority, anew.delay, anew.incarnation) = (authority, 1, 2);
        table.players[1] = player(anew, RULES, table.now, true);
        table.run(4_000.0);
        table.check();
        let player = &table.players[1];
        assert!(player.confirmed.len() > 80, "{:?}", player.told);
        // It plays what its person does again, and the frames between are what the others had of it.
        let acted = player.confirmed.iter().filter(|confirmed| confirmed.actions[1] != [0]).count();
        assert!(acted > 40, "{acted}");
    }
}

/// matchbox takes the loss of the signalling socket for that of a peer. This core needs to hear nothing of its server to go on.
#[test]
fn a_server_that_says_nothing_ends_no_match() {
    let mut table = Table::new(2, |options| options.most_frames = Some(200));
    table.run(10_000.0);
    assert!(table.players.iter().all(|player| player.ended == Some(EndReason::Complete)));
}

/// melee-pc: resume messages answered with resume messages, 2,686 times.
#[test]
fn no_packet_is_answered_by_a_packet() {
    let mut table = Table::new(2, |_| {});
    table.run(1_000.0);
    let mut letters = std::mem::take(&mut table.letters);
    assert!(!letters.is_empty());
    for _ in 0..1_000 {
        for letter in &mut letters {
            table.tell(letter.to, Event::Packet { from: letter.from, bytes: &letter.bytes });
        }
    }
    assert_eq!(table.letters.len(), 0);
}

/// melee-pc: state outside the snapshot. A world that is not what its inputs make of it is found, and the match does not go on as if
/// nothing were the matter.
#[test]
fn a_world_that_is_no_function_of_its_inputs_ends_the_match() {
    let mut table = Table::new(2, |options| options.authority = Authority::Peers);
    table.run(1_000.0);
    for _ in 0..400 {
        table.run(50.0);
        table.players[1].world.corrupt(0b100);
    }
    assert!(table.players.iter().all(|player| told(player, "Desync") > 0));
    assert!(table.players.iter().any(|player| player.ended == Some(EndReason::Desync)), "{:?}", table.players[0].told);
    let (mine, theirs) = (&table.players[0].confirmed, &table.players[1].confirmed);
    assert!(mine.iter().zip(theirs).all(|(mine, theirs)| mine == theirs), "and what was confirmed is true");
}

/// Frames of an episode that a wrong prediction ended are played after all.
#[test]
fn an_episode_ends_when_all_know_that_it_is_over() {
    let mut table = Table::with(3, 1, Rules { episode: 12, ..RULES }, |options| {
        options.window = 12;
        options.seats[3] = SeatKind::Policy { longest: Chaos::longest(&RULES) };
    });
    table.latency = 90.0;
    table.run(10_000.0);
    table.check();
    let over = |player: &Player| told(player, "EpisodeOver");
    assert!(over(&table.players[0]) > 4);
    let seeds: Vec<_> = table.players[0].told.iter().filter(|told| told.starts_with("EpisodeBegan")).collect();
    let theirs: Vec<_> = table.players[1].told.iter().filter(|told| told.starts_with("EpisodeBegan")).collect();
    assert!(seeds.iter().zip(&theirs).all(|(mine, theirs)| mine == theirs));
}

/// A peer that the network cuts off has nobody to agree with: what it would confirm alone, the others never played.
#[test]
fn who_is_cut_off_confirms_nothing_alone() {
    let rules = Rules { episode: u64::MAX, ..RULES };
    let mut table = Table::with(3, 0, rules, |options| {
        (options.authority, options.grace) = (Authority::Peers, 1_500.0);
    });
    table.run(1_000.0);
    // It still hears what the others do for a while; they do not hear it.
    table.lost = Box::new(|now, from, to| (from == 2 && now > 1_000.0) || (to == 2 && now > 1_500.0));
    table.run(6_000.0);
    table.check();
    assert_eq!(table.players[2].ended, Some(EndReason::Isolated));
    assert!(table.players[0].confirmed.len() > 60, "{}", table.players[0].confirmed.len());
}

/// A server may have to pronounce before everybody has answered: whoever has more of the leaver than that drops it, and what it had
/// already counted as final.
#[test]
fn who_has_more_of_a_leaver_than_is_pronounced_drops_it() {
    let mut table = one_knows_more(Authority::Server);
    table.run(400.0);
    table.tell(0, Event::Leaving { seat: 2 });
    let (_, until, inputs) = table.players[0].reports[0].clone();
    for seat in 0..2 {
        table.tell(seat, Event::Pronounced { seat: 2, until, inputs: &inputs });
    }
    table.run(15_000.0);
    table.check();
    for player in &table.players[..2] {
        assert_eq!((player.ended, player.confirmed.len()), (Some(EndReason::Complete), 300));
        assert_eq!(told(player, "Desync"), 0);
        assert!((until..300).all(|frame| player.confirmed[frame as usize].actions[2] == [0]));
    }
}
