//! Many environments with one agent each, stepped together in Rust, without the interpreter's lock.
use std::time::Instant;

use numpy::PyArray1;
use palaestra_env::returns::{OUTCOME, info_space};
use palaestra_env::{Env, EnvError, Kwargs, Phase, Spec, Value, ValueWriter};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::alone::Alone;
use crate::batch::{Row, batch, members};
use crate::error::{ActionError, ArgumentError, of_decoding, of_env, of_make};
use crate::json::{kwargs as read_kwargs, shown};
use crate::pace::Pace;
use crate::picture::Picture;

/// When an environment whose episode is over starts the next one: `gymnasium.vector.AutoresetMode`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Autoreset {
    NextStep,
    SameStep,
    Disabled,
}

/// One of the environments.
struct Slot {
    env: Env,
    /// What its last reset or step returned.
    returns: ValueWriter,
    phase: Phase,
    /// What the step returned that ended its episode, where it has been reset since.
    last: Option<ValueWriter>,
}

/// What a step of one of them earned, and whether it ended the episode.
#[derive(Clone, Copy, Default)]
struct Outcome {
    reward: f64,
    terminated: bool,
    truncated: bool,
}

impl Outcome {
    fn over(self) -> bool {
        self.terminated || self.truncated
    }
}

/// Environments of one kind.
#[pyclass(module = "palaestra._native")]
pub(crate) struct NativeVector {
    slots: Alone<Vec<Slot>>,
    // Of every environment, side by side and apart from it: thousands of environments do not fit into a cache, these do.
    actions: Vec<Value>,
    outcomes: Vec<Outcome>,
    spec: Spec,
    autoreset: Autoreset,
    limit: u32,
    /// None: the threads of the whole process.
    pool: Option<ThreadPool>,
    pace: Pace,
    pictures: Vec<Picture>,
}

/// The observations; rewards, terminated and truncated; of every environment its info, or None where all are empty; and of those
/// that were reset within the step their place, last observation and last info.
type Stepped<'py> = (Bound<'py, PyAny>, [Bound<'py, PyAny>; 3], Option<Bound<'py, PyList>>, Bound<'py, PyList>);

#[pymethods]
impl NativeVector {
    /// So many of the environment that has this id, with these keyword arguments. `threads`: None for as many as the machine has
    /// and the work is worth.
    #[new]
    fn new(
        id: &str,
        kwargs: Option<&Bound<'_, PyDict>>,
        count: usize,
        autoreset: &str,
        max_episode_steps: Option<u32>,
        threads: Option<usize>,
    ) -> PyResult<Self> {
        let kwargs = read_kwargs(kwargs)?;
        let autoreset = match autoreset {
            "NextStep" => Autoreset::NextStep,
            "SameStep" => Autoreset::SameStep,
            "Disabled" => Autoreset::Disabled,
            other => {
                let message =
                    format!("argument `autoreset_mode`: expected NextStep, SameStep or Disabled, found {other}");
                return Err(ArgumentError::new_err(message));
            }
        };
        let slots = (0..count).map(|_| Slot::new(id, &kwargs)).collect::<PyResult<Vec<_>>>()?;
        let Some(spec) = slots.first().map(|slot| slot.env.spec().clone()) else {
            return Err(ArgumentError::new_err("argument `num_envs`: expected 1 or more, found 0"));
        };
        if threads == Some(0) {
            return Err(ArgumentError::new_err("argument `threads`: expected 1 or more, or None, found 0"));
        }
        let several = threads.filter(|threads| *threads > 1);
        let pool = several.map(|threads| ThreadPoolBuilder::new().num_threads(threads).build()).transpose();
        let pool = pool.map_err(|error| ArgumentError::new_err(format!("argument `threads`: {error}")))?;
        let pace = if threads == Some(1) { Pace::alone() } else { Pace::default() };
        let limit = max_episode_steps.unwrap_or(u32::MAX);
        let action = spec.action_spaces.first().map_or(Value::None, Value::blank);
        let (actions, outcomes) = (vec![action; count], vec![Outcome::default(); count]);
        Ok(Self {
            slots: Alone::new(slots),
            actions,
            outcomes,
            spec,
            autoreset,
            limit,
            pool,
            pace,
            pictures: Vec::new(),
        })
    }

    /// Names, spaces and limits of each.
    fn spec<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        crate::spec::told(py, &self.spec)
    }

    /// Starts an episode in those that `mask` has true, each from its own seed: the observations of all, and the infos.
    fn reset<'py>(
        &mut self,
        py: Python<'py>,
        seeds: Vec<Option<u64>>,
        options: Option<&Bound<'py, PyDict>>,
        mask: Vec<bool>,
    ) -> PyResult<(Bound<'py, PyAny>, Option<Bound<'py, PyList>>)> {
        let options = read_kwargs(options)?;
        let all = self.slots.get().iter_mut().zip(&mut self.outcomes);
        for (((slot, outcome), seed), chosen) in all.zip(seeds).zip(mask) {
            if chosen {
                slot.reset(seed, &options).map_err(of_env)?;
                *outcome = Outcome::default();
            }
        }
        Ok((self.observations(py)?, self.infos(py)?))
    }

    /// Steps them all, given a batch of actions.
    fn step<'py>(&mut self, py: Python<'py>, actions: &Bound<'py, PyAny>) -> PyResult<Stepped<'py>> {
        self.read_actions(actions)?;
        let (autoreset, limit) = (self.autoreset, self.limit);
        let (slots, pool, pace) = (self.slots.get(), self.pool.as_ref(), &mut self.pace);
        let (actions, outcomes) = (&self.actions, &mut self.outcomes);
        let done = py.detach(|| {
            let (began, shared) = (Instant::now(), pace.shares());
            let step = |((slot, action), outcome): ((&mut Slot, &Value), &mut Outcome)| {
                *outcome = slot.step(action, outcome.over(), autoreset, limit)?;
                Ok(())
            };
            let share = |slots: &mut Vec<Slot>, outcomes: &mut Vec<Outcome>| {
                // Several parts a thread: one that the system takes away must not keep the others waiting.
                let part = slots.len().div_ceil(4 * rayon::current_num_threads()).max(1);
                let all = slots.par_iter_mut().zip(actions).zip(outcomes);
                all.with_min_len(part).try_for_each(step)
            };
            let done = match pool {
                _ if !shared => slots.iter_mut().zip(actions).zip(outcomes).try_for_each(step),
                Some(pool) => pool.install(|| share(slots, outcomes)),
                None => share(slots, outcomes),
            };
            pace.took(shared, began.elapsed());
            done
        });
        done.map_err(of_env)?;
        let outcomes = &self.outcomes;
        let rewards = outcomes.iter().map(|outcome| outcome.reward).collect();
        let flags = |flag: fn(&Outcome) -> bool| PyArray1::from_vec(py, outcomes.iter().map(flag).collect()).into_any();
        let outcome = [
            PyArray1::from_vec(py, rewards).into_any(),
            flags(|outcome| outcome.terminated),
            flags(|outcome| outcome.truncated),
        ];
        let last = self.last(py)?;
        Ok((self.observations(py)?, outcome, self.infos(py)?, last))
    }

    /// The pictures of all.
    fn render<'py>(&mut self, py: Python<'py>, width: u32) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let slots = self.slots.get();
        for slot in slots.iter().skip(self.pictures.len()) {
            self.pictures.push(Picture::new(&slot.env, width)?);
        }
        slots.iter_mut().zip(&mut self.pictures).map(|(slot, picture)| picture.paint(py, &mut slot.env)).collect()
    }
}

impl NativeVector {
    /// Reads and checks all actions before any is played.
    fn read_actions(&mut self, given: &Bound<'_, PyAny>) -> PyResult<()> {
        let Some(space) = self.spec.action_spaces.first() else { return Ok(()) };
        if members(space, given, &mut self.actions).is_none() {
            let (count, given) = (self.actions.len(), shown(given));
            return Err(ActionError::new_err(format!("expected {count} members of {space}, found {given}")));
        }
        for (index, (action, outcome)) in self.actions.iter().zip(&self.outcomes).enumerate() {
            let passed_over = self.autoreset == Autoreset::NextStep && outcome.over();
            if !passed_over && !self.spec.takes(space, action) {
                let message = format!("environment {index}: expected a member of {space}, found {action}");
                return Err(ActionError::new_err(message));
            }
        }
        Ok(())
    }

    fn observations<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let seen = |slot| Row::new(Slot::seen(slot));
        let mut rows: Vec<Row<'_>> = self.slots.get().iter().map(seen).collect();
        match self.spec.observation_spaces.first() {
            Some(space) => batch(py, space, &mut rows),
            None => Ok(py.None().into_bound(py)),
        }
    }

    fn infos<'py>(&mut self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyList>>> {
        let empty =
            |phase| matches!(info_space(&self.spec, phase), palaestra_env::Space::Dict { spaces } if spaces.is_empty());
        if empty(Phase::Reset) && empty(Phase::Step) {
            return Ok(None);
        }
        let infos = PyList::empty(py);
        for slot in self.slots.get().iter() {
            infos.append(info(py, &self.spec, slot.seen(), slot.phase)?)?;
        }
        Ok(Some(infos))
    }

    fn last<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let ended = PyList::empty(py);
        if self.autoreset != Autoreset::SameStep {
            return Ok(ended);
        }
        let Some(space) = self.spec.observation_spaces.first() else { return Ok(ended) };
        for (index, slot) in self.slots.get().iter().enumerate() {
            let Some(last) = &slot.last else { continue };
            let returned = last.bytes().get(OUTCOME..).unwrap_or_default();
            let observation = Row::new(returned).member(py, space)?;
            ended.append((index, observation, info(py, &self.spec, returned, Phase::Step)?))?;
        }
        Ok(ended)
    }
}

/// The info behind an observation.
fn info<'py>(py: Python<'py>, spec: &Spec, seen: &[u8], phase: Phase) -> PyResult<Bound<'py, PyAny>> {
    let mut row = Row::new(seen);
    spec.observation_spaces.first().map_or(Ok(()), |space| row.skip(space)).map_err(of_decoding)?;
    row.member(py, info_space(spec, phase))
}

impl Slot {
    fn new(id: &str, kwargs: &Kwargs) -> PyResult<Self> {
        let env = palaestra_envs::make(id, kwargs).map_err(of_make)?;
        if env.spec().agents.len() != 1 {
            let found = env.spec().agents.len();
            return Err(ArgumentError::new_err(format!("{id}: expected an environment with one agent, found {found}")));
        }
        Ok(Self { env, returns: ValueWriter::new(), phase: Phase::Reset, last: None })
    }

    /// What it returned last, without reward and flags.
    fn seen(&self) -> &[u8] {
        self.returns.bytes().get(OUTCOME..).unwrap_or_default()
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), EnvError> {
        self.env.reset(seed, options)?;
        self.write(Phase::Reset);
        Ok(())
    }

    fn write(&mut self, phase: Phase) {
        self.returns.clear();
        self.env.write_returns(&mut self.returns);
        self.phase = phase;
    }

    /// Plays an action, or begins the next episode, where the last one is `over`.
    fn step(&mut self, action: &Value, over: bool, autoreset: Autoreset, limit: u32) -> Result<Outcome, EnvError> {
        self.last = None;
        if autoreset == Autoreset::NextStep && over {
            self.reset(None, &Kwargs::new())?;
            return Ok(Outcome::default());
        }
        let stepped = self.env.step(std::slice::from_ref(action))?;
        let first = |flags: &[bool]| flags.first().copied().unwrap_or_default();
        let mut outcome = Outcome {
            reward: stepped.rewards.first().copied().unwrap_or_default(),
            terminated: first(&stepped.terminated),
            truncated: first(&stepped.truncated),
        };
        outcome.truncated |= self.env.elapsed() >= limit;
        self.write(Phase::Step);
        if autoreset == Autoreset::SameStep && outcome.over() {
            let last = std::mem::take(&mut self.returns);
            self.reset(None, &Kwargs::new())?;
            self.last = Some(last);
        }
        Ok(outcome)
    }
}
