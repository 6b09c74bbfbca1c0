//! `palaestra compare`.
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use palaestra_env::catalog::Catalog;
use palaestra_record::{Audit, Auditor, Departure, Failure, Limits};
use palaestra_text::Shown;
use palaestra_text::json::shorten;
use serde_json::{Value as Json, json};

use crate::arguments::CompareOptions;
use crate::output::Output;

/// Lines between two signs of life.
const LINES: usize = 1_000;

/// A stream is as long as somebody is willing to wait; only its lines are bounded.
fn limits() -> Limits {
    Limits { total: u64::MAX, ..Limits::default() }
}

/// Compares every record of a stream and tells what differed. Gives the exit status.
pub(crate) fn run(options: &CompareOptions, catalog: Catalog, out: &mut Output<impl Write>) -> io::Result<u8> {
    if options.path.as_os_str() == "-" {
        return compare(io::stdin().lock(), catalog, options.json, out);
    }
    match File::open(&options.path) {
        Ok(file) => compare(BufReader::new(file), catalog, options.json, out),
        Err(error) => unreadable(&options.path, &error, options.json, out),
    }
}

fn unreadable(path: &Path, error: &io::Error, json: bool, out: &mut Output<impl Write>) -> io::Result<u8> {
    let reason = format!("{}: expected a readable file: {error}", path.display());
    finish(&Audit::default(), Some(&reason), json, out)
}

fn compare(read: impl BufRead, catalog: Catalog, json: bool, out: &mut Output<impl Write>) -> io::Result<u8> {
    let mut auditor = Auditor::new(read, |id, kwargs| catalog.make(id, kwargs), limits());
    loop {
        match auditor.advance(LINES) {
            Ok(true) if json => out.line(&json!({"type": "progress", "steps": auditor.audit().steps}).to_string())?,
            Ok(true) => {}
            Ok(false) => return finish(auditor.audit(), None, json, out),
            Err(failure) => return finish(auditor.audit(), Some(&failure.to_string()), json, out),
        }
    }
}

fn finish(audit: &Audit, broken: Option<&str>, json: bool, out: &mut Output<impl Write>) -> io::Result<u8> {
    if json {
        out.line(&report(audit, broken).to_string())?;
    } else {
        for departure in &audit.departures {
            out.line(&format!("DIFF  {}", told(departure)))?;
        }
        if let Some(reason) = broken {
            out.line(&format!("FAIL  {reason}"))?;
        }
        let Audit { steps, episodes, departed, ulps, .. } = audit;
        out.line(&format!(
            "{steps} steps, {episodes} episodes, {departed} mismatching, largest difference {ulps} ulp"
        ))?;
    }
    Ok(u8::from(broken.is_some() || audit.departed > 0 || audit.records == 0))
}

fn report(audit: &Audit, broken: Option<&str>) -> Json {
    json!({
        "type": "report",
        "records": audit.records,
        "steps": audit.steps,
        "episodes": audit.episodes,
        "mismatching": audit.departed,
        "ulps": audit.ulps,
        "broken": broken,
        "differences": audit.departures.iter().map(detailed).collect::<Vec<_>>(),
    })
}

fn detailed(departure: &Departure) -> Json {
    let mut json = json!({
        "env_id": departure.env_id,
        "kwargs": departure.kwargs,
        "seed": departure.seed,
        "episode": departure.episode,
        "reset_seed": departure.reset_seed,
        "step": departure.step,
        "told": told(departure),
    });
    if let (Failure::Difference(difference), Some(json)) = (&departure.failure, json.as_object_mut()) {
        json.insert("field".to_owned(), Json::from(difference.field.clone()));
        json.insert("expected".to_owned(), difference.expected.clone().unwrap_or_default());
        json.insert("found".to_owned(), difference.found.clone().unwrap_or_default());
        json.insert("ulps".to_owned(), Json::from(difference.ulps()));
    }
    json
}

fn told(departure: &Departure) -> String {
    let Departure { env_id, kwargs, seed, episode, step, failure, .. } = departure;
    let kwargs = Json::from(kwargs.clone());
    let seed = seed.map_or_else(|| "none".to_owned(), |seed| seed.to_string());
    let ulps = match failure {
        Failure::Difference(difference) => difference.ulps().map(|ulps| format!(" ({ulps} ulp)")).unwrap_or_default(),
        _ => String::new(),
    };
    let (env_id, kwargs) = (Shown(env_id), shorten(kwargs.to_string()));
    format!("{env_id} {kwargs} seed {seed}, episode {episode}, step {step}: {failure}{ulps}")
}
