//! Every question finds what is wrong in an environment made for it, and nothing wrong in those that come with Palaestra.
use std::cell::Cell;

use palaestra_env::catalog::{Binding, Entry, Family};
use palaestra_env::scene::Style;
use palaestra_env::{
    ArgumentError, Arguments, Colour, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene, SeededRng, Space,
    Spec, StateReader, StateWriter, StepError, ValueWriter,
};

use super::*;
use crate::cases::{Case, plain};

const KEYS: &[&[Binding]] = &[&[Binding::discrete("Space", 1, "count")]];

const fn entry(id: &'static str) -> Entry {
    Entry { keys: KEYS, ..Entry::new(id, "Counter", "Counts.") }
}

/// A counter, and the same with one thing wrong each.
const COUNTERS: Family = Family {
    name: "counters",
    title: "Counters",
    entries: &[
        entry("Good-v0"),
        entry("TakesAnything-v0"),
        entry("Panics-v0"),
        entry("Outside-v0"),
        entry("Infinite-v0"),
        entry("Global-v0"),
        entry("Forgets-v0"),
        entry("Trusts-v0"),
        entry("Allocates-v0"),
        entry("Endless-v0"),
        entry("Blank-v0"),
        entry("NoChance-v0"),
        entry("NoBounds-v0"),
        entry("Alike-v0"),
        Entry { keys: &[], ..entry("Keyless-v0") },
        Entry { fps: 1_000_000, ..entry("Slow-v0") },
    ],
    make,
    artwork: &[],
};

fn make(id: &str, kwargs: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
    let id = COUNTERS.entries.iter().find(|entry| entry.id == id)?.id;
    if id != "TakesAnything-v0"
        && let Err(error) = Arguments::new(kwargs).finish()
    {
        return Some(Err(error));
    }
    let seen = match id {
        "NoBounds-v0" => Space::Box(palaestra_env::BoxSpace::uniform(
            f64::NEG_INFINITY,
            f64::INFINITY,
            &[1],
            palaestra_env::DType::Float32,
        )),
        _ => Space::discrete(64),
    };
    let limit = (id != "Endless-v0").then_some(40);
    let actions = match id {
        "Alike-v0" => Space::OneOf { spaces: vec![Space::discrete(2), Space::discrete(5)] },
        _ => Space::discrete(2),
    };
    let spec = Spec { max_episode_steps: limit, ..Spec::single(id, actions, seen) };
    Some(Ok(Box::new(Counter { spec, id, count: 0, hidden: 0, kept: Vec::new(), rng: SeededRng::new(0) })))
}

thread_local! {
    static GLOBAL: Cell<i64> = const { Cell::new(0) };
}

struct Counter {
    spec: Spec,
    id: &'static str,
    count: i64,
    hidden: i64,
    kept: Vec<Vec<u8>>,
    rng: SeededRng,
}

impl Counter {
    fn is(&self, id: &str) -> bool {
        self.id == id
    }
}

impl Environment for Counter {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        Arguments::new(options).finish()?;
        if let Some(seed) = seed {
            self.rng = SeededRng::new(seed);
        }
        self.count = if self.is("NoChance-v0") { 3 } else { self.rng.integers(0, 10) };
        self.hidden = 0;
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        self.hidden += 1;
        assert!(!(self.is("Panics-v0") && self.hidden == 5), "five is too many");
        if self.is("Global-v0") {
            GLOBAL.set(GLOBAL.get() + 1);
            self.count = GLOBAL.get() % 64;
        }
        if self.is("Allocates-v0") {
            self.kept = vec![vec![1]];
        }
        if self.is("Slow-v0") {
            std::thread::sleep(std::time::Duration::from_micros(50));
        }
        let stride = if self.is("Forgets-v0") { self.hidden } else { 1 };
        self.count = (self.count + stride * action.discrete(0)) % 64;
        let reward = if self.is("Infinite-v0") { f64::INFINITY } else { 1.0 };
        outcome.share(reward, false, false);
        Ok(())
    }

    fn observe(&self, _agent: usize, out: &mut ValueWriter) {
        match self.id {
            "Outside-v0" => out.discrete(self.count + 64),
            "NoBounds-v0" => out.f32s(&[self.count as f32]),
            _ => out.discrete(self.count),
        }
    }

    fn draw(&self, scene: &mut Scene) {
        if !self.is("Blank-v0") {
            scene.circle(&Style::fill(Colour::WHITE), [self.count as f32 / 64.0, 0.5], 0.1);
        }
    }

    fn save(&self, out: &mut StateWriter) {
        out.i64(self.count);
        if !self.is("Forgets-v0") {
            out.i64(self.hidden);
        }
        out.rng(&self.rng);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        let trusts = self.is("Trusts-v0");
        self.count = if trusts { state.i64()? } else { state.u64().and_then(|count| below(count, 64))? };
        if !self.is("Forgets-v0") {
            self.hidden = state.u64().and_then(|count| below(count, 1 << 20))?;
        }
        self.rng = state.rng()?;
        Ok(())
    }
}

fn below(count: u64, limit: u64) -> Result<i64, RestoreError> {
    if count < limit { Ok(count as i64) } else { Err(RestoreError::Invalid { field: "count" }) }
}

fn found(id: &'static str) -> Vec<Finding> {
    let mut all = Vec::new();
    inspect(&Case { family: COUNTERS, id, kwargs: Kwargs::new() }, |finding| all.push(finding));
    all
}

/// What is not good in an environment: the words of the questions.
fn wrong(id: &'static str) -> Vec<(&'static str, Grade)> {
    found(id).iter().filter(|one| one.grade != Grade::Good).map(|one| (one.about, one.grade)).collect()
}

#[test]
fn nothing_is_wrong_with_what_is_right() {
    assert_eq!(found("Good-v0").iter().map(|one| one.about).collect::<Vec<_>>(), questions().collect::<Vec<_>>());
    assert_eq!(wrong("Good-v0"), []);
}

#[test]
fn each_question_finds_what_it_asks_for() {
    for (id, about, grade) in [
        ("TakesAnything-v0", "make", Grade::Bad),
        ("Panics-v0", "steps", Grade::Bad),
        ("Outside-v0", "steps", Grade::Bad),
        ("Infinite-v0", "steps", Grade::Bad),
        ("Global-v0", "determinism", Grade::Bad),
        ("Forgets-v0", "save, restore", Grade::Bad),
        ("Trusts-v0", "foreign states", Grade::Bad),
        ("Allocates-v0", "allocation", Grade::Bad),
        ("Endless-v0", "ends", Grade::Doubtful),
        ("Blank-v0", "picture", Grade::Doubtful),
        ("NoChance-v0", "seeds", Grade::Doubtful),
        ("NoBounds-v0", "spaces", Grade::Doubtful),
        ("Alike-v0", "spaces", Grade::Bad),
        ("Keyless-v0", "keys", Grade::Doubtful),
        ("Slow-v0", "cost", Grade::Bad),
    ] {
        let wrong = wrong(id);
        assert!(wrong.contains(&(about, grade)), "{id}: {wrong:?}");
    }
}

#[test]
fn a_panic_is_told_with_its_place() {
    let found = found("Panics-v0");
    let told = &found.iter().find(|one| one.grade == Grade::Bad).unwrap().text;
    assert!(told.contains("findings/tests.rs:") && told.ends_with("five is too many"), "{told}");
}

#[test]
fn what_cannot_be_made_is_asked_nothing_more() {
    assert_eq!(wrong("Nothing-v0"), [("make", Grade::Bad)]);
    assert_eq!(found("Nothing-v0").len(), 1);
}

#[test]
fn nothing_is_bad_in_a_family_that_comes_with_palaestra() {
    for case in plain(palaestra_toy_text::FAMILY) {
        inspect(&case, |finding| assert!(finding.grade != Grade::Bad, "{case}: {finding:?}"));
    }
}
