//! Comparisons, logic, and the choice between two.
use crate::error::Fault;
use crate::kernel::{Inputs, Kernel};
use crate::model::Planner;
use crate::ops::arithmetic::Pair;
use crate::ops::map::{Map, broadcast_shape, stretch};
use crate::tensor::{DType, Data, elements};

/// What is compared, in the order of the numbers' own.
#[derive(Clone, Copy)]
struct Order {
    less: bool,
    equal: bool,
    greater: bool,
}

impl Order {
    fn holds<T: PartialOrd>(self, a: &T, b: &T) -> bool {
        (self.less && a < b) || (self.equal && a == b) || (self.greater && a > b)
    }
}

struct Compare {
    order: Order,
    left: Map,
    right: Map,
}

impl Compare {
    fn run_on<T: PartialOrd>(&self, left: &[T], right: &[T], outputs: &mut [Data]) {
        for (index, out) in outputs.iter_mut().flat_map(Data::integers_mut).enumerate() {
            *out = self.order.holds(&left[self.left.at(index)], &right[self.right.at(index)]).into();
        }
    }
}

impl Kernel for Compare {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        match (inputs.get(0), inputs.get(1)) {
            (Some(Data::Float(left)), Some(Data::Float(right))) => self.run_on(left, right, outputs),
            (Some(Data::Integer(left)), Some(Data::Integer(right))) => self.run_on(left, right, outputs),
            _ => {}
        }
    }
}

pub(crate) fn plan(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let (less, equal, greater) = match planner.node.operator {
        "Equal" => (false, true, false),
        "Less" => (true, false, false),
        "LessOrEqual" => (true, true, false),
        "Greater" => (false, false, true),
        _ => (false, true, true),
    };
    let Pair { inputs: [first, second], shape, maps: [left, right] } = Pair::of(planner)?;
    let kernel = Compare { order: Order { less, equal, greater }, left, right };
    let operations = 2 * elements(&shape) as u64;
    planner.emit(kernel, &[Some(&first), Some(&second)], &[(DType::Bool, &shape)], &[], operations)
}

struct Logic {
    function: fn(i64, i64) -> i64,
    left: Map,
    right: Map,
}

impl Kernel for Logic {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let (left, right) = (inputs.integers(0), inputs.integers(1));
        for (index, out) in outputs.iter_mut().flat_map(Data::integers_mut).enumerate() {
            *out = (self.function)(left[self.left.at(index)], right[self.right.at(index)]);
        }
    }
}

pub(crate) fn plan_logic(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let function: fn(i64, i64) -> i64 = match planner.node.operator {
        "And" => |a, b| a & b,
        "Or" => |a, b| a | b,
        _ => |a, b| a ^ b,
    };
    let Pair { inputs: [first, second], shape, maps: [left, right] } = Pair::of(planner)?;
    if first.dtype != DType::Bool {
        return Err(Fault::ElementType { expected: "bool", found: first.dtype.name().to_owned() }.into());
    }
    let operations = 2 * elements(&shape) as u64;
    let kernel = Logic { function, left, right };
    planner.emit(kernel, &[Some(&first), Some(&second)], &[(DType::Bool, &shape)], &[], operations)
}

struct Not;

impl Kernel for Not {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let outputs = outputs.iter_mut().flat_map(Data::integers_mut);
        outputs.zip(inputs.integers(0)).for_each(|(out, x)| *out = 1 - x);
    }
}

pub(crate) fn plan_not(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let x = planner.input(0)?;
    if x.dtype != DType::Bool {
        return Err(Fault::ElementType { expected: "bool", found: x.dtype.name().to_owned() }.into());
    }
    planner.emit(Not, &[Some(&x)], &[(DType::Bool, &x.shape)], &[], elements(&x.shape) as u64)
}

struct Where {
    condition: Map,
    yes: Map,
    no: Map,
}

impl Where {
    fn run_on<T: Copy>(&self, condition: &[i64], yes: &[T], no: &[T], out: &mut [T]) {
        for (index, out) in out.iter_mut().enumerate() {
            let chosen = condition[self.condition.at(index)] != 0;
            *out = if chosen { yes[self.yes.at(index)] } else { no[self.no.at(index)] };
        }
    }
}

impl Kernel for Where {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let (condition, [out]) = (inputs.integers(0), outputs) else { return };
        match (inputs.get(1), inputs.get(2), out) {
            (Some(Data::Float(yes)), Some(Data::Float(no)), Data::Float(out)) => self.run_on(condition, yes, no, out),
            (Some(Data::Integer(yes)), Some(Data::Integer(no)), Data::Integer(out)) => {
                self.run_on(condition, yes, no, out);
            }
            _ => {}
        }
    }
}

pub(crate) fn plan_where(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let (condition, yes, no) = (planner.input(0)?, planner.input(1)?, planner.input(2)?);
    if condition.dtype != DType::Bool {
        return Err(Fault::ElementType { expected: "bool", found: condition.dtype.name().to_owned() }.into());
    }
    if yes.dtype != no.dtype {
        let found = format!("{} and {}", yes.dtype.name(), no.dtype.name());
        return Err(Fault::ElementType { expected: "one type", found }.into());
    }
    let shape = broadcast_shape(&[&condition.shape, &yes.shape, &no.shape])?;
    let kernel = Where {
        condition: stretch(planner, &condition.shape, &shape)?,
        yes: stretch(planner, &yes.shape, &shape)?,
        no: stretch(planner, &no.shape, &shape)?,
    };
    let operations = 3 * elements(&shape) as u64;
    let inputs = [Some(&condition), Some(&yes), Some(&no)];
    planner.emit(kernel, &inputs, &[(yes.dtype, &shape)], &[], operations)
}
