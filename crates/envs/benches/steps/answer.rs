//! Answers, on standard output, how long something takes here: for scripts that compare with another build.
use std::io::{BufRead, stdin};
use std::process::ExitCode;

use palaestra_envs::CATALOG;
use serde_json::{Value as Json, json};

use crate::clock::Clock;
use crate::rollout::Rollout;

/// Reads requests `{"id", "steps", "times"}` line by line, and answers each with a line; an empty one with the ids there are.
pub(crate) fn answer() -> ExitCode {
    let mut loaded: Option<(String, Rollout)> = None;
    for line in stdin().lock().lines().map_while(Result::ok) {
        if line.is_empty() {
            println!("{}", Json::from_iter(CATALOG.entries().map(|entry| entry.id)));
            continue;
        }
        match played(&line, &mut loaded) {
            Ok(answer) => println!("{answer}"),
            Err(error) => println!("{}", json!({"error": error})),
        }
    }
    ExitCode::SUCCESS
}

fn played(line: &str, loaded: &mut Option<(String, Rollout)>) -> Result<Json, String> {
    let request: Json = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let id = request["id"].as_str().ok_or("expected an id")?;
    let number = |name: &str| request[name].as_u64().ok_or(format!("expected a number of {name}"));
    let (steps, times) = (number("steps")? as usize, number("times")? as u32);
    if loaded.as_ref().is_none_or(|(loaded, _)| loaded != id) {
        *loaded = Some((id.to_owned(), Rollout::new(id, steps).map_err(|error| error.to_string())?));
    }
    let (_, rollout) = loaded.as_mut().ok_or("nothing is loaded")?;
    let clock = Clock::start();
    let played = rollout.play(steps, times)?;
    let seconds = clock.seconds();
    // The bits: a number in JSON may be read by another as its neighbour.
    let earned = format!("{:016x}", played.earned.to_bits());
    Ok(json!({"seconds": seconds, "steps": played.steps, "resets": played.resets, "earned": earned}))
}
