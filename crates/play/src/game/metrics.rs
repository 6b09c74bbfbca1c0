//! `pipelineMetrics`: when each step passed each station from key to pixel. Knows no browser: times come in, on the page's
//! clock, in milliseconds. A station that a step did not pass (no key, no picture of its own) is NaN.
use palaestra_protocol::{Row, Station, UNPASSED};

use super::frames::FrameMeter;
use super::percentiles::Percentiles;

/// The rows of the latest steps, one per frame from 1 on, up to a number fixed beforehand.
#[derive(Clone, Debug)]
pub struct Metrics {
    rows: Vec<Row>,
    capacity: usize,
    /// The frame of the latest row; row `frame` stands at `(frame - 1 - base) % capacity`.
    count: usize,
    /// The frame after which they begin: a browser that comes back into a match begins in the middle.
    base: usize,
    frames: FrameMeter,
}

impl Metrics {
    /// Keeps at most so many rows.
    pub fn new(capacity: usize) -> Self {
        Self { rows: Vec::new(), capacity: capacity.max(1), count: 0, base: 0, frames: FrameMeter::default() }
    }

    /// Adds the row of the next frame.
    pub fn push(&mut self, row: Row) {
        match self.rows.get_mut((self.count - self.base) % self.capacity) {
            Some(oldest) => *oldest = row,
            None => self.rows.push(row),
        }
        self.count += 1;
    }

    /// The next row is that of the frame after this one; there is none of it or any before.
    pub fn skip_to(&mut self, frame: usize) {
        self.rows.clear();
        (self.base, self.count) = (frame, frame);
    }

    /// Puts another row in the place of one that is kept.
    pub fn replace(&mut self, frame: usize, row: Row) {
        if self.row(frame).is_some() {
            let index = (frame - 1 - self.base) % self.capacity;
            self.rows.get_mut(index).into_iter().for_each(|old| *old = row);
        }
    }

    /// The latest row.
    pub fn last(&self) -> Row {
        self.row(self.count).copied().unwrap_or(UNPASSED)
    }

    /// The row of a frame, from 1 on.
    pub fn row(&self, frame: usize) -> Option<&Row> {
        let kept = frame > self.base && frame <= self.count && frame + self.capacity > self.count;
        kept.then(|| self.rows.get((frame - 1 - self.base) % self.capacity)).flatten()
    }

    /// Stamps a station of an earlier frame.
    pub fn stamp(&mut self, frame: usize, station: Station, at: f64) {
        if self.row(frame).is_some() {
            let index = (frame - 1 - self.base) % self.capacity;
            let row = self.rows.get_mut(index);
            row.and_then(|row| row.get_mut(station as usize)).into_iter().for_each(|stamp| *stamp = at);
        }
    }

    /// The frame of the oldest row kept.
    pub fn first_frame(&self) -> usize {
        self.count.saturating_sub(self.capacity.min(self.count - self.base)) + 1
    }

    /// The frame of the latest row: how many there have ever been, but for those before a browser came back.
    pub fn count(&self) -> usize {
        self.count
    }

    /// One station of the rows from a frame on, oldest first.
    pub fn column(&self, station: usize, from: usize) -> impl Iterator<Item = f64> + '_ {
        let frames = from.max(self.first_frame())..=self.count;
        frames.filter_map(move |frame| self.row(frame)?.get(station).copied())
    }

    /// Counts an animation frame.
    pub fn animation_frame(&mut self, at: f64) {
        self.frames.frame(at);
    }

    /// The next animation frame follows a pause and says nothing about the display.
    pub fn interrupted(&mut self) {
        self.frames.interrupted();
    }

    /// The frame from which on there are `last` rows, or all that are kept.
    pub fn from(&self, last: Option<usize>) -> usize {
        last.map_or(1, |last| (self.count + 1).saturating_sub(last)).max(self.first_frame())
    }

    /// What the rows from a frame on come to.
    pub fn summary(&self, first: usize) -> Summary {
        let span = |from: Station, to: Station| {
            let stretches =
                self.column(from as usize, first).zip(self.column(to as usize, first)).map(|(from, to)| to - from);
            Percentiles::of(stretches.collect())
        };
        // The step waits for its time at the Worker: that is no part of what the way there and back costs.
        let crossing = |without: &[(Station, Station)]| {
            let rows = (first.max(self.first_frame())..=self.count).filter_map(|frame| self.row(frame));
            let length =
                |row: &Row, (from, to): (Station, Station)| match (row.get(from as usize), row.get(to as usize)) {
                    (Some(from), Some(to)) => to - from,
                    _ => f64::NAN,
                };
            let whole = (Station::StepCall, Station::StepReturn);
            let rest = |row| length(row, whole) - without.iter().map(|part| length(row, *part)).sum::<f64>();
            Percentiles::of(rows.map(rest).collect())
        };
        let wait = (Station::WorkerReceive, Station::StepBegin);
        let step = (Station::StepBegin, Station::StepEnd);
        Summary {
            count: self.count,
            queue: span(Station::Keypress, Station::QueueExit),
            wait: span(wait.0, wait.1),
            crossing: crossing(&[wait, step]),
            step: span(step.0, step.1),
            round_trip: crossing(&[wait]),
            render: span(Station::RenderBegin, Station::RenderEnd),
            total: span(Station::Keypress, Station::Paint),
            animation_frames: self.frames.frames,
            dropped_frames: self.frames.dropped,
        }
    }
}

/// What a game's steps came to, in milliseconds.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Steps ever made; the percentiles are over those asked for.
    pub count: usize,
    /// From the key until the page sent it.
    pub queue: Percentiles,
    /// At the Worker, from the arrival of the last message before the step until the step began: it waits for its time.
    pub wait: Percentiles,
    /// To the Worker and back, without the wait there and the step itself.
    pub crossing: Percentiles,
    /// The step itself.
    pub step: Percentiles,
    /// From that message to what the step returned, without the wait at the Worker.
    pub round_trip: Percentiles,
    /// Drawing.
    pub render: Percentiles,
    /// From the key to the painted picture.
    pub total: Percentiles,
    /// Animation frames that the page drew.
    pub animation_frames: u64,
    /// Animation frames that the display had time for and the page did not use.
    pub dropped_frames: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(call: f64, returned: f64) -> Row {
        let mut row = UNPASSED;
        row[Station::StepCall as usize] = call;
        row[Station::StepReturn as usize] = returned;
        row
    }

    #[test]
    fn the_history_keeps_the_latest_rows_and_forgets_the_oldest() {
        let mut metrics = Metrics::new(3);
        (1..=5).for_each(|frame| metrics.push(row(f64::from(frame), f64::from(frame) + 1.0)));
        assert_eq!(metrics.column(Station::StepCall as usize, 1).collect::<Vec<_>>(), [3.0, 4.0, 5.0]);
        assert_eq!((metrics.from(None), metrics.from(Some(2)), metrics.from(Some(9))), (3, 4, 3));
        assert_eq!((metrics.first_frame(), metrics.count()), (3, 5));
        assert!(metrics.row(2).is_none() && metrics.row(6).is_none() && metrics.row(0).is_none());
        metrics.stamp(4, Station::Paint, 44.0);
        metrics.stamp(2, Station::Paint, 22.0);
        assert_eq!(metrics.row(4).unwrap()[Station::Paint as usize], 44.0);
        assert!(metrics.column(Station::Paint as usize, 1).filter(|paint| !paint.is_nan()).eq([44.0]));
    }

    #[test]
    fn another_row_takes_the_place_of_one_that_is_kept_and_of_no_other() {
        let mut metrics = Metrics::new(3);
        (1..=5).for_each(|frame| metrics.push(row(f64::from(frame), f64::from(frame) + 1.0)));
        for frame in [0, 2, 4, 6] {
            metrics.replace(frame, row(40.0, 41.0));
        }
        assert_eq!(metrics.column(Station::StepCall as usize, 1).collect::<Vec<_>>(), [3.0, 40.0, 5.0]);
    }

    #[test]
    fn a_summary_takes_the_wait_out_of_the_round_trip_and_the_step_out_of_the_crossing() {
        let mut metrics = Metrics::new(10);
        let mut row = row(10.0, 25.0);
        row[Station::WorkerReceive as usize] = 10.5;
        row[Station::StepBegin as usize] = 20.5;
        row[Station::StepEnd as usize] = 23.5;
        metrics.push(row);
        let summary = metrics.summary(1);
        assert_eq!((summary.wait.p50, summary.step.p50), (10.0, 3.0));
        assert_eq!((summary.round_trip.p50, summary.crossing.p50), (5.0, 2.0));
    }

    #[test]
    fn frames_that_did_not_come_are_counted_at_any_refresh_rate() {
        for hz in [60.0, 144.0] {
            let mut metrics = Metrics::new(1);
            let interval = 1000.0 / hz;
            (0..100).filter(|frame| !(50..53).contains(frame)).for_each(|frame| {
                metrics.animation_frame(f64::from(frame) * interval);
            });
            assert_eq!(metrics.summary(1).dropped_frames, 3, "{hz}");
            metrics.interrupted();
            metrics.animation_frame(60_000.0);
            assert_eq!(metrics.summary(1).dropped_frames, 3);
        }
    }
}
