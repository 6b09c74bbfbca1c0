//! Seats that no simulation has: refused with their name, and the environment is given back.
use palaestra_env::Kwargs;
use palaestra_play::Simulation;
use palaestra_protocol::{ErrorCode, Flags, SeatSetup, Setup};

use crate::toy;

/// What is said of an environment whose first seat is this one.
fn said(id: &str, seat: SeatSetup) -> Option<String> {
    let env = toy::make(id, &Kwargs::new()).unwrap();
    let mut seats = vec![SeatSetup::Random; env.spec().agents.len()];
    seats[0] = seat;
    let setup = Setup { fps: 30.0, seed: 5, max_steps: None, snapshots: 0, flags: Flags::default(), seats };
    let (env, failure) = *Simulation::new(env, &setup).err()?;
    assert_eq!((env.spec().id.as_str(), failure.code), (id, ErrorCode::BadArgument));
    Some(failure.message)
}

#[test]
fn a_seat_that_cannot_be_is_refused_with_the_reason() {
    let expert = |skill: f64| SeatSetup::Expert { skill };
    for (id, seat, reason) in [
        (toy::ID, expert(1.0), "expected an environment with an expert, found Toy-v0"),
        ("CartPole-v1", expert(1.5), ".skill: expected a probability from 0 to 1, found another number"),
        ("CartPole-v1", expert(f64::NAN), ".skill: expected a probability from 0 to 1, found another number"),
        (
            "CartPole-v1",
            SeatSetup::Fixed(vec![9]),
            "expected actions of Discrete(2): an integer from 0 to 1, found others",
        ),
        ("CartPole-v1", SeatSetup::Policy, "expected a policy that was loaded for it, found none"),
    ] {
        let said = said(id, seat.clone()).unwrap_or_default();
        assert!(said.starts_with("seats.") && said.ends_with(reason), "{seat:?}: {said}");
    }
    assert_eq!(said("CartPole-v1", expert(1.0)), None);
}
