//! Running a model.
use super::port::Port;
use super::step::{Step, run_step};
use crate::tensor::Data;

/// A model that can be run, again and again. Nothing in it remembers the last run but the values themselves.
pub struct Model {
    pub(super) inputs: Vec<Port>,
    pub(super) outputs: Vec<Port>,
    pub(super) slots: Vec<Data>,
    pub(super) steps: Vec<Step>,
    /// Outputs of the step that runs, kept for their memory.
    pub(super) running: Vec<Data>,
    pub(super) operations: u64,
}

impl Model {
    /// What it needs to be told before each run.
    pub fn inputs(&self) -> &[Port] {
        &self.inputs
    }

    /// What it computes.
    pub fn outputs(&self) -> &[Port] {
        &self.outputs
    }

    /// How many multiplications and the like a run takes, roughly.
    pub fn operations(&self) -> u64 {
        self.operations
    }

    /// The elements of input number `index`, to be written; they stay as they are until they are written anew.
    pub fn input_mut(&mut self, index: usize) -> Option<InputMut<'_>> {
        let port = self.inputs.get(index)?;
        Some(match self.slots.get_mut(port.slot)? {
            Data::Float(elements) => InputMut::Float(elements),
            Data::Integer(elements) => InputMut::Integer(elements),
        })
    }

    /// The elements of input number `index`.
    pub fn input(&self, index: usize) -> Option<&Data> {
        self.inputs.get(index).and_then(|port| self.slots.get(port.slot))
    }

    /// The elements of output number `index`, of the last run.
    pub fn output(&self, index: usize) -> Option<&Data> {
        self.outputs.get(index).and_then(|port| self.slots.get(port.slot))
    }

    /// Copies output number `output` into input number `input`, as a recurrent state goes from one run to the next. False,
    /// and nothing changed, where the two are not of one type and size.
    pub fn carry(&mut self, output: usize, input: usize) -> bool {
        let (Some(from), Some(to)) = (self.outputs.get(output), self.inputs.get(input)) else { return false };
        // No output lies where an input does, so whatever else is carried, this one is what the run left.
        let Ok([from, to]) = self.slots.get_disjoint_mut([from.slot, to.slot]) else { return false };
        match (from, to) {
            (Data::Float(from), Data::Float(to)) if from.len() == to.len() => to.copy_from_slice(from),
            (Data::Integer(from), Data::Integer(to)) if from.len() == to.len() => to.copy_from_slice(from),
            _ => return false,
        }
        true
    }

    /// Computes the outputs from the inputs. It allocates nothing.
    pub fn run(&mut self) {
        let Self { slots, steps, running, .. } = self;
        steps.iter().for_each(|step| run_step(step, slots, running));
    }
}

/// The elements of an input.
#[derive(Debug)]
#[allow(missing_docs, reason = "each name says all there is to say")]
pub enum InputMut<'a> {
    Float(&'a mut [f32]),
    /// Kept to the range of the input's type by whoever writes: flags are 0 and 1.
    Integer(&'a mut [i64]),
}
