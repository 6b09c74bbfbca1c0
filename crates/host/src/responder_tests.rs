use palaestra_env::{
    ArgumentError, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene, Space, StateReader, StateWriter,
    StepError, ValueWriter,
};
use palaestra_protocol::{Reply, RequestWriter, Reset, SeatSetup, Setup};

use super::*;
use crate::role::Role;

/// Counts its actions, from 5 on after a reset with a seed; over at ten.
struct Counter {
    spec: Spec,
    count: i64,
    /// What it shows besides its count.
    ballast: Vec<u8>,
    /// Whether that is another at every step.
    restless: bool,
    /// How many bytes its state has besides its count.
    weight: usize,
}

impl Environment for Counter {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, _: &Kwargs) -> Result<(), ArgumentError> {
        self.count = if seed.is_some() { 5 } else { 0 };
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        if self.restless && action.discrete(0) == 3 {
            return Err(StepError::Illegal { agent: 0, expected: "at most two".into(), found: "three".into() });
        }
        self.count += action.discrete(0);
        outcome.share(action.discrete(0) as f64, self.count >= 10, false);
        Ok(())
    }

    fn observe(&self, _: usize, out: &mut ValueWriter) {
        out.discrete(self.count);
        let moved = if self.restless { self.count as u8 } else { 0 };
        let shown: Vec<u8> = self.ballast.iter().map(|byte| byte.wrapping_add(moved)).collect();
        out.u8s(&shown);
    }

    fn draw(&self, scene: &mut Scene) {
        scene.background(palaestra_env::Colour::WHITE);
    }

    fn save(&self, out: &mut StateWriter) {
        out.i64(self.count);
        (0..self.weight).for_each(|_| out.u8(0));
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        self.count = state.i64()?;
        (0..self.weight).try_for_each(|_| state.u8().map(|_| ()))
    }
}

fn responder() -> Responder {
    responder_with(Vec::new(), false)
}

fn responder_with(ballast: Vec<u8>, restless: bool) -> Responder {
    let observation = Space::tuple([Space::discrete(20), Space::MultiBinary { n: ballast.len() }]);
    let spec = Spec::single("Counter-v0", Space::discrete(4), observation);
    Responder::new(Env::new(Box::new(Counter { spec, count: 0, ballast, restless, weight: 0 })))
}

fn actions(actions: &[i64]) -> Vec<u8> {
    actions.iter().flat_map(|action| action.to_le_bytes()).collect()
}

fn ask<T>(
    responder: &mut Responder,
    operation: Operation,
    flags: Flags,
    payload: &[u8],
    read: impl Fn(Reply<'_>) -> T,
) -> T {
    let mut writer = RequestWriter::new();
    let request = Request::read(writer.write(operation, flags, 5, payload)).unwrap();
    let answer = responder.answer(request, 1.0, &|| 2.0, &mut |_| ());
    read(Reply::read(answer.reply, flags).unwrap())
}

fn begin(responder: &mut Responder) {
    let mut payload = Vec::new();
    Reset::default().write(&mut payload);
    ask(responder, Operation::Reset, Flags::default(), &payload, |reply| {
        assert!(matches!(reply.body, Body::Returns { .. }), "{reply:?}");
    });
}

fn error_of(reply: Reply<'_>) -> (ErrorCode, String) {
    match reply.body {
        Body::Error { code, message } => (code, message.to_owned()),
        other => panic!("expected an error, found {other:?}"),
    }
}

#[test]
fn a_step_before_the_reset_is_refused_and_the_environment_stays_usable() {
    let mut responder = responder();
    let (code, _) = ask(&mut responder, Operation::Step, Flags::default(), &actions(&[1]), error_of);
    assert_eq!(code, ErrorCode::OutOfOrder);
    begin(&mut responder);
    ask(&mut responder, Operation::Step, Flags::default(), &actions(&[1]), |reply| {
        assert_eq!(reply.id, 5);
        assert_eq!(reply.stamps, Stamps { received: 1.0, began: 2.0, ended: 2.0 });
        assert!(matches!(reply.body, Body::Returns { .. }));
    });
}

#[test]
fn a_bad_action_names_its_space_and_a_short_message_is_malformed() {
    let mut responder = responder();
    begin(&mut responder);
    let (code, message) = ask(&mut responder, Operation::Step, Flags::default(), &actions(&[4]), error_of);
    assert_eq!(code, ErrorCode::BadAction);
    assert!(message.contains("Discrete(4)") && message.contains('4'), "{message}");
    for payload in [&[][..], &[0; 7], &[0; 9]] {
        let (code, _) = ask(&mut responder, Operation::Step, Flags::default(), payload, error_of);
        assert_eq!(code, ErrorCode::BadMessage);
    }
}

#[test]
fn many_steps_stop_at_the_end_of_an_episode_unless_told_to_go_on() {
    let mut responder = responder();
    let counts = |responder: &mut Responder, autoreset| {
        begin(responder);
        let flags = Flags { autoreset, ..Flags::default() };
        ask(responder, Operation::StepMany, flags, &actions(&[3; 9]), |reply| match reply.body {
            Body::Many { count, .. } => count,
            other => panic!("expected many returns, found {other:?}"),
        })
    };
    assert_eq!(counts(&mut responder, false), 4);
    assert_eq!(counts(&mut responder, true), 9);
}

#[test]
fn only_the_reset_that_was_asked_for_is_seeded_and_those_between_episodes_go_on() {
    let mut responder = responder();
    let mut payload = Vec::new();
    Reset { seed: Some(1), options: &[] }.write(&mut payload);
    ask(&mut responder, Operation::Reset, Flags::default(), &payload, |_| ());
    let flags = Flags { autoreset: true, ..Flags::default() };
    // Over at 11, then at 12; then there are two steps more.
    ask(&mut responder, Operation::StepMany, flags, &actions(&[3; 8]), |reply| {
        assert!(matches!(reply.body, Body::Many { count: 8, .. }), "{reply:?}");
    });
    let count = ask(&mut responder, Operation::Step, Flags::default(), &actions(&[1]), |reply| match reply.body {
        Body::Returns { returns, .. } => {
            let mut reader = ValueReader::new(returns);
            Outcome::read(1, &mut reader).unwrap();
            reader.read(&Space::discrete(20)).unwrap()
        }
        other => panic!("expected what a step returns, found {other:?}"),
    });
    assert_eq!(count, Value::Discrete(7));
}

#[test]
fn more_steps_than_a_page_should_hold_are_refused_and_change_nothing() {
    let mut responder = responder_with(vec![0; 10_000], true);
    begin(&mut responder);
    let hash = |responder: &mut Responder| {
        ask(responder, Operation::Hash, Flags::default(), &[], |reply| match reply.body {
            Body::Hash(hash) => hash,
            other => panic!("expected a hash, found {other:?}"),
        })
    };
    let before = hash(&mut responder);
    let flags = Flags { autoreset: true, ..Flags::default() };
    let steps = vec![1; 10_000];
    let (code, message) = ask(&mut responder, Operation::StepMany, flags, &actions(&steps), error_of);
    assert_eq!(code, ErrorCode::BadArgument);
    assert!(message.contains("at most 64 MiB together"), "{message}");
    assert_eq!(hash(&mut responder), before);
}

#[test]
fn what_many_steps_return_comes_in_parts_of_whole_steps_with_the_rewards_apart() {
    let mut responder = responder();
    begin(&mut responder);
    let played: Vec<i64> = (0..40_000).map(|step| step % 4).collect();
    let flags = Flags { autoreset: true, ..Flags::default() };
    let mut writer = RequestWriter::new();
    let mut parts = Vec::new();
    let request = writer.write(Operation::StepMany, flags, 5, &actions(&played)).to_vec();
    let answer =
        responder.answer(Request::read(&request).unwrap(), 1.0, &|| 2.0, &mut |part| parts.push(part.to_vec()));
    assert!(answer.parts);
    let Body::Many { count, agents, stride, rewards, blocks, .. } = Reply::read(answer.reply, flags).unwrap().body
    else {
        panic!("expected many returns")
    };
    assert_eq!((count, agents, stride, blocks.len()), (40_000, 1, 17, 0));
    let earned: Vec<f64> = rewards.iter().map(|reward| f64::from_le_bytes(*reward)).collect();
    assert_eq!(earned, played.iter().map(|action| *action as f64).collect::<Vec<_>>());
    assert!(parts.len() > 1 && parts.iter().all(|part| part.len() % 17 == 0));
    // The first episode: 0, 1, 2, 3, 0, 1, 2, 3 add up to 12.
    let counts = parts.concat().chunks(17).map(|step| i64::from(step[9])).take(8).collect::<Vec<_>>();
    assert_eq!(counts, [0, 1, 3, 6, 6, 7, 9, 12]);
    assert_eq!(parts.concat().len(), 40_000 * 17);
}

#[test]
fn what_many_steps_return_that_is_long_comes_in_blocks_of_rows() {
    let mut responder = responder_with(vec![1; 1000], false);
    begin(&mut responder);
    let played: Vec<i64> = (0..130).map(|step| step % 4).collect();
    let flags = Flags { autoreset: true, ..Flags::default() };
    let mut parts = Vec::new();
    let request = RequestWriter::new().write(Operation::StepMany, flags, 5, &actions(&played)).to_vec();
    let answer =
        responder.answer(Request::read(&request).unwrap(), 1.0, &|| 2.0, &mut |part| parts.push(part.to_vec()));
    let Body::Many { count, stride, blocks, .. } = Reply::read(answer.reply, flags).unwrap().body else {
        panic!("expected many returns")
    };
    assert_eq!((count, stride, blocks.len()), (130, 0, 3));
    let bytes = parts.concat();
    assert_eq!(blocks.iter().map(|length| u32::from_le_bytes(*length) as usize).sum::<usize>(), bytes.len());
    assert!(bytes.len() < 130 * 40 + 3 * 1100, "{}", bytes.len());
    let mut rows = palaestra_protocol::RowReader::new(&bytes);
    for (step, action) in played.iter().enumerate() {
        if step % 64 == 0 {
            rows.start();
        }
        let row = rows.read().unwrap_or_else(|error| panic!("{step}: {error}"));
        assert_eq!((row.len(), f64::from_le_bytes(row[..8].try_into().unwrap())), (1017, *action as f64));
        assert!(row[17..].iter().all(|byte| *byte == 1));
    }
    assert!(!rows.more());
}

/// What so many steps return: the parts, and how long each block of rows is.
fn many(responder: &mut Responder, played: &[i64]) -> (Vec<Vec<u8>>, Vec<usize>) {
    begin(responder);
    let flags = Flags { autoreset: true, ..Flags::default() };
    let mut parts = Vec::new();
    let request = RequestWriter::new().write(Operation::StepMany, flags, 5, &actions(played)).to_vec();
    let answer =
        responder.answer(Request::read(&request).unwrap(), 1.0, &|| 2.0, &mut |part| parts.push(part.to_vec()));
    match Reply::read(answer.reply, flags).unwrap().body {
        Body::Many { blocks, .. } => (parts, blocks.iter().map(|block| u32::from_le_bytes(*block) as usize).collect()),
        other => panic!("expected many returns, found {other:?}"),
    }
}

#[test]
fn a_part_is_put_out_as_soon_as_it_is_long_enough() {
    let part = 128 * 1024;
    // Of 32 bytes a step: it is full with the last byte of one.
    let (parts, blocks) = many(&mut responder_with(vec![0; 15], false), &[1; 10_000]);
    let lengths: Vec<usize> = parts.iter().map(Vec::len).collect();
    assert_eq!((lengths, blocks.len()), (vec![part, part, 320_000 - 2 * part], 0));
    // Of rows it has whole blocks, and no more of them than it takes.
    let (parts, blocks) = many(&mut responder_with(vec![1; 1000], true), &[1; 1_000]);
    let mut blocks = blocks.into_iter();
    for (number, length) in parts.iter().map(Vec::len).enumerate() {
        let mut found = 0;
        while found < length.min(part) {
            found += blocks.next().unwrap();
        }
        assert_eq!(found, length, "part {number}");
        assert!(length >= part || number + 1 == parts.len(), "part {number} has {length} bytes");
    }
    assert!(parts.len() > 2 && blocks.next().is_none());
}

#[test]
fn no_block_of_rows_is_empty() {
    for (steps, expected) in [(63, 1), (64, 1), (65, 2), (128, 2)] {
        let (parts, blocks) = many(&mut responder_with(vec![1; 1000], false), &vec![1; steps]);
        assert_eq!(blocks.len(), expected, "{steps} steps");
        assert!(blocks.iter().all(|length| *length > 0) && blocks.iter().sum::<usize>() == parts.concat().len());
    }
}

/// What three calls after each other show at each of their steps.
fn three_calls(played: &[i64]) -> Vec<Vec<u8>> {
    let mut responder = responder();
    begin(&mut responder);
    let flags = Flags { autoreset: true, ..Flags::default() };
    let mut call = || {
        let mut observed = Vec::new();
        let request = RequestWriter::new().write(Operation::StepMany, flags, 5, &actions(played)).to_vec();
        let request = Request::read(&request).unwrap();
        responder.answer(request, 1.0, &|| 2.0, &mut |part| observed.extend(part.chunks(17).map(|step| step[9])));
        observed
    };
    (0..3).map(|_| call()).collect()
}

#[test]
fn an_episode_that_ended_with_the_last_call_is_followed_by_another_one() {
    assert_eq!(three_calls(&[3; 4]), [[3, 6, 9, 12]; 3]);
}

#[test]
fn an_episode_that_is_under_way_goes_on_in_the_next_call() {
    assert_eq!(three_calls(&[1, 2]), [[1, 3], [4, 6], [7, 9]]);
}

#[test]
fn more_actions_than_the_workers_memory_holds_are_refused_before_the_first_is_played() {
    let mut responder = responder();
    begin(&mut responder);
    let flags = Flags { autoreset: true, ..Flags::default() };
    let (code, message) = ask(&mut responder, Operation::StepMany, flags, &actions(&vec![1; 500_001]), error_of);
    assert_eq!(code, ErrorCode::BadArgument);
    assert!(message.contains("at most 500000 steps"), "{message}");
    let observed = ask(&mut responder, Operation::Step, Flags::default(), &actions(&[2]), |reply| match reply.body {
        Body::Returns { returns, .. } => returns[9],
        other => panic!("expected returns, found {other:?}"),
    });
    assert_eq!(observed, 2);
}

#[test]
fn actions_of_different_lengths_are_counted_one_by_one() {
    let space = || Space::OneOf { spaces: vec![Space::discrete(4), Space::MultiBinary { n: 2 }] };
    let mut spec = Spec::single("Counter-v0", space(), Space::tuple([Space::discrete(20), Space::discrete(1)]));
    (spec.agents, spec.action_spaces) = (vec!["one".into(), "other".into()], vec![space(); 2]);
    spec.observation_spaces.push(spec.observation_spaces[0].clone());
    let counter = Counter { spec, count: 0, ballast: Vec::new(), restless: false, weight: 0 };
    let mut responder = Responder::new(Env::new(Box::new(counter)));
    begin(&mut responder);
    let played = |steps| {
        let mut joint = ValueWriter::new();
        joint.value(&Value::OneOf(0, Box::new(Value::Discrete(1))));
        joint.value(&Value::OneOf(1, Box::new(Value::MultiBinary(vec![0, 1]))));
        joint.bytes().repeat(steps)
    };
    ask(&mut responder, Operation::StepMany, Flags::default(), &played(3), |reply| {
        assert!(matches!(reply.body, Body::Many { count: 3, agents: 2, .. }), "{reply:?}");
    });
    let (code, message) = ask(&mut responder, Operation::StepMany, Flags::default(), &played(250_001), error_of);
    assert_eq!(code, ErrorCode::BadArgument);
    assert!(message.contains("at most 250000 steps"), "{message}");
    let cut = &played(2)[..20];
    let (code, _) = ask(&mut responder, Operation::StepMany, Flags::default(), cut, error_of);
    assert_eq!(code, ErrorCode::BadMessage);
}

#[test]
fn bytes_of_actions_that_have_none_are_refused() {
    let spec = Spec::single("Counter-v0", Space::tuple([]), Space::tuple([Space::discrete(20), Space::discrete(1)]));
    let counter = Counter { spec, count: 0, ballast: Vec::new(), restless: false, weight: 0 };
    let mut responder = Responder::new(Env::new(Box::new(counter)));
    begin(&mut responder);
    let (code, _) = ask(&mut responder, Operation::StepMany, Flags::default(), &[1], error_of);
    assert_eq!(code, ErrorCode::BadArgument);
    ask(&mut responder, Operation::StepMany, Flags::default(), &[], |reply| {
        assert!(matches!(reply.body, Body::Many { count: 0, .. }), "{reply:?}");
    });
}

#[test]
fn every_one_of_many_steps_has_the_hash_it_has_alone() {
    let asked = Flags { hash: true, ..Flags::default() };
    let fresh = || {
        let mut responder = responder();
        begin(&mut responder);
        responder
    };
    let together = ask(&mut fresh(), Operation::StepMany, asked, &actions(&[3, 1, 2]), |reply| match reply.body {
        Body::Many { count: 3, hashes, .. } => hashes.iter().map(|hash| u64::from_le_bytes(*hash)).collect::<Vec<_>>(),
        other => panic!("expected three returns, found {other:?}"),
    });
    let mut one = fresh();
    let alone = [3, 1, 2].map(|action| {
        ask(&mut one, Operation::Step, asked, &actions(&[action]), |reply| match reply.body {
            Body::Returns { hash, .. } => hash.unwrap(),
            other => panic!("expected returns, found {other:?}"),
        })
    });
    assert_eq!(together, alone);
}

#[test]
fn one_bad_action_among_many_plays_none_of_them() {
    let mut responder = responder();
    begin(&mut responder);
    let hash = |responder: &mut Responder| {
        ask(responder, Operation::Hash, Flags::default(), &[], |reply| match reply.body {
            Body::Hash(hash) => hash,
            other => panic!("expected a hash, found {other:?}"),
        })
    };
    let before = hash(&mut responder);
    // The second list has it behind an episode's end, where it would not be played.
    for played in [&[1, 1, 9][..], &[3, 3, 3, 3, 1, 9]] {
        let (code, _) = ask(&mut responder, Operation::StepMany, Flags::default(), &actions(played), error_of);
        assert_eq!(code, ErrorCode::BadAction);
        assert_eq!(hash(&mut responder), before);
    }
    // Nor does what is cut off play what comes before it.
    let cut = &actions(&[1, 1])[..12];
    let (code, _) = ask(&mut responder, Operation::StepMany, Flags::default(), cut, error_of);
    assert_eq!(code, ErrorCode::BadMessage);
    assert_eq!(hash(&mut responder), before);
}

#[test]
fn an_action_that_the_environment_refuses_among_many_takes_back_those_before_it() {
    let mut responder = responder_with(Vec::new(), true);
    begin(&mut responder);
    let flags = Flags::default();
    let (code, _) = ask(&mut responder, Operation::StepMany, flags, &actions(&[1, 1, 3]), error_of);
    assert_eq!(code, ErrorCode::BadAction);
    let observed = ask(&mut responder, Operation::Step, flags, &actions(&[2]), |reply| match reply.body {
        Body::Returns { returns, .. } => returns[9],
        other => panic!("expected returns, found {other:?}"),
    });
    assert_eq!(observed, 2);
}

/// Looks the same whatever was played, and has no state: so it takes any for its own, as a guest without `get_state` does.
struct Stateless(Spec);

impl Environment for Stateless {
    fn spec(&self) -> &Spec {
        &self.0
    }

    fn reset(&mut self, _: Option<u64>, _: &Kwargs) -> Result<(), ArgumentError> {
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        outcome.share(0.0, action.discrete(0) == 2, false);
        Ok(())
    }

    fn observe(&self, _: usize, out: &mut ValueWriter) {
        out.discrete(0);
    }

    fn draw(&self, _: &mut Scene) {}

    fn can_save(&self) -> bool {
        false
    }

    fn save(&self, _: &mut StateWriter) {}

    fn restore(&mut self, _: &mut StateReader<'_>) -> Result<(), RestoreError> {
        Ok(())
    }
}

#[test]
fn what_an_environment_without_a_state_has_played_is_not_said_to_be_taken_back() {
    let spec = Spec::single("Stateless-v0", Space::discrete(3), Space::discrete(1));
    let mut responder = Responder::new(Env::new(Box::new(Stateless(spec))));
    let flags = Flags { autoreset: true, ..Flags::default() };
    // The last one refuses an action after it has begun an episode and played nothing in it.
    for (before, played) in [(&[][..], &[1, 9][..]), (&[1], &[0, 0, 9]), (&[2], &[9])] {
        begin(&mut responder);
        before.iter().for_each(|action| ask(&mut responder, Operation::Step, flags, &actions(&[*action]), |_| ()));
        let (code, message) = ask(&mut responder, Operation::StepMany, flags, &actions(played), error_of);
        assert_eq!(code, ErrorCode::BadAction);
        assert!(message.contains("; and not taken back: "), "{message}");
        let (code, _) = ask(&mut responder, Operation::Step, flags, &actions(&[1]), error_of);
        assert_eq!(code, ErrorCode::OutOfOrder);
    }
    // Where nothing was played, there is nothing to take back.
    begin(&mut responder);
    let (_, message) = ask(&mut responder, Operation::StepMany, flags, &actions(&[9, 1]), error_of);
    assert!(!message.contains("taken back"), "{message}");
    ask(&mut responder, Operation::Step, flags, &actions(&[1]), |reply| {
        assert!(matches!(reply.body, Body::Returns { .. }), "{reply:?}");
    });
}

#[test]
fn a_saved_state_restores_and_a_broken_one_is_refused_without_harm() {
    let mut responder = responder();
    begin(&mut responder);
    let saved = ask(&mut responder, Operation::Save, Flags::default(), &[], |reply| match reply.body {
        Body::State(state) => state.to_vec(),
        other => panic!("expected a state, found {other:?}"),
    });
    ask(&mut responder, Operation::Step, Flags::default(), &actions(&[2]), |_| ());
    let (code, _) = ask(&mut responder, Operation::Restore, Flags::default(), &saved[1..], error_of);
    assert_eq!(code, ErrorCode::BadState);
    ask(&mut responder, Operation::Restore, Flags::default(), &saved, |reply| assert_eq!(reply.body, Body::Done));
    ask(&mut responder, Operation::Save, Flags::default(), &[], |reply| {
        assert_eq!(reply.body, Body::State(&saved));
    });
}

#[test]
fn a_state_that_is_too_long_to_be_restored_is_not_saved_either() {
    let weighing = |weight| {
        let spec = Spec::single("Counter-v0", Space::discrete(4), Space::discrete(20));
        let counter = Counter { spec, count: 0, ballast: Vec::new(), restless: false, weight };
        let mut responder = Responder::new(Env::new(Box::new(counter)));
        begin(&mut responder);
        responder
    };
    let save = |responder: &mut Responder| {
        ask(responder, Operation::Save, Flags::default(), &[], |reply| match reply.body {
            Body::State(state) => Ok(state.to_vec()),
            _ => Err(error_of(reply)),
        })
    };
    let most = Env::MOST_STATE_BYTES;
    let room = most - save(&mut weighing(0)).unwrap().len();
    let longest = save(&mut weighing(room)).unwrap();
    assert_eq!(longest.len(), most);
    ask(&mut weighing(room), Operation::Restore, Flags::default(), &longest, |reply| {
        assert_eq!(reply.body, Body::Done)
    });
    let found = most + 1;
    let message = format!("expected a saved state of at most {most} bytes, found {found}");
    assert_eq!(save(&mut weighing(room + 1)), Err((ErrorCode::BadState, message)));
}

#[test]
fn bytes_that_are_no_request_are_answered_with_id_0() {
    let mut role = Role::new(responder());
    for bytes in [&[][..], &[0; 8], &[255; 64]] {
        let (answer, close) = role.answer(bytes, 0.0, &|| 0.0, &mut |_| ());
        let reply = Reply::read(answer.reply, Flags::default()).unwrap();
        assert_eq!((reply.id, close), (0, false));
        assert_eq!(error_of(reply).0, ErrorCode::BadMessage);
    }
}

#[test]
fn a_request_to_play_makes_a_game_of_it_and_a_bad_one_leaves_it_as_it_was() {
    let mut role = Role::new(responder());
    let mut asked = |operation, payload: &[u8]| {
        let request = RequestWriter::new().write(operation, Flags::default(), 5, payload).to_vec();
        let (answer, close) = role.answer(&request, 1.0, &|| 2.0, &mut |_| ());
        let reply = Reply::read(answer.reply, Flags::default()).unwrap();
        assert_eq!((reply.id, close), (5, operation == Operation::Close));
        match reply.body {
            Body::Error { code, .. } => Err(code),
            _ => Ok(()),
        }
    };
    let setup = |seats| {
        let mut payload = Vec::new();
        Setup { fps: 10.0, seed: 1, max_steps: None, snapshots: 0, flags: Flags::default(), seats }.write(&mut payload);
        payload
    };
    let mut reset = Vec::new();
    Reset::default().write(&mut reset);
    assert_eq!(asked(Operation::Play, &setup(vec![])), Err(ErrorCode::BadArgument));
    assert_eq!(asked(Operation::Play, &[1]), Err(ErrorCode::BadMessage));
    assert_eq!(asked(Operation::Grant, &[0; 16]), Err(ErrorCode::OutOfOrder));
    assert_eq!(asked(Operation::Reset, &reset), Ok(()));
    assert_eq!(asked(Operation::Play, &setup(vec![SeatSetup::Random])), Ok(()));
    assert_eq!(asked(Operation::Play, &setup(vec![SeatSetup::Random])), Err(ErrorCode::OutOfOrder));
    assert_eq!(asked(Operation::Step, &actions(&[1])), Err(ErrorCode::OutOfOrder));
    assert_eq!(asked(Operation::Reset, &reset), Ok(()));
    assert_eq!(asked(Operation::Grant, &[0; 16]), Ok(()));
    assert_eq!(asked(Operation::Close, &[]), Ok(()));
}

#[test]
fn the_scene_and_the_hash_come_only_when_asked_for() {
    let mut responder = responder();
    begin(&mut responder);
    for (scene, hash) in [(false, false), (true, false), (false, true), (true, true)] {
        let flags = Flags { scene, hash, autoreset: false };
        ask(&mut responder, Operation::Step, flags, &actions(&[0]), |reply| match reply.body {
            Body::Returns { hash: found, scene: bytes, .. } => {
                assert_eq!((found.is_some(), !bytes.is_empty()), (hash, scene));
            }
            other => panic!("expected returns, found {other:?}"),
        });
    }
}

#[test]
fn a_worker_for_games_refuses_whatever_a_program_would_ask_and_ends_when_it_is_to() {
    let mut role = Role::new(responder());
    role.only_plays();
    let mut asked = |operation, payload: &[u8]| {
        let request = RequestWriter::new().write(operation, Flags::default(), 5, payload).to_vec();
        let (answer, close) = role.answer(&request, 1.0, &|| 2.0, &mut |_| ());
        let reply = Reply::read(answer.reply, Flags::default()).unwrap();
        match reply.body {
            Body::Error { code, .. } => Err((code, close)),
            _ => Ok(close),
        }
    };
    let bad_setup = [1];
    for operation in Operation::ALL {
        let answered = asked(operation, &bad_setup);
        match operation {
            Operation::Close => assert_eq!(answered, Ok(true)),
            // It is left as it was: the next requests find the same.
            Operation::Play => assert_eq!(answered, Err((ErrorCode::BadMessage, false))),
            _ => assert_eq!(answered, Err((ErrorCode::OutOfOrder, false)), "{}", operation.name()),
        }
    }
    let mut setup = Vec::new();
    let seats = vec![SeatSetup::Random];
    Setup { fps: 10.0, seed: 1, max_steps: None, snapshots: 0, flags: Flags::default(), seats }.write(&mut setup);
    let mut reset = Vec::new();
    Reset::default().write(&mut reset);
    assert_eq!(asked(Operation::Play, &setup), Ok(false));
    assert_eq!(asked(Operation::Reset, &reset), Ok(false), "a game answers");
    assert_eq!(asked(Operation::Rewind, &[0; 4]), Err((ErrorCode::OutOfOrder, false)), "but what only tests ask for");
}
