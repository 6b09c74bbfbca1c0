//! The Python reference, in a process of its own: `reference.py`.
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use palaestra_env::catalog::{Entry, Family};
use palaestra_record::members::to_json;
use serde_json::{Value as Json, json};

use crate::clock::counts_work;
use crate::rollout::{Played, Rollout};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/steps/reference.py");
/// Where the scripts that compare with Python keep theirs.
const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.venv-parity/bin/python");
const VARIABLE: &str = "PALAESTRA_PYTHON";

/// A running reference.
pub(crate) struct Reference {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Reference {
    /// # Errors
    /// What is missing.
    pub(crate) fn start() -> Result<Self, String> {
        let python = std::env::var_os(VARIABLE)
            .map(PathBuf::from)
            .or_else(|| Some(PathBuf::from(OWN)).filter(|own| own.exists()));
        let python = python.ok_or_else(|| {
            format!("set {VARIABLE} to a Python that has the references' packages, which {} names", short(SCRIPT))
        })?;
        let started = Command::new(&python).arg(SCRIPT).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = started.map_err(|error| format!("{} does not start: {error}", python.display()))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(requests), Some(answers)) => Ok(Self { child, requests, answers: BufReader::new(answers) }),
            _ => Err("no pipes to it".to_owned()),
        }
    }

    /// Makes the reference's environment and gives it our actions. Gives how many times as fast ours has to be, if anything
    /// is promised.
    ///
    /// # Errors
    /// What the reference lacks.
    pub(crate) fn load(&mut self, family: &Family, entry: &Entry, ours: &Rollout) -> Result<Option<f64>, String> {
        let spaces = &ours.env().spec().action_spaces;
        let step = |actions: &[palaestra_env::Value]| -> Json {
            spaces.iter().zip(actions).map(|(space, action)| to_json(space, action)).collect()
        };
        let actions: Vec<Json> = ours.actions().map(step).collect();
        self.ask(&json!({"load": entry.id, "family": family.name, "actions": actions}))
            .map(|answer| answer["required"].as_f64())
    }

    /// Plays the first `steps` actions. Gives the seconds it took too.
    ///
    /// # Errors
    /// What went wrong there.
    pub(crate) fn play(&mut self, steps: usize) -> Result<(f64, Played), String> {
        let answer = self.ask(&json!({"play": steps, "work": counts_work()}))?;
        let number = |name: &str| answer[name].as_f64().ok_or_else(|| format!("no {name} in {answer}"));
        let played =
            Played { steps: number("steps")? as u64, resets: number("resets")? as u64, earned: number("earned")? };
        Ok((number("seconds")?, played))
    }

    fn ask(&mut self, request: &Json) -> Result<Json, String> {
        let sent = writeln!(self.requests, "{request}").and_then(|()| self.requests.flush());
        sent.map_err(|error| format!("the reference is gone: {error}"))?;
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(|error| error.to_string())?;
        let answer: Json =
            serde_json::from_str(&line).map_err(|_| format!("the reference answered `{}`", line.trim()))?;
        match answer["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer),
        }
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn short(path: &str) -> &str {
    Path::new(path).file_name().and_then(|name| name.to_str()).unwrap_or(path)
}
