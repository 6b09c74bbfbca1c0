//! Lockstep, input delay, leaving, paths, spectators, memory.
use palaestra_env_tests::allocations::{asked, in_use};
use palaestra_rollback::{Authority, Dropout, EndReason, Event, Follower, JointAction, Output};

use crate::table::{Player, RULES, Table, options, player};
use crate::world::{Chaos, Rules};

#[test]
fn lockstep_plays_a_frame_when_everybodys_input_is_there_and_waits_for_keys() {
    let rules = Rules { waits: true, ..RULES };
    let mut table = Table::with(3, 0, rules, |options| options.window = 0);
    table.run(2_000.0);
    assert!(table.players[0].confirmed.len() > 10);
    assert!(
        table.players.iter().all(|player| player.peer.stats().predicted == 0 && player.peer.stats().rollbacks == 0)
    );
    // Nobody strikes a key at seat 1: everybody waits, and nobody is lost.
    table.players[1].acts = false;
    table.run(1_000.0);
    let frame = table.players[0].peer.frame();
    table.run(20_000.0);
    assert_eq!(table.players[0].peer.frame(), frame);
    assert!(table.players.iter().all(|player| player.told.iter().all(|told| !told.starts_with("Lost"))));
    table.players[1].acts = true;
    table.run(1_000.0);
    table.check();
    assert!(table.players[0].peer.frame() > frame);
}

#[test]
fn a_game_that_waits_for_keys_has_no_input_delay() {
    let rules = Rules { waits: true, ..RULES };
    for window in [0, 8] {
        let mut table = Table::with(2, 0, rules, |options| (options.window, options.delay) = (window, 2));
        table.run(2_000.0);
        table.check();
        for player in &table.players {
            assert!(player.confirmed.len() > 10, "{}", player.confirmed.len());
            assert_eq!(player.peer.options().delay, 0);
        }
    }
    // Who starts anew waits for keys as well.
    let mut table = Table::with(2, 0, rules, |options| (options.window, options.delay) = (0, 2));
    table.run(2_000.0);
    let mut anew = options(2, 0, 1);
    (anew.window, anew.delay, anew.incarnation) = (0, 2, 2);
    table.players[1] = player(anew, rules, table.now, true);
    table.run(2_000.0);
    table.check();
    assert!(table.players[1].confirmed.len() > 10, "{:?}", table.players[1].told);
}

#[test]
fn a_page_that_gives_no_keys_plays_idle_and_freezes_nobody() {
    let mut table = Table::new(2, |_| {});
    table.players[1].acts = false;
    table.run(3_000.0);
    table.check();
    assert!(table.players[0].confirmed.len() > 80);
    assert!(table.players[0].confirmed.iter().all(|confirmed| confirmed.actions[1] == [0]));
}

#[test]
fn with_input_delay_a_close_peer_is_never_mispredicted() {
    let mut table = Table::new(2, |options| options.delay = 3);
    table.run(4_000.0);
    table.check();
    assert_eq!(table.players[0].peer.stats().rollbacks, 0);
    // What was done at a tick is played three frames later.
    assert!(table.players[0].confirmed.iter().take(3).all(|confirmed| confirmed.actions[0] == [0]));
}

#[test]
fn who_says_goodbye_is_gone_at_once() {
    for (dropout, reason) in [(Dropout::Idle, EndReason::Complete), (Dropout::End, EndReason::PartnerLeft)] {
        let mut table = Table::new(2, |options| {
            (options.authority, options.dropout, options.most_frames) = (Authority::Peers, dropout, Some(120));
        });
        table.run(1_500.0);
        table.tell(0, Event::Leave);
        assert_eq!(table.players[0].ended, Some(EndReason::Left));
        table.run(300.0);
        assert!(
            table.players[1].told.iter().any(|told| told.starts_with("Left { seat: 0")),
            "{:?}",
            table.players[1].told
        );
        table.run(4_000.0);
        assert_eq!(table.players[1].ended, Some(reason));
        assert_eq!(table.players[1].confirmed.len() == 120, reason == EndReason::Complete);
    }
}

#[test]
fn a_policy_goes_on_in_a_leavers_seat() {
    let mut table = Table::new(2, |options| {
        (options.authority, options.dropout, options.most_frames) = (Authority::Peers, Dropout::Policy, Some(200));
    });
    table.run(1_000.0);
    table.tell(0, Event::Leave);
    table.run(8_000.0);
    let player = &table.players[1];
    assert_eq!((player.ended, player.confirmed.len()), (Some(EndReason::Complete), 200));
    assert!(player.confirmed[100..].iter().filter(|confirmed| confirmed.actions[0] != [0]).count() > 50);
}

/// Bytes that seat 0 sends in three seconds.
fn bytes_sent(reliable: bool, lost: bool) -> (usize, Table) {
    let mut table = Table::new(2, |options| options.window = 40);
    table.latency = 150.0;
    if reliable {
        table.tell(0, Event::Path { seat: 1, reliable });
        table.tell(1, Event::Path { seat: 0, reliable });
    }
    table.run(1_000.0);
    let sum = std::rc::Rc::new(std::cell::Cell::new(0));
    if lost {
        table.lost = Box::new(|now, from, _| from == 0 && (1_000.0..1_500.0).contains(&now));
    }
    let mut bytes = 0;
    for _ in 0..300 {
        table.run(10.0);
        let new = table.letters.iter().filter(|letter| letter.from == 0 && letter.at > table.now + 140.0 - 0.5);
        bytes += new.map(|letter| letter.bytes.len()).sum::<usize>();
        sum.set(bytes);
    }
    (bytes, table)
}

#[test]
fn nothing_is_sent_twice_along_a_reliable_path_but_what_was_lost_with_the_old_one() {
    let (unreliable, _) = bytes_sent(false, false);
    let (reliable, _) = bytes_sent(true, false);
    assert!(f64::from(reliable as u32) < 0.95 * f64::from(unreliable as u32), "{reliable} and {unreliable}");
    let (_, mut table) = bytes_sent(true, true);
    table.run(3_000.0);
    table.check();
    assert!(table.players[1].confirmed.len() > 120, "asked for again: {}", table.players[1].confirmed.len());
}

#[test]
fn one_datagram_has_at_most_32_inputs_of_a_seat() {
    let rules = Rules { episode: u64::MAX, ..RULES };
    let mut table = Table::with(2, 0, rules, |options| options.window = 150);
    table.lost = Box::new(|now, from, _| from == 0 && now > 500.0);
    table.run(4_000.0);
    let longest = table.letters.iter().map(|letter| letter.bytes.len()).max().unwrap();
    table.lost = Box::new(|_, _, _| false);
    assert!(longest < 200);
    table.run(60.0);
    let held = |table: &Table| table.players[1].peer.confirmed();
    table.run(100.0);
    assert!(held(&table) <= 15 + 6 * 32);
    table.run(3_000.0);
    table.check();
    assert!(held(&table) > 150);
}

/// A follower of what a player confirmed, up to a number of frames.
fn follow(follower: &mut Follower, world: &mut Chaos, player: &Player, frames: std::ops::Range<usize>) {
    let mut joint = JointAction::new(player.confirmed[0].actions.iter().map(|_| 1));
    for confirmed in &player.confirmed[frames] {
        for (seat, action) in (0..).zip(&confirmed.actions) {
            assert!(joint.set(seat, action));
        }
        follower.play(confirmed.frame, joint.actions(), world).unwrap();
        assert_eq!(follower.chain(), confirmed.chain);
    }
}

#[test]
fn a_spectator_follows_from_a_state_and_the_server_from_the_beginning() {
    let mut table = Table::with(2, 1, Rules { episode: 40, ..RULES }, |_| {});
    table.run(8_000.0);
    let player = &table.players[0];
    let (options, rules) = (options(2, 1, 0), Rules { snapshots: 1, ..RULES });
    for at in [0, 1, 17, 100, 101, 150] {
        let mut server = Chaos::new(Rules { episode: 40, ..rules });
        let mut follower = Follower::new(&options, &mut server);
        follow(&mut follower, &mut server, player, 0..at);
        let mut bytes = Vec::new();
        follower.checkpoint(0, &server, &mut bytes);
        let mut world = Chaos::new(Rules { episode: 40, ..rules });
        let mut spectator = Follower::from_checkpoint(&options, &bytes, &mut world).unwrap();
        assert_eq!((spectator.frame() as usize, spectator.episode()), (at, follower.episode()));
        follow(&mut spectator, &mut world, player, at..180);
        follow(&mut follower, &mut server, player, at..180);
        // The state is part of what the bytes say.
        if let Some(last) = bytes.last_mut().filter(|_| at > 1) {
            *last ^= 1;
            bytes[20] ^= 1;
            assert!(Follower::from_checkpoint(&options, &bytes, &mut world).is_err());
        }
    }
}

#[test]
fn a_warm_peer_allocates_nothing_and_a_long_match_takes_no_more_memory() {
    let mut table = Table::with(2, 0, Rules { episode: u64::MAX, ..RULES }, |_| {});
    table.run(10_000.0);
    let (mut before, mut times) = (0, 0);
    for minute in 0..5 {
        for _ in 0..10_000 {
            table.now += 1.0;
            for seat in 0..2_u8 {
                let letters: Vec<_> = std::mem::take(&mut table.letters);
                let (due, rest) = letters.into_iter().partition(|letter| letter.at <= table.now && letter.to == seat);
                table.letters = rest;
                let due: Vec<crate::table::Letter> = due;
                let mut sent = Vec::with_capacity(16);
                let now = table.now;
                let Player { peer, world, .. } = &mut table.players[usize::from(seat)];
                let mut room: Vec<u8> = Vec::with_capacity(4096);
                let (spent, ()) = asked(|| {
                    let out = &mut |output: Output<'_>| {
                        if let Output::Send { to, bytes } = output {
                            sent.push((to, room.len(), bytes.len()));
                            room.extend_from_slice(bytes);
                        }
                    };
                    for letter in &due {
                        peer.handle(now, Event::Packet { from: letter.from, bytes: &letter.bytes }, world, out);
                    }
                    let action = [(now as u64 / 200 % 6) as u8];
                    peer.handle(now, Event::Tick { action: Some(&action) }, world, out);
                });
                times += spent.times;
                for (to, at, length) in sent {
                    let bytes = room[at..at + length].to_vec();
                    table.letters.push(crate::table::Letter { at: now + 40.0, from: seat, to, bytes });
                }
            }
        }
        let used = in_use();
        if minute == 0 {
            before = used;
        }
        assert!(used - before < 20_000, "{} bytes more", used - before);
    }
    assert_eq!(times, 0, "allocations of a warm peer");
    assert!(table.players[0].peer.confirmed() > 1_500 && table.players[0].peer.stats().rollbacks > 100);
}

#[test]
fn who_is_ahead_slows_down_and_who_is_behind_hurries() {
    let mut table = Table::new(2, |options| options.window = 20);
    table.run(500.0);
    // Seat 1 does nothing for a quarter of a second, and is behind by some frames.
    let until = table.now + 250.0;
    while table.now < until {
        table.now += 1.0;
        while table.players[0].peer.due().is_some_and(|due| due <= table.now) {
            table.tick(0);
        }
    }
    assert!(table.players[0].peer.frame() > table.players[1].peer.frame() + 5);
    table.run(60_000.0);
    table.check();
    let ahead = table.players[0].peer.stats().ahead;
    assert!(ahead.abs() < 1.0, "{ahead}");
}

#[test]
fn the_clock_of_a_slow_game_is_right() {
    for fps in [0.5, 1.0, 3.0] {
        let rules = Rules { episode: 5, ..RULES };
        let mut table = Table::with(2, 0, rules, |options| (options.fps, options.episode_pause) = (fps, 8_000.0));
        let when = |table: &mut Table, what: &str| -> f64 {
            while !table.players[0].told.iter().any(|told| told.starts_with(what)) {
                table.run(1.0);
            }
            table.now
        };
        let over = when(&mut table, "EpisodeOver { episode: 0");
        let began = when(&mut table, "EpisodeBegan { episode: 1");
        assert!((8_000.0..8_000.0 + 1_000.0 / fps + 5.0).contains(&(began - over)), "{fps} fps: {}", began - over);
    }
}

#[test]
fn nobody_is_missed_in_a_slow_game() {
    for (people, fps) in [(2, 0.1), (2, 0.5), (2, 1.0), (6, 0.2), (6, 1.0), (6, 2.0), (8, 3.5)] {
        let rules = Rules { episode: u64::MAX, ..RULES };
        let mut table = Table::with(people, 0, rules, |options| options.fps = fps);
        table.latency = 50.0;
        table.run(60_000.0 + 20_000.0 / fps);
        table.check();
        for player in &table.players {
            let missed = ["Reconnecting", "Lost"];
            assert!(player.told.iter().all(|told| !missed.iter().any(|word| told.starts_with(word))), "{fps} fps");
            assert!(f64::from(player.peer.confirmed()) > 50.0 * fps, "{fps} fps: {}", player.peer.confirmed());
        }
    }
}

#[test]
fn who_starts_anew_in_a_slow_game_gets_a_state() {
    for (people, fps) in [(2, 0.2), (2, 1.0), (6, 0.4), (6, 1.0)] {
        let rules = Rules { episode: u64::MAX, words: 2_000, ..RULES };
        let slow = move |options: &mut palaestra_rollback::Options| {
            (options.fps, options.authority, options.most_frames) = (fps, Authority::Peers, Some(40));
            // Nobody is dropped for having been away.
            options.grace = 20_000.0 / fps;
        };
        let mut table = Table::with(people, 0, rules, slow);
        table.run(10_000.0 / fps);
        let mut anew = options(people, 0, 1);
        slow(&mut anew);
        anew.incarnation = 2;
        table.players[1] = player(anew, rules, table.now, true);
        table.run(60_000.0 / fps);
        table.check();
        for player in &table.players {
            assert_eq!(player.ended, Some(EndReason::Complete), "{people} people, {fps} fps: {:?}", player.told);
        }
    }
}

#[test]
fn who_is_last_in_a_slow_game_is_waited_for() {
    let ends = |lost_from: f64| {
        let mut table = Table::new(2, |options| (options.fps, options.most_frames) = (0.4, Some(10)));
        table.lost = Box::new(move |now, from, _| from == 0 && (lost_from..lost_from + 6_000.0).contains(&now));
        let mut ended = None;
        while table.now < 90_000.0 {
            table.run(10.0);
            ended = ended.or(table.players[0].ended.map(|_| table.now));
        }
        let reasons = table.players.iter().map(|player| player.ended).collect::<Vec<_>>();
        (reasons, ended.unwrap())
    };
    let (reasons, ended) = ends(f64::INFINITY);
    assert_eq!(reasons, [Some(EndReason::Complete); 2]);
    // What it says at its end, and after it, is lost at first.
    for before in [10.0, 2_510.0, 5_010.0] {
        assert_eq!(ends(ended - before).0, [Some(EndReason::Complete); 2], "{before} ms before");
    }
}

#[test]
fn a_machine_that_slept_does_not_take_the_others_for_lost() {
    let mut table = Table::new(2, |options| (options.authority, options.grace) = (Authority::Peers, 3_000.0));
    table.run(2_000.0);
    // Seat 0 sleeps for a minute in which seat 1 waits; its clock does not.
    table.players[1].told.clear();
    let slept = 60_000.0;
    table.letters.clear();
    table.now += slept;
    table.tick(0);
    assert!(table.players[0].told.iter().all(|told| !told.starts_with("Lost")), "{:?}", table.players[0].told);
    table.tick(1);
    table.run(3_000.0);
    table.check();
    assert!(table.players[0].confirmed.len() > 120, "{}", table.players[0].confirmed.len());
}
