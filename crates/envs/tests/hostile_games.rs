//! What is played from a saved state that somebody made up: an environment that takes it must go on from it as from any other,
//! with resets and steps that end, finite rewards, and states of its own that it takes again.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use palaestra_env::returns::{Returns, info_space};
use palaestra_env::{Env, Kwargs, SeededRng, Snapshot, ValueWriter};

use support::cases::{Case, plain};
use support::play::{Moment, played, sampled, saved};

/// Steps, with resets between them, from each state that is taken.
const STEPS: u32 = 24;
/// How long all games of one environment may take; they take seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a field is overwritten with: nothing, everything, and numbers at their ends.
fn fills() -> Vec<Vec<u8>> {
    let zeros = [4, 8, 16, 33, 37].map(|length| vec![0; length]);
    let numbers = [f64::NAN, f64::INFINITY, f64::MAX, -1e300, f64::MIN_POSITIVE].map(|n| n.to_le_bytes().to_vec());
    let floats = [f32::NAN, f32::INFINITY, f32::MIN, 1e20].map(|number| number.to_le_bytes().to_vec());
    let counts = [i64::MIN, i64::MAX].map(|count| count.to_le_bytes().to_vec());
    let small = [vec![1], vec![0xff], vec![0xff; 4], vec![0x7f, 0xff, 0xff, 0x7f]];
    zeros.into_iter().chain(numbers).chain(floats).chain(counts).chain(small).collect()
}

/// A good state with one field overwritten, at some places at the start and the end and at others in between.
fn hostile(good: &[u8], seed: u64) -> Vec<(String, Vec<u8>)> {
    let mut rng = SeededRng::new(seed);
    let fills = fills();
    let near_an_end = |place: usize| place < 24 || place + 40 > good.len();
    let places: Vec<usize> =
        (0..good.len()).filter(|place| near_an_end(*place) || rng.choice(good.len()) < 40).collect();
    let mut all = vec![("all zeros".into(), vec![0; good.len()])];
    for place in places {
        for fill in &fills {
            if rng.choice(fills.len()) >= 5 {
                continue;
            }
            let mut bytes = good.to_vec();
            bytes.iter_mut().skip(place).zip(fill).for_each(|(byte, other)| *byte = *other);
            if bytes != good {
                all.push((format!("{fill:?} at byte {place}"), bytes));
            }
        }
        let zeros_from = good[..place].iter().copied().chain(std::iter::repeat_n(0, good.len() - place));
        all.push((format!("zeros from byte {place} on"), zeros_from.collect()));
    }
    all
}

/// The info lies in its space; the observations of bodies may lie anywhere, and `hostile_states` looks at the others.
fn well_formed(env: &Env) -> Result<(), String> {
    let (spec, mut bytes) = (env.spec(), ValueWriter::new());
    env.write_returns(&mut bytes);
    let returns = Returns::read(spec, env.phase(), bytes.bytes()).map_err(|error| error.to_string())?;
    let space = info_space(spec, env.phase());
    if space.contains(&returns.info) { Ok(()) } else { Err(format!("{:?} is outside {space}", returns.info)) }
}

/// Plays from wherever the environment is.
fn play(env: &mut Env, seed: u64) -> Result<(), String> {
    let mut rng = SeededRng::new(seed);
    let mut snapshot = Snapshot::new();
    for step in 0..STEPS {
        let at = |what: String| format!("step {step}: {what}");
        well_formed(env).map_err(at)?;
        if step % 8 < 2 {
            env.snapshot(&mut snapshot);
            let before = Moment::of(env);
            env.restore(snapshot.bytes()).map_err(|error| at(format!("its own state is refused: {error}")))?;
            Moment::of(env).same(&before).map_err(|found| at(format!("its own state is read as another: {found}")))?;
        }
        let actions = sampled(env, &mut rng);
        let over = match env.step(&actions) {
            Ok(outcome) if outcome.rewards.iter().any(|reward| !reward.is_finite()) => {
                return Err(at(format!("rewards {:?}", outcome.rewards)));
            }
            Ok(outcome) => outcome.over(),
            Err(_) => true,
        };
        // The first step is followed by a reset in any case: that is where a spoilt generator is asked for a level.
        if over || step == 0 || step == STEPS / 2 {
            env.reset(None, &Kwargs::new()).map_err(|error| at(error.to_string()))?;
        }
    }
    Ok(())
}

/// All hostile states of one environment. Gives how many were refused and how many were taken.
fn attack(case: &Case, seed: u64) -> Result<[u32; 2], String> {
    let mut env = played(case.make(), seed, 25);
    let good = saved(&env);
    let mut counts = [0, 0];
    for (told, bytes) in hostile(&good, seed) {
        let tried = catch_unwind(AssertUnwindSafe(|| match env.restore(&bytes) {
            Err(_) => Ok(0),
            Ok(()) => play(&mut env, seed).map(|()| 1),
        }));
        let taken = tried.unwrap_or_else(|_| Err("a panic".into())).map_err(|error| format!("{told}: {error}"))?;
        counts[taken] += 1;
    }
    Ok(counts)
}

/// Runs what may hang in a thread of its own for every environment, and gives what went wrong.
fn in_time<T: Send + 'static>(work: fn(Case) -> Result<T, String>, mut tell: impl FnMut(&str, T)) -> Vec<String> {
    let mut failures = Vec::new();
    for case in plain() {
        let (send, receive) = mpsc::channel();
        let name = case.to_string();
        thread::spawn(move || send.send(work(case)));
        match receive.recv_timeout(PATIENCE) {
            Ok(Ok(done)) => tell(&name, done),
            Ok(Err(failure)) => failures.push(format!("{name}: {failure}")),
            Err(_) => failures.push(format!("{name}: no end after {PATIENCE:?}")),
        }
    }
    failures
}

#[test]
fn games_from_made_up_states_end_and_go_on_like_others() {
    let mut few = Vec::new();
    let failures = in_time(
        |case| attack(&case, 7),
        |name, [refused, taken]| {
            println!("{name}: {refused} refused, {taken} played");
            few.extend((refused < 50).then(|| format!("{name}: only {refused} were refused")));
        },
    );
    assert!(failures.is_empty() && few.is_empty(), "{}\n{}", failures.join("\n"), few.join("\n"));
}

/// Wherever a generator of zeros may be meant: one with increment 0 stands still, and never leaves what draws until it fits.
fn stand_still(case: Case) -> Result<u32, String> {
    let mut env = played(case.make(), 3, 10);
    let good = saved(&env);
    let mut taken = 0;
    for place in 0..good.len().saturating_sub(33) {
        let mut bytes = good.clone();
        bytes[place..place + 33].fill(0);
        if env.restore(&bytes).is_ok() {
            taken += 1;
            let actions = sampled(&env, &mut SeededRng::new(1));
            let _ = env.step(&actions);
            env.reset(None, &Kwargs::new()).map_err(|error| error.to_string())?;
        }
    }
    Ok(taken)
}

#[test]
fn a_generator_of_33_zero_bytes_hangs_no_reset() {
    let failures = in_time(stand_still, |_, _| {});
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
