//! Single messages of a page.
use std::cell::Cell;
use std::rc::Rc;

use palaestra_protocol::together::{DropoutSetup, Join, MatchMode, Start};
use palaestra_protocol::{Act, Flags, Operation, SeatSetup, Setup};
use palaestra_rollback::{Dropout, Options, SeatKind};

use crate::player::Player;
use crate::table::{Game, Plan, Table, plan};

#[test]
fn a_match_that_does_not_fit_is_refused() {
    let table = Table::new(plan(Game::Crowd(2), 1));
    let person = SeatSetup::Person {
        mode: palaestra_protocol::InputMode::PressedKeys,
        bindings: vec![],
        idle: vec![0_i64.to_le_bytes().to_vec()],
    };
    let remote = SeatSetup::Remote { idle: vec![] };
    let setup = Setup {
        fps: 30.0,
        seed: 1,
        max_steps: None,
        snapshots: 0,
        flags: Flags::default(),
        seats: vec![person.clone(), remote.clone()],
    };
    let now = Rc::new(Cell::new(0.0));
    let refused = |setup: &Setup, join: &Join<'_>| {
        Player::try_new((Game::Crowd(2).env(), Vec::new()), setup, join, 0, &now).err().map(|failure| failure.message)
    };
    let join = table.join(0, false);
    assert_eq!(refused(&setup, &join), None);
    let seats = |seats: Vec<SeatSetup>| Setup { seats, ..setup.clone() };
    let wrong = [
        (seats(vec![remote.clone(), person.clone()]), join, "expected one person at this browser, in seat 0"),
        (seats(vec![person.clone(), person.clone()]), join, "expected one person at this browser"),
        (seats(vec![person.clone()]), join, "expected 2, one per agent, found 1"),
        (Setup { fps: 1000.0, ..setup.clone() }, join, "fps"),
        (setup.clone(), Join { options: &[1, 2, 3], ..join }, "reset options"),
    ];
    for (setup, join, about) in wrong {
        let message = refused(&setup, &join).unwrap();
        assert!(message.contains(about), "{message}");
    }
}

#[test]
fn a_match_is_played_by_what_its_page_says() {
    let agreed = Plan { fps: 20.0, steps: Some(70), episodes: Some(4), ..plan(Game::Crowd(3), 4) };
    for (mode, window) in [(MatchMode::Rollback, 10), (MatchMode::Lockstep, 0)] {
        let mut table = Table::new(Plan { mode, dropout: DropoutSetup::Random, ..agreed.clone() });
        table.lives[1] = 2;
        table.players[1] = Some(table.player(1, false));
        table.begin();
        let expected = Options {
            incarnation: 2,
            epoch: 1,
            fps: 20.0,
            delay: 2,
            window,
            episodes: Some(4),
            most_frames: Some(70),
            episode_pause: 100.0,
            dropout: Dropout::Policy,
            grace: 8_000.0,
            patience: 38_000.0,
            ..Options::new(77, 4, vec![SeatKind::Person { longest: 8 }; 3], 1)
        };
        assert_eq!(table.players[1].as_ref().unwrap().port.peer().unwrap().options(), &expected);
    }
}

#[test]
fn every_request_is_answered_and_what_is_out_of_turn_changes_nothing() {
    let mut table = Table::new(plan(Game::Crowd(2), 2));
    table.begin();
    table.run(1_000.0);
    let player = table.players[0].as_mut().unwrap();
    for operation in Operation::ALL {
        let done = player.ask(operation, &[7, 7, 7]);
        let taken = matches!(operation, Operation::Grant | Operation::Hash | Operation::Close | Operation::Leave);
        if operation != Operation::Leave {
            assert_eq!(done.is_ok(), taken, "{operation:?}: {done:?}");
        }
    }
    let mut payload = Vec::new();
    Start { in_ms: 1.0, input_delay: 0 }.write(&mut payload);
    assert!(player.ask(Operation::Start, &payload).unwrap_err().contains("begun already"));
}

#[test]
fn a_browser_acts_for_its_own_seat_and_with_actions_of_its_agent() {
    let mut table = Table::new(plan(Game::Crowd(2), 2));
    table.begin();
    table.run(1_000.0);
    for own in 0..2_u16 {
        let player = table.players[usize::from(own)].as_mut().unwrap();
        let mut ask = |agent, action: &[u8]| {
            let mut payload = Vec::new();
            Act { agent, at: 1.0, sent: 1.0, action }.write(&mut payload);
            player.ask(Operation::Act, &payload)
        };
        assert!(ask(1 - own, &[0; 8]).unwrap_err().contains(&format!("own agent {own}")));
        assert!(ask(9, &[0; 8]).is_err());
        assert!(ask(own, &[0; 3]).unwrap_err().contains("expected an action of agent"));
        assert!(ask(own, &[0xff; 8]).is_err());
        assert!(ask(own, &[0; 8]).is_ok());
    }
}

#[test]
fn a_start_that_is_no_time_is_refused() {
    let mut table = Table::new(plan(Game::Crowd(2), 3));
    let player = table.players[0].as_mut().unwrap();
    for in_ms in [f64::NAN, -1.0, 1e9, f64::INFINITY] {
        let mut payload = Vec::new();
        Start { in_ms, input_delay: 0 }.write(&mut payload);
        assert!(player.ask(Operation::Start, &payload).is_err());
    }
}
