//! The steps of a record: what was seen, what was done, and what came of it.
use std::io::BufRead;

use palaestra_env::{Kwargs, MakeError, Outcome, Phase, Returns, Sharing, Space, Spec, Value};
use palaestra_record::{Header, Limits, Playback, Played, Player};
use serde_json::{Map, Value as Json};

use crate::error::ExportError;

/// Replays a record and gives its steps, one by one.
pub struct Steps<R: BufRead, P, M> {
    playback: Playback<R, P, M>,
    now: Now,
}

/// Where the replay is.
struct Now {
    episodes: u64,
    step: u64,
    t: u64,
    time: Option<f64>,
    key_time: Option<f64>,
    seed: Option<u64>,
    options: Kwargs,
    before: Returns,
    after: Returns,
    metrics: Map<String, Json>,
    other: Map<String, Json>,
}

/// A step of all agents. Every value is the replay's, which agrees with the record's.
#[derive(Clone, Copy)]
pub struct Step<'a> {
    /// The record's header.
    pub header: &'a Header,
    /// The environment's spec.
    pub spec: &'a Spec,
    /// The episode within the record, from 0: how many resets came before its own.
    pub episode: u64,
    /// The step within the episode, from 0.
    pub step: u64,
    /// The record's own count of steps, from 1 and over all episodes.
    pub t: u64,
    /// When it was played, in milliseconds of the page's clock; `None`: the record does not say.
    pub time: Option<f64>,
    /// When the key went down that it was the first to take, on the same clock.
    pub key_time: Option<f64>,
    /// The seed that the episode was reset with; `None`: the generator went on.
    pub seed: Option<u64>,
    /// What the episode was reset with beside the seed.
    pub options: &'a Kwargs,
    /// One action per agent.
    pub actions: &'a [Value],
    /// What was returned before: the observations that the actions answer.
    pub before: &'a Returns,
    /// What the step returned.
    pub after: &'a Returns,
    /// Timings and other measurements of the step, by name.
    pub metrics: &'a Map<String, Json>,
    /// Every field of the record's line that has no meaning of its own.
    pub other: &'a Map<String, Json>,
}

impl<R: BufRead, P: Player, M: FnMut(&str, &Kwargs) -> Result<P, MakeError>> Steps<R, P, M> {
    /// Will replay the record in `read`, no more of it than `limits` allow. Nothing is read yet.
    pub fn new(read: R, make: M, limits: Limits) -> Self {
        let nothing = || Returns { outcome: Outcome::new(0), observations: Vec::new(), info: Value::None };
        let now = Now {
            episodes: 0,
            step: 0,
            t: 0,
            time: None,
            key_time: None,
            seed: None,
            options: Kwargs::new(),
            before: nothing(),
            after: nothing(),
            metrics: Map::new(),
            other: Map::new(),
        };
        Self { playback: Playback::new(read, make, limits), now }
    }

    /// The next step; `None` at the end of a record that agrees as a whole, and after an error.
    ///
    /// # Errors
    /// [`ExportError::Record`] where the replay goes another way, or the record is none.
    pub fn advance(&mut self) -> Result<Option<Step<'_>>, ExportError> {
        loop {
            match self.playback.advance()? {
                None => return Ok(None),
                Some(Played::Header | Played::Other) => {}
                Some(Played::Reset { seed, options }) => {
                    let after = self.returned(Phase::Reset)?;
                    let now = &mut self.now;
                    (now.seed, now.options, now.after, now.step) = (seed, options, after, 0);
                    now.episodes = now.episodes.saturating_add(1);
                }
                Some(Played::Step { t, time, key_time, metrics, rest }) => {
                    let after = self.returned(Phase::Step)?;
                    let now = &mut self.now;
                    now.before = std::mem::replace(&mut now.after, after);
                    (now.t, now.time, now.key_time) = (t, time, key_time);
                    (now.metrics, now.other) = (metrics, rest);
                    now.step = now.step.saturating_add(1);
                    return Ok(self.step());
                }
            }
        }
    }

    fn returned(&self, phase: Phase) -> Result<Returns, ExportError> {
        let Some(spec) = self.playback.spec() else { return Ok(self.now.after.clone()) };
        Ok(Returns::read(spec, phase, self.playback.returns())?)
    }

    fn step(&self) -> Option<Step<'_>> {
        let now = &self.now;
        Some(Step {
            header: self.playback.header()?,
            spec: self.playback.spec()?,
            episode: now.episodes.saturating_sub(1),
            step: now.step.saturating_sub(1),
            t: now.t,
            time: now.time,
            key_time: now.key_time,
            seed: now.seed,
            options: &now.options,
            actions: self.playback.actions(),
            before: &now.before,
            after: &now.after,
            metrics: &now.metrics,
            other: &now.other,
        })
    }

    /// The record's header and its environment's spec, once the header has been read.
    pub fn about(&self) -> Option<(&Header, &Spec)> {
        Some((self.playback.header()?, self.playback.spec()?))
    }

    /// How many resets have been replayed.
    pub fn episodes(&self) -> u64 {
        self.now.episodes
    }
}

/// The element that is `agent`'s: its own, or everybody's.
fn own<T>(sharing: Sharing, all: &[T], agent: usize) -> Option<&T> {
    match sharing {
        Sharing::Shared => all.first(),
        Sharing::PerAgent => all.get(agent),
    }
}

impl<'a> Step<'a> {
    /// The space of what `agent` sees.
    pub fn observation_space(&self, agent: usize) -> Option<&'a Space> {
        own(self.spec.observation, &self.spec.observation_spaces, agent)
    }

    /// What `agent` saw before it acted.
    pub fn observation(&self, agent: usize) -> Option<&'a Value> {
        own(self.spec.observation, &self.before.observations, agent)
    }

    /// What `agent` saw after the step.
    pub fn next_observation(&self, agent: usize) -> Option<&'a Value> {
        own(self.spec.observation, &self.after.observations, agent)
    }

    /// What `agent` did.
    pub fn action(&self, agent: usize) -> Option<&'a Value> {
        self.actions.get(agent)
    }

    /// What `agent` earned.
    pub fn reward(&self, agent: usize) -> f64 {
        own(self.spec.reward, &self.after.outcome.rewards, agent).copied().unwrap_or_default()
    }

    /// Whether the task came to its end for `agent`.
    pub fn terminated(&self, agent: usize) -> bool {
        own(self.spec.ended, &self.after.outcome.terminated, agent).copied().unwrap_or_default()
    }

    /// Whether the episode was cut off for `agent`.
    pub fn truncated(&self, agent: usize) -> bool {
        own(self.spec.ended, &self.after.outcome.truncated, agent).copied().unwrap_or_default()
    }
}
