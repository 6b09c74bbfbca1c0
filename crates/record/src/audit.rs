//! Replay that goes on after a difference: how many episodes of how many went another way, and where.
use std::io::BufRead;

use palaestra_env::{Kwargs, MakeError};

use crate::failure::Failure;
use crate::limits::Limits;
use crate::line::Line;
use crate::player::Player;
use crate::read::Reader;
use crate::verify::Replay;

/// So many departures are kept with their details; the rest are only counted.
const KEPT: usize = 100;

/// What a comparison has found so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Audit {
    /// Records begun.
    pub records: u64,
    /// Steps replayed.
    pub steps: u64,
    /// Resets replayed.
    pub episodes: u64,
    /// Episodes in which something differed.
    pub departed: u64,
    /// The largest difference of two floats that were compared, in units in the last place. In an episode that went another
    /// way the first difference is the last that counts: what follows from it says nothing more.
    pub ulps: u64,
    /// The first difference of each of the first hundred episodes that went another way.
    pub departures: Vec<Departure>,
}

/// Where an episode first went another way.
#[derive(Clone, Debug, PartialEq)]
pub struct Departure {
    /// The environment's id.
    pub env_id: String,
    /// The arguments it was made with.
    pub kwargs: Kwargs,
    /// The seed of the record.
    pub seed: Option<u64>,
    /// The episode within the record, from 1.
    pub episode: u64,
    /// The seed of its reset; `None`: the generator went on.
    pub reset_seed: Option<u64>,
    /// Steps of the episode up to there.
    pub step: u64,
    /// What differed, or what was refused.
    pub failure: Failure,
}

/// Replays the records in `read`, one after another, each in its own environment. Unlike [`Verifier`](crate::Verifier) it goes
/// on after a difference: the rest of that episode is played without being compared, so that a generator that goes on over
/// the reset stays in step. And `info` has to agree in every key of either side.
pub struct Auditor<R: BufRead, P, M> {
    lines: Reader<R>,
    make: M,
    replay: Option<Replay<P>>,
    audit: Audit,
    episode: Episode,
}

#[derive(Clone, Copy, Default)]
struct Episode {
    number: u64,
    reset_seed: Option<u64>,
    step: u64,
    departed: bool,
}

impl<R: BufRead, P: Player, M: FnMut(&str, &Kwargs) -> Result<P, MakeError>> Auditor<R, P, M> {
    /// Will replay what is in `read`. Nothing is read yet.
    pub fn new(read: R, make: M, limits: Limits) -> Self {
        let (audit, episode) = (Audit::default(), Episode::default());
        Self { lines: Reader::several(read, limits), make, replay: None, audit, episode }
    }

    /// What has been found so far.
    pub fn audit(&self) -> &Audit {
        &self.audit
    }

    /// Replays up to `lines` more lines; whether there may be more.
    ///
    /// # Errors
    /// A [`Failure`] after which there is nothing to go on with: no record, an unknown environment, missing lines.
    pub fn advance(&mut self, lines: usize) -> Result<bool, Failure> {
        for _ in 0..lines {
            if !self.line()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn line(&mut self) -> Result<bool, Failure> {
        let Some(next) = self.lines.next().transpose()? else {
            self.replay.as_ref().map_or(Ok(()), |replay| replay.finish().map(|_| ()))?;
            return Ok(false);
        };
        match (next.line, &mut self.replay) {
            (Line::Header(header), _) => {
                let player = (self.make)(&header.env_id, &header.kwargs)?;
                self.replay = Some(Replay::new(player, header).with_whole_info());
                self.audit.records += 1;
                self.episode = Episode::default();
            }
            // The reader has no line before a header.
            (_, None) => {}
            (line, Some(replay)) => {
                match &line {
                    Line::Reset(reset) => {
                        self.audit.episodes += 1;
                        let number = self.episode.number + 1;
                        self.episode = Episode { number, reset_seed: reset.seed, ..Episode::default() };
                    }
                    Line::Step(_) => {
                        self.audit.steps += 1;
                        self.episode.step += 1;
                    }
                    _ => {}
                }
                let played = match line {
                    Line::Step(step) if self.episode.departed => replay.pass(next.number, step),
                    line => replay.line(next.number, line),
                };
                self.audit.ulps = self.audit.ulps.max(replay.ulps);
                played.or_else(|failure| depart(&mut self.audit, &mut self.episode, replay, failure))?;
            }
        }
        Ok(true)
    }
}

/// Takes note of a difference; what is not one is given back.
fn depart<P: Player>(
    audit: &mut Audit,
    episode: &mut Episode,
    replay: &mut Replay<P>,
    failure: Failure,
) -> Result<(), Failure> {
    if !matches!(failure, Failure::Difference(_) | Failure::Refused { .. } | Failure::Action { .. }) {
        return Err(failure);
    }
    replay.departed = true;
    // The end line stands behind the last episode, which may have departed before.
    if std::mem::replace(&mut episode.departed, true) {
        return Ok(());
    }
    if let Failure::Difference(difference) = &failure {
        audit.ulps = audit.ulps.max(difference.ulps().unwrap_or_default());
    }
    audit.departed += 1;
    if audit.departures.len() < KEPT {
        let header = replay.header();
        audit.departures.push(Departure {
            env_id: header.env_id.clone(),
            kwargs: header.kwargs.clone(),
            seed: header.seed,
            episode: episode.number,
            reset_seed: episode.reset_seed,
            step: episode.step,
            failure,
        });
    }
    Ok(())
}
