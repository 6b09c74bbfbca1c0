//! Joint actions out of a request.
use palaestra_env::codec::DecodeError;
use palaestra_env::{Space, Spec, Value, ValueReader};
use palaestra_protocol::{ErrorCode, Failure};

/// Reads the next joint action into `actions`, whose memory is used again.
pub(crate) fn read_actions(spec: &Spec, reader: &mut ValueReader<'_>, actions: &mut [Value]) -> Result<(), Failure> {
    let mut spaces = spec.action_spaces.iter().zip(actions);
    let mut read = |(space, action): (&Space, &mut Value)| match (space, action) {
        // The most usual ones are read here: `read_into` is in another part of the module.
        (Space::Discrete { .. }, Value::Discrete(action)) => reader.i64().map(|found| *action = found),
        (space, action) => reader.read_into(space, action),
    };
    spaces.try_for_each(&mut read).map_err(|error| bad_actions(&error))
}

/// Actions that cannot be read.
pub(crate) fn bad_actions(error: &DecodeError) -> Failure {
    Failure::new(ErrorCode::BadMessage, format!("actions: {error}"))
}
