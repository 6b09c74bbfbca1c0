//! The stations of `pipelineMetrics`: what every step passes on its way from a key to a pixel.

/// The stations, in the order a step passes them. Times are milliseconds of the page's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Station {
    /// The key went down: the event's own time.
    Keypress,
    /// It left the page.
    QueueExit,
    /// The page sent the last message that reached the game before this step: a key, or the grant to go on.
    StepCall,
    /// The Worker received that message.
    WorkerReceive,
    /// The step was due.
    StepDue,
    /// `step` began.
    StepBegin,
    /// `step` ended.
    StepEnd,
    /// What it returned was received.
    StepReturn,
    /// Drawing began.
    RenderBegin,
    /// Drawing ended.
    RenderEnd,
    /// The browser had painted.
    Paint,
    /// The picture of the step was received while some action in it was a guess. Of a match.
    Predicted,
    /// The step was received as final. Of a match.
    Confirmed,
}

/// The names of the stations, as rows, records and columns have them.
pub const STATIONS: [&str; 13] = [
    "keypressTimestamp",
    "queueExitTimestamp",
    "stepCallTimestamp",
    "workerReceiveTimestamp",
    "stepDueTimestamp",
    "stepBeginTimestamp",
    "stepEndTimestamp",
    "stepReturnTimestamp",
    "renderBeginTimestamp",
    "renderEndTimestamp",
    "paintTimestamp",
    "predictedTimestamp",
    "confirmedTimestamp",
];

/// How many of them, from the first on, a game alone can pass. The others are a match's.
pub const STATIONS_ALONE: usize = 11;

/// When one step passed each station.
pub type Row = [f64; STATIONS.len()];

/// A row that has passed none.
pub const UNPASSED: Row = [f64::NAN; STATIONS.len()];

/// Stretches between two stations, by name.
pub const SPANS: [(&str, Station, Station); 6] = [
    ("queue", Station::Keypress, Station::QueueExit),
    ("roundTrip", Station::StepCall, Station::StepReturn),
    ("wait", Station::WorkerReceive, Station::StepBegin),
    ("step", Station::StepBegin, Station::StepEnd),
    ("render", Station::RenderBegin, Station::RenderEnd),
    ("total", Station::Keypress, Station::Paint),
];
