use std::cell::Cell;

use palaestra_env::expert::Advice;
use palaestra_env::{
    ArgumentError, Arguments, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene, StateReader, StateWriter,
    StepError, ValueWriter,
};
use palaestra_protocol::{Body, Flags, Operation, PlainWriter, Reply, RequestWriter};

use super::*;
use crate::responder::Responder;
use crate::role::Role;

/// Two agents add to a sum, and earn what they add; over at twelve. The first may not choose 3.
struct Sum {
    spec: Spec,
    sum: i64,
    expert: bool,
}

impl Environment for Sum {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, _: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        let mut arguments = Arguments::new(options);
        self.sum = arguments.integer("from", 0..=11, 0)?;
        arguments.finish()
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        if action.discrete(0) == 3 {
            return Err(StepError::Illegal { agent: 0, expected: "at most two".into(), found: "three".into() });
        }
        self.sum += action.discrete(0) + action.discrete(1);
        for agent in 0..2 {
            outcome.rewards[agent] = action.discrete(agent) as f64;
        }
        outcome.terminated.fill(self.sum >= 12);
        Ok(())
    }

    fn observe(&self, _: usize, out: &mut ValueWriter) {
        out.discrete(self.sum);
    }

    fn draw(&self, _: &mut Scene) {}

    fn has_expert(&self) -> bool {
        self.expert
    }

    fn advise(&self, advice: &mut Advice<'_>) {
        advice.discrete(2 - advice.agent as i64);
    }

    fn save(&self, out: &mut StateWriter) {
        out.i64(self.sum);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        self.sum = state.i64()?;
        Ok(())
    }
}

fn env(expert: bool) -> Env {
    let mut spec = Spec::single("Sum-v0", Space::discrete(4), Space::discrete(20));
    spec.agents = vec!["first".into(), "second".into()];
    spec.action_spaces = vec![Space::discrete(4); 2];
    spec.observation_spaces = vec![Space::discrete(20); 2];
    Env::new(Box::new(Sum { spec, sum: 0, expert }))
}

/// Of a Worker that is for a rollout.
fn role(expert: bool) -> Role {
    let mut role = Role::new(Responder::new(env(expert)));
    role.rolls_out();
    role
}

fn action(action: i64) -> Vec<u8> {
    action.to_le_bytes().to_vec()
}

/// Three are added at each step: four make an episode.
fn setup() -> RolloutSetup {
    let seats = vec![SeatSetup::Fixed(action(2)), SeatSetup::Fixed(action(1))];
    RolloutSetup { seed: 7, episodes: Some(3), steps: None, longest: 100, seats, options: vec![] }
}

/// What an answer says of it: whether it is done, and how many steps there were.
#[derive(Debug, PartialEq)]
struct Said {
    done: bool,
    steps: u64,
    agents: u16,
    episodes: Vec<Played>,
}

#[derive(Clone, Debug, PartialEq)]
struct Played {
    seed: u64,
    hash: u64,
    length: u32,
    end: u8,
    returns: [f64; 2],
}

const EPISODE: usize = 37;

fn read(bytes: &[u8]) -> Said {
    let u64_at = |bytes: &[u8], at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
    let (head, episodes) = bytes.split_at(11);
    assert_eq!(episodes.len() % EPISODE, 0, "whole episodes");
    let played = episodes.chunks(EPISODE).map(|episode| Played {
        seed: u64_at(episode, 0),
        hash: u64_at(episode, 8),
        length: u32::from_le_bytes(episode[16..20].try_into().unwrap()),
        end: episode[20],
        returns: [21, 29].map(|at| f64::from_bits(u64_at(episode, at))),
    });
    let agents = u16::from_le_bytes([head[9], head[10]]);
    Said { done: head[0] == 1, steps: u64_at(head, 1), agents, episodes: played.collect() }
}

fn ask_at(role: &mut Role, payload: &[u8], now: &dyn Fn() -> f64) -> Result<Said, (ErrorCode, String)> {
    let request = RequestWriter::new().write(Operation::Rollout, Flags::default(), 5, payload).to_vec();
    let (answer, close) = role.answer(&request, 1.0, now, &mut |_| ());
    let reply = Reply::read(answer.reply, Flags::default()).unwrap();
    assert_eq!((reply.id, close, answer.parts), (5, false, false));
    match reply.body {
        Body::State(progress) => Ok(read(progress)),
        Body::Error { code, message } => Err((code, message.to_owned())),
        other => panic!("expected how far it is, found {other:?}"),
    }
}

/// Asks while no time passes.
fn ask(role: &mut Role, payload: &[u8]) -> Result<Said, (ErrorCode, String)> {
    ask_at(role, payload, &|| 2.0)
}

fn written(setup: &RolloutSetup) -> Vec<u8> {
    let mut payload = Vec::new();
    setup.write(&mut payload);
    payload
}

fn begin(role: &mut Role, setup: &RolloutSetup) -> Result<Said, (ErrorCode, String)> {
    ask(role, &written(setup))
}

#[test]
fn episodes_follow_one_another_each_with_the_next_seed() {
    let said = begin(&mut role(false), &setup()).unwrap();
    assert_eq!((said.done, said.steps, said.agents), (true, 12, 2));
    let mut alone = env(false);
    alone.reset(Some(7), &Kwargs::new()).unwrap();
    for _ in 0..4 {
        alone.step(&[Value::Discrete(2), Value::Discrete(1)]).unwrap();
    }
    let episode = |seed| Played { seed, hash: alone.hash(), length: 4, end: 0, returns: [8.0, 4.0] };
    assert_eq!(said.episodes, [7, 8, 9].map(episode));
}

#[test]
fn it_ends_where_the_steps_are_used_up_and_no_episode_is_longer_than_it_may_be() {
    let lengths = |setup: &RolloutSetup| {
        let said = begin(&mut role(false), setup).unwrap();
        assert!(said.done);
        let lengths: Vec<_> = said.episodes.iter().map(|episode| (episode.length, episode.end)).collect();
        assert_eq!(said.steps, lengths.iter().map(|(length, _)| u64::from(*length)).sum::<u64>());
        lengths
    };
    assert_eq!(lengths(&RolloutSetup { episodes: None, steps: Some(6), ..setup() }), [(4, 0), (2, 2)]);
    assert_eq!(lengths(&RolloutSetup { longest: 3, steps: Some(8), ..setup() }), [(3, 2), (3, 2), (2, 2)]);
    assert_eq!(lengths(&RolloutSetup { episodes: Some(0), ..setup() }), []);
}

#[test]
fn it_answers_after_a_moment_and_goes_on_where_it_was() {
    let whole = begin(&mut role(false), &RolloutSetup { episodes: Some(1_000), ..setup() }).unwrap();
    assert_eq!((whole.done, whole.steps, whole.episodes.len()), (true, 4_000, 1_000));
    // A millisecond passes at every look, and less at the first ones: it begins with one step between two looks.
    let time = Cell::new(0.0);
    let now = || time.replace(time.get() + if time.get() < 0.55 { 0.1 } else { 1.0 });
    let mut role = role(false);
    let mut payload = written(&RolloutSetup { episodes: Some(1_000), ..setup() });
    let (mut episodes, mut steps) = (Vec::new(), 0);
    for answers in 1.. {
        assert!(answers < 100, "it never ends");
        let began = time.get();
        let said = ask_at(&mut role, &payload, &now).unwrap();
        episodes.extend(said.episodes);
        payload.clear();
        if said.done {
            assert!(answers > 2, "it took several answers");
            break;
        }
        let looks = time.get() - began;
        assert!((MOMENT_MS..MOMENT_MS + 5.0).contains(&looks), "{looks}");
        assert!((said.steps - steps) as f64 > 8.0 * looks, "{} steps, {looks} looks: too many", said.steps - steps);
        steps = said.steps;
    }
    assert_eq!(episodes, whole.episodes);
    let after = ask(&mut role, &[]).unwrap();
    assert_eq!(after, Said { done: true, steps: 4_000, agents: 2, episodes: vec![] }, "there is no more");
}

#[test]
fn it_looks_at_the_clock_about_once_a_millisecond() {
    // Steps since the last look, how long they took, and the steps until the next.
    for (steps, took_ms, next) in
        [(16, 0.0, 32), (16, 0.24, 32), (16, 0.25, 16), (16, 1.0, 16), (16, 1.1, 8), (1, 9.0, 1), (1024, 0.0, 1024)]
    {
        assert_eq!(next_stretch(steps, took_ms), next, "{steps} steps in {took_ms} ms");
    }
}

#[test]
fn an_answer_has_about_a_megabyte_of_episodes_at_most() {
    let short = RolloutSetup { longest: 1, episodes: None, steps: Some(40_000), ..setup() };
    let mut role = role(false);
    let first = begin(&mut role, &short).unwrap();
    assert!(!first.done);
    let bytes = first.episodes.len() * EPISODE;
    assert!((1 << 20..(1 << 20) + LONGEST_STRETCH as usize * EPISODE).contains(&bytes), "{bytes}");
    let second = ask(&mut role, &[]).unwrap();
    assert_eq!((second.done, first.episodes.len() + second.episodes.len()), (true, 40_000));
}

#[test]
fn each_seat_has_the_policy_that_it_was_set_up_for() {
    let returns = |role: &mut Role, seats: [SeatSetup; 2]| {
        let said = begin(role, &RolloutSetup { seats: seats.to_vec(), episodes: Some(1), ..setup() }).unwrap();
        said.episodes[0].returns
    };
    let seats = || [SeatSetup::Policy, SeatSetup::Policy];
    let fixed = |action| -> Box<dyn Policy> { Box::new(FixedPolicy::new(Value::Discrete(action))) };
    // In the order in which they were loaded, which is not that of the seats.
    let given = vec![(1, fixed(1)), (0, fixed(2))];
    assert_eq!(returns(&mut role(false).with_policies(given), seats()), [8.0, 4.0]);
    assert_eq!(returns(&mut role(false), [SeatSetup::Fixed(action(0)), SeatSetup::Fixed(action(3))]), [0.0, 12.0]);
    let expert = SeatSetup::Expert { skill: 1.0 };
    assert_eq!(returns(&mut role(true), [expert.clone(), expert]), [8.0, 4.0]);
    let random = RolloutSetup { seats: vec![SeatSetup::Fixed(action(0)), SeatSetup::Random], ..setup() };
    let lengths = begin(&mut role(false), &RolloutSetup { episodes: Some(20), ..random }).unwrap().episodes;
    assert!(lengths.iter().any(|episode| episode.length != lengths[0].length), "seeds differ: {lengths:?}");
}

#[test]
fn every_reset_has_the_options() {
    let mut options = PlainWriter::new();
    options.object(1);
    options.name("from");
    options.number(9.0);
    let said = begin(&mut role(false), &RolloutSetup { options: options.into_bytes(), ..setup() }).unwrap();
    assert_eq!(said.episodes.iter().map(|episode| episode.length).collect::<Vec<_>>(), [1; 3]);
    let wrong = RolloutSetup { options: vec![99], ..setup() };
    assert_eq!(begin(&mut role(false), &wrong).unwrap_err().0, ErrorCode::BadArgument);
}

#[test]
fn seats_that_do_not_fit_are_refused_by_name() {
    let person = SeatSetup::Person { mode: palaestra_protocol::InputMode::PressedKeys, bindings: vec![], idle: vec![] };
    let wrong = [
        (vec![SeatSetup::Random], "expected 2, one per agent, found 1"),
        (vec![SeatSetup::Random, person], "policies.second: expected a policy, found a person"),
        (vec![SeatSetup::Random, SeatSetup::Remote { idle: vec![] }], "policies.second: expected a policy"),
        (vec![SeatSetup::Policy, SeatSetup::Random], "policies.first: expected a policy that was loaded"),
        (vec![SeatSetup::Random, SeatSetup::Expert { skill: 1.0 }], "policies.second: expected an environment with"),
        (vec![SeatSetup::Random, SeatSetup::Fixed(action(4))], "policies.second: expected an action of the agent"),
        (vec![SeatSetup::Random, SeatSetup::Fixed(vec![1])], "policies.second: expected an action of the agent"),
        (vec![SeatSetup::Random, SeatSetup::Fixed(vec![0; 9])], "policies.second: expected an action of the agent"),
    ];
    for (seats, about) in wrong {
        let (code, message) = begin(&mut role(false), &RolloutSetup { seats, ..setup() }).unwrap_err();
        assert!(code == ErrorCode::BadArgument && message.contains(about), "{about}: {message}");
    }
}

#[test]
fn what_is_out_of_turn_is_refused_and_what_was_begun_goes_on() {
    let mut role = role(false);
    let refused = |answer: Result<Said, (ErrorCode, String)>| answer.unwrap_err();
    let (code, message) = refused(ask(&mut role, &[]));
    assert!(code == ErrorCode::OutOfOrder && message.contains("that was begun"), "{message}");
    assert!(begin(&mut role, &RolloutSetup { episodes: Some(50_000), ..setup() }).is_ok_and(|said| !said.done));
    let (code, message) = refused(begin(&mut role, &setup()));
    assert!(code == ErrorCode::OutOfOrder && message.contains("played already"), "{message}");
    assert!(ask(&mut role, &[]).is_ok_and(|said| said.done && said.steps == 200_000));
    let mut broken = self::role(false);
    assert_eq!(refused(ask(&mut broken, &[1])).0, ErrorCode::BadMessage);
    let mut of_a_program = Role::new(Responder::new(env(false)));
    assert_eq!(refused(begin(&mut of_a_program, &setup())).0, ErrorCode::OutOfOrder);
}

#[test]
fn a_joint_action_that_the_environment_refuses_ends_it() {
    let mut role = role(false);
    let seats = vec![SeatSetup::Fixed(action(3)), SeatSetup::Fixed(action(0))];
    let (code, message) = begin(&mut role, &RolloutSetup { seats, ..setup() }).unwrap_err();
    assert!(code == ErrorCode::BadAction && message.contains("at most two"), "{message}");
    assert_eq!(ask(&mut role, &[]), Ok(Said { done: true, steps: 0, agents: 2, episodes: vec![] }));
}

#[test]
fn an_episodes_end_is_told_by_the_number_of_its_name() {
    use palaestra_rollout::End;
    let ends = [End::Terminated, End::Truncated, End::Cut];
    assert_eq!(ends.map(End::name), palaestra_protocol::EPISODE_ENDS);
    assert_eq!(ends.map(|end| end as usize), [0, 1, 2]);
}
