//! LSTM and GRU cells, forward in time, with ONNX's default activations. Gates lie as in the file: an LSTM's input, output,
//! forget and cell gate; a GRU's update, reset and hidden gate.
use crate::error::Fault;
use crate::kernel::{Inputs, Kernel};
use crate::model::{Planner, Source};
use crate::ops::elementwise::{sigmoid, tanh};
use crate::ops::rows::rows_times;
use crate::show::show;
use crate::tensor::{DType, Data};

/// The sizes that both kinds have.
struct Sizes {
    steps: usize,
    batch: usize,
    features: usize,
    hidden: usize,
}

/// The inputs by their numbers.
mod input {
    pub(super) const X: usize = 0;
    pub(super) const WEIGHTS: usize = 1;
    pub(super) const RECURRENT: usize = 2;
    pub(super) const BIAS: usize = 3;
    pub(super) const HIDDEN: usize = 5;
    pub(super) const CELL: usize = 6;
}

impl Sizes {
    /// Adds a bias, if there is one, to the gates.
    fn add(gates: &mut [f32], bias: &[f32]) {
        gates.iter_mut().zip(bias).for_each(|(gate, bias)| *gate += bias);
    }

    /// The bias of the inputs and that of the hidden state.
    fn biases<'s>(&self, inputs: &Inputs<'s>, gates: usize) -> (&'s [f32], &'s [f32]) {
        let bias = inputs.floats(input::BIAS);
        bias.split_at_checked(gates * self.hidden).unwrap_or_default()
    }

    /// The state that the first step begins with: the input's, or zeros.
    fn begin(state: &mut [f32], given: &[f32]) {
        state.fill(0.0);
        state.iter_mut().zip(given).for_each(|(state, given)| *state = *given);
    }
}

struct Lstm(Sizes);

impl Kernel for Lstm {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let Sizes { batch, features, hidden: size, .. } = self.0;
        let [all, hidden, cell, from_x, from_h] = outputs else { return };
        let [all, hidden, cell] = [all, hidden, cell].map(Data::floats_mut);
        let (from_x, from_h) = (from_x.floats_mut(), from_h.floats_mut());
        let (weights, recurrent) = (inputs.floats(input::WEIGHTS), inputs.floats(input::RECURRENT));
        let (x_bias, h_bias) = self.0.biases(inputs, 4);
        Sizes::begin(hidden, inputs.floats(input::HIDDEN));
        Sizes::begin(cell, inputs.floats(input::CELL));
        for (number, x) in inputs.floats(input::X).chunks_exact(features).enumerate() {
            let own = number % batch * size..(number % batch + 1) * size;
            let (hidden, cell) = (&mut hidden[own.clone()], &mut cell[own]);
            rows_times(weights, x, from_x);
            Sizes::add(from_x, x_bias);
            rows_times(recurrent, hidden, from_h);
            Sizes::add(from_h, h_bias);
            let gate = |gate: usize, unit: usize| from_x[gate * size + unit] + from_h[gate * size + unit];
            for (unit, (hidden, cell)) in hidden.iter_mut().zip(cell).enumerate() {
                let (write, read, keep) = (sigmoid(gate(0, unit)), sigmoid(gate(1, unit)), sigmoid(gate(2, unit)));
                *cell = keep * *cell + write * tanh(gate(3, unit));
                *hidden = read * tanh(*cell);
            }
            all[number * size..(number + 1) * size].copy_from_slice(hidden);
        }
    }
}

struct Gru {
    sizes: Sizes,
    /// Whether the reset gate comes after the hidden state's weights, as in PyTorch.
    linear_before_reset: bool,
}

impl Kernel for Gru {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let Sizes { batch, features, hidden: size, .. } = self.sizes;
        let [all, hidden, from_x, from_h, reset] = outputs else { return };
        let [all, hidden, from_x] = [all, hidden, from_x].map(Data::floats_mut);
        let (from_h, reset) = (from_h.floats_mut(), reset.floats_mut());
        let (weights, recurrent) = (inputs.floats(input::WEIGHTS), inputs.floats(input::RECURRENT));
        let (x_bias, h_bias) = self.sizes.biases(inputs, 3);
        Sizes::begin(hidden, inputs.floats(input::HIDDEN));
        for (number, x) in inputs.floats(input::X).chunks_exact(features).enumerate() {
            let hidden = &mut hidden[number % batch * size..][..size];
            rows_times(weights, x, from_x);
            Sizes::add(from_x, x_bias);
            rows_times(recurrent, hidden, from_h);
            Sizes::add(from_h, h_bias);
            for (unit, reset) in reset.iter_mut().enumerate() {
                *reset = sigmoid(from_x[size + unit] + from_h[size + unit]);
            }
            let candidates = &mut from_h[2 * size..];
            if self.linear_before_reset {
                candidates.iter_mut().zip(&*reset).for_each(|(candidate, reset)| *candidate *= reset);
            } else {
                reset.iter_mut().zip(&*hidden).for_each(|(reset, hidden)| *reset *= hidden);
                rows_times(&recurrent[2 * size * size..], reset, candidates);
                Sizes::add(candidates, h_bias.get(2 * size..).unwrap_or_default());
            }
            for (unit, hidden) in hidden.iter_mut().enumerate() {
                let keep = sigmoid(from_x[unit] + from_h[unit]);
                let candidate = tanh(from_x[2 * size + unit] + from_h[2 * size + unit]);
                *hidden = (1.0 - keep) * candidate + keep * *hidden;
            }
            all[number * size..(number + 1) * size].copy_from_slice(hidden);
        }
    }
}

/// Checks what both kinds have, and gives the sizes and the inputs that there are.
fn check(
    planner: &Planner<'_, '_>,
    gates: usize,
    activations: &[&str],
) -> Result<(Sizes, [Option<Source>; 7]), Box<Fault>> {
    let node = planner.node;
    let attribute = |attribute, expected, found: String| Err(Fault::Attribute { attribute, expected, found }.into());
    let direction = node.text("direction", "forward");
    if direction != "forward" {
        return attribute("direction", "forward", direction);
    }
    if node.integer("layout", 0) != 0 {
        return attribute("layout", "0, time first", "1".to_owned());
    }
    if node.integer("input_forget", 0) != 0 {
        return attribute("input_forget", "0", "1".to_owned());
    }
    if node.attribute("clip").is_some() {
        return attribute("clip", "no clipping", "some".to_owned());
    }
    if let Some(found) = node.attribute("activations") {
        let found: Vec<_> =
            found.texts.iter().map(|text| std::str::from_utf8(text).unwrap_or("?").to_ascii_lowercase()).collect();
        if found != activations {
            return attribute("activations", "ONNX's defaults", found.join(", "));
        }
    }
    let mut sources: [Option<Source>; 7] = Default::default();
    for index in [input::X, input::WEIGHTS, input::RECURRENT] {
        sources[index] = Some(planner.floats(index)?);
    }
    for index in [input::BIAS, input::HIDDEN, input::CELL] {
        sources[index] = planner.optional_floats(index)?;
    }
    let shape = |index: usize| sources[index].as_ref().map_or(&[][..], |source: &Source| &source.shape);
    let wrong = |expected: &str, index: usize| {
        Err(Fault::Shape { expected: expected.to_owned(), found: format!("{} as input {index}", show(shape(index))) }
            .into())
    };
    let &[steps, batch, features] = shape(input::X) else {
        return wrong("inputs of time, batch and features", input::X);
    };
    let &[1, _, hidden] = shape(input::RECURRENT) else {
        return wrong("weights for one direction", input::RECURRENT);
    };
    if [steps, batch, features, hidden].contains(&0) {
        return wrong("sizes of at least 1", input::X);
    }
    let written = node.integer("hidden_size", hidden as i64);
    if written != hidden as i64 {
        return attribute("hidden_size", "the weights' own", written.to_string());
    }
    let rows = gates * hidden;
    let needed = [
        (input::WEIGHTS, vec![1, rows, features]),
        (input::RECURRENT, vec![1, rows, hidden]),
        (input::BIAS, vec![1, 2 * rows]),
        (input::HIDDEN, vec![1, batch, hidden]),
        (input::CELL, vec![1, batch, hidden]),
    ];
    for (index, needed) in needed {
        if sources[index].as_ref().is_some_and(|source| source.shape != needed) {
            return wrong(&show(&needed), index);
        }
    }
    if let Some(lengths) = planner.optional(4)?.filter(|lengths| lengths.shape != [batch]) {
        let found = format!("{} as input 4", show(&lengths.shape));
        return Err(Fault::Shape { expected: show(&[batch]), found }.into());
    }
    // Lengths of sequences: with all of full length they change nothing, so only that can be said when loading.
    if planner.known_integers(4)?.is_some_and(|lengths| lengths.iter().any(|len| *len != steps as i64)) {
        return Err(
            Fault::Shape { expected: format!("sequences of {steps} steps"), found: "shorter ones".to_owned() }.into()
        );
    }
    if planner.optional(7)?.is_some() {
        return Err(Fault::Shape { expected: "no peepholes".to_owned(), found: "some".to_owned() }.into());
    }
    Ok((Sizes { steps, batch, features, hidden }, sources))
}

fn plan(planner: &mut Planner<'_, '_>, gates: usize) -> Result<(), Box<Fault>> {
    let lstm = gates == 4;
    let activations: &[&str] = if lstm { &["sigmoid", "tanh", "tanh"] } else { &["sigmoid", "tanh"] };
    let (sizes, mut sources) = check(planner, gates, activations)?;
    let Sizes { steps, batch, features, hidden } = sizes;
    if !lstm {
        sources[input::CELL] = None;
    }
    let (all, last) = ([steps, 1, batch, hidden], [1, batch, hidden]);
    let inputs: Vec<Option<&Source>> = sources.iter().map(Option::as_ref).collect();
    let products = ((gates * hidden) as u64).saturating_mul((features + hidden) as u64 + 8);
    let operations = products.saturating_mul((steps * batch) as u64);
    let rows = gates * hidden;
    let (all, last) = ((DType::Float, &all[..]), (DType::Float, &last[..]));
    if lstm {
        return planner.emit(Lstm(sizes), &inputs, &[all, last, last], &[rows, rows], operations);
    }
    let linear_before_reset = planner.node.integer("linear_before_reset", 0) != 0;
    planner.emit(Gru { sizes, linear_before_reset }, &inputs, &[all, last], &[rows, rows, hidden], operations)
}

pub(crate) fn plan_lstm(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    plan(planner, 4)
}

pub(crate) fn plan_gru(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    plan(planner, 3)
}
