//! `palaestra verify`.
use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::Path;

use palaestra_env::catalog::Catalog;
use palaestra_env::{Kwargs, MakeError};
use palaestra_record::{Failure, Header, Limits, Progress, Report, Verifier};
use palaestra_text::Shown;
use rayon::prelude::*;

use crate::arguments::VerifyOptions;
use crate::caught::caught;
use crate::files::{Found, find};
use crate::output::{DEPARTED, Output, counted};

/// What is said of a record that was taken while its session went on.
const UNFINISHED: &str = "; unfinished: how the session ended is missing, and what was played after that";

const FILES_PER_THREAD: usize = 4;

/// What became of a file.
enum Verdict {
    Passed(Report),
    Skipped(String),
    /// Nobody here can say.
    NotVerifiable(String),
    Failed(String),
}

#[derive(Default)]
struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
    not_verifiable: u64,
}

/// Verifies every file, on all cores, and reports in their order. Gives the exit status: nothing to verify is no success.
pub(crate) fn run(options: &VerifyOptions, catalog: Catalog, out: &mut Output<impl Write>) -> io::Result<u8> {
    let found = find(&options.paths, options.only.as_ref());
    let nothing = found.is_empty();
    if nothing {
        out.line("FAIL  expected --only to fit the name of a file, found none that it fits")?;
    }
    let mut tally = Tally::default();
    // A few files a core at a time: no more verdicts than that wait for their turn, and all of them are told in order.
    for part in found.chunks(FILES_PER_THREAD * rayon::current_num_threads()) {
        let judged = |file| caught(|| judge(file, catalog, options.skip_unknown)).unwrap_or_else(Verdict::Failed);
        let verdicts: Vec<Verdict> = part.par_iter().map(judged).collect();
        for (file, verdict) in part.iter().zip(&verdicts) {
            print(file.path(), verdict, &mut tally, out)?;
        }
    }
    let Tally { passed, failed, skipped, not_verifiable } = tally;
    let mut told = format!("{passed} passed, {failed} failed");
    if options.skip_unknown {
        told += &format!(", {skipped} skipped");
    }
    if not_verifiable > 0 {
        told += &format!(", {not_verifiable} not verifiable here");
    }
    out.line(&told)?;
    Ok(u8::from(failed > 0 || not_verifiable > 0 || nothing))
}

fn print(path: &Path, verdict: &Verdict, tally: &mut Tally, out: &mut Output<impl Write>) -> io::Result<()> {
    let path = path.display();
    match verdict {
        Verdict::Passed(report) => {
            tally.passed += 1;
            out.line(&format!("ok    {path}: {}", identical(*report)))
        }
        Verdict::Skipped(reason) => {
            tally.skipped += 1;
            out.line(&format!("skip  {path}: {reason}"))
        }
        Verdict::NotVerifiable(reason) => {
            tally.not_verifiable += 1;
            out.line(&format!("????  {path}: {reason}"))
        }
        Verdict::Failed(reason) => {
            tally.failed += 1;
            out.line(&format!("FAIL  {path}: {reason}"))
        }
    }
}

/// What a replay that agrees says of a record.
fn identical(Report { steps, episodes, unfinished }: Report) -> String {
    let found = match (steps, episodes) {
        (0, 0) => "nothing was played: no reset and no step to compare".to_owned(),
        (0, _) => format!("no step to compare; {}, identical", counted(episodes, "reset")),
        _ => format!("{} in {}, identical", counted(steps, "step"), counted(episodes, "episode")),
    };
    found + if unfinished { UNFINISHED } else { "" }
}

fn judge(file: &Found, catalog: Catalog, skip_unknown: bool) -> Verdict {
    let path = match file {
        Found::File(path) => path,
        Found::Problem { reason, .. } => return Verdict::Failed(reason.clone()),
    };
    let read = match File::open(path) {
        Ok(file) => BufReader::new(file),
        Err(error) => return Verdict::Failed(format!("expected a readable file: {error}")),
    };
    let mut verifier = Verifier::new(read, |id: &str, kwargs: &Kwargs| catalog.make(id, kwargs), Limits::default());
    let report = loop {
        match verifier.advance(usize::MAX) {
            Ok(Progress::More(_)) => {}
            Ok(Progress::Done(report)) => break Ok(report),
            Err(failure) => break Err(failure),
        }
    };
    match report {
        Ok(report) => match verifier.header().and_then(Header::replay_difference) {
            // The server that wrote it replays as this command does: that both agree says nothing of what was played.
            Some(told) => Verdict::Failed(format!("{}; but {DEPARTED}: {told}", identical(report))),
            None => Verdict::Passed(report),
        },
        Err(Failure::Difference(difference)) => Verdict::Failed(format!(
            "t={} field={} expected={} found={}",
            difference.t,
            Shown(&difference.field),
            difference.expected(),
            difference.found()
        )),
        Err(Failure::Make(MakeError::UnknownId { id, nearest })) => {
            let reason = Failure::Make(MakeError::UnknownId { id: id.clone(), nearest }).to_string();
            match palaestra_record::not_verifiable(&id) {
                _ if skip_unknown => Verdict::Skipped(reason),
                Some(reason) => Verdict::NotVerifiable(reason),
                None => Verdict::Failed(reason),
            }
        }
        Err(failure) => Verdict::Failed(failure.to_string()),
    }
}
