//! A refused call changes nothing, in any environment: whatever is refused, and by whom, the saved state, its hash, the
//! outcome, what was returned last and all that comes next are as if nobody had asked.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod support;

use palaestra_env::catalog::ArgumentKind;
use palaestra_env::{Env, EnvError, Kwargs, RestoreError, SeededRng, Value};
use serde_json::{Value as Json, json};

use support::cases::{Case, one, plain, varied};
use support::play::{Moment, played, sampled, saved, step_on};

/// What is returned, drawn and saved, the hash, the steps of the episode, and the outcome in words.
type Seen = (Moment, u64, u32, String);

/// Everything that can be seen of an environment.
fn seen(env: &Env) -> Seen {
    (Moment::of(env), env.hash(), env.elapsed(), format!("{:?} {:?}", env.phase(), env.outcome()))
}

/// A call in words, and the call itself, which says whether it was refused.
type Call = (String, Box<dyn Fn(&mut Env) -> bool>);

/// Sends calls that must be refused. Gives how many were.
fn refused_calls(env: &mut Env, seed: u64) -> Result<usize, String> {
    let before = seen(env);
    let mut refused = 0;
    let mut calls: Vec<Call> = Vec::new();
    let good = sampled(env, &mut SeededRng::new(seed));
    for actions in [vec![], [good.clone(), good.clone()].concat(), vec![Value::Text("up".into()); good.len()]] {
        calls.push((format!("step({actions:?})"), Box::new(move |env| env.step(&actions).is_err())));
    }
    for (name, value) in
        [("no_such_option", json!(1)), ("low", json!("deep")), ("high", json!(-1e308)), ("x_init", json!([]))]
    {
        let options = Kwargs::from_iter([(name.to_owned(), value)]);
        for seed in [None, Some(seed)] {
            let options = options.clone();
            let told = format!("reset({seed:?}, {})", Json::Object(options.clone()));
            calls.push((told, Box::new(move |env| env.reset(seed, &options).is_err())));
        }
    }
    for (told, state) in bad_states(&saved(env)) {
        calls.push((format!("restore({told})"), Box::new(move |env| env.restore(&state).is_err())));
    }
    for (told, call) in calls {
        if !call(env) {
            return Err(format!("{told} was not refused"));
        }
        refused += 1;
        let after = seen(env);
        before.0.same(&after.0).map_err(|difference| format!("{told} was refused, and yet {difference}"))?;
        if (before.1, before.2, &before.3) != (after.1, after.2, &after.3) {
            return Err(format!("{told} was refused, and yet {} became {}", before.3, after.3));
        }
    }
    Ok(refused)
}

fn bad_states(good: &[u8]) -> Vec<(String, Vec<u8>)> {
    let cut = |length: usize| (format!("{length} of {} bytes", good.len()), good[..length].to_vec());
    let mut states: Vec<_> = [0, 1, 6, good.len() / 2, good.len() - 1].map(cut).into();
    states.push(("a byte more".into(), [good, &[0]].concat()));
    states.push(("2 for a flag".into(), [&[2], &good[1..]].concat()));
    states.push(("1 MiB and a byte".into(), vec![0; Env::MOST_STATE_BYTES + 1]));
    states
}

/// Two games that must go alike, though one of them is sent calls in between that are refused.
fn go_alike(case: &Case, seed: u64) -> Result<usize, String> {
    let [mut env, mut twin] = [case.make(), case.make()];
    let mut refused = refused_calls(&mut env, seed)?;
    let mut rng = SeededRng::new(!seed);
    let actions = sampled(&env, &mut rng);
    if !matches!(env.step(&actions), Err(EnvError::NotReset)) {
        return Err("a step before the first reset was allowed".into());
    }
    for env in [&mut env, &mut twin] {
        env.reset(Some(seed), &Kwargs::new()).unwrap();
    }
    for step in 0..40 {
        if step % 8 == 0 {
            refused += refused_calls(&mut env, seed)?;
        }
        let actions = sampled(&env, &mut rng);
        for env in [&mut env, &mut twin] {
            step_on(env, &actions);
        }
        if seen(&env) != seen(&twin) {
            return Err(format!("after step {step} another game goes on"));
        }
    }
    Ok(refused)
}

#[test]
fn a_refused_call_changes_nothing_in_any_environment() {
    let failures: Vec<String> = varied()
        .iter()
        .filter_map(|case| match go_alike(case, 11) {
            Ok(refused) if refused > 50 => None,
            Ok(refused) => Some(format!("{case}: only {refused} calls were refused")),
            Err(failure) => Some(format!("{case}: {failure}")),
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Plays an environment until it refuses a step itself, though its space has the actions. Gives what was seen before and after.
fn own_refusal(case: &Case, options: &Kwargs) -> Option<[Seen; 2]> {
    let mut env = case.make();
    env.reset(Some(3), options).ok()?;
    let mut rng = SeededRng::new(3);
    for _ in 0..500 {
        let actions = sampled(&env, &mut rng);
        let before = seen(&env);
        let ended = env.outcome().over();
        match env.step(&actions) {
            Err(EnvError::Step(_)) => return Some([before, seen(&env)]),
            // It goes on beyond the end of an episode.
            Ok(_) if ended => return None,
            _ => {}
        }
    }
    None
}

#[test]
fn a_step_that_the_environment_itself_refuses_leaves_the_outcome_and_the_hash() {
    let far = |number: f64| Kwargs::from_iter([("low", number), ("high", number)].map(|(n, v)| (n.into(), json!(v))));
    let mut cases: Vec<(Case, Kwargs)> = plain().into_iter().map(|case| (case, Kwargs::new())).collect();
    for (id, number) in [("MountainCar-v0", 1e308), ("MountainCarContinuous-v0", 1e308), ("Acrobot-v1", 1e7)] {
        cases.push((one(id), far(number)));
    }
    let refused: Vec<_> =
        cases.iter().filter_map(|(case, options)| Some((case, own_refusal(case, options)?))).collect();
    let changed = refused.iter().filter(|(_, [before, after])| before != after);
    let told: Vec<String> =
        changed.map(|(case, [before, after])| format!("{case}: {} became {}", before.3, after.3)).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert!(refused.len() >= 8, "only {} environments refused a step", refused.len());
}

#[test]
fn a_state_longer_than_any_is_refused_by_its_length_alone() {
    let mut env = played(one("CartPole-v1").make(), 1, 5);
    let state = vec![0; 70 << 20];
    let (asked, refused) = support::allocations::asked(|| env.restore(&state));
    assert_eq!(refused, Err(RestoreError::TooLong { most: 1 << 20, found: 70 << 20 }));
    assert_eq!(asked.bytes, 0, "the bytes were copied");
    let told = refused.unwrap_err().to_string();
    assert_eq!(told, "expected a saved state of at most 1048576 bytes, found 73400320");
}

#[test]
fn an_environment_with_the_greatest_arguments_saves_less_than_the_limit() {
    let mut greatest = 0;
    for entry in palaestra_envs::CATALOG.entries() {
        for argument in entry.arguments {
            let ArgumentKind::Integer { max, .. } = argument.kind else { continue };
            let kwargs = Kwargs::from_iter([(argument.name.to_owned(), json!(max))]);
            let Ok(mut env) = palaestra_envs::make(entry.id, &kwargs) else { continue };
            // Some such levels cannot be built; a state has its length all the same.
            let _ = env.reset(Some(1), &Kwargs::new());
            let length = saved(&env).len();
            assert!(length <= Env::MOST_STATE_BYTES / 2, "{}, {kwargs:?}: {length} bytes", entry.id);
            greatest = greatest.max(length);
        }
    }
    assert!(greatest > Env::MOST_STATE_BYTES / 8, "the limit is far from the greatest, {greatest} bytes");
}
