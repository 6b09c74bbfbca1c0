//! From a log to a record.
use std::{fmt, io};

use palaestra_env::codec::DecodeError;
use palaestra_env::json::{number, shortened, to_json};
use palaestra_env::returns::info_space;
use palaestra_env::{Phase, Returns, Spec, Value, ValueReader};
use serde::de::IgnoredAny;
use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use crate::header::Header;
use crate::layout;
use crate::log::{Entry, Log, Metrics};

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
    write_line(out, &header)?;
    let mut writer = Writer { spec, metric_names, t: 0, total: 0.0 };
    for (entry, content) in (0..).zip(log.entries()) {
        match content {
            Entry::Reset { seed, options, returns } => {
                let rest = writer.reset(entry, options, returns)?;
                write!(out, r#"{{"type":"reset","t":{},"seed":"#, writer.t)?;
                write_json(out, &seed)?;
                if !matches!(options, "" | "{}") {
                    write!(out, r#","options":{options}"#)?;
                }
                write!(out, r#","obs":"#)?;
                write_json(out, &rest.obs)?;
                write!(out, r#","info":"#)?;
                write_json(out, &rest.info)?;
                out.write_all(b"}\n")?;
            }
            Entry::Step { actions, returns, metrics, hash } => {
                write_line(out, &writer.step(entry, actions, returns, metrics, hash)?)?;
            }
            Entry::Event(text) => {
                // What somebody noted down is never lost: text that is no JSON is kept as text.
                write!(out, r#"{{"type":"event","t":{},"event":"#, writer.t)?;
                if is_json_line(text) {
                    out.write_all(text.as_bytes())?
                } else {
                    write_json(out, &text)?
                }
                out.write_all(b"}\n")?;
            }
        }
    }
    let total = number(writer.total);
    write_line(out, &EndLine { kind: "end", steps: log.steps(), episodes: log.episodes(), total })
}

/// Whether `text` is JSON that stands on one line: it is written as it is, so that the module of a page, which writes and
/// never reads, holds no parser of numbers.
fn is_json_line(text: &str) -> bool {
    !text.contains(['\n', '\r']) && serde_json::from_str::<IgnoredAny>(text).is_ok()
}

fn write_json(out: &mut impl io::Write, value: &impl Serialize) -> Result<(), WriteError> {
    Ok(serde_json::to_writer(&mut *out, value).map_err(io::Error::from)?)
}

fn write_line(out: &mut impl io::Write, line: &impl Serialize) -> Result<(), WriteError> {
    write_json(out, line)?;
    Ok(out.write_all(b"\n")?)
}

struct ResetReturns {
    obs: Json,
    info: Json,
}

#[derive(Serialize)]
struct StepLine<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    t: u64,
    action: Json,
    obs: Json,
    reward: Json,
    terminated: Json,
    truncated: Json,
    info: Json,
    #[serde(skip_serializing_if = "NamedMetrics::is_empty")]
    metrics: NamedMetrics<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
}

#[derive(Serialize)]
struct EndLine {
    #[serde(rename = "type")]
    kind: &'static str,
    steps: u64,
    episodes: u64,
    #[serde(rename = "return")]
    total: Json,
}

struct NamedMetrics<'a> {
    names: &'a [&'a str],
    values: Metrics<'a>,
}

impl NamedMetrics<'_> {
    fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

impl Serialize for NamedMetrics<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A measurement that was not taken is NaN in the log, which serde_json writes as null: pandas reads NaN again.
        serializer.collect_map(self.names.iter().zip(self.values.iter()))
    }
}

struct Writer<'a> {
    spec: &'a Spec,
    metric_names: &'a [&'a str],
    t: u64,
    total: f64,
}

impl<'a> Writer<'a> {
    fn reset(&self, entry: u64, options: &str, returns: &[u8]) -> Result<ResetReturns, WriteError> {
        if !(options.is_empty() || options.trim_start().starts_with('{') && is_json_line(options)) {
            return Err(WriteError::Options { entry, found: shortened(&Json::from(options)) });
        }
        let returns = self.returns(entry, Phase::Reset, returns)?;
        Ok(ResetReturns {
            obs: layout::observations(self.spec, &returns.observations),
            info: to_json(info_space(self.spec, Phase::Reset), &returns.info),
        })
    }

    fn step(
        &mut self,
        entry: u64,
        actions: &[u8],
        returns: &[u8],
        metrics: Metrics<'a>,
        hash: Option<u64>,
    ) -> Result<StepLine<'a>, WriteError> {
        if !metrics.is_empty() && metrics.len() != self.metric_names.len() {
            return Err(WriteError::Metrics { entry, expected: self.metric_names.len(), found: metrics.len() });
        }
        let actions = read_actions(self.spec, actions).map_err(|error| WriteError::Actions { entry, error })?;
        let returns = self.returns(entry, Phase::Step, returns)?;
        self.t = self.t.saturating_add(1);
        self.total += layout::total(self.spec, &returns.outcome.rewards);
        Ok(StepLine {
            kind: "step",
            t: self.t,
            action: layout::actions(self.spec, &actions),
            obs: layout::observations(self.spec, &returns.observations),
            reward: layout::rewards(self.spec, &returns.outcome.rewards),
            terminated: layout::flags(self.spec, &returns.outcome.terminated),
            truncated: layout::flags(self.spec, &returns.outcome.truncated),
            info: to_json(info_space(self.spec, Phase::Step), &returns.info),
            metrics: NamedMetrics { names: self.metric_names, values: metrics },
            hash: hash.map(|hash| format!("{hash:016x}")),
        })
    }

    fn returns(&self, entry: u64, phase: Phase, bytes: &[u8]) -> Result<Returns, WriteError> {
        Returns::read(self.spec, phase, bytes).map_err(|error| WriteError::Returns { entry, error })
    }
}

fn read_actions(spec: &Spec, bytes: &[u8]) -> Result<Vec<Value>, DecodeError> {
    let mut reader = ValueReader::new(bytes);
    let actions = spec.action_spaces.iter().map(|space| reader.read(space)).collect::<Result<_, _>>()?;
    reader.finish()?;
    Ok(actions)
}

/// Why a log does not become a record. Entries are counted from 0.
#[derive(Debug)]
#[allow(missing_docs, reason = "`entry` is the place, `error` and `found` what is wrong there")]
pub enum WriteError {
    /// The output fails.
    Io(io::Error),
    /// A joint action that is not one of this environment's.
    Actions { entry: u64, error: DecodeError },
    /// A block of returns that is not one of this environment's.
    Returns { entry: u64, error: DecodeError },
    /// Reset options that are no JSON object.
    Options { entry: u64, found: String },
    /// Not as many metrics as names.
    Metrics { entry: u64, expected: usize, found: usize },
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        WriteError::Io(error)
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::Io(error) => write!(f, "the record cannot be written: {error}"),
            WriteError::Actions { entry, error } => write!(f, "entry {entry}: the joint action: {error}"),
            WriteError::Returns { entry, error } => write!(f, "entry {entry}: what it returned: {error}"),
            WriteError::Options { entry, found } => {
                write!(f, "entry {entry}: expected reset options as a JSON object, found {found}")
            }
            WriteError::Metrics { entry, expected, found } => {
                write!(f, "entry {entry}: expected {expected} metrics, one a name, found {found}")
            }
        }
    }
}

impl std::error::Error for WriteError {}
