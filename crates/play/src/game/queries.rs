//! What can be asked of a game.
use std::rc::Rc;

use palaestra_env::Spec;
use palaestra_protocol::Failure;
use palaestra_record::Recorder;
use palaestra_session::{DisposalReport, Reason, State};

use super::core::Game;
use super::matched::Matched;
use super::metrics::Metrics;
use super::options::Options;
use super::recording::names;

impl Game {
    /// What it was asked to be.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Where the session is in its life.
    pub fn state(&self) -> State {
        self.life.state()
    }

    /// Why the session ended.
    pub fn reason(&self) -> Option<Reason> {
        self.life.reason()
    }

    /// What went wrong, if it ended so.
    pub fn failure(&self) -> Option<&Failure> {
        self.life.failure()
    }

    /// Whether the game has been played, or could have been: there is something to hand over then.
    pub fn started(&self) -> bool {
        self.life.started()
    }

    /// How the session was disposed of; nothing before that.
    pub fn report(&self) -> Option<DisposalReport> {
        self.life.report()
    }

    /// The environment's spec, once it is known.
    pub fn spec(&self) -> Option<&Rc<Spec>> {
        self.made.as_ref().map(|made| &made.spec)
    }

    /// Whether no tick comes, because the page said so or because the tab is hidden. In a match neither is a reason.
    pub fn paused(&self) -> bool {
        self.together.is_none() && self.presence.paused()
    }

    /// Whether it is a game of a match.
    pub fn together(&self) -> bool {
        self.together.is_some()
    }

    /// The match that it is a game of, once that is complete.
    pub fn matched(&self) -> Option<&Matched> {
        self.together.as_ref()?.matched.as_deref()
    }

    /// The present episode, from 1 on; 0 before the first.
    pub fn episode(&self) -> u64 {
        self.recording.episode()
    }

    /// From which step on a browser that came back into a match has played again; nothing: from the first.
    pub fn resumed(&self) -> Option<u32> {
        self.recording.resumed
    }

    /// How many steps have been made: in a match, for good.
    pub fn frame(&self) -> u32 {
        self.recording.frame
    }

    /// Milliseconds by which the game has been slower than its pace.
    pub fn slowed(&self) -> f64 {
        self.recording.slowed
    }

    /// When the latest input's key went down, and when the page sent it; NaN before the first.
    pub fn last_input(&self) -> [f64; 2] {
        self.recording.last_input
    }

    /// When each step passed each station.
    pub fn metrics(&self) -> &Metrics {
        &self.recording.metrics
    }

    /// The names of the numbers that the record's steps have; see [`LineWriter`](palaestra_record::LineWriter).
    pub fn numbers(&self) -> Vec<&'static str> {
        names(&self.options)
    }

    /// What was recorded and not handed out, the latest step included, sealed: with the chunks before it all that was played so far.
    /// Recording goes on as if nobody had asked.
    pub fn snapshot(&self) -> Recorder {
        self.recording.snapshot()
    }

    /// What has been recorded.
    pub fn recorder(&self) -> &Recorder {
        &self.recording.recorder
    }

    /// The latest step stands in the record from now on, with what is known of it: for whoever keeps the record while it grows. What
    /// of its row comes later is not recorded.
    pub fn settle_step(&mut self) {
        self.recording.finish_step();
    }
}
