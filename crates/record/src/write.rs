//! From a record in memory to its file.
use std::io;

use palaestra_env::Spec;
use palaestra_env::json_text::write_number;
use serde::de::IgnoredAny;

use crate::header::Header;
use crate::lines::{Texts, write_lines};
use crate::record::Record;
use crate::write_error::WriteError;

/// Writes a record: the header, a line for every entry, and the end. The header's `agents` and `n_steps` are
/// filled in; `metric_names` name the columns of the steps' metrics.
///
/// # Errors
/// [`WriteError`] where the record is not one of this environment's, or where `out` fails.
pub fn write_jsonl(
    header: &Header,
    spec: &Spec,
    record: &Record,
    metric_names: &[&str],
    out: &mut impl io::Write,
) -> Result<(), WriteError> {
    let header = Header { agents: spec.agents.clone(), n_steps: Some(record.totals().steps), ..header.clone() };
    serde_json::to_writer(&mut *out, &header).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    let is_json = |text: &str| serde_json::from_str::<IgnoredAny>(text).is_ok();
    write_lines(spec, record, metric_names, Texts { number: write_number, is_json }, |line| out.write_all(line))
}
