//! From a file to a model.
use crate::error::{Fault, LoadError};
use crate::limits::{MOST_VALUES, OPERATOR_SETS};
use crate::model::builder::{Builder, Planner, Source};
use crate::model::names::Names;
use crate::model::port::Port;
use crate::model::running::Model;
use crate::model::step::{Duplicate, Step};
use crate::ops;
use crate::proto::{Input, ModelFile, Node};
use crate::tensor::{DType, Data, elements, shape_of};

impl Model {
    /// Reads and checks a file, and plans its runs. Dimensions without a size become 1.
    ///
    /// # Errors
    /// [`LoadError`] that names what cannot be read or run.
    pub fn load(bytes: &[u8]) -> Result<Self, LoadError> {
        load(bytes)
    }
}

fn load(bytes: &[u8]) -> Result<Model, LoadError> {
    let ModelFile { operator_set, graph } = ModelFile::read(bytes)?;
    let version = operator_set.filter(|version| OPERATOR_SETS.contains(version));
    let version = version.ok_or(LoadError::OperatorSet { found: operator_set })?;
    if graph.outputs.is_empty() {
        return Err(LoadError::NoOutput);
    }
    let named = graph.initializers.len()
        + graph.inputs.len()
        + graph.nodes.iter().map(|node| node.outputs.len()).sum::<usize>();
    if named > MOST_VALUES {
        return Err(LoadError::TooLarge { what: "values", most: MOST_VALUES as u64, found: named as u64 });
    }
    let initializers = all(graph.initializers.iter().map(|tensor| tensor.name));
    // Older files list their initializers among the inputs.
    let fed = || graph.inputs.iter().filter(|input| !initializers.contains(input.name));
    let computed = || graph.nodes.iter().flat_map(|node| &node.outputs).copied().filter(|name| !name.is_empty());
    let held = graph.initializers.iter().map(|tensor| tensor.name);
    unique_names(held.chain(fed().map(|input| input.name)).chain(computed()))?;
    let mut builder = Builder::default();
    for tensor in &graph.initializers {
        let (dtype, shape, data) = tensor.decode().map_err(|fault| value(tensor.name, *fault))?;
        builder.hold(data.len());
        let slot = builder.slot(data);
        builder.names.insert(tensor.name, Source { dtype, shape, slot, constant: true });
    }
    let mut inputs = Vec::new();
    for input in fed() {
        inputs.push(plan_input(&mut builder, input).map_err(|fault| value(input.name, *fault))?);
    }
    let computed = all(computed());
    for node in &graph.nodes {
        plan_node(&mut builder, node, version, &computed).map_err(|fault| at(node, *fault))?;
    }
    let mut outputs = Vec::new();
    for name in &graph.outputs {
        let source = builder.names.get(name).cloned();
        let source = source.ok_or_else(|| LoadError::MissingOutput { output: (*name).to_owned() })?;
        outputs.push(plan_output(&mut builder, &inputs, name, source).map_err(|fault| value(name, *fault))?);
    }
    Ok(finish(builder, inputs, outputs))
}

/// What no step and nobody else reads is dropped: weights in another order than they are used.
fn finish(builder: Builder<'_>, inputs: Vec<Port>, outputs: Vec<Port>) -> Model {
    let Builder { mut slots, steps, operations, .. } = builder;
    let mut used = vec![false; slots.len()];
    let mut keep = |slot: usize| used[slot] = true;
    inputs.iter().chain(&outputs).for_each(|port| keep(port.slot));
    steps.iter().flat_map(|step| step.inputs.iter().flatten().chain(&step.outputs)).for_each(|slot| keep(*slot));
    slots.iter_mut().zip(used).filter(|(_, used)| !used).for_each(|(data, _)| *data = Data::default());
    let running = Vec::with_capacity(steps.iter().map(|step| step.outputs.len()).max().unwrap_or(0));
    Model { inputs, outputs, slots, steps, running, operations }
}

fn plan_input<'a>(builder: &mut Builder<'a>, input: &Input<'a>) -> Result<Port, Box<Fault>> {
    let dtype = match input.element_type {
        Some(number) => DType::from_format(number)?,
        None => return Err(Fault::ElementType { expected: "a tensor", found: "another type".to_owned() }.into()),
    };
    // A batch has a name and no size, or (by old exporters) −1.
    let dims: Vec<i64> = input.dims.iter().map(|size| if *size <= 0 { 1 } else { *size }).collect();
    let shape = shape_of(&dims)?;
    builder.reserve(elements(&shape), false)?;
    let slot = builder.slot(Data::zeros(dtype, elements(&shape)));
    let source = Source { dtype, shape, slot, constant: false };
    let port = port(input.name, &source);
    builder.names.insert(input.name, source);
    Ok(port)
}

/// An output that has an input's own elements gets a copy: it stays what it was in the run when the input is written anew, also
/// by a state that is carried.
fn plan_output(builder: &mut Builder<'_>, inputs: &[Port], name: &str, mut source: Source) -> Result<Port, Box<Fault>> {
    if inputs.iter().any(|input| input.slot == source.slot) {
        let len = elements(&source.shape);
        builder.reserve(len, false)?;
        let copy = builder.slot(Data::zeros(source.dtype, len));
        builder.steps.push(Step { kernel: Box::new(Duplicate), inputs: vec![Some(source.slot)], outputs: vec![copy] });
        source.slot = copy;
    }
    Ok(port(name, &source))
}

fn port(name: &str, source: &Source) -> Port {
    Port { name: name.to_owned(), dtype: source.dtype, shape: source.shape.clone(), slot: source.slot }
}

fn plan_node<'a>(
    builder: &mut Builder<'a>,
    node: &Node<'a>,
    version: i64,
    computed: &Names<'_, ()>,
) -> Result<(), Box<Fault>> {
    if !matches!(node.domain, "" | "ai.onnx") {
        return Err(Fault::UnsupportedOperator.into());
    }
    let unknown = |name: &&&str| !name.is_empty() && !builder.names.contains(name);
    if let Some(name) = node.inputs.iter().find(unknown) {
        let value = (*name).to_owned();
        return Err(Box::new(if computed.contains(name) { Fault::Cycle { value } } else { Fault::Dangling { value } }));
    }
    ops::plan(&mut Planner { builder, node, version })
}

/// A set of names.
fn all<'a>(names: impl Iterator<Item = &'a str>) -> Names<'a, ()> {
    let mut all = Names::default();
    names.for_each(|name| _ = all.insert(name, ()));
    all
}

/// Whether every name stands for one value.
fn unique_names<'a>(mut names: impl Iterator<Item = &'a str>) -> Result<(), LoadError> {
    let mut seen = Names::default();
    match names.find(|name| !seen.insert(name, ())) {
        Some(name) => Err(LoadError::Duplicate { value: name.to_owned() }),
        None => Ok(()),
    }
}

fn at(node: &Node<'_>, fault: Fault) -> LoadError {
    let domain = if node.domain.is_empty() { String::new() } else { format!("{}.", node.domain) };
    let first = node.outputs.first().copied().unwrap_or_default();
    let name = if node.name.is_empty() { first } else { node.name };
    LoadError::Node { operator: domain + node.operator, node: name.to_owned(), fault }
}

fn value(name: &str, fault: Fault) -> LoadError {
    LoadError::Value { name: name.to_owned(), fault }
}
