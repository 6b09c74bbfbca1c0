//! The largest and the mean under a window, and of whole pictures.
use crate::error::Fault;
use crate::kernel::{Inputs, Kernel};
use crate::model::Planner;
use crate::ops::arithmetic::larger;
use crate::ops::window::{Windows, list};
use crate::tensor::{DType, Data, elements};

struct Pooling {
    windows: Windows,
    largest: bool,
    /// Whether the edges count for a mean.
    edges: bool,
}

impl Pooling {
    fn of(&self, picture: &[f32], row: usize, column: usize) -> f32 {
        let [rows, columns] = &self.windows.slides;
        let (mut most, mut sum, mut count) = (f32::NEG_INFINITY, 0.0_f64, 0_usize);
        for y in (0..rows.window).filter_map(|at| rows.element(row, at)) {
            for x in (0..columns.window).filter_map(|at| columns.element(column, at)) {
                let value = picture.get(y * columns.size + x).copied().unwrap_or(0.0);
                most = if count == 0 { value } else { larger(most, value) };
                sum += f64::from(value);
                count += 1;
            }
        }
        if self.largest {
            return most;
        }
        let count = if self.edges { rows.padded(row) * columns.padded(column) } else { count };
        (sum / count as f64) as f32
    }
}

impl Kernel for Pooling {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let (x, Some(out)) = (inputs.floats(0), outputs.first_mut().map(Data::floats_mut)) else { return };
        let [rows, columns] = &self.windows.slides;
        let pictures = x.chunks_exact(self.windows.picture());
        for (picture, out) in pictures.zip(out.chunks_exact_mut(rows.places * columns.places)) {
            for (place, out) in out.iter_mut().enumerate() {
                *out = self.of(picture, place / columns.places, place % columns.places);
            }
        }
    }
}

pub(crate) fn plan(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let x = planner.floats(0)?;
    let &[batch, channels, ref picture @ ..] = &x.shape[..] else {
        return Err(Fault::shape("pictures with channels", &x.shape));
    };
    if planner.node.integers("kernel_shape").is_none() {
        let (expected, found) = ("a size for each dimension", "none".to_owned());
        return Err(Fault::Attribute { attribute: "kernel_shape", expected, found }.into());
    }
    if planner.node.integer("storage_order", 0) != 0 {
        return Err(Fault::Attribute { attribute: "storage_order", expected: "0", found: "1".to_owned() }.into());
    }
    let window = list(planner, "kernel_shape", picture.len(), 1)?;
    let windows = Windows::of(planner, picture, &window)?;
    let shape = [&[batch, channels], windows.places().as_slice()].concat();
    let operations = (elements(&shape) as u64).saturating_mul(windows.window());
    let largest = planner.node.operator == "MaxPool";
    let edges = planner.node.integer("count_include_pad", 0) != 0;
    planner.emit(Pooling { windows, largest, edges }, &[Some(&x)], &[(DType::Float, &shape)], &[], operations)
}

struct Global {
    size: usize,
    largest: bool,
}

impl Kernel for Global {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let outputs = outputs.iter_mut().flat_map(Data::floats_mut);
        for (out, picture) in outputs.zip(inputs.floats(0).chunks_exact(self.size)) {
            *out = if self.largest {
                picture.iter().copied().reduce(larger).unwrap_or(0.0)
            } else {
                (picture.iter().fold(0.0, |sum, x| sum + f64::from(*x)) / self.size as f64) as f32
            };
        }
    }
}

pub(crate) fn plan_global(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let x = planner.floats(0)?;
    let &[batch, channels, ref picture @ ..] = &x.shape[..] else {
        return Err(Fault::shape("pictures with channels", &x.shape));
    };
    let size = elements(picture);
    if size == 0 {
        return Err(Fault::shape("pictures with elements", &x.shape));
    }
    let mut shape = vec![batch, channels];
    shape.resize(x.shape.len(), 1);
    let largest = planner.node.operator == "GlobalMaxPool";
    let operations = elements(&x.shape) as u64;
    planner.emit(Global { size, largest }, &[Some(&x)], &[(DType::Float, &shape)], &[], operations)
}
