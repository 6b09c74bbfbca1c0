//! An environment's spec, told to Python. Its spaces are descriptions, of which `palaestra/spaces.py` makes Gymnasium's.
use palaestra_env::{BoxSpace, Sharing, Space, Spec};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

/// The facts as a dict.
pub(crate) fn told<'py>(py: Python<'py>, spec: &Spec) -> PyResult<Bound<'py, PyDict>> {
    let facts = PyDict::new(py);
    facts.set_item("id", &spec.id)?;
    facts.set_item("agents", &spec.agents)?;
    facts.set_item("action_spaces", all(py, &spec.action_spaces)?)?;
    facts.set_item("observation_spaces", all(py, &spec.observation_spaces)?)?;
    facts.set_item("step_info", description(py, &spec.step_info)?)?;
    facts.set_item("shared_observation", spec.observation == Sharing::Shared)?;
    facts.set_item("max_episode_steps", spec.max_episode_steps)?;
    facts.set_item("render_fps", spec.render_fps)?;
    facts.set_item("aspect", spec.aspect)?;
    Ok(facts)
}

fn all<'py>(py: Python<'py>, spaces: &[Space]) -> PyResult<Bound<'py, PyList>> {
    PyList::new(py, spaces.iter().map(|space| description(py, space)).collect::<PyResult<Vec<_>>>()?)
}

/// A space as a tuple: its name, then what it is made of.
fn description<'py>(py: Python<'py>, space: &Space) -> PyResult<Bound<'py, PyTuple>> {
    match space {
        Space::Discrete { n, start } => ("Discrete", *n, *start).into_pyobject(py),
        Space::Box(BoxSpace { low, high, shape, dtype }) => {
            ("Box", low.clone(), high.clone(), shape.clone(), dtype.name()).into_pyobject(py)
        }
        Space::MultiDiscrete { nvec } => ("MultiDiscrete", nvec.clone()).into_pyobject(py),
        Space::MultiBinary { n } => ("MultiBinary", *n).into_pyobject(py),
        Space::Tuple { spaces } => ("Tuple", all(py, spaces)?).into_pyobject(py),
        Space::Dict { spaces } => {
            let members = spaces.iter().map(|(name, space)| (name, description(py, space)?).into_pyobject(py));
            ("Dict", PyList::new(py, members.collect::<PyResult<Vec<_>>>()?)?).into_pyobject(py)
        }
        Space::Text { min_length, max_length, charset } => {
            ("Text", *min_length, *max_length, charset.clone()).into_pyobject(py)
        }
        Space::Sequence { space } => ("Sequence", description(py, space)?).into_pyobject(py),
        Space::OneOf { spaces } => ("AnyOf", all(py, spaces)?).into_pyobject(py),
        Space::None => ("Nothing",).into_pyobject(py),
        Space::Bool => ("Flag",).into_pyobject(py),
    }
}
