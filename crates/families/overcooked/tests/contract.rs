//! The kitchens against the contract of an environment, and what they refuse.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_env::check::check;
use palaestra_env::scene::{Commands, Kind};
use palaestra_env::{Env, EnvError, Kwargs, Scene, StateWriter, StepError, Value};
use palaestra_overcooked::FAMILY;
use serde_json::{Value as Json, json};

fn kitchens() -> Vec<&'static str> {
    let ids: Vec<&str> = FAMILY.entries.iter().map(|entry| entry.id).collect();
    assert_eq!(ids.len(), 6);
    ids
}

fn kwargs(json: Json) -> Kwargs {
    json.as_object().cloned().unwrap()
}

fn refused(id: &str, json: Json) -> String {
    match FAMILY.make_env(id, &kwargs(json.clone())) {
        Ok(_) => panic!("{json} was taken"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn every_kitchen_keeps_the_contract_with_both_observations() {
    for id in kitchens() {
        for observation in ["state", "lossless"] {
            for seed in [1, 2, 3] {
                let options = kwargs(json!({"observation": observation, "horizon": 150}));
                check(|| FAMILY.make_env(id, &options).unwrap(), seed, 400)
                    .unwrap_or_else(|error| panic!("{id}: {error}"));
            }
        }
    }
}

#[test]
fn odd_rules_keep_the_contract_too() {
    let rules = [
        json!({"mdp_params": {"start_all_orders": [], "max_num_ingredients": 8, "delivery_reward": 7.5}}),
        json!({"mdp_params": {"recipe_values": [-3], "recipe_times": [0], "order_bonus": -1}}),
        json!({"old_dynamics": true, "cook_time": 1, "mdp_params": {"start_player_positions": [[3, 2], [1, 1]]}}),
        json!({"layout": "XPTX\nO12D\nXSXX", "horizon": 7}),
    ];
    for rule in rules {
        let options = kwargs(rule.clone());
        let made = || FAMILY.make_env("overcooked_ai/cramped_room", &options).unwrap();
        check(made, 5, 600).unwrap_or_else(|error| panic!("{rule}: {error}"));
    }
}

#[test]
fn what_an_argument_does_not_take_is_refused_with_what_it_does() {
    let cases = [
        (json!({"horizon": 0}), "`horizon`: expected an integer from 1 to 1000000, found 0"),
        (json!({"observation": "pixels"}), "`observation`: expected one of state, lossless"),
        (json!({"layout": 5}), "`layout`: expected a string"),
        (json!({"layout": "XXX\nX1X\nXXX"}), "`layout`: expected starting places for two players"),
        (json!({"mdp_params": []}), "`mdp_params`: expected an object"),
        (json!({"mdp_params": {"cok_time": 1}}), "found `mdp_params.cok_time`"),
        (json!({"cook_time": -1}), "`mdp_params.cook_time`: expected an integer from 0 to 100000, found -1"),
        (json!({"cook_time": 5, "mdp_params": {"cook_time": 6}}), "`cook_time`: expected it once"),
        (json!({"mdp_params": {"cook_time": 2.5}}), "an integer from 0 to 100000, found 2.5"),
        (json!({"mdp_params": {"delivery_reward": "a lot"}}), "`mdp_params.delivery_reward`: expected a number"),
        (json!({"mdp_params": {"order_bonus": 1e300}}), "`mdp_params.order_bonus`: expected a number"),
        (json!({"mdp_params": {"max_num_ingredients": 9}}), "expected an integer from 1 to 8, found 9"),
        (json!({"mdp_params": {"max_num_ingredients": 2}}), "at most 2 ingredients"),
        (json!({"mdp_params": {"start_all_orders": [["onion"]]}}), "expected a list of recipes such as"),
        (json!({"mdp_params": {"start_all_orders": [{"ingredients": ["leek"]}]}}), "expected a list of recipes"),
        (json!({"mdp_params": {"start_all_orders": [{"ingredients": []}]}}), "recipes of 1 to 3 ingredients"),
        (
            json!({"mdp_params": {"start_all_orders": [
                {"ingredients": ["onion", "tomato"]}, {"ingredients": ["tomato", "onion"]}]}}),
            "expected every recipe once",
        ),
        (json!({"mdp_params": {"start_bonus_orders": [{"ingredients": ["onion"]}]}}), "some of start_all_orders"),
        (json!({"mdp_params": {"recipe_values": [1, 2]}}), "one element for each of the 1 start_all_orders"),
        (json!({"mdp_params": {"recipe_times": [1], "cook_time": 2}}), "without recipe_times"),
        (json!({"mdp_params": {"onion_time": 3}}), "`mdp_params.onion_time`: expected it together"),
        (json!({"mdp_params": {"start_player_positions": [[1, 1]]}}), "expected two places [x, y]"),
        (json!({"mdp_params": {"start_player_positions": [[1, 1], [1, 1]]}}), "expected two different places"),
        (json!({"mdp_params": {"start_player_positions": [[0, 0], [1, 1]]}}), "expected two different places"),
        (json!({"mdp_params": {"rew_shaping_params": {"DISH_PICKUP_REWARD": 1}}}), "PLACEMENT_IN_POT_REW"),
        (json!({"mdp_params": {"rew_shaping_params": {"TIP": 1}}}), "found `mdp_params.rew_shaping_params.TIP`"),
        (json!({"old_dynamics": true, "mdp_params": {"start_all_orders": []}}), "only orders of three ingredients"),
        (json!({"speed": 3}), "expected an argument among layout, horizon"),
    ];
    for (json, message) in cases {
        let error = refused("overcooked_ai/cramped_room", json.clone());
        assert!(error.contains(message), "{json}: {error}");
    }
    let error = refused("overcooked_ai/counter_circuit", json!({"cook_time": 5}));
    assert!(error.contains("without onion_time and tomato_time"), "{error}");
    let error = refused("overcooked_ai/counter_circuit", json!({"mdp_params": {"delivery_reward": 5}}));
    assert!(error.contains("without onion_value and tomato_value"), "{error}");
}

fn started(json: Json) -> Env {
    let mut env = FAMILY.make_env("overcooked_ai/cramped_room", &kwargs(json)).unwrap();
    env.reset(None, &Kwargs::new()).unwrap();
    env
}

fn play(env: &mut Env, actions: [i64; 2]) {
    env.step(&actions.map(Value::Discrete)).unwrap();
}

fn saved(env: &Env) -> Vec<u8> {
    let mut state = StateWriter::new();
    env.save(&mut state);
    state.into_bytes()
}

#[test]
fn the_last_step_is_truncated_and_no_step_follows_it() {
    let mut env = started(json!({"horizon": 2}));
    play(&mut env, [4, 4]);
    assert!(!env.outcome().over());
    play(&mut env, [4, 4]);
    assert_eq!((&env.outcome().truncated[..], &env.outcome().terminated[..]), (&[true; 2][..], &[false; 2][..]));
    let error = env.step(&[Value::Discrete(4), Value::Discrete(4)]).unwrap_err();
    assert_eq!(error, EnvError::Step(StepError::EpisodeOver));
    env.reset(None, &Kwargs::new()).unwrap();
    play(&mut env, [4, 4]);
}

#[test]
fn a_reset_takes_no_options_and_then_leaves_the_game_as_it_is() {
    let mut env = started(json!({}));
    play(&mut env, [0, 0]);
    let before = saved(&env);
    assert!(env.reset(None, &kwargs(json!({"layout": "large"}))).is_err());
    assert_eq!(saved(&env), before);
}

#[test]
fn a_state_of_another_kitchen_or_of_other_rules_is_not_restored() {
    let mut env = started(json!({}));
    let before = saved(&env);
    for other in [json!({"cook_time": 19}), json!({"horizon": 401}), json!({"layout": "XPTX\nO12D\nXSXX"})] {
        let error = env.restore(&saved(&started(other))).unwrap_err();
        assert!(error.to_string().contains("found another's"), "{error}");
        assert_eq!(saved(&env), before);
    }
    // What is only shown differently is the same game.
    assert_eq!(env.restore(&saved(&started(json!({"observation": "lossless"})))), Ok(()));
}

#[test]
fn a_damaged_state_is_refused_or_is_a_state_and_never_a_panic() {
    let mut env = started(json!({"mdp_params": {"start_all_orders": []}}));
    for actions in [[0, 2], [3, 5], [5, 4], [2, 4], [0, 5], [5, 3], [4, 0], [4, 5], [0, 4], [5, 1]] {
        play(&mut env, actions);
    }
    let good = saved(&env);
    let mut refused = 0;
    for index in 0..good.len() {
        assert!(env.restore(&good[..index]).is_err(), "cut at {index}");
        for change in [1, 2, 0x40, 0xff] {
            let mut bytes = good.clone();
            bytes[index] ^= change;
            match env.restore(&bytes) {
                Err(_) => {
                    refused += 1;
                    assert_eq!(saved(&env), good, "byte {index} changed by {change}");
                }
                Ok(()) => {
                    assert_eq!(saved(&env), bytes);
                    let _ = env.step(&[Value::Discrete(5), Value::Discrete(0)]);
                    env.draw(&mut Scene::new());
                    env.restore(&good).unwrap();
                }
            }
        }
    }
    assert!(refused > good.len(), "{refused}");
}

#[test]
fn a_scene_is_small_and_its_sprites_are_in_the_atlas() {
    for id in kitchens() {
        let mut env = FAMILY.make_env(id, &Kwargs::new()).unwrap();
        env.reset(None, &Kwargs::new()).unwrap();
        let atlas = env.spec().atlas.clone().unwrap();
        let mut scene = Scene::new();
        for step in 0..200 {
            play(&mut env, [(step * 7 + step / 3) % 6, (step * 5 + step / 4) % 6]);
            env.draw(&mut scene);
            assert!(scene.bytes().len() < 8_000, "{id}: {} bytes", scene.bytes().len());
            for command in Commands::new(scene.bytes()) {
                let command = command.unwrap();
                assert!(command.kind != Kind::Sprite || command.detail < atlas.columns * atlas.rows, "{id}");
            }
        }
    }
}
