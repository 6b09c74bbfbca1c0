//! MiniGrid's arguments, and states that come from elsewhere.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_env::catalog::{Argument, ArgumentKind};
use palaestra_env::{Env, EnvError, Kwargs, Scene, SeededRng, StateWriter, Value};
use palaestra_minigrid::FAMILY;
use serde_json::{Value as Json, json};

fn kwargs(json: Json) -> Kwargs {
    json.as_object().cloned().unwrap()
}

fn saved(env: &Env) -> Vec<u8> {
    let mut state = StateWriter::new();
    env.save(&mut state);
    state.into_bytes()
}

fn drawn(env: &Env) -> Scene {
    let mut scene = Scene::new();
    env.draw(&mut scene);
    scene
}

#[test]
fn arguments_that_do_not_fit_are_told_with_what_was_expected() {
    for (id, arguments, message) in [
        ("Empty-8x8", json!({"size": 2}), "argument `size`: expected an integer from 3 to 255, found 2"),
        ("Empty-Random-6x6", json!({"size": 3}), "argument `size`: expected an integer from 4 to 255, found 3"),
        (
            "Empty-8x8",
            json!({"agent_start_pos": [7, 1]}),
            "argument `agent_start_pos`: expected [x, y] with both from 1 to 6, or null, found [7,1]",
        ),
        (
            "Empty-8x8",
            json!({"agent_start_dir": 4}),
            "argument `agent_start_dir`: expected an integer from 0 to 3, found 4",
        ),
        ("DoorKey-8x8", json!({"size": 4}), "argument `size`: expected an integer from 5 to 255, found 4"),
        (
            "DoorKey-8x8",
            json!({"agent_view_size": 6}),
            "argument `agent_view_size`: expected an odd integer from 3 to 63, found 6",
        ),
        (
            "DoorKey-8x8",
            json!({"max_steps": 0}),
            "argument `max_steps`: expected an integer from 1 to 1000000000, found 0",
        ),
        (
            "DoorKey-8x8",
            json!({"see_through_walls": 1}),
            "argument `see_through_walls`: expected true or false, found 1",
        ),
        (
            "FourRooms",
            json!({"goal_pos": [1]}),
            "argument `goal_pos`: expected [x, y] with both from 1 to 17, or null, found [1]",
        ),
        (
            "MultiRoom-N4-S5",
            json!({"minNumRooms": 7}),
            "argument `maxNumRooms`: expected no fewer than minNumRooms (7), found 6",
        ),
        (
            "LavaGapS7",
            json!({"obstacle_type": "ball"}),
            "argument `obstacle_type`: expected one of lava, wall, found \"ball\"",
        ),
        (
            "KeyCorridorS3R2",
            json!({"num_rows": 128}),
            "argument `num_rows`: expected an integer from 1 to 127, found 128",
        ),
        (
            "Dynamic-Obstacles-8x8",
            json!({"size": 3}),
            "argument `n_obstacles`: expected at most 0, for which a room of size 3 has places, found 1",
        ),
        ("MemoryS9", json!({"size": 8}), "argument `size`: expected an odd integer from 5 to 255, found 8"),
        (
            "MemoryS9",
            json!({"size": 5, "random_length": true}),
            "argument `size`: expected an odd integer from 7 to 255, found 5",
        ),
        (
            "Unlock",
            json!({"size": 9}),
            "expected an argument among max_steps, agent_view_size, agent_pov, highlight, found `size`",
        ),
    ] {
        let error = FAMILY.make_env(&format!("MiniGrid-{id}-v0"), &kwargs(arguments)).err().unwrap();
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn a_level_that_cannot_be_built_is_an_error_and_changes_nothing() {
    // One room fits and two do not.
    let arguments = kwargs(json!({"minNumRooms": 1, "maxNumRooms": 2, "width": 6, "height": 7}));
    let mut env = FAMILY.make_env("MiniGrid-MultiRoom-N4-S5-v0", &arguments).unwrap();
    let seed = (0..20).find(|seed| env.reset(Some(*seed), &Kwargs::new()).is_ok()).unwrap();
    let before = saved(&env);
    let refused = (0..20).find_map(|seed| env.reset(Some(seed), &Kwargs::new()).err()).unwrap();
    let message = "reset: argument `minNumRooms`: expected a level that fits into a grid of 6 by 7, found none";
    assert!(refused.to_string().starts_with(message), "{refused}");
    env.reset(Some(seed), &Kwargs::new()).unwrap();
    assert_eq!(saved(&env), before);
    assert!(matches!(env.reset(None, &kwargs(json!({"low": 1}))), Err(EnvError::Option(_))));
    assert_eq!(saved(&env), before);
}

#[test]
fn the_catalog_tells_the_arguments_that_there_are_and_their_defaults() {
    for entry in FAMILY.entries {
        let make = |name: &str, value: Json| FAMILY.make_env(entry.id, &kwargs(json!({name: value})));
        let play = |mut env: Env| {
            env.reset(Some(11), &Kwargs::new()).unwrap();
            (env.spec().clone(), saved(&env), drawn(&env).bytes().to_vec())
        };
        let usual = play(FAMILY.make_env(entry.id, &Kwargs::new()).unwrap());
        for Argument { name, kind, .. } in entry.arguments {
            let (default, refused) = match kind {
                ArgumentKind::Bool { default } => (json!(default), vec![json!(1)]),
                ArgumentKind::Integer { min, max, default } => (json!(default), vec![json!(min - 1), json!(max + 1)]),
                ArgumentKind::Choice { choices, default } => {
                    choices.iter().for_each(|choice| drop(make(name, json!(choice)).unwrap()));
                    (json!(default), vec![json!("floor")])
                }
                ArgumentKind::Object => (json!(null), vec![json!({}), json!([0, 1])]),
                other => panic!("{other:?}"),
            };
            // A start that is not given has a place of its own in the empty room.
            if *name != "agent_start_pos" {
                assert_eq!(play(make(name, default).unwrap()), usual, "{}: {name}", entry.id);
            }
            for value in refused {
                assert!(make(name, value.clone()).is_err(), "{}: {name} {value}", entry.id);
            }
        }
    }
}

#[test]
fn saved_bytes_of_no_state_are_refused_and_leave_the_environment_as_it_was() {
    for entry in FAMILY.entries {
        let mut env = FAMILY.make_env(entry.id, &Kwargs::new()).unwrap();
        env.reset(Some(5), &Kwargs::new()).unwrap();
        let good = saved(&env);
        for end in (0..good.len()).step_by(3) {
            assert!(env.restore(&good[..end]).is_err(), "{}: {end} bytes", entry.id);
        }
        assert_eq!(saved(&env), good);
        assert!(env.restore(&[&good[..], &[0]].concat()).is_err());
    }
}

#[test]
fn no_bytes_that_can_be_restored_make_a_game_that_cannot_be_played() {
    let mut rng = SeededRng::new(1);
    for entry in FAMILY.entries.iter().filter(|entry| !entry.id.contains("MultiRoom")) {
        let mut env = FAMILY.make_env(entry.id, &Kwargs::new()).unwrap();
        env.reset(Some(5), &Kwargs::new()).unwrap();
        let good = saved(&env);
        let mut restored = 0;
        for _ in 0..1500 {
            let mut bytes = good.clone();
            for _ in 0..rng.integers(1, 4) {
                // Not the first, which says whether there was a reset at all.
                let place = 1 + rng.choice(bytes.len() - 1);
                bytes[place] = [0, 1, 2, 4, 7, 255][rng.choice(6)];
            }
            if env.restore(&bytes).is_ok() {
                restored += 1;
                drawn(&env);
                for _ in 0..8 {
                    let action = Value::sample(&env.spec().action_spaces[0], &mut rng);
                    env.step(&[action]).unwrap();
                }
                drawn(&env);
            }
        }
        assert!(restored > 100, "{}: {restored}", entry.id);
    }
}
