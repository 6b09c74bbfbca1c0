//! From a log to a record.
use std::io;

use palaestra_env::Spec;
use palaestra_text::json::write_number;
use serde::de::IgnoredAny;

use crate::header::Header;
use crate::lines::{Texts, WriteError, write_lines};
use crate::log::Log;

/// Writes a record: the header, a line for every entry of the log, and the end. The header's `agents` and `n_steps` are
/// filled in; `metric_names` name the columns of the steps' metrics.
///
/// # Errors
/// [`WriteError`] where the log is not one of this environment's, or where `out` fails.
pub fn write_jsonl(
    header: &Header,
    spec: &Spec,
    log: &Log,
    metric_names: &[&str],
    out: &mut impl io::Write,
) -> Result<(), WriteError> {
    let header = Header { agents: spec.agents.clone(), n_steps: Some(log.steps()), ..header.clone() };
    serde_json::to_writer(&mut *out, &header).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    let is_json = |text: &str| serde_json::from_str::<IgnoredAny>(text).is_ok();
    write_lines(spec, log, metric_names, Texts { number: write_number, is_json }, |line| out.write_all(line))
}
