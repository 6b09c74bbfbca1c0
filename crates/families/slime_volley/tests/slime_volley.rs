//! Slime volleyball as a player meets it: what actions mean, how points and episodes end, and what the options change.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]

use palaestra_env::catalog::Binding;
use palaestra_env::check::check;
use palaestra_env::returns::Returns;
use palaestra_env::{Env, Kwargs, Phase, Scene, StateWriter, Tensor, Value, ValueWriter};
use palaestra_record::members::action_from_json;
use palaestra_slime_volley::FAMILY;
use serde_json::{Value as Json, json};

const SINGLE: &str = "SlimeVolley-v0";
const PAIR: &str = "slimevb/SlimeVolleyEnv";

fn kwargs(json: Json) -> Kwargs {
    json.as_object().cloned().unwrap()
}

fn env(id: &str, arguments: Json) -> Env {
    let mut env = FAMILY.make_env(id, &kwargs(arguments)).unwrap();
    env.reset(Some(7), &Kwargs::new()).unwrap();
    env
}

/// Plays one step of the joint action that `json` stands for, a list where there are two agents.
fn step(env: &mut Env, json: &Json) -> Returns {
    let spec = env.spec().clone();
    let one_each = if spec.agents.len() == 1 { vec![json.clone()] } else { json.as_array().unwrap().clone() };
    let actions = spec.action_spaces.iter().zip(&one_each).map(|(space, json)| action_from_json(&spec, space, json));
    let actions: Vec<Value> = actions.collect::<Result<_, _>>().unwrap();
    env.step(&actions).unwrap();
    returned(env, Phase::Step)
}

fn returned(env: &Env, phase: Phase) -> Returns {
    let mut out = ValueWriter::new();
    env.write_returns(&mut out);
    Returns::read(env.spec(), phase, out.bytes()).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Tensor(tensor) => tensor.iter().collect(),
        other => panic!("{other:?}"),
    }
}

fn lives(returns: &Returns) -> [i64; 2] {
    match &returns.info {
        Value::Dict(members) => [0, 1].map(|member| match &members[member] {
            Value::Tensor(Tensor::I64(lives)) => lives[0],
            other => panic!("{other:?}"),
        }),
        other => panic!("{other:?}"),
    }
}

fn saved(env: &Env) -> Vec<u8> {
    let mut state = StateWriter::new();
    env.save(&mut state);
    state.into_bytes()
}

#[test]
fn both_games_keep_the_contract() {
    check(|| FAMILY.make_env(SINGLE, &Kwargs::new()).unwrap(), 3, 700).unwrap();
    check(|| FAMILY.make_env(SINGLE, &kwargs(json!({"atari_mode": true, "t_limit": 40}))).unwrap(), 4, 200).unwrap();
    check(|| FAMILY.make_env(PAIR, &Kwargs::new()).unwrap(), 5, 500).unwrap();
}

#[test]
fn the_right_slime_runs_to_and_from_the_net_and_jumps() {
    for (action, x, y) in [
        ([1, 0, 0], 1.2 - 17.5 / 300.0, 0.15),
        ([0, 1, 0], 1.2 + 17.5 / 300.0, 0.15),
        ([0, 0, 1], 1.2, 0.15 + 13.5 / 300.0),
        ([1, 1, 0], 1.2, 0.15),
    ] {
        let returns = step(&mut env(SINGLE, json!({})), &json!(action));
        let seen = numbers(&returns.observations[0]);
        assert!((seen[0] - x).abs() < 1e-12 && (seen[1] - y).abs() < 1e-12, "{action:?}: {seen:?}");
    }
}

#[test]
fn an_atari_action_is_the_three_buttons_it_stands_for() {
    let bits = [[0, 0, 0], [1, 0, 0], [1, 0, 1], [0, 0, 1], [0, 1, 1], [0, 1, 0]];
    for (action, bits) in bits.iter().enumerate() {
        let (mut by_number, mut by_bits) = (env(SINGLE, json!({"atari_mode": true})), env(SINGLE, json!({})));
        assert_eq!(step(&mut by_number, &json!(action)), step(&mut by_bits, &json!(bits)), "{action}");
    }
}

#[test]
fn a_point_costs_a_life_and_five_of_them_the_game() {
    let mut env = env(SINGLE, json!({}));
    let (mut left, mut before) = ([5, 5], numbers(&returned(&env, Phase::Reset).observations[0]));
    loop {
        let returns = step(&mut env, &json!([0, 0, 0]));
        let seen = numbers(&returns.observations[0]);
        match returns.outcome.rewards[0] {
            0.0 => {}
            reward => {
                left[usize::from(reward > 0.0)] -= 1;
                assert_eq!(reward.abs(), 1.0);
                assert_eq!(seen, before, "the step that scores shows what the step before it showed");
            }
        }
        assert_eq!(lives(&returns), left);
        assert_eq!(returns.outcome.terminated, [left.contains(&0)]);
        if left.contains(&0) {
            break;
        }
        before = seen;
    }
    assert!(left[0] == 0 && env.elapsed() < 1000, "a resting player has {left:?} after {} steps", env.elapsed());
}

#[test]
fn survival_and_a_limit_are_options() {
    let mut single = env(SINGLE, json!({"survival_bonus": true, "t_limit": 3}));
    let ended: Vec<(f64, bool, bool)> = (0..3)
        .map(|_| step(&mut single, &json!([0, 0, 0])).outcome)
        .map(|outcome| (outcome.rewards[0], outcome.terminated[0], outcome.truncated[0]))
        .collect();
    assert_eq!(ended, [(0.01, false, false), (0.01, false, false), (0.01, true, false)]);

    let config = json!({"survival_reward": true, "max_steps": 2});
    for arguments in [config.clone(), json!({"config": config})] {
        let mut pair = env(PAIR, arguments);
        let first = step(&mut pair, &json!([0, 0])).outcome;
        assert_eq!((first.rewards, first.truncated), (vec![f64::from(0.01_f32); 2], vec![false; 2]));
        let second = step(&mut pair, &json!([0, 0])).outcome;
        assert_eq!((second.terminated, second.truncated), (vec![false; 2], vec![true; 2]));
    }
}

#[test]
fn the_first_point_between_two_ends_the_game_for_both() {
    let mut env = env(PAIR, json!({}));
    let last = loop {
        let returns = step(&mut env, &json!([0, 0]));
        if returns.outcome.over() {
            break returns.outcome;
        }
        assert_eq!(returns.outcome.rewards, [0.0, 0.0]);
    };
    assert_eq!(last.terminated, [true, true]);
    assert_eq!(last.rewards[0], -last.rewards[1]);
    assert_eq!(last.rewards[0].abs(), 1.0);
}

#[test]
fn without_an_action_the_policy_plays_the_left_slime_and_the_right_one_rests() {
    let (mut nobody, mut resting) = (env(PAIR, json!({})), env(PAIR, json!({})));
    let mut moved = 0;
    for _ in 0..200 {
        let by_policy = step(&mut nobody, &json!([null, null]));
        moved += u32::from(numbers(&by_policy.observations[0])[2] != 0.0);
        let at_rest = step(&mut resting, &json!([null, 0]));
        assert_eq!(by_policy, at_rest);
        if by_policy.outcome.over() {
            break;
        }
    }
    assert!(moved > 10, "the policy moved in {moved} steps");
}

#[test]
fn the_policy_remembers_across_resets_and_seeds() {
    let played = |env: &mut Env| (0..60).map(|_| step(env, &json!([0, 1, 0]))).collect::<Vec<_>>();
    let mut env = env(SINGLE, json!({}));
    let at_first = saved(&env);
    let first = played(&mut env);
    env.reset(Some(7), &Kwargs::new()).unwrap();
    assert_ne!(saved(&env), at_first, "a seed resets the policy");
    env.restore(&at_first).unwrap();
    assert_eq!(played(&mut env), first);
}

#[test]
fn forward_is_towards_the_net_for_both_unless_the_left_slime_s_is_turned_round() {
    let x = |returns: &Returns| [0, 1].map(|agent| numbers(&returns.observations[agent])[0]);
    let plain = x(&step(&mut env(PAIR, json!({})), &json!([[1, 0, 0], [1, 0, 0]])));
    assert!(plain[0] < 1.2 && plain[0] == plain[1], "{plain:?}");
    let turned = x(&step(&mut env(PAIR, json!({"human_inputs": true})), &json!([1, 1])));
    assert!(turned[0] > 1.2 && turned[1] == plain[1], "{turned:?}");
}

#[test]
fn what_is_no_action_of_a_game_is_refused() {
    let refused = |id: &str, arguments: Json, action: Json| {
        let env = env(id, arguments);
        let space = &env.spec().action_spaces[0];
        assert!(action_from_json(env.spec(), space, &action).is_err(), "{id} takes {action}");
    };
    for action in [json!(null), json!(1), json!([1, 0]), json!([1, 0, 2]), json!([1, 0, 0, 0])] {
        refused(SINGLE, json!({}), action);
    }
    for action in [json!(6), json!(-1), json!(true), json!([1, 0]), json!({})] {
        refused(PAIR, json!({}), action);
    }
}

#[test]
fn arguments_that_the_references_do_not_have_are_refused() {
    for (id, arguments) in [
        (SINGLE, json!({"survival_reward": true})),
        (SINGLE, json!({"t_limit": 0})),
        (PAIR, json!({"config": {"max_steps": 0}})),
        (PAIR, json!({"config": {"backend": "jax"}})),
        (PAIR, json!({"config": {"from_pixels": true}})),
        (PAIR, json!({"config": [1]})),
        (PAIR, json!({"config": {}, "max_steps": 9})),
    ] {
        assert!(FAMILY.make_env(id, &kwargs(arguments.clone())).is_err(), "{id} takes {arguments}");
    }
}

#[test]
fn the_eyes_follow_the_ball_and_the_lives_are_shown() {
    let mut env = env(SINGLE, json!({}));
    let (mut first, mut later) = (Scene::new(), Scene::new());
    env.draw(&mut first);
    (0..45).for_each(|_| drop(step(&mut env, &json!([0, 0, 0]))));
    env.draw(&mut later);
    let pupils = |scene: &Scene| -> Vec<(u32, Vec<f32>)> {
        let commands = palaestra_env::scene::Commands::new(scene.bytes()).map(Result::unwrap);
        commands.filter(|c| matches!(c.style.id, 12 | 22)).map(|c| (c.style.id, c.numbers().collect())).collect()
    };
    assert_eq!(pupils(&first).len(), 2);
    assert_ne!(pupils(&first), pupils(&later));
}

#[test]
fn players_who_face_each_other_have_keys_of_their_own() {
    let entry = FAMILY.entries.iter().find(|entry| entry.agents > 1).unwrap();
    assert!(entry.keys_go_with_seats);
    let [left, right] = entry.keys else { panic!("{:?}", entry.keys) };
    let of = |keys: &[Binding], label: &str| keys.iter().find(|key| key.label == label).unwrap().action;
    for label in ["left", "right"] {
        assert_ne!(of(left, label), of(right, label), "{label}");
    }
}
