//! Saved states that somebody made up.
use palaestra_env::{Env, Kwargs, StateWriter};

use crate::play::{entry, play};

/// Steps from a state that was taken.
const STEPS: u32 = 24;

/// The first byte chooses the environment, the second how far it has been played. Then changes to the saved state follow: a
/// place (two bytes), and one byte of which the high two bits say what stands there from now on (zeros, ones, or what follows)
/// and the others for how many bytes.
pub fn run(bytes: &[u8]) {
    let [which, played, changes @ ..] = bytes else { return };
    let Some(mut env) = entry(*which).and_then(|entry| palaestra_envs::make(entry.id, &Kwargs::new()).ok()) else {
        return;
    };
    if env.reset(Some(u64::from(*played)), &Kwargs::new()).is_err() {
        return;
    }
    play(&mut env, 1, u32::from(played % 32));
    let before = saved(&env);
    let state = changed(before.clone(), changes);
    match env.restore(&state) {
        Ok(()) => {
            play(&mut env, 2, STEPS);
            let after = saved(&env);
            assert!(env.restore(&after).is_ok(), "steps from a state that was taken led to one that is refused");
        }
        Err(_) => assert_eq!(saved(&env), before, "a refused state changed the environment"),
    }
}

fn saved(env: &Env) -> Vec<u8> {
    let mut state = StateWriter::new();
    env.save(&mut state);
    state.into_bytes()
}

fn changed(mut state: Vec<u8>, mut changes: &[u8]) -> Vec<u8> {
    while let [low, high, how, rest @ ..] = changes {
        let place = usize::from(u16::from_le_bytes([*low, *high])) % state.len().max(1);
        let length = usize::from(how & 0x3f);
        let slots = state.iter_mut().skip(place).take(length);
        changes = match how >> 6 {
            0 => {
                slots.for_each(|slot| *slot = 0);
                rest
            }
            1 => {
                slots.for_each(|slot| *slot = 0xff);
                rest
            }
            _ => {
                slots.zip(rest).for_each(|(slot, byte)| *slot = *byte);
                rest.get(length..).unwrap_or_default()
            }
        };
    }
    state
}
