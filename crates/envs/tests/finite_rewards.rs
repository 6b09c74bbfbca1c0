//! Rewards are finite numbers, whatever arguments `make` and `reset` take: what could not keep to that is refused.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod support;

use palaestra_env::catalog::{ArgumentKind, Entry};
use palaestra_env::{Env, EnvError, Kwargs, MakeError, SeededRng};
use serde_json::{Value as Json, json};

use support::play::sampled;

/// Numbers at the ends of what JSON and float64 hold, and some on the way there.
const EXTREMES: [f64; 18] = [
    0.0,
    -0.0,
    1e160,
    1e200,
    1e307,
    1e-308,
    5e-324,
    1.0,
    -1.0,
    1e3,
    -1e3,
    1e9,
    -1e9,
    1e19,
    1e38,
    -1e38,
    f64::MAX,
    f64::MIN,
];

fn values(kind: &ArgumentKind) -> Vec<Json> {
    match *kind {
        ArgumentKind::Number { .. } => EXTREMES.iter().map(|number| json!(number)).collect(),
        ArgumentKind::Integer { min, max, .. } => vec![json!(min), json!(max), json!(i64::MIN), json!(i64::MAX)],
        ArgumentKind::Bool { .. } => vec![json!(true), json!(false)],
        ArgumentKind::Choice { choices, .. } => choices.iter().map(|choice| json!(choice)).collect(),
        ArgumentKind::Text | ArgumentKind::Object => vec![],
    }
}

/// Every argument at its ends, alone and with every flag raised, since some count only with a flag.
fn extreme_arguments(entry: &Entry) -> Vec<Kwargs> {
    let flags = entry.arguments.iter().filter(|argument| matches!(argument.kind, ArgumentKind::Bool { .. }));
    let raised: Kwargs = flags.map(|flag| (flag.name.to_owned(), json!(true))).collect();
    let each = entry
        .arguments
        .iter()
        .flat_map(|argument| values(&argument.kind).into_iter().map(move |value| (argument.name.to_owned(), value)));
    each.flat_map(|(name, value)| {
        let alone = Kwargs::from_iter([(name.clone(), value.clone())]);
        let mut beside = raised.clone();
        beside.insert(name, value);
        [alone, beside]
    })
    .collect()
}

/// Reset options that some environment takes, each at its ends.
fn extreme_options() -> Vec<Kwargs> {
    let mut all = vec![Kwargs::new()];
    for (low, high) in [("low", "high"), ("x_init", "y_init")] {
        for (one, other) in EXTREMES.iter().flat_map(|one| EXTREMES.iter().map(move |other| (one, other))) {
            all.push(Kwargs::from_iter([(low.to_owned(), json!(one)), (high.to_owned(), json!(other))]));
        }
    }
    all
}

/// Random steps, all of whose rewards must be finite; a refusal ends them.
fn play(env: &mut Env, options: &Kwargs, steps: u32) -> Result<(), String> {
    if env.reset(Some(5), options).is_err() {
        return Ok(());
    }
    let mut rng = SeededRng::new(6);
    for step in 1..=steps {
        let actions = sampled(env, &mut rng);
        match env.step(&actions) {
            Ok(outcome) if outcome.rewards.iter().any(|reward| !reward.is_finite()) => {
                return Err(format!("step {step} with options {options:?}: rewards {:?}", outcome.rewards));
            }
            Ok(_) => {}
            Err(_) => return Ok(()),
        }
    }
    Ok(())
}

#[test]
fn rewards_are_finite_for_arguments_and_options_at_their_ends() {
    let (mut failures, mut made) = (Vec::new(), 0);
    for entry in palaestra_envs::CATALOG.entries() {
        for kwargs in extreme_arguments(entry) {
            let Ok(mut env) = palaestra_envs::make(entry.id, &kwargs) else { continue };
            made += 1;
            let played = play(&mut env, &Kwargs::new(), 30);
            failures.extend(played.err().map(|told| format!("{} {kwargs:?}: {told}", entry.id)));
        }
        let mut env = palaestra_envs::make(entry.id, &Kwargs::new()).unwrap();
        for options in extreme_options() {
            let played = play(&mut env, &options, 5);
            failures.extend(played.err().map(|told| format!("{}: {told}", entry.id)));
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    assert!(made > 300, "only {made} environments were made");
}

#[test]
fn a_wind_that_would_blow_rewards_out_of_the_numbers_is_refused() {
    for name in ["wind_power", "turbulence_power"] {
        for power in [1e38, -1e38, 1.1e9] {
            let kwargs = Kwargs::from_iter([("enable_wind".to_owned(), json!(true)), (name.to_owned(), json!(power))]);
            let refused = palaestra_envs::make("LunarLander-v3", &kwargs).err();
            let Some(MakeError::Argument(error)) = refused else { panic!("{name} {power} was taken") };
            assert!(error.to_string().starts_with(&format!("argument `{name}`: expected a number from -1e9 to 1e9")));
        }
        // What the reference warns of and takes, we take.
        let kwargs = Kwargs::from_iter([("enable_wind".to_owned(), json!(true)), (name.to_owned(), json!(1e9))]);
        play(&mut palaestra_envs::make("LunarLander-v3", &kwargs).unwrap(), &Kwargs::new(), 300).unwrap();
    }
}

#[test]
fn a_pendulum_whose_speed_cannot_be_squared_is_refused() {
    let mut env = palaestra_envs::make("Pendulum-v1", &Kwargs::new()).unwrap();
    let fast = Kwargs::from_iter([("y_init".to_owned(), json!(1e200))]);
    assert!(matches!(env.reset(None, &fast), Err(EnvError::Option(_))));
    let heavy = Kwargs::from_iter([("g".to_owned(), json!(1e308))]);
    assert!(palaestra_envs::make("Pendulum-v1", &heavy).is_err());
}
