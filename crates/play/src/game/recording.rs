//! What a game leaves: steps, episodes, and whatever else happened, in order.
use palaestra_env::{Outcome, ValueReader};
use palaestra_protocol::together::Shown;
use palaestra_protocol::{ErrorCode, Failure, Row, STATIONS, STATIONS_ALONE, Station, StepTimes, Stepped, UNPASSED};
use palaestra_record::{Recorder, TIMES};
use palaestra_session::Transition;
use palaestra_text::json::WriteNumber;

use super::metrics::Metrics;
use super::note::{Field, note};
use super::options::Options;
use super::output::{Output, PlayedStep};
use super::presence::Absence;

/// No game of a match is further ahead of what is final than so many steps.
const MOST_AHEAD: u32 = 10_000;

/// The record of a game in the making, with the rows of its latest steps.
pub(super) struct Recording {
    pub(super) recorder: Recorder,
    pub(super) metrics: Metrics,
    /// How many steps there are.
    pub(super) frame: u32,
    /// Milliseconds by which the game has been slower than its pace.
    pub(super) slowed: f64,
    /// When the latest input's key went down, and when the page sent it.
    pub(super) last_input: [f64; 2],
    /// From which step on a browser that came back into a match has played again.
    pub(super) resumed: Option<u32>,
    /// How many episodes there were before those in the record.
    episodes_before: u64,
    with_times: bool,
    with_rows: bool,
    /// How many stations of a row are recorded.
    stations: usize,
    /// The numbers of the step that is recorded; the memory is used again.
    numbers: Vec<f64>,
    number: WriteNumber,
}

impl Recording {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            recorder: Recorder::new(options.agents),
            metrics: Metrics::new(options.metrics_capacity),
            frame: 0,
            slowed: 0.0,
            last_input: [f64::NAN; 2],
            resumed: None,
            episodes_before: 0,
            with_times: options.record_times,
            with_rows: options.record_metrics,
            stations: if options.together { STATIONS.len() } else { STATIONS_ALONE },
            numbers: Vec::new(),
            number: options.number,
        }
    }

    /// An episode has begun, after so many others; with a seed, or the generator goes on.
    pub(super) fn begin_episode(&mut self, seed: Option<u64>, before: u64, options: &Options, returns: &[u8]) {
        self.episodes_before = before.saturating_sub(self.recorder.totals().episodes);
        self.finish_step();
        self.recorder.reset(seed, &options.reset_options_text, returns);
        self.metrics.interrupted();
    }

    /// The present episode, from 1 on; 0 before the first.
    pub(super) fn episode(&self) -> u64 {
        self.episodes_before + self.recorder.totals().episodes
    }

    /// Goes on with the steps after `frame`, in the middle of an episode that this browser has not seen begin. It cannot be
    /// replayed from here: the record goes on with the next one.
    pub(super) fn resume(&mut self, episode: u64, frame: u32) {
        (self.resumed, self.episodes_before, self.frame) = (Some(frame), episode, frame);
        self.metrics.skip_to(frame as usize);
    }

    /// Whether this browser came back just now: that episode may begin here, and then the record has all of it.
    pub(super) fn just_resumed(&self) -> bool {
        self.resumed == Some(self.frame) && self.recorder.totals().episodes == 0
    }

    /// Takes in a picture of a match: it begins the row of its step, unless there is one.
    ///
    /// # Errors
    /// [`Failure`] for a step that cannot be: further ahead than anybody plays without the others.
    pub(super) fn shown(&mut self, shown: &Shown<'_>, clock_offset: f64, now: f64) -> Result<(), Failure> {
        let (frame, ahead) = (shown.frame as usize, shown.frame.saturating_sub(self.frame));
        if ahead > MOST_AHEAD {
            let message = format!("expected a picture at most {MOST_AHEAD} steps ahead, found one {ahead} ahead");
            return Err(Failure::new(ErrorCode::BadMessage, message));
        }
        if self.metrics.count() >= frame {
            return Ok(());
        }
        let mut row = row_of(&shown.times, clock_offset, now);
        if shown.predicted > 0 {
            row[Station::Predicted as usize] = now;
        }
        self.begin_row(frame, row);
        if !shown.times.pressed.is_nan() {
            self.last_input = [shown.times.pressed, shown.times.queued];
        }
        Ok(())
    }

    /// Adds the row of a frame, and empty ones of those before that were never shown.
    fn begin_row(&mut self, frame: usize, row: Row) {
        while self.metrics.count() + 1 < frame {
            self.metrics.push(UNPASSED);
        }
        self.metrics.push(row);
    }

    /// Takes in a step; gives what it earned and its row so far. It stands in the record when something else happens, with all
    /// that is known of it then.
    ///
    /// # Errors
    /// [`Failure`] for another step than the next one, or one that cannot be read. It is not recorded then.
    pub(super) fn step(
        &mut self,
        step: &Stepped<'_>,
        clock_offset: f64,
        now: f64,
        together: bool,
    ) -> Result<(Outcome, Row), Failure> {
        let bad = |message| Failure::new(ErrorCode::BadMessage, message);
        let expected = self.frame.saturating_add(1);
        if step.frame != expected || !step.confirmed {
            return Err(bad(format!("expected step {expected} of the Worker, found {}", step.frame)));
        }
        self.finish_step();
        let outcome = if self.recorder.totals().episodes == 0 && self.resumed.is_some() {
            Outcome::read(self.recorder.score().len(), &mut ValueReader::new(step.returns))
        } else {
            self.recorder.begin_step(step.actions, step.returns, step.hash)
        };
        let outcome = outcome.map_err(|error| bad(error.to_string()))?;
        self.frame = expected;
        self.slowed = step.slowed;
        let row = if together { self.confirm(step, clock_offset, now) } else { row_of(&step.times, clock_offset, now) };
        if !together {
            self.metrics.push(row);
        }
        if !step.times.pressed.is_nan() {
            self.last_input = [step.times.pressed, step.times.queued];
        }
        Ok((outcome, row))
    }

    /// A step of a match is final: its row is complete but for the picture, if that is still to be painted.
    fn confirm(&mut self, step: &Stepped<'_>, clock_offset: f64, now: f64) -> Row {
        let frame = step.frame as usize;
        let known = self.metrics.row(frame).is_some_and(|row| !row[Station::StepBegin as usize].is_nan());
        if !known {
            let row = row_of(&step.times, clock_offset, now);
            if self.metrics.count() < frame { self.begin_row(frame, row) } else { self.metrics.replace(frame, row) }
        }
        self.metrics.stamp(frame, Station::Confirmed, now);
        self.metrics.row(frame).copied().unwrap_or(UNPASSED)
    }

    /// The step as those hear of it who asked to.
    pub(super) fn told(&self, step: &Stepped<'_>, row: Row) -> PlayedStep {
        PlayedStep {
            frame: step.frame,
            episode: self.episode(),
            actions: step.actions.to_vec(),
            returns: step.returns.to_vec(),
            score: self.recorder.score().to_vec(),
            row,
        }
    }

    /// The latest step is recorded for good, with its times and its row if these are recorded: the numbers that [`names`] name.
    pub(super) fn finish_step(&mut self) {
        let mut numbers = std::mem::take(&mut self.numbers);
        self.put_numbers(&mut numbers);
        self.recorder.finish_step(&numbers);
        self.numbers = numbers;
    }

    fn put_numbers(&self, numbers: &mut Vec<f64>) {
        numbers.clear();
        let Some(row) = self.metrics.row(self.frame as usize) else { return };
        if self.with_times {
            let time = |station: Station| row.get(station as usize).map_or(f64::NAN, |at| to_microseconds(*at));
            numbers.extend([time(Station::StepBegin), time(Station::Keypress)]);
        }
        if self.with_rows {
            numbers.extend(row.iter().take(self.stations));
        }
    }

    /// What was recorded and not handed out, with the latest step as far as it is known, sealed: a copy.
    pub(super) fn snapshot(&self) -> Recorder {
        let (mut copy, mut numbers) = (self.recorder.clone(), Vec::new());
        self.put_numbers(&mut numbers);
        copy.finish_step(&numbers);
        copy.seal();
        copy
    }

    /// Notes something that happened, after the steps before it.
    pub(super) fn note(&mut self, fields: &[(&str, Field)]) {
        self.finish_step();
        self.recorder.event(&note(self.number, fields));
    }

    pub(super) fn note_transition(&mut self, transition: &Transition) {
        self.note(&[
            ("at", Field::Number(transition.at)),
            ("event", Field::Text("transition")),
            ("from", Field::Text(transition.from.as_str())),
            ("reason", transition.reason.map_or(Field::Nothing, |reason| Field::Text(reason.as_str()))),
            ("to", Field::Text(transition.to.as_str())),
        ]);
    }

    pub(super) fn note_pause(&mut self, now: f64, paused: bool) {
        let event = if paused { "paused" } else { "resumed" };
        self.note(&[("at", Field::Number(now)), ("event", Field::Text(event))]);
    }

    pub(super) fn note_absence(&mut self, event: &'static str, Absence { since, ms }: Absence) {
        self.note(&[("at", Field::Number(since)), ("event", Field::Text(event)), ("ms", Field::Number(ms))]);
    }

    /// Notes what became of the match, with numbers. Every side has its own notes.
    pub(super) fn note_match(&mut self, now: f64, event: &'static str, numbers: &[(&'static str, f64)]) {
        let about = [("at", Field::Number(now)), ("event", Field::Text(event))];
        let numbers = numbers.iter().map(|(name, number)| (*name, Field::Number(*number)));
        let fields: Vec<(&str, Field)> = about.into_iter().chain(numbers).collect();
        self.note(&fields);
    }

    /// Nothing more will be recorded.
    pub(super) fn seal(&mut self) {
        self.finish_step();
        self.recorder.seal();
    }

    /// Hands out what is sealed.
    pub(super) fn hand_out(&mut self, out: &mut Vec<Output>) {
        out.extend(std::iter::from_fn(|| self.recorder.take_sealed()).map(Output::Keep));
    }
}

/// The names of the numbers that a step of such a game has in its record.
pub(super) fn names(options: &Options) -> Vec<&'static str> {
    let stations = if options.together { STATIONS.len() } else { STATIONS_ALONE };
    let times = TIMES.iter().filter(|_| options.record_times);
    let rows = STATIONS.iter().take(stations).filter(|_| options.record_metrics);
    times.chain(rows).copied().collect()
}

/// No browser's clock is finer, and what a difference of two clocks adds behind that takes room and says nothing.
fn to_microseconds(ms: f64) -> f64 {
    (ms * 1e3).round() / 1e3
}

fn row_of(times: &StepTimes, clock_offset: f64, returned: f64) -> Row {
    let on_page = |at: f64| at + clock_offset;
    let mut row = UNPASSED;
    for (station, at) in [
        (Station::Keypress, times.pressed),
        (Station::QueueExit, times.queued),
        (Station::StepCall, times.called),
        (Station::WorkerReceive, on_page(times.received)),
        (Station::StepDue, on_page(times.due)),
        (Station::StepBegin, on_page(times.began)),
        (Station::StepEnd, on_page(times.ended)),
        (Station::StepReturn, returned),
    ] {
        row[station as usize] = at;
    }
    row
}
