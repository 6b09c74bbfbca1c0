//! Replay that shows each reset and step once it agrees with the record.
use std::io::BufRead;

use palaestra_env::{Kwargs, MakeError, Spec, Value};
use serde_json::{Map, Value as Json};

use crate::failure::Failure;
use crate::header::Header;
use crate::limits::Limits;
use crate::line::Line;
use crate::player::Player;
use crate::read::{Numbered, Reader};
use crate::verify::Replay;

/// Replays a record line by line, as [`Verifier`](crate::Verifier) does, and lets whoever asks look at each line that agrees: at
/// what the environment was given and what it returned.
pub struct Playback<R: BufRead, P, M> {
    lines: Reader<R>,
    make: M,
    replay: Option<Replay<P>>,
    over: bool,
}

/// A line that was replayed and agrees. What the environment was given and returned is the [`Playback`]'s to say.
#[derive(Clone, Debug, PartialEq)]
pub enum Played {
    /// The header: the environment is made.
    Header,
    /// A reset.
    Reset {
        /// Its seed; `None`: the generator went on.
        seed: Option<u64>,
        /// What `reset` was given beside the seed.
        options: Kwargs,
    },
    /// A step.
    Step {
        /// Steps so far, this one included.
        t: u64,
        /// When it was played, in milliseconds of the page's clock, where the record has it.
        time: Option<f64>,
        /// When the key went down that it was the first to take, on the same clock.
        key_time: Option<f64>,
        /// Timings and other measurements of the step, by name.
        metrics: Map<String, Json>,
        /// Every field of the line that has no meaning of its own.
        rest: Map<String, Json>,
    },
    /// An event, the end, or a kind of line that this version does not know.
    Other,
}

impl<R: BufRead, P: Player, M: FnMut(&str, &Kwargs) -> Result<P, MakeError>> Playback<R, P, M> {
    /// Will replay the record in `read`. Nothing is read yet.
    pub fn new(read: R, make: M, limits: Limits) -> Self {
        Self { lines: Reader::new(read, limits), make, replay: None, over: false }
    }

    /// Replays the next line; `None` at the end of a record that agrees as a whole, and after a failure.
    ///
    /// # Errors
    /// The first [`Failure`].
    pub fn advance(&mut self) -> Result<Option<Played>, Failure> {
        if self.over {
            return Ok(None);
        }
        let played = self.line();
        self.over = !matches!(played, Ok(Some(_)));
        played
    }

    fn line(&mut self) -> Result<Option<Played>, Failure> {
        let Some(Numbered { number, mut line }) = self.lines.next().transpose()? else {
            return match &self.replay {
                Some(replay) => replay.finish().map(|_| None),
                // The reader has no end without a header.
                None => Ok(None),
            };
        };
        let played = match &mut line {
            Line::Header(header) => {
                let player = (self.make)(&header.env_id, &header.kwargs)?;
                self.replay = Some(Replay::new(player, std::mem::take(header)));
                return Ok(Some(Played::Header));
            }
            Line::Reset(reset) => Played::Reset { seed: reset.seed, options: reset.options.clone() },
            Line::Step(step) => Played::Step {
                t: step.t,
                time: step.time,
                key_time: step.key_time,
                metrics: std::mem::take(&mut step.metrics),
                rest: std::mem::take(&mut step.rest),
            },
            Line::Event(_) | Line::End(_) | Line::Other(_) => Played::Other,
        };
        if let Some(replay) = &mut self.replay {
            replay.line(number, line)?;
        }
        Ok(Some(played))
    }

    /// The record's header, once it has been read.
    pub fn header(&self) -> Option<&Header> {
        self.replay.as_ref().map(Replay::header)
    }

    /// The environment's spec, once the header has been read.
    pub fn spec(&self) -> Option<&Spec> {
        self.replay.as_ref().map(|replay| replay.player().spec())
    }

    /// The joint action of the last step.
    pub fn actions(&self) -> &[Value] {
        self.replay.as_ref().map(Replay::actions).unwrap_or_default()
    }

    /// What the last reset or step returned: a block of [`palaestra_env::returns`].
    pub fn returns(&self) -> &[u8] {
        self.replay.as_ref().map(Replay::returns).unwrap_or_default()
    }
}
