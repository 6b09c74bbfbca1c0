//! Saved states that were cut, altered or made up: an error that changes nothing, or a state of the environment; never a panic,
//! a hang or more memory than the bytes are worth.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use palaestra_env::catalog::Family;
use palaestra_env::returns::Returns;
use palaestra_env::scene::Commands;
use palaestra_env::{Env, Kwargs, SeededRng, Space, Value};

use crate::allocations::asked;
use crate::cases::{Case, plain, varied};
use crate::play::{Moment, played, sampled, saved};

/// How long all attempts at one environment may take before it counts as hung; they take a second or two, and on a machine that
/// is busy with much else a hundred times that.
const PATIENCE: Duration = Duration::from_secs(600);
/// What reading a state may ask for beside the state itself many times over.
const WORTH: u64 = 1 << 16;

/// Bytes, and how they came to be.
struct Hostile {
    told: String,
    bytes: Vec<u8>,
}

fn below(rng: &mut SeededRng, limit: usize) -> usize {
    rng.choice(limit.max(1))
}

/// Every beginning of a good state, or a part of them where it is long; and one byte more than it.
fn cut(good: &[u8], rng: &mut SeededRng, most: usize) -> Vec<Hostile> {
    let lengths = (0..good.len()).filter(|_| below(rng, good.len()) < most);
    let mut all: Vec<Hostile> =
        lengths.map(|length| Hostile { told: format!("cut to {length}"), bytes: good[..length].to_vec() }).collect();
    all.push(Hostile { told: "with a byte more".into(), bytes: [good, &[0]].concat() });
    all
}

/// A good state with bits flipped, or with a field of four or eight bytes made as large as can be or no number.
fn altered(good: &[u8], rng: &mut SeededRng, most: usize) -> Vec<Hostile> {
    let fields: [&[u8]; 5] =
        [&[0xff; 4], &[0xff; 8], &f64::NAN.to_le_bytes(), &f64::MAX.to_le_bytes(), &i64::MIN.to_le_bytes()];
    let places = (0..good.len()).filter(|_| below(rng, good.len()) < most).collect::<Vec<_>>();
    let mut all = Vec::new();
    for place in places {
        let mut bytes = good.to_vec();
        let bit = below(rng, 8);
        bytes[place] ^= 1 << bit;
        all.push(Hostile { told: format!("bit {bit} of byte {place} flipped"), bytes });
        let field = fields[below(rng, fields.len())];
        let mut bytes = good.to_vec();
        bytes.iter_mut().skip(place).zip(field).for_each(|(byte, other)| *byte = *other);
        all.push(Hostile { told: format!("{field:?} at byte {place}"), bytes });
    }
    all
}

/// The end of a state from before the first reset behind the beginning of a good one: parts that do not belong together, each of
/// which could be.
fn spliced(good: &[u8], fresh: &[u8], rng: &mut SeededRng, most: usize) -> Vec<Hostile> {
    let shorter = good.len().min(fresh.len());
    let lengths = (1..shorter).filter(|_| below(rng, shorter) < most);
    let one = |length: usize| {
        let bytes = [&good[..good.len() - length], &fresh[fresh.len() - length..]].concat();
        Hostile { told: format!("the last {length} bytes as before the first reset"), bytes }
    };
    lengths.map(one).collect()
}

fn random(good: &[u8], rng: &mut SeededRng, most: usize) -> Vec<Hostile> {
    let mut one = |number: usize| {
        let length = if number.is_multiple_of(2) { good.len() } else { below(rng, 2 * good.len() + 64) };
        let from = if number.is_multiple_of(3) { below(rng, length) } else { 0 };
        let bytes = (0..length).map(|index| {
            let byte = rng.next_u32() as u8;
            if index < from { good.get(index).copied().unwrap_or(byte) } else { byte }
        });
        let bytes: Vec<u8> = bytes.collect();
        Hostile { told: format!("{length} bytes, random from {from} on: {bytes:?}"), bytes }
    };
    (0..most).map(&mut one).collect()
}

/// Restores hostile bytes into an environment and plays on where they are taken. Gives whether they were.
fn attempt(env: &mut Env, good: &[u8], before: &Moment, hostile: &Hostile) -> Result<bool, String> {
    let (cost, restored) = asked(|| env.restore(&hostile.bytes));
    let worth = 64 * (hostile.bytes.len() + good.len()) as u64 + WORTH;
    if cost.bytes > worth {
        return Err(format!("reading asked for {} bytes", cost.bytes));
    }
    if restored.is_err() {
        return Moment::of(env).same(before).map(|()| false).map_err(|found| format!("refused, and yet {found}"));
    }
    let state = saved(env);
    env.restore(&state).map_err(|error| format!("what it saves then is refused: {error}"))?;
    if saved(env) != state {
        return Err("what it saves then is read as another state".into());
    }
    let mut rng = SeededRng::new(hostile.bytes.len() as u64);
    for _ in 0..4 {
        well_formed(env)?;
        let actions = sampled(env, &mut rng);
        let _ = env.step(&actions);
    }
    well_formed(env)?;
    let state = saved(env);
    env.restore(&state).map_err(|error| format!("what it saves after steps is refused: {error}"))?;
    env.reset(None, &Kwargs::new()).map_err(|error| error.to_string())?;
    env.restore(good).map_err(|error| format!("the good state is refused afterwards: {error}"))?;
    Moment::of(env).same(before).map(|()| true).map_err(|found| format!("restored from it, and yet {found}"))
}

/// What comes out can be read and, but for the bounds of real numbers, what is observed lies in its space.
fn well_formed(env: &Env) -> Result<(), String> {
    let (spec, moment) = (env.spec(), Moment::of(env));
    let returns = Returns::read(spec, env.phase(), &moment.returns).map_err(|error| error.to_string())?;
    for (space, value) in spec.observation_spaces.iter().zip(&returns.observations) {
        // Beyond the end of an episode some references leave their spaces too.
        if !env.outcome().over() && !fits(space, value) {
            return Err(format!("{value:?} is outside {space}"));
        }
    }
    Commands::new(&moment.scene).try_for_each(|command| command.map(|_| ())).map_err(|error| error.to_string())
}

/// Membership, but that real numbers may lie anywhere: how far a body can be pushed is not the state's to know.
pub(crate) fn fits(space: &Space, value: &Value) -> bool {
    match (space, value) {
        (Space::Box(space), Value::Tensor(tensor)) if space.dtype.is_float() => tensor.len() == space.len(),
        (Space::Tuple { spaces }, Value::Tuple(values)) => spaces.iter().zip(values).all(|(s, v)| fits(s, v)),
        (Space::Dict { spaces }, Value::Dict(values)) => spaces.iter().zip(values).all(|((_, s), v)| fits(s, v)),
        (Space::Sequence { space }, Value::Sequence(values)) => values.iter().all(|value| fits(space, value)),
        (Space::OneOf { spaces }, Value::OneOf(index, value)) => spaces.get(*index).is_some_and(|s| fits(s, value)),
        _ => space.contains(value),
    }
}

/// All attempts at one environment: some times `most` states. Gives how many were refused.
///
/// # Errors
/// What was neither refused nor a state.
pub fn attack(case: &Case, seed: u64, most: usize) -> Result<usize, String> {
    let mut env = played(case.make(), seed, 3 + (seed % 40) as u32);
    let (good, before) = (saved(&env), Moment::of(&env));
    let mut rng = SeededRng::new(seed);
    let mut refused = 0;
    let fresh = saved(&case.make());
    let mut hostile = spliced(&good, &fresh, &mut rng, 10 * most);
    for kind in [cut, altered, random] {
        hostile.extend(kind(&good, &mut rng, most));
    }
    for hostile in hostile {
        let tried = catch_unwind(AssertUnwindSafe(|| attempt(&mut env, &good, &before, &hostile)));
        let tried = tried.unwrap_or_else(|_| Err("a panic".into()));
        let told = |found: String| format!("{case}, seed {seed}, {}: {found}", hostile.told);
        refused += usize::from(!tried.map_err(told)?);
    }
    Ok(refused)
}

/// Attacks every environment, each in a thread of its own that can be given up.
fn attack_all(cases: Vec<Case>, most: usize) {
    let seed = SeededRng::from_entropy_words(&[std::process::id(), cases.len() as u32]).next_u64();
    let mut failures: Vec<String> = Vec::new();
    for case in cases {
        let (tell, told) = mpsc::channel();
        let told_case = case.to_string();
        thread::spawn(move || tell.send(attack(&case, seed, most)));
        match told.recv_timeout(PATIENCE) {
            Ok(Ok(refused)) if refused > most / 2 => {}
            Ok(Ok(refused)) => failures.push(format!("{told_case}, seed {seed}: only {refused} were refused")),
            Ok(Err(failure)) => failures.push(failure),
            Err(_) => failures.push(format!("{told_case}, seed {seed}: no end after {PATIENCE:?}")),
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// A damaged state is refused or is a state, in every environment.
///
/// # Panics
/// With what else it was.
pub fn a_damaged_state_is_refused_or_is_a_state(family: Family) {
    attack_all(plain(family), 80);
}

/// The same with other arguments than the defaults.
///
/// # Panics
/// With what else it was.
pub fn a_damaged_state_is_refused_or_is_a_state_with_any_arguments(family: Family) {
    attack_all(varied(family), 6);
}
