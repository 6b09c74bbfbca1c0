//! Playing on, whatever was done to an environment.
use palaestra_env::catalog::Entry;
use palaestra_env::{Env, Kwargs, SeededRng, Snapshot, Value, ValueWriter};

/// The environment that a byte stands for.
pub(crate) fn entry(byte: u8) -> Option<&'static Entry> {
    let entries: Vec<_> = palaestra_envs::CATALOG.entries().collect();
    entries.get(usize::from(byte) % entries.len().max(1)).copied()
}

/// Random steps with resets where an episode ends. Rewards must be finite, and the environment must take its own states.
pub(crate) fn play(env: &mut Env, seed: u64, steps: u32) {
    let mut rng = SeededRng::new(seed);
    let (mut snapshot, mut returns) = (Snapshot::new(), ValueWriter::new());
    for step in 0..steps {
        if step % 8 == 0 {
            env.snapshot(&mut snapshot);
            let restored = env.restore(snapshot.bytes());
            assert_eq!(restored, Ok(()), "an environment refuses its own state");
            assert_eq!(env.hash(), snapshot.hash(), "an environment reads its own state as another");
        }
        let spaces = &env.spec().action_spaces;
        let actions: Vec<Value> = spaces.iter().map(|space| Value::sample(space, &mut rng)).collect();
        let over = match env.step(&actions) {
            Ok(outcome) => {
                let rewards = &outcome.rewards;
                assert!(rewards.iter().all(|reward| reward.is_finite()), "rewards {rewards:?}");
                outcome.over()
            }
            Err(_) => true,
        };
        returns.clear();
        env.write_returns(&mut returns);
        if over || step == steps / 2 {
            let _ = env.reset(None, &Kwargs::new());
        }
    }
}
