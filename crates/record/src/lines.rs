//! The lines of a record, made from a log. Knows no `io` and no `serde`: a page makes them with its browser's help.
use std::fmt;

use palaestra_env::codec::DecodeError;
use palaestra_env::returns::info_space;
use palaestra_env::{Outcome, Phase, Sharing, Space, Spec, ValueReader};
use palaestra_text::json::{WriteNumber, put_count, put_flag, put_list, put_number, put_text, shorten};

use crate::layout;
use crate::log::{Entry, Log, Metrics};
use crate::members::text::put_next;

/// What making lines leaves to whoever asks.
#[derive(Clone, Copy)]
pub struct Texts {
    /// Prints a finite number.
    pub number: WriteNumber,
    /// Whether a text is JSON.
    pub is_json: fn(&str) -> bool,
}

/// Makes a line of every entry of the log, and the end, and gives them to `put` one after another, each with its line break.
/// `metric_names` name the columns of the steps' metrics.
///
/// # Errors
/// [`WriteError`] where the log is not one of this environment's, or where `put` fails.
pub fn write_lines<E>(
    spec: &Spec,
    log: &Log,
    metric_names: &[&str],
    texts: Texts,
    mut put: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), WriteError<E>> {
    let mut writer = Writer { spec, metric_names, texts, t: 0, total: 0.0, line: Vec::new() };
    for (at, entry) in (0..).zip(log.entries()) {
        writer.line.clear();
        writer.entry(entry).map_err(|what| what.at(at))?;
        writer.line.extend_from_slice(b"}\n");
        put(&writer.line).map_err(WriteError::Io)?;
    }
    writer.line.clear();
    writer.end(log);
    put(&writer.line).map_err(WriteError::Io)
}

struct Writer<'a> {
    spec: &'a Spec,
    metric_names: &'a [&'a str],
    texts: Texts,
    t: u64,
    total: f64,
    line: Vec<u8>,
}

impl Writer<'_> {
    fn entry(&mut self, entry: Entry<'_>) -> Result<(), Misfit> {
        match entry {
            Entry::Reset { seed, options, returns } => self.reset(seed, options, returns),
            Entry::Step { actions, returns, metrics, hash } => self.step(actions, returns, metrics, hash),
            Entry::Event(text) => {
                self.begin("event", self.t);
                self.name("event");
                // What somebody noted down is never lost: text that is no JSON is kept as text.
                if self.is_json_line(text) {
                    self.line.extend_from_slice(text.as_bytes());
                } else {
                    put_text(text, &mut self.line);
                }
                Ok(())
            }
        }
    }

    fn reset(&mut self, seed: Option<u64>, options: &str, returns: &[u8]) -> Result<(), Misfit> {
        if !(options.is_empty() || options.trim_start().starts_with('{') && self.is_json_line(options)) {
            let mut found = Vec::new();
            put_text(options, &mut found);
            return Err(Misfit::Options(shorten(String::from_utf8(found).unwrap_or_default())));
        }
        self.begin("reset", self.t);
        self.name("seed");
        match seed {
            Some(seed) => put_count(seed, &mut self.line),
            None => self.line.extend_from_slice(b"null"),
        }
        if !matches!(options, "" | "{}") {
            self.name("options");
            self.line.extend_from_slice(options.as_bytes());
        }
        let mut reader = ValueReader::new(returns);
        Outcome::read(self.spec.agents.len(), &mut reader).map_err(Misfit::Returns)?;
        self.observations(&mut reader).map_err(Misfit::Returns)?;
        self.info(Phase::Reset, reader).map_err(Misfit::Returns)
    }

    fn step(&mut self, actions: &[u8], returns: &[u8], metrics: Metrics<'_>, hash: Option<u64>) -> Result<(), Misfit> {
        if !metrics.is_empty() && metrics.len() != self.metric_names.len() {
            return Err(Misfit::Metrics { expected: self.metric_names.len(), found: metrics.len() });
        }
        let mut reader = ValueReader::new(returns);
        let outcome = Outcome::read(self.spec.agents.len(), &mut reader).map_err(Misfit::Returns)?;
        let (spec, number) = (self.spec, self.texts.number);
        self.t = self.t.saturating_add(1);
        self.total += layout::total(spec, &outcome.rewards);
        self.begin("step", self.t);
        self.name("action");
        let mut played = ValueReader::new(actions);
        let spaces = spec.action_spaces.iter();
        self.members(layout::of_actions(spec), spaces, &mut played).map_err(Misfit::Actions)?;
        played.finish().map_err(Misfit::Actions)?;
        self.observations(&mut reader).map_err(Misfit::Returns)?;
        self.name("reward");
        self.shared(spec.reward, outcome.rewards.iter(), |reward, out| put_number(*reward, number, out));
        self.name("terminated");
        self.shared(spec.ended, outcome.terminated.iter(), |flag, out| put_flag(*flag, out));
        self.name("truncated");
        self.shared(spec.ended, outcome.truncated.iter(), |flag, out| put_flag(*flag, out));
        self.info(Phase::Step, reader).map_err(Misfit::Returns)?;
        if !metrics.is_empty() {
            self.name("metrics");
            self.metrics(metrics);
        }
        if let Some(hash) = hash {
            self.name("hash");
            put_text(&format!("{hash:016x}"), &mut self.line);
        }
        Ok(())
    }

    fn end(&mut self, log: &Log) {
        self.line.extend_from_slice(br#"{"type":"end","steps":"#);
        put_count(log.steps(), &mut self.line);
        self.name("episodes");
        put_count(log.episodes(), &mut self.line);
        self.name("return");
        put_number(self.total, self.texts.number, &mut self.line);
        self.line.extend_from_slice(b"}\n");
    }

    fn begin(&mut self, kind: &str, t: u64) {
        self.line.extend_from_slice(br#"{"type":"#);
        put_text(kind, &mut self.line);
        self.name("t");
        put_count(t, &mut self.line);
    }

    fn name(&mut self, name: &str) {
        self.line.push(b',');
        put_text(name, &mut self.line);
        self.line.push(b':');
    }

    fn observations(&mut self, reader: &mut ValueReader<'_>) -> Result<(), DecodeError> {
        self.name("obs");
        let spaces = self.spec.observation_spaces.iter().take(self.spec.observations());
        self.members(self.spec.observation, spaces, reader)
    }

    fn members<'s>(
        &mut self,
        sharing: Sharing,
        spaces: impl Iterator<Item = &'s Space>,
        reader: &mut ValueReader<'_>,
    ) -> Result<(), DecodeError> {
        let (number, mut done) = (self.texts.number, Ok(()));
        self.shared(sharing, spaces, |space, out| {
            if done.is_ok() {
                done = put_next(space, reader, number, out);
            }
        });
        done
    }

    fn info(&mut self, phase: Phase, mut reader: ValueReader<'_>) -> Result<(), DecodeError> {
        self.name("info");
        put_next(info_space(self.spec, phase), &mut reader, self.texts.number, &mut self.line)?;
        reader.finish()
    }

    /// One value where all agents share it, else a list in agent order.
    fn shared<T>(
        &mut self,
        sharing: Sharing,
        mut values: impl Iterator<Item = T>,
        mut put: impl FnMut(T, &mut Vec<u8>),
    ) {
        match sharing {
            Sharing::PerAgent => put_list(values, &mut self.line, put),
            Sharing::Shared => match values.next() {
                Some(value) => put(value, &mut self.line),
                None => self.line.extend_from_slice(b"null"),
            },
        }
    }

    /// A measurement that was not taken is NaN in the log and null in the record: pandas reads NaN again.
    fn metrics(&mut self, metrics: Metrics<'_>) {
        let mut before = b'{';
        for (name, value) in self.metric_names.iter().zip(metrics.iter()) {
            self.line.push(before);
            put_text(name, &mut self.line);
            self.line.push(b':');
            if value.is_finite() {
                (self.texts.number)(value, &mut self.line);
            } else {
                self.line.extend_from_slice(b"null");
            }
            before = b',';
        }
        self.line.push(b'}');
    }

    /// Whether `text` is JSON that stands on one line: it is written as it is.
    fn is_json_line(&self, text: &str) -> bool {
        !text.bytes().any(|byte| matches!(byte, b'\n' | b'\r')) && (self.texts.is_json)(text)
    }
}

/// What is wrong with an entry.
enum Misfit {
    Actions(DecodeError),
    Returns(DecodeError),
    Options(String),
    Metrics { expected: usize, found: usize },
}

impl Misfit {
    fn at<E>(self, entry: u64) -> WriteError<E> {
        match self {
            Misfit::Actions(error) => WriteError::Actions { entry, error },
            Misfit::Returns(error) => WriteError::Returns { entry, error },
            Misfit::Options(found) => WriteError::Options { entry, found },
            Misfit::Metrics { expected, found } => WriteError::Metrics { entry, expected, found },
        }
    }
}

/// Why a log does not become a record. Entries are counted from 0.
#[derive(Debug)]
#[allow(missing_docs, reason = "`entry` is the place, `error` and `found` what is wrong there")]
pub enum WriteError<E = std::io::Error> {
    /// The output fails.
    Io(E),
    /// A joint action that is not one of this environment's.
    Actions { entry: u64, error: DecodeError },
    /// A block of returns that is not one of this environment's.
    Returns { entry: u64, error: DecodeError },
    /// Reset options that are no JSON object.
    Options { entry: u64, found: String },
    /// Not as many metrics as names.
    Metrics { entry: u64, expected: usize, found: usize },
}

impl<E: fmt::Display> fmt::Display for WriteError<E> {
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

impl<E: fmt::Debug + fmt::Display> std::error::Error for WriteError<E> {}

impl From<std::io::Error> for WriteError {
    fn from(error: std::io::Error) -> Self {
        WriteError::Io(error)
    }
}
