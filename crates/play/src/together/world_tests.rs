use palaestra_protocol::InputMode;

use super::*;

const DROPOUTS: [DropoutSetup; 6] = [
    DropoutSetup::Pause,
    DropoutSetup::End,
    DropoutSetup::Idle,
    DropoutSetup::Random,
    DropoutSetup::Policy,
    DropoutSetup::Expert { skill: 0.5 },
];

#[test]
fn a_seat_without_a_person_is_never_anybody_elses() {
    let seats = [SeatSetup::Fixed(vec![3]), SeatSetup::Random, SeatSetup::Policy, SeatSetup::Expert { skill: 0.25 }];
    for dropout in DROPOUTS {
        for seat in &seats {
            assert_eq!(stand_in(seat, Some(&vec![9]), dropout), *seat, "{dropout:?}");
        }
    }
}

#[test]
fn a_persons_seat_is_taken_by_whom_the_match_names_and_else_does_nothing() {
    let (bindings, idle) = (Vec::new(), vec![vec![9]]);
    let person = SeatSetup::Person { mode: InputMode::PressedKeys, bindings, idle: idle.clone() };
    for seat in [person, SeatSetup::Remote { idle }] {
        for dropout in DROPOUTS {
            let still = |idle: Option<Vec<u8>>| idle.map_or(SeatSetup::Random, SeatSetup::Fixed);
            for idle in [Some(vec![9]), None] {
                let taken = match dropout {
                    DropoutSetup::Expert { skill } => SeatSetup::Expert { skill },
                    DropoutSetup::Policy => SeatSetup::Policy,
                    DropoutSetup::Random => SeatSetup::Random,
                    DropoutSetup::Pause | DropoutSetup::End | DropoutSetup::Idle => still(idle.clone()),
                };
                assert_eq!(stand_in(&seat, idle.as_ref(), dropout), taken, "{dropout:?} {idle:?}");
            }
        }
    }
}
