//! Going back to a snapshot and playing again, as a game for several people does whenever somebody's keys come late: the same
//! states, and not one allocation. Prints how long it takes; `--release` for figures that mean something.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod support;

use std::hint::black_box;
use std::time::{Duration, Instant};

use palaestra_env::{Env, Kwargs, RestoreError, SeededRng, Snapshot, Value};

use support::allocations::asked;
use support::cases::{Case, one, plain, varied};
use support::play::{played, sampled};

/// A game that keeps a snapshot of every frame.
struct Game {
    env: Env,
    actions: Vec<Vec<Value>>,
    ring: Vec<Snapshot>,
}

impl Game {
    /// Plays `frames` frames with a snapshot before each. At the end of an episode the next one begins.
    fn new(mut env: Env, seed: u64, frames: usize) -> Self {
        env.reset(Some(seed), &Kwargs::new()).unwrap();
        let mut rng = SeededRng::new(!seed);
        let actions: Vec<_> = (0..frames).map(|_| sampled(&env, &mut rng)).collect();
        let mut game = Self { env, actions, ring: vec![Snapshot::new(); frames] };
        game.play(0, false);
        game
    }

    /// Plays from a frame on; gives how many resets and refusals there were, which may allocate. With `still` it stops at the
    /// first.
    fn play(&mut self, from: usize, still: bool) -> usize {
        let mut ends = 0;
        for (actions, snapshot) in self.actions.iter().zip(&mut self.ring).skip(from) {
            self.env.snapshot(snapshot);
            let ended = match self.env.step(actions) {
                Ok(outcome) => outcome.over(),
                Err(_) => true,
            };
            if ended {
                ends += 1;
                if still {
                    return ends;
                }
                self.env.reset(None, &Kwargs::new()).unwrap();
            }
        }
        ends
    }
}

fn goes_back(case: &Case) -> Result<(), String> {
    let mut game = Game::new(case.make(), 5, 150);
    let (end, hashes) = (game.env.hash(), game.ring.iter().map(Snapshot::hash).collect::<Vec<_>>());
    for back in [0, 149, 75] {
        let first = game.ring[back].clone();
        game.env.rewind(&first).map_err(|error| error.to_string())?;
        if game.env.hash() != hashes[back] {
            return Err(format!("frame {back} is another after going back to it"));
        }
        game.play(back, false);
        if let Some(frame) = (0..150).find(|frame| game.ring[*frame].hash() != hashes[*frame]) {
            return Err(format!("played again from frame {back}, frame {frame} is another"));
        }
        if game.env.hash() != end {
            return Err(format!("played again from frame {back}, the end is another"));
        }
    }
    let first = game.ring[0].clone();
    let (cost, ends) = asked(|| {
        game.env.rewind(&first).unwrap();
        game.play(0, true)
    });
    let cost = if ends == 0 { cost } else { asked(|| game.env.rewind(&first).unwrap()).0 };
    if cost.times > 0 {
        return Err(format!("going back and playing 150 frames again asked for memory: {cost:?}"));
    }
    // Between any two frames of it, too.
    for (frame, snapshot) in game.ring.iter().enumerate().step_by(7) {
        let (cost, restored) = asked(|| game.env.rewind(snapshot));
        if cost.times > 0 || restored.is_err() {
            return Err(format!("going back to frame {frame}: {restored:?}, {cost:?}"));
        }
        let (cost, restored) = asked(|| game.env.restore(snapshot.bytes()));
        if restored.is_err() {
            return Err(format!("restoring frame {frame}: {restored:?}, {cost:?}"));
        }
    }
    Ok(())
}

#[test]
fn going_back_to_a_snapshot_and_playing_again_is_the_same_game_and_allocates_nothing() {
    let failures: Vec<String> =
        varied().iter().filter_map(|case| goes_back(case).err().map(|told| format!("{case}: {told}"))).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_snapshot_of_another_environment_or_an_empty_one_is_refused_and_changes_nothing() {
    for case in plain() {
        let [mut env, other] = [1, 2].map(|seed| played(case.make(), seed, 9));
        let mut foreign = Snapshot::new();
        other.snapshot(&mut foreign);
        let before = env.hash();
        for snapshot in [&foreign, &Snapshot::new()] {
            assert_eq!(env.rewind(snapshot), Err(RestoreError::Foreign), "{case}");
            assert_eq!(env.hash(), before, "{case}");
        }
        // Written to by the other, it is the other's.
        env.snapshot(&mut foreign);
        assert_eq!(env.rewind(&foreign), Ok(()));
        other.snapshot(&mut foreign);
        assert_eq!(env.rewind(&foreign), Err(RestoreError::Foreign));
    }
}

#[test]
fn what_150_frames_back_and_again_cost() {
    let cases = [
        ("SlimeVolley-v0", 2),
        ("slimevb/SlimeVolleyEnv", 2),
        ("overcooked_ai/cramped_room", 2),
        ("Overcooked-CounterCircuit-V0", 10),
        ("OvercookedV2-TestTimeSimple-V0", 10),
    ];
    for (id, most) in cases {
        let case = one(id);
        let mut game = Game::new(case.make(), 9, 150);
        let first = game.ring[0].clone();
        let time = (0..20)
            .map(|_| {
                let begun = Instant::now();
                game.env.rewind(&first).unwrap();
                black_box(game.play(0, false));
                begun.elapsed()
            })
            .min()
            .unwrap();
        println!("{id}: 150 frames back and again in {:.3} ms", time.as_secs_f64() * 1e3);
        if !cfg!(debug_assertions) {
            assert!(time < Duration::from_millis(most), "{id}: {time:?}");
        }
    }
}
