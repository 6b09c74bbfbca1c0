//! Models in seats of the environments: actions, memory, refusals.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod table;

use palaestra_env::policy::View;
use palaestra_env::{Env, Kwargs, Policy, SeededRng, StateReader, StateWriter, Value};
use palaestra_env_tests::allocations::asked;
use palaestra_policy::manifest::{Observed, Source};
use palaestra_policy::{Manifest, ModelPolicy};
use serde_json::json;
use table::{SEATS, Seat, file};

/// A policy that plays an environment alone, all other agents at rest.
struct Play {
    env: Env,
    policy: ModelPolicy,
    rng: SeededRng,
    agent: usize,
    actions: Vec<Value>,
}

impl Play {
    fn new(seat: &Seat, sample: bool) -> Self {
        let mut env = seat.env();
        env.reset(Some(3), &Kwargs::new()).unwrap();
        let policy = seat.policy(&env, sample);
        let actions = env.spec().action_spaces.iter().map(Value::blank).collect();
        Self { env, policy, rng: SeededRng::for_seat(9, seat.agent), agent: seat.agent, actions }
    }

    fn tick(&mut self) -> String {
        self.policy.act(View::new(&self.env, self.agent), &mut self.rng, &mut self.actions[self.agent]);
        let over = self.env.step(&self.actions).unwrap().over();
        let shown = format!("{} {:016x}", self.actions[self.agent], self.env.hash());
        if over {
            self.env.reset(None, &Kwargs::new()).unwrap();
            self.policy.reset();
        }
        shown
    }

    fn save(&self) -> (StateWriter, StateWriter) {
        let (mut env, mut policy) = (StateWriter::new(), StateWriter::new());
        self.env.save(&mut env);
        policy.rng(&self.rng);
        self.policy.save(&mut policy);
        (env, policy)
    }

    fn restore(&mut self, (env, policy): &(StateWriter, StateWriter)) {
        self.env.restore(env.bytes()).unwrap();
        let mut reader = StateReader::new(policy.bytes());
        self.rng = reader.rng().unwrap();
        self.policy.restore(&mut reader).unwrap();
        reader.finish().unwrap();
    }
}

#[test]
fn every_seat_plays_the_same_game_twice() {
    for seat in SEATS {
        for sample in [false, true].into_iter().filter(|sample| !sample || seat.samples) {
            let [mut once, mut again] = [0, 1].map(|_| Play::new(seat, sample));
            let [once, again] = [&mut once, &mut again].map(|play| (0..200).map(|_| play.tick()).collect::<Vec<_>>());
            assert_eq!(once, again, "{}", seat.model);
        }
    }
}

#[test]
fn drawn_actions_differ_and_greedy_ones_draw_nothing() {
    let seat = SEATS.iter().find(|seat| seat.model == "sb3_recurrent_ppo").unwrap();
    let mut play = Play::new(seat, false);
    (0..50).for_each(|_| drop(play.tick()));
    assert_eq!(play.rng, SeededRng::for_seat(9, seat.agent));
    let draws = |seed| {
        let mut play = Play::new(seat, true);
        play.rng = SeededRng::for_seat(seed, seat.agent);
        (0..50).map(|_| play.tick()).collect::<Vec<_>>()
    };
    assert_ne!(draws(1), draws(2));
}

#[test]
fn saved_and_restored_it_goes_on_as_it_was_also_in_another_instance() {
    for seat in SEATS {
        let mut play = Play::new(seat, seat.samples);
        for length in [1, 2, 7, 40] {
            (0..length).for_each(|_| drop(play.tick()));
            let saved = play.save();
            let went_on: Vec<_> = (0..30).map(|_| play.tick()).collect();
            play.restore(&saved);
            assert_eq!(play.save().1.bytes(), saved.1.bytes(), "{}", seat.model);
            assert_eq!((0..30).map(|_| play.tick()).collect::<Vec<_>>(), went_on, "{}", seat.model);
            let mut other = Play::new(seat, seat.samples);
            (0..3).for_each(|_| drop(other.tick()));
            other.restore(&saved);
            assert_eq!((0..30).map(|_| other.tick()).collect::<Vec<_>>(), went_on, "{}", seat.model);
        }
    }
}

#[test]
fn a_new_episode_forgets_the_last() {
    for seat in SEATS {
        let mut play = Play::new(seat, false);
        let fresh = {
            let mut out = StateWriter::new();
            play.policy.save(&mut out);
            out
        };
        (0..9).for_each(|_| drop(play.tick()));
        play.policy.reset();
        let mut out = StateWriter::new();
        play.policy.save(&mut out);
        assert_eq!(out.bytes(), fresh.bytes(), "{}", seat.model);
    }
}

#[test]
fn a_warm_decision_allocates_nothing() {
    for seat in SEATS {
        let mut play = Play::new(seat, seat.samples);
        (0..5).for_each(|_| drop(play.tick()));
        let view = View::new(&play.env, play.agent);
        let (cost, ()) =
            asked(|| (0..20).for_each(|_| play.policy.act(view, &mut play.rng, &mut play.actions[play.agent])));
        assert_eq!(cost.times, 0, "{}: {cost:?}", seat.model);
    }
}

#[test]
fn saved_bytes_from_a_stranger_are_refused_or_taken() {
    for seat in SEATS {
        let mut play = Play::new(seat, seat.samples);
        (0..5).for_each(|_| drop(play.tick()));
        let saved = play.save().1.into_bytes();
        for place in 0..saved.len() {
            let mut damaged = saved.clone();
            damaged[place] ^= 0xff;
            let mut reader = StateReader::new(&damaged);
            if let Ok(rng) = reader.rng()
                && play.policy.restore(&mut reader).is_ok()
            {
                play.rng = rng;
            }
            // Whatever was taken, an action is one of its space: the step is not refused.
            play.tick();
        }
        assert!(play.policy.restore(&mut StateReader::new(&saved[..saved.len() / 2])).is_err());
    }
}

/// The actions of a policy of CartPole with a manifest, as zeros and ones.
fn cart_pole(manifest: serde_json::Value, ticks: usize) -> Vec<Value> {
    let mut env = palaestra_envs::make("CartPole-v1", &Kwargs::new()).unwrap();
    env.reset(Some(5), &Kwargs::new()).unwrap();
    let mut manifest = Manifest::parse(&manifest.to_string()).unwrap();
    // Larger than life, so that the model is not always of one mind.
    let observed = Observed { std: vec![0.01], ..Observed::default() };
    manifest.inputs.insert("input".to_owned(), Source::Observation(observed));
    let mut policy = ModelPolicy::new(env.spec(), 0, &file("sb3_ppo_mlp"), &manifest).unwrap();
    let (mut rng, mut actions) = (SeededRng::new(0), vec![Value::Discrete(0)]);
    let tick = |tick: usize| {
        policy.act(View::new(&env, 0), &mut rng, &mut actions[0]);
        let played = actions[0].clone();
        // Whatever it wants is not done: the game is the same for every manifest.
        env.step(&[Value::Discrete((tick % 2) as i64)]).unwrap();
        played
    };
    (0..ticks).map(tick).collect()
}

#[test]
fn it_repeats_its_action_and_plays_it_late_as_the_manifest_says() {
    let plain = cart_pole(json!({}), 40);
    assert!(plain.contains(&Value::Discrete(0)) && plain.contains(&Value::Discrete(1)), "{plain:?}");
    let skipped: Vec<_> = (0..40).map(|tick| plain[tick / 3 * 3].clone()).collect();
    assert_eq!(cart_pole(json!({"frame_skip": 3}), 40), skipped);
    let late: Vec<_> = std::iter::repeat_n(Value::Discrete(1), 4).chain(plain.iter().take(36).cloned()).collect();
    assert_eq!(cart_pole(json!({"reaction_delay": 4, "idle": 1}), 40), late);
    let both: Vec<_> = std::iter::repeat_n(Value::Discrete(0), 2).chain(skipped.iter().take(38).cloned()).collect();
    assert_eq!(cart_pole(json!({"reaction_delay": 2, "frame_skip": 3}), 40), both);
}
