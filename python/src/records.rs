//! Verifying a record, and what its replay returned.
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use numpy::{PyArray1, PyArrayMethods};
use palaestra_env::returns::{OUTCOME, OUTCOME_FLAGS, TERMINATED, TRUNCATED, info_space};
use palaestra_env::{Env, Kwargs, MakeError, Phase, Spec, Value, ValueWriter};
use palaestra_record::{Failure, Header, Limits, Line, Player, Reader, Refusal, Report};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use serde_json::Value as Json;

use crate::batch::{Row, batch};
use crate::error::{PalaestraError, of_record};

/// Replays a record, plain or gzipped, and compares every step: how many steps and episodes it has.
#[pyfunction]
pub(crate) fn verify(py: Python<'_>, record: &[u8]) -> PyResult<(u64, u64)> {
    let found = py.detach(|| palaestra_record::verify(record, palaestra_envs::make, Limits::default()));
    let Report { steps, episodes, .. } = found.map_err(|failure| of_record(py, &failure))?;
    Ok((steps, episodes))
}

/// Plays a record, and keeps what was played and what came back.
struct Keeper {
    env: Env,
    log: Log,
}

type Log = Arc<Mutex<Vec<Episode>>>;

/// An episode: what was done, and the bytes that came back.
#[derive(Default)]
struct Episode {
    seed: Option<u64>,
    options: Kwargs,
    reset: Vec<u8>,
    /// Of every step the joint action, one member per agent one after another, and what it returned.
    steps: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Keeper {
    fn keep(&self, with: impl FnOnce(&mut Vec<Episode>, Vec<u8>)) {
        let mut returns = ValueWriter::new();
        self.env.write_returns(&mut returns);
        with(&mut self.log.lock().unwrap_or_else(PoisonError::into_inner), returns.bytes().to_vec());
    }
}

impl Player for Keeper {
    fn spec(&self) -> &Spec {
        self.env.spec()
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), Refusal> {
        self.env.reset(seed, options)?;
        let options = options.clone();
        self.keep(|log, reset| log.push(Episode { seed, options, reset, steps: Vec::new() }));
        Ok(())
    }

    fn step(&mut self, actions: &[Value]) -> Result<(), Refusal> {
        self.env.step(actions)?;
        let mut played = ValueWriter::new();
        actions.iter().for_each(|action| played.value(action));
        // Without a reset before it, no step is taken.
        self.keep(|log, returned| {
            log.last_mut()
                .into_iter()
                .for_each(|episode| episode.steps.push((played.bytes().to_vec(), returned.clone())));
        });
        Ok(())
    }

    fn phase(&self) -> Phase {
        self.env.phase()
    }

    fn returns(&self, out: &mut ValueWriter) {
        self.env.write_returns(out);
    }

    fn hash(&mut self) -> Result<u64, Refusal> {
        Ok(self.env.hash())
    }
}

/// A record that was verified, and what its replay returned.
#[pyclass(frozen, module = "palaestra._native")]
pub(crate) struct NativeReplay {
    header: Header,
    spec: Spec,
    episodes: Vec<Episode>,
    /// What the browser measured, a number per step, by name; NaN where it measured nothing.
    metrics: BTreeMap<String, Vec<f64>>,
}

#[pymethods]
impl NativeReplay {
    /// Replays a record, plain or gzipped, comparing every step.
    #[new]
    fn new(py: Python<'_>, record: &[u8]) -> PyResult<Self> {
        py.detach(|| replay(record)).map_err(|failure| of_record(py, &failure))
    }

    /// The record's first line, as JSON.
    fn header(&self) -> PyResult<String> {
        serde_json::to_string(&self.header).map_err(|error| PalaestraError::new_err(error.to_string()))
    }

    /// Names, spaces and limits of the environment.
    fn spec<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        crate::spec::told(py, &self.spec)
    }

    /// The lengths of the episodes, in steps.
    fn lengths(&self) -> Vec<usize> {
        self.episodes.iter().map(|episode| episode.steps.len()).collect()
    }

    /// The metrics of all steps: a float64 array per name.
    fn metrics<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let told = PyDict::new(py);
        for (name, values) in &self.metrics {
            told.set_item(name, PyArray1::from_slice(py, values))?;
        }
        Ok(told)
    }

    /// An episode as arrays: `seed` and `options` (JSON) of its reset, `observations` (a list: one batch, or one per agent, of a
    /// member more than there are steps), `actions` (a list of one batch per agent), `rewards`, `terminated` and `truncated`
    /// (steps × agents), `reset_info`, and `infos` as a batch.
    fn episode<'py>(&self, py: Python<'py>, index: usize) -> PyResult<Bound<'py, PyDict>> {
        let Some(episode) = self.episodes.get(index) else {
            let count = self.episodes.len();
            return Err(PalaestraError::new_err(format!("expected an episode below {count}, found {index}")));
        };
        let agents = self.spec.agents.len();
        let head = agents * OUTCOME;
        let returned = |bytes: &'_ Vec<u8>| -> usize { head.min(bytes.len()) };
        let rows = std::iter::once(&episode.reset).chain(episode.steps.iter().map(|(_, returned)| returned));
        let mut seen: Vec<Row<'_>> =
            rows.map(|bytes| Row::new(bytes.get(returned(bytes)..).unwrap_or_default())).collect();
        let told = PyDict::new(py);
        told.set_item("seed", episode.seed)?;
        told.set_item("options", Json::Object(episode.options.clone()).to_string())?;
        let observations = PyList::empty(py);
        for space in self.spec.observation_spaces.iter().take(self.spec.observations()) {
            observations.append(batch(py, space, &mut seen)?)?;
        }
        told.set_item("observations", observations)?;
        if let Some((reset, steps)) = seen.split_first_mut() {
            told.set_item("reset_info", reset.member(py, info_space(&self.spec, Phase::Reset))?)?;
            told.set_item("infos", batch(py, info_space(&self.spec, Phase::Step), steps)?)?;
        }
        let mut played: Vec<Row<'_>> = episode.steps.iter().map(|(actions, _)| Row::new(actions)).collect();
        let actions = PyList::empty(py);
        for space in &self.spec.action_spaces {
            actions.append(batch(py, space, &mut played)?)?;
        }
        told.set_item("actions", actions)?;
        let outcomes = || {
            episode.steps.iter().flat_map(move |(_, bytes)| {
                let (outcomes, _) = bytes.get(..head).unwrap_or_default().as_chunks::<OUTCOME>();
                outcomes.iter()
            })
        };
        let reward = |outcome: &[u8; OUTCOME]| f64::from_le_bytes(outcome.first_chunk().copied().unwrap_or_default());
        let flag = |bit: u8| {
            let raised = outcomes().map(|outcome| outcome.get(OUTCOME_FLAGS).is_some_and(|flags| flags & bit != 0));
            PyArray1::from_vec(py, raised.collect()).reshape([episode.steps.len(), agents])
        };
        let rewards = PyArray1::from_vec(py, outcomes().map(reward).collect());
        told.set_item("rewards", rewards.reshape([episode.steps.len(), agents])?)?;
        told.set_item("terminated", flag(TERMINATED)?)?;
        told.set_item("truncated", flag(TRUNCATED)?)?;
        Ok(told)
    }
}

fn replay(record: &[u8]) -> Result<NativeReplay, Failure> {
    let (log, made) = (Log::default(), Arc::new(Mutex::new(None)));
    let make = |id: &str, kwargs: &Kwargs| -> Result<Keeper, MakeError> {
        let env = palaestra_envs::make(id, kwargs)?;
        *made.lock().unwrap_or_else(PoisonError::into_inner) = Some(env.spec().clone());
        Ok(Keeper { env, log: log.clone() })
    };
    palaestra_record::verify(record, make, Limits::default())?;
    let episodes = std::mem::take(&mut *log.lock().unwrap_or_else(PoisonError::into_inner));
    let spec = made.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (mut header, mut metrics, mut steps) = (Header::default(), BTreeMap::new(), 0);
    for line in Reader::new(record, Limits::default()) {
        match line?.line {
            Line::Header(first) => header = first,
            Line::Step(step) => {
                for (name, value) in &step.metrics {
                    let column: &mut Vec<f64> = metrics.entry(name.clone()).or_default();
                    column.resize(steps, f64::NAN);
                    column.push(value.as_f64().unwrap_or(f64::NAN));
                }
                steps += 1;
            }
            _ => {}
        }
    }
    metrics.values_mut().for_each(|column| column.resize(steps, f64::NAN));
    // A record that was verified had an environment made for it.
    let spec = spec.ok_or(Failure::NoEnd { steps: 0 })?;
    Ok(NativeReplay { header, spec, episodes, metrics })
}
