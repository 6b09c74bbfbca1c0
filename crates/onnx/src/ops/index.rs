//! Operators that look up: rows of a table, and numbers as one-hot vectors. An index outside is counted from the end if it is
//! negative, and else taken for the nearest there is.
use crate::error::Fault;
use crate::kernel::{Inputs, Kernel};
use crate::model::Planner;
use crate::ops::map::groups;
use crate::show::show;
use crate::tensor::{DType, Data, axis_of, elements, strides};

/// The place that an index means among `size`.
fn place(index: i64, size: usize) -> usize {
    let from_front = if index < 0 { index.saturating_add(size as i64) } else { index };
    from_front.clamp(0, size.saturating_sub(1) as i64) as usize
}

struct Gather {
    /// Elements of the axis.
    size: usize,
    /// Elements after it.
    inner: usize,
}

impl Gather {
    fn run_on<T: Copy>(&self, from: &[T], indices: &[i64], out: &mut [T]) {
        let rows = from.chunks_exact(self.size * self.inner);
        for (from, out) in rows.zip(out.chunks_exact_mut((indices.len() * self.inner).max(1))) {
            for (index, out) in indices.iter().zip(out.chunks_exact_mut(self.inner)) {
                let start = place(*index, self.size) * self.inner;
                out.copy_from_slice(&from[start..start + self.inner]);
            }
        }
    }
}

impl Kernel for Gather {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let ([out], indices) = (outputs, inputs.integers(1)) else { return };
        match (inputs.get(0), out) {
            (Some(Data::Float(x)), Data::Float(out)) => self.run_on(x, indices, out),
            (Some(Data::Integer(x)), Data::Integer(out)) => self.run_on(x, indices, out),
            _ => {}
        }
    }
}

pub(crate) fn plan_gather(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let (x, indices) = (planner.input(0)?, planner.integers(1)?);
    let axis = axis_of(planner.node.integer("axis", 0), x.shape.len())?;
    if elements(&x.shape) == 0 {
        return Err(Fault::shape("something to choose from", &x.shape));
    }
    let shape = [&x.shape[..axis], &indices.shape, &x.shape[axis + 1..]].concat();
    let kernel = Gather { size: x.shape[axis], inner: elements(&x.shape[axis + 1..]) };
    let operations = elements(&shape) as u64;
    planner.emit(kernel, &[Some(&x), Some(&indices)], &[(x.dtype, &shape)], &[], operations)
}

/// Each output's element from its own place along the axis.
struct GatherElements {
    /// The place of each output's element with its axis at 0.
    bases: Vec<u32>,
    size: usize,
    stride: usize,
}

impl GatherElements {
    fn run_on<T: Copy>(&self, from: &[T], indices: &[i64], out: &mut [T]) {
        for ((base, index), out) in self.bases.iter().zip(indices).zip(out) {
            *out = from[*base as usize + place(*index, self.size) * self.stride];
        }
    }
}

impl Kernel for GatherElements {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let ([out], indices) = (outputs, inputs.integers(1)) else { return };
        match (inputs.get(0), out) {
            (Some(Data::Float(x)), Data::Float(out)) => self.run_on(x, indices, out),
            (Some(Data::Integer(x)), Data::Integer(out)) => self.run_on(x, indices, out),
            _ => {}
        }
    }
}

pub(crate) fn plan_gather_elements(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let (x, indices) = (planner.input(0)?, planner.integers(1)?);
    let axis = axis_of(planner.node.integer("axis", 0), x.shape.len())?;
    let fits = |(other, (index, size)): (usize, (&usize, &usize))| other == axis || index <= size;
    let pairs = indices.shape.iter().zip(&x.shape).enumerate();
    if indices.shape.len() != x.shape.len() || elements(&x.shape) == 0 || !pairs.into_iter().all(fits) {
        return Err(Fault::shape(&format!("indices within {}", show(&x.shape)), &indices.shape));
    }
    let from = strides(&x.shape);
    let steps: Vec<isize> = (0..from.len()).map(|at| if at == axis { 0 } else { from[at] as isize }).collect();
    let bases = crate::ops::map::walk(planner, &indices.shape, &steps, 0)?;
    let kernel = GatherElements { bases, size: x.shape[axis], stride: from[axis] };
    let operations = elements(&indices.shape) as u64;
    planner.emit(kernel, &[Some(&x), Some(&indices)], &[(x.dtype, &indices.shape)], &[], operations)
}

/// Zeros, and a one where the index says; none where it is outside.
struct OneHot {
    /// The places of each index's elements, one after another.
    table: Vec<u32>,
    depth: usize,
}

impl OneHot {
    fn run_on<T: Copy>(&self, indices: impl Iterator<Item = i64>, values: &[T], out: &mut [T]) {
        let [off, on] = values else { return };
        for (index, places) in indices.zip(self.table.chunks_exact(self.depth)) {
            let index = if index < 0 { index.saturating_add(self.depth as i64) } else { index };
            for (number, place) in places.iter().enumerate() {
                out[*place as usize] = if number as i64 == index { *on } else { *off };
            }
        }
    }
}

impl Kernel for OneHot {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let ([out], Some(indices)) = (outputs, inputs.get(0)) else { return };
        // Exporters give integers, or floats that are whole.
        let (floats, integers) = (indices.floats().iter().map(|x| *x as i64), indices.integers().iter().copied());
        let indices = floats.chain(integers);
        match (inputs.get(2), out) {
            (Some(Data::Float(values)), Data::Float(out)) => self.run_on(indices, values, out),
            (Some(Data::Integer(values)), Data::Integer(out)) => self.run_on(indices, values, out),
            _ => {}
        }
    }
}

pub(crate) fn plan_one_hot(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let (indices, values) = (planner.input(0)?, planner.input(2)?);
    if indices.dtype == DType::Bool {
        return Err(Fault::ElementType { expected: "numbers", found: "bool".to_owned() }.into());
    }
    let depth = match planner.known(1)? {
        Some(Data::Integer(depth)) if depth.len() == 1 => depth[0],
        Some(Data::Float(depth)) if depth.len() == 1 => depth[0] as i64,
        _ => 0,
    };
    let depth = usize::try_from(depth).ok().filter(|depth| *depth > 0 && *depth < 1 << 24);
    let wrong = |expected: &str, found: String| Box::new(Fault::Shape { expected: expected.to_owned(), found });
    let depth = depth.ok_or_else(|| wrong("a depth of at least 1", "another".to_owned()))?;
    if elements(&values.shape) != 2 {
        return Err(wrong("two values", show(&values.shape)));
    }
    let axis = axis_of(planner.node.integer("axis", -1), indices.shape.len() + 1)?;
    let mut shape = indices.shape.clone();
    shape.insert(axis, depth);
    crate::tensor::bounded(&shape)?;
    let along: Vec<bool> = (0..shape.len()).map(|at| at == axis).collect();
    let table = groups(planner, &shape, &along)?;
    let operations = elements(&shape) as u64;
    let inputs = [Some(&indices), None, Some(&values)];
    planner.emit(OneHot { table, depth }, &inputs, &[(values.dtype, &shape)], &[], operations)
}
