//! Normalisation: by statistics of the training, and of the layer.
use crate::error::Fault;
use crate::kernel::{Inputs, Kernel};
use crate::model::Planner;
use crate::ops::map::{Map, broadcast_shape, stretch};
use crate::show::show;
use crate::tensor::{DType, Data, axis_of, elements};

struct Batch {
    epsilon: f32,
    /// Elements of a channel.
    size: usize,
}

impl Kernel for Batch {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let [x, scale, bias, mean, variance] = [0, 1, 2, 3, 4].map(|index| inputs.floats(index));
        let Some(out) = outputs.first_mut().map(Data::floats_mut) else { return };
        let channels = x.chunks_exact(self.size).zip(out.chunks_exact_mut(self.size));
        for (number, (x, out)) in channels.enumerate() {
            let channel = number % scale.len();
            let factor = f64::from(scale[channel]) / (f64::from(variance[channel]) + f64::from(self.epsilon)).sqrt();
            let (mean, bias) = (f64::from(mean[channel]), f64::from(bias[channel]));
            out.iter_mut().zip(x).for_each(|(out, x)| *out = ((f64::from(*x) - mean) * factor + bias) as f32);
        }
    }
}

pub(crate) fn plan_batch(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let x = planner.floats(0)?;
    if planner.node.integer("training_mode", 0) != 0 {
        return Err(Fault::Attribute { attribute: "training_mode", expected: "0", found: "1".to_owned() }.into());
    }
    let channels = x.shape.get(1).copied().unwrap_or(1);
    let mut statistics = Vec::new();
    for index in 1..5 {
        let source = planner.floats(index)?;
        if source.shape != [channels] {
            return Err(Fault::Shape { expected: show(&[channels]), found: show(&source.shape) }.into());
        }
        statistics.push(source);
    }
    let [scale, bias, mean, variance] = &statistics[..] else { return Err(Fault::MissingInput { index: 4 }.into()) };
    let kernel =
        Batch { epsilon: planner.node.float("epsilon", 1e-5)?, size: elements(x.shape.get(2..).unwrap_or_default()) };
    let inputs = [Some(&x), Some(scale), Some(bias), Some(mean), Some(variance)];
    if elements(&x.shape) == 0 {
        return Err(Fault::shape("elements", &x.shape));
    }
    planner.emit(kernel, &inputs, &[(DType::Float, &x.shape)], &[], 4 * elements(&x.shape) as u64)
}

struct Layer {
    epsilon: f32,
    /// Elements that are normalised together.
    size: usize,
    scale: Map,
    bias: Option<Map>,
}

impl Kernel for Layer {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let [x, scale, bias] = [0, 1, 2].map(|index| inputs.floats(index));
        let Some(out) = outputs.first_mut().map(Data::floats_mut) else { return };
        for (x, out) in x.chunks_exact(self.size).zip(out.chunks_exact_mut(self.size)) {
            let mean = x.iter().fold(0.0, |sum, x| sum + f64::from(*x)) / self.size as f64;
            let spread = |x: &f32| (f64::from(*x) - mean) * (f64::from(*x) - mean);
            let variance = x.iter().fold(0.0, |sum, x| sum + spread(x)) / self.size as f64;
            let factor = 1.0 / (variance + f64::from(self.epsilon)).sqrt();
            for (index, (out, x)) in out.iter_mut().zip(x).enumerate() {
                let bias = self.bias.as_ref().map_or(0.0, |map| f64::from(bias[map.at(index)]));
                *out = ((f64::from(*x) - mean) * factor * f64::from(scale[self.scale.at(index)]) + bias) as f32;
            }
        }
    }
}

pub(crate) fn plan_layer(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let (x, scale, bias) = (planner.floats(0)?, planner.floats(1)?, planner.optional_floats(2)?);
    let axis = axis_of(planner.node.integer("axis", -1), x.shape.len())?;
    let normalised = &x.shape[axis..];
    for weights in [Some(&scale), bias.as_ref()].into_iter().flatten() {
        if broadcast_shape(&[&weights.shape, normalised])? != normalised {
            return Err(Fault::Shape { expected: show(normalised), found: show(&weights.shape) }.into());
        }
    }
    let kernel = Layer {
        epsilon: planner.node.float("epsilon", 1e-5)?,
        size: elements(normalised).max(1),
        scale: stretch(planner, &scale.shape, normalised)?,
        bias: bias.as_ref().map(|bias| stretch(planner, &bias.shape, normalised)).transpose()?,
    };
    let operations = 6 * elements(&x.shape) as u64;
    planner.emit(kernel, &[Some(&x), Some(&scale), bias.as_ref()], &[(DType::Float, &x.shape)], &[], operations)
}
