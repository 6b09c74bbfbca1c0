//! Convolution, over rows and pictures.
use palaestra_math::dot;

use crate::error::Fault;
use crate::kernel::{Inputs, Kernel};
use crate::model::Planner;
use crate::ops::window::{Windows, list};
use crate::show::show;
use crate::tensor::{DType, Data, elements};

struct Convolution {
    windows: Windows,
    groups: usize,
    /// Channels of the input and of the output, in each group.
    channels: usize,
    filters: usize,
}

impl Convolution {
    /// Copies what lies under the window in a place, channel by channel.
    fn patch(&self, x: &[f32], place: usize, patch: &mut [f32]) {
        let [rows, columns] = &self.windows.slides;
        let (row, column) = (place / columns.places, place % columns.places);
        let mut patch = patch.iter_mut();
        for channel in x.chunks_exact(self.windows.picture()) {
            for y in 0..rows.window {
                let line = rows.element(row, y).and_then(|y| channel.get(y * columns.size..(y + 1) * columns.size));
                for (x, out) in (0..columns.window).zip(patch.by_ref()) {
                    let element = line.zip(columns.element(column, x));
                    *out = element.and_then(|(line, x)| line.get(x)).copied().unwrap_or(0.0);
                }
            }
        }
    }
}

impl Kernel for Convolution {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let ((x, weights, biases), [out, patch]) = ((inputs.floats(0), inputs.floats(1), inputs.floats(2)), outputs)
        else {
            return;
        };
        let (out, patch) = (out.floats_mut(), patch.floats_mut());
        let places: usize = self.windows.slides.iter().map(|slide| slide.places).product();
        let pictures = x.chunks_exact(self.channels * self.windows.picture());
        for (number, (x, out)) in pictures.zip(out.chunks_exact_mut(self.filters * places)).enumerate() {
            let first = number % self.groups * self.filters;
            let weights = &weights[first * patch.len()..];
            for place in 0..places {
                self.patch(x, place, patch);
                for (filter, weights) in weights.chunks_exact(patch.len()).take(self.filters).enumerate() {
                    let bias = biases.get(first + filter).copied().unwrap_or(0.0);
                    out[filter * places + place] = dot(weights, patch) + bias;
                }
            }
        }
    }
}

pub(crate) fn plan(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let (x, weights, bias) = (planner.floats(0)?, planner.floats(1)?, planner.optional_floats(2)?);
    let groups = usize::try_from(planner.node.integer("group", 1)).unwrap_or(0);
    let mismatch = || {
        Fault::shapes(
            &format!("pictures and filters with channels of {groups} groups, and a bias for each filter"),
            &[&x.shape, &weights.shape, bias.as_ref().map_or(&[], |bias| &bias.shape)],
        )
    };
    let (&[batch, all_channels, ref picture @ ..], &[all_filters, channels, ref window @ ..]) =
        (&x.shape[..], &weights.shape[..])
    else {
        return Err(mismatch());
    };
    if groups == 0
        || [batch, channels, all_filters].contains(&0)
        || channels.checked_mul(groups) != Some(all_channels)
        || all_filters % groups != 0
        || bias.as_ref().is_some_and(|bias| bias.shape != [all_filters])
    {
        return Err(mismatch());
    }
    let written = list(planner, "kernel_shape", window.len(), 1)?;
    if planner.node.integers("kernel_shape").is_some() && written != window {
        let (expected, found) = ("the filters' own size", show(&written));
        return Err(Fault::Attribute { attribute: "kernel_shape", expected, found }.into());
    }
    let windows = Windows::of(planner, picture, window)?;
    let shape = [&[batch, all_filters], windows.places().as_slice()].concat();
    let patch = channels.saturating_mul(elements(window));
    let operations = (elements(&shape) as u64).saturating_mul(patch as u64);
    let kernel = Convolution { windows, groups, channels, filters: all_filters / groups };
    planner.emit(kernel, &[Some(&x), Some(&weights), bias.as_ref()], &[(DType::Float, &shape)], &[patch], operations)
}
