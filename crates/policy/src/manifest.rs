//! What a model's file does not say of itself: JSON, whose every field may be left out.
use std::collections::BTreeMap;

use palaestra_env::{ArgumentError, Arguments, Kwargs};
use palaestra_text::json::shortened;
use serde_json::Value as Json;

use crate::error::PolicyError;

/// How a model is used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manifest {
    /// What the inputs are told, by their names. One input may be left out: it is told the whole observation.
    pub inputs: BTreeMap<String, Source>,
    /// Which output decides, and what it means.
    pub output: Head,
    /// The part of the observation that says which actions are allowed.
    pub mask: Option<Part>,
    /// Whether actions are drawn; else the likeliest is taken.
    pub sample: bool,
    /// It decides at every so many ticks, at least 1, and repeats its action between.
    pub frame_skip: u32,
    /// Its actions come so many ticks late.
    pub reaction_delay: u32,
    /// What it plays before its first action comes, as numbers; absent: the first action, or zeros.
    pub idle: Option<Vec<f64>>,
    /// The environment's keyword argument `observation` that it was trained with.
    pub observation: Option<String>,
}

/// A part of an observation: names of a Dict and numbers of a Tuple, from the outside in. Empty: the whole.
pub type Part = Vec<String>;

/// What an input is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// What the agent sees.
    Observation(Observed),
    /// Which actions are allowed: ones and zeros.
    Mask,
    /// 1 for the first decision of an episode, then 0.
    EpisodeStart,
    /// What an output was at the last decision; zeros at the first of an episode.
    State {
        /// The output's name.
        output: String,
    },
}

/// How an observation is told: taken apart, then made one-hot or scaled, then stacked.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// Which part of it.
    pub part: Part,
    /// How many of the latest are told, the oldest first, at least 1.
    pub stack: usize,
    /// Whether an episode's first stack has zeros for what came before; else the first observation again and again.
    pub zero_padding: bool,
    /// Taken from each number: one for all, or one each.
    pub mean: Vec<f64>,
    /// Then each is divided by this: one for all, or one each.
    pub std: Vec<f64>,
    /// Then cut to ± this.
    pub clip: f64,
    /// Whether integers become one-hot vectors.
    pub one_hot: bool,
    /// Whether a picture, whose channels come last, is turned so that they come first.
    pub channels_first: bool,
}

impl Default for Observed {
    fn default() -> Self {
        Self {
            part: Part::new(),
            stack: 1,
            zero_padding: false,
            mean: vec![0.0],
            std: vec![1.0],
            clip: f64::INFINITY,
            one_hot: false,
            channels_first: false,
        }
    }
}

/// Which output decides, and what it means.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Head {
    /// Its name; absent: the first that is no state.
    pub name: Option<String>,
    /// What it means; absent: of integers actions, of floats logits or, for a Box, the action's numbers.
    pub kind: Option<Kind>,
    /// For a Box whose actions are drawn: the logarithm of their deviation, an output's name or a number.
    pub log_std: Option<Spread>,
    /// Whether the hyperbolic tangent is taken of a Box's numbers.
    pub squash: bool,
    /// Whether a Box's numbers are stretched from −1 … 1 to its bounds.
    pub rescale: bool,
}

/// What an output means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The action itself.
    Action,
    /// How likely each action is, as logarithms up to a constant: logits, log-probabilities, or values to take the best of.
    Logits,
    /// How likely each action is, from 0 to 1.
    Probabilities,
}

/// A deviation's logarithm.
#[derive(Clone, Debug, PartialEq)]
pub enum Spread {
    /// What an output says.
    Output(String),
    /// A number for all.
    Number(f32),
}

/// Most of frame skip, reaction delay and stack.
const MOST: i64 = 1000;

impl Manifest {
    /// One that leaves everything out.
    pub fn new() -> Self {
        Self { frame_skip: 1, ..Self::default() }
    }

    /// Reads JSON; nothing at all is as an empty object.
    ///
    /// # Errors
    /// [`PolicyError::Json`] for no object, [`PolicyError::Manifest`] for a field that is unknown or has another value than it takes.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        // Some editors begin a file with a byte order mark, which JSON has not.
        let text = text.trim_start_matches('\u{feff}');
        if text.trim().is_empty() {
            return Ok(Self::new());
        }
        let fields: Kwargs =
            serde_json::from_str(text).map_err(|error| PolicyError::Json { message: error.to_string() })?;
        Ok(Self::read(&fields)?)
    }

    /// Reads fields, as [`parse`](Self::parse) does.
    ///
    /// # Errors
    /// [`ArgumentError`] for a field that is unknown or has another value than it takes.
    pub fn read(given: &Kwargs) -> Result<Self, ArgumentError> {
        let mut fields = Arguments::new(given);
        let mut inputs = BTreeMap::new();
        let listed = fields.parsed("inputs", "an object of inputs", Json::as_object)?;
        for (name, source) in listed.into_iter().flatten() {
            inputs.insert(name.clone(), read_source(name, source)?);
        }
        let output = fields.json("output").map(read_head).transpose()?.unwrap_or_default();
        let count = |name, least, fields: &mut Arguments<'_>| {
            fields.integer(name, least..=MOST, least).map(|count| count as u32)
        };
        let manifest = Self {
            inputs,
            output,
            mask: fields.parsed("mask", "a part of the observation", |json| json.as_str().map(part_of))?,
            sample: fields.bool("sample", false)?,
            frame_skip: count("frame_skip", 1, &mut fields)?,
            reaction_delay: count("reaction_delay", 0, &mut fields)?,
            idle: fields.parsed("idle", "an action's number or numbers", numbers)?,
            observation: fields.text("observation")?.map(str::to_owned),
        };
        fields.finish()?;
        Ok(manifest)
    }
}

/// `agent.image` is the Dict's `agent`, and in it `image`.
fn part_of(text: &str) -> Part {
    text.split('.').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn read_source(name: &str, json: &Json) -> Result<Source, ArgumentError> {
    let wrong = || ArgumentError::Invalid {
        name: format!("inputs.{name}"),
        expected: "\"observation\", \"mask\", \"episode_start\", {\"state\": OUTPUT} or {\"observation\": PART, …}"
            .to_owned(),
        found: shortened(json),
    };
    match json {
        Json::String(text) if text == "observation" => Ok(Source::Observation(Observed::default())),
        Json::String(text) if text == "mask" => Ok(Source::Mask),
        Json::String(text) if text == "episode_start" => Ok(Source::EpisodeStart),
        Json::Object(fields) if fields.contains_key("state") => {
            let mut fields = Arguments::new(fields);
            let output = fields.text("state")?.ok_or_else(wrong)?.to_owned();
            fields.finish()?;
            Ok(Source::State { output })
        }
        Json::Object(fields) => {
            let default = Observed::default();
            let mut fields = Arguments::new(fields);
            let observed = Observed {
                part: fields.text("observation")?.map_or_else(Part::new, part_of),
                stack: fields.integer("stack", 1..=MOST, 1)? as usize,
                zero_padding: fields.choice("padding", &["reset", "zero"], "reset")? == "zero",
                mean: fields.parsed("mean", "a number or numbers", numbers)?.unwrap_or(default.mean),
                std: fields
                    .parsed("std", "a number or numbers that are not 0", |json| {
                        numbers(json).filter(|list| list.iter().all(|number| *number != 0.0))
                    })?
                    .unwrap_or(default.std),
                clip: fields
                    .parsed("clip", "a number above 0", |json| json.as_f64().filter(|clip| *clip > 0.0))?
                    .unwrap_or(default.clip),
                one_hot: fields.bool("one_hot", false)?,
                channels_first: fields.bool("channels_first", false)?,
            };
            fields.finish()?;
            Ok(Source::Observation(observed))
        }
        _ => Err(wrong()),
    }
}

fn read_head(json: &Json) -> Result<Head, ArgumentError> {
    let wrong = || ArgumentError::Invalid {
        name: "output".to_owned(),
        expected: "an output's name, or an object".to_owned(),
        found: shortened(json),
    };
    if let Some(name) = json.as_str() {
        return Ok(Head { name: Some(name.to_owned()), ..Head::default() });
    }
    let mut fields = Arguments::new(json.as_object().ok_or_else(wrong)?);
    let spread = |json: &Json| match json {
        Json::String(name) => Some(Spread::Output(name.clone())),
        other => other.as_f64().map(|number| Spread::Number(number as f32)),
    };
    let kind = |json: &Json| match json.as_str()? {
        "action" => Some(Kind::Action),
        "logits" => Some(Kind::Logits),
        "probabilities" => Some(Kind::Probabilities),
        _ => None,
    };
    let kind = fields.parsed("kind", "action, logits or probabilities", kind)?;
    let head = Head {
        name: fields.text("name")?.map(str::to_owned),
        kind,
        log_std: fields.parsed("log_std", "an output's name or a number", spread)?,
        squash: fields.bool("squash", false)?,
        rescale: fields.bool("rescale", false)?,
    };
    fields.finish()?;
    Ok(head)
}

/// A number, or several in one list.
fn numbers(json: &Json) -> Option<Vec<f64>> {
    match json {
        Json::Array(list) if !list.is_empty() => list.iter().map(Json::as_f64).collect(),
        other => other.as_f64().map(|number| vec![number]),
    }
}
