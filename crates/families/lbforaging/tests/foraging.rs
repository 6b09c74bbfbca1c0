//! Foraging as a player meets it: who lifts what and what it earns, which ids there are, and what arguments change.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]

use palaestra_env::returns::Returns;
use palaestra_env::{Env, Kwargs, SeededRng, Tensor, Value, ValueWriter};
use palaestra_lbforaging::FAMILY;
use serde_json::{Value as Json, json};

const LOAD: i64 = 5;

fn kwargs(json: Json) -> Kwargs {
    json.as_object().cloned().unwrap()
}

fn env(id: &str, arguments: Json, seed: u64) -> Env {
    let mut env = FAMILY.make_env(id, &kwargs(arguments)).unwrap();
    env.reset(Some(seed), &Kwargs::new()).unwrap();
    env
}

fn returned(env: &Env) -> Returns {
    let mut out = ValueWriter::new();
    env.write_returns(&mut out);
    Returns::read(env.spec(), env.phase(), out.bytes()).unwrap()
}

/// Rows, columns and levels: of the food, then of the player, then of the others.
fn seen(env: &Env, agent: usize) -> Vec<[i64; 3]> {
    match &returned(env).observations[agent] {
        Value::Tensor(Tensor::F32(numbers)) => {
            numbers.chunks(3).map(|thing| [thing[0] as i64, thing[1] as i64, thing[2] as i64]).collect()
        }
        other => panic!("{other:?}"),
    }
}

/// Everybody goes to the first food, now and then aside, and lifts beside it.
fn forage(env: &Env, food: usize, rng: &mut SeededRng) -> Vec<Value> {
    let choose = |agent: usize| {
        let things = seen(env, agent);
        let ([row, column, level], [own_row, own_column, _]) = (things[0], things[food]);
        let (down, right) = (row - own_row, column - own_column);
        assert!(level > 0, "{things:?}");
        if down.abs() + right.abs() == 1 {
            return LOAD;
        }
        match (rng.choice(4), down.abs() >= right.abs()) {
            (0, _) => rng.integers(1, 5),
            (_, true) => {
                if down > 0 {
                    2
                } else {
                    1
                }
            }
            (_, false) => {
                if right > 0 {
                    4
                } else {
                    3
                }
            }
        }
    };
    (0..env.spec().agents.len()).map(choose).map(Value::Discrete).collect()
}

/// What each has earned when the game is over, and how long it was.
fn played(env: &mut Env, food: usize) -> (Vec<f64>, u32) {
    let mut earned = vec![0.0; env.spec().agents.len()];
    let mut rng = SeededRng::new(3);
    while !env.outcome().over() {
        let actions = forage(env, food, &mut rng);
        let outcome = env.step(&actions).unwrap();
        earned.iter_mut().zip(&outcome.rewards).for_each(|(sum, reward)| *sum += reward);
    }
    (earned, env.elapsed())
}

#[test]
fn all_food_together_is_worth_one_point_and_lifted_by_all_it_is_shared_by_their_levels() {
    let mut done = 0;
    for seed in 0..40 {
        let mut game = env("Foraging-8x8-2p-2f-coop-v3", json!({}), seed);
        let levels = [0, 1].map(|agent| seen(&game, agent)[2][2]);
        let food = seen(&game, 0)[0][2];
        assert_eq!(food, levels[0] + levels[1], "food that takes both");
        let (earned, steps) = played(&mut game, 2);
        assert!(game.outcome().terminated[0] && steps <= 50);
        if steps == 50 {
            continue;
        }
        done += 1;
        assert!((earned.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{earned:?} after {steps}");
        let share = levels[0] as f64 / food as f64;
        assert!((earned[0] - share).abs() < 1e-12, "{earned:?} of {levels:?}");
    }
    assert!(done > 10, "only {done} games were done in time");
}

#[test]
fn a_game_is_over_after_fifty_steps_and_cut_off_earlier_if_that_is_asked_for() {
    for (arguments, steps, terminated, truncated) in [
        (json!({}), 50, true, false),
        (json!({"max_episode_steps": 50}), 50, true, true),
        (json!({"max_episode_steps": 200}), 50, true, false),
        (json!({"max_episode_steps": 7}), 7, false, true),
    ] {
        let mut game = env("Foraging-8x8-3p-4f-v3", arguments, 1);
        while !game.outcome().over() {
            game.step(&[0, 0, 0].map(Value::Discrete)).unwrap();
        }
        let outcome = game.outcome();
        assert_eq!((game.elapsed(), outcome.terminated[0], outcome.truncated[0]), (steps, terminated, truncated));
    }
}

#[test]
fn lifting_in_vain_costs_the_penalty_and_lifting_nothing_costs_nothing() {
    let arguments = json!({"penalty": 0.25});
    let mut game = env("Foraging-8x8-2p-2f-coop-v3", arguments, 4);
    let mut rng = SeededRng::new(5);
    let (mut vain, mut nothing) = (0, 0);
    for _ in 0..600 {
        let [row, column, _] = seen(&game, 0)[0];
        let [own_row, own_column, _] = seen(&game, 0)[2];
        let beside = (row - own_row).abs() + (column - own_column).abs() == 1;
        let mut actions = forage(&game, 2, &mut rng);
        // The other never helps.
        actions[1] = Value::Discrete(0);
        if rng.choice(4) == 0 {
            actions[0] = Value::Discrete(LOAD);
        }
        let lifts = actions[0] == Value::Discrete(LOAD);
        let reward = game.step(&actions).unwrap().rewards[0];
        if beside && lifts {
            assert_eq!(reward, -0.25);
            vain += 1;
        } else if lifts && reward == 0.0 {
            nothing += 1;
        }
    }
    assert!(vain > 50 && nothing > 2, "{vain} in vain, {nothing} at nothing");
}

#[test]
fn all_ids_of_the_package_can_be_made_and_are_what_they_say() {
    let mut made = 0;
    for (size, players) in (5..=19).flat_map(|size| (2..=9).map(move |players| (size, players))) {
        for (food, sight) in (1..=4).flat_map(|food| ["", "-2s"].map(|sight| (food, sight))) {
            for coop in ["", "-coop"] {
                let id = format!("Foraging{sight}-{size}x{size}-{players}p-{food}f{coop}-v3");
                let game = FAMILY.make_env(&id, &Kwargs::new()).unwrap();
                assert_eq!((game.spec().id.as_str(), game.spec().agents.len()), (id.as_str(), players));
                made += 1;
            }
        }
    }
    assert_eq!(made, 1920);
    assert!(FAMILY.make_env("Foraging-4x4-2p-1f-v3", &Kwargs::new()).is_err());
}

#[test]
fn an_id_is_another_one_with_its_arguments() {
    let named = env("Foraging-2s-10x10-4p-4f-v3", json!({}), 6);
    let arguments = json!({"field_size": [10, 10], "players": 4, "sight": 2, "force_coop": false, "max_num_food": 4});
    let argued = env("Foraging-8x8-2p-2f-coop-v3", arguments, 6);
    assert_eq!(returned(&named), returned(&argued));
}

#[test]
fn players_who_were_placed_before_are_in_the_way_of_the_next_game() {
    let differs = (0..60).any(|seed| {
        let mut again = env("Foraging-5x5-2p-1f-v3", json!({"players": 9}), seed + 100);
        again.reset(Some(seed), &Kwargs::new()).unwrap();
        returned(&again) != returned(&env("Foraging-5x5-2p-1f-v3", json!({"players": 9}), seed))
    });
    assert!(differs, "the last game leaves no trace, as it does in the reference");
}

#[test]
fn arguments_that_the_reference_refuses_or_fails_with_are_refused() {
    for (arguments, told) in [
        (json!({"grid_observation": true}), "`grid_observation`: expected false"),
        (json!({"players": 0}), "`players`: expected an integer from 1 to 32"),
        (json!({"field_size": [8]}), "`field_size`: expected two integers from 3 to 64"),
        (json!({"field_size": [3, 3], "players": 10}), "`players`: expected at most 9, one a cell"),
        (json!({"field_size": [6, 9]}), "`sight`: expected at most 2, as the field is no square, found 8"),
        (json!({"min_player_level": 3}), "`max_player_level`: expected 3 or more, the lowest, found 2"),
        (json!({"max_player_level": [1, 2]}), "`max_player_level`: expected an integer from 1 to 1000, or a list of 3"),
        (json!({"min_food_level": 4}), "`min_food_level`: expected at most 3, what the players can share, found 4"),
        (
            json!({"min_food_level": 4, "max_food_level": 2}),
            "`max_food_level`: expected 4 or more, the lowest, found 2",
        ),
        (json!({"max_player_level": 0}), "`max_player_level`: expected an integer from 1 to 1000"),
        (json!({"render_mode": "human"}), "expected an argument among"),
    ] {
        let refused = FAMILY.make_env("Foraging-8x8-3p-4f-v3", &kwargs(arguments.clone()));
        let refused = refused.err().unwrap_or_else(|| panic!("{arguments} was taken"));
        assert!(refused.to_string().contains(told), "{refused} does not say {told}");
    }
}
