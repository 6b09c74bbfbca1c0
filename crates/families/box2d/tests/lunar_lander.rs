//! LunarLander beyond what the recorded trajectories reach.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]

use std::collections::BTreeMap;

use palaestra_box2d::FAMILY;
use palaestra_env::scene::{Command, Commands, Kind};
use palaestra_env::{Env, EnvError, Kwargs, Scene, SeededRng, Space, Tensor, Value, ValueWriter, check::check};
use serde_json::{Value as Json, json};

use palaestra_env_tests::allocations::asked;
use palaestra_env_tests::play::{sampled, saved};

const ID: &str = "LunarLander-v3";
const CONTINUOUS: &str = "LunarLanderContinuous-v3";
const NOTHING: i64 = 0;
const LEFT: i64 = 1;
const MAIN: i64 = 2;

fn kwargs(json: Json) -> Kwargs {
    json.as_object().cloned().unwrap()
}

fn started(id: &str, arguments: Json, seed: u64) -> Env {
    let mut env = FAMILY.make_env(id, &kwargs(arguments)).unwrap();
    env.reset(Some(seed), &Kwargs::new()).unwrap();
    env
}

/// Reward and terminated of a step.
fn step(env: &mut Env, action: i64) -> (f64, bool) {
    let outcome = env.step(&[Value::Discrete(action)]).unwrap();
    (outcome.rewards[0], outcome.terminated[0])
}

fn push(env: &mut Env, action: [f32; 2]) -> (f64, bool) {
    let outcome = env.step(&[Value::Tensor(Tensor::F32(action.to_vec()))]).unwrap();
    (outcome.rewards[0], outcome.terminated[0])
}

fn observation(env: &Env) -> Vec<f32> {
    let mut out = ValueWriter::new();
    env.observe(&mut out);
    let (numbers, _) = out.bytes().as_chunks::<4>();
    numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

/// Flies to the pad and down: leans towards it, and holds a height above it that it lowers on the way.
fn pilot(env: &Env) -> i64 {
    let seen = observation(env);
    let lean = (0.5 * seen[0] + seen[2]).clamp(-0.4, 0.4);
    let landed = seen[6] + seen[7] > 0.0;
    let turn = if landed { 0.0 } else { 0.5 * (lean - seen[4]) - seen[5] };
    let lift = if landed { -0.5 * seen[3] } else { 0.5 * (0.55 * seen[0].abs() - seen[1]) - 0.5 * seen[3] };
    if lift > turn.abs() && lift > 0.05 {
        MAIN
    } else if turn.abs() > 0.05 {
        if turn > 0.0 { LEFT } else { 3 }
    } else {
        NOTHING
    }
}

/// Flies until the episode ends, and gives the last reward.
fn land(env: &mut Env) -> f64 {
    for _ in 0..1000 {
        let action = pilot(env);
        if let (reward, true) = step(env, action) {
            return reward;
        }
    }
    panic!("still in the air");
}

#[test]
fn the_environments_keep_the_contract_whatever_the_seed_and_arguments() {
    // Strong gravity, because high up an observation leaves its space, as the reference's does.
    for seed in 0..3 {
        for arguments in [json!({"gravity": -11.5}), json!({"enable_wind": true, "gravity": -11.0})] {
            check(|| FAMILY.make_env(ID, &kwargs(arguments.clone())).unwrap(), seed, 200).unwrap();
        }
        let heavy = kwargs(json!({"gravity": -11.9}));
        check(|| FAMILY.make_env(CONTINUOUS, &heavy).unwrap(), seed, 200).unwrap();
    }
}

#[test]
fn observations_have_the_reference_s_bounds_in_float32() {
    let env = FAMILY.make_env(ID, &Kwargs::new()).unwrap();
    let Space::Box(space) = &env.spec().observation_spaces[0] else { panic!("expected a Box") };
    // As `observation_space.high.astype(float)` prints them.
    let turn = 6.2831854820251465;
    assert_eq!(space.high, [2.5, 2.5, 10.0, 10.0, turn, 10.0, 1.0, 1.0]);
    assert_eq!(space.low, [-2.5, -2.5, -10.0, -10.0, -turn, -10.0, 0.0, 0.0]);
}

#[test]
fn arguments_that_the_reference_cannot_take_are_told() {
    for (arguments, told) in [
        (json!({"gravity": 0.0}), "argument `gravity`: expected a number between -12 and 0, found 0.0"),
        (json!({"gravity": -12}), "argument `gravity`: expected a number between -12 and 0, found -12"),
        (json!({"continuous": 1}), "argument `continuous`: expected true or false, found 1"),
        (json!({"wind_power": 1e38}), "argument `wind_power`: expected a number from -1e9 to 1e9, found 1e+38"),
        (
            json!({"turbulence_power": "a lot"}),
            "argument `turbulence_power`: expected a number from -1e9 to 1e9, found \"a lot\"",
        ),
        (json!({"fuel": 5}), "expected an argument among continuous, gravity, enable_wind, wind_power"),
    ] {
        for id in [ID, CONTINUOUS] {
            let error = FAMILY.make_env(id, &kwargs(arguments.clone())).err().unwrap().to_string();
            assert!(error.starts_with(told), "{error}");
        }
    }
    let mut env = started(ID, json!({}), 1);
    let before = saved(&env);
    assert!(matches!(env.reset(Some(2), &kwargs(json!({"low": 1}))), Err(EnvError::Option(_))));
    assert_eq!(saved(&env), before);
}

#[test]
fn the_continuous_id_is_the_other_one_with_an_argument_and_takes_it_too() {
    let mut one = started(CONTINUOUS, json!({}), 4);
    let mut other = started(ID, json!({"continuous": true}), 4);
    for number in 0..40 {
        let action = [(number % 5) as f32 / 2.0 - 1.0, 0.9 - number as f32 / 20.0];
        assert_eq!(push(&mut one, action), push(&mut other, action), "{number}");
        assert_eq!(observation(&one), observation(&other), "{number}");
    }
    let mut discrete = started(CONTINUOUS, json!({"continuous": false}), 4);
    let mut plain = started(ID, json!({}), 4);
    assert_eq!(step(&mut discrete, MAIN), step(&mut plain, MAIN));
    assert_eq!(observation(&discrete), observation(&plain));
}

#[test]
fn engines_have_thresholds_and_are_clipped() {
    let after = |action: [f32; 2]| {
        let mut env = started(CONTINUOUS, json!({}), 9);
        let (reward, _) = push(&mut env, action);
        (observation(&env), reward)
    };
    let off = after([0.0, 0.0]);
    for action in [[-1.0, 0.5], [-0.2, -0.5], [0.0, 0.3], [-3.0, 0.0]] {
        assert_eq!(after(action), off, "{action:?}");
    }
    assert_eq!(after([7.0, -2.0]), after([1.0, -1.0]));
    let (hardly, _) = after([1e-6, 0.0]);
    let (full, _) = after([1.0, 0.0]);
    // At the least throttle the engine has half its power.
    let lift = |seen: &[f32]| seen[3] - off.0[3];
    assert!((lift(&full) / lift(&hardly) - 2.0).abs() < 0.02, "{hardly:?} {full:?}");
}

#[test]
fn a_pilot_lands_and_earns_100_at_rest() {
    let mut landed = 0;
    for seed in 0..8 {
        let mut env = started(ID, json!({}), seed);
        if land(&mut env) == 100.0 {
            landed += 1;
            let seen = observation(&env);
            // Not so the legs: one that leaves one slope while it stands on another is off the ground, as in the reference.
            assert_eq!([seen[2], seen[3], seen[5]], [0.0; 3], "{seed}: at rest");
        }
    }
    assert!(landed >= 6, "{landed} of 8");
}

#[test]
fn who_falls_or_leaves_loses_100_at_every_step_from_then_on() {
    let mut crashed = started(ID, json!({}), 5);
    let mut left = started(ID, json!({}), 5);
    for (env, action) in [(&mut crashed, NOTHING), (&mut left, LEFT)] {
        let mut steps = 0;
        // Tilted at first, the main engine then drives it aside.
        while let (reward, false) = step(env, if action == LEFT && steps > 12 { MAIN } else { action }) {
            assert!(reward > -100.0);
            steps += 1;
            assert!(steps < 400, "neither fallen nor gone");
        }
        assert_eq!(env.outcome().rewards, [-100.0]);
    }
    assert!(observation(&left)[0].abs() >= 1.0 && observation(&crashed)[0].abs() < 0.5);
    assert_eq!([step(&mut crashed, MAIN), step(&mut left, MAIN)], [(-100.0, true); 2]);
    crashed.reset(None, &Kwargs::new()).unwrap();
    assert!(!step(&mut crashed, NOTHING).1);
}

#[test]
fn the_time_limit_truncates_at_its_very_step() {
    let mut env = started(ID, json!({}), 5);
    for number in 1..=1001 {
        step(&mut env, NOTHING);
        assert_eq!(env.outcome().truncated, [number >= 1000], "step {number}");
    }
}

#[test]
fn wind_blows_until_a_leg_is_on_the_ground_and_as_hard_as_it_is_asked_to() {
    let drift = |power: f64| {
        let arguments = json!({"enable_wind": true, "wind_power": power, "turbulence_power": 0.0});
        let mut env = started(ID, arguments, 2);
        for _ in 0..30 {
            step(&mut env, NOTHING);
        }
        observation(&env)[2]
    };
    let [calm, breeze, storm] = [0.0, 5.0, 20.0].map(drift);
    assert!((breeze - calm).abs() > 0.01);
    assert!(((storm - calm) / (breeze - calm) - 4.0).abs() < 0.05, "{calm} {breeze} {storm}");
    // Blown about on the ground it would never come to rest.
    let mut env = started(ID, json!({"enable_wind": true, "wind_power": 3.0, "turbulence_power": 0.1}), 3);
    assert_eq!(land(&mut env), 100.0);
}

#[test]
fn an_impossible_storm_is_no_reason_to_panic_and_its_scene_is_finite() {
    let arguments = json!({"enable_wind": true, "wind_power": 1e9, "turbulence_power": -1e9});
    let mut env = started(ID, arguments, 1);
    for _ in 0..50 {
        step(&mut env, MAIN);
        for command in commands(&scene(&env)) {
            assert!(command.numbers().all(|number| number.abs() < 10.0), "{command:?}");
        }
    }
}

#[test]
fn a_state_of_other_arguments_is_foreign() {
    let state = saved(&started(ID, json!({}), 1));
    for arguments in [json!({"gravity": -9.0}), json!({"enable_wind": true}), json!({"continuous": true})] {
        let mut env = started(ID, arguments.clone(), 1);
        let before = saved(&env);
        assert!(env.restore(&state).is_err(), "{arguments}");
        assert_eq!(saved(&env), before);
    }
}

#[test]
fn a_landing_saved_at_every_step_ends_alike_from_each() {
    let mut env = started(ID, json!({}), 3);
    let mut states = Vec::new();
    let mut actions = Vec::new();
    loop {
        states.push(saved(&env));
        actions.push(pilot(&env));
        if step(&mut env, actions[actions.len() - 1]).1 {
            break;
        }
    }
    let end = saved(&env);
    let mut other = FAMILY.make_env(ID, &Kwargs::new()).unwrap();
    for first in (0..states.len()).step_by(7) {
        other.restore(&states[first]).unwrap();
        for action in &actions[first..] {
            step(&mut other, *action);
        }
        assert_eq!(saved(&other), end, "from step {first} on");
    }
}

#[test]
fn landings_crashes_and_departures_allocate_nothing_once_the_first_episode_is_over() {
    let mut env = started(ID, json!({}), 0);
    land(&mut env);
    let mut rng = SeededRng::new(1);
    for episode in 0..12 {
        env.reset(None, &Kwargs::new()).unwrap();
        for number in 1..=400 {
            let action =
                if episode % 3 == 0 { [Value::Discrete(pilot(&env))] } else { [sampled(&env, &mut rng).remove(0)] };
            let (asked, over) = asked(|| env.step(&action).unwrap().over());
            assert_eq!(asked.times, 0, "episode {episode}, step {number}");
            // Beyond the end too, for a crash goes on to roll.
            if over && number > 250 {
                break;
            }
        }
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

fn words(env: &Env) -> String {
    commands(&scene(env)).iter().map(|command| command.text).collect::<Vec<_>>().join("|")
}

#[test]
fn whatever_moves_has_an_identity_of_its_own_and_the_rest_stays_where_it_is() {
    let mut env = started(ID, json!({}), 3);
    step(&mut env, MAIN);
    let first = scene(&env);
    let first = commands(&first);
    for _ in 0..5 {
        step(&mut env, MAIN);
        let later = scene(&env);
        let later = commands(&later);
        assert_eq!(first.len(), later.len());
        for (before, after) in first.iter().zip(&later) {
            let still = before.kind == Kind::Text || before.numbers().eq(after.numbers());
            assert!(still || before.style.id != 0, "{before:?} became {after:?}");
            assert_eq!(before.style.id, after.style.id);
        }
    }
    let mut uses = BTreeMap::new();
    first.iter().filter(|command| command.style.id != 0).for_each(|c| *uses.entry(c.style.id).or_insert(0) += 1);
    assert!(uses.len() > 6 && uses.values().all(|count| *count == 1), "{uses:?}");
}

#[test]
fn flames_show_which_engines_fired() {
    let mut env = started(CONTINUOUS, json!({}), 3);
    let mut shapes = |action: [f32; 2]| {
        push(&mut env, action);
        commands(&scene(&env)).len()
    };
    let quiet = shapes([0.0, 0.0]);
    assert_eq!([shapes([1.0, 0.0]), shapes([0.0, -1.0]), shapes([1.0, 1.0])], [quiet + 2, quiet + 2, quiet + 4]);
}

#[test]
fn the_scene_tells_the_step_and_how_it_ended() {
    let mut env = started(ID, json!({}), 3);
    step(&mut env, NOTHING);
    assert!(words(&env).contains("step 1 of 1000"), "{}", words(&env));
    assert!(!words(&env).contains("Landed"));
    land(&mut env);
    assert!(words(&env).contains("Landed!"), "{}", words(&env));
    let mut env = started(ID, json!({}), 5);
    while !step(&mut env, NOTHING).1 {}
    assert!(words(&env).contains("Crashed"), "{}", words(&env));
    assert!(scene(&env).bytes().len() < 4096);
}
