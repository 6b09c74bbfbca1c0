//! What has been planned of a model so far, and what a planner of an operator may do with it.
use crate::error::Fault;
use crate::kernel::Kernel;
use crate::limits::{
    MOST_CONSTANTS, MOST_CONSTANTS_EACH, MOST_DIMENSIONS, MOST_ELEMENTS, MOST_OPERANDS, MOST_OPERATIONS,
};
use crate::model::names::Names;
use crate::model::step::{Step, run_step};
use crate::proto::Node;
use crate::show::show;
use crate::tensor::{DType, Data, Shape, bounded, elements};

/// A value of the graph. Several may share a slot: the same elements in another shape.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) dtype: DType,
    pub(crate) shape: Shape,
    pub(crate) slot: usize,
    /// Whether it is the same in every run.
    pub(crate) constant: bool,
}

/// The plan.
#[derive(Default)]
pub(crate) struct Builder<'a> {
    pub(crate) names: Names<'a, Source>,
    pub(crate) slots: Vec<Data>,
    pub(crate) steps: Vec<Step>,
    /// Operations of a run, and of what was computed for all runs.
    pub(crate) operations: u64,
    folded: u64,
    /// Elements that the file holds, that a run computes, and that were computed for all runs.
    held: usize,
    elements: usize,
    constants: usize,
}

impl Builder<'_> {
    pub(crate) fn slot(&mut self, data: Data) -> usize {
        self.slots.push(data);
        self.slots.len() - 1
    }

    /// Counts elements that the file holds.
    pub(crate) fn hold(&mut self, elements: usize) {
        self.held = self.held.saturating_add(elements);
    }

    /// Counts elements that the file does not hold itself; `constant` are those that are the same in every run.
    pub(crate) fn reserve(&mut self, elements: usize, constant: bool) -> Result<(), Box<Fault>> {
        let (total, most) = match constant {
            true => {
                let most = self.held.saturating_mul(MOST_CONSTANTS_EACH);
                (&mut self.constants, most.clamp(MOST_ELEMENTS, MOST_CONSTANTS))
            }
            false => (&mut self.elements, MOST_ELEMENTS),
        };
        *total = total.saturating_add(elements);
        if *total <= most {
            return Ok(());
        }
        Err(Fault::TooLarge { what: "computed elements", most: most as u64 }.into())
    }

    fn spend(&mut self, operations: u64, constant: bool) -> Result<(), Box<Fault>> {
        let total = if constant { &mut self.folded } else { &mut self.operations };
        *total = total.saturating_add(operations);
        if *total <= MOST_OPERATIONS {
            return Ok(());
        }
        Err(Fault::TooLarge { what: "operations", most: MOST_OPERATIONS }.into())
    }
}

/// One node while it is planned.
pub(crate) struct Planner<'p, 'a> {
    pub(crate) builder: &'p mut Builder<'a>,
    pub(crate) node: &'p Node<'a>,
    /// The version of the operators.
    pub(crate) version: i64,
}

impl<'p> Planner<'p, '_> {
    /// Input number `index`, which must be there.
    pub(crate) fn input(&self, index: usize) -> Result<Source, Box<Fault>> {
        self.optional(index)?.ok_or_else(|| Fault::MissingInput { index }.into())
    }

    /// Input number `index`, if it is there.
    pub(crate) fn optional(&self, index: usize) -> Result<Option<Source>, Box<Fault>> {
        match self.node.inputs.get(index) {
            None | Some(&"") => Ok(None),
            Some(name) => match self.builder.names.get(name) {
                Some(source) => Ok(Some(source.clone())),
                None => Err(Fault::Dangling { value: (*name).to_owned() }.into()),
            },
        }
    }

    /// An input of floating-point numbers.
    pub(crate) fn floats(&self, index: usize) -> Result<Source, Box<Fault>> {
        of_type(self.input(index)?, "float", |dtype| dtype == DType::Float)
    }

    /// An input of this type.
    pub(crate) fn input_of(&self, index: usize, dtype: DType) -> Result<Source, Box<Fault>> {
        of_type(self.input(index)?, dtype.name(), |found| found == dtype)
    }

    /// One that may be left out.
    pub(crate) fn optional_floats(&self, index: usize) -> Result<Option<Source>, Box<Fault>> {
        self.optional(index)?.map(|source| of_type(source, "float", |dtype| dtype == DType::Float)).transpose()
    }

    /// An input of integers.
    pub(crate) fn integers(&self, index: usize) -> Result<Source, Box<Fault>> {
        of_type(self.input(index)?, "integers", DType::is_integer)
    }

    /// The elements of an input that is known when the model is loaded, if it is there.
    pub(crate) fn known(&self, index: usize) -> Result<Option<&Data>, Box<Fault>> {
        let Some(source) = self.optional(index)? else { return Ok(None) };
        if source.constant { Ok(self.builder.slots.get(source.slot)) } else { Err(Fault::NotConstant { index }.into()) }
    }

    /// The integers of an input that is known when the model is loaded, if it is there.
    pub(crate) fn known_integers(&self, index: usize) -> Result<Option<Vec<i64>>, Box<Fault>> {
        match self.known(index)? {
            None => Ok(None),
            // No operator has a longer list. One list may be the input of all nodes.
            Some(Data::Integer(values)) if values.len() > MOST_OPERANDS => {
                Err(Fault::TooLarge { what: "elements of a list", most: MOST_OPERANDS as u64 }.into())
            }
            Some(Data::Integer(values)) => Ok(Some(values.clone())),
            Some(_) => Err(Fault::ElementType { expected: "integers", found: "others".to_owned() }.into()),
        }
    }

    /// The one number of an input that is known when the model is loaded, if it is there.
    pub(crate) fn known_float(&self, index: usize) -> Result<Option<f32>, Box<Fault>> {
        match self.known(index)? {
            None => Ok(None),
            Some(Data::Float(values)) if values.len() == 1 => Ok(values.first().copied()),
            Some(other) => {
                Err(Fault::Shape { expected: "one float".to_owned(), found: format!("{} elements", other.len()) }
                    .into())
            }
        }
    }

    /// Axes, as an attribute in older operator sets and as an input in newer ones.
    pub(crate) fn axes(&self, index: usize) -> Result<Option<Vec<i64>>, Box<Fault>> {
        let axes = match self.node.integers("axes") {
            Some(axes) => Some(axes.to_vec()),
            None => self.known_integers(index)?,
        };
        if axes.as_ref().is_some_and(|axes| axes.len() > MOST_DIMENSIONS) {
            return Err(Fault::TooLarge { what: "axes", most: MOST_DIMENSIONS as u64 }.into());
        }
        Ok(axes)
    }

    /// Counts elements for the node that the file does not hold itself.
    pub(crate) fn reserve(&mut self, elements: usize) -> Result<(), Box<Fault>> {
        let known = |name: &&str| self.builder.names.get(name).is_none_or(|source| source.constant);
        let constant = self.node.inputs.iter().all(known);
        self.builder.reserve(elements, constant)
    }

    /// The node's only output has the elements of a source, in another shape.
    pub(crate) fn alias(&mut self, source: &Source, shape: Shape) -> Result<(), Box<Fault>> {
        if elements(&shape) != elements(&source.shape) {
            let expected = format!("a shape of {} elements", elements(&source.shape));
            return Err(Fault::Shape { expected, found: show(&shape) }.into());
        }
        self.name(0, Source { shape, ..source.clone() })
    }

    /// The node's only output is known already.
    pub(crate) fn constant(&mut self, dtype: DType, shape: Shape, data: Data) -> Result<(), Box<Fault>> {
        let slot = self.builder.slot(data);
        self.name(0, Source { dtype, shape, slot, constant: true })
    }

    /// Something that is known already, and no output of the node: weights in another order.
    pub(crate) fn prepared(&mut self, data: Vec<f32>) -> Result<Source, Box<Fault>> {
        self.builder.reserve(data.len(), true)?;
        let shape = vec![data.len()];
        let slot = self.builder.slot(Data::Float(data));
        Ok(Source { dtype: DType::Float, shape, slot, constant: true })
    }

    /// The node is computed by a kernel. `outputs` are the node's own, in their order; after them the kernel gets `scratch`.
    /// What depends on no input of the model is computed at once.
    pub(crate) fn emit(
        &mut self,
        kernel: impl Kernel + 'static,
        inputs: &[Option<&Source>],
        outputs: &[(DType, &[usize])],
        scratch: &[usize],
        operations: u64,
    ) -> Result<(), Box<Fault>> {
        self.emit_boxed(Box::new(kernel), inputs, outputs, scratch, operations)
    }

    /// Compiled once, and not for every kernel.
    #[inline(never)]
    fn emit_boxed(
        &mut self,
        kernel: Box<dyn Kernel>,
        inputs: &[Option<&Source>],
        outputs: &[(DType, &[usize])],
        scratch: &[usize],
        operations: u64,
    ) -> Result<(), Box<Fault>> {
        let constant = inputs.iter().flatten().all(|source| source.constant);
        self.builder.spend(operations, constant)?;
        let mut slots = Vec::with_capacity(outputs.len() + scratch.len());
        for (index, (dtype, shape)) in outputs.iter().enumerate() {
            let len = elements(shape);
            if len == 0 && *dtype == DType::Float {
                return Err(Fault::Shape { expected: "at least one element".to_owned(), found: show(shape) }.into());
            }
            self.builder.reserve(len, constant)?;
            let slot = self.builder.slot(Data::zeros(*dtype, len));
            slots.push(slot);
            self.name(index, Source { dtype: *dtype, shape: shape.to_vec(), slot, constant })?;
        }
        for len in scratch {
            self.builder.reserve(*len, constant)?;
            slots.push(self.builder.slot(Data::zeros(DType::Float, *len)));
        }
        let inputs = inputs.iter().map(|source| source.map(|source| source.slot)).collect();
        let step = Step { kernel, inputs, outputs: slots };
        if constant {
            run_step(&step, &mut self.builder.slots, &mut Vec::new());
        } else {
            self.builder.steps.push(step);
        }
        Ok(())
    }

    fn name(&mut self, index: usize, source: Source) -> Result<(), Box<Fault>> {
        bounded(&source.shape)?;
        if let Some(name) = self.node.outputs.get(index).filter(|name| !name.is_empty()) {
            self.builder.names.insert(name, source);
        }
        Ok(())
    }
}

fn of_type(source: Source, expected: &'static str, fits: impl Fn(DType) -> bool) -> Result<Source, Box<Fault>> {
    if fits(source.dtype) {
        return Ok(source);
    }
    Err(Fault::ElementType { expected, found: source.dtype.name().to_owned() }.into())
}
