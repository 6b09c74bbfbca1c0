//! The record of an environment that is not here, a guest in Python: what its lines say. It is a part of its module.
use std::io::BufRead;

use palaestra_env::Spec;
use palaestra_record::{Limits, Player, Told};

/// Plays what the record in `read` says. `spec` has the environment's spaces, which the page knows.
///
/// # Errors
/// The reason, in words.
#[inline(never)]
pub(crate) fn player<'r>(read: impl BufRead + 'r, spec: &[u8], limits: Limits) -> Result<Box<dyn Player + 'r>, String> {
    let spec = Spec::from_bytes(spec).map_err(|error| format!("spec: {error}"))?;
    Ok(Box::new(Told::new(read, spec, limits)))
}
