//! What a game leaves: steps, episodes, and whatever else happened, in order.
use palaestra_env::Outcome;
use palaestra_env::json_text::WriteNumber;
use palaestra_protocol::{ErrorCode, Failure, Row, Station, Stepped, UNPASSED};
use palaestra_record::Recorder;
use palaestra_session::Transition;

use super::metrics::Metrics;
use super::note::{Field, note};
use super::options::Options;
use super::output::{Output, PlayedStep};
use super::presence::Absence;

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
    with_rows: bool,
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
            with_rows: options.record_metrics,
            number: options.number,
        }
    }

    /// An episode has begun; the first one with the session's seed.
    pub(super) fn begin_episode(&mut self, options: &Options, returns: &[u8]) {
        let seed = (self.recorder.totals().episodes == 0).then_some(options.seed);
        self.finish_step();
        self.recorder.reset(seed, &options.reset_options_text, returns);
        self.metrics.interrupted();
    }

    /// Takes in a step; gives what it earned and its row so far. It stands in the record when something else happens, with all
    /// that is known of it then.
    ///
    /// # Errors
    /// [`Failure`] for another step than the next one, or one that cannot be read. It is not recorded then.
    pub(super) fn step(&mut self, step: &Stepped<'_>, clock_offset: f64, now: f64) -> Result<(Outcome, Row), Failure> {
        let bad = |message| Failure::new(ErrorCode::BadMessage, message);
        let expected = self.frame.saturating_add(1);
        if step.frame != expected || !step.confirmed {
            return Err(bad(format!("expected step {expected} of the Worker, found {}", step.frame)));
        }
        self.finish_step();
        let recorded = self.recorder.begin_step(step.actions, step.returns, step.hash);
        let outcome = recorded.map_err(|error| bad(error.to_string()))?;
        let row = row_of(step, clock_offset, now);
        self.frame = expected;
        self.slowed = step.slowed;
        self.metrics.push(row);
        if !step.times.pressed.is_nan() {
            self.last_input = [step.times.pressed, step.times.queued];
        }
        Ok((outcome, row))
    }

    /// The step as those hear of it who asked to.
    pub(super) fn told(&self, step: &Stepped<'_>, row: Row) -> PlayedStep {
        PlayedStep {
            frame: step.frame,
            episode: self.recorder.totals().episodes,
            actions: step.actions.to_vec(),
            returns: step.returns.to_vec(),
            score: self.recorder.score().to_vec(),
            row,
        }
    }

    /// The latest step is recorded for good, with its row if rows are recorded.
    pub(super) fn finish_step(&mut self) {
        let row = self.metrics.row(self.frame as usize).filter(|_| self.with_rows);
        self.recorder.finish_step(row.map_or(&[], |row| &row[..]));
    }

    /// Notes something that happened, after the steps before it.
    fn note(&mut self, fields: &[(&str, Field)]) {
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

fn row_of(step: &Stepped<'_>, clock_offset: f64, returned: f64) -> Row {
    let times = &step.times;
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
