//! Playing, and everything that can be seen of an environment at one moment.
use palaestra_env::{Env, Kwargs, Scene, SeededRng, StateWriter, Value, ValueWriter};

/// Everything an environment shows of itself, as bytes: observations, rewards, flags and info, the scene, the saved state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What was returned.
    pub returns: Vec<u8>,
    /// What is drawn.
    pub scene: Vec<u8>,
    /// What is saved.
    pub state: Vec<u8>,
}

impl Moment {
    /// Of an environment as it is.
    pub fn of(env: &Env) -> Self {
        let (mut returns, mut scene) = (ValueWriter::new(), Scene::new());
        env.write_returns(&mut returns);
        env.draw(&mut scene);
        Self { returns: returns.bytes().to_vec(), scene: scene.bytes().to_vec(), state: saved(env) }
    }

    /// Whether two moments are alike.
    ///
    /// # Errors
    /// In what they differ, in words.
    pub fn same(&self, other: &Self) -> Result<(), String> {
        for (name, one, two) in [
            ("what was returned", &self.returns, &other.returns),
            ("the scene", &self.scene, &other.scene),
            ("the saved state", &self.state, &other.state),
        ] {
            if one != two {
                let at = one.iter().zip(two).position(|(one, two)| one != two);
                let at = at.unwrap_or(one.len().min(two.len()));
                let lengths = format!("{} and {} bytes", one.len(), two.len());
                return Err(format!("{name} differs from byte {at} on ({lengths})"));
            }
        }
        Ok(())
    }
}

/// What it saves.
pub fn saved(env: &Env) -> Vec<u8> {
    let mut state = StateWriter::new();
    env.save(&mut state);
    state.into_bytes()
}

/// One random action an agent.
pub fn sampled(env: &Env, rng: &mut SeededRng) -> Vec<Value> {
    env.spec().action_spaces.iter().map(|space| Value::sample(space, rng)).collect()
}

/// A step, and a reset without a seed where the episode is over or the environment refuses to go on.
pub fn step_on(env: &mut Env, actions: &[Value]) {
    if env.step(actions).is_err() || env.outcome().over() {
        env.reset(None, &Kwargs::new()).unwrap();
    }
}

/// An environment some random steps into a seeded game.
pub fn played(mut env: Env, seed: u64, steps: u32) -> Env {
    env.reset(Some(seed), &Kwargs::new()).unwrap();
    let mut rng = SeededRng::new(!seed);
    for _ in 0..steps {
        let actions = sampled(&env, &mut rng);
        step_on(&mut env, &actions);
    }
    env
}
