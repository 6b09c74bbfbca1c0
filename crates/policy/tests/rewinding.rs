//! A game with a policy in a seat is rewound across its decisions, to the same states and the same actions.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod table;

use palaestra_env::{Kwargs, Policy, StateWriter};
use palaestra_play::Simulation;
use palaestra_play::simulation::GivenPolicies;
use palaestra_protocol::{ErrorCode, Flags, Grant, SeatSetup, Setup};
use table::{SEATS, Seat};

/// A game of a seat's environment: the model in its seat, all others at random.
struct Game {
    simulation: Simulation,
    now: f64,
    /// After each frame: the actions and the state.
    played: Vec<(String, u64)>,
}

fn setup(seat: &Seat, agents: usize) -> Setup {
    let seats = (0..agents).map(|agent| if agent == seat.agent { SeatSetup::Policy } else { SeatSetup::Random });
    Setup { fps: 100.0, seed: 5, max_steps: None, snapshots: 30, flags: Flags::default(), seats: seats.collect() }
}

impl Game {
    fn new(seat: &Seat) -> Self {
        let env = seat.env();
        let policy: Box<dyn Policy> = Box::new(seat.policy(&env, seat.samples));
        let setup = setup(seat, env.spec().agents.len());
        let given: GivenPolicies = vec![(seat.agent, policy)];
        let simulation = Simulation::with_policies(env, &setup, given).map_err(|refused| refused.1).unwrap();
        let mut game = Self { simulation, now: 0.0, played: Vec::new() };
        game.reset(Some(11));
        game
    }

    fn reset(&mut self, seed: Option<u64>) {
        self.simulation.reset(self.now, seed, &Kwargs::new()).unwrap();
    }

    /// Plays a frame; gives whether the episode goes on.
    fn frame(&mut self) -> bool {
        self.simulation.grant(self.now, Grant { until: Some(self.now + 200.0), sent: self.now });
        let played = self.simulation.advance(self.now);
        self.now += 10.0;
        if let Some(played) = played {
            played.unwrap();
            let actions: Vec<_> = self.simulation.actions().iter().map(ToString::to_string).collect();
            self.played.push((actions.join(" "), self.simulation.env().hash()));
        }
        !self.simulation.env().outcome().over()
    }
}

#[test]
fn every_seat_goes_back_and_forth_to_the_same_game() {
    for seat in SEATS {
        let (mut game, mut other) = (Game::new(seat), Game::new(seat));
        let mut frames = 0_u32;
        for frame in 1..=120 {
            let goes_on = game.frame();
            assert_eq!(other.frame(), goes_on, "{}", seat.model);
            frames += 1;
            for back in [1, 2, 7, 30].into_iter().filter(|back| frame % 3 == 1 && *back <= frames.min(30)) {
                game.simulation.rewind(back).unwrap();
                let (_, state) = game.played.last().unwrap();
                assert_eq!(game.simulation.env().hash(), *state, "{}: {back} back from {frame}", seat.model);
            }
            if !goes_on {
                [&mut game, &mut other].into_iter().for_each(|game| game.reset(None));
                frames = 0;
            }
        }
        assert_eq!(game.played, other.played, "{}: as if it had never gone back", seat.model);
    }
}

#[test]
fn a_rewind_that_forgot_the_recurrent_state_would_be_noticed() {
    // What the test above is worth: with its memory wiped, the policy of the same moment decides otherwise.
    let seat = SEATS.iter().find(|seat| seat.model == "sb3_recurrent_ppo").unwrap();
    let env = seat.env();
    let mut policy = seat.policy(&env, false);
    let saved = |policy: &palaestra_policy::ModelPolicy| {
        let mut out = StateWriter::new();
        policy.save(&mut out);
        out.into_bytes()
    };
    let mut rng = palaestra_env::SeededRng::new(1);
    let mut action = palaestra_env::Value::Discrete(0);
    let observation: Vec<u8> = [0.1_f32, -0.2, 0.3, 0.4].iter().flat_map(|x| x.to_le_bytes()).collect();
    policy.decide(&observation, &mut rng, &mut action);
    let once = saved(&policy);
    policy.decide(&observation, &mut rng, &mut action);
    assert_ne!(saved(&policy), once, "the same observation once more leads to another memory");
    policy.forget();
    policy.decide(&observation, &mut rng, &mut action);
    assert_eq!(saved(&policy), once);
}

#[test]
fn a_seat_for_a_policy_that_was_not_given_is_refused() {
    let seat = &SEATS[0];
    let env = seat.env();
    let setup = setup(seat, 1);
    let failure = Simulation::new(env, &setup).map_err(|refused| refused.1).err().unwrap();
    assert_eq!(failure.code, ErrorCode::BadArgument);
    assert_eq!(failure.message, "seats.agent_0: expected a policy that was loaded for it, found none");
}
