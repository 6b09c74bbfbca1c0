//! A game behind messages answers every request once, whatever it is, and a refused one changes nothing.
use palaestra_env::{Kwargs, SeededRng};
use palaestra_play::Port;
use palaestra_protocol::{
    Body, ErrorCode, Flags, Grant, InputMode, Key, Motion, Operation, Reply, Request, Reset, SeatSetup, Setup,
};

use crate::plan::person;
use crate::toy;

fn setup() -> Setup {
    let seats = vec![person(InputMode::SingleKeystroke, false, false), SeatSetup::Random];
    Setup { fps: 100.0, seed: 1, max_steps: None, snapshots: 9, flags: Flags::default(), seats }
}

fn written(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(&mut bytes);
    bytes
}

fn open(setup: &Setup) -> Result<Port, ErrorCode> {
    let env = toy::make(toy::ID, &Kwargs::new()).unwrap();
    Port::open(env, &written(|out| setup.write(out)), Vec::new()).map_err(|refused| refused.1.code)
}

/// Asks for something; gives the error's code.
fn ask(port: &mut Port, now: f64, operation: Operation, id: u32, payload: &[u8]) -> Result<(), ErrorCode> {
    let request = Request { operation, flags: Flags::default(), id, payload };
    let reply = Reply::read(port.answer(request, now, || now), Flags::default()).unwrap();
    assert_eq!(reply.id, id);
    match reply.body {
        Body::Error { code, message } => {
            assert!(!message.is_empty());
            Err(code)
        }
        _ => Ok(()),
    }
}

#[test]
fn every_request_is_answered_and_one_that_cannot_be_read_changes_nothing() {
    let mut port = open(&setup()).unwrap();
    let reset = written(|out| Reset { seed: Some(3), options: &[] }.write(out));
    ask(&mut port, 0.0, Operation::Reset, 1, &reset).unwrap();
    let mut rng = SeededRng::new(1);
    let (mut refused, mut done) = (0, 0);
    for id in 0..20_000 {
        let now = f64::from(id);
        let operation = Operation::ALL[rng.choice(Operation::ALL.len())];
        let payload: Vec<u8> = (0..rng.choice(40)).map(|_| rng.choice(256) as u8).collect();
        let before = (port.simulation().env().hash(), port.simulation().frame(), port.due());
        match ask(&mut port, now, operation, id, &payload) {
            Ok(()) => done += 1,
            Err(code) => {
                refused += 1;
                assert!(matches!(code, ErrorCode::BadMessage | ErrorCode::BadArgument | ErrorCode::OutOfOrder));
                let after = (port.simulation().env().hash(), port.simulation().frame(), port.due());
                assert_eq!(after, before, "{operation:?} {payload:?}");
            }
        }
    }
    assert!(refused > 1000 && done > 1000, "{refused} refused, {done} done");
    // It plays as if nothing had been.
    ask(&mut port, 30_000.0, Operation::Reset, 1, &reset).unwrap();
    let grant = written(|out| Grant { until: Some(30_100.0), sent: 1.0 }.write(out));
    ask(&mut port, 30_000.0, Operation::Grant, 2, &grant).unwrap();
    assert!(port.advance(|| 30_000.0).is_some());
}

#[test]
fn a_setup_that_does_not_fit_is_refused() {
    let fits = setup();
    let both_ends = [
        Setup { fps: 0.1, ..fits.clone() },
        Setup { fps: 240.0, ..fits.clone() },
        Setup { snapshots: 600, ..fits.clone() },
    ];
    assert!([fits.clone()].iter().chain(&both_ends).all(|setup| open(setup).is_ok()));
    for wrong in [
        Setup { fps: 0.0, ..fits.clone() },
        Setup { snapshots: 601, ..fits.clone() },
        Setup { fps: f64::NAN, ..fits.clone() },
        Setup { fps: 1000.0, ..fits.clone() },
        Setup { snapshots: u32::MAX, ..fits.clone() },
        Setup { seats: vec![SeatSetup::Random], ..fits.clone() },
        Setup { seats: vec![SeatSetup::Random, SeatSetup::Fixed(vec![1])], ..fits.clone() },
    ] {
        assert_eq!(open(&wrong).err(), Some(ErrorCode::BadArgument), "{wrong:?}");
    }
    let env = toy::make(toy::ID, &Kwargs::new()).unwrap();
    let (env, failure) = *Port::open(env, &[1, 2, 3], Vec::new()).err().unwrap();
    assert_eq!((failure.code, env.spec().agents.len()), (ErrorCode::BadMessage, 2));
}

#[test]
fn a_key_moves_the_ticks_of_a_game_that_waited_for_it_and_of_no_other() {
    for (waits, due) in [(false, 1_000.0), (true, 1_030.0)] {
        let seats = vec![person(InputMode::PressedKeys, waits, false), SeatSetup::Random];
        let mut port = open(&Setup { seats, ..setup() }).unwrap();
        let reset = written(|out| Reset { seed: Some(3), options: &[] }.write(out));
        ask(&mut port, 1_000.0, Operation::Reset, 1, &reset).unwrap();
        let grant = written(|out| Grant { until: Some(1_200.0), sent: 1_000.0 }.write(out));
        ask(&mut port, 1_000.0, Operation::Grant, 2, &grant).unwrap();
        assert_eq!(port.due(), (!waits).then_some(1_000.0));
        // The Worker is three ticks late when the key comes.
        let key = written(|out| Key { motion: Motion::Down, code: 0, at: 1_020.0, sent: 1_021.0 }.write(out));
        ask(&mut port, 1_030.0, Operation::Key, 3, &key).unwrap();
        assert_eq!(port.due(), Some(due), "waits for a key: {waits}");
    }
}
