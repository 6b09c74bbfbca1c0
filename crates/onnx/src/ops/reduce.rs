//! Sums, means and extremes along axes. Sums are in double precision, in the order of the elements.
use palaestra_math as math;

use crate::error::Fault;
use crate::kernel::{Inputs, Kernel};
use crate::model::Planner;
use crate::ops::arithmetic::{larger, smaller};
use crate::ops::map::groups;
use crate::tensor::{DType, Data, axis_of, elements};

#[derive(Clone, Copy)]
enum Kind {
    Sum,
    Mean,
    Max,
    Min,
    Product,
    LogSumExp,
    L1,
    L2,
    SumSquare,
}

impl Kind {
    fn of(operator: &str) -> Option<Self> {
        Some(match operator {
            "ReduceSum" => Kind::Sum,
            "ReduceMean" => Kind::Mean,
            "ReduceMax" => Kind::Max,
            "ReduceMin" => Kind::Min,
            "ReduceProd" => Kind::Product,
            "ReduceLogSumExp" => Kind::LogSumExp,
            "ReduceL1" => Kind::L1,
            "ReduceL2" => Kind::L2,
            "ReduceSumSquare" => Kind::SumSquare,
            _ => return None,
        })
    }

    fn of_floats(self, values: impl Iterator<Item = f32> + Clone, count: usize) -> f32 {
        let sum = |f: fn(f64) -> f64| values.clone().fold(0.0, |sum, x| sum + f(f64::from(x)));
        match self {
            Kind::Sum => sum(|x| x) as f32,
            Kind::Mean => (sum(|x| x) / count as f64) as f32,
            Kind::Max => values.reduce(larger).unwrap_or(f32::NEG_INFINITY),
            Kind::Min => values.reduce(smaller).unwrap_or(f32::INFINITY),
            Kind::Product => values.fold(1.0, |product: f64, x| product * f64::from(x)) as f32,
            Kind::L1 => sum(f64::abs) as f32,
            Kind::L2 => sum(|x| x * x).sqrt() as f32,
            Kind::SumSquare => sum(|x| x * x) as f32,
            Kind::LogSumExp => {
                let most = values.clone().reduce(larger).unwrap_or(f32::NEG_INFINITY);
                if most.is_infinite() {
                    return most;
                }
                let most = f64::from(most);
                let sum = values.fold(0.0, |sum, x| sum + math::exp(f64::from(x) - most));
                (most + math::ln(sum)) as f32
            }
        }
    }

    fn of_integers(self, mut values: impl Iterator<Item = i64>, count: usize) -> i64 {
        match self {
            Kind::Max => values.max().unwrap_or(i64::MIN),
            Kind::Min => values.min().unwrap_or(i64::MAX),
            Kind::Product => values.fold(1, i64::wrapping_mul),
            Kind::Mean => values.fold(0, i64::wrapping_add).checked_div(count as i64).unwrap_or(0),
            Kind::L1 => values.fold(0, |sum: i64, x| sum.wrapping_add(x.wrapping_abs())),
            Kind::SumSquare => values.fold(0, |sum: i64, x| sum.wrapping_add(x.wrapping_mul(x))),
            _ => values.by_ref().fold(0, i64::wrapping_add),
        }
    }
}

struct Reduce {
    kind: Kind,
    /// The elements of each group, one after another.
    table: Vec<u32>,
    size: usize,
    dtype: DType,
}

impl Reduce {
    /// The places of the elements of group number `index`.
    fn group(&self, index: usize) -> impl Iterator<Item = usize> + Clone + '_ {
        self.table[index * self.size..(index + 1) * self.size].iter().map(|place| *place as usize)
    }
}

impl Kernel for Reduce {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        match (inputs.get(0), outputs) {
            (Some(Data::Float(x)), [Data::Float(out)]) => {
                for (index, out) in out.iter_mut().enumerate() {
                    *out = self.kind.of_floats(self.group(index).map(|place| x[place]), self.size);
                }
            }
            (Some(Data::Integer(x)), [Data::Integer(out)]) => {
                for (index, out) in out.iter_mut().enumerate() {
                    *out = self.dtype.wrap(self.kind.of_integers(self.group(index).map(|place| x[place]), self.size));
                }
            }
            _ => {}
        }
    }
}

pub(crate) fn plan(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let x = planner.input(0)?;
    let kind = Kind::of(planner.node.operator).ok_or(Fault::UnsupportedOperator)?;
    let inexact = matches!(kind, Kind::LogSumExp | Kind::L2) && x.dtype != DType::Float;
    if inexact || x.dtype == DType::Bool {
        return Err(Fault::ElementType { expected: "float", found: x.dtype.name().to_owned() }.into());
    }
    let rank = x.shape.len();
    let axes = planner.axes(1)?.filter(|axes| !axes.is_empty());
    // Then each element is a group of its own, which most operators leave as it is.
    let apart = axes.is_none() && planner.node.integer("noop_with_empty_axes", 0) != 0;
    if apart && !matches!(kind, Kind::L1 | Kind::L2 | Kind::SumSquare) {
        return planner.alias(&x, x.shape.clone());
    }
    let mut along = vec![axes.is_none() && !apart; rank];
    for axis in axes.into_iter().flatten() {
        along[axis_of(axis, rank)?] = true;
    }
    let keep = planner.node.integer("keepdims", 1) != 0;
    let sizes = x.shape.iter().zip(&along);
    let shape: Vec<usize> =
        sizes.filter_map(|(size, gone)| if *gone { keep.then_some(1) } else { Some(*size) }).collect();
    let size = x.shape.iter().zip(&along).filter(|(_, gone)| **gone).map(|(size, _)| *size).product();
    let table = groups(planner, &x.shape, &along)?;
    let weight = if matches!(kind, Kind::LogSumExp) { 16 } else { 1 };
    let operations = weight * elements(&x.shape) as u64 + elements(&shape) as u64;
    let kernel = Reduce { kind, table, size, dtype: x.dtype };
    planner.emit(kernel, &[Some(&x)], &[(x.dtype, &shape)], &[], operations)
}
