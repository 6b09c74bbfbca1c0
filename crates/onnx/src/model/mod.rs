//! A loaded model: every value in its place, and the steps that compute them.
mod builder;
mod loading;
mod names;

use std::fmt;

use crate::error::LoadError;
use crate::ops::{Inputs, Kernel};
use crate::tensor::{DType, Data, elements, show};

pub(crate) use builder::{Planner, Source};

/// A model that can be run, again and again. Nothing in it remembers the last run but the values themselves.
pub struct Model {
    inputs: Vec<Port>,
    outputs: Vec<Port>,
    slots: Vec<Data>,
    steps: Vec<Step>,
    /// Outputs of the step that runs, kept for their memory.
    running: Vec<Data>,
    operations: u64,
}

/// An input or output.
#[derive(Clone, Debug, PartialEq)]
pub struct Port {
    /// Its name in the file.
    pub name: String,
    /// The type of its elements.
    pub dtype: DType,
    /// The sizes of its dimensions; a batch is 1.
    pub shape: Vec<usize>,
    slot: usize,
}

/// A kernel, and where it reads and writes.
pub(crate) struct Step {
    pub(crate) kernel: Box<dyn Kernel>,
    pub(crate) inputs: Vec<Option<usize>>,
    pub(crate) outputs: Vec<usize>,
}

impl Port {
    /// How many elements it has.
    pub fn elements(&self) -> usize {
        elements(&self.shape)
    }
}

/// The type and the shape, as messages show them: `float [1, 4]`.
impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.dtype.name(), show(&self.shape))
    }
}

impl Model {
    /// Reads and checks a file, and plans its runs. Dimensions without a size become 1.
    ///
    /// # Errors
    /// [`LoadError`] that names what cannot be read or run.
    pub fn load(bytes: &[u8]) -> Result<Self, LoadError> {
        loading::load(bytes)
    }

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
        let (from, to) = (from.slot, to.slot);
        if from == to {
            return true;
        }
        let Ok([from, to]) = self.slots.get_disjoint_mut([from, to]) else { return false };
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

/// Runs one step. Its outputs are taken out of their slots meanwhile: no step reads what it writes.
pub(crate) fn run_step(step: &Step, slots: &mut [Data], running: &mut Vec<Data>) {
    running.clear();
    running.extend(step.outputs.iter().map(|slot| slots.get_mut(*slot).map(std::mem::take).unwrap_or_default()));
    step.kernel.run(&Inputs { slots, step: &step.inputs }, running);
    for (slot, data) in step.outputs.iter().zip(running.drain(..)) {
        if let Some(slot) = slots.get_mut(*slot) {
            *slot = data;
        }
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
