//! The scenarios as a player meets them: what actions mean, who hears what, how games end, and what arguments change.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]

use palaestra_env::returns::Returns;
use palaestra_env::{Env, Kwargs, Space, Tensor, Value, ValueWriter};
use palaestra_mpe2::FAMILY;
use palaestra_record::members::{action_from_json, to_json};
use serde_json::{Value as Json, json};

const TAG: &str = "mpe2/simple_tag_v3";
const SPREAD: &str = "mpe2/simple_spread_v3";
const SPEAKER: &str = "mpe2/simple_speaker_listener_v4";
const WORLD: &str = "mpe2/simple_world_comm_v3";

fn kwargs(json: Json) -> Kwargs {
    json.as_object().cloned().unwrap()
}

fn env(id: &str, arguments: Json) -> Env {
    let mut env = FAMILY.make_env(id, &kwargs(arguments)).unwrap();
    env.reset(Some(7), &Kwargs::new()).unwrap();
    env
}

fn step(env: &mut Env, actions: Json) -> Returns {
    let spec = env.spec().clone();
    let each = spec.action_spaces.iter().zip(actions.as_array().unwrap());
    let actions: Vec<Value> = each.map(|(space, json)| action_from_json(&spec, space, json).unwrap()).collect();
    env.step(&actions).unwrap();
    let mut out = ValueWriter::new();
    env.write_returns(&mut out);
    Returns::read(&spec, env.phase(), out.bytes()).unwrap()
}

fn rest(env: &Env) -> Json {
    env.spec().action_spaces.iter().map(|space| to_json(space, &Value::blank(space))).collect()
}

fn seen(returns: &Returns, agent: usize) -> Vec<f64> {
    match &returns.observations[agent] {
        Value::Tensor(Tensor::F32(numbers)) => numbers.iter().map(|number| f64::from(*number)).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_disk_is_pushed_left_right_down_and_up() {
    for (action, speed) in [(0, [0.0, 0.0]), (1, [-0.5, 0.0]), (2, [0.5, 0.0]), (3, [0.0, -0.5]), (4, [0.0, 0.5])] {
        let returns = step(&mut env("mpe2/simple_v3", json!({})), json!([action]));
        assert_eq!(seen(&returns, 0)[..2], speed, "{action}");
        let mut push = [0.0; 5];
        push[action] = 1.0;
        let continuous = step(&mut env("mpe2/simple_v3", json!({"continuous_actions": true})), json!([push]));
        assert_eq!(seen(&returns, 0), seen(&continuous, 0), "{action}");
    }
}

#[test]
fn continuous_actions_beyond_their_bounds_are_clipped() {
    let play = |push: Json| {
        let mut env = env(SPREAD, json!({"continuous_actions": true}));
        (0..3).map(|_| step(&mut env, json!([push, push, push]))).collect::<Vec<_>>()
    };
    assert_eq!(play(json!([0.0, -2.5, 9.0, 0.25, 1.5])), play(json!([0.7, 0.0, 1.0, 0.25, 1.0])));
}

#[test]
fn the_listener_hears_what_the_speaker_says() {
    let mut game = env(SPEAKER, json!({}));
    for word in [2, 0, 1] {
        let returns = step(&mut game, json!([word, 0]));
        let mut heard = [0.0; 3];
        heard[word] = 1.0;
        assert_eq!(seen(&returns, 1)[8..], heard);
        assert_eq!(returns.outcome.rewards[0], returns.outcome.rewards[1]);
    }
    let mut game = env(SPEAKER, json!({"continuous_actions": true}));
    let returns = step(&mut game, json!([[0.25, 2.0, -1.0], [0, 0, 0, 0, 0]]));
    assert_eq!(seen(&returns, 1)[8..], [0.25, 1.0, 0.0]);
}

#[test]
fn the_leader_moves_and_speaks_at_once_and_only_adversaries_hear_it() {
    let mut game = env(WORLD, json!({}));
    let names = ["leadadversary_0", "adversary_0", "adversary_1", "adversary_2", "agent_0", "agent_1"];
    assert_eq!(game.spec().agents, names);
    assert_eq!(game.spec().action_spaces[0], Space::discrete(20));
    // Up, and the third of four words.
    let returns = step(&mut game, json!([14, 0, 0, 0, 0, 0]));
    assert!(seen(&returns, 0)[1] > 0.2, "{:?}", seen(&returns, 0));
    for adversary in 0..4 {
        assert!(seen(&returns, adversary).ends_with(&[0.0, 0.0, 1.0, 0.0]), "{adversary}");
    }
    assert_eq!([0, 3, 4].map(|agent| seen(&returns, agent).len()), [34, 34, 28]);
    let alone = FAMILY.make_env(WORLD, &kwargs(json!({"num_adversaries": 0}))).unwrap();
    assert_eq!(alone.spec().agents, ["leadadversary_0", "agent_1"]);
}

#[test]
fn a_game_is_cut_off_at_its_limit_and_ends_when_the_task_is_done_if_that_is_asked_for() {
    let mut game = env(TAG, json!({"max_cycles": 3}));
    let flags: Vec<(bool, bool)> = (0..3)
        .map(|_| step(&mut game, json!([0, 0, 0, 0])).outcome)
        .map(|outcome| (outcome.terminated[0], outcome.truncated[3]))
        .collect();
    assert_eq!(flags, [(false, false), (false, false), (false, true)]);
    // Where there is nobody to catch, all have been caught; at the limit it is cut off all the same.
    let mut nobody = env(TAG, json!({"num_good": 0, "terminate_on_success": true, "max_cycles": 2}));
    let flags: Vec<(bool, bool)> = (0..2)
        .map(|_| step(&mut nobody, json!([0, 0, 0])).outcome)
        .map(|outcome| (outcome.terminated[0], outcome.truncated[0]))
        .collect();
    assert_eq!(flags, [(true, false), (false, true)]);
}

#[test]
fn who_is_chased_is_slower_at_the_beginning_of_the_curriculum() {
    let speed = |arguments: Json| {
        let mut game = env(TAG, arguments);
        (0..9).map(|_| seen(&step(&mut game, json!([0, 0, 0, 2])), 3)[0]).fold(0.0, f64::max)
    };
    let (fast, slow) = (speed(json!({"num_obstacles": 0})), speed(json!({"num_obstacles": 0, "curriculum": true})));
    assert!(fast > 1.2 && slow < 0.7, "{fast} {slow}");
}

#[test]
fn figures_for_comparing_policies_come_on_demand() {
    for entry in FAMILY.entries {
        let mut game = env(entry.id, json!({"benchmark_data": true}));
        let actions = rest(&game);
        let returns = step(&mut game, actions);
        let told = to_json(&game.spec().step_info, &returns.info);
        let agents = &game.spec().agents;
        assert_eq!(told.as_object().unwrap().len(), agents.len(), "{told}");
        assert!(agents.iter().all(|agent| told[agent].get("benchmark_data").is_some()), "{told}");
    }
}

#[test]
fn there_are_as_many_agents_as_the_arguments_say() {
    for (id, arguments, agents) in [
        (SPREAD, json!({"N": 1}), 1),
        (SPREAD, json!({"N": 64}), 64),
        ("mpe2/simple_adversary_v3", json!({"N": 9}), 10),
        (TAG, json!({"num_good": 64, "num_adversaries": 64, "num_obstacles": 64}), 128),
        (WORLD, json!({"num_good": 3, "num_adversaries": 5, "num_forests": 7, "num_food": 9}), 8),
    ] {
        let mut game = env(id, arguments.clone());
        assert_eq!(game.spec().agents.len(), agents, "{id} {arguments}");
        let entry = FAMILY.entries.iter().find(|entry| entry.id == id).unwrap();
        assert_eq!(entry.agents_with(&kwargs(arguments)), agents);
        let actions = rest(&game);
        assert_eq!(step(&mut game, actions).outcome.rewards.len(), agents);
    }
}

#[test]
fn arguments_that_the_reference_refuses_or_fails_with_are_refused() {
    for (id, arguments, told) in [
        (SPREAD, json!({"N": 0}), "`N`: expected an integer from 1 to 64, found 0"),
        (SPREAD, json!({"N": 65}), "`N`: expected an integer from 1 to 64, found 65"),
        (SPREAD, json!({"local_ratio": 1.5}), "`local_ratio`: expected a number from 0 to 1, found 1.5"),
        (SPREAD, json!({"num_agent_neighbors": 0}), "`num_agent_neighbors`: expected an integer from 1 to 64"),
        (TAG, json!({"num_good": 0, "num_adversaries": 0}), "`num_adversaries`: expected an integer from 1 to 64"),
        (TAG, json!({"N": 3}), "expected an argument among"),
        (WORLD, json!({"num_food": 0}), "`num_food`: expected an integer from 1"),
        (WORLD, json!({"num_good": 0}), "`num_good`: expected an integer from 1"),
        (WORLD, json!({"max_cycles": 0}), "`max_cycles`: expected an integer from 1"),
        (SPEAKER, json!({"curriculum": true}), "expected an argument among"),
    ] {
        let refused =
            FAMILY.make_env(id, &kwargs(arguments.clone())).err().unwrap_or_else(|| panic!("{id} {arguments}"));
        assert!(refused.to_string().contains(told), "{refused} does not say {told}");
    }
}

#[test]
fn what_is_seen_has_no_bounds_as_in_the_reference() {
    for entry in FAMILY.entries {
        let spec = env(entry.id, json!({})).spec().clone();
        for space in &spec.observation_spaces {
            let Space::Box(space) = space else { panic!("{}: {space}", entry.id) };
            assert_eq!(space.bounds(0), (f64::NEG_INFINITY, f64::INFINITY), "{}", entry.id);
        }
    }
}
