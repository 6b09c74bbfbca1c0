//! The exceptions. Their messages are those of the crates that found what was wrong: what was expected, and what came.
use palaestra_env::codec::DecodeError;
use palaestra_env::{ArgumentError as Argument, EnvError, MakeError, RestoreError, StepError};
use palaestra_record::Failure;
use palaestra_text::nearest;
use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

create_exception!(palaestra, PalaestraError, PyException, "Whatever this package raises by itself.");
create_exception!(palaestra, UnknownEnvironmentError, PalaestraError, "No environment has this id.");
create_exception!(
    palaestra,
    ArgumentError,
    PalaestraError,
    "A keyword argument or option that cannot be used. Where its name is not known, `known` has the names that are."
);
create_exception!(palaestra, ActionError, PalaestraError, "An action outside its space, or not one per agent.");
create_exception!(palaestra, ResetNeeded, PalaestraError, "A step before the first reset, or after an end.");
create_exception!(palaestra, StateError, PalaestraError, "Bytes that are no saved state of this environment.");
create_exception!(
    palaestra,
    RecordError,
    PalaestraError,
    "A record that is none, or that a replay does not agree with. Where the replay differs, `line`, `t`, `field`, `expected` \
     and `found` say where and how; else they are None."
);

pub(crate) fn of_make(error: MakeError) -> PyErr {
    match error {
        MakeError::UnknownId { .. } => UnknownEnvironmentError::new_err(error.to_string()),
        MakeError::Argument(error) => of_argument(&error),
    }
}

/// With the name that was probably meant.
pub(crate) fn of_argument(error: &Argument) -> PyErr {
    let meant = match error {
        Argument::Unknown { name, known } => nearest(name, known.iter().copied()),
        Argument::Invalid { .. } => None,
    };
    let hint = meant.map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default();
    let raised = ArgumentError::new_err(format!("{error}{hint}"));
    let known = match error {
        Argument::Unknown { known, .. } => Some(known.clone()),
        Argument::Invalid { .. } => None,
    };
    Python::attach(|py| raised.value(py).setattr("known", known)).err().unwrap_or(raised)
}

pub(crate) fn of_env(error: EnvError) -> PyErr {
    match &error {
        EnvError::NotReset | EnvError::Step(StepError::EpisodeOver) => ResetNeeded::new_err(error.to_string()),
        EnvError::Option(argument) => of_argument(argument),
        EnvError::ActionCount { .. } | EnvError::Action { .. } | EnvError::Step(StepError::Illegal { .. }) => {
            ActionError::new_err(error.to_string())
        }
    }
}

pub(crate) fn of_state(error: RestoreError) -> PyErr {
    StateError::new_err(error.to_string())
}

/// What an environment has just written and cannot be read: it breaks its contract.
pub(crate) fn of_decoding(error: DecodeError) -> PyErr {
    PalaestraError::new_err(format!("expected a member of the environment's own space: {error}"))
}

pub(crate) fn of_record(py: Python<'_>, failure: &Failure) -> PyErr {
    let error = RecordError::new_err(failure.to_string());
    let value = error.value(py);
    let told = match failure {
        Failure::Difference(difference) => Some(difference),
        _ => None,
    };
    let set = [
        value.setattr("line", told.map(|told| told.line)),
        value.setattr("t", told.map(|told| told.t)),
        value.setattr("field", told.map(|told| told.field.clone())),
        value.setattr("expected", told.map(|told| told.expected())),
        value.setattr("found", told.map(|told| told.found())),
    ];
    set.into_iter().find_map(Result::err).unwrap_or(error)
}
