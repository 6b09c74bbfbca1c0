//! `palaestra check`.
use std::io::{self, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use palaestra_env::catalog::Catalog;
use palaestra_env_tests::cases::Case;
use palaestra_env_tests::findings::{Finding, Grade, inspect, questions};
use palaestra_text::nearest;

use crate::arguments::CheckOptions;
use crate::output::{Output, counted};

/// How long one question may take before the environment counts as hung.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Default)]
struct Tally {
    good: u64,
    doubtful: u64,
    bad: u64,
}

/// Asks every question of every environment that is meant, and tells the answers as they come. Gives the exit status.
pub(crate) fn run(options: &CheckOptions, catalog: Catalog, out: &mut Output<impl Write>) -> io::Result<u8> {
    let mut tally = Tally::default();
    let cases = match cases(options, catalog) {
        Ok(cases) => cases,
        Err(reason) => {
            out.line(&format!("FAIL  {reason}"))?;
            return Ok(1);
        }
    };
    let width = questions().map(str::len).max().unwrap_or_default();
    for case in cases {
        examine(&case, width, &mut tally, out)?;
    }
    let Tally { good, doubtful, bad } = tally;
    out.line(&format!("{good} passed, {bad} failed, {}", counted(doubtful, "warning")))?;
    Ok(u8::from(bad > 0 || (options.strict && doubtful > 0)))
}

/// What is to be checked: the environments that are named, or all.
fn cases(options: &CheckOptions, catalog: Catalog) -> Result<Vec<Case>, String> {
    let all = || catalog.families().flat_map(|family| family.entries.iter().map(|entry| (*family, entry.id)));
    let case = |(family, id)| Case { family, id, kwargs: options.kwargs.clone() };
    if options.ids.is_empty() {
        return Ok(all().map(case).collect());
    }
    let find = |wanted: &String| {
        let found = all().find(|(_, id)| id == wanted).map(case);
        found.ok_or_else(|| {
            let meant = nearest(wanted, all().map(|(_, id)| id));
            let meant = meant.map(|id| format!(" (did you mean `{id}`?)")).unwrap_or_default();
            format!("expected the id of an environment, found `{wanted}`{meant}: see `palaestra envs`")
        })
    };
    options.ids.iter().map(find).collect()
}

/// In a thread of its own, which can be given up where a step never ends.
fn examine(case: &Case, width: usize, tally: &mut Tally, out: &mut Output<impl Write>) -> io::Result<()> {
    let (tell, told) = mpsc::channel::<Finding>();
    let of_thread = case.clone();
    thread::spawn(move || {
        inspect(&of_thread, |finding| {
            // Nobody listens any more once it was given up.
            let _ = tell.send(finding);
        });
    });
    let mut asked = questions();
    loop {
        let finding = match told.recv_timeout(PATIENCE) {
            Ok(finding) => finding,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Err(RecvTimeoutError::Timeout) => {
                tally.bad += 1;
                let about = asked.next().unwrap_or_default();
                return out.line(&format!("FAIL  {}  {about:width$}  no answer after {PATIENCE:?}", case.id));
            }
        };
        asked.next();
        let (mark, count) = match finding.grade {
            Grade::Good => ("ok  ", &mut tally.good),
            Grade::Doubtful => ("warn", &mut tally.doubtful),
            Grade::Bad => ("FAIL", &mut tally.bad),
        };
        *count += 1;
        out.line(&format!("{mark}  {}  {:width$}  {}", case.id, finding.about, finding.text))?;
    }
}
