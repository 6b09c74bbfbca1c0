//! Up to when a game is granted, to the moment.
use palaestra_env::Kwargs;
use palaestra_play::Simulation;
use palaestra_play::returned::Returned;
use palaestra_protocol::{Flags, Grant, SeatSetup, Setup};

/// A game of ten milliseconds a tick, which begins at 0 and is granted until so many.
fn granted(until: f64) -> Simulation {
    let env = palaestra_envs::CATALOG.make("CartPole-v1", &Kwargs::new()).unwrap();
    let seats = vec![SeatSetup::Random];
    let setup = Setup { fps: 100.0, seed: 5, max_steps: None, snapshots: 0, flags: Flags::default(), seats };
    let mut simulation = Simulation::new(env, &setup).map_err(|refused| refused.1).unwrap();
    simulation.reset(0.0, Some(11), &Kwargs::new()).unwrap();
    simulation.grant(0.0, Grant { until: Some(until), sent: 0.0 });
    simulation
}

/// When the tick that is played at a time was due.
fn due(simulation: &mut Simulation, now: f64) -> Option<f64> {
    simulation.advance(now).map(|played| played.unwrap().times.due)
}

#[test]
fn a_tick_that_is_late_is_made_up_for_up_to_the_last_moment_of_a_grant_and_not_after_it() {
    let mut simulation = granted(30.0);
    assert_eq!([0.0, 30.0, 30.0].map(|now| due(&mut simulation, now)), [Some(0.0), Some(10.0), Some(20.0)]);
    let mut late = granted(30.0);
    assert_eq!([0.0, 31.0].map(|now| due(&mut late, now)), [Some(0.0), None]);
    late.grant(31.0, Grant { until: Some(200.0), sent: 31.0 });
    assert_eq!(due(&mut late, 31.0), Some(31.0), "what was not played in its time is not made up for");
}

#[test]
fn what_was_saved_last_is_there_until_the_next_is() {
    let mut env = palaestra_envs::CATALOG.make("CartPole-v1", &Kwargs::new()).unwrap();
    env.reset(Some(11), &Kwargs::new()).unwrap();
    let mut returned = Returned::new();
    let state = returned.save(&env).to_vec();
    assert!(!state.is_empty());
    assert_eq!(returned.saved(), state);
}
