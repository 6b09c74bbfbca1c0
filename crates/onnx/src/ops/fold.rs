//! The place of the largest and the smallest.
use crate::error::Fault;
use crate::kernel::{Inputs, Kernel};
use crate::model::Planner;
use crate::ops::map::groups;
use crate::tensor::{DType, Data, axis_of, elements};

struct Arg {
    /// The elements of each group, one after another.
    table: Vec<u32>,
    size: usize,
    largest: bool,
    last: bool,
}

impl Arg {
    fn run_on<T: PartialOrd>(&self, x: &[T], out: &mut [i64]) {
        for (out, places) in out.iter_mut().zip(self.table.chunks_exact(self.size)) {
            let mut best = 0;
            for at in 1..places.len() {
                let (old, new) = (&x[places[best] as usize], &x[places[at] as usize]);
                let better = if self.largest { new > old } else { new < old };
                // A NaN is never better, and anything is better than a NaN.
                if better
                    || (self.last && new == old)
                    || (old.partial_cmp(old).is_none() && new.partial_cmp(new).is_some())
                {
                    best = at;
                }
            }
            *out = best as i64;
        }
    }
}

impl Kernel for Arg {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let Some(out) = outputs.first_mut().map(Data::integers_mut) else { return };
        match inputs.get(0) {
            Some(Data::Float(x)) => self.run_on(x, out),
            Some(Data::Integer(x)) => self.run_on(x, out),
            _ => {}
        }
    }
}

pub(crate) fn plan_arg(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let x = planner.input(0)?;
    if x.dtype == DType::Bool {
        return Err(Fault::ElementType { expected: "numbers", found: "bool".to_owned() }.into());
    }
    let axis = axis_of(planner.node.integer("axis", 0), x.shape.len())?;
    if elements(&x.shape) == 0 {
        return Err(Fault::shape("something to choose from", &x.shape));
    }
    let along: Vec<bool> = (0..x.shape.len()).map(|at| at == axis).collect();
    let table = groups(planner, &x.shape, &along)?;
    let mut shape = x.shape.clone();
    if planner.node.integer("keepdims", 1) != 0 {
        shape[axis] = 1
    } else {
        _ = shape.remove(axis)
    }
    let kernel = Arg {
        table,
        size: x.shape[axis],
        largest: planner.node.operator == "ArgMax",
        last: planner.node.integer("select_last_index", 0) != 0,
    };
    planner.emit(kernel, &[Some(&x)], &[(DType::Int64, &shape)], &[], elements(&x.shape) as u64)
}
