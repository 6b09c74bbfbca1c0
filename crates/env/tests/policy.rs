//! Who plays without being a person: experts as they are asked, random and fixed actions, what an agent is shown.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_env::expert::{Advice, ExpertPolicy, Memory};
use palaestra_env::policy::{FixedPolicy, RandomPolicy, View};
use palaestra_env::{
    ArgumentError, BoxSpace, DType, Env, Environment, JointAction, Kwargs, Outcome, Policy, RestoreError, Scene,
    SeededRng, Sharing, Space, Spec, StateReader, StateWriter, StepError, Tensor, Value, ValueReader, ValueWriter,
};

/// The first agent has four actions, the second five. Its expert counts how often it was asked, and says that number; of a Box it says the
/// first one alone.
struct Asked {
    spec: Spec,
    /// Whether it answers every second time only.
    seldom: bool,
}

impl Environment for Asked {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, _: Option<u64>, _: &Kwargs) -> Result<(), ArgumentError> {
        Ok(())
    }

    fn step(&mut self, _: JointAction<'_>, _: &mut Outcome) -> Result<(), StepError> {
        Ok(())
    }

    fn observe(&self, agent: usize, out: &mut ValueWriter) {
        out.discrete(agent as i64 + 7);
    }

    fn draw(&self, _: &mut Scene) {}

    fn has_expert(&self) -> bool {
        true
    }

    fn advise(&self, advice: &mut Advice<'_>) {
        let spaces = [4, 5];
        let asked = advice.memory[0] as i64;
        advice.memory[0] += 1.0;
        if self.seldom && asked % 2 == 1 {
            return;
        }
        if matches!(advice.action, Value::Tensor(_)) {
            return advice.numbers(&[1.0]);
        }
        advice.discrete((asked + advice.agent as i64) % spaces[advice.agent]);
    }

    fn save(&self, _: &mut StateWriter) {}

    fn restore(&mut self, _: &mut StateReader<'_>) -> Result<(), RestoreError> {
        Ok(())
    }
}

fn env() -> Env {
    let mut spec = Spec::single("Asked-v0", Space::discrete(4), Space::discrete(9));
    spec.agents = vec!["first".into(), "second".into()];
    spec.action_spaces = vec![Space::discrete(4), Space::discrete(5)];
    spec.observation_spaces = vec![Space::discrete(9); 2];
    spec.observation = Sharing::PerAgent;
    Env::new(Box::new(Asked { spec, seldom: false }))
}

fn begun() -> Env {
    let mut env = env();
    env.reset(Some(1), &Kwargs::new()).unwrap();
    env
}

/// So many actions of a policy in an agent's seat.
fn acts(policy: &mut dyn Policy, env: &Env, agent: usize, rng: &mut SeededRng, count: usize) -> Vec<i64> {
    let mut action = Value::Discrete(0);
    let mut act = || {
        policy.act(View::new(env, agent), rng, &mut action);
        match action {
            Value::Discrete(number) => number,
            ref other => panic!("expected a number, found {other:?}"),
        }
    };
    (0..count).map(|_| act()).collect()
}

#[test]
fn an_expert_of_full_skill_plays_as_advised_and_remembers_until_the_episode_ends() {
    let (env, mut rng) = (begun(), SeededRng::new(1));
    for (agent, skill) in [(0, 1.0), (1, 1.0), (0, 7.0), (1, f64::NAN), (0, f64::INFINITY)] {
        let mut expert = ExpertPolicy::new(env.spec().action_spaces[agent].clone(), skill);
        let expected: Vec<i64> = (0..6).map(|asked| (asked + agent as i64) % (4 + agent as i64)).collect();
        assert_eq!(acts(&mut expert, &env, agent, &mut rng, 6), expected, "skill {skill}");
        expert.reset();
        assert_eq!(acts(&mut expert, &env, agent, &mut rng, 2), expected[..2], "skill {skill}");
    }
}

#[test]
fn an_expert_goes_on_from_what_it_saved() {
    let (env, mut rng) = (begun(), SeededRng::new(1));
    let mut expert = ExpertPolicy::new(Space::discrete(4), 1.0);
    acts(&mut expert, &env, 0, &mut rng, 2);
    let mut state = StateWriter::new();
    expert.save(&mut state);
    assert_eq!(state.bytes().len(), size_of::<Memory>());
    let then = acts(&mut expert, &env, 0, &mut rng, 3);
    let mut other = ExpertPolicy::new(Space::discrete(4), 1.0);
    other.restore(&mut StateReader::new(state.bytes())).unwrap();
    assert_eq!((acts(&mut other, &env, 0, &mut rng, 3), then.clone()), (vec![2, 3, 0], then));
    assert!(other.restore(&mut StateReader::new(&state.bytes()[1..])).is_err());
}

#[test]
fn an_expert_of_less_skill_plays_at_random_more_often_and_is_asked_all_the_same() {
    let env = begun();
    let followed = |skill: f64| {
        let mut expert = ExpertPolicy::new(Space::discrete(4), skill);
        let played = acts(&mut expert, &env, 0, &mut SeededRng::new(3), 4_000);
        let mut state = StateWriter::new();
        expert.save(&mut state);
        assert_eq!(StateReader::new(state.bytes()).f64(), Ok(4_000.0), "skill {skill}: how often it was asked");
        played.iter().zip(0..).filter(|(action, asked)| **action == asked % 4).count()
    };
    // A random action is the expert's one time in four.
    for (skill, least, most) in [(0.0, 800, 1_200), (-3.0, 800, 1_200), (0.5, 2_300, 2_700), (1.0, 4_000, 4_000)] {
        let found = followed(skill);
        assert!((least..=most).contains(&found), "skill {skill}: {found} of 4000");
    }
}

#[test]
fn an_expert_that_does_not_answer_plays_the_same_whatever_was_played_before() {
    let tensor = |numbers: [f32; 3]| Value::Tensor(Tensor::F32(numbers.to_vec()));
    let five = Space::Discrete { n: 6, start: -3 };
    let three = Space::Box(BoxSpace::uniform(-1.0, 1.0, &[3], DType::Float32));
    for (space, held, expected) in [
        (five, [1, -2].map(Value::Discrete), [0, -3, 2, -3].map(Value::Discrete).to_vec()),
        (
            three,
            [[0.5, 0.5, 0.5], [-1.0, 0.25, 1.0]].map(tensor),
            [[1.0, 0.0, 0.0], [0.0; 3], [1.0, 0.0, 0.0], [0.0; 3]].map(tensor).to_vec(),
        ),
    ] {
        let mut spec = Spec::single("Asked-v0", space.clone(), Space::discrete(9));
        spec.action_spaces = vec![space.clone()];
        let mut env = Env::new(Box::new(Asked { spec, seldom: true }));
        env.reset(Some(1), &Kwargs::new()).unwrap();
        for held in held {
            let (mut expert, mut rng) = (ExpertPolicy::new(space.clone(), 1.0), SeededRng::new(1));
            let played: Vec<Value> = (0..4)
                .map(|_| {
                    let mut action = held.clone();
                    expert.act(View::new(&env, 0), &mut rng, &mut action);
                    action
                })
                .collect();
            assert_eq!(played, expected, "over {held:?}");
        }
    }
}

#[test]
fn nobody_is_advised_before_the_first_reset_nor_where_there_is_no_such_agent() {
    let (new, begun, mut rng) = (env(), begun(), SeededRng::new(1));
    assert!(begun.has_expert());
    for (env, agent, expected) in [(&new, 0, 2), (&begun, 2, 2), (&begun, 1, 1)] {
        let mut action = Value::Discrete(2);
        View::new(env, agent).advise(&mut Memory::default(), &mut rng, &mut action);
        assert_eq!(action, Value::Discrete(expected), "agent {agent}");
    }
}

#[test]
fn an_answer_goes_where_the_action_is() {
    let (mut memory, mut rng) = (Memory::default(), SeededRng::new(1));
    let mut ask = |action: &mut Value, answer: &dyn Fn(&mut Advice<'_>)| {
        answer(&mut Advice { agent: 0, memory: &mut memory, rng: &mut rng, action });
    };
    let mut number = Value::Discrete(0);
    ask(&mut number, &|advice| advice.discrete(3));
    assert_eq!(number, Value::Discrete(3));
    ask(&mut number, &|advice| advice.numbers(&[1.0]));
    assert_eq!(number, Value::Discrete(3), "it has no numbers");
    let mut numbers = Value::Tensor(Tensor::F32(vec![0.0, 0.5, 0.75]));
    ask(&mut numbers, &|advice| advice.numbers(&[-1.0, 0.25]));
    assert_eq!(numbers, Value::Tensor(Tensor::F32(vec![-1.0, 0.25, 0.75])), "what is missing stays");
}

#[test]
fn what_an_expert_draws_is_as_likely_as_it_says() {
    let (mut memory, mut rng, mut action) = (Memory::default(), SeededRng::new(5), Value::Discrete(0));
    let mut advice = Advice { agent: 0, memory: &mut memory, rng: &mut rng, action: &mut action };
    let mut often = |probability: f64| (0..4_000).filter(|_| advice.happens(probability)).count();
    assert_eq!((often(0.0), often(1.0)), (0, 4_000));
    let quarter = often(0.25);
    assert!((900..1_100).contains(&quarter), "{quarter} of 4000");
    let mut counts = [0; 3];
    (0..3_000).for_each(|_| counts[advice.below(3)] += 1);
    assert!(counts.iter().all(|count| (850..1_150).contains(count)), "{counts:?}");
    assert_eq!(advice.below(0), 0);
    let around: Vec<f64> = (0..4_000).map(|_| advice.around(2.0)).collect();
    let mean = around.iter().sum::<f64>() / 4_000.0;
    let variance = around.iter().map(|number| number * number).sum::<f64>() / 4_000.0;
    assert!(mean.abs() < 0.15 && (3.6..4.4).contains(&variance), "mean {mean}, variance {variance}");
}

#[test]
fn an_agent_sees_its_own_observation_and_reads_its_own_actions() {
    let env = begun();
    for (agent, actions) in [(0_usize, 4_i64), (1, 5)] {
        let view = View::new(&env, agent);
        let mut seen = ValueWriter::new();
        view.observe(&mut seen);
        assert_eq!(seen.bytes(), (agent as i64 + 7).to_le_bytes());
        let mut action = Value::Discrete(0);
        let bytes = (actions - 1).to_le_bytes();
        view.read_action(&mut ValueReader::new(&bytes), &mut action).unwrap();
        assert_eq!(action, Value::Discrete(actions - 1));
        assert!(view.read_action(&mut ValueReader::new(&bytes[1..]), &mut action).is_err());
    }
}

#[test]
fn random_actions_are_the_generators_and_a_fixed_one_is_always_the_same() {
    let env = begun();
    let space = Space::discrete(5);
    let drawn = |seed| acts(&mut RandomPolicy::new(space.clone()), &env, 1, &mut SeededRng::new(seed), 200);
    assert_eq!(drawn(1), drawn(1));
    assert_ne!(drawn(1), drawn(2));
    assert!((0..5).all(|action| drawn(1).contains(&action)), "every action is drawn");
    let mut fixed = FixedPolicy::new(Value::Discrete(3));
    assert_eq!(acts(&mut fixed, &env, 0, &mut SeededRng::new(1), 3), [3; 3]);
    let mut state = StateWriter::new();
    fixed.save(&mut state);
    assert!(state.bytes().is_empty() && fixed.restore(&mut StateReader::new(&[])).is_ok(), "it remembers nothing");
}
