//! What a step returns, as bytes and back.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_env::returns::{OUTCOME, Returns, TERMINATED, TRUNCATED, info_space, size_of_step};
use palaestra_env::spec::Sharing;
use palaestra_env::{
    ArgumentError, BoxSpace, DType, Env, Environment, JointAction, Kwargs, Outcome, Phase, RestoreError, Scene, Space,
    Spec, StateReader, StateWriter, StepError, Value, ValueReader, ValueWriter,
};

/// Three agents with rewards and ends of their own, each of whom sees two numbers.
struct Three {
    spec: Spec,
    info: Space,
    seen: f32,
}

impl Three {
    fn env(info: Space) -> Env {
        let seen = Space::Box(BoxSpace::uniform(-9.0, 9.0, &[2], DType::Float32));
        let mut spec = Spec::single("Three-v0", Space::discrete(3), seen.clone());
        spec.agents = ["a", "b", "c"].map(str::to_owned).to_vec();
        spec.action_spaces = vec![Space::discrete(3); 3];
        spec.observation_spaces = vec![seen; 3];
        (spec.observation, spec.reward, spec.ended) = (Sharing::PerAgent, Sharing::PerAgent, Sharing::PerAgent);
        spec.step_info = info.clone();
        Env::new(Box::new(Self { spec, info, seen: 0.0 }))
    }
}

impl Environment for Three {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, _seed: Option<u64>, _options: &Kwargs) -> Result<(), ArgumentError> {
        self.seen = 0.0;
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        self.seen += 1.0;
        for agent in 0..3 {
            outcome.rewards[agent] = action.discrete(agent) as f64 - 0.5;
        }
        outcome.terminated.copy_from_slice(&[true, false, true]);
        outcome.truncated.copy_from_slice(&[false, true, true]);
        Ok(())
    }

    fn observe(&self, agent: usize, out: &mut ValueWriter) {
        out.f32s(&[agent as f32, self.seen]);
    }

    fn info(&self, phase: Phase, out: &mut ValueWriter) {
        if phase == Phase::Step && self.info == Space::dict([("won", Space::Bool)]) {
            out.bool(true);
        } else if phase == Phase::Step {
            out.text("ended");
        }
    }

    fn draw(&self, _scene: &mut Scene) {}

    fn save(&self, out: &mut StateWriter) {
        out.f32(self.seen);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        self.seen = state.f32()?;
        Ok(())
    }
}

fn written(env: &Env) -> Vec<u8> {
    let mut out = ValueWriter::new();
    env.write_returns(&mut out);
    out.bytes().to_vec()
}

fn stepped(info: Space) -> Env {
    let mut env = Three::env(info);
    env.reset(Some(1), &Kwargs::new()).unwrap();
    env.step(&[Value::Discrete(0), Value::Discrete(1), Value::Discrete(2)]).unwrap();
    env
}

#[test]
fn every_agents_reward_and_end_stand_before_what_they_see() {
    let env = stepped(Space::dict([("won", Space::Bool)]));
    let mut expected = Vec::new();
    for (reward, flags) in [(-0.5_f64, TERMINATED), (0.5, TRUNCATED), (1.5, TERMINATED | TRUNCATED)] {
        expected.extend(reward.to_le_bytes());
        expected.push(flags);
    }
    for seen in [0.0_f32, 1.0, 1.0, 1.0, 2.0, 1.0] {
        expected.extend(seen.to_le_bytes());
    }
    expected.push(1);
    assert_eq!(written(&env), expected);
    assert_eq!(size_of_step(env.spec()), Some(expected.len()));
    assert_eq!(expected.len(), 3 * OUTCOME + 3 * 8 + 1);

    let returns = Returns::read(env.spec(), Phase::Step, &expected).unwrap();
    assert_eq!(returns.outcome, *env.outcome());
    assert_eq!((returns.observations.len(), returns.info), (3, Value::Dict(vec![Value::Bool(true)])));
    for end in 0..expected.len() {
        assert!(Returns::read(env.spec(), Phase::Step, &expected[..end]).is_err(), "{end} bytes");
    }
    expected.push(0);
    assert!(Returns::read(env.spec(), Phase::Step, &expected).is_err(), "a byte too many");
}

#[test]
fn a_reset_returns_no_reward_and_no_end() {
    let mut env = stepped(Space::dict([("won", Space::Bool)]));
    env.reset(None, &Kwargs::new()).unwrap();
    let bytes = written(&env);
    assert_eq!(bytes[..3 * OUTCOME], [0; 3 * OUTCOME]);
    assert_eq!(Returns::read(env.spec(), Phase::Reset, &bytes).unwrap().outcome, Outcome::new(3));
    assert_eq!(info_space(env.spec(), Phase::Reset), &env.spec().reset_info);
    assert_eq!(info_space(env.spec(), Phase::Step), &env.spec().step_info);
}

#[test]
fn a_step_has_no_one_size_where_a_text_is_told() {
    let env = stepped(Space::dict([("why", Space::text(9))]));
    assert_eq!(size_of_step(env.spec()), None);
    let bytes = written(&env);
    let twice = bytes.repeat(2);
    let mut reader = ValueReader::new(&twice);
    let first = Returns::read_next(env.spec(), Phase::Step, &mut reader).unwrap();
    assert_eq!(Returns::read_next(env.spec(), Phase::Step, &mut reader), Ok(first), "one follows another");
    assert_eq!(reader.left(), 0);
}
