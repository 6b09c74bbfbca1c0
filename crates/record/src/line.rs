//! The lines of a record, typed. Unknown fields are kept; unknown kinds of line are kept whole.
use palaestra_env::Kwargs;
use serde_json::{Map, Value as Json};

use crate::field::{FieldError, Fields, present};
use crate::header::Header;

/// One line of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// The first.
    Header(Header),
    /// The start of an episode.
    Reset(Reset),
    /// A step.
    Step(Step),
    /// Something else that happened.
    Event(Event),
    /// The last.
    End(End),
    /// A kind of line that this version does not know.
    Other(Map<String, Json>),
}

/// The start of an episode.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reset {
    /// Steps before it.
    pub t: u64,
    /// Its seed; `None`: the generator went on.
    pub seed: Option<u64>,
    /// What `reset` was given beside the seed.
    pub options: Kwargs,
    /// The observation, or the agents' list of them.
    pub obs: Json,
    /// The info, where the record has it.
    pub info: Option<Map<String, Json>>,
    /// The hash of the state, where the record has it.
    pub hash: Option<u64>,
    /// Every other field.
    pub rest: Map<String, Json>,
}

/// A step. What the agents do not share is a list in agent order, or an object keyed by the agents' ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// Steps so far, this one included.
    pub t: u64,
    /// Its episode within the record, from 0, where the record has it.
    pub episode: Option<u64>,
    /// When it was played, in milliseconds of the page's clock, where the record has it.
    pub time: Option<f64>,
    /// When the key went down that it was the first to take, on the same clock.
    pub key_time: Option<f64>,
    /// The action, or the joint action.
    pub action: Json,
    /// The observation it led to.
    pub obs: Json,
    /// The reward.
    pub reward: Json,
    /// Whether the task came to its end.
    pub terminated: Json,
    /// Whether the episode was cut off.
    pub truncated: Json,
    /// The info, where the record has it.
    pub info: Option<Map<String, Json>>,
    /// Timings and other measurements of the step, by name.
    pub metrics: Map<String, Json>,
    /// The hash of the state it led to, where the record has it.
    pub hash: Option<u64>,
    /// Every other field.
    pub rest: Map<String, Json>,
}

/// Something that happened between steps, such as a transition of the session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    /// Steps before it.
    pub t: Option<u64>,
    /// What happened.
    pub event: Json,
    /// Every other field.
    pub rest: Map<String, Json>,
}

/// The last line, which shows that nothing was cut off.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct End {
    /// How many steps there are.
    pub steps: u64,
    /// How many resets there are.
    pub episodes: Option<u64>,
    /// The sum of all rewards of all agents.
    pub total: Option<Json>,
    /// Every other field.
    pub rest: Map<String, Json>,
}

impl Line {
    /// The kind, as its `type` names it.
    pub fn kind(&self) -> &str {
        match self {
            Line::Header(_) => "header",
            Line::Reset(_) => "reset",
            Line::Step(_) => "step",
            Line::Event(_) => "event",
            Line::End(_) => "end",
            Line::Other(map) => map.get("type").and_then(Json::as_str).unwrap_or_default(),
        }
    }

    /// Reads a line's object.
    ///
    /// # Errors
    /// [`FieldError`] for the first field that is missing or of the wrong type.
    pub fn from_object(map: Map<String, Json>) -> Result<Self, FieldError> {
        let mut fields = Fields::new(map);
        let kind = present("type", fields.text("type")?)?;
        Ok(match kind.as_str() {
            "header" => Line::Header(Header::try_from(fields.rest())?),
            "reset" => Line::Reset(Reset {
                t: present("t", fields.count("t")?)?,
                seed: fields.count("seed")?,
                options: fields.object("options")?,
                obs: fields.required("obs")?,
                info: fields.map("info")?,
                hash: fields.hash("hash")?,
                rest: fields.rest(),
            }),
            "step" => Line::Step(Step {
                t: present("t", fields.count("t")?)?,
                // Others may mean something else by these names.
                episode: fields.lenient("episode", Json::as_u64),
                time: fields.lenient("time", Json::as_f64),
                key_time: fields.lenient("key_time", Json::as_f64),
                action: fields.required("action")?,
                obs: fields.required("obs")?,
                reward: fields.required("reward")?,
                terminated: fields.required("terminated")?,
                truncated: fields.required("truncated")?,
                info: fields.map("info")?,
                metrics: fields.map("metrics")?.unwrap_or_default(),
                hash: fields.hash("hash")?,
                rest: fields.rest(),
            }),
            "event" => Line::Event(Event {
                t: fields.count("t")?,
                event: fields.optional("event").unwrap_or_default(),
                rest: fields.rest(),
            }),
            "end" => Line::End(End {
                steps: present("steps", fields.count("steps")?)?,
                episodes: fields.count("episodes")?,
                total: fields.optional("return"),
                rest: fields.rest(),
            }),
            _ => {
                let mut map = fields.rest();
                map.insert("type".to_owned(), Json::from(kind));
                Line::Other(map)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_line_is_read_as_the_kind_that_it_names() {
        let line = |json: Json| match json {
            Json::Object(map) => Line::from_object(map).unwrap(),
            other => panic!("{other}"),
        };
        let Line::Event(event) = line(json!({"type": "event", "t": 3, "event": "focus", "hidden": true})) else {
            panic!("expected an event");
        };
        assert_eq!((event.t, event.event, event.rest.get("hidden")), (Some(3), json!("focus"), Some(&json!(true))));
        assert_eq!(line(json!({"type": "event"})).kind(), "event", "of others' records nothing is missing");
        assert_eq!(line(json!({"type": "end", "steps": 1, "episodes": 1})).kind(), "end");
        assert_eq!(line(json!({"type": "weather", "wind": 3})).kind(), "weather");
    }
}
