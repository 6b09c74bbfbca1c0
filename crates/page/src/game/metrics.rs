//! `pipelineMetrics`: when each step passed each station from key to pixel. Knows no browser: times come in, on the page's
//! clock, in milliseconds. A station that a step did not pass (no key, no picture of its own) is NaN.
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// The stations, in the order a step passes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Station {
    /// The key went down: the event's own time.
    Keypress,
    /// The tick took the key from its queue.
    QueueExit,
    /// The request was sent.
    StepCall,
    /// The Worker received it.
    WorkerReceive,
    /// `step` began.
    StepBegin,
    /// `step` ended.
    StepEnd,
    /// The reply was received.
    StepReturn,
    /// Drawing began.
    RenderBegin,
    /// Drawing ended.
    RenderEnd,
    /// The browser had painted.
    Paint,
}

/// The names of the stations, as rows, records and columns have them.
pub(crate) const STATIONS: [&str; 10] = [
    "keypressTimestamp",
    "queueExitTimestamp",
    "stepCallTimestamp",
    "workerReceiveTimestamp",
    "stepBeginTimestamp",
    "stepEndTimestamp",
    "stepReturnTimestamp",
    "renderBeginTimestamp",
    "renderEndTimestamp",
    "paintTimestamp",
];

/// When one step passed each station.
pub(crate) type Row = [f64; STATIONS.len()];

/// A row that has passed none.
pub(crate) const UNPASSED: Row = [f64::NAN; STATIONS.len()];

/// Stretches between two stations.
pub(crate) const SPANS: [(&str, Station, Station); 5] = [
    ("queue", Station::Keypress, Station::QueueExit),
    ("roundTrip", Station::StepCall, Station::StepReturn),
    ("step", Station::StepBegin, Station::StepEnd),
    ("render", Station::RenderBegin, Station::RenderEnd),
    ("total", Station::Keypress, Station::Paint),
];

/// The rows of the latest steps, one a frame from 1 on, up to a number fixed beforehand.
#[derive(Clone, Debug)]
pub(crate) struct Metrics {
    rows: Vec<Row>,
    capacity: usize,
    /// How many rows there have ever been; row `frame` stands at `(frame - 1) % capacity`.
    count: usize,
    frames: FrameMeter,
}

impl Metrics {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { rows: Vec::new(), capacity: capacity.max(1), count: 0, frames: FrameMeter::default() }
    }

    /// Adds the row of the next frame.
    pub(crate) fn push(&mut self, row: Row) {
        match self.rows.get_mut(self.count % self.capacity) {
            Some(oldest) => *oldest = row,
            None => self.rows.push(row),
        }
        self.count += 1;
    }

    /// The latest row.
    pub(crate) fn last(&self) -> Row {
        self.row(self.count).copied().unwrap_or(UNPASSED)
    }

    /// The row of a frame, from 1 on.
    pub(crate) fn row(&self, frame: usize) -> Option<&Row> {
        let kept = frame >= 1 && frame <= self.count && frame + self.capacity > self.count;
        kept.then(|| self.rows.get((frame - 1) % self.capacity)).flatten()
    }

    /// Stamps a station of an earlier frame.
    pub(crate) fn stamp(&mut self, frame: usize, station: Station, at: f64) {
        if self.row(frame).is_some() {
            let index = (frame - 1) % self.capacity;
            let row = self.rows.get_mut(index);
            row.and_then(|row| row.get_mut(station as usize)).into_iter().for_each(|stamp| *stamp = at);
        }
    }

    /// The frame of the oldest row kept.
    pub(crate) fn first_frame(&self) -> usize {
        self.count.saturating_sub(self.capacity.min(self.count)) + 1
    }

    /// How many rows there have ever been.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// One station of the rows from a frame on, oldest first.
    pub(crate) fn column(&self, station: usize, from: usize) -> impl Iterator<Item = f64> + '_ {
        let frames = from.max(self.first_frame())..=self.count;
        frames.filter_map(move |frame| self.row(frame)?.get(station).copied())
    }

    /// Counts an animation frame.
    pub(crate) fn animation_frame(&mut self, at: f64) {
        self.frames.frame(at);
    }

    /// The next animation frame follows a pause and says nothing about the display.
    pub(crate) fn interrupted(&mut self) {
        self.frames.last = None;
    }

    /// The frame from which on there are `last` rows, or all that are kept.
    pub(crate) fn from(&self, last: Option<usize>) -> usize {
        last.map_or(1, |last| (self.count + 1).saturating_sub(last)).max(self.first_frame())
    }

    /// What the rows from a frame on come to.
    pub(crate) fn summary(&self, first: usize) -> Summary {
        let span = |from: Station, to: Station| {
            let stretches =
                self.column(from as usize, first).zip(self.column(to as usize, first)).map(|(from, to)| to - from);
            Percentiles::of(stretches.collect())
        };
        let round_trips =
            self.column(Station::StepCall as usize, first).zip(self.column(Station::StepReturn as usize, first));
        let steps = self.column(Station::StepBegin as usize, first).zip(self.column(Station::StepEnd as usize, first));
        let crossing = round_trips.zip(steps).map(|((call, returned), (begin, end))| (returned - call) - (end - begin));
        Summary {
            count: self.count,
            queue: span(Station::Keypress, Station::QueueExit),
            crossing: Percentiles::of(crossing.collect()),
            step: span(Station::StepBegin, Station::StepEnd),
            round_trip: span(Station::StepCall, Station::StepReturn),
            render: span(Station::RenderBegin, Station::RenderEnd),
            total: span(Station::Keypress, Station::Paint),
            animation_frames: self.frames.frames,
            dropped_frames: self.frames.dropped,
        }
    }
}

/// What a game's steps came to, in milliseconds.
#[derive(Clone, Debug)]
pub(crate) struct Summary {
    /// Steps ever made; the percentiles are over those asked for.
    pub(super) count: usize,
    /// From the key to the tick that took it.
    pub(super) queue: Percentiles,
    /// To the Worker and back, without the step itself.
    pub(super) crossing: Percentiles,
    /// The step itself.
    pub(super) step: Percentiles,
    /// From the call to the return, as the page sees it.
    pub(super) round_trip: Percentiles,
    /// Drawing.
    pub(super) render: Percentiles,
    /// From the key to the painted picture.
    pub(super) total: Percentiles,
    pub(super) animation_frames: u64,
    /// Animation frames that the display had time for and the page did not use.
    pub(super) dropped_frames: u64,
}

/// Of the values that are numbers; NaN where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Percentiles {
    pub(super) count: usize,
    pub(super) p50: f64,
    pub(super) p95: f64,
    pub(super) p99: f64,
    pub(super) max: f64,
}

impl Percentiles {
    fn of(mut values: Vec<f64>) -> Self {
        values.retain(|value| !value.is_nan());
        let values = sorted(values);
        // The nearest rank: a value that was measured, not one between two.
        let rank = |part: f64| {
            let index = (part * values.len() as f64).ceil() as usize;
            values.get(index.saturating_sub(1)).copied().unwrap_or(f64::NAN)
        };
        Self { count: values.len(), p50: rank(0.50), p95: rank(0.95), p99: rank(0.99), max: rank(1.0) }
    }
}

/// In order. A heap's sort is a fifth of the code of a slice's, and the page is a download.
fn sorted(values: Vec<f64>) -> Vec<f64> {
    let values: Vec<Ordered> = values.into_iter().map(Ordered).collect();
    BinaryHeap::from(values).into_sorted_vec().into_iter().map(|value| value.0).collect()
}

/// A number that is compared as [`f64::total_cmp`] does.
struct Ordered(f64);

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ordered {}

/// Counts the animation frames that did not come. The display's own interval is the shortest usual one seen.
#[derive(Clone, Debug, Default)]
struct FrameMeter {
    last: Option<f64>,
    recent: Vec<f64>,
    frames: u64,
    dropped: u64,
}

impl FrameMeter {
    const RECENT: usize = 60;

    fn frame(&mut self, at: f64) {
        self.frames += 1;
        let delta = self.last.map(|last| at - last).filter(|delta| *delta > 0.0);
        self.last = Some(at);
        let Some(delta) = delta else { return };
        if self.recent.len() < Self::RECENT {
            self.recent.push(delta);
        } else if let Some(oldest) = self.recent.get_mut(self.frames as usize % Self::RECENT) {
            *oldest = delta;
        }
        let sorted = sorted(self.recent.clone());
        let usual = sorted.get(sorted.len() / 2).copied().unwrap_or(delta);
        self.dropped += ((delta / usual).round() as u64).saturating_sub(1);
    }
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
    fn percentiles_are_measured_values_and_skip_stations_not_passed() {
        let values = (1..=100).map(f64::from).chain([f64::NAN]).collect();
        let found = Percentiles::of(values);
        assert_eq!(found, Percentiles { count: 100, p50: 50.0, p95: 95.0, p99: 99.0, max: 100.0 });
        assert!(Percentiles::of(vec![]).p50.is_nan());
        assert_eq!(Percentiles::of(vec![3.0]).p99, 3.0);
    }

    #[test]
    fn a_summary_takes_the_step_out_of_the_crossing() {
        let mut metrics = Metrics::new(10);
        let mut row = row(10.0, 15.0);
        row[Station::StepBegin as usize] = 11.0;
        row[Station::StepEnd as usize] = 14.0;
        metrics.push(row);
        let summary = metrics.summary(1);
        assert_eq!((summary.crossing.p50, summary.step.p50, summary.round_trip.p50), (2.0, 3.0, 5.0));
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
