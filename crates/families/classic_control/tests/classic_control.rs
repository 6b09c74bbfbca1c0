//! CartPole and MountainCar beyond what the recorded trajectories reach.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use std::collections::BTreeMap;

use palaestra_classic_control::FAMILY;
use palaestra_env::scene::{Command, Commands, Kind};
use palaestra_env::{Env, EnvError, Kwargs, Scene, Space, StateWriter, Value, ValueWriter, check::check};
use serde_json::{Value as Json, json};

const IDS: [&str; 3] = ["CartPole-v0", "CartPole-v1", "MountainCar-v0"];

fn kwargs(json: Json) -> Kwargs {
    json.as_object().cloned().unwrap()
}

fn started(id: &str, arguments: Json, seed: u64, options: Json) -> Env {
    let mut env = FAMILY.make_env(id, &kwargs(arguments)).unwrap();
    env.reset(Some(seed), &kwargs(options)).unwrap();
    env
}

/// Reward and terminated of a step.
fn step(env: &mut Env, action: i64) -> (f64, bool) {
    let outcome = env.step(&[Value::Discrete(action)]).unwrap();
    (outcome.rewards[0], outcome.terminated[0])
}

fn observation(env: &Env) -> Vec<f32> {
    let mut out = ValueWriter::new();
    env.observe(&mut out);
    let (numbers, _) = out.bytes().as_chunks::<4>();
    numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

fn saved(env: &Env) -> Vec<u8> {
    let mut state = StateWriter::new();
    env.save(&mut state);
    state.into_bytes()
}

/// Keeps the pole up, and the cart near the middle.
fn balance(env: &Env) -> i64 {
    let seen = observation(env);
    i64::from(seen[2] + 0.3 * seen[3] + 0.04 * seen[0] + 0.1 * seen[1] > 0.0)
}

#[test]
fn the_environments_keep_the_contract_whatever_the_seed_and_arguments() {
    for seed in 0..4 {
        for id in IDS {
            check(|| FAMILY.make_env(id, &Kwargs::new()).unwrap(), seed, 600).unwrap();
        }
        let sutton_barto = kwargs(json!({"sutton_barto_reward": true}));
        check(|| FAMILY.make_env("CartPole-v1", &sutton_barto).unwrap(), seed, 600).unwrap();
        let fast = kwargs(json!({"goal_velocity": 0.04}));
        check(|| FAMILY.make_env("MountainCar-v0", &fast).unwrap(), seed, 600).unwrap();
    }
}

#[test]
fn observations_have_the_reference_s_bounds_in_float32() {
    let bounds = |id: &str| match &FAMILY.make_env(id, &Kwargs::new()).unwrap().spec().observation_spaces[0] {
        Space::Box(space) => (space.low.clone(), space.high.clone()),
        other => panic!("expected a Box, found {other}"),
    };
    // As `observation_space.high.astype(float)` prints them.
    let high = vec![4.800000190734863, f64::INFINITY, 0.41887903213500977, f64::INFINITY];
    assert_eq!(bounds("CartPole-v1"), (high.iter().map(|bound| -bound).collect(), high));
    let low = vec![-1.2000000476837158, -0.07000000029802322];
    assert_eq!(bounds("MountainCar-v0"), (low, vec![0.6000000238418579, 0.07000000029802322]));
}

#[test]
fn the_time_limit_truncates_at_its_very_step_and_from_then_on() {
    for (id, limit) in [("CartPole-v0", 200), ("CartPole-v1", 500), ("MountainCar-v0", 200)] {
        let mut env = started(id, json!({}), 7, json!({}));
        for number in 1..=limit + 2 {
            let action = if id == "MountainCar-v0" { 1 } else { balance(&env) };
            let (_, terminated) = step(&mut env, action);
            assert!(!terminated, "{id}: step {number}");
            assert_eq!(env.outcome().truncated, [number >= limit], "{id}: step {number}");
        }
    }
}

#[test]
fn a_fallen_pole_earns_its_last_reward_once() {
    for (arguments, standing, falling, fallen) in
        [(json!({}), 1.0, 1.0, 0.0), (json!({"sutton_barto_reward": true}), 0.0, -1.0, -1.0)]
    {
        let mut env = started("CartPole-v1", arguments, 1, json!({}));
        let mut before = 0;
        while let (reward, false) = step(&mut env, 1) {
            assert_eq!(reward, standing);
            before += 1;
        }
        assert!(before > 5, "{before}");
        assert_eq!(env.outcome().rewards, [falling]);
        for _ in 0..3 {
            assert_eq!(step(&mut env, 1), (fallen, true));
        }
        env.reset(None, &Kwargs::new()).unwrap();
        assert_eq!(step(&mut env, 1), (standing, false));
    }
}

#[test]
fn the_wall_takes_the_car_s_speed() {
    let mut env = started("MountainCar-v0", json!({}), 1, json!({"low": -1.19, "high": -1.19}));
    // Rolling down to the right is stronger than the engine here, so the car needs a run-up: out, and back with full force.
    let mut stopped = false;
    for number in 0..200 {
        step(&mut env, if number < 30 { 2 } else { 0 });
        if observation(&env)[0] == -1.2 {
            assert_eq!(observation(&env)[1], 0.0);
            stopped = true;
        }
    }
    assert!(stopped, "the car never reached the wall");
}

#[test]
fn a_car_slower_than_the_goal_velocity_has_not_arrived() {
    let at_the_flag = json!({"low": 0.5, "high": 0.5});
    let mut env = started("MountainCar-v0", json!({}), 1, at_the_flag.clone());
    assert_eq!(step(&mut env, 2), (-1.0, true));
    let mut env = started("MountainCar-v0", json!({"goal_velocity": 0.07}), 1, at_the_flag);
    assert_eq!(step(&mut env, 2), (-1.0, false));
}

#[test]
fn options_and_arguments_that_do_not_fit_are_errors_and_change_nothing() {
    for id in IDS {
        let mut env = started(id, json!({}), 5, json!({}));
        step(&mut env, 0);
        let before = saved(&env);
        for options in [
            json!({"low": 1.0, "high": 0.5}),
            json!({"low": "0"}),
            json!({"high": true}),
            json!({"low": -1e308, "high": 1e308}),
            json!({"seed": 1}),
        ] {
            let error = env.reset(Some(9), &kwargs(options.clone())).unwrap_err();
            assert!(matches!(error, EnvError::Option(_)), "{options}: {error}");
            assert_eq!(saved(&env), before, "{options}");
        }
        for arguments in [json!({"sutton_barto_reward": 1}), json!({"goal_velocity": "fast"}), json!({"gravity": 9.8})]
        {
            assert!(FAMILY.make_env(id, &kwargs(arguments.clone())).is_err(), "{id}: {arguments}");
        }
    }
}

#[test]
fn reset_options_bound_the_start() {
    for seed in 0..50 {
        let env = started("CartPole-v1", json!({}), seed, json!({"low": 0.01, "high": 0.02}));
        assert!(observation(&env).iter().all(|number| (0.01..=0.02).contains(number)), "{seed}");
        let env = started("MountainCar-v0", json!({}), seed, json!({"low": -0.45}));
        assert!((-0.45..=-0.4).contains(&observation(&env)[0]), "{seed}");
    }
}

#[test]
fn a_position_too_far_out_to_have_a_slope_is_refused_as_by_the_reference() {
    let mut env = started("MountainCar-v0", json!({}), 1, json!({"low": 1e308, "high": 1e308}));
    let before = saved(&env);
    assert!(matches!(env.step(&[Value::Discrete(1)]), Err(EnvError::Step(_))));
    assert_eq!(saved(&env), before);
}

#[test]
fn saved_bytes_of_no_state_are_refused_and_leave_the_environment_as_it_was() {
    for id in IDS {
        let mut env = started(id, json!({}), 5, json!({}));
        let good = saved(&env);
        for end in 0..good.len() {
            assert!(env.restore(&good[..end]).is_err(), "{id}: {end} bytes");
        }
        assert_eq!(saved(&env), good);
    }
}

fn scene(env: &Env) -> Scene {
    let mut scene = Scene::new();
    env.draw(&mut scene);
    scene
}

fn commands(scene: &Scene) -> Vec<Command<'_>> {
    Commands::new(scene.bytes()).map(Result::unwrap).collect()
}

#[test]
fn whatever_moves_has_an_identity_of_its_own_and_the_rest_stays_where_it_is() {
    for id in IDS {
        let mut env = started(id, json!({}), 3, json!({}));
        // Pushing the same way at every step drawn, so that the same things are there to be seen.
        step(&mut env, 0);
        let first = scene(&env);
        let first = commands(&first);
        for _ in 0..5 {
            step(&mut env, 0);
            let later = scene(&env);
            let later = commands(&later);
            assert_eq!(first.len(), later.len(), "{id}");
            for (before, after) in first.iter().zip(&later) {
                let still = before.kind == Kind::Text || before.numbers().eq(after.numbers());
                assert!(still || before.style.id != 0, "{id}: {before:?} became {after:?}");
                assert_eq!(before.style.id, after.style.id, "{id}");
            }
        }
        let mut uses = BTreeMap::new();
        first.iter().filter(|command| command.style.id != 0).for_each(|c| *uses.entry(c.style.id).or_insert(0) += 1);
        assert!(uses.len() > 8 && uses.values().all(|count| *count == 1), "{id}: {uses:?}");
    }
}

#[test]
fn the_scene_tells_the_step_and_how_it_ended() {
    let words = |env: &Env| commands(&scene(env)).iter().map(|c| c.text.to_owned()).collect::<Vec<_>>().join("|");
    let mut env = started("CartPole-v1", json!({}), 3, json!({}));
    while !step(&mut env, 1).1 {}
    let told = words(&env);
    assert!(told.contains(&format!("step {} of 500", env.elapsed())), "{told}");
    assert!(told.contains("The pole fell"), "{told}");

    let mut env = started("CartPole-v0", json!({}), 7, json!({}));
    for _ in 0..200 {
        assert!(!words(&env).contains("perfect"));
        let action = balance(&env);
        step(&mut env, action);
    }
    assert!(words(&env).contains("A perfect game"), "{}", words(&env));

    let mut env = started("MountainCar-v0", json!({}), 1, json!({"low": 0.4995, "high": 0.4995}));
    assert!(!words(&env).contains("At the top"));
    step(&mut env, 2);
    assert!(words(&env).contains("At the top"), "{}", words(&env));
    // Terminated by a step alone, as in Gymnasium: an episode that begins there is not over.
    let env = started("MountainCar-v0", json!({}), 1, json!({"low": 0.55, "high": 0.55}));
    assert!(!words(&env).contains("At the top"), "{}", words(&env));
}

#[test]
fn a_scene_is_small_and_finite_even_where_the_state_is_neither() {
    for id in IDS {
        for far in [0.0, 3.0, -1e200, 1e300, 1e308] {
            let mut env = started(id, json!({}), 1, json!({"low": far, "high": far}));
            for _ in 0..3 {
                let drawn = scene(&env);
                assert!(drawn.bytes().len() < 4096, "{id}: {} bytes", drawn.bytes().len());
                for command in commands(&drawn) {
                    assert!(command.numbers().all(|number| number.abs() < 100.0), "{id} at {far}: {command:?}");
                }
                let _ = env.step(&[Value::Discrete(1)]);
            }
        }
    }
}
