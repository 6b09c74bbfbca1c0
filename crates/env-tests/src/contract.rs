//! What holds for every environment, in one game of it, whatever its arguments, its seed and the actions.

use palaestra_env::scene::Commands;
use palaestra_env::{Env, EnvError, Kwargs, SeededRng, Space, Tensor, Value, ValueReader};

use crate::cases::Case;
use crate::hostile_states::fits;
use crate::play::{Moment, played, sampled, saved, step_on};

/// A game: the seed of the environment and of its actions, and how long it is.
#[derive(Clone, Copy, Debug)]
pub struct Game {
    /// Of the environment and of its actions.
    pub seed: u64,
    /// Steps before the moment that is looked at.
    pub before: u32,
    /// And after it.
    pub after: u32,
}

/// What a seeded reset leaves of what was played before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// Nothing, as it should be.
    None,
    /// Something that the reference does not forget either, such as the memory of an opponent.
    OutlivesSeeds,
}

/// Whether what is seen keeps to the bounds of its space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounds {
    /// It does, as it should.
    Kept,
    /// With arguments of the caller's its real numbers may lie beyond, as those of the reference do.
    LeftWithArguments,
}

/// The moments of `steps` further steps.
fn moments(env: &mut Env, rng: &mut SeededRng, steps: u32) -> Vec<Moment> {
    let mut play = || {
        let actions = sampled(env, rng);
        step_on(env, &actions);
        Moment::of(env)
    };
    (0..steps).map(|_| play()).collect()
}

fn same(what: &str, one: &[Moment], other: &[Moment]) -> Result<(), String> {
    let mut pairs = one.iter().zip(other).enumerate();
    pairs.try_for_each(|(step, (one, other))| {
        one.same(other).map_err(|difference| format!("{what}, {} steps on: {difference}", step + 1))
    })
}

/// A restored state goes on as the saved one did.
///
/// # Errors
/// What is otherwise, in words.
pub fn restored(case: &Case, Game { seed, before, after }: Game) -> Result<(), String> {
    let mut env = played(case.make(), seed, before);
    let (state, moment) = (saved(&env), Moment::of(&env));
    let rng = SeededRng::new(seed ^ 1);
    let went = moments(&mut env, &mut rng.clone(), after);
    // The same instance, one that was never reset, and one in the middle of another game.
    for (what, env) in
        [("the same", env), ("a fresh one", case.make()), ("another game's", played(case.make(), !seed, 30))]
    {
        let mut env = env;
        env.restore(&state).map_err(|error| format!("{what}: {error}"))?;
        Moment::of(&env).same(&moment).map_err(|difference| format!("{what}, restored: {difference}"))?;
        same(what, &went, &moments(&mut env, &mut rng.clone(), after))?;
    }
    Ok(())
}

/// The same seed and actions give the same bytes.
///
/// # Errors
/// What is otherwise, in words.
pub fn repeated(case: &Case, Game { seed, before, after }: Game, memory: Memory) -> Result<(), String> {
    // A seed starts everything anew, whatever was played before.
    let other = match memory {
        Memory::OutlivesSeeds => case.make(),
        Memory::None => played(case.make(), !seed, before),
    };
    let plays = [case.make(), other].map(|mut env| {
        env.reset(Some(seed), &Kwargs::new()).unwrap();
        let start = Moment::of(&env);
        (start, moments(&mut env, &mut SeededRng::new(seed), before + after))
    });
    let [(start, went), (other_start, other_went)] = &plays;
    start.same(other_start).map_err(|difference| format!("after the reset: {difference}"))?;
    same("a second time", went, other_went)
}

/// What is seen lies in its space, and can be drawn.
///
/// # Errors
/// What is otherwise, in words.
pub fn seen(case: &Case, Game { seed, before, after }: Game, bounds: Bounds) -> Result<(), String> {
    let bounds = if case.kwargs.is_empty() { Bounds::Kept } else { bounds };
    let look = |env: &Env| look(env, bounds);
    let mut env = case.make();
    env.reset(Some(seed), &Kwargs::new()).unwrap();
    look(&env).map_err(|error| format!("after the reset: {error}"))?;
    let mut rng = SeededRng::new(!seed);
    (1..=before + after).try_for_each(|step| {
        let actions = sampled(&env, &mut rng);
        // What is seen at the end of an episode counts as well.
        let over = env.step(&actions).is_err() || env.outcome().over();
        let looked = look(&env);
        let looked = looked.and_then(|()| {
            if over {
                env.reset(None, &Kwargs::new()).unwrap();
            }
            look(&env)
        });
        looked.map_err(|error| format!("step {step}: {error}"))
    })
}

/// A bad action is refused and changes nothing.
///
/// # Errors
/// What is otherwise, in words.
pub fn refused(case: &Case, Game { seed, before, .. }: Game) -> Result<(), String> {
    if !matches!(case.make().step(&sampled(&case.make(), &mut SeededRng::new(seed))), Err(EnvError::NotReset)) {
        return Err("a step before the first reset was allowed".into());
    }
    let mut env = played(case.make(), seed, before);
    let moment = Moment::of(&env);
    let good = sampled(&env, &mut SeededRng::new(seed));
    let one_bad = env.spec().action_spaces.iter().enumerate().flat_map(|(agent, space)| {
        let of_agent = outside(space, env.spec().clips_actions).into_iter();
        let good = &good;
        of_agent.map(move |bad| {
            let mut actions = good.clone();
            actions[agent] = bad;
            actions
        })
    });
    let mut bad: Vec<Vec<Value>> = one_bad.collect();
    assert!(bad.len() > 10 * good.len(), "too few of {bad:?}");
    let many: Vec<Value> = good.iter().chain(&good).cloned().collect();
    bad.extend((0..many.len()).filter(|count| *count != good.len()).map(|count| many[..count].to_vec()));
    for actions in bad {
        match env.step(&actions) {
            Err(EnvError::ActionCount { .. }) if actions.len() != good.len() => {}
            Err(EnvError::Action { .. }) if actions.len() == good.len() => {}
            Err(other) => return Err(format!("{actions:?} was refused for another reason: {other}")),
            Ok(_) => return Err(format!("{actions:?} was allowed")),
        }
        Moment::of(&env).same(&moment).map_err(|difference| format!("{actions:?}: {difference}"))?;
    }
    Ok(())
}

fn look(env: &Env, bounds: Bounds) -> Result<(), String> {
    let (spec, moment) = (env.spec(), Moment::of(env));
    let mut reader = ValueReader::new(&moment.returns);
    let outcome = palaestra_env::Outcome::read(spec.agents.len(), &mut reader).map_err(|error| error.to_string())?;
    if outcome.rewards.iter().any(|reward| !reward.is_finite()) {
        return Err(format!("rewards {:?}", outcome.rewards));
    }
    let spaces = spec.observation_spaces.iter().take(spec.observations());
    for space in spaces.chain([palaestra_env::returns::info_space(spec, env.phase())]) {
        let value = reader.read(space).map_err(|error| format!("{space}: {error}"))?;
        if !space.contains(&value) && (bounds == Bounds::Kept || !fits(space, &value)) {
            return Err(format!("{value} is outside {space}"));
        }
    }
    reader.finish().map_err(|error| error.to_string())?;
    for command in Commands::new(&moment.scene) {
        let command = command.map_err(|error| error.to_string())?;
        if command.numbers().any(|number| !number.is_finite()) {
            return Err(format!("the scene has a {:?} at no place", command.kind));
        }
        let sprites = spec.atlas.as_ref().map_or(0, |atlas| atlas.columns * atlas.rows);
        if command.kind == palaestra_env::scene::Kind::Sprite && command.detail >= sprites {
            return Err(format!("sprite {} of {sprites}", command.detail));
        }
    }
    Ok(())
}

/// Values that are no members of a space: of every other kind, out of range, of a wrong length, and no numbers.
fn outside(space: &Space, clips: bool) -> Vec<Value> {
    let mut values = vec![
        Value::None,
        Value::Bool(true),
        Value::Text("0".into()),
        Value::Discrete(i64::MIN),
        Value::Discrete(i64::MAX),
        Value::MultiDiscrete(vec![i64::MAX]),
        Value::MultiDiscrete(vec![0; 99]),
        Value::MultiBinary(vec![2]),
        Value::MultiBinary(vec![0; 99]),
        Value::Tensor(Tensor::F32(vec![])),
        Value::Tensor(Tensor::I64(vec![0; 99])),
        Value::Tuple(vec![]),
        Value::Dict(vec![Value::Discrete(0)]),
        Value::Sequence(vec![Value::Discrete(0)]),
    ];
    if !matches!(space, Space::OneOf { .. }) {
        values.push(Value::OneOf(0, Box::new(Value::blank(space))));
    }
    match space {
        Space::Discrete { n, start } => {
            values.extend([Value::Discrete(start - 1), Value::Discrete(start + n), Value::MultiDiscrete(vec![*start])]);
        }
        Space::MultiDiscrete { nvec } => {
            values.extend((0..nvec.len()).flat_map(|index| {
                [-1, nvec[index]].map(|number| {
                    let mut numbers = vec![0; nvec.len()];
                    numbers[index] = number;
                    Value::MultiDiscrete(numbers)
                })
            }));
            values.extend([nvec.len() - 1, nvec.len() + 1].map(|len| Value::MultiDiscrete(vec![0; len])));
        }
        Space::MultiBinary { n } => {
            let mut two = vec![0; *n];
            two[n - 1] = 2;
            values.extend([two, vec![0; n - 1], vec![0; n + 1]].map(Value::MultiBinary));
        }
        Space::Box(space) => {
            let tensor = |index: usize, number: f64| {
                let numbers = (0..space.len()).map(|i| if i == index { number } else { space.bounds(i).0.max(0.0) });
                Value::Tensor(Tensor::from_f64s(space.dtype, numbers))
            };
            for index in 0..space.len() {
                let (low, high) = space.bounds(index);
                if space.dtype.is_float() {
                    values.push(tensor(index, f64::NAN));
                }
                // An infinity is no number to clip either.
                values.extend([f64::INFINITY, f64::NEG_INFINITY].map(|number| tensor(index, number)));
                if !clips {
                    values.extend([low - 1.0, high + 1.0].map(|number| tensor(index, number)));
                }
            }
            values.push(Value::Tensor(Tensor::zeros(space.dtype, space.len() + 1)));
            values.push(Value::Tensor(Tensor::F64(vec![0.0; space.len()])));
        }
        Space::OneOf { spaces } => {
            values.push(Value::OneOf(spaces.len(), Box::new(Value::None)));
            values.extend(spaces.iter().enumerate().flat_map(|(index, space)| {
                let inner =
                    outside(space, clips).into_iter().filter(|value| *space != Space::None || *value != Value::None);
                inner.map(move |value| Value::OneOf(index, Box::new(value)))
            }));
        }
        _ => {}
    }
    values
}
