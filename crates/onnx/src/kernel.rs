//! What computes a node's outputs in a run.
use crate::tensor::Data;

/// Computes a node's outputs.
pub(crate) trait Kernel {
    /// Writes every element of the outputs, which have their sizes. Allocates nothing.
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]);
}

/// What a kernel reads.
pub(crate) struct Inputs<'s> {
    pub(crate) slots: &'s [Data],
    pub(crate) step: &'s [Option<usize>],
}

impl<'s> Inputs<'s> {
    /// Input number `index`, if the node has it.
    pub(crate) fn get(&self, index: usize) -> Option<&'s Data> {
        self.step.get(index).copied().flatten().and_then(|slot| self.slots.get(slot))
    }

    /// Its elements, where they are floating-point numbers; none where the node has no such input.
    pub(crate) fn floats(&self, index: usize) -> &'s [f32] {
        self.get(index).map_or(&[], Data::floats)
    }

    pub(crate) fn integers(&self, index: usize) -> &'s [i64] {
        self.get(index).map_or(&[], Data::integers)
    }
}
