//! What a game was asked to be.
use palaestra_text::json::WriteNumber;

/// What a game waits for before its first step, once everything is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// Nothing.
    #[default]
    AtOnce,
    /// It is paused: the page says when it goes on.
    Paused,
    /// The same, or a key: one that goes down then is not an action yet.
    Key,
}

/// What a game was asked to be. Whoever reads the options of a page has checked them.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many agents play.
    pub agents: usize,
    /// The session's seed: of the first episode, and of random seats.
    pub seed: u64,
    /// Ticks per second, in [`FPS`](crate::simulation::FPS).
    pub fps: f64,
    /// Whether it is drawn.
    pub scene: bool,
    /// Whether the hash of every state goes into the record.
    pub record_hashes: bool,
    /// Whether the times of every step and of its key do.
    pub record_times: bool,
    /// Whether every step's row of metrics does.
    pub record_metrics: bool,
    /// Options of every reset, as a plain value's bytes; none: empty.
    pub reset_options: Vec<u8>,
    /// The same as the text of a JSON object.
    pub reset_options_text: String,
    /// The session ends after so many episodes.
    pub episodes: Option<u64>,
    /// The session ends after so many steps.
    pub max_steps: Option<u64>,
    /// Whether it is a game of a match: the server finds the others, and says the pace and the seed.
    pub together: bool,
    /// What the first episode waits for.
    pub start: Start,
    /// Milliseconds in which the environment has to be there.
    pub load_timeout: f64,
    /// Milliseconds in which the Worker has to answer.
    pub step_timeout: f64,
    /// Milliseconds for which the participant may be away; nothing: for ever.
    pub focus_timeout: Option<f64>,
    /// Milliseconds from the end of an episode to the next.
    pub episode_pause: f64,
    /// How many rows of metrics are kept.
    pub metrics_capacity: usize,
    /// Whether things move from one scene to the next.
    pub tween: bool,
    /// Whether somebody wants to hear of every step.
    pub tell_steps: bool,
    /// Whether the browser's profiler is told of every step.
    pub user_timing: bool,
    /// Prints a number that is not whole, for the record's events.
    pub number: WriteNumber,
}
