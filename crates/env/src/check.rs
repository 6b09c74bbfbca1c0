//! A test of anybody's environment, in the spirit of Gymnasium's `check_env`: plays it at random and holds it to the
//! contract of [`Environment`](crate::Environment).
use crate::arguments::Kwargs;
use crate::codec::{ValueReader, ValueWriter};
use crate::env::Env;
use crate::environment::Phase;
use crate::rng::SeededRng;
use crate::scene::{Commands, Scene};
use crate::snapshot::Snapshot;
use crate::space::Space;
use crate::state::StateWriter;
use crate::value::Value;

/// Plays `steps` random steps from `seed` on two copies of an environment and checks that both begin alike, and, at every step, that the
/// observation and the info lie in their spaces, that the scene is well formed, that a bad action changes nothing, that both copies agree in
/// every byte, and that a restored copy goes on exactly like the original.
///
/// # Errors
/// The first thing that breaks the contract, in words.
pub fn check(mut make: impl FnMut() -> Env, seed: u64, steps: u32) -> Result<(), String> {
    let (mut env, mut twin) = (make(), make());
    let mut rng = SeededRng::new(seed);
    if env.step(&sample(&env, &mut rng)).is_ok() {
        return Err("a step before the first reset was allowed".into());
    }
    reset(&mut env, Some(seed))?;
    reset(&mut twin, Some(seed))?;
    if saved(&env) != saved(&twin) || written(&env) != written(&twin) {
        return Err(format!("two copies that were reset with the seed {seed} differ"));
    }
    look(&env)?;
    let mut snapshot = Snapshot::new();
    for step in 1..=steps {
        let at = |what: String| format!("step {step}: {what}");
        bad_actions_change_nothing(&mut env).map_err(at)?;
        let actions = sample(&env, &mut rng);
        let before = saved(&env);
        env.snapshot(&mut snapshot);
        let refused = env.step(&actions).is_err();
        if refused && saved(&env) != before {
            return Err(at("a step was refused and changed the state".into()));
        }
        if refused || env.outcome().over() {
            reset(&mut env, None).map_err(at)?;
        }
        let after = saved(&env);
        env.rewind(&snapshot).map_err(|error| at(format!("it refuses its own state: {error}")))?;
        if saved(&env) != before {
            return Err(at("going back to a snapshot led to another state".into()));
        }
        env.restore(&after).map_err(|error| at(error.to_string()))?;
        if step % 16 == 0 {
            // From here on the twin is a restored one.
            twin = make();
        }
        twin.restore(&before).map_err(|error| at(error.to_string()))?;
        if saved(&twin) != before {
            return Err(at("save() after restore() differs from what was restored".into()));
        }
        if twin.step(&actions).is_err() || twin.outcome().over() {
            reset(&mut twin, None).map_err(at)?;
        }
        if saved(&env) != saved(&twin) || written(&env) != written(&twin) {
            return Err(at("a restored copy went another way than the original".into()));
        }
        look(&env).map_err(at)?;
    }
    Ok(())
}

fn reset(env: &mut Env, seed: Option<u64>) -> Result<(), String> {
    env.reset(seed, &Kwargs::new()).map_err(|error| error.to_string())
}

fn sample(env: &Env, rng: &mut SeededRng) -> Vec<Value> {
    env.spec().action_spaces.iter().map(|space| Value::sample(space, rng)).collect()
}

fn saved(env: &Env) -> Vec<u8> {
    let mut state = StateWriter::new();
    env.save(&mut state);
    state.into_bytes()
}

fn written(env: &Env) -> ValueWriter {
    let mut out = ValueWriter::new();
    env.observe(&mut out);
    env.info(&mut out);
    out
}

impl PartialEq for ValueWriter {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

fn look(env: &Env) -> Result<(), String> {
    let spec = env.spec();
    let (state, most) = (saved(env).len(), Env::MOST_STATE_BYTES);
    if state > most {
        return Err(format!("expected a saved state of at most {most} bytes, found {state}"));
    }
    let written = written(env);
    let mut reader = ValueReader::new(written.bytes());
    let mut member = |name: &str, space: &Space| {
        let value = reader.read(space).map_err(|error| format!("{name}: {error}"))?;
        if space.contains(&value) {
            return Ok(());
        }
        Err(format!("{name} outside its space {space}: {value}"))
    };
    spec.observation_spaces.iter().take(spec.observations()).try_for_each(|space| member("observation", space))?;
    let info = match env.phase() {
        Phase::Reset => &spec.reset_info,
        Phase::Step => &spec.step_info,
    };
    member("info", info)?;
    reader.finish().map_err(|error| error.to_string())?;

    let mut scene = Scene::new();
    env.draw(&mut scene);
    for command in Commands::new(scene.bytes()) {
        let command = command.map_err(|error| error.to_string())?;
        if command.numbers().any(|number| !number.is_finite()) {
            return Err(format!("the scene has a {:?} at no place", command.kind));
        }
    }
    Ok(())
}

fn bad_actions_change_nothing(env: &mut Env) -> Result<(), String> {
    let before = saved(env);
    let outside: Vec<Value> = env.spec().action_spaces.iter().map(outside).collect();
    let too_many = vec![Value::None; env.spec().agents.len() + 1];
    for actions in [outside, too_many, Vec::new()] {
        if env.step(&actions).is_ok() {
            return Err(format!("the bad action {actions:?} was allowed"));
        }
    }
    if saved(env) == before { Ok(()) } else { Err("a bad action changed the state".into()) }
}

fn outside(space: &Space) -> Value {
    match space {
        Space::Discrete { n, start } => Value::Discrete(start.saturating_add(*n)),
        Space::None => Value::Discrete(0),
        _ => Value::None,
    }
}
