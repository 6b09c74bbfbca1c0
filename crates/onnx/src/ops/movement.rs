//! Operators whose output's elements are the input's, in another order or number.
use crate::error::Fault;
use crate::kernel::{Inputs, Kernel};
use crate::model::{Planner, Source};
use crate::ops::map::{Map, broadcast_shape, stretch, walk};
use crate::show::show;
use crate::tensor::{Data, axis_of, bounded, different, elements, shape_of, strides};

/// Element after element from the places in a table.
struct Take(Vec<u32>);

impl Kernel for Take {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let ([out], Some(input)) = (outputs, inputs.get(0)) else { return };
        match (input, out) {
            (Data::Float(x), Data::Float(out)) => take(&self.0, x, out),
            (Data::Integer(x), Data::Integer(out)) => take(&self.0, x, out),
            _ => {}
        }
    }
}

fn take<T: Copy>(table: &[u32], from: &[T], out: &mut [T]) {
    out.iter_mut().zip(table).for_each(|(out, place)| *out = from[*place as usize]);
}

fn emit(planner: &mut Planner<'_, '_>, x: &Source, table: Vec<u32>, shape: &[usize]) -> Result<(), Box<Fault>> {
    let operations = table.len() as u64;
    planner.emit(Take(table), &[Some(x)], &[(x.dtype, shape)], &[], operations)
}

pub(crate) fn plan_transpose(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let x = planner.input(0)?;
    let rank = x.shape.len();
    let order: Vec<usize> = match planner.node.integers("perm") {
        Some(order) => order.iter().map(|axis| axis_of(*axis, rank)).collect::<Result<_, _>>()?,
        None => (0..rank).rev().collect(),
    };
    let mut seen = vec![false; rank];
    if order.len() != rank || order.iter().any(|axis| std::mem::replace(&mut seen[*axis], true)) {
        return Err(Fault::shape(&format!("an order of {rank} axes"), &order));
    }
    let shape: Vec<usize> = order.iter().map(|axis| x.shape[*axis]).collect();
    // Where only axes of size 1 change places, nothing moves.
    let long = |shape: &[usize]| shape.iter().copied().filter(|size| *size > 1).collect::<Vec<_>>();
    let moved: Vec<usize> = order.iter().copied().filter(|axis| x.shape[*axis] > 1).collect();
    if moved.is_sorted() && long(&shape) == long(&x.shape) {
        return planner.alias(&x, shape);
    }
    let from = strides(&x.shape);
    let steps: Vec<isize> = order.iter().map(|axis| from[*axis] as isize).collect();
    let table = walk(planner, &shape, &steps, 0)?;
    emit(planner, &x, table, &shape)
}

pub(crate) fn plan_expand(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let x = planner.input(0)?;
    let sizes = planner.known_integers(1)?.ok_or(Fault::MissingInput { index: 1 })?;
    let shape = broadcast_shape(&[&x.shape, &shape_of(&sizes)?])?;
    match stretch(planner, &x.shape, &shape)? {
        Map::Same => planner.alias(&x, shape),
        Map::One => {
            planner.reserve(elements(&shape))?;
            emit(planner, &x, vec![0; elements(&shape)], &shape)
        }
        Map::Table(table) => emit(planner, &x, table, &shape),
    }
}

pub(crate) fn plan_tile(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let x = planner.input(0)?;
    let repeats = shape_of(&planner.known_integers(1)?.ok_or(Fault::MissingInput { index: 1 })?)?;
    if repeats.len() != x.shape.len() || 2 * repeats.len() > crate::limits::MOST_DIMENSIONS {
        return Err(Fault::shape(&format!("{} repeats", x.shape.len()), &repeats));
    }
    // Each axis as two: how often, which does not move in the input, and the axis itself.
    let pairs = repeats.iter().zip(&x.shape).zip(strides(&x.shape));
    let (mut sizes, mut steps, mut shape) = (Vec::new(), Vec::new(), Vec::new());
    for ((times, size), stride) in pairs {
        sizes.extend([*times, *size]);
        steps.extend([0, stride as isize]);
        shape.push(times.saturating_mul(*size));
    }
    let table = walk(planner, &sizes, &steps, 0)?;
    emit(planner, &x, table, &shape)
}

pub(crate) fn plan_slice(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let x = planner.input(0)?;
    let list = |name: &str, index: usize| match planner.node.integers(name) {
        Some(list) => Ok(Some(list.to_vec())),
        None => planner.known_integers(index),
    };
    let starts = list("starts", 1)?.ok_or(Fault::MissingInput { index: 1 })?;
    let ends = list("ends", 2)?.ok_or(Fault::MissingInput { index: 2 })?;
    let axes = list("axes", 3)?.unwrap_or_else(|| (0..starts.len() as i64).collect());
    let steps = planner.known_integers(4)?.unwrap_or_else(|| vec![1; starts.len()]);
    if [ends.len(), axes.len(), steps.len()].iter().any(|len| *len != starts.len()) {
        let expected = format!("{} ends, axes and steps", starts.len());
        return Err(Fault::Shape { expected, found: show(&[ends.len(), axes.len(), steps.len()]) }.into());
    }
    let (mut shape, mut strides, mut first) = (x.shape.clone(), to_steps(&x.shape), 0);
    let mut cut = vec![false; x.shape.len()];
    for (((start, end), axis), step) in starts.iter().zip(&ends).zip(&axes).zip(&steps) {
        let axis = axis_of(*axis, x.shape.len())?;
        different(&mut cut, axis)?;
        let size = x.shape[axis] as i64;
        let from_front = |place: i64| if place < 0 { place.saturating_add(size) } else { place };
        let (start, end) = match step.signum() {
            1 => (from_front(*start).clamp(0, size), from_front(*end).clamp(0, size)),
            -1 => (from_front(*start).clamp(-1, size - 1), from_front(*end).clamp(-1, size - 1)),
            _ => return Err(Fault::Shape { expected: "steps that are not 0".to_owned(), found: show(&steps) }.into()),
        };
        let (span, stride) = ((end - start) * step.signum(), step.unsigned_abs() as i64);
        let stride = if stride < 0 { i64::MAX } else { stride };
        shape[axis] = if span <= 0 { 0 } else { ((span - 1) / stride + 1) as usize };
        first += start.max(0) as usize * strides[axis] as usize;
        // Of a single element nobody goes on; so the product below cannot overflow.
        strides[axis] = if shape[axis] > 1 { strides[axis] * *step as isize } else { 0 };
    }
    let table = walk(planner, &shape, &strides, first)?;
    emit(planner, &x, table, &shape)
}

fn to_steps(shape: &[usize]) -> Vec<isize> {
    strides(shape).iter().map(|stride| *stride as isize).collect()
}

/// Each output its own table.
struct Split(Vec<Vec<u32>>);

impl Kernel for Split {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        for (table, out) in self.0.iter().zip(outputs) {
            match (inputs.get(0), out) {
                (Some(Data::Float(x)), Data::Float(out)) => take(table, x, out),
                (Some(Data::Integer(x)), Data::Integer(out)) => take(table, x, out),
                _ => {}
            }
        }
    }
}

pub(crate) fn plan_split(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let x = planner.input(0)?;
    let axis = axis_of(planner.node.integer("axis", 0), x.shape.len())?;
    let (size, count) = (x.shape[axis], planner.node.outputs.len().max(1));
    let sizes = match planner.node.integers("split") {
        Some(sizes) => Some(sizes.to_vec()),
        None => planner.known_integers(1)?,
    };
    let sizes = match sizes {
        Some(sizes) => shape_of_any(&sizes)?,
        None => {
            // Alike, and the last one what is left.
            let each = size.div_ceil(count);
            (0..count).map(|index| each.min(size.saturating_sub(index * each))).collect()
        }
    };
    let total = sizes.iter().fold(0_usize, |sum, size| sum.saturating_add(*size));
    if sizes.len() != count || total != size {
        return Err(Fault::shape(&format!("{count} parts of {size} in all"), &sizes));
    }
    let steps = to_steps(&x.shape);
    let (mut tables, mut shapes, mut first) = (Vec::new(), Vec::new(), 0);
    for part in sizes {
        let mut shape = x.shape.clone();
        shape[axis] = part;
        tables.push(walk(planner, &shape, &steps, first * steps[axis] as usize)?);
        shapes.push(shape);
        first += part;
    }
    let outputs: Vec<_> = shapes.iter().map(|shape| (x.dtype, shape.as_slice())).collect();
    planner.emit(Split(tables), &[Some(&x)], &outputs, &[], elements(&x.shape) as u64)
}

/// Sizes without a limit of how many.
fn shape_of_any(sizes: &[i64]) -> Result<Vec<usize>, Box<Fault>> {
    let found = || Box::new(Fault::Shape { expected: "sizes of 0 and more".to_owned(), found: show(sizes) });
    sizes.iter().map(|size| usize::try_from(*size).ok()).collect::<Option<_>>().ok_or_else(found)
}

/// Row after row, a piece of each input.
struct Concat(Vec<usize>);

impl Concat {
    fn run_on<'s, T: Copy + 's>(&self, input: impl Fn(usize) -> &'s [T], out: &mut [T]) {
        let row: usize = self.0.iter().sum();
        let mut start = 0;
        for (number, len) in self.0.iter().enumerate().filter(|(_, len)| **len > 0) {
            let pieces = input(number).chunks_exact(*len);
            for (out, piece) in out.chunks_exact_mut(row).zip(pieces) {
                out[start..start + len].copy_from_slice(piece);
            }
            start += len;
        }
    }
}

impl Kernel for Concat {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        match outputs {
            [Data::Float(out)] => self.run_on(|index| inputs.floats(index), out),
            [Data::Integer(out)] => self.run_on(|index| inputs.integers(index), out),
            _ => {}
        }
    }
}

pub(crate) fn plan_concat(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let inputs = (0..planner.node.inputs.len().max(1)).map(|index| planner.input(index));
    let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
    let (dtype, mut shape) = (inputs[0].dtype, inputs[0].shape.clone());
    let axis = axis_of(planner.node.integer("axis", 0), shape.len())?;
    let mut along = 0_usize;
    for input in &inputs {
        let mut others = input.shape.clone();
        along = along.saturating_add(others.get(axis).copied().unwrap_or(0));
        others.get_mut(axis).into_iter().for_each(|size| *size = shape[axis]);
        if others != shape {
            return Err(Fault::shape(&format!("{} but for dimension {axis}", show(&shape)), &input.shape));
        }
        if input.dtype != dtype {
            return Err(Fault::ElementType { expected: "one type", found: input.dtype.name().to_owned() }.into());
        }
    }
    shape[axis] = along;
    let pieces = inputs.iter().map(|input| elements(&input.shape[axis..])).collect();
    let sources: Vec<_> = inputs.iter().map(Some).collect();
    planner.emit(Concat(pieces), &sources, &[(dtype, &shape)], &[], elements(&shape) as u64)
}

/// Elements at places, and one number elsewhere.
struct Pad {
    places: Vec<u32>,
    value: f32,
}

impl Kernel for Pad {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        for out in outputs.iter_mut().map(Data::floats_mut) {
            out.fill(self.value);
            self.places.iter().zip(inputs.floats(0)).for_each(|(place, x)| out[*place as usize] = *x);
        }
    }
}

pub(crate) fn plan_pad(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let x = planner.floats(0)?;
    let mode = planner.node.text("mode", "constant");
    if mode != "constant" {
        return Err(Fault::Attribute { attribute: "mode", expected: "constant", found: mode }.into());
    }
    let pads = match planner.node.integers("pads") {
        Some(pads) => pads.to_vec(),
        None => planner.known_integers(1)?.ok_or(Fault::MissingInput { index: 1 })?,
    };
    let value = match planner.node.attribute("value") {
        Some(_) => planner.node.float("value", 0.0)?,
        None => planner.known_float(2)?.unwrap_or(0.0),
    };
    let rank = x.shape.len();
    let pads = shape_of_any(&pads)?;
    if pads.len() != 2 * rank || planner.optional(3)?.is_some() {
        return Err(Fault::shape(&format!("{} pads, for all axes", 2 * rank), &pads));
    }
    let sizes = x.shape.iter().zip(&pads).zip(&pads[rank..]);
    let shape: Vec<usize> =
        sizes.map(|((size, before), after)| size.saturating_add(*before).saturating_add(*after)).collect();
    bounded(&shape)?;
    planner.reserve(elements(&shape))?;
    let steps = to_steps(&shape);
    let first = steps.iter().zip(&pads).map(|(step, before)| *step as usize * before).sum();
    let places = walk(planner, &x.shape, &steps, first)?;
    planner.emit(Pad { places, value }, &[Some(&x)], &[(x.dtype, &shape)], &[], elements(&shape) as u64)
}
