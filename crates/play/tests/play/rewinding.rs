//! Going back some frames and forth again: the same state, whoever sits at the game, and no memory asked for.
use palaestra_env::catalog::Entry;
use palaestra_env::{Kwargs, Space, Spec};
use palaestra_play::Simulation;
use palaestra_protocol::{ErrorCode, Flags, Grant, Key, Motion, Setup};

use crate::people::{Who, seats};
use crate::toy;
use palaestra_env_tests::allocations::asked;

const SNAPSHOTS: u32 = 30;

struct Game {
    simulation: Simulation,
    now: f64,
    keys: u16,
    /// The state's hash after every frame.
    hashes: Vec<u64>,
}

impl Game {
    fn new(entry: &Entry, who: Who) -> Self {
        let env = toy::make(entry.id, &Kwargs::new()).unwrap();
        let (seats, codes) = seats(entry, env.spec(), &vec![who; entry.keys.len().min(entry.agents).max(1)]);
        let (keys, flags) = (codes.len() as u16, Flags::default());
        let setup = Setup { fps: 100.0, seed: 5, max_steps: None, snapshots: SNAPSHOTS, flags, seats };
        let (simulation, now) = (Simulation::new(env, &setup).map_err(|refused| refused.1).unwrap(), 0.0);
        assert!(!simulation.has_begun(), "there is no episode before the first reset");
        let mut game = Self { simulation, now, keys, hashes: Vec::new() };
        game.reset(Some(11));
        assert!(game.simulation.has_begun());
        game
    }

    fn reset(&mut self, seed: Option<u64>) {
        self.simulation.reset(self.now, seed, &Kwargs::new()).unwrap();
        self.hashes.clear();
    }

    /// Plays a frame; gives whether the episode goes on.
    fn frame(&mut self) -> bool {
        let sent = self.now;
        if self.keys > 0 {
            let (code, motion) = (self.hashes.len() as u16 * 7 % self.keys, Motion::Down);
            self.simulation.key(self.now, Key { motion, code, at: sent, sent });
            if self.hashes.len().is_multiple_of(3) {
                self.simulation.key(self.now, Key { motion: Motion::Up, code, at: sent, sent });
            }
        }
        self.simulation.grant(self.now, Grant { until: Some(self.now + 200.0), sent });
        let played = self.simulation.advance(self.now);
        self.now += 10.0;
        if let Some(played) = played {
            played.unwrap();
            self.hashes.push(self.simulation.env().hash());
            return !self.simulation.env().outcome().over();
        }
        true
    }
}

/// Whether actions are of this kind or of that: at random one of this kind takes the place of one of that, and the memory of
/// the one is no use to the other.
fn takes_one_of(spec: &Spec) -> bool {
    spec.action_spaces.iter().any(|space| matches!(space, Space::OneOf { .. }))
}

/// Plays two games alike, one of which goes back and forth all the time.
fn goes_back_and_forth(entry: &Entry, who: Who) {
    let (mut game, mut other) = (Game::new(entry, who), Game::new(entry, who));
    for frame in 1..=90 {
        let goes_on = game.frame();
        assert_eq!(other.frame(), goes_on);
        let depth = game.hashes.len().min(SNAPSHOTS as usize) as u32;
        for back in [1, 2, 7, depth].into_iter().filter(|back| frame % 4 == 1 && (1..=depth).contains(back)) {
            let (cost, result) = asked(|| game.simulation.rewind(back));
            result.unwrap();
            let found = game.simulation.env().hash();
            assert_eq!(Some(&found), game.hashes.last(), "{}, {who:?}: {back} back from {frame}", entry.id);
            // By then every snapshot, and every state on the way, has had its memory once.
            if frame > 45 && !(who == Who::Random && takes_one_of(game.simulation.spec())) {
                assert_eq!(cost.times, 0, "{}, {who:?}: {back} back from {frame}: {cost:?}", entry.id);
            }
        }
        if !goes_on {
            // An episode that is over can be gone back into, until the next one begins.
            [&mut game, &mut other].into_iter().for_each(|game| game.reset(None));
            assert_eq!(game.simulation.rewind(1).unwrap_err().code, ErrorCode::BadArgument);
        }
    }
    assert_eq!(game.hashes, other.hashes, "{}, {who:?}: it goes on as if it had never gone back", entry.id);
    assert_eq!(game.simulation.frame(), other.simulation.frame());
}

#[test]
fn every_environment_goes_back_and_forth_to_the_same_state_with_random_seats() {
    palaestra_envs::CATALOG.entries().for_each(|entry| goes_back_and_forth(entry, Who::Random));
}

#[test]
fn every_environment_goes_back_and_forth_to_the_same_state_with_fixed_seats() {
    palaestra_envs::CATALOG.entries().for_each(|entry| goes_back_and_forth(entry, Who::Fixed));
}

#[test]
fn every_environment_goes_back_and_forth_to_the_same_state_with_people() {
    palaestra_envs::CATALOG.entries().for_each(|entry| goes_back_and_forth(entry, Who::Person));
}

#[test]
fn no_more_frames_can_be_gone_back_than_there_are_and_that_changes_nothing() {
    let entry = palaestra_envs::CATALOG.entries().next().unwrap();
    let mut game = Game::new(entry, Who::Random);
    for frames in 0..50_u32 {
        let depth = frames.min(SNAPSHOTS);
        let hash = game.simulation.env().hash();
        if depth > 0 {
            // Which leads back to where the game is, and so to as many frames.
            game.simulation.rewind(depth.min(3)).unwrap();
        }
        for wrong in [0, depth + 1, u32::MAX] {
            let error = game.simulation.rewind(wrong).unwrap_err();
            assert_eq!(error.message, format!("rewind: expected a number of frames from 1 to {depth}, found {wrong}"));
            assert_eq!(game.simulation.env().hash(), hash);
        }
        if !game.frame() {
            break;
        }
    }
}
