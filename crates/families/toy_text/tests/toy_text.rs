//! The toy text environments beyond what the recorded trajectories reach.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_env::{Env, EnvError, Kwargs, Scene, StateWriter, Value, ValueReader, ValueWriter, check::check};
use palaestra_toy_text::FAMILY;
use serde_json::{Value as Json, json};

fn kwargs(json: Json) -> Kwargs {
    json.as_object().cloned().unwrap()
}

fn started(id: &str, arguments: Json, seed: u64) -> Env {
    let mut env = FAMILY.make_env(id, &kwargs(arguments)).unwrap();
    env.reset(Some(seed), &Kwargs::new()).unwrap();
    env
}

/// Observation, reward and terminated of a step.
fn step(env: &mut Env, action: i64) -> (i64, f64, bool) {
    let outcome = env.step(&[Value::Discrete(action)]).unwrap();
    let (reward, terminated) = (outcome.rewards[0], outcome.terminated[0]);
    (observation(env)[0], reward, terminated)
}

fn observation(env: &Env) -> Vec<i64> {
    let mut out = ValueWriter::new();
    env.observe(&mut out);
    let (numbers, _) = out.bytes().as_chunks::<8>();
    numbers.iter().map(|bytes| i64::from_le_bytes(*bytes)).collect()
}

fn saved(env: &Env) -> Vec<u8> {
    let mut state = StateWriter::new();
    env.save(&mut state);
    state.into_bytes()
}

fn every_kind() -> Vec<(&'static str, Json)> {
    vec![
        ("FrozenLake-v1", json!({})),
        ("FrozenLake-v1", json!({"is_slippery": false, "map_name": "8x8"})),
        ("FrozenLake-v1", json!({"desc": ["SFFHS", "FHFFG"], "success_rate": 0.6, "reward_schedule": [5, -1, 0.5]})),
        ("FrozenLake-v1", json!({"desc": ["G"]})),
        ("FrozenLake-v1", json!({"map_name": null})),
        ("FrozenLake8x8-v1", json!({})),
        ("CliffWalking-v1", json!({})),
        ("CliffWalkingSlippery-v1", json!({})),
        ("Taxi-v4", json!({})),
        ("Taxi-v4", json!({"is_rainy": true, "fickle_passenger": true, "fickle_probability": 1.0})),
        ("Blackjack-v1", json!({})),
        ("Blackjack-v1", json!({"natural": true, "sab": false})),
    ]
}

#[test]
fn every_environment_of_the_family_keeps_the_contract_whatever_the_seed_and_arguments() {
    let ids = FAMILY.entries.iter().map(|entry| entry.id);
    for id in ids {
        assert!(every_kind().iter().any(|(kind, _)| *kind == id), "{id} is not tried");
    }
    for (id, arguments) in every_kind() {
        for seed in 0..3 {
            let made = || FAMILY.make_env(id, &kwargs(arguments.clone())).unwrap();
            check(made, seed, 500).unwrap_or_else(|error| panic!("{id} {arguments}: {error}"));
        }
    }
}

#[test]
fn what_an_argument_does_not_take_is_refused_with_what_it_does() {
    for (id, arguments, message) in [
        ("FrozenLake-v1", json!({"map_name": "5x5"}), "`map_name`: expected one of 4x4, 8x8, found \"5x5\""),
        ("FrozenLake-v1", json!({"desc": ["SF", "G"]}), "`desc`: expected a map: rows of equal length"),
        ("FrozenLake-v1", json!({"desc": []}), "`desc`: expected a map"),
        ("FrozenLake-v1", json!({"is_slippery": 1}), "`is_slippery`: expected true or false, found 1"),
        ("FrozenLake-v1", json!({"success_rate": 1.5}), "`success_rate`: expected a number from 0 to 1, found 1.5"),
        ("FrozenLake-v1", json!({"reward_schedule": [1, 0]}), "`reward_schedule`: expected three numbers"),
        ("FrozenLake-v1", json!({"slippery": true}), "expected an argument among map_name, desc"),
        ("Taxi-v4", json!({"rainy_probability": -0.1}), "`rainy_probability`: expected a number from 0 to 1"),
        ("Taxi-v4", json!({"fickle_passenger": "yes"}), "`fickle_passenger`: expected true or false"),
        ("CliffWalking-v1", json!({"is_slippery": 0}), "`is_slippery`: expected true or false"),
        ("Blackjack-v1", json!({"sab": null, "natural": 1}), "`natural`: expected true or false"),
    ] {
        match FAMILY.make_env(id, &kwargs(arguments.clone())) {
            Ok(_) => panic!("{arguments} was taken"),
            Err(error) => assert!(error.to_string().contains(message), "{error}"),
        }
    }
}

#[test]
fn a_reset_takes_no_options_and_then_leaves_the_game_as_it_is() {
    for (id, arguments) in every_kind() {
        let mut env = started(id, arguments, 1);
        let before = saved(&env);
        let error = env.reset(Some(2), &kwargs(json!({"low": 0}))).unwrap_err();
        assert!(matches!(error, EnvError::Option(_)), "{error}");
        assert_eq!(saved(&env), before, "{id}");
    }
}

#[test]
fn the_time_limits_are_those_that_make_sets() {
    for (id, limit) in [("FrozenLake-v1", 100), ("FrozenLake8x8-v1", 200), ("Taxi-v4", 200)] {
        let arguments = if id == "Taxi-v4" { json!({}) } else { json!({"is_slippery": false}) };
        let mut env = started(id, arguments, 3);
        for number in 1..=limit {
            // Against the upper edge, where nothing happens.
            let (_, _, terminated) = step(&mut env, if id == "Taxi-v4" { 1 } else { 3 });
            assert_eq!((env.outcome().truncated[0], terminated), (number == limit, false), "{id}: step {number}");
        }
    }
    let mut env = started("CliffWalking-v1", json!({}), 3);
    assert!((0..5000).all(|_| !step(&mut env, 0).2 && !env.outcome().truncated[0]));
    assert_eq!(env.spec().max_episode_steps, None);
}

#[test]
fn who_falls_over_the_cliff_pays_and_is_back_at_the_start() {
    let mut env = started("CliffWalking-v1", json!({}), 1);
    assert_eq!(observation(&env), [36]);
    assert_eq!(step(&mut env, 1), (36, -100.0, false));
    assert_eq!(step(&mut env, 0), (24, -1.0, false));
    for cell in 25..36 {
        assert_eq!(step(&mut env, 1), (cell, -1.0, false));
    }
    assert_eq!(step(&mut env, 2), (47, -1.0, true));
    // The reference lets who has arrived go on, over the cliff too.
    assert_eq!(step(&mut env, 3), (36, -100.0, false));
}

#[test]
fn a_lake_pays_by_its_schedule_and_what_is_reached_is_kept() {
    let arguments = json!({"desc": ["SFG", "HFF"], "is_slippery": false, "reward_schedule": [3, -2, 0.5]});
    let mut env = started("FrozenLake-v1", arguments.clone(), 1);
    assert_eq!(step(&mut env, 2), (1, 0.5, false));
    assert_eq!(step(&mut env, 0), (0, 0.5, false));
    assert_eq!(step(&mut env, 1), (3, -2.0, true));
    assert_eq!(step(&mut env, 2), (3, 0.0, true));
    let mut env = started("FrozenLake-v1", arguments, 1);
    step(&mut env, 2);
    assert_eq!(step(&mut env, 2), (2, 3.0, true));
    assert_eq!(step(&mut env, 0), (2, 0.0, true));
}

#[test]
fn without_a_name_the_lake_is_random_and_always_the_same() {
    let play = |arguments: Json| {
        let mut env = started("FrozenLake-v1", arguments, 5);
        (0..30).map(|number| step(&mut env, number * number % 4)).collect::<Vec<_>>()
    };
    assert_eq!(play(json!({"map_name": null})), play(json!({"map_name": null})));
    // As `generate_random_map(seed=0)` of the reference gives it.
    let rows = "SFFFHHFF FHHFHFFF HFFFFFFF FFHHFFFF FFFFFHHF FFFFFHFF FHFFHFFF FFFFFFFG".replace(' ', "\n");
    assert_eq!(play(json!({"map_name": null})), play(json!({"desc": rows})));
}

/// A taxi's row and column, the passenger's place, the destination.
fn fare(env: &Env) -> [i64; 4] {
    let number = observation(env)[0];
    [number / 100, number / 20 % 5, number / 4 % 5, number % 4]
}

#[test]
fn a_taxi_earns_by_delivering_and_pays_for_stops_in_vain() {
    // The passenger waits two cells above, at red, and wants to go down to yellow.
    let env = (0..5000).map(|seed| started("Taxi-v4", json!({}), seed)).find(|env| fare(env) == [2, 0, 0, 2]);
    let mut env = env.unwrap();
    assert_eq!(step(&mut env, 4).1, -10.0);
    assert_eq!(step(&mut env, 5).1, -10.0);
    step(&mut env, 1);
    step(&mut env, 1);
    assert_eq!(step(&mut env, 4).1, -1.0);
    assert_eq!(fare(&env), [0, 0, 4, 2]);
    step(&mut env, 0);
    assert_eq!(step(&mut env, 5).1, -10.0);
    for _ in 0..3 {
        step(&mut env, 0);
    }
    let (_, reward, terminated) = step(&mut env, 5);
    assert_eq!((reward, terminated, fare(&env)), (20.0, true, [4, 0, 2, 2]));
}

#[test]
fn a_fickle_passenger_wants_to_go_elsewhere_once_and_only_after_the_first_move() {
    let mut changed = 0;
    for seed in 0..60 {
        let mut env = started("Taxi-v4", json!({"fickle_passenger": true, "fickle_probability": 1.0}), seed);
        let wish = fare(&env)[3];
        let stand = [[0, 0], [0, 4], [4, 0], [4, 3]][fare(&env)[2] as usize];
        // Without a map, by trying: whoever cannot get there is left alone.
        for _ in 0..40 {
            let [row, column, ..] = fare(&env);
            let action = match (row.cmp(&stand[0]), column.cmp(&stand[1])) {
                (std::cmp::Ordering::Equal, std::cmp::Ordering::Equal) => 4,
                (std::cmp::Ordering::Greater, _) => 1,
                (std::cmp::Ordering::Less, _) => 0,
                (_, std::cmp::Ordering::Less) => 2,
                (_, std::cmp::Ordering::Greater) => 3,
            };
            step(&mut env, action);
        }
        if fare(&env)[2] != 4 {
            continue;
        }
        assert_eq!(fare(&env)[3], wish, "nobody has moved");
        step(&mut env, if stand[0] == 0 { 0 } else { 1 });
        let other = fare(&env)[3];
        assert_ne!(other, wish);
        step(&mut env, if stand[0] == 0 { 0 } else { 1 });
        assert_eq!(fare(&env)[3], other);
        changed += 1;
    }
    assert!(changed > 10, "{changed}");
}

#[test]
fn naturals_win_by_the_rules_chosen() {
    let mut seen = 0;
    for seed in 0..400 {
        let stick = |arguments: Json| {
            let mut env = started("Blackjack-v1", arguments, seed);
            let natural = observation(&env)[0] == 21;
            step(&mut env, 0);
            (natural, env.outcome().rewards[0])
        };
        let (natural, book) = stick(json!({}));
        let (_, casino) = stick(json!({"sab": false, "natural": true}));
        let (_, plain) = stick(json!({"sab": false}));
        if natural && plain == 1.0 {
            assert_eq!((book, casino), (1.0, 1.5), "{seed}");
            seen += 1;
        } else if natural {
            // A dealer who draws to 21 does not spoil a natural by the book; one who has a natural does.
            assert!(plain == 0.0 && casino == 0.0 && (book == 0.0 || book == 1.0), "{seed}");
        } else {
            assert_eq!((book, casino), (plain, plain), "{seed}");
        }
    }
    assert!(seen > 5, "{seen}");
}

#[test]
fn who_hits_for_ever_goes_bust_and_may_go_on() {
    let mut env = started("Blackjack-v1", json!({}), 1);
    let mut sum = observation(&env)[0];
    while let (next, reward, false) = step(&mut env, 1) {
        assert_eq!(reward, 0.0);
        sum = next;
    }
    assert!(sum <= 21 && observation(&env)[0] > 21);
    for _ in 0..200 {
        let before = observation(&env)[0];
        let (after, reward, terminated) = step(&mut env, 1);
        assert!(after > before && reward == -1.0 && terminated);
        env.draw(&mut Scene::new());
    }
}

#[test]
fn a_taxi_s_mask_says_which_actions_change_the_state() {
    let mut env = started("Taxi-v4", json!({}), 11);
    for number in 0..300 {
        let mut out = ValueWriter::new();
        env.info(&mut out);
        let info = ValueReader::new(out.bytes()).read(&env.spec().step_info).unwrap();
        let Value::Dict(members) = info else { panic!("expected a Dict, found {info:?}") };
        let Value::Tensor(mask) = &members[1] else { panic!("expected a Box, found {members:?}") };
        let before = saved(&env);
        for action in 0..6 {
            let state = observation(&env)[0];
            let changes = step(&mut env, action).0 != state;
            assert_eq!(mask.get(action as usize), Some(f64::from(u8::from(changes))), "step {number}: action {action}");
            env.restore(&before).unwrap();
        }
        let chosen = (0..6).rev().find(|action| mask.get((*action + number) % 6) == Some(1.0)).unwrap();
        step(&mut env, ((chosen + number) % 6) as i64);
        if env.outcome().over() {
            env.reset(None, &Kwargs::new()).unwrap();
        }
    }
}
