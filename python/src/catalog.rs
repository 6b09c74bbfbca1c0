//! What there is to make.
use palaestra_env::Kwargs;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::error::of_make;

/// Every environment of the catalog, a dict each: `id`, `family`, `title`, `summary`, `agents`, `parallel` (whether its
/// observations, rewards or ends are one per agent), `max_episode_steps` and the names of its `arguments`.
#[pyfunction]
pub(crate) fn catalog(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
    let entries = PyList::empty(py);
    for family in palaestra_envs::FAMILIES {
        for entry in family.entries {
            let env = palaestra_envs::make(entry.id, &Kwargs::new()).map_err(of_make)?;
            let spec = env.spec();
            let told = PyDict::new(py);
            told.set_item("id", entry.id)?;
            told.set_item("family", family.name)?;
            told.set_item("title", entry.title)?;
            told.set_item("summary", entry.summary)?;
            told.set_item("agents", entry.agents)?;
            told.set_item("parallel", entry.agents > 1 || spec.observation == palaestra_env::Sharing::PerAgent)?;
            told.set_item("max_episode_steps", spec.max_episode_steps)?;
            told.set_item("arguments", entry.arguments.iter().map(|argument| argument.name).collect::<Vec<_>>())?;
            entries.append(told)?;
        }
    }
    Ok(entries)
}

/// The id of the catalog that is most like this one, if one is.
#[pyfunction]
pub(crate) fn nearest(id: &str) -> Option<&'static str> {
    palaestra_envs::nearest(id)
}
