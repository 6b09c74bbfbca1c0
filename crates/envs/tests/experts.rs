//! Experts know how to play: those of every environment earn more than chance, their actions are taken, and games with them go
//! back and forth.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_env::expert::ExpertPolicy;
use palaestra_env::policy::View;
use palaestra_env::{Env, Kwargs, Policy, SeededRng, StateReader, StateWriter, Value};
use palaestra_envs::CATALOG;
use serde_json::json;

/// A game of experts of one skill: the environment, and the policy and generator of each seat.
struct Game {
    env: Env,
    seats: Vec<(ExpertPolicy, SeededRng)>,
    actions: Vec<Value>,
}

impl Game {
    fn new(id: &str, kwargs: &Kwargs, skill: f64, seed: u64) -> Self {
        let mut env = CATALOG.make(id, kwargs).unwrap_or_else(|error| panic!("{id}: {error}"));
        env.reset(Some(seed), &Kwargs::new()).unwrap();
        let spaces = &env.spec().action_spaces;
        let seat = |(agent, space): (usize, &palaestra_env::Space)| {
            (ExpertPolicy::new(space.clone(), skill), SeededRng::for_seat(seed, agent))
        };
        let seats = spaces.iter().enumerate().map(seat).collect();
        let actions = spaces.iter().map(Value::blank).collect();
        Self { env, seats, actions }
    }

    /// Plays a step; a new episode follows one that is over.
    fn step(&mut self) -> f64 {
        if self.env.outcome().over() {
            self.env.reset(None, &Kwargs::new()).unwrap();
            self.seats.iter_mut().for_each(|(policy, _)| policy.reset());
        }
        for (agent, (policy, rng)) in self.seats.iter_mut().enumerate() {
            policy.act(View::new(&self.env, agent), rng, &mut self.actions[agent]);
        }
        let outcome = self.env.step(&self.actions).unwrap();
        outcome.rewards.iter().sum()
    }

    fn play(&mut self, steps: u32) {
        for _ in 0..steps {
            self.step();
        }
    }

    /// The mean return of so many steps' whole episodes, of all agents together.
    fn mean_return(&mut self, steps: u32) -> f64 {
        let (mut episodes, mut all, mut own) = (0_u32, 0.0, 0.0);
        for _ in 0..steps {
            own += self.step();
            if self.env.outcome().over() {
                (episodes, all, own) = (episodes + 1, all + own, 0.0);
            }
        }
        if episodes == 0 { own } else { all / f64::from(episodes) }
    }

    fn saved(&self) -> Vec<u8> {
        let mut out = StateWriter::new();
        self.env.save(&mut out);
        for (policy, rng) in &self.seats {
            out.rng(rng);
            policy.save(&mut out);
        }
        out.into_bytes()
    }
}

/// What an expert earns at least, where the rules or the reference say what is good. Others have to earn more than chance.
const EARNED: &[(&str, f64)] = &[
    ("CartPole-v1", 495.0),
    ("CartPole-v0", 198.0),
    ("MountainCar-v0", -150.0),
    ("MountainCarContinuous-v0", 85.0),
    ("Acrobot-v1", -120.0),
    ("Pendulum-v1", -400.0),
    ("FrozenLake-v1", 0.6),
    ("FrozenLake8x8-v1", 0.6),
    ("Taxi-v4", 7.0),
    ("CliffWalking-v1", -13.0),
    ("CliffWalkingSlippery-v1", -100.0),
    ("LunarLander-v3", 200.0),
    ("LunarLanderContinuous-v3", 200.0),
    ("MiniGrid-Empty-8x8-v0", 0.9),
    ("MiniGrid-Empty-Random-6x6-v0", 0.9),
    ("MiniGrid-DoorKey-8x8-v0", 0.9),
    ("MiniGrid-FourRooms-v0", 0.5),
    ("MiniGrid-MultiRoom-N4-S5-v0", 0.5),
    ("MiniGrid-MultiRoom-N4-S5-v1", 0.5),
    ("MiniGrid-LavaGapS7-v0", 0.9),
    ("MiniGrid-KeyCorridorS3R2-v0", 0.8),
    ("MiniGrid-Unlock-v0", 0.9),
    ("MiniGrid-Dynamic-Obstacles-8x8-v0", 0.3),
    ("MiniGrid-MemoryS9-v0", 0.9),
];

#[test]
fn the_catalog_says_who_has_an_expert() {
    for entry in CATALOG.entries() {
        let env = CATALOG.make(entry.id, &Kwargs::new()).unwrap();
        assert_eq!(entry.expert.is_some(), env.has_expert(), "{}", entry.id);
    }
    assert!(CATALOG.families().all(|family| family.entries.iter().any(|entry| entry.expert.is_some())));
}

#[test]
fn experts_earn_more_than_chance() {
    let mut failures = Vec::new();
    for entry in CATALOG.entries().filter(|entry| entry.expert.is_some()) {
        let mean = |skill| Game::new(entry.id, &Kwargs::new(), skill, 1).mean_return(1500);
        let (expert, chance) = (mean(1.0), mean(0.0));
        println!("{:48} chance {chance:10.2}  expert {expert:10.2}", entry.id);
        let least = EARNED.iter().find(|(id, _)| *id == entry.id).map(|(_, least)| *least);
        // What one side wins the other loses.
        let against = ["slimevb/SlimeVolleyEnv", "mpe2/simple_adversary_v3", "mpe2/simple_world_comm_v3"];
        let nobody_gains = against.contains(&entry.id);
        if expert < least.unwrap_or(f64::NEG_INFINITY) || (expert <= chance && !nobody_gains) {
            failures.push(format!("{}: chance {chance}, expert {expert}, expected {least:?}", entry.id));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn experts_take_every_environment_s_arguments() {
    let cases = [
        ("slimevb/SlimeVolleyEnv", json!({"human_inputs": true})),
        ("SlimeVolley-v0", json!({"atari_mode": true})),
        ("Pendulum-v1", json!({"g": -3.0})),
        ("FrozenLake-v1", json!({"desc": ["SHG", "HHH"]})),
        ("FrozenLake-v1", json!({"map_name": "8x8", "is_slippery": false})),
        ("Taxi-v4", json!({"is_rainy": true, "fickle_passenger": true})),
        ("LunarLander-v3", json!({"continuous": true})),
        ("overcooked_ai/cramped_room", json!({"old_dynamics": true})),
        (
            "overcooked_ai/cramped_room",
            json!({"observation": "lossless", "mdp_params": {"start_all_orders": [{"ingredients": ["onion"]}]}}),
        ),
        ("mpe2/simple_world_comm_v3", json!({"continuous_actions": true, "num_adversaries": 0})),
        ("mpe2/simple_tag_v3", json!({"num_good": 0, "num_obstacles": 0})),
        ("mpe2/simple_speaker_listener_v4", json!({"continuous_actions": true})),
        ("mpe2/simple_spread_v3", json!({"N": 12})),
        ("Foraging-8x8-3p-4f-v3", json!({"max_num_food": 30, "players": 5})),
        ("MiniGrid-KeyCorridorS3R2-v0", json!({"obj_type": "key", "num_rows": 3})),
    ];
    for (id, kwargs) in cases {
        let mut game = Game::new(id, kwargs.as_object().unwrap(), 0.9, 3);
        game.play(300);
    }
}

#[test]
fn a_game_of_experts_goes_on_from_what_was_saved_as_it_went_on_before() {
    for entry in CATALOG.entries() {
        let mut game = Game::new(entry.id, &Kwargs::new(), 0.8, 5);
        game.play(40);
        let state = game.saved();
        game.play(40);
        let went = game.saved();

        let mut again = Game::new(entry.id, &Kwargs::new(), 0.8, 99);
        let mut own = StateWriter::new();
        again.env.save(&mut own);
        // As long for every game with these seats.
        let seats = again.saved().len() - own.bytes().len();
        let (env, rest) = state.split_at(state.len() - seats);
        again.env.restore(env).unwrap();
        let mut reader = StateReader::new(rest);
        for (policy, rng) in &mut again.seats {
            *rng = reader.rng().unwrap();
            policy.restore(&mut reader).unwrap();
        }
        reader.finish().unwrap();
        assert_eq!(again.saved(), state, "{}", entry.id);
        again.play(40);
        assert_eq!(again.saved(), went, "{}", entry.id);
    }
}

#[test]
fn any_memory_is_no_panic() {
    for entry in CATALOG.entries() {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 1e300, 7.0] {
            let mut game = Game::new(entry.id, &Kwargs::new(), 1.0, 7);
            let mut memory = StateWriter::new();
            (0..8).for_each(|_| memory.f64(number));
            for (policy, _) in &mut game.seats {
                policy.restore(&mut StateReader::new(memory.bytes())).unwrap();
            }
            game.play(5);
        }
    }
}
