use std::rc::Rc;

use palaestra_env::policy::{FixedPolicy, Policy};
use palaestra_env::{
    ArgumentError, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene, Space, Spec, StateReader,
    StateWriter, StepError, Value, ValueWriter,
};
use palaestra_protocol::together::Event;
use palaestra_protocol::{Flags, Grant, Reply, RequestWriter, Reset, RolloutSetup, SeatSetup, Setup};

use super::*;
use crate::player::MatchGame;

/// Sums its actions.
struct Sum {
    spec: Spec,
    sum: i64,
    saves: bool,
}

impl Environment for Sum {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, _: Option<u64>, _: &Kwargs) -> Result<(), ArgumentError> {
        self.sum = 0;
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, _: &mut Outcome) -> Result<(), StepError> {
        self.sum += action.discrete(0);
        Ok(())
    }

    fn observe(&self, _: usize, out: &mut ValueWriter) {
        out.discrete(self.sum);
    }

    fn draw(&self, _: &mut Scene) {}

    fn can_save(&self) -> bool {
        self.saves
    }

    fn save(&self, out: &mut StateWriter) {
        out.i64(self.sum);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        self.sum = state.i64()?;
        Ok(())
    }
}

fn env(saves: bool) -> Env {
    let spec = Spec::single("Sum-v0", Space::discrete(4), Space::discrete(1_000));
    Env::new(Box::new(Sum { spec, sum: 0, saves }))
}

fn role() -> Role {
    Role::new(Responder::new(env(true)))
}

fn fixed(action: i64) -> GivenPolicies {
    let policy: Box<dyn Policy> = Box::new(FixedPolicy::new(Value::Discrete(action)));
    vec![(0, policy)]
}

/// Asks, and gives the hash that is answered, 0 for any other answer, or the error's code and message.
fn ask_at(role: &mut Role, now: f64, operation: Operation, payload: &[u8]) -> Result<u64, (ErrorCode, String)> {
    let request = RequestWriter::new().write(operation, Flags::default(), 5, payload).to_vec();
    let (answer, close) = role.answer(&request, now, &|| now, &mut |_| ());
    let reply = Reply::read(answer.reply, Flags::default()).unwrap();
    assert_eq!((reply.id, close), (5, operation == Operation::Close));
    match reply.body {
        Body::Error { code, message } => Err((code, message.to_owned())),
        Body::Hash(hash) => Ok(hash),
        _ => Ok(0),
    }
}

fn ask(role: &mut Role, operation: Operation, payload: &[u8]) -> Result<u64, (ErrorCode, String)> {
    ask_at(role, 2.0, operation, payload)
}

fn code<T>(answer: Result<T, (ErrorCode, String)>) -> Option<ErrorCode> {
    answer.err().map(|(code, _)| code)
}

fn written(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(&mut bytes);
    bytes
}

fn setup(seat: SeatSetup) -> Vec<u8> {
    let flags = Flags { hash: true, ..Flags::default() };
    written(|out| Setup { fps: 10.0, seed: 1, max_steps: None, snapshots: 0, flags, seats: vec![seat] }.write(out))
}

/// A step that a message tells of: the actions.
fn stepped(message: Option<&[u8]>) -> Option<Vec<u8>> {
    match Event::read(message?).unwrap() {
        Event::Stepped(step) => Some(step.actions.to_vec()),
        other => panic!("expected a step, found {other:?}"),
    }
}

#[test]
fn a_game_plays_its_ticks_when_they_are_due_and_a_program_has_none() {
    let mut role = role();
    assert_eq!((role.due(), role.advance(&|| 1e9)), (None, None), "a program steps by itself");
    ask(&mut role, Operation::Play, &setup(SeatSetup::Fixed(3_i64.to_le_bytes().to_vec()))).unwrap();
    assert_eq!(role.due(), None, "it has not begun");
    ask_at(&mut role, 1_000.0, Operation::Reset, &written(|out| Reset::default().write(out))).unwrap();
    let grant = written(|out| Grant { until: Some(1_250.0), sent: 0.0 }.write(out));
    ask_at(&mut role, 1_000.0, Operation::Grant, &grant).unwrap();
    let mut ticks = Vec::new();
    while let Some(due) = role.due() {
        assert!(ticks.len() < 9, "more is played than was granted: {ticks:?}");
        assert_eq!(stepped(role.advance(&|| due - 1.0)), None, "it is not due yet");
        assert_eq!(stepped(role.advance(&|| due)), Some(3_i64.to_le_bytes().to_vec()));
        ticks.push(due);
    }
    assert!(ticks.len() >= 2 && ticks.iter().all(|due| (1_000.0..=1_250.0).contains(due)), "{ticks:?}");
    assert!(ticks.windows(2).all(|pair| pair[1] - pair[0] == 100.0), "{ticks:?}");
}

#[test]
fn a_game_has_the_policies_that_were_given_for_its_seats() {
    let seated = setup(SeatSetup::Policy);
    assert_eq!(code(ask(&mut role(), Operation::Play, &seated)), Some(ErrorCode::BadArgument), "there is none");
    let mut role = role().with_policies(fixed(2));
    ask(&mut role, Operation::Play, &seated).unwrap();
    ask_at(&mut role, 0.0, Operation::Reset, &written(|out| Reset::default().write(out))).unwrap();
    let grant = written(|out| Grant { until: Some(500.0), sent: 0.0 }.write(out));
    ask_at(&mut role, 0.0, Operation::Grant, &grant).unwrap();
    let due = role.due().unwrap();
    assert_eq!(stepped(role.advance(&|| due)), Some(2_i64.to_le_bytes().to_vec()));
}

/// A game of a match that answers with how many connections it was given, and is free once it was left.
struct Match {
    parts: Option<(Env, GivenPolicies)>,
    connections: u64,
    left: bool,
    reply: ReplyWriter,
}

impl MatchGame for Match {
    fn answer(&mut self, request: Request<'_>, _: f64, _: &dyn Fn() -> f64) -> &[u8] {
        self.left |= request.operation == Operation::Leave;
        self.reply.write(request.operation, request.id, Stamps::default(), Body::Hash(self.connections))
    }

    fn connect(&mut self, _: &JsValue, _: f64) {
        self.connections += 1;
    }

    fn due(&self) -> Option<f64> {
        Some(42.0)
    }

    fn advance(&mut self, now: &dyn Fn() -> f64) -> Option<&[u8]> {
        (now() >= 42.0).then_some(b"played")
    }

    fn is_free(&self) -> bool {
        self.left
    }

    fn into_parts(mut self: Box<Self>) -> (Env, GivenPolicies) {
        self.parts.take().unwrap()
    }
}

/// Gives a game's environment to a match, and nothing else's.
fn join(player: Player, request: &Request<'_>, _: f64, wake: Wake) -> (Player, Result<(), Failure>) {
    wake();
    match player {
        Player::Game(port) => {
            assert_eq!(request.payload, [7]);
            let (env, _, given) = port.into_parts();
            let game = Match { parts: Some((env, given)), connections: 0, left: false, reply: ReplyWriter::new() };
            (Player::Match(Box::new(game)), Ok(()))
        }
        other => (other, Err(Failure::new(ErrorCode::OutOfOrder, "a join"))),
    }
}

fn watch(player: Player, _: &Request<'_>, _: f64, _: Wake) -> (Player, Result<(), Failure>) {
    (player, Err(Failure::new(ErrorCode::Unsupported, "a watch")))
}

static TOGETHER: Together = Together { join, watch };

#[test]
fn a_family_without_games_for_several_people_refuses_matches() {
    for operation in [Operation::Join, Operation::Watch] {
        let (code, message) = ask(&mut role(), operation, &[]).unwrap_err();
        assert_eq!(code, ErrorCode::OutOfOrder);
        let expected = format!("{}: this family has no games for several people", operation.name());
        assert_eq!(message, expected);
    }
}

#[test]
fn a_match_has_the_environment_until_it_is_over_and_then_another_game_may_follow() {
    let woken = Rc::new(std::cell::Cell::new(0));
    let mut role = role().with_policies(fixed(2));
    let wake = Rc::clone(&woken);
    role.plays_together(&TOGETHER, Rc::new(move || wake.set(wake.get() + 1)));
    role.connect(&JsValue::UNDEFINED, 1.0);
    assert_eq!(ask(&mut role, Operation::Watch, &[]).unwrap_err(), (ErrorCode::Unsupported, "a watch".to_owned()));
    assert_eq!(ask(&mut role, Operation::Join, &[7]).unwrap_err(), (ErrorCode::OutOfOrder, "a join".to_owned()));
    let seated = setup(SeatSetup::Policy);
    ask(&mut role, Operation::Play, &seated).unwrap();
    ask(&mut role, Operation::Join, &[7]).unwrap();
    assert_eq!(woken.get(), 2, "it is given what wakes the loop");
    (0..2).for_each(|_| role.connect(&JsValue::UNDEFINED, 1.0));
    assert_eq!(ask(&mut role, Operation::Hash, &[]), Ok(2), "the match answers, and has what was connected since");
    assert_eq!(role.due(), Some(42.0));
    assert_eq!(role.advance(&|| 41.0), None);
    assert_eq!(role.advance(&|| 42.0), Some(&b"played"[..]));
    assert_eq!(code(ask(&mut role, Operation::Play, &seated)), Some(ErrorCode::OutOfOrder), "it is not over");
    ask(&mut role, Operation::Leave, &[]).unwrap();
    assert_eq!(ask(&mut role, Operation::Play, &seated), Ok(0), "with the policies that the match gave back");
    assert_eq!(code(ask(&mut role, Operation::Play, &seated)), Some(ErrorCode::OutOfOrder), "it is a game again");
}

#[test]
fn a_worker_of_a_rollout_answers_nothing_else_and_ends_when_it_is_to() {
    let mut role = role();
    role.rolls_out();
    let seats = vec![SeatSetup::Random];
    let rollout = RolloutSetup { seed: 1, episodes: Some(1), steps: None, longest: 3, seats, options: vec![] };
    ask(&mut role, Operation::Rollout, &written(|out| rollout.write(out))).unwrap();
    let (code, message) = ask(&mut role, Operation::Hash, &[]).unwrap_err();
    assert!(code == ErrorCode::OutOfOrder && message.contains("waits to be asked"), "{message}");
    assert_eq!((role.due(), role.advance(&|| 1e9)), (None, None));
    assert_eq!(ask(&mut role, Operation::Close, &[]), Ok(0));
}

#[test]
fn an_environment_that_cannot_save_says_so_and_answers_the_rest() {
    for (saves, expected) in [(true, None), (false, Some(ErrorCode::Unsupported))] {
        let mut role = Role::new(Responder::new(env(saves)));
        ask(&mut role, Operation::Reset, &written(|out| Reset::default().write(out))).unwrap();
        let mut state = StateWriter::new();
        let mut played = env(true);
        played.reset(None, &Kwargs::new()).unwrap();
        played.save(&mut state);
        assert_eq!(code(ask(&mut role, Operation::Save, &[])), expected, "{saves}");
        assert_eq!(code(ask(&mut role, Operation::Restore, state.bytes())), expected, "{saves}");
        assert_eq!(ask(&mut role, Operation::Hash, &[]), Ok(played.hash()), "{saves}");
    }
}
