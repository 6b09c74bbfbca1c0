//! How many steps a second every environment makes, resets included, beside its Python reference in the same run.
//!
//! `cargo bench -p palaestra-envs -- [part of an id]…`. The reference is run by the Python that `PALAESTRA_PYTHON` names, or by
//! the project's own virtual environment; without one our figures stand alone. Both sides play the same actions from the same
//! seed, so that they make the same resets and earn the same; they take turns, so that a machine that slows down slows both.
//!
//! `-- --answer` answers requests of `scripts/bench-envs.mjs` instead, which compares with WebAssembly.
#![allow(clippy::print_stdout, reason = "a table is what it is for")]
mod answer;
mod clock;
mod figures;
mod reference;
mod rollout;
mod table;

use std::process::ExitCode;

use palaestra_env::catalog::{Entry, Family};
use palaestra_envs::FAMILIES;

use clock::Clock;
use figures::Figures;
use reference::Reference;
use rollout::{Played, Rollout};
use table::Row;

/// Turns that each side takes.
const TURNS: usize = 7;
/// The actions drawn; the reference makes as many steps of them as it can in its turn.
const ACTIONS: usize = 20_000;
/// Seconds that a turn of ours takes, and one of the reference.
const TURN: f64 = 0.1;
const REFERENCE_TURN: f64 = 0.3;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if arguments.iter().any(|argument| argument == "--answer") {
        return answer::answer();
    }
    let wanted = |entry: &Entry| arguments.is_empty() || arguments.iter().any(|part| entry.id.contains(part.as_str()));
    if let Err(missing) = Reference::start() {
        println!("no reference: {missing}\n");
    }
    println!("{}", Row::HEAD);
    let mut failed = false;
    let entries = FAMILIES.iter().flat_map(|family| family.entries.iter().map(move |entry| (family, entry)));
    for (family, entry) in entries.filter(|(_, entry)| wanted(entry)) {
        match measured(family, entry) {
            Ok(row) => {
                failed |= row.missed();
                println!("{row}");
            }
            Err(error) => {
                failed = true;
                println!("{}: {error}", entry.id);
            }
        }
    }
    let counted = if clock::counts_work() { "seconds at work" } else { "seconds by the clock" };
    println!("\nsteps a second, resets included, {counted}: median of {TURNS} turns (slowest to fastest)");
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn measured(family: &Family, entry: &'static Entry) -> Result<Row, String> {
    let mut ours = Rollout::new(entry.id, ACTIONS).map_err(|error| error.to_string())?;
    let (mut theirs, mut required, mut note) = (None, None, String::new());
    // A process each: an environment of cogrid changes those made after it.
    if let Ok(mut reference) = Reference::start() {
        match reference.load(family, entry, &ours) {
            Ok(ratio) => (theirs, required) = (Some(reference), ratio),
            Err(missing) => note = missing,
        }
    }
    let steps = match &mut theirs {
        // The first turn warms up, and says how many steps fill one.
        Some(reference) => {
            let (seconds, played) = reference.play(200)?;
            ((played.steps as f64 / seconds * REFERENCE_TURN) as usize).clamp(200, ACTIONS)
        }
        None => 2_000,
    };
    let once = timed(&mut ours, steps, 1)?.0;
    let times = (TURN / once).ceil().clamp(1.0, 1e6) as u32;
    timed(&mut ours, steps, times)?;
    let (mut our_turns, mut their_turns) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let (seconds, played) = timed(&mut ours, steps, times)?;
        our_turns.push(played.steps as f64 / seconds);
        if let Some(reference) = &mut theirs {
            let (seconds, their_played) = reference.play(steps)?;
            their_turns.push(their_played.steps as f64 / seconds);
            let one = Played { steps: steps as u64, resets: played.resets / u64::from(times), ..played };
            if one != their_played {
                note = format!("not the same game: {one:?} here, {their_played:?} there");
            }
        }
    }
    Ok(Row {
        id: entry.id,
        ours: Figures::of(our_turns),
        reference: theirs.map(|_| Figures::of(their_turns)),
        required,
        note,
    })
}

fn timed(ours: &mut Rollout, steps: usize, times: u32) -> Result<(f64, Played), String> {
    let clock = Clock::start();
    let played = ours.play(steps, times)?;
    Ok((clock.seconds(), played))
}
