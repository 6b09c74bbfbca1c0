//! Softmax and its logarithm, in double precision within.
use palaestra_math as math;

use crate::error::Fault;
use crate::kernel::{Inputs, Kernel};
use crate::model::Planner;
use crate::ops::arithmetic::larger;
use crate::ops::map::groups;
use crate::tensor::{DType, Data, axis_of, elements};

struct Softmax {
    /// The elements of each group, one after another.
    table: Vec<u32>,
    size: usize,
    log: bool,
}

impl Kernel for Softmax {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let (x, Some(out)) = (inputs.floats(0), outputs.first_mut().map(Data::floats_mut)) else { return };
        for places in self.table.chunks_exact(self.size) {
            let places = || places.iter().map(|place| *place as usize);
            let most = f64::from(places().map(|place| x[place]).reduce(larger).unwrap_or(0.0));
            let power = |place: usize| math::exp(f64::from(x[place]) - most);
            let sum = places().fold(0.0, |sum, place| sum + power(place));
            let log = math::ln(sum);
            for place in places() {
                let value = if self.log { (f64::from(x[place]) - most) - log } else { power(place) / sum };
                out[place] = value as f32;
            }
        }
    }
}

pub(crate) fn plan(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let x = planner.floats(0)?;
    let rank = x.shape.len();
    /// From this operator set on one axis is meant; before, it and all after it.
    const ONE_AXIS_FROM: i64 = 13;
    let one_axis = planner.version >= ONE_AXIS_FROM;
    let axis = axis_of(planner.node.integer("axis", if one_axis { -1 } else { 1 }), rank)?;
    let along: Vec<bool> = (0..rank).map(|at| at == axis || (!one_axis && at > axis)).collect();
    let table = groups(planner, &x.shape, &along)?;
    let sizes = x.shape.iter().zip(&along).filter(|(_, along)| **along).map(|(size, _)| *size);
    let size = sizes.product::<usize>().max(1);
    let log = planner.node.operator == "LogSoftmax";
    let operations = 32 * elements(&x.shape) as u64;
    planner.emit(Softmax { table, size, log }, &[Some(&x)], &[(DType::Float, &x.shape)], &[], operations)
}
