//! JSON Lines: an object per step and agent, with observation and action as records have them.
use std::io::Write;

use palaestra_env::{Space, Value};
use palaestra_record::members::to_json;
use palaestra_text::Escaped;
use palaestra_text::json::number;
use serde_json::{Map, Value as Json};

use crate::about::About;
use crate::error::ExportError;
use crate::sink::Sink;
use crate::steps::Step;

/// Writes steps as JSON Lines.
pub struct JsonLines<W: Write> {
    out: W,
    file: String,
    about: Option<Json>,
}

impl<W: Write> JsonLines<W> {
    /// Will write to `out`.
    pub fn new(out: W) -> Self {
        Self { out, file: String::new(), about: None }
    }
}

impl<W: Write> Sink for JsonLines<W> {
    fn record(&mut self, file: &str) {
        (self.file, self.about) = (file.to_owned(), None);
    }

    fn step(&mut self, step: &Step<'_>) -> Result<(), ExportError> {
        let Self { out, file, about } = self;
        let about = about.get_or_insert_with(|| Json::Object(About::of(step.header).fields));
        let info = to_json(&step.spec.step_info, &step.after.info);
        for (agent, id) in step.spec.agents.iter().enumerate() {
            let member = |space: Option<&Space>, value: Option<&Value>| match (space, value) {
                (Some(space), Some(value)) => to_json(space, value),
                _ => Json::Null,
            };
            let mut fields: Vec<(&str, Json)> = vec![
                ("file", Json::from(file.as_str())),
                ("env_id", Json::from(step.header.env_id.as_str())),
                ("episode", Json::from(step.episode)),
                ("step", Json::from(step.step)),
                ("t", Json::from(step.t)),
                ("agent", Json::from(id.as_str())),
                ("seed", Json::from(step.seed)),
                ("observation", member(step.observation_space(agent), step.observation(agent))),
                ("action", member(step.spec.action_spaces.get(agent), step.action(agent))),
                ("next_observation", member(step.observation_space(agent), step.next_observation(agent))),
                ("reward", number(step.reward(agent))),
                ("terminated", Json::from(step.terminated(agent))),
                ("truncated", Json::from(step.truncated(agent))),
                ("info", info.clone()),
            ];
            fields.extend(step.time.map(|time| ("time", number(time))));
            fields.extend(step.key_time.map(|time| ("key_time", number(time))));
            let object = |fields: &Map<String, Json>| Json::Object(fields.clone());
            fields.extend((!step.metrics.is_empty()).then(|| ("metrics", object(step.metrics))));
            fields.extend((!step.other.is_empty()).then(|| ("other", object(step.other))));
            fields.push(("header", about.clone()));
            for (index, (name, json)) in fields.iter().enumerate() {
                let before = if index == 0 { '{' } else { ',' };
                write!(out, "{before}\"{name}\":{}", Escaped(&json.to_string()))?;
            }
            out.write_all(b"}\n")?;
        }
        Ok(())
    }

    fn record_end(&mut self) -> Result<(), ExportError> {
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        Ok(self.out.flush()?)
    }
}
