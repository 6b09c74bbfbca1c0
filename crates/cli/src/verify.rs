//! `palaestra verify`.
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Write};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use palaestra_env::MakeError;
use palaestra_env::catalog::Catalog;
use palaestra_record::{Failure, Limits, Report};

use crate::arguments::VerifyOptions;
use crate::files::{Found, find};
use crate::output::Output;

/// What became of a file.
enum Verdict {
    Passed(Report),
    Skipped(String),
    Failed(String),
}

#[derive(Default)]
struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
}

/// Verifies every file, on all cores, and reports in their order. Gives the exit status: nothing to verify is no success.
pub(crate) fn run(options: &VerifyOptions, catalog: Catalog, out: &mut Output<impl Write>) -> io::Result<u8> {
    let found = find(&options.paths, options.only.as_ref());
    let nothing = found.is_empty();
    if nothing {
        out.line("FAIL  expected --only to fit the name of a file, found none that it fits")?;
    }
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    let mut tally = Tally::default();
    thread::scope(|scope| {
        for _ in 0..cores.min(found.len()) {
            let (next, found, send) = (&next, &found, send.clone());
            scope.spawn(move || {
                while let Some((index, file)) = take(next, found) {
                    if send.send((index, judge(file, catalog, options.skip_unknown))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let reported = report(&found, receive, &mut tally, out);
        // With nobody reading there is no point in going on.
        reported.inspect_err(|_| next.store(found.len(), Ordering::Relaxed))
    })?;
    let Tally { passed, failed, skipped } = tally;
    if options.skip_unknown {
        out.line(&format!("{passed} passed, {failed} failed, {skipped} skipped"))?;
    } else {
        out.line(&format!("{passed} passed, {failed} failed"))?;
    }
    Ok(u8::from(failed > 0 || nothing))
}

fn take<'a>(next: &AtomicUsize, found: &'a [Found]) -> Option<(usize, &'a Found)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    found.get(index).map(|file| (index, file))
}

/// Prints the verdicts in the files' order, as soon as their turn comes.
fn report(
    found: &[Found],
    verdicts: mpsc::Receiver<(usize, Verdict)>,
    tally: &mut Tally,
    out: &mut Output<impl Write>,
) -> io::Result<()> {
    let mut waiting = BTreeMap::new();
    let mut files = found.iter().enumerate().peekable();
    for (index, verdict) in verdicts {
        waiting.insert(index, verdict);
        while let Some((path, verdict)) = files.peek().and_then(|(i, file)| Some((file.path(), waiting.remove(i)?))) {
            files.next();
            print(path, &verdict, tally, out)?;
        }
    }
    Ok(())
}

fn print(path: &Path, verdict: &Verdict, tally: &mut Tally, out: &mut Output<impl Write>) -> io::Result<()> {
    let path = path.display();
    match verdict {
        Verdict::Passed(Report { steps, episodes }) => {
            tally.passed += 1;
            let (steps, episodes) = (counted(*steps, "step"), counted(*episodes, "episode"));
            out.line(&format!("ok    {path}: {steps} in {episodes}, identical"))
        }
        Verdict::Skipped(reason) => {
            tally.skipped += 1;
            out.line(&format!("skip  {path}: {reason}"))
        }
        Verdict::Failed(reason) => {
            tally.failed += 1;
            out.line(&format!("FAIL  {path}: {reason}"))
        }
    }
}

fn counted(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
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
    match palaestra_record::verify(read, |id, kwargs| catalog.make(id, kwargs), Limits::default()) {
        Ok(report) => Verdict::Passed(report),
        Err(Failure::Difference(difference)) => Verdict::Failed(format!(
            "t={} field={} expected={} found={}",
            difference.t,
            difference.field,
            difference.expected(),
            difference.found()
        )),
        Err(failure @ Failure::Make(MakeError::UnknownId { .. })) if skip_unknown => {
            Verdict::Skipped(failure.to_string())
        }
        Err(failure) => Verdict::Failed(failure.to_string()),
    }
}
