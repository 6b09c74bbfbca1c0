//! Whole games: every side has the same record, byte for byte, and a replay comes to the same.
use palaestra_env::Kwargs;
use palaestra_play::together::MatchWorld;
use palaestra_protocol::together::{DropoutSetup, MatchMode, NetworkSetup};
use palaestra_protocol::{Motion, SeatSetup};
use palaestra_rollback::World;

use crate::table::{Game, Plan, Table, plan};

/// Plays a match to its planned end, and checks all that must hold of it.
fn plays(plan: Plan, steps: u32, ms: f64) -> Table {
    let mut table = Table::new(plan);
    table.begin();
    table.run(ms);
    let people = table.players.len();
    let told: Vec<_> = table.players.iter().flatten().map(|player| &player.page.told).collect();
    assert_eq!(table.reasons(), vec![Some("complete"); people], "{told:?}");
    table.check();
    for seat in 0..people {
        let page = table.page(seat);
        assert_eq!(page.entries.len() as u32, steps, "seat {seat}");
        assert!(page.released, "seat {seat}: all of it is on disk, and nobody waits for more");
        assert!(page.strokes > 0 && page.vitals > 0 && page.pictures as u32 > steps / 2);
        assert_eq!(table.relay.stored[seat].len() as u32, steps);
        assert_eq!(table.relay.facts[seat].as_deref(), Some(r#"{"user_agent":"none"}"#));
        let port = &table.players[seat].as_ref().unwrap().port;
        assert_eq!(port.due(), None, "seat {seat} rests");
        assert!(port.is_free());
        let peer = port.peer().unwrap();
        let stalled = peer.stats().stalls as f64 * 1_000.0 / peer.options().fps;
        assert_eq!(page.slowed, stalled, "seat {seat}");
    }
    table
}

const KITCHENS: [&str; 3] = ["overcooked_ai/cramped_room", "Overcooked-CrampedRoom-V0", "slimevb/SlimeVolleyEnv"];

#[test]
fn two_people_play_every_kind_of_game() {
    for (seed, id) in (1..).zip(KITCHENS) {
        plays(plan(Game::Catalog(id), seed), 300, 15_000.0);
    }
}

#[test]
fn a_match_finds_its_environment_as_it_is_made_and_leaves_it_so() {
    for entry in palaestra_envs::CATALOG.entries().filter(|entry| entry.agents > 1) {
        let make = || palaestra_envs::make(entry.id, &Kwargs::new()).unwrap();
        let mut env = make();
        for seed in 0..12 {
            let seats = vec![SeatSetup::Random; env.spec().agents.len()];
            let world = MatchWorld::new(env, &seats, DropoutSetup::Random, seed, Kwargs::new(), (4, Vec::new()));
            let mut world = world.map_err(|refused| refused.1).unwrap();
            world.reset(0, seed);
            let mut new = make();
            new.reset(Some(seed), &Kwargs::new()).unwrap();
            assert_eq!(world.hash(), new.hash(), "{}, seed {seed}", entry.id);
            env = world.into_parts().0;
            assert_eq!(env.hash(), make().hash(), "{}, seed {seed}, afterwards", entry.id);
        }
    }
}

#[test]
fn a_seat_of_a_fixed_action_plays_it() {
    let action = 3_i64.to_le_bytes().to_vec();
    for dropout in [DropoutSetup::Random, DropoutSetup::Idle] {
        let seats = [SeatSetup::Random, SeatSetup::Fixed(action.clone())];
        let world = MatchWorld::new(Game::Crowd(2).env(), &seats, dropout, 1, Kwargs::new(), (4, Vec::new()));
        let mut world = world.map_err(|refused| refused.1).unwrap();
        world.reset(0, 1);
        let mut played = |seat| {
            let mut bytes = Vec::new();
            world.act(seat, &mut bytes);
            bytes
        };
        assert!((0..20).all(|_| played(1) == action));
        assert!((0..20).any(|_| played(0) != action), "the other plays at random");
    }
}

#[test]
fn with_delay_and_jitter_frames_are_guessed_and_played_again() {
    for (seed, id) in (10..).zip(KITCHENS) {
        let table = plays(Plan { latency: 160.0, jitter: 60.0, ..plan(Game::Catalog(id), seed) }, 300, 20_000.0);
        let stats = table.players[0].as_ref().unwrap().port.peer().unwrap().stats();
        assert!(stats.rollbacks > 5 && stats.predicted > 30, "{stats:?}");
    }
}

#[test]
fn a_path_that_loses_packets_loses_no_frame() {
    let lossy = NetworkSetup { delay_ms: 30.0, jitter_ms: 40.0, loss: 0.15, duplicate: 0.1, reorder: 0.3, seed: 3 };
    for (seed, id) in (20..).zip(KITCHENS) {
        plays(Plan { network: Some(lossy), ..plan(Game::Catalog(id), seed) }, 300, 25_000.0);
    }
    // The core thinks the path reliable here, and is wrong.
    plays(Plan { loss: 0.05, ..plan(Game::Catalog(KITCHENS[0]), 30) }, 300, 60_000.0);
}

#[test]
fn three_and_four_people_and_a_policy_play_several_episodes() {
    let several = |agents, policies, seed| Plan {
        policies,
        steps: None,
        episodes: Some(3),
        jitter: 20.0,
        ..plan(Game::Crowd(agents), seed)
    };
    for (agents, policies) in [(3, 0), (4, 0), (4, 1), (3, 1)] {
        let mut table = Table::new(several(agents, policies, 40 + agents as u64));
        table.begin();
        table.run(40_000.0);
        table.check();
        assert_eq!(table.reasons(), vec![Some("complete"); agents - policies]);
        assert_eq!(table.page(0).began.len(), 3);
    }
}

#[test]
fn lockstep_plays_what_everybody_has_said() {
    let plan = Plan { mode: MatchMode::Lockstep, ..plan(Game::Crowd(2), 50) };
    let table = plays(plan, 300, 30_000.0);
    let stats = table.players[0].as_ref().unwrap().port.peer().unwrap().stats();
    assert_eq!((stats.rollbacks, stats.predicted), (0, 0));
}

#[test]
fn a_game_that_waits_for_keys_begins_whatever_the_input_delay_is() {
    let plan = Plan { mode: MatchMode::Lockstep, waits: true, steps: Some(20), ..plan(Game::Crowd(2), 51) };
    let mut table = Table::new(plan);
    table.begin();
    table.run(30_000.0);
    assert_eq!(table.reasons(), vec![Some("complete"); 2]);
    table.check();
    assert!((0..2).all(|seat| table.page(seat).strokes > 0));
}

#[test]
fn keys_that_are_struck_between_two_episodes_are_no_actions_of_the_next() {
    let waits = Plan { mode: MatchMode::Lockstep, waits: true, steps: None, ..plan(Game::Crowd(2), 52) };
    let mut table = Table::new(Plan { episodes: Some(2), ..waits });
    table.plays.fill(false);
    let strike = |table: &mut Table| {
        for player in table.players.iter_mut().flatten() {
            player.key(1, Motion::Down);
            player.key(1, Motion::Up);
        }
    };
    // Before the first one as well.
    (0..3).for_each(|_| strike(&mut table));
    table.begin();
    table.run(3_000.0);
    let frames = |table: &Table| -> Vec<u32> {
        table.players.iter().flatten().map(|player| player.port.peer().unwrap().frame()).collect()
    };
    assert_eq!(frames(&table), [0, 0]);
    let mut struck = 0;
    while !over(&table) {
        strike(&mut table);
        struck += 1;
        // Until it is played, and confirmed everywhere.
        let next = |table: &Table| {
            over(table)
                || table.players.iter().flatten().all(|player| player.port.peer().unwrap().confirmed() == struck)
        };
        (0..1_000).for_each(|_| table.run(if next(&table) { 0.0 } else { 1.0 }));
    }
    assert_eq!(frames(&table), [struck; 2], "each has its frame");
    (0..5).for_each(|_| strike(&mut table));
    table.run(3_000.0);
    assert_eq!((table.page(0).began.len(), table.page(1).began.len()), (2, 2));
    assert_eq!(frames(&table), [struck; 2]);
    strike(&mut table);
    table.run(1_000.0);
    assert_eq!(frames(&table), [struck + 1; 2]);
    table.check();
}

/// Whether everybody knows that the episode is over.
fn over(table: &Table) -> bool {
    table.players.iter().flatten().all(|player| {
        let peer = player.port.peer().unwrap();
        player.port.world().env().outcome().over() && peer.confirmed() == peer.frame()
    })
}

#[test]
fn a_stroke_too_many_at_the_end_of_an_episode_is_no_action_of_the_next() {
    let waits = Plan { mode: MatchMode::Lockstep, waits: true, steps: None, ..plan(Game::Crowd(2), 52) };
    let mut table = Table::new(Plan { episodes: Some(2), ..waits });
    table.plays.fill(false);
    table.begin();
    table.run(1_000.0);
    // Each strikes twice for every frame that is to come, also for the last one.
    while !over(&table) {
        for player in table.players.iter_mut().flatten() {
            for _ in 0..2 {
                player.key(1, Motion::Down);
                player.key(1, Motion::Up);
            }
        }
        table.run(120.0);
    }
    let frames = |table: &Table| -> Vec<u32> {
        table.players.iter().flatten().map(|player| player.port.peer().unwrap().frame()).collect()
    };
    let before = frames(&table);
    table.run(3_000.0);
    assert_eq!((table.page(0).began.len(), table.page(1).began.len()), (2, 2));
    assert_eq!(frames(&table), before, "nobody has struck a key in this episode");
    table.check();
}

#[test]
fn a_key_that_comes_up_between_two_episodes_is_not_held_in_the_next() {
    let mut table = Table::new(Plan { steps: None, episodes: Some(2), ..plan(Game::Crowd(2), 53) });
    table.plays.fill(false);
    table.players.iter_mut().flatten().for_each(|player| player.key(1, Motion::Down));
    table.begin_with(0);
    while !over(&table) {
        table.run(1.0);
    }
    let first = table.page(0).entries.len();
    table.players.iter_mut().flatten().for_each(|player| player.key(1, Motion::Up));
    table.run(12_000.0);
    let held = |entries: &[crate::player::Entry]| -> Vec<bool> {
        entries.iter().map(|entry| entry.actions.chunks(8).any(|action| action[0] != 0)).collect()
    };
    let entries = &table.page(0).entries;
    assert!(held(&entries[..first]).iter().all(|held| *held) && entries.len() > first + 10);
    assert_eq!(held(&entries[first..]), vec![false; entries.len() - first]);
    table.check();
}

#[test]
fn the_same_seed_is_the_same_match() {
    let lossy = NetworkSetup { delay_ms: 20.0, jitter_ms: 30.0, loss: 0.1, duplicate: 0.1, reorder: 0.2, seed: 5 };
    let run = || {
        let plan = Plan { network: Some(lossy), jitter: 15.0, ..plan(Game::Crowd(3), 60) };
        let mut table = Table::new(plan);
        table.begin();
        table.run(6_000.0);
        let told: Vec<_> = (0..3).map(|seat| table.page(seat).told.clone()).collect();
        (told, table.page(1).entries.clone())
    };
    let (told, entries) = run();
    assert!(entries.len() > 50);
    assert_eq!((told, entries), run());
}
