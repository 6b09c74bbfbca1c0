//! That [`check`] tells what breaks the contract: environments with one fault each, and some that only look as if they had one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in a test a failed unwrap is the failure's message"
)]
use std::cell::Cell;

use palaestra_env::check::check;
use palaestra_env::scene::Style;
use palaestra_env::{
    ArgumentError, BoxSpace, Colour, DType, Env, Environment, JointAction, Kwargs, Outcome, Phase, RestoreError, Scene,
    Space, Spec, StateReader, StateWriter, StepError, ValueWriter,
};

/// The bytes of its state: its own, and those that every state of a single agent has before them.
const WRITTEN: usize = 16 + 16;

/// What is wrong with an environment.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    Nothing,
    /// It refuses an action in mid-episode, as it may.
    Refuses,
    /// Nothing: there is nothing to choose in it, as there may not be.
    LeavesNoChoice,
    /// It refuses an action that it has counted.
    RefusesTooLate,
    /// It draws its start from nowhere.
    IgnoresItsSeed,
    /// What it sees at its start it draws from nowhere.
    SeesWhatNobodySeeded,
    /// It goes by something that it does not save.
    Forgets,
    /// It shows something that it does not save.
    ShowsWhatItForgets,
    /// It refuses what it saved.
    RefusesItsState,
    /// It restores half of what it saved.
    RestoresHalf,
    SeesTooFar,
    SeesTooMuch,
    TellsTooMuch,
    DrawsNowhere,
    /// Its state is of so many bytes.
    Saves(usize),
    /// Being saved changes what it saves.
    CountsSaves,
}

/// Adds its actions up to twenty.
struct Counter {
    spec: Spec,
    fault: Fault,
    sum: i64,
    half: i64,
    /// What nobody saves.
    copy: i64,
    hidden: i64,
    saves: Cell<i64>,
}

impl Counter {
    /// The `copy`th that was made.
    fn env(fault: Fault, copy: i64) -> Env {
        let seen = Space::Box(BoxSpace::uniform(0.0, 30.0, &[], DType::Int64));
        let actions = if fault == Fault::LeavesNoChoice { Space::None } else { Space::Discrete { n: 5, start: 1 } };
        let mut spec = Spec::single("Counter-v0", actions, seen);
        spec.step_info = Space::dict([("sum", Space::Discrete { n: 30, start: 0 })]);
        Env::new(Box::new(Self { spec, fault, sum: 0, half: 0, copy, hidden: 0, saves: Cell::new(0) }))
    }

    fn is(&self, fault: Fault) -> bool {
        self.fault == fault
    }
}

impl Environment for Counter {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, _options: &Kwargs) -> Result<(), ArgumentError> {
        self.sum = if self.is(Fault::IgnoresItsSeed) { self.copy } else { 0 };
        self.half = 0;
        if let Some(seed) = seed {
            self.hidden = if self.is(Fault::SeesWhatNobodySeeded) { self.copy } else { (seed % 2) as i64 };
        }
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        let action = if self.is(Fault::LeavesNoChoice) { 1 } else { action.discrete(0) };
        if self.is(Fault::Refuses) && action == 3 {
            return Err(StepError::EpisodeOver);
        }
        self.sum += action;
        self.half += action;
        if self.is(Fault::RefusesTooLate) && action == 3 {
            return Err(StepError::EpisodeOver);
        }
        if self.is(Fault::Forgets) {
            self.sum += self.hidden;
        }
        outcome.share(action as f64, self.sum > 20, false);
        Ok(())
    }

    fn observe(&self, _agent: usize, out: &mut ValueWriter) {
        let shows = self.is(Fault::ShowsWhatItForgets) || self.is(Fault::SeesWhatNobodySeeded);
        out.i64s(&[match self.fault {
            Fault::SeesTooFar => 31,
            _ if shows => self.hidden,
            _ => self.sum,
        }]);
        if self.is(Fault::SeesTooMuch) {
            out.u8s(&[0]);
        }
    }

    fn info(&self, phase: Phase, out: &mut ValueWriter) {
        if phase == Phase::Step {
            out.i64s(&[if self.is(Fault::TellsTooMuch) { 30 } else { self.sum }]);
        }
    }

    fn draw(&self, scene: &mut Scene) {
        let place = if self.is(Fault::DrawsNowhere) { f32::NAN } else { 0.5 };
        scene.circle(&Style::fill(Colour::WHITE), [0.5, place], 0.1);
    }

    fn save(&self, out: &mut StateWriter) {
        out.i64(self.sum);
        out.i64(self.half);
        if self.is(Fault::CountsSaves) {
            self.saves.set(self.saves.get() + 1);
            out.i64(self.saves.get());
        }
        if let Fault::Saves(bytes) = self.fault {
            (WRITTEN..bytes).for_each(|_| out.u8(0));
        }
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        self.sum = state.i64()?;
        let half = state.i64()?;
        if !self.is(Fault::RestoresHalf) {
            self.half = half;
        }
        if self.is(Fault::CountsSaves) {
            self.saves.set(state.i64()?);
        }
        if let Fault::Saves(bytes) = self.fault {
            (WRITTEN..bytes).try_for_each(|_| state.u8().map(drop))?;
        }
        if self.is(Fault::RefusesItsState) { Err(RestoreError::Invalid { field: "sum" }) } else { Ok(()) }
    }
}

fn checked(fault: Fault, steps: u32) -> Result<(), String> {
    let mut copies = 0;
    let make = || {
        copies += 1;
        Counter::env(fault, copies)
    };
    check(make, 7, steps)
}

fn told(fault: Fault) -> String {
    checked(fault, 100).expect_err(&format!("{fault:?} is told"))
}

#[test]
fn an_environment_that_keeps_the_contract_passes_through_many_episodes() {
    assert_eq!(checked(Fault::Nothing, 100), Ok(()));
    assert_eq!(checked(Fault::Refuses, 100), Ok(()));
    assert_eq!(checked(Fault::LeavesNoChoice, 100), Ok(()));
}

#[test]
fn the_seed_decides_how_an_episode_begins() {
    let differ = "two copies that were reset with the seed 7 differ";
    assert_eq!(told(Fault::IgnoresItsSeed), differ);
    assert_eq!(told(Fault::SeesWhatNobodySeeded), differ);
}

#[test]
fn a_refused_step_changes_nothing() {
    let found = told(Fault::RefusesTooLate);
    assert!(found.ends_with(": a step was refused and changed the state"), "{found}");
}

#[test]
fn what_is_not_saved_is_missed_by_the_first_copy_that_was_never_reset() {
    let differs = "step 16: a restored copy went another way than the original";
    assert_eq!(told(Fault::Forgets), differs);
    assert_eq!(told(Fault::ShowsWhatItForgets), differs);
}

#[test]
fn a_state_of_its_own_is_taken_and_is_all_of_it() {
    let found = told(Fault::RefusesItsState);
    assert!(found.starts_with("step 1: it refuses its own state: "), "{found}");
    assert_eq!(told(Fault::RestoresHalf), "step 1: going back to a snapshot led to another state");
    assert_eq!(told(Fault::CountsSaves), "step 1: a bad action changed the state");
}

#[test]
fn what_it_shows_lies_in_its_spaces_and_is_no_more_than_they_have() {
    assert!(told(Fault::SeesTooFar).starts_with("observation outside its space "), "{}", told(Fault::SeesTooFar));
    assert!(told(Fault::TellsTooMuch).starts_with("step 1: info outside its space "), "{}", told(Fault::TellsTooMuch));
    assert!(checked(Fault::SeesTooMuch, 1).is_err());
}

#[test]
fn whatever_is_drawn_is_drawn_somewhere() {
    assert_eq!(told(Fault::DrawsNowhere), "the scene has a Circle at no place");
}

#[test]
fn a_state_is_no_longer_than_is_taken() {
    assert_eq!(checked(Fault::Saves(Env::MOST_STATE_BYTES), 0), Ok(()));
    let found = checked(Fault::Saves(Env::MOST_STATE_BYTES + 1), 0).unwrap_err();
    assert_eq!(found, "expected a saved state of at most 1048576 bytes, found 1048577");
}
