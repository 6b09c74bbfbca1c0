//! A player that gives a sign of life while it plays, however slow its steps are.
use palaestra_env::environment::Phase;
use palaestra_env::{Kwargs, Spec, Value, ValueWriter};
use palaestra_record::{Player, Refusal};

/// How long there is no sign between steps that are quick, in milliseconds.
const SIGN_MS: f64 = 200.0;

/// Plays as another does, and calls `sign` now and then.
pub(crate) struct Signing<P, C, S> {
    player: P,
    /// The time in milliseconds.
    clock: C,
    sign: S,
    signed: f64,
}

impl<P: Player, C: Fn() -> f64, S: Fn()> Signing<P, C, S> {
    pub(crate) fn new(player: P, clock: C, sign: S) -> Self {
        let signed = clock();
        Self { player, clock, sign, signed }
    }

    fn live(&mut self) {
        let now = (self.clock)();
        // A clock that was put back is no reason to be silent for long.
        if (now - self.signed).abs() >= SIGN_MS {
            self.signed = now;
            (self.sign)();
        }
    }
}

impl<P: Player, C: Fn() -> f64, S: Fn()> Player for Signing<P, C, S> {
    fn spec(&self) -> &Spec {
        self.player.spec()
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), Refusal> {
        self.live();
        self.player.reset(seed, options)
    }

    fn step(&mut self, actions: &[Value]) -> Result<(), Refusal> {
        self.live();
        self.player.step(actions)
    }

    fn phase(&self) -> Phase {
        self.player.phase()
    }

    fn returns(&self, out: &mut ValueWriter) {
        self.player.returns(out);
    }

    fn hash(&mut self) -> Result<u64, Refusal> {
        self.live();
        self.player.hash()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// Plays for so long, in milliseconds a step, and gives the signs that came meanwhile.
    fn signs(steps: u32, step_ms: f64) -> u32 {
        let (time, signs) = (Cell::new(1_000.0), Cell::new(0));
        let env = palaestra_envs::make("CartPole-v1", &Kwargs::new()).unwrap();
        let mut player = Signing::new(env, || time.get(), || signs.set(signs.get() + 1));
        player.reset(Some(7), &Kwargs::new()).unwrap();
        for _ in 0..steps {
            player.step(&[Value::Discrete(1)]).unwrap();
            time.set(time.get() + step_ms);
        }
        player.hash().unwrap();
        signs.get()
    }

    #[test]
    fn whoever_plays_slowly_gives_a_sign_of_life_with_every_step() {
        assert_eq!(signs(10, 3_000.0), 10);
        assert_eq!(signs(10, -3_000.0), 10, "a clock that is put back");
    }

    #[test]
    fn whoever_plays_quickly_gives_no_more_than_five_signs_a_second() {
        assert_eq!(signs(100, 10.0), 5);
        assert_eq!(signs(10, 0.0), 0);
    }
}
