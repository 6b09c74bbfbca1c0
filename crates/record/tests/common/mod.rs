//! Small environments to record, and ways to record them.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "tests, of which each uses its own part"
)]

use palaestra_env::{
    ArgumentError, Arguments, BoxSpace, DType, Env, Environment, JointAction, Kwargs, MakeError, Outcome, Phase,
    RestoreError, Scene, SeededRng, Sharing, Space, Spec, StateReader, StateWriter, StepError, Value, ValueWriter,
};
use palaestra_record::{Failure, Header, Limits, Recorder, Report, verify, write_jsonl};
use serde_json::Value as Json;

pub const METRICS: [&str; 2] = ["t_input", "t_painted"];

/// Counts up and down with some noise, and ends at five: one agent, a Dict of everything to see, a reward that is no whole
/// number. Takes `scale`; a reset takes `start`.
pub struct Counter {
    spec: Spec,
    rng: SeededRng,
    scale: f64,
    count: i64,
    noise: [f32; 2],
}

impl Counter {
    fn make(kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let mut arguments = Arguments::new(kwargs);
        let scale = arguments.number("scale", 0.1)?;
        arguments.finish()?;
        let seen = Space::dict([
            ("noise", Space::Box(BoxSpace::uniform(-1.0, 1.0, &[2], DType::Float32))),
            ("count", Space::Discrete { n: 11, start: -5 }),
            ("odd", Space::discrete(2)),
            ("sign", Space::optional(Space::text(8))),
            ("grid", Space::Box(BoxSpace::uniform(0.0, 9.0, &[2, 1], DType::Uint8))),
            ("last", Space::sequence(Space::tuple([Space::discrete(6), Space::MultiBinary { n: 2 }]))),
        ]);
        let mut spec = Spec::single("Counter-v0", Space::Discrete { n: 3, start: -1 }, seen);
        spec.reset_info = Space::dict([("prob", Space::discrete(2))]);
        spec.step_info = Space::dict([
            ("prob", Space::Box(BoxSpace::uniform(0.0, 1.0, &[], DType::Float64))),
            ("ale.lives", Space::discrete(10)),
        ]);
        spec.max_episode_steps = Some(20);
        Ok(Self { spec, rng: SeededRng::new(0), scale, count: 0, noise: [0.0; 2] })
    }

    fn draw_noise(&mut self) {
        self.noise = [self.rng.uniform(-1.0, 1.0) as f32, -0.0];
    }
}

impl Environment for Counter {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        let mut arguments = Arguments::new(options);
        let start = arguments.integer("start", -4..=4, 0)?;
        arguments.finish()?;
        if let Some(seed) = seed {
            self.rng = SeededRng::new(seed);
        }
        self.count = start;
        self.draw_noise();
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        if self.count.abs() >= 5 {
            return Err(StepError::EpisodeOver);
        }
        self.count += action.discrete(0);
        self.draw_noise();
        outcome.share(self.scale * self.rng.random() + self.count as f64, self.count.abs() >= 5, false);
        Ok(())
    }

    fn observe(&self, _agent: usize, out: &mut ValueWriter) {
        out.f32s(&self.noise);
        out.discrete(self.count);
        out.discrete(self.count.rem_euclid(2));
        match self.count.signum() {
            0 => out.one_of(0),
            sign => {
                out.one_of(1);
                out.text(if sign > 0 { "plus" } else { "minus" });
            }
        }
        out.u8s(&[self.count.unsigned_abs() as u8, 9]);
        out.sequence(self.count.unsigned_abs() as usize);
        for index in 0..self.count.abs() {
            out.discrete(index);
            out.u8s(&[1, 0]);
        }
    }

    fn info(&self, phase: Phase, out: &mut ValueWriter) {
        match phase {
            Phase::Reset => out.discrete(1),
            Phase::Step => {
                out.f64s(&[1.0 / 3.0]);
                out.discrete(3);
            }
        }
    }

    fn draw(&self, _scene: &mut Scene) {}

    fn save(&self, out: &mut StateWriter) {
        out.rng(&self.rng);
        out.i64(self.count);
        self.noise.iter().for_each(|noise| out.f32(*noise));
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        self.rng = state.rng()?;
        self.count = state.i64()?;
        self.noise = [state.f32()?, state.f32()?];
        Ok(())
    }
}

/// Two agents with nothing in common: actions, observations, rewards and ends of their own. Each sees the other's last
/// number in every bit.
pub struct Duel {
    spec: Spec,
    last: f64,
    turns: i64,
}

impl Duel {
    fn make() -> Self {
        let number = || Space::Box(BoxSpace::uniform(f64::NEG_INFINITY, f64::INFINITY, &[1], DType::Float64));
        let single = Spec::single("Duel-v0", number(), number());
        let spec = Spec {
            agents: vec!["blue".into(), "red".into()],
            action_spaces: vec![number(), Space::MultiDiscrete { nvec: vec![4, 4] }],
            observation_spaces: vec![number(), Space::dict([("turns", Space::discrete(1 << 40))])],
            observation: Sharing::PerAgent,
            reward: Sharing::PerAgent,
            ended: Sharing::PerAgent,
            ..single
        };
        Self { spec, last: 0.0, turns: 0 }
    }
}

impl Environment for Duel {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, _seed: Option<u64>, _options: &Kwargs) -> Result<(), ArgumentError> {
        (self.last, self.turns) = (0.0, 0);
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        if let Value::Tensor(tensor) = action.get(0) {
            self.last = tensor.get(0).unwrap_or_default();
        }
        self.turns += action.multi_discrete(1).iter().sum::<i64>();
        outcome.rewards.copy_from_slice(&[self.last, -0.5]);
        outcome.terminated.copy_from_slice(&[self.turns > 6, false]);
        outcome.truncated.copy_from_slice(&[false, self.turns > 9]);
        Ok(())
    }

    fn observe(&self, agent: usize, out: &mut ValueWriter) {
        if agent == 0 { out.f64s(&[self.last]) } else { out.discrete(self.turns) }
    }

    fn draw(&self, _scene: &mut Scene) {}

    fn save(&self, out: &mut StateWriter) {
        out.f64(self.last);
        out.i64(self.turns);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        (self.last, self.turns) = (state.f64()?, state.i64()?);
        Ok(())
    }
}

/// Shows a colour picture of 640 by 480 points, as an emulator does.
pub struct Screen {
    spec: Spec,
    shade: u8,
}

impl Screen {
    fn make() -> Self {
        let picture = Space::Box(BoxSpace::uniform(0.0, 255.0, &[480, 640, 3], DType::Uint8));
        Self { spec: Spec::single("Screen-v0", Space::discrete(2), picture), shade: 0 }
    }
}

impl Environment for Screen {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, _seed: Option<u64>, _options: &Kwargs) -> Result<(), ArgumentError> {
        self.shade = 255;
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, _outcome: &mut Outcome) -> Result<(), StepError> {
        self.shade = self.shade.wrapping_sub(action.discrete(0) as u8);
        Ok(())
    }

    fn observe(&self, _agent: usize, out: &mut ValueWriter) {
        out.u8s(&[self.shade; 480 * 640 * 3]);
    }

    fn draw(&self, _scene: &mut Scene) {}

    fn save(&self, out: &mut StateWriter) {
        out.u8(self.shade);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        self.shade = state.u8()?;
        Ok(())
    }
}

pub fn make(id: &str, kwargs: &Kwargs) -> Result<Env, MakeError> {
    match id {
        "Counter-v0" => Ok(Env::new(Box::new(Counter::make(kwargs)?))),
        "Screen-v0" => Ok(Env::new(Box::new(Screen::make()))),
        "Duel-v0" => Ok(Env::new(Box::new(Duel::make()))),
        _ => Err(MakeError::UnknownId { id: id.to_owned(), nearest: None }),
    }
}

/// Plays an environment and records what happens, as a session does.
pub struct Session {
    pub env: Env,
    pub recorder: Recorder,
    pub header: Header,
    bytes: ValueWriter,
    actions: ValueWriter,
}

impl Session {
    pub fn new(id: &str) -> Self {
        let env = make(id, &Kwargs::new()).unwrap();
        let header = Header::new(id, Kwargs::new(), Some(7));
        let recorder = Recorder::new(env.spec().agents.len());
        Self { env, recorder, header, bytes: ValueWriter::new(), actions: ValueWriter::new() }
    }

    pub fn reset(&mut self, seed: Option<u64>, options: &str) {
        let given: Kwargs = if options.is_empty() { Kwargs::new() } else { serde_json::from_str(options).unwrap() };
        self.env.reset(seed, &given).unwrap();
        self.bytes.clear();
        self.env.write_returns(&mut self.bytes);
        self.recorder.reset(seed, options, self.bytes.bytes());
    }

    pub fn step(&mut self, actions: &[Value], metrics: &[f64]) {
        self.env.step(actions).unwrap();
        self.actions.clear();
        actions.iter().for_each(|action| self.actions.value(action));
        self.bytes.clear();
        self.env.write_returns(&mut self.bytes);
        self.recorder.step(self.actions.bytes(), self.bytes.bytes(), metrics, Some(self.env.hash())).unwrap();
    }

    pub fn record(&self) -> String {
        self.record_with(&METRICS)
    }

    /// The record, whose steps' numbers have these names.
    pub fn record_with(&self, names: &[&str]) -> String {
        let mut text = Vec::new();
        write_jsonl(&self.header, self.env.spec(), &self.recorder.record(), names, &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }
}

/// Eight steps of the counter: up to five, where the episode ends, and three of a second one that starts at -2.
pub fn counter_record() -> String {
    let mut session = Session::new("Counter-v0");
    session.recorder.event(r#"{"state":"playing","time":12.5}"#);
    session.reset(Some(42), "");
    for _ in 0..5 {
        session.step(&[Value::Discrete(1)], &[1.5, f64::NAN]);
    }
    session.reset(None, r#"{"start":-2}"#);
    for action in [1, 0, -1] {
        session.step(&[Value::Discrete(action)], &[]);
    }
    session.recorder.event("not JSON");
    session.record()
}

pub fn duel_action(number: f64, turns: [i64; 2]) -> [Value; 2] {
    [Value::Tensor(palaestra_env::Tensor::F64(vec![number])), Value::MultiDiscrete(turns.to_vec())]
}

pub fn duel_record() -> String {
    let mut session = Session::new("Duel-v0");
    session.reset(None, "");
    for (number, turns) in [(0.1, [3, 1]), (-0.0, [0, 3]), (1e300, [1, 2])] {
        session.step(&duel_action(number, turns), &[]);
    }
    session.record()
}

pub fn replay(text: impl AsRef<[u8]>) -> Result<Report, Failure> {
    verify(text.as_ref(), make, Limits::default())
}

/// The record's lines, parsed.
pub fn lines(record: &str) -> Vec<Json> {
    record.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub fn joined(lines: &[Json]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The record with one line changed.
pub fn changed(record: &str, line: usize, change: impl FnOnce(&mut Json)) -> String {
    let mut lines = lines(record);
    change(&mut lines[line]);
    joined(&lines)
}

/// The record as another implementation's.
pub fn foreign(record: &str) -> String {
    changed(record, 0, |header| header["package"] = "gymnasium".into())
}
