//! Which way packets take, and what becomes of a match when one of them is lost.
use palaestra_env::SeededRng;
use palaestra_protocol::together::{Control, Join, NetworkSetup, PathKind};
use palaestra_protocol::write_kwargs;

use crate::table::{Game, Plan, Table, plan};

const KITCHEN: Game = Game::Catalog("overcooked_ai/cramped_room");

/// A match of so many people, each connected with each other before the handshake.
fn direct(plan: Plan) -> Table {
    let mut table = Table::new(plan);
    (table.wires.latency, table.wires.jitter) = (5.0, 10.0);
    let people = table.players.len() as u8;
    for one in 0..people {
        for other in one + 1..people {
            table.wire(one, other);
        }
    }
    table.begin();
    table
}

fn paths(table: &Table) -> Vec<PathKind> {
    let people = table.players.len();
    let pairs = (0..people).flat_map(|seat| (0..people).map(move |to| (seat, to)));
    pairs.filter(|(seat, to)| seat != to).map(|(seat, to)| table.page(seat).paths[to]).collect()
}

/// Plays on to the end, where all have the same, and the server all of it.
fn ends(table: &mut Table, steps: usize) {
    table.run(40_000.0);
    assert_eq!(table.reasons(), vec![Some("complete"); table.players.len()]);
    table.check();
    for seat in 0..table.players.len() {
        assert_eq!((table.page(seat).entries.len(), table.relay.stored[seat].len()), (steps, steps));
        assert_eq!(table.players[seat].as_ref().unwrap().port.due(), None, "seat {seat} rests");
    }
}

/// The longest that a browser got no step confirmed while this lasts.
fn longest_pause(table: &mut Table, ms: f64) -> f64 {
    let (mut frames, mut since, mut longest) = (table.page(0).entries.len(), table.now.get(), 0.0_f64);
    let until = table.now.get() + ms;
    while table.now.get() < until {
        table.run(5.0);
        if table.page(0).entries.len() > frames {
            (frames, since) = (table.page(0).entries.len(), table.now.get());
        }
        longest = longest.max(table.now.get() - since);
    }
    longest
}

#[test]
fn who_is_connected_directly_uses_the_relay_no_more() {
    let mut table = direct(Plan { steps: Some(300), latency: 80.0, ..plan(KITCHEN, 1) });
    assert_eq!(paths(&table), [PathKind::Direct; 2], "the handshake was made on it");
    table.run(1_500.0);
    let (relayed, delivered) = (table.relay.relayed, table.wires.delivered);
    table.run(2_000.0);
    assert_eq!(table.relay.relayed, relayed);
    assert!(table.wires.delivered > delivered + 100);
    let ping = table.players[0].as_ref().unwrap().port.peer().unwrap().stats().ping[1];
    assert!(ping < 60.0, "{ping} ms on a way that takes 10 to 30");
    ends(&mut table, 300);
}

#[test]
fn what_may_be_lost_is_said_again_in_every_packet_and_what_cannot_once() {
    let lossy = NetworkSetup { delay_ms: 0.0, jitter_ms: 0.0, loss: 0.02, duplicate: 0.0, reorder: 0.0, seed: 5 };
    let late = NetworkSetup { loss: 0.0, ..lossy };
    let far = Plan { steps: None, latency: 300.0, ..plan(KITCHEN, 17) };
    // Bytes of a packet: what is common to all, and the inputs that it has.
    let mean = |network: Option<NetworkSetup>, directly: bool| {
        let plan = Plan { network, ..far.clone() };
        let mut table = if directly { direct(plan) } else { Table::new(plan) };
        if directly {
            table.wires.latency = 300.0;
        } else {
            table.begin();
        }
        table.run(3_000.0);
        table.relay.lengths.clear();
        table.wires.lengths.clear();
        table.run(5_000.0);
        let lengths = if directly { &table.wires.lengths } else { &table.relay.lengths };
        // Shorter ones are about the connection itself.
        let packets: Vec<usize> = lengths.iter().copied().filter(|length| *length > 7).collect();
        assert!(packets.len() > 200, "{}", packets.len());
        packets.iter().sum::<usize>() / packets.len()
    };
    let once = mean(None, false);
    assert_eq!(mean(Some(late), false), once, "what is only late arrives");
    for (network, directly) in [(Some(lossy), false), (None, true)] {
        let length = mean(network, directly);
        assert!(length > once + once / 4, "{length} bytes, where nothing is lost {once}");
    }
}

#[test]
fn five_people_use_for_each_pair_what_there_is() {
    let mut table = Table::new(Plan { steps: Some(300), ..plan(Game::Crowd(5), 2) });
    table.wires.latency = 10.0;
    for (one, other) in [(0, 1), (0, 2), (3, 4)] {
        table.wire(one, other);
    }
    table.begin();
    table.run(2_000.0);
    for (seat, to) in (0..5).flat_map(|seat| (0..5).map(move |to| (seat, to))).filter(|(seat, to)| seat < to) {
        let direct = [(0, 1), (0, 2), (3, 4)].contains(&(seat, to));
        let expected = if direct { PathKind::Direct } else { PathKind::Relay };
        assert_eq!((table.page(seat).paths[to], table.page(to).paths[seat]), (expected, expected), "{seat} {to}");
    }
    ends(&mut table, 300);
}

#[test]
fn the_way_changes_in_mid_game_and_back_and_no_frame_is_lost() {
    let mut table = direct(Plan { steps: Some(900), ..plan(KITCHEN, 3) });
    for round in 0..3 {
        table.run(3_000.0);
        assert_eq!(paths(&table), [PathKind::Direct; 2], "round {round}");
        table.unwire(0, 1);
        let pause = longest_pause(&mut table, 2_000.0);
        assert!(pause < 250.0, "{pause} ms without a step");
        assert_eq!(paths(&table), [PathKind::Relay; 2], "round {round}");
        table.wire(0, 1);
    }
    ends(&mut table, 900);
}

#[test]
fn a_connection_that_falls_silent_is_doubled_at_once_and_given_up_after_a_while() {
    for silent in [vec![(0, 1), (1, 0)], vec![(0, 1)], vec![(1, 0)]] {
        let mut table = direct(Plan { steps: Some(700), ..plan(KITCHEN, 4) });
        table.run(3_000.0);
        table.wires.silent = silent.clone();
        let pause = longest_pause(&mut table, 4_000.0);
        assert!(pause < 700.0, "{silent:?}: {pause} ms without a step");
        assert!(paths(&table).contains(&PathKind::Relay), "{silent:?}");
        let stalls = table.players.iter().flatten().map(|player| player.port.peer().unwrap().stats().stalls);
        assert_eq!(stalls.sum::<u64>(), 0, "{silent:?}: nobody had to wait");
        table.wires.silent.clear();
        table.run(2_500.0);
        assert_eq!(paths(&table), [PathKind::Direct; 2], "{silent:?}: it is heard again");
        ends(&mut table, 700);
    }
}

#[test]
fn a_direct_way_that_loses_and_disorders_packets_loses_no_frame() {
    for seed in 10..14 {
        let mut table = Table::new(Plan { steps: Some(500), ..plan(Game::Catalog("slimevb/SlimeVolleyEnv"), seed) });
        (table.wires.latency, table.wires.jitter, table.wires.loss) = (20.0, 80.0, 0.25);
        table.wire(0, 1);
        table.begin();
        table.run(4_000.0);
        assert_eq!(paths(&table), [PathKind::Direct; 2]);
        ends(&mut table, 500);
    }
}

#[test]
fn an_injected_network_befalls_both_ways() {
    let network = NetworkSetup { delay_ms: 60.0, jitter_ms: 20.0, loss: 0.1, duplicate: 0.1, reorder: 0.2, seed: 5 };
    let mut table = direct(Plan { network: Some(network), steps: Some(400), ..plan(KITCHEN, 15) });
    table.run(4_000.0);
    assert_eq!(paths(&table), [PathKind::Direct; 2]);
    let ping = table.players[0].as_ref().unwrap().port.peer().unwrap().stats().ping[1];
    assert!(ping > 110.0, "{ping} ms");
    ends(&mut table, 400);
}

#[test]
fn a_lost_play_socket_stops_nobody_who_is_connected_directly() {
    let mut table = direct(Plan { steps: Some(500), ..plan(KITCHEN, 16) });
    table.run(3_000.0);
    let before = table.page(1).entries.len();
    table.relay.cut(0, Some(1006));
    table.relay.cut(1, Some(1006));
    assert!(longest_pause(&mut table, 1_500.0) < 250.0);
    assert!(table.page(1).entries.len() > before + 30);
    ends(&mut table, 500);
}

#[test]
fn who_has_no_play_socket_any_more_is_let_go_at_the_end_when_the_others_have_heard_all() {
    let mut table = direct(Plan { steps: Some(200), ..plan(KITCHEN, 22) });
    table.run(3_000.0);
    table.relay.cut(0, Some(4010));
    while table.page(0).ended.is_none() {
        table.run(10.0);
    }
    table.run(3_000.0);
    assert_eq!(table.reasons(), [Some("complete"); 2]);
    assert!(table.page(0).released, "{:?}", table.page(0).told);
    table.run(20_000.0);
    assert_eq!(table.players[0].as_ref().unwrap().port.due(), None, "and rests");
    assert_eq!(table.page(1).entries.len(), 200);
    table.check();
}

#[test]
fn the_relay_alone_is_used_where_that_is_said() {
    let mut table = Table::new(Plan { steps: Some(200), ..plan(KITCHEN, 17) });
    table.run(300.0);
    table.wire(0, 1);
    // As after an attempt that failed.
    for player in table.players.iter_mut().flatten() {
        player.control(Control::Validate { attempt: 1, relay: true });
    }
    table.run(1_500.0);
    assert!(table.wires.parted.contains(&(0, 1)) && table.wires.parted.contains(&(1, 0)), "it is closed");
    for player in table.players.iter_mut().flatten() {
        player.start(300.0, 2);
    }
    table.wire(0, 1);
    table.run(3_000.0);
    assert_eq!(paths(&table), [PathKind::Relay; 2]);
    ends(&mut table, 200);
}

#[test]
fn the_handshake_waits_a_moment_for_what_is_being_made_and_no_longer() {
    for comes in [true, false] {
        let mut table = Table::new(plan(KITCHEN, 18));
        for seat in 0..2 {
            table.players[usize::from(seat)].as_mut().unwrap().port.direct_expected(1 - seat, true);
        }
        table.run(300.0);
        for player in table.players.iter_mut().flatten() {
            player.control(Control::Validate { attempt: 1, relay: false });
        }
        table.run(900.0);
        assert!(!table.page(0).validated && !table.page(1).validated);
        if comes {
            table.wire(0, 1);
        }
        table.run(if comes { 500.0 } else { 900.0 });
        assert!(table.page(0).validated && table.page(1).validated, "comes: {comes}");
        assert_eq!(paths(&table), [if comes { PathKind::Direct } else { PathKind::Relay }; 2]);
    }
}

#[test]
fn who_would_begin_otherwise_is_found_before_the_match_begins() {
    let easy = write_kwargs(&[("easy".to_owned(), true.into())].into_iter().collect());
    for (more, options, differs) in [(0, &[][..], false), (1, &[], true), (0, &easy, true)] {
        let mut table = Table::new(plan(Game::Crowd(2), 21));
        let join = table.join(1, false);
        table.players[1] = Some(table.player_who_joins(&Join { seed: join.seed + more, options, ..join }));
        table.run(300.0);
        for player in table.players.iter_mut().flatten() {
            player.control(Control::Validate { attempt: 1, relay: false });
        }
        table.run(3_000.0);
        for seat in 0..2 {
            let page = table.page(seat);
            let told = page.told.iter().filter(|told| told.starts_with("Desync")).count();
            assert_eq!((page.validated, told), (!differs, usize::from(differs)), "{seat}: {:?}", page.told);
        }
    }
}

#[test]
fn what_will_not_come_is_not_waited_for() {
    let mut table = Table::new(plan(KITCHEN, 19));
    for seat in 0..2 {
        let port = &mut table.players[usize::from(seat)].as_mut().unwrap().port;
        port.direct_expected(1 - seat, true);
        port.direct_expected(1 - seat, false);
        port.direct_expected(seat, true);
        port.direct_expected(200, true);
    }
    table.run(300.0);
    for player in table.players.iter_mut().flatten() {
        player.control(Control::Validate { attempt: 1, relay: false });
    }
    table.run(500.0);
    assert!(table.page(0).validated && table.page(1).validated);
}

#[test]
fn nobodys_bytes_and_floods_change_nothing() {
    let mut table = direct(Plan { steps: Some(300), ..plan(KITCHEN, 20) });
    let mut rng = SeededRng::new(7);
    for _ in 0..200 {
        table.run(20.0);
        let now = table.now.get();
        let player = table.players[0].as_mut().unwrap();
        // Probes of others, of other matches, cut and long ones; hellos; noise.
        let probe = [80, 77, 0, 0, 0, 1, 0];
        for bytes in [&probe[..6], &[80, 78, 0, 0, 0, 1, 0], &[80, 77, 0, 0, 0, 0, 0], &[80; 40], &[72; 46], &[]] {
            player.port.direct_packet(now, 1, bytes);
        }
        let noise: Vec<u8> = (0..rng.choice(100)).map(|_| rng.choice(256) as u8).collect();
        for seat in [0, 1, 7, 8, 255] {
            player.port.direct_packet(now, seat, &noise);
        }
        player.port.direct_given(now, 0);
        player.port.direct_given(now, 9);
        player.port.direct_closed(now, 77);
        table.collect(0);
    }
    assert!(table.wires.parted.contains(&(0, 9)), "a connection to nobody is closed");
    for _ in 0..5_000 {
        let now = table.now.get();
        table.players[0].as_mut().unwrap().port.direct_packet(now, 1, &[1; 60]);
    }
    ends(&mut table, 300);
}
