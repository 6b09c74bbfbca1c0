//! What an [`Env`] adds to an environment: the order of calls, checked actions, the time limit, states that cannot arise refused,
//! and snapshots to go back to.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use std::sync::mpsc::{Sender, channel};

use palaestra_env::{
    ArgumentError, Arguments, BoxSpace, DType, Env, EnvError, Environment, JointAction, Kwargs, Outcome, Phase,
    RestoreError, Scene, Snapshot, Space, Spec, StateReader, StateWriter, StepError, Tensor, Value, ValueWriter,
};
use serde_json::json;

/// Adds up its actions. Over 100 it ends; from there on it refuses a step.
struct Sum {
    spec: Spec,
    sum: i64,
    /// It refuses every state.
    forgetful: bool,
}

impl Sum {
    fn env(forgetful: bool) -> Env {
        let seen = Space::Box(BoxSpace::uniform(-1e9, 1e9, &[], DType::Int64));
        let mut spec = Spec::single("Sum-v0", Space::Discrete { n: 200, start: 0 }, seen);
        spec.step_info = Space::dict([("odd", Space::Bool)]);
        spec.max_episode_steps = Some(3);
        Env::new(Box::new(Self { spec, sum: 0, forgetful }))
    }
}

impl Environment for Sum {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, _seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        let mut arguments = Arguments::new(options);
        let start = arguments.integer("start", 0..=10, 0)?;
        arguments.finish()?;
        self.sum = start;
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        // What a refused step writes must not be seen.
        outcome.share(99.0, true, true);
        if self.sum > 100 {
            return Err(StepError::EpisodeOver);
        }
        self.sum += action.discrete(0);
        outcome.share(action.discrete(0) as f64, self.sum > 100, false);
        Ok(())
    }

    fn observe(&self, _agent: usize, out: &mut ValueWriter) {
        out.i64s(&[self.sum]);
    }

    fn info(&self, phase: Phase, out: &mut ValueWriter) {
        if phase == Phase::Step {
            out.bool(self.sum % 2 == 1);
        }
    }

    fn draw(&self, scene: &mut Scene) {
        scene.circle(&palaestra_env::scene::Style::fill(palaestra_env::Colour::WHITE), [0.0; 2], self.sum as f32);
    }

    fn save(&self, out: &mut StateWriter) {
        out.i64(self.sum);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        self.sum = state.i64()?;
        if self.forgetful { Err(RestoreError::Invalid { field: "sum" }) } else { Ok(()) }
    }
}

fn started() -> Env {
    let mut env = Sum::env(false);
    env.reset(Some(1), &Kwargs::new()).unwrap();
    env
}

fn act(env: &mut Env, action: i64) -> Result<Outcome, EnvError> {
    env.step(&[Value::Discrete(action)]).cloned()
}

fn saved(env: &Env) -> Vec<u8> {
    let mut state = StateWriter::new();
    env.save(&mut state);
    state.into_bytes()
}

/// A state put together by hand: one agent's, with the sum behind it.
fn state(reset: u8, stepped: u8, elapsed: u32, reward: f64, flags: [u8; 2], sum: i64) -> Vec<u8> {
    [&[reset, stepped][..], &elapsed.to_le_bytes(), &reward.to_le_bytes(), &flags, &sum.to_le_bytes()].concat()
}

#[test]
fn a_step_needs_a_reset_and_one_action_per_agent_from_its_space() {
    let mut env = Sum::env(false);
    assert_eq!(act(&mut env, 1), Err(EnvError::NotReset));
    env.reset(None, &Kwargs::new()).unwrap();
    let before = saved(&env);
    assert_eq!(env.step(&[]).err(), Some(EnvError::ActionCount { expected: 1, found: 0 }));
    let two = [Value::Discrete(1), Value::Discrete(1)];
    assert_eq!(env.check(&two), Err(EnvError::ActionCount { expected: 1, found: 2 }));
    for outside in [Value::Discrete(200), Value::Discrete(-1), Value::None] {
        assert!(matches!(env.check(std::slice::from_ref(&outside)), Err(EnvError::Action { .. })), "{outside:?}");
        assert!(matches!(env.step(&[outside]), Err(EnvError::Action { .. })));
    }
    assert_eq!(env.check(&[Value::Discrete(199)]), Ok(()));
    assert_eq!(saved(&env), before);
}

#[test]
fn a_reset_starts_the_count_anew_and_its_refusal_leaves_everything() {
    let mut env = started();
    act(&mut env, 5).unwrap();
    let before = saved(&env);
    let wrong = Kwargs::from_iter([("start".to_owned(), json!(11))]);
    assert!(matches!(env.reset(Some(2), &wrong), Err(EnvError::Option(_))));
    assert_eq!((saved(&env), env.elapsed(), env.phase()), (before, 1, Phase::Step));
    env.reset(None, &Kwargs::from_iter([("start".to_owned(), json!(7))])).unwrap();
    assert_eq!((env.elapsed(), env.phase(), env.outcome()), (0, Phase::Reset, &Outcome::new(1)));
    assert_eq!(saved(&env), state(1, 0, 0, 0.0, [0, 0], 7));
}

#[test]
fn the_time_limit_truncates_at_its_very_step_and_the_steps_are_counted() {
    let mut env = started();
    for (step, cut) in [(1, false), (2, false), (3, true), (4, true)] {
        let outcome = act(&mut env, step).unwrap();
        assert_eq!(
            (outcome.rewards, outcome.terminated, outcome.truncated),
            (vec![step as f64], vec![false], vec![cut])
        );
        assert_eq!(u64::from(env.elapsed()), step as u64);
    }
}

#[test]
fn a_step_that_the_environment_refuses_leaves_the_last_outcome() {
    let mut env = started();
    let last = act(&mut env, 150).unwrap();
    assert!(last.terminated[0]);
    let (before, hash) = (saved(&env), env.hash());
    assert_eq!(act(&mut env, 1), Err(EnvError::Step(StepError::EpisodeOver)));
    assert_eq!((env.outcome(), saved(&env), env.hash(), env.elapsed()), (&last, before, hash, 1));
}

#[test]
fn what_is_seen_told_and_drawn_is_the_environment_s() {
    let mut env = started();
    let (mut seen, mut told, mut scene) = (ValueWriter::new(), ValueWriter::new(), Scene::new());
    env.info(&mut told);
    assert!(told.is_empty());
    act(&mut env, 3).unwrap();
    env.observe(&mut seen);
    env.info(&mut told);
    env.draw(&mut scene);
    assert_eq!((seen.bytes(), told.bytes()), (&3_i64.to_le_bytes()[..], &[1][..]));
    let once = scene.bytes().len();
    env.draw(&mut scene);
    assert!(once > 0 && scene.bytes().len() == once, "a scene is drawn into an emptied one");
}

#[test]
fn a_state_has_what_the_calls_left_before_what_the_environment_saves() {
    let mut env = started();
    act(&mut env, 150).unwrap();
    let good = state(1, 1, 1, 150.0, [1, 0], 150);
    assert_eq!(saved(&env), good);
    assert_eq!(env.hash(), xxhash_rust::xxh64::xxh64(&good, 0));
    let mut other = started();
    assert_ne!(other.hash(), env.hash());
    other.restore(&good).unwrap();
    assert_eq!((saved(&other), other.hash(), other.phase(), other.elapsed()), (good, env.hash(), Phase::Step, 1));
    assert_eq!(other.outcome(), env.outcome());
}

#[test]
fn states_to_which_no_calls_lead_are_refused_and_change_nothing() {
    let mut env = started();
    act(&mut env, 4).unwrap();
    let before = saved(&env);
    for (bytes, field) in [
        (state(1, 1, 1, f64::NAN, [0, 0], 0), "reward"),
        (state(1, 1, 1, f64::INFINITY, [0, 0], 0), "reward"),
        (state(0, 1, 1, 0.0, [0, 0], 0), "reset"),
        (state(1, 1, 0, 0.0, [0, 0], 0), "elapsed"),
        (state(1, 0, 1, 0.0, [0, 0], 0), "elapsed"),
        (state(0, 0, 1, 0.0, [0, 0], 0), "elapsed"),
        (state(1, 0, 0, 1.0, [0, 0], 0), "outcome"),
        (state(1, 0, 0, 0.0, [1, 0], 0), "outcome"),
        (state(1, 0, 0, 0.0, [0, 1], 0), "outcome"),
        (state(1, 1, 3, 0.0, [0, 0], 0), "truncated"),
        (state(1, 1, 9, 0.0, [1, 0], 0), "truncated"),
        (state(2, 1, 1, 0.0, [0, 0], 0), "reset"),
        (state(1, 2, 1, 0.0, [0, 0], 0), "phase"),
    ] {
        assert_eq!(env.restore(&bytes), Err(RestoreError::Invalid { field }), "{bytes:?}");
        assert_eq!(saved(&env), before);
    }
    for good in [
        state(0, 0, 0, 0.0, [0, 0], 0),
        state(1, 0, 0, 0.0, [0, 0], 5),
        state(1, 1, 1, -3.0, [0, 0], 5),
        state(1, 1, 2, 0.0, [1, 1], 5),
        state(1, 1, 3, 0.0, [0, 1], 5),
    ] {
        assert_eq!(env.restore(&good), Ok(()));
        assert_eq!(saved(&env), good);
    }
    // One that was never reset still asks for it.
    env.restore(&state(0, 0, 0, 0.0, [0, 0], 0)).unwrap();
    assert_eq!(act(&mut env, 1), Err(EnvError::NotReset));
}

#[test]
fn more_bytes_than_any_state_has_are_refused_by_their_length() {
    let mut env = started();
    assert_eq!(Env::MOST_STATE_BYTES, 1_048_576);
    let longest = [saved(&env), vec![0; Env::MOST_STATE_BYTES]].concat();
    let left = Env::MOST_STATE_BYTES - saved(&env).len();
    assert_eq!(env.restore(&longest[..Env::MOST_STATE_BYTES]), Err(RestoreError::Trailing { left }));
    let found = Env::MOST_STATE_BYTES + 1;
    let too_long = RestoreError::TooLong { most: Env::MOST_STATE_BYTES, found };
    assert_eq!(env.restore(&longest[..found]), Err(too_long));
}

#[test]
fn a_snapshot_leads_its_own_environment_back_and_no_other() {
    let (mut env, mut twin) = (started(), started());
    let mut snapshot = Snapshot::new();
    assert_eq!(env.rewind(&snapshot), Err(RestoreError::Foreign));
    act(&mut env, 4).unwrap();
    env.snapshot(&mut snapshot);
    assert_eq!((snapshot.bytes(), snapshot.hash()), (&saved(&env)[..], env.hash()));
    act(&mut env, 5).unwrap();
    env.rewind(&snapshot).unwrap();
    assert_eq!((env.elapsed(), saved(&env)), (1, snapshot.bytes().to_vec()));
    let before = saved(&twin);
    assert_eq!(twin.rewind(&snapshot), Err(RestoreError::Foreign));
    assert_eq!(saved(&twin), before);
    twin.snapshot(&mut snapshot);
    assert_eq!(env.rewind(&snapshot), Err(RestoreError::Foreign));
    assert_eq!(twin.rewind(&snapshot.clone()), Ok(()));
}

#[test]
fn an_environment_that_refuses_its_own_state_has_to_be_reset() {
    let mut env = Sum::env(true);
    let mut snapshot = Snapshot::new();
    for rewind in [true, false] {
        env.reset(None, &Kwargs::new()).unwrap();
        act(&mut env, 1).unwrap();
        env.snapshot(&mut snapshot);
        let refused = if rewind { env.rewind(&snapshot) } else { env.restore(snapshot.bytes()) };
        assert_eq!(refused, Err(RestoreError::Invalid { field: "sum" }));
        assert_eq!((env.elapsed(), env.phase(), env.outcome()), (0, Phase::Reset, &Outcome::new(1)));
        assert_eq!(act(&mut env, 1), Err(EnvError::NotReset));
    }
}

/// Four agents, each with actions of another kind. What a step reads of them is told; it cannot be saved.
struct Kinds {
    spec: Spec,
    told: Sender<Read>,
}

/// What the first five agents do, as each of the kinds.
#[derive(Debug, PartialEq)]
struct Read {
    numbers: Vec<Vec<f32>>,
    choices: Vec<Vec<i64>>,
    bits: Vec<Vec<u8>>,
    discrete: Vec<i64>,
}

impl Environment for Kinds {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, _: Option<u64>, _: &Kwargs) -> Result<(), ArgumentError> {
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, _: &mut Outcome) -> Result<(), StepError> {
        let read = Read {
            numbers: (0..5).map(|agent| action.f32s(agent).to_vec()).collect(),
            choices: (0..5).map(|agent| action.multi_discrete(agent).to_vec()).collect(),
            bits: (0..5).map(|agent| action.multi_binary(agent).to_vec()).collect(),
            discrete: (0..5).map(|agent| action.discrete(agent)).collect(),
        };
        self.told.send(read).unwrap();
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
fn an_environment_reads_of_each_agent_the_action_of_its_kind() {
    let spaces = vec![
        Space::Box(BoxSpace::uniform(-1.0, 1.0, &[2], DType::Float32)),
        Space::MultiDiscrete { nvec: vec![3, 4] },
        Space::MultiBinary { n: 3 },
        Space::discrete(9),
    ];
    let mut spec = Spec::single("Kinds-v0", Space::discrete(1), Space::discrete(1));
    spec.agents = (0..spaces.len()).map(|agent| format!("agent_{agent}")).collect();
    (spec.observation_spaces, spec.action_spaces) = (vec![Space::discrete(1); spaces.len()], spaces);
    let (told, heard) = channel();
    let mut env = Env::new(Box::new(Kinds { spec, told }));
    env.reset(Some(1), &Kwargs::new()).unwrap();
    let actions = [
        Value::Tensor(Tensor::F32(vec![0.5, -0.25])),
        Value::MultiDiscrete(vec![2, 3]),
        Value::MultiBinary(vec![0, 1, 1]),
        Value::Discrete(7),
    ];
    env.step(&actions).unwrap();
    let expected = Read {
        numbers: vec![vec![0.5, -0.25], vec![], vec![], vec![], vec![]],
        choices: vec![vec![], vec![2, 3], vec![], vec![], vec![]],
        bits: vec![vec![], vec![], vec![0, 1, 1], vec![], vec![]],
        discrete: vec![0, 0, 0, 7, 0],
    };
    assert_eq!(heard.try_recv(), Ok(expected));
    assert!(!env.can_save() && Sum::env(false).can_save());
}

#[test]
fn an_episode_is_over_when_it_is_for_every_agent() {
    let over = |terminated: [bool; 2], truncated: [bool; 2]| {
        let outcome = Outcome { terminated: terminated.to_vec(), truncated: truncated.to_vec(), ..Outcome::new(2) };
        outcome.over()
    };
    assert!(!over([false; 2], [false; 2]) && !over([true, false], [false; 2]) && !over([false; 2], [false, true]));
    assert!(over([true; 2], [false; 2]) && over([false; 2], [true; 2]) && over([true, false], [false, true]));
}

#[test]
fn what_is_refused_is_told_in_words() {
    let agent = "agent_0".to_owned();
    for (error, told) in [
        (EnvError::NotReset, "expected reset() before the first step()"),
        (EnvError::ActionCount { expected: 2, found: 3 }, "expected 2 actions, one per agent, found 3"),
        (
            EnvError::Action { agent, expected: "Discrete(3)".into(), found: "4".into() },
            "action of agent_0: expected a member of Discrete(3); found 4",
        ),
        (EnvError::Step(StepError::EpisodeOver), "expected reset() first: the episode is over"),
        (
            EnvError::Step(StepError::Illegal { agent: 1, expected: "a column".into(), found: "7".into() }),
            "action of agent 1: expected a column, found 7",
        ),
    ] {
        assert_eq!(error.to_string(), told);
    }
    let kwargs = json!({"start": 99}).as_object().cloned().unwrap();
    let error = started().reset(None, &kwargs).unwrap_err();
    assert_eq!(error.to_string(), "reset: argument `start`: expected an integer from 0 to 10, found 99");
    for (error, told) in [
        (RestoreError::Trailing { left: 2 }, "expected the saved state to end, found 2 more bytes"),
        (RestoreError::TooLong { most: 5, found: 6 }, "expected a saved state of at most 5 bytes, found 6"),
        (RestoreError::Foreign, "expected a state saved by this environment with these arguments, found another's"),
        (
            RestoreError::Invalid { field: "sum" },
            "expected a state this environment can be in, found an impossible `sum`",
        ),
    ] {
        assert_eq!(error.to_string(), told);
    }
}
