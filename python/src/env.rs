//! One environment.
use palaestra_env::returns::info_space;
use palaestra_env::{Env, EnvError, Kwargs, Outcome, Sharing, Spec, StateWriter, Value, ValueReader, ValueWriter};
use palaestra_record::{Header, Recorder, compress, write_jsonl};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};
use serde_json::Value as Json;

use crate::alone::Alone;
use crate::error::{PalaestraError, StateError, of_decoding, of_env, of_make, of_state};
use crate::json::{kwargs as read_kwargs, shown};
use crate::picture::Picture;
use crate::value::{from_python, to_python};

/// An environment, as the Python classes drive it: one observation and one action per agent. What all see the same each is given
/// for itself: whoever changes what one agent sees changes nobody else's.
#[pyclass(module = "palaestra._native")]
pub(crate) struct NativeEnv {
    env: Alone<Env>,
    spec: Spec,
    id: String,
    kwargs: Kwargs,
    actions: Vec<Value>,
    returns: ValueWriter,
    recorder: Option<Recorder>,
    picture: Option<Picture>,
}

/// Rewards, terminated and truncated, an element per agent.
type Outcomes = (Vec<f64>, Vec<bool>, Vec<bool>);

/// What `gymnasium.Env.step` returns.
type SteppedAlone<'py> = (Bound<'py, PyAny>, f64, bool, bool, Bound<'py, PyAny>);

#[pymethods]
impl NativeEnv {
    /// The environment that `palaestra.make` takes by this id, with these keyword arguments. With `record` all that is played
    /// is recorded.
    #[new]
    #[pyo3(signature = (id, kwargs = None, record = false))]
    fn new(id: String, kwargs: Option<&Bound<'_, PyDict>>, record: bool) -> PyResult<Self> {
        let kwargs = read_kwargs(kwargs)?;
        let env = palaestra_envs::make(&id, &kwargs).map_err(of_make)?;
        let spec = env.spec().clone();
        let recorder = record.then(|| Recorder::new(spec.agents.len()));
        let (env, returns, picture) = (Alone::new(env), ValueWriter::new(), None);
        Ok(Self { env, spec, id, kwargs, actions: Vec::new(), returns, recorder, picture })
    }

    /// Names, spaces and limits.
    fn spec<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        crate::spec::told(py, &self.spec)
    }

    /// Starts an episode: the observations, one per agent, and the info.
    #[pyo3(signature = (seed, options = None))]
    fn reset<'py>(
        &mut self,
        py: Python<'py>,
        seed: Option<u64>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<(Bound<'py, PyList>, Bound<'py, PyAny>)> {
        let options = read_kwargs(options)?;
        let env = self.env.get();
        env.reset(seed, &options).map_err(of_env)?;
        self.write_returns();
        if let Some(recorder) = &mut self.recorder {
            let text = if options.is_empty() { String::new() } else { Json::Object(options).to_string() };
            recorder.reset(seed, &text, self.returns.bytes());
        }
        self.seen(py).map(|(_, observations, info)| (observations, info))
    }

    /// Advances by one step, given one action per agent: the observations, one per agent, then of every agent its reward and
    /// flags, and the info.
    fn step<'py>(
        &mut self,
        py: Python<'py>,
        actions: Vec<Bound<'py, PyAny>>,
    ) -> PyResult<(Bound<'py, PyList>, Outcomes, Bound<'py, PyAny>)> {
        self.read_actions(&actions)?;
        self.advance()?;
        let (Outcome { rewards, terminated, truncated }, observations, info) = self.seen(py)?;
        Ok((observations, (rewards, terminated, truncated), info))
    }

    /// The same for an environment with one agent, as `gymnasium.Env.step` returns it.
    fn step_alone<'py>(&mut self, py: Python<'py>, action: Bound<'py, PyAny>) -> PyResult<SteppedAlone<'py>> {
        self.read_actions(std::slice::from_ref(&action))?;
        self.advance()?;
        let mut reader = ValueReader::new(self.returns.bytes());
        let outcome = Outcome::read(self.spec.agents.len(), &mut reader).map_err(of_decoding)?;
        let observation = match self.spec.observation_spaces.first() {
            Some(space) => to_python(py, space, reader.read(space).map_err(of_decoding)?)?,
            None => py.None().into_bound(py),
        };
        let info = to_python(py, &self.spec.step_info, reader.read(&self.spec.step_info).map_err(of_decoding)?)?;
        let first = |flags: &[bool]| flags.first().copied().unwrap_or_default();
        let reward = outcome.rewards.first().copied().unwrap_or_default();
        Ok((observation, reward, first(&outcome.terminated), first(&outcome.truncated), info))
    }

    /// Everything the future depends on, the generator included.
    fn save<'py>(&mut self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let mut state = StateWriter::new();
        self.env.get().save(&mut state);
        PyBytes::new(py, state.bytes())
    }

    /// Goes back to a saved state.
    fn restore(&mut self, state: &[u8]) -> PyResult<()> {
        if self.recorder.is_some() {
            return Err(StateError::new_err(
                "expected an environment that records nothing: no record goes back in time",
            ));
        }
        self.env.get().restore(state).map_err(of_state)
    }

    /// The hash of the present state, 64 bits.
    fn hash(&mut self) -> u64 {
        self.env.get().hash()
    }

    /// The picture of the present state, so many pixels across: uint8, height × width × 3.
    fn render<'py>(&mut self, py: Python<'py>, width: u32) -> PyResult<Bound<'py, PyAny>> {
        let env = self.env.get();
        let picture = match &mut self.picture {
            Some(picture) => picture,
            none => none.insert(Picture::new(env, width)?),
        };
        picture.paint(py, env)
    }

    /// What was played so far as a record, gzipped if asked for. `header` are fields of one's own for its first line.
    fn record<'py>(
        &mut self,
        py: Python<'py>,
        gzip: bool,
        policy: Option<String>,
        header: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let told = |error: &dyn std::fmt::Display| PalaestraError::new_err(error.to_string());
        let Some(recorder) = &self.recorder else {
            return Err(PalaestraError::new_err("expected an environment made with record=True, found one without"));
        };
        let mut first = Header::new(&self.id, self.kwargs.clone(), recorder.seed());
        (first.policy, first.rest) = (policy, read_kwargs(header)?);
        first.check_names().map_err(|error| told(&error))?;
        let mut bytes = Vec::new();
        write_jsonl(&first, &self.spec, &recorder.record(), &[], &mut bytes).map_err(|error| told(&error))?;
        let bytes = if gzip { compress(&bytes).map_err(|error| told(&error))? } else { bytes };
        Ok(PyBytes::new(py, &bytes))
    }
}

impl NativeEnv {
    fn read_actions(&mut self, given: &[Bound<'_, PyAny>]) -> PyResult<()> {
        let spaces = &self.spec.action_spaces;
        if given.len() != spaces.len() {
            return Err(of_env(EnvError::ActionCount { expected: spaces.len(), found: given.len() }));
        }
        self.actions.clear();
        for ((agent, space), action) in self.spec.agents.iter().zip(spaces).zip(given) {
            let value = from_python(space, action).ok_or_else(|| {
                of_env(EnvError::Action { agent: agent.clone(), expected: space.to_string(), found: shown(action) })
            })?;
            self.actions.push(value);
        }
        Ok(())
    }

    /// Plays the actions that were read.
    fn advance(&mut self) -> PyResult<()> {
        self.env.get().step(&self.actions).map_err(of_env)?;
        self.write_returns();
        if let Some(recorder) = &mut self.recorder {
            let mut played = ValueWriter::new();
            self.actions.iter().for_each(|action| played.value(action));
            let hash = self.env.get().hash();
            recorder.step(played.bytes(), self.returns.bytes(), &[], Some(hash)).map_err(of_decoding)?;
        }
        Ok(())
    }

    fn write_returns(&mut self) {
        self.returns.clear();
        self.env.get().write_returns(&mut self.returns);
    }

    /// What the last call returned.
    fn seen<'py>(&mut self, py: Python<'py>) -> PyResult<(Outcome, Bound<'py, PyList>, Bound<'py, PyAny>)> {
        let phase = self.env.get().phase();
        let mut reader = ValueReader::new(self.returns.bytes());
        let outcome = Outcome::read(self.spec.agents.len(), &mut reader).map_err(of_decoding)?;
        let observations = PyList::empty(py);
        let shared = (self.spec.observation == Sharing::Shared).then(|| reader.clone());
        for space in &self.spec.observation_spaces {
            // The same bytes are read once more for each.
            reader = shared.clone().unwrap_or(reader);
            observations.append(to_python(py, space, reader.read(space).map_err(of_decoding)?)?)?;
        }
        let space = info_space(&self.spec, phase);
        let info = to_python(py, space, reader.read(space).map_err(of_decoding)?)?;
        Ok((outcome, observations, info))
    }
}
