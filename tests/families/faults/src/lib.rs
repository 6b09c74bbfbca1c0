//! An environment that misbehaves on purpose: each action is another way for a Worker to go wrong. It can be played in a Worker
//! only.
#![allow(clippy::panic, reason = "panicking is what it is for")]

use js_sys::Promise;
use palaestra_env::catalog::{Entry, Family};
use palaestra_env::{
    ArgumentError, Arguments, Colour, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene, Space, Spec,
    StateReader, StateWriter, StepError, ValueWriter,
};
use wasm_bindgen::prelude::*;
use web_sys::DedicatedWorkerGlobalScope;

/// The family.
pub const FAMILY: Family = Family {
    name: "faults",
    title: "Faults",
    entries: &[Entry::new(ID, "Faults", "Each action is another way to go wrong.")],
    make,
    artwork: &[],
};

const ID: &str = "Faults-v0";

fn make(id: &str, kwargs: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
    if id != ID {
        return None;
    }
    if let Err(error) = Arguments::new(kwargs).finish() {
        return Some(Err(error));
    }
    let spec = Spec::single(id, Space::discrete(10), Space::discrete(1_000_000));
    Some(Ok(Box::new(Faults { spec, steps: 0, hoard: Vec::new() })))
}

struct Faults {
    spec: Spec,
    steps: i64,
    hoard: Vec<Vec<u8>>,
}

impl Environment for Faults {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, _: Option<u64>, _: &Kwargs) -> Result<(), ArgumentError> {
        self.steps = 0;
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        match action.discrete(0) {
            1 => panic!("a fault on purpose at step {}", self.steps),
            2 => loop {
                std::hint::black_box(&self.steps);
            },
            3 => loop {
                self.hoard.push(vec![1; 1 << 20]);
            },
            4 => drop(Promise::reject(&JsValue::from_str("a rejection on purpose"))),
            5 => drop(scope.post_message(&JsValue::from_str("no message of the protocol"))),
            6 => scope.close(),
            7 => drop(scope.post_message(&js_sys::ArrayBuffer::new(3))),
            // As long as an environment in Python may: longer than a tick.
            8 | 9 => {
                let now = || scope.performance().map_or(f64::INFINITY, |performance| performance.now());
                let began = now();
                while now() - began < 25.0 {}
            }
            _ => {}
        }
        self.steps += 1;
        outcome.share(1.0, false, false);
        Ok(())
    }

    fn observe(&self, _: usize, out: &mut ValueWriter) {
        out.discrete(self.steps);
    }

    fn draw(&self, scene: &mut Scene) {
        scene.background(Colour::WHITE);
    }

    fn save(&self, out: &mut StateWriter) {
        out.i64(self.steps);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        self.steps = state.i64()?;
        Ok(())
    }
}
