//! MountainCarContinuous, Acrobot and Pendulum beyond what the recorded trajectories reach.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use std::collections::BTreeMap;

use palaestra_classic_control::FAMILY;
use palaestra_env::scene::{Command, Commands, Kind};
use palaestra_env::{
    Env, EnvError, Kwargs, RestoreError, Scene, Space, StateWriter, Tensor, Value, ValueWriter, check::check,
};
use serde_json::{Value as Json, json};

const IDS: [&str; 3] = ["MountainCarContinuous-v0", "Acrobot-v1", "Pendulum-v1"];

fn kwargs(json: Json) -> Kwargs {
    json.as_object().cloned().unwrap()
}

fn started(id: &str, arguments: Json, seed: u64, options: Json) -> Env {
    let mut env = FAMILY.make_env(id, &kwargs(arguments)).unwrap();
    env.reset(Some(seed), &kwargs(options)).unwrap();
    env
}

fn number(action: f32) -> [Value; 1] {
    [Value::Tensor(Tensor::F32(vec![action]))]
}

/// The strongest action to one side or the other, or none.
fn push(env: &Env, way: i8) -> [Value; 1] {
    match env.spec().action_spaces[0] {
        Space::Discrete { .. } => [Value::Discrete(i64::from(way) + 1)],
        _ => number(f32::from(way)),
    }
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

#[test]
fn the_environments_keep_the_contract_whatever_the_seed_and_arguments() {
    for seed in 0..4 {
        for (id, arguments) in [
            ("MountainCarContinuous-v0", json!({})),
            ("MountainCarContinuous-v0", json!({"goal_velocity": 0.05})),
            ("Acrobot-v1", json!({})),
            ("Pendulum-v1", json!({})),
            ("Pendulum-v1", json!({"g": -3.5})),
            ("Pendulum-v1", json!({"g": 5e307})),
        ] {
            let made = || FAMILY.make_env(id, &kwargs(arguments.clone())).unwrap();
            // Gravity beyond all bounds leaves no number that an observation space could hold, in the reference neither.
            let steps = if arguments["g"] == json!(5e307) { 1 } else { 600 };
            check(made, seed, steps).unwrap_or_else(|error| panic!("{id} {arguments}: {error}"));
        }
    }
}

/// The numbers that the reference's own documentation and doctests show, or that it printed when asked.
#[test]
fn reset_options_set_the_start_as_in_the_reference() {
    for (id, options, expected) in [
        ("MountainCarContinuous-v0", json!({"low": -0.7, "high": -0.5}), &[-0.5635296, 0.0][..]),
        (
            "Acrobot-v1",
            json!({"low": -0.2, "high": 0.2}),
            &[0.997341, 0.07287608, 0.9841162, -0.17752565, -0.11185605, -0.12625128],
        ),
        (
            "Pendulum-v1",
            json!({"x_init": std::f64::consts::FRAC_PI_2, "y_init": 0.5}),
            &[0.8403459, 0.54205054, -0.44617897],
        ),
    ] {
        assert_eq!(observation(&started(id, json!({}), 123, options)), expected, "{id}");
    }
}

#[test]
fn observations_and_actions_have_the_reference_s_bounds_in_float32() {
    let bounds = |space: &Space| match space {
        Space::Box(space) => (space.low.clone(), space.high.clone()),
        other => panic!("expected a Box, found {other}"),
    };
    let specs = IDS.map(|id| FAMILY.make_env(id, &Kwargs::new()).unwrap().spec().clone());
    // As `observation_space.high.astype(float)` prints them.
    let car = vec![0.6000000238418579, 0.07000000029802322];
    assert_eq!(bounds(&specs[0].observation_spaces[0]), (vec![-1.2000000476837158, -0.07000000029802322], car));
    let acrobot = vec![1.0, 1.0, 1.0, 1.0, 12.566370964050293, 28.274333953857422];
    assert_eq!(bounds(&specs[1].observation_spaces[0]).1, acrobot);
    assert_eq!(bounds(&specs[2].observation_spaces[0]).1, vec![1.0, 1.0, 8.0]);
    assert_eq!(bounds(&specs[0].action_spaces[0]), (vec![-1.0], vec![1.0]));
    assert_eq!(bounds(&specs[2].action_spaces[0]), (vec![-2.0], vec![2.0]));
}

#[test]
fn the_time_limit_truncates_at_its_very_step() {
    for (id, limit) in [("MountainCarContinuous-v0", 999), ("Acrobot-v1", 500), ("Pendulum-v1", 200)] {
        let mut env = started(id, json!({}), 7, json!({}));
        for number in 1..=limit {
            let action = push(&env, 0);
            env.step(&action).unwrap();
            assert_eq!((env.outcome().truncated[0], env.outcome().terminated[0]), (number == limit, false), "{id}");
        }
    }
}

#[test]
fn a_force_beyond_the_bounds_is_clipped_and_one_that_is_no_number_refused() {
    let after = |id: &str, action: f32| {
        let mut env = started(id, json!({}), 3, json!({}));
        let reward = env.step(&number(action)).unwrap().rewards[0];
        (observation(&env), reward)
    };
    assert_eq!(after("Pendulum-v1", 5.0), after("Pendulum-v1", 2.0));
    assert_eq!(after("Pendulum-v1", -1e30), after("Pendulum-v1", -2.0));
    let (strong, costly) = after("MountainCarContinuous-v0", 3.0);
    let (full, cost) = after("MountainCarContinuous-v0", 1.0);
    assert!(strong.iter().zip(full).all(|(one, other)| (one - other).abs() < 1e-6));
    // What is paid for is what was asked for.
    assert_eq!((cost, costly), (-0.1, -0.9));
    for id in ["Pendulum-v1", "MountainCarContinuous-v0"] {
        let mut env = started(id, json!({}), 3, json!({}));
        let before = saved(&env);
        let long = [Value::Tensor(Tensor::F32(vec![0.0; 2]))];
        let wide = [Value::Tensor(Tensor::F64(vec![0.0]))];
        for action in [number(f32::NAN), number(f32::INFINITY), long, wide, [Value::Discrete(0)]] {
            let error = env.step(&action).unwrap_err();
            assert!(matches!(error, EnvError::Action { .. }), "{id}: {error}");
            assert_eq!(saved(&env), before, "{id}");
        }
    }
}

#[test]
fn a_car_slower_than_the_goal_velocity_has_not_arrived() {
    let near = json!({"low": 0.449, "high": 0.449});
    let arrived = |goal: f64| {
        let mut env = started("MountainCarContinuous-v0", json!({"goal_velocity": goal}), 1, near.clone());
        while observation(&env)[0] < 0.45 {
            env.step(&number(1.0)).unwrap();
            if observation(&env)[1] < 0.0 {
                return None;
            }
        }
        Some((env.outcome().terminated[0], env.outcome().rewards[0]))
    };
    assert_eq!(arrived(0.0), Some((true, 99.9)));
    assert_eq!(arrived(0.07), Some((false, -0.1)));
}

#[test]
fn feet_over_the_line_end_the_episode_without_a_cost() {
    let mut env = started("Acrobot-v1", json!({}), 1, json!({}));
    let mut steps = 0;
    // Kicking the way the legs swing anyway adds energy at every step.
    while !env.outcome().over() {
        let seen = observation(&env);
        let action = if seen[5] > 0.0 { 2 } else { 0 };
        env.step(&[Value::Discrete(action)]).unwrap();
        steps += 1;
    }
    assert!(env.outcome().terminated[0] && env.outcome().rewards == [0.0], "{steps}: {:?}", env.outcome());
    assert!((20..400).contains(&steps), "{steps}");
}

#[test]
fn options_and_arguments_that_do_not_fit_are_errors_and_change_nothing() {
    for (id, wrong) in [
        ("MountainCarContinuous-v0", json!([{"low": 1.0, "high": 0.5}, {"low": "0"}, {"x_init": 1.0}])),
        ("Acrobot-v1", json!([{"low": 1.0, "high": 0.5}, {"high": true}, {"low": -1e308, "high": 1e308}])),
        ("Pendulum-v1", json!([{"x_init": -1.0}, {"x_init": -0.0}, {"y_init": 1e308}, {"y_init": "1"}, {"low": 0.0}])),
    ] {
        let mut env = started(id, json!({}), 5, json!({}));
        let action = push(&env, 1);
        env.step(&action).unwrap();
        let before = saved(&env);
        for options in wrong.as_array().unwrap() {
            let error = env.reset(Some(9), &kwargs(options.clone())).unwrap_err();
            assert!(matches!(error, EnvError::Option(_)), "{options}: {error}");
            assert_eq!(saved(&env), before, "{options}");
        }
        for arguments in [json!({"goal_velocity": "fast"}), json!({"g": [9.8]}), json!({"dt": 0.1})] {
            assert!(FAMILY.make_env(id, &kwargs(arguments.clone())).is_err(), "{id}: {arguments}");
        }
    }
}

#[test]
fn starts_that_the_reference_cannot_go_on_from_are_refused_by_the_step() {
    for (id, far) in [("MountainCarContinuous-v0", 1e308), ("Acrobot-v1", 1e9), ("Acrobot-v1", 1e30)] {
        let mut env = started(id, json!({}), 1, json!({"low": far, "high": far}));
        let before = saved(&env);
        let action = push(&env, 0);
        assert!(matches!(env.step(&action), Err(EnvError::Step(_))), "{id} at {far}");
        assert_eq!(saved(&env), before);
    }
}

#[test]
fn a_damaged_state_is_refused_or_is_a_state_and_never_a_panic() {
    for id in IDS {
        let mut env = started(id, json!({}), 5, json!({}));
        let action = push(&env, 1);
        env.step(&action).unwrap();
        let good = saved(&env);
        for index in 0..good.len() {
            assert!(env.restore(&good[..index]).is_err(), "{id}: cut at {index}");
            for change in [1, 0x40, 0x80, 0xff] {
                let mut bytes = good.clone();
                bytes[index] ^= change;
                match env.restore(&bytes) {
                    Err(_) => assert_eq!(saved(&env), good, "{id}: byte {index} changed by {change}"),
                    Ok(()) => {
                        env.draw(&mut Scene::new());
                        let _ = env.step(&action);
                        env.draw(&mut Scene::new());
                        env.restore(&good).unwrap();
                    }
                }
            }
        }
    }
    for (id, other) in
        [("Pendulum-v1", json!({"g": 9.81})), ("MountainCarContinuous-v0", json!({"goal_velocity": 0.01}))]
    {
        let foreign = saved(&started(id, other, 1, json!({})));
        assert_eq!(started(id, json!({}), 1, json!({})).restore(&foreign), Err(RestoreError::Foreign), "{id}");
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
        let action = push(&env, -1);
        env.step(&action).unwrap();
        let first = scene(&env);
        let first = commands(&first);
        for _ in 0..5 {
            env.step(&action).unwrap();
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
        assert!(uses.len() > 7 && uses.values().all(|count| *count == 1), "{id}: {uses:?}");
    }
}

#[test]
fn a_scene_is_small_and_finite_even_where_the_state_is_neither() {
    for id in IDS {
        for far in [0.0_f64, 3.0, 1e30, 8e307] {
            let options = if id == "Pendulum-v1" {
                json!({"x_init": far, "y_init": far.min(1e150)})
            } else {
                json!({"low": far, "high": far})
            };
            let mut env = started(id, json!({}), 1, options);
            for _ in 0..3 {
                let drawn = scene(&env);
                assert!(drawn.bytes().len() < 4096, "{id}: {} bytes", drawn.bytes().len());
                for command in commands(&drawn) {
                    assert!(command.numbers().all(|number| number.abs() < 100.0), "{id} at {far}: {command:?}");
                }
                let action = push(&env, 1);
                let _ = env.step(&action);
            }
        }
    }
}
