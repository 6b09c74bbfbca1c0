//! The lines of a record, made from its entries. Knows no `io` and no `serde`: a page makes them with its browser's help.
use std::convert::Infallible;

use palaestra_env::returns::info_space;
use palaestra_env::{Outcome, Phase, Sharing, Space, Spec, ValueReader};
use palaestra_text::json::{WriteNumber, put_count, put_flag, put_number, put_text, shorten, try_put_list};

use crate::chunk::Totals;
use crate::entry::{Entry, Metrics};
use crate::layout;
use crate::line_error::{LineError, Misfit};
use crate::members::text::{Print, Unprinted, put_next};

/// Numbers of a step that stand in its line itself and not among its `metrics`: when it was played, and when the key went down that
/// it was the first to take. In milliseconds of the page's clock; what was not measured is not written.
pub const TIMES: [&str; 2] = ["time", "key_time"];

/// What making lines leaves to whoever asks.
#[derive(Clone, Copy)]
pub struct Texts {
    /// Prints a finite number.
    pub number: WriteNumber,
    /// Whether a text is JSON.
    pub is_json: fn(&str) -> bool,
}

/// Makes the lines of a record, in order, each with its line break. The header is another's: [`HeaderText`](crate::HeaderText).
pub struct LineWriter {
    spec: Spec,
    metric_names: Vec<String>,
    texts: Texts,
    totals: Totals,
    total: f64,
    longest: usize,
}

impl LineWriter {
    /// Of an environment of this spec, whose steps carry numbers of these names, or none: [`TIMES`] or metrics.
    pub fn new(spec: Spec, metric_names: Vec<String>, texts: Texts) -> Self {
        Self { spec, metric_names, texts, totals: Totals::default(), total: 0.0, longest: usize::MAX }
    }

    /// Whose lines may have so many bytes each. For a record of somebody else's, whose spec may say anything.
    pub fn with_longest(self, longest: usize) -> Self {
        Self { longest, ..self }
    }

    /// Writes an entry's line behind what is in `out`, or nothing. There are no lines after one that was refused.
    ///
    /// # Errors
    /// [`LineError`] for an entry that is not one of this environment's.
    pub fn entry(&mut self, entry: Entry<'_>, out: &mut Vec<u8>) -> Result<(), LineError> {
        let at = self.totals.entries;
        let began = out.len();
        let Self { spec, metric_names, texts, totals, total, longest } = self;
        let print = Print { number: texts.number, most: began.saturating_add(*longest) };
        let mut line = Line { spec, metric_names, texts: *texts, print, totals, total, out };
        match line.entry(entry).and_then(|()| print.room(0, line.out).map_err(|_| Misfit::TooLong)) {
            Ok(()) => out.extend_from_slice(b"}\n"),
            Err(what) => {
                out.truncate(began);
                return Err(what.at(at, *longest));
            }
        }
        self.totals.entries = at.saturating_add(1);
        Ok(())
    }

    /// Writes the last line.
    pub fn end(&self, out: &mut Vec<u8>) {
        self.last(out);
        out.extend_from_slice(b"}\n");
    }

    /// Writes the last line of a record whose session did not come to its end: nobody knows what was played after it.
    pub fn unfinished_end(&self, out: &mut Vec<u8>) {
        self.last(out);
        out.extend_from_slice(b",\"unfinished\":true}\n");
    }

    fn last(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(br#"{"type":"end","steps":"#);
        put_count(self.totals.steps, out);
        out.extend_from_slice(br#","episodes":"#);
        put_count(self.totals.episodes, out);
        out.extend_from_slice(br#","return":"#);
        put_number(self.total, self.texts.number, out);
    }
}

/// The line that is written.
struct Line<'w> {
    spec: &'w Spec,
    metric_names: &'w [String],
    texts: Texts,
    print: Print,
    totals: &'w mut Totals,
    total: &'w mut f64,
    out: &'w mut Vec<u8>,
}

impl Line<'_> {
    fn entry(&mut self, entry: Entry<'_>) -> Result<(), Misfit> {
        match entry {
            Entry::Reset { seed, options, returns } => self.reset(seed, options, returns),
            Entry::Step { actions, returns, metrics, hash } => self.step(actions, returns, metrics, hash),
            Entry::Event(text) => {
                self.room(text)?;
                self.begin("event");
                self.name("event");
                // What somebody noted down is never lost: text that is no JSON is kept as text.
                if self.is_json_line(text) {
                    self.out.extend_from_slice(text.as_bytes());
                } else {
                    put_text(text, self.out);
                }
                Ok(())
            }
        }
    }

    fn reset(&mut self, seed: Option<u64>, options: &str, returns: &[u8]) -> Result<(), Misfit> {
        self.room(options)?;
        if !(options.is_empty() || options.trim_start().starts_with('{') && self.is_json_line(options)) {
            let mut found = Vec::new();
            put_text(options, &mut found);
            return Err(Misfit::Options(shorten(String::from_utf8(found).unwrap_or_default())));
        }
        self.totals.episodes = self.totals.episodes.saturating_add(1);
        self.begin("reset");
        self.name("seed");
        match seed {
            Some(seed) => put_count(seed, self.out),
            None => self.out.extend_from_slice(b"null"),
        }
        if !matches!(options, "" | "{}") {
            self.name("options");
            self.out.extend_from_slice(options.as_bytes());
        }
        let mut reader = ValueReader::new(returns);
        Outcome::read(self.spec.agents.len(), &mut reader).map_err(misreturned)?;
        self.observations(&mut reader).map_err(misreturned)?;
        self.info(Phase::Reset, reader).map_err(misreturned)
    }

    fn step(&mut self, actions: &[u8], returns: &[u8], metrics: Metrics<'_>, hash: Option<u64>) -> Result<(), Misfit> {
        if !metrics.is_empty() && metrics.len() != self.metric_names.len() {
            return Err(Misfit::Metrics { expected: self.metric_names.len(), found: metrics.len() });
        }
        let mut reader = ValueReader::new(returns);
        let outcome = Outcome::read(self.spec.agents.len(), &mut reader).map_err(misreturned)?;
        let (spec, number) = (self.spec, self.texts.number);
        self.totals.steps = self.totals.steps.saturating_add(1);
        *self.total += layout::total(spec, &outcome.rewards);
        self.begin("step");
        self.name("episode");
        put_count(self.totals.episodes.saturating_sub(1), self.out);
        self.times(metrics);
        self.name("action");
        let mut played = ValueReader::new(actions);
        let spaces = spec.action_spaces.iter();
        self.members(layout::of_actions(spec), spaces, &mut played).map_err(Misfit::Actions)?;
        played.finish().map_err(|error| Misfit::Actions(error.into()))?;
        self.observations(&mut reader).map_err(misreturned)?;
        self.name("reward");
        self.shared(spec.reward, outcome.rewards.iter(), |reward, out| put_number(*reward, number, out));
        self.name("terminated");
        self.shared(spec.ended, outcome.terminated.iter(), |flag, out| put_flag(*flag, out));
        self.name("truncated");
        self.shared(spec.ended, outcome.truncated.iter(), |flag, out| put_flag(*flag, out));
        self.info(Phase::Step, reader).map_err(misreturned)?;
        self.metrics(metrics);
        if let Some(hash) = hash {
            self.name("hash");
            put_text(&format!("{hash:016x}"), self.out);
        }
        Ok(())
    }

    fn begin(&mut self, kind: &str) {
        self.out.extend_from_slice(br#"{"type":"#);
        put_text(kind, self.out);
        self.name("t");
        put_count(self.totals.steps, self.out);
    }

    fn name(&mut self, name: &str) {
        self.out.push(b',');
        put_text(name, self.out);
        self.out.push(b':');
    }

    fn observations(&mut self, reader: &mut ValueReader<'_>) -> Result<(), Unprinted> {
        self.name("obs");
        let spaces = self.spec.observation_spaces.iter().take(self.spec.observations());
        self.members(self.spec.observation, spaces, reader)
    }

    fn members<'s>(
        &mut self,
        sharing: Sharing,
        spaces: impl Iterator<Item = &'s Space>,
        reader: &mut ValueReader<'_>,
    ) -> Result<(), Unprinted> {
        let print = self.print;
        self.try_shared(sharing, spaces, |space, out| put_next(space, reader, print, out))
    }

    fn info(&mut self, phase: Phase, mut reader: ValueReader<'_>) -> Result<(), Unprinted> {
        self.name("info");
        put_next(info_space(self.spec, phase), &mut reader, self.print, self.out)?;
        Ok(reader.finish()?)
    }

    /// One value where all agents share it, else a list in agent order.
    fn shared<T>(&mut self, sharing: Sharing, values: impl Iterator<Item = T>, mut put: impl FnMut(T, &mut Vec<u8>)) {
        let Ok(()) = self.try_shared(sharing, values, |value, out| {
            put(value, out);
            Ok::<_, Infallible>(())
        });
    }

    fn try_shared<T, E>(
        &mut self,
        sharing: Sharing,
        mut values: impl Iterator<Item = T>,
        mut put: impl FnMut(T, &mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        match sharing {
            Sharing::PerAgent => try_put_list(values, self.out, put)?,
            Sharing::Shared => match values.next() {
                Some(value) => put(value, self.out)?,
                None => self.out.extend_from_slice(b"null"),
            },
        }
        Ok(())
    }

    /// When it was played, as far as that was measured.
    fn times(&mut self, metrics: Metrics<'_>) {
        for (name, value) in self.metric_names.iter().zip(metrics.iter()) {
            if value.is_finite() && is_time(name) {
                self.name(name);
                (self.texts.number)(value, self.out);
            }
        }
    }

    /// A measurement that was not taken is NaN in its entry and null in the record: pandas reads NaN again.
    fn metrics(&mut self, metrics: Metrics<'_>) {
        let mut before = b'{';
        for (name, value) in self.metric_names.iter().zip(metrics.iter()).filter(|(name, _)| !is_time(name)) {
            if before == b'{' {
                self.name("metrics");
            }
            self.out.push(before);
            put_text(name, self.out);
            self.out.push(b':');
            if value.is_finite() {
                (self.texts.number)(value, self.out);
            } else {
                self.out.extend_from_slice(b"null");
            }
            before = b',';
        }
        if before == b',' {
            self.out.push(b'}');
        }
    }

    /// Looks whether there is room for a text.
    fn room(&self, text: &str) -> Result<(), Misfit> {
        self.print.room(text.len(), self.out).map_err(|_| Misfit::TooLong)
    }

    /// Whether `text` is JSON that stands on one line: it is written as it is.
    fn is_json_line(&self, text: &str) -> bool {
        !text.bytes().any(|byte| matches!(byte, b'\n' | b'\r')) && (self.texts.is_json)(text)
    }
}

fn misreturned(error: impl Into<Unprinted>) -> Misfit {
    Misfit::Returns(error.into())
}

fn is_time(name: &str) -> bool {
    TIMES.contains(&name)
}
