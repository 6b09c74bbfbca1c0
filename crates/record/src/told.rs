//! A replay without an environment: what the record itself says came of each reset and step.
//!
//! Of an environment that nobody here can make, a guest in Python above all, the record's lines are all there is. Whoever knows its spaces
//! reads them as what was returned, typed, and what goes through replays goes through this. It proves nothing: the record is compared with itself.
use std::io::BufRead;

use palaestra_env::environment::Phase;
use palaestra_env::returns::{TERMINATED, TRUNCATED, info_space};
use palaestra_env::{Kwargs, Sharing, Spec, Value, ValueWriter};
use palaestra_text::json::shortened;
use serde_json::{Map, Value as Json};

use crate::layout::by_agent;
use crate::limits::Limits;
use crate::line::Line;
use crate::members::{real, unchecked_from_json};
use crate::player::{Player, Refusal};
use crate::read::Reader;

/// Plays what a record says, to whoever replays that record.
pub struct Told<R: BufRead> {
    lines: Reader<R>,
    spec: Spec,
    phase: Phase,
    returned: ValueWriter,
    hash: Option<u64>,
}

/// The line of a reset or a step, as far as it says what came of it.
struct Came {
    phase: Phase,
    obs: Json,
    /// Rewards, and whether the episode is over; a reset has none.
    outcome: Option<[Json; 3]>,
    info: Option<Map<String, Json>>,
    hash: Option<u64>,
}

impl<R: BufRead> Told<R> {
    /// Will play the record in `read`, of an environment of this spec. Nothing is read yet.
    pub fn new(read: R, spec: Spec, limits: Limits) -> Self {
        let (phase, returned, hash) = (Phase::Reset, ValueWriter::new(), None);
        Self { lines: Reader::new(read, limits), spec, phase, returned, hash }
    }

    /// Goes on to the next reset or step, which has to be of this phase.
    fn advance(&mut self, phase: Phase) -> Result<(), Refusal> {
        let came = loop {
            let line = self.lines.next().ok_or_else(|| refused("line", "a reset or a step", "the end"))?;
            // Whoever replays has read it before, and said what is wrong with it.
            match line.map_err(|_| refused("line", "the one that is replayed", "one that cannot be read"))?.line {
                Line::Reset(reset) => {
                    let (obs, info, hash) = (reset.obs, reset.info, reset.hash);
                    break Came { phase: Phase::Reset, obs, outcome: None, info, hash };
                }
                Line::Step(step) => {
                    let outcome = Some([step.reward, step.terminated, step.truncated]);
                    let (obs, info, hash) = (step.obs, step.info, step.hash);
                    break Came { phase: Phase::Step, obs, outcome, info, hash };
                }
                Line::Header(_) | Line::Event(_) | Line::End(_) | Line::Other(_) => {}
            }
        };
        if came.phase != phase {
            return Err(refused("line", "the one that is replayed", "another: the record changed"));
        }
        self.returned.clear();
        let written = self.write(came);
        if written.is_ok() {
            self.phase = phase;
        }
        written
    }

    fn write(&mut self, came: Came) -> Result<(), Refusal> {
        let Self { spec, returned, .. } = self;
        let outcome = came.outcome.map(|[reward, terminated, truncated]| {
            Ok::<_, Refusal>((
                each("reward", spec, spec.reward, reward, real)?,
                each("terminated", spec, spec.ended, terminated, Json::as_bool)?,
                each("truncated", spec, spec.ended, truncated, Json::as_bool)?,
            ))
        });
        let none = || (vec![0.0; spec.agents.len()], vec![false; spec.agents.len()], vec![false; spec.agents.len()]);
        let (rewards, terminated, truncated) = outcome.transpose()?.unwrap_or_else(none);
        for ((reward, terminated), truncated) in rewards.iter().zip(&terminated).zip(&truncated) {
            returned.f64s(&[*reward]);
            returned.u8s(&[(u8::from(*terminated) * TERMINATED) | (u8::from(*truncated) * TRUNCATED)]);
        }
        let spaces = spec.observation_spaces.iter().take(spec.observations());
        let obs = match spec.observation {
            Sharing::Shared => vec![came.obs],
            Sharing::PerAgent => list("obs", spec.observations(), by_agent(spec, came.obs))?,
        };
        for (space, json) in spaces.zip(&obs) {
            returned.value(&member("obs", space, json)?);
        }
        let info = Json::Object(came.info.unwrap_or_default());
        returned.value(&member("info", info_space(spec, came.phase), &info)?);
        self.hash = came.hash;
        Ok(())
    }
}

impl<R: BufRead> Player for Told<R> {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, _: Option<u64>, _: &Kwargs) -> Result<(), Refusal> {
        self.advance(Phase::Reset)
    }

    fn step(&mut self, _: &[Value]) -> Result<(), Refusal> {
        self.advance(Phase::Step)
    }

    fn phase(&self) -> Phase {
        self.phase
    }

    fn returns(&self, out: &mut ValueWriter) {
        out.u8s(self.returned.bytes());
    }

    fn hash(&mut self) -> Result<u64, Refusal> {
        self.hash.ok_or_else(|| refused("hash", "16 hexadecimal digits", "none"))
    }
}

/// What a line says of every agent: one value for all, or a list.
fn each<T: Clone>(
    field: &str,
    spec: &Spec,
    sharing: Sharing,
    json: Json,
    read: impl Fn(&Json) -> Option<T>,
) -> Result<Vec<T>, Refusal> {
    let agents = spec.agents.len();
    let found = match sharing {
        Sharing::Shared => vec![json; agents],
        Sharing::PerAgent => list(field, agents, by_agent(spec, json))?,
    };
    let value = |json: &Json| read(json).ok_or_else(|| refused(field, "a number or a flag", &shortened(json)));
    found.iter().map(value).collect()
}

fn list(field: &str, length: usize, json: Json) -> Result<Vec<Json>, Refusal> {
    match json {
        Json::Array(list) if list.len() == length => Ok(list),
        json => Err(refused(field, &format!("a list of {length}, one per agent"), &shortened(&json))),
    }
}

fn member(field: &str, space: &palaestra_env::Space, json: &Json) -> Result<Value, Refusal> {
    unchecked_from_json(space, json).map_err(|error| Refusal::Told(format!("{field}: {error}")))
}

fn refused(field: &str, expected: &str, found: &str) -> Refusal {
    Refusal::Told(format!("{field}: expected {expected}, found {found}"))
}
