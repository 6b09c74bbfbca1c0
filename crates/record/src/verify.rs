//! Replay of a record, compared with it at every step.
use std::io::BufRead;

use palaestra_env::codec::DecodeError;
use palaestra_env::returns::info_space;
use palaestra_env::{EnvError, Kwargs, MakeError, Outcome, Sharing, Value, ValueReader, ValueWriter};
use serde_json::{Map, Value as Json};

use crate::compare::{Rule, member, mismatch, widest};
use crate::failure::{Difference, Failure};
use crate::header::Header;
use crate::layout::{self, BadAction};
use crate::limits::Limits;
use crate::line::{End, Line, Reset, Step};
use crate::members::to_json;
use crate::player::{Player, Refusal};
use crate::read::{Numbered, Reader};

/// Replays a whole record: an environment made by `make` from the header's id and keyword arguments goes through every reset
/// and step, and what it returns is compared with what the record has.
///
/// Everything has to agree in every bit, but for records that another implementation made: see [`Header::foreign`] and
/// `docs/record-format.md`. Of the `info` those keys are compared that the record has.
///
/// # Errors
/// The first [`Failure`].
pub fn verify<R, P, M>(read: R, make: M, limits: Limits) -> Result<Report, Failure>
where
    R: BufRead,
    P: Player,
    M: FnMut(&str, &Kwargs) -> Result<P, MakeError>,
{
    let mut verifier = Verifier::new(read, make, limits);
    loop {
        if let Progress::Done(report) = verifier.advance(usize::MAX)? {
            return Ok(report);
        }
    }
}

/// What a verified record holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Steps, all of them replayed and compared.
    pub steps: u64,
    /// Resets, likewise.
    pub episodes: u64,
    /// Whether the record says that it is [unfinished](Header::unfinished): all that is there agrees, and nobody knows what was played after
    /// it, or how the session ended.
    pub unfinished: bool,
}

/// How far a [`Verifier`] has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// There are lines left; so much has been replayed.
    More(Report),
    /// Everything has been replayed and agrees.
    Done(Report),
}

/// Verifies a few lines at a time, for those who cannot stay away long.
pub struct Verifier<R: BufRead, P, M> {
    lines: Reader<R>,
    make: M,
    replay: Option<Replay<P>>,
    over: Option<Result<Report, Failure>>,
}

impl<R: BufRead, P: Player, M: FnMut(&str, &Kwargs) -> Result<P, MakeError>> Verifier<R, P, M> {
    /// Will replay the record in `read`. Nothing is read yet.
    pub fn new(read: R, make: M, limits: Limits) -> Self {
        Self { lines: Reader::new(read, limits), make, replay: None, over: None }
    }

    /// The header, once it was read.
    pub fn header(&self) -> Option<&Header> {
        self.replay.as_ref().map(Replay::header)
    }

    /// Replays up to `lines` more lines.
    ///
    /// # Errors
    /// The first [`Failure`]; the same again at every later call.
    pub fn advance(&mut self, lines: usize) -> Result<Progress, Failure> {
        for _ in 0..lines {
            if let Some(over) = &self.over {
                return over.clone().map(Progress::Done);
            }
            self.over = self.line().transpose();
        }
        match &self.over {
            Some(over) => over.clone().map(Progress::Done),
            None => Ok(Progress::More(self.replay.as_ref().map(|replay| replay.done).unwrap_or_default())),
        }
    }

    /// Replays the next line; the report at the end of the file.
    fn line(&mut self) -> Result<Option<Report>, Failure> {
        match (self.lines.next().transpose()?, &mut self.replay) {
            (Some(Numbered { line: Line::Header(header), .. }), _) => {
                let player = (self.make)(&header.env_id, &header.kwargs)?;
                self.replay = Some(Replay::new(player, header));
                Ok(None)
            }
            (Some(Numbered { number, line }), Some(replay)) => replay.line(number, line).map(|()| None),
            (None, Some(replay)) => replay.finish().map(Some),
            // The reader has no line before a header, and no end without one.
            (_, None) => Ok(None),
        }
    }
}

pub(crate) struct Replay<P> {
    player: P,
    header: Header,
    done: Report,
    total: f64,
    ended: bool,
    actions: Vec<Value>,
    bytes: ValueWriter,
    /// Whether an episode went another way, and was not compared to its end: what was earned in it is not known then.
    pub(crate) departed: bool,
    /// Whether `info` may have nothing beside what the record has.
    whole_info: bool,
    /// The largest difference of rewards that were alike enough, in units in the last place.
    pub(crate) ulps: u64,
}

/// A line of the file, by its number and its `t`.
#[derive(Clone, Copy)]
struct Place {
    line: u64,
    t: u64,
}

impl<P: Player> Replay<P> {
    pub(crate) fn new(player: P, header: Header) -> Self {
        let (actions, bytes) = (Vec::new(), ValueWriter::new());
        let done = Report { unfinished: header.unfinished(), ..Report::default() };
        let (ended, departed, whole_info) = (false, false, false);
        Self { player, header, done, total: 0.0, ended, actions, bytes, departed, whole_info, ulps: 0 }
    }

    /// With an `info` that has to agree in what the record lacks as well.
    pub(crate) fn with_whole_info(self) -> Self {
        Self { whole_info: true, ..self }
    }

    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    pub(crate) fn player(&self) -> &P {
        &self.player
    }

    /// The joint action of the last step.
    pub(crate) fn actions(&self) -> &[Value] {
        &self.actions
    }

    /// What the last reset or step returned.
    pub(crate) fn returns(&self) -> &[u8] {
        self.bytes.bytes()
    }

    pub(crate) fn line(&mut self, line: u64, content: Line) -> Result<(), Failure> {
        match content {
            Line::Reset(reset) => self.reset(line, reset),
            Line::Step(step) => self.step(line, step),
            Line::End(end) => self.end(line, end),
            Line::Header(_) | Line::Event(_) | Line::Other(_) => Ok(()),
        }
    }

    fn reset(&mut self, line: u64, reset: Reset) -> Result<(), Failure> {
        let at = Place { line, t: reset.t };
        in_order(at, self.done.steps)?;
        self.done.episodes += 1;
        self.player.reset(reset.seed, &reset.options).map_err(|error| refused(at, error))?;
        self.read_returns();
        let spec = self.player.spec();
        let mut reader = ValueReader::new(self.bytes.bytes());
        Outcome::read(spec.agents.len(), &mut reader).map_err(|error| unreadable(at, "reward", &error))?;
        self.observation(at, &mut reader, reset.obs)?;
        self.info(at, &mut reader, reset.info)?;
        self.hash(at, reset.hash)
    }

    fn step(&mut self, line: u64, step: Step) -> Result<(), Failure> {
        let at = self.act(line, step.t, step.action)?;
        if let Some(episode) = step.episode.filter(|_| !self.header.foreign()) {
            let found = Json::from(self.done.episodes.saturating_sub(1));
            compare(at, "episode", &Json::from(episode), &found, Rule::Exact)?;
        }
        self.read_returns();
        let spec = self.player.spec();
        let mut reader = ValueReader::new(self.bytes.bytes());
        let outcome =
            Outcome::read(spec.agents.len(), &mut reader).map_err(|error| unreadable(at, "reward", &error))?;
        self.observation(at, &mut reader, step.obs)?;
        let reward_rule = if self.header.foreign() { Rule::ForeignReward } else { Rule::Exact };
        let (expected, rewards) = (layout::by_agent(spec, step.reward), layout::rewards(spec, &outcome.rewards));
        compare(at, "reward", &expected, &rewards, reward_rule)?;
        self.ulps = self.ulps.max(widest(&expected, &rewards));
        for (field, expected, flags) in
            [("terminated", step.terminated, &outcome.terminated), ("truncated", step.truncated, &outcome.truncated)]
        {
            compare(at, field, &layout::by_agent(spec, expected), &layout::flags(spec, flags), Rule::Exact)?;
        }
        self.total += layout::total(spec, &outcome.rewards);
        self.info(at, &mut reader, step.info)?;
        self.hash(at, step.hash)
    }

    /// Takes a step without looking at what comes of it.
    fn act(&mut self, line: u64, t: u64, action: Json) -> Result<Place, Failure> {
        let at = Place { line, t };
        in_order(at, self.done.steps + 1)?;
        self.done.steps += 1;
        let spec = self.player.spec();
        layout::read_actions(spec, action, &mut self.actions).map_err(|error| match error {
            BadAction::Count { found } => {
                refused(at, EnvError::ActionCount { expected: spec.agents.len(), found }.into())
            }
            BadAction::Member { agent, error } => Failure::Action { line, t, agent, error },
        })?;
        self.player.step(&self.actions).map_err(|error| refused(at, error))?;
        Ok(at)
    }

    /// Takes the step of an episode that has gone another way, for the generator's sake.
    ///
    /// # Errors
    /// [`Failure::Order`].
    pub(crate) fn pass(&mut self, line: u64, step: Step) -> Result<(), Failure> {
        match self.act(line, step.t, step.action) {
            Err(failure @ Failure::Order { .. }) => Err(failure),
            Err(_) | Ok(_) => Ok(()),
        }
    }

    fn end(&mut self, line: u64, end: End) -> Result<(), Failure> {
        self.ended = true;
        self.done.unfinished |= end.rest.get("unfinished") == Some(&Json::Bool(true));
        counted("the end's steps", Some(end.steps), self.done.steps)?;
        counted("the header's n_steps", self.header.n_steps, self.done.steps)?;
        if !self.header.foreign() {
            // Others count episodes and sum rewards as they like.
            let at = Place { line, t: self.done.steps };
            for (field, expected, found) in [
                ("episodes", end.episodes.map(Json::from), Json::from(self.done.episodes)),
                ("return", end.total.filter(|_| !self.departed), palaestra_text::json::number(self.total)),
            ] {
                expected.iter().try_for_each(|expected| compare(at, field, expected, &found, Rule::Exact))?;
            }
        }
        Ok(())
    }

    pub(crate) fn finish(&self) -> Result<Report, Failure> {
        counted("the header's n_steps", self.header.n_steps, self.done.steps)?;
        if !self.ended {
            return Err(Failure::NoEnd { steps: self.done.steps });
        }
        Ok(self.done)
    }

    fn rule(&self) -> Rule {
        if self.header.foreign() { Rule::Foreign } else { Rule::Exact }
    }

    fn read_returns(&mut self) {
        self.bytes.clear();
        self.player.returns(&mut self.bytes);
    }

    fn observation(&self, at: Place, reader: &mut ValueReader<'_>, expected: Json) -> Result<(), Failure> {
        let spec = self.player.spec();
        let values = spec.observation_spaces.iter().take(spec.observations()).map(|space| reader.read(space));
        let values: Vec<Value> = values.collect::<Result<_, _>>().map_err(|error| unreadable(at, "obs", &error))?;
        let expected = match spec.observation {
            Sharing::Shared => expected,
            Sharing::PerAgent => layout::by_agent(spec, expected),
        };
        compare(at, "obs", &expected, &layout::observations(spec, &values), self.rule())
    }

    fn info(
        &self,
        at: Place,
        reader: &mut ValueReader<'_>,
        expected: Option<Map<String, Json>>,
    ) -> Result<(), Failure> {
        let Some(expected) = expected.filter(|info| self.whole_info || !info.is_empty()) else { return Ok(()) };
        let space = info_space(self.player.spec(), self.player.phase());
        let value = reader.read(space);
        let found = to_json(space, &value.map_err(|error| unreadable(at, "info", &error))?);
        if self.whole_info {
            return compare(at, "info", &Json::Object(expected), &found, self.rule());
        }
        for (name, expected) in &expected {
            let field = format!("info{}", member(name));
            match found.get(name) {
                Some(found) => compare(at, &field, expected, found, self.rule())?,
                None => return Err(different(at, field, Some(expected.clone()), None)),
            }
        }
        Ok(())
    }

    fn hash(&mut self, at: Place, expected: Option<u64>) -> Result<(), Failure> {
        let Some(expected) = expected else { return Ok(()) };
        let found = self.player.hash().map_err(|error| refused(at, error))?;
        if found == expected {
            return Ok(());
        }
        let digits = |hash: u64| Some(Json::from(format!("{hash:016x}")));
        Err(different(at, "hash".to_owned(), digits(expected), digits(found)))
    }
}

fn in_order(at: Place, expected: u64) -> Result<(), Failure> {
    if at.t == expected { Ok(()) } else { Err(Failure::Order { line: at.line, expected, found: at.t }) }
}

fn counted(said_by: &'static str, expected: Option<u64>, found: u64) -> Result<(), Failure> {
    match expected {
        Some(expected) if expected != found => Err(Failure::Steps { said_by, expected, found }),
        _ => Ok(()),
    }
}

fn compare(at: Place, field: &str, expected: &Json, found: &Json, rule: Rule) -> Result<(), Failure> {
    match mismatch(expected, found, rule) {
        None => Ok(()),
        Some(inner) => Err(different(at, field.to_owned() + &inner.path, inner.expected, inner.found)),
    }
}

fn different(at: Place, field: String, expected: Option<Json>, found: Option<Json>) -> Failure {
    Failure::Difference(Box::new(Difference { line: at.line, t: at.t, field, expected, found }))
}

fn refused(at: Place, error: Refusal) -> Failure {
    Failure::Refused { line: at.line, t: at.t, error }
}

/// An environment whose own bytes are not of its space: told as a difference, with the reason for what was found.
fn unreadable(at: Place, field: &str, error: &DecodeError) -> Failure {
    different(at, field.to_owned(), None, Some(Json::from(format!("bytes outside the space: {error}"))))
}
