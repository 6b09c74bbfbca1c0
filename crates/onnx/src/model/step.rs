//! A step of a run.
use crate::kernel::{Inputs, Kernel};
use crate::tensor::Data;

/// A kernel, and where it reads and writes.
pub(crate) struct Step {
    pub(crate) kernel: Box<dyn Kernel>,
    pub(crate) inputs: Vec<Option<usize>>,
    pub(crate) outputs: Vec<usize>,
}

/// The same elements in a place of their own.
pub(crate) struct Duplicate;

impl Kernel for Duplicate {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        match (inputs.get(0), outputs) {
            (Some(Data::Float(x)), [Data::Float(out)]) => out.copy_from_slice(x),
            (Some(Data::Integer(x)), [Data::Integer(out)]) => out.copy_from_slice(x),
            _ => {}
        }
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
