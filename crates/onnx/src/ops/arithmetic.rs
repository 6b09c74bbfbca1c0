//! Operators of two numbers and more, stretched to one shape.
use palaestra_math as math;

use crate::error::Fault;
use crate::kernel::{Inputs, Kernel};
use crate::model::{Planner, Source};
use crate::ops::map::{Map, broadcast_shape, stretch};
use crate::tensor::{DType, Data, elements};

struct Floats {
    function: fn(f32, f32) -> f32,
    left: Map,
    right: Map,
}

impl Kernel for Floats {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let (left, right) = (inputs.floats(0), inputs.floats(1));
        for (index, out) in outputs.iter_mut().flat_map(Data::floats_mut).enumerate() {
            *out = (self.function)(left[self.left.at(index)], right[self.right.at(index)]);
        }
    }
}

struct Integers {
    function: fn(i64, i64) -> i64,
    dtype: DType,
    left: Map,
    right: Map,
}

impl Kernel for Integers {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let (left, right) = (inputs.integers(0), inputs.integers(1));
        for (index, out) in outputs.iter_mut().flat_map(Data::integers_mut).enumerate() {
            *out = self.dtype.wrap((self.function)(left[self.left.at(index)], right[self.right.at(index)]));
        }
    }
}

/// Two inputs of one type, the shape of the output, and how each input is stretched to it.
pub(crate) struct Pair {
    pub(crate) inputs: [Source; 2],
    pub(crate) shape: Vec<usize>,
    pub(crate) maps: [Map; 2],
}

impl Pair {
    pub(crate) fn of(planner: &mut Planner<'_, '_>) -> Result<Self, Box<Fault>> {
        let (left, right) = (planner.input(0)?, planner.input(1)?);
        if left.dtype != right.dtype {
            return Err(Fault::ElementType { expected: "one type", found: types(&left, &right) }.into());
        }
        let shape = broadcast_shape(&[&left.shape, &right.shape])?;
        let maps = [stretch(planner, &left.shape, &shape)?, stretch(planner, &right.shape, &shape)?];
        Ok(Self { inputs: [left, right], shape, maps })
    }
}

fn types(left: &Source, right: &Source) -> String {
    format!("{} and {}", left.dtype.name(), right.dtype.name())
}

pub(crate) fn plan(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let operator = planner.node.operator;
    if operator == "Pow" && planner.input(1)?.dtype != DType::Float {
        return plan_integer_power(planner);
    }
    let pair = Pair::of(planner)?;
    match (operator, pair.inputs[0].dtype) {
        (_, DType::Bool) => Err(Fault::ElementType { expected: "numbers", found: "bool".to_owned() }.into()),
        ("Add", DType::Float) => floats(planner, pair, |a, b| a + b),
        ("Sub", DType::Float) => floats(planner, pair, |a, b| a - b),
        ("Mul", DType::Float) => floats(planner, pair, |a, b| a * b),
        ("Div", DType::Float) => floats(planner, pair, |a, b| a / b),
        ("Pow", DType::Float) => floats(planner, pair, pow),
        ("PRelu", DType::Float) => floats(planner, pair, |x, slope| if x < 0.0 { slope * x } else { x }),
        ("Add", _) => integers(planner, pair, i64::wrapping_add),
        ("Sub", _) => integers(planner, pair, i64::wrapping_sub),
        ("Mul", _) => integers(planner, pair, i64::wrapping_mul),
        // Towards zero. A division by zero means nothing in ONNX; here it is 0.
        ("Div", _) => integers(planner, pair, |a, b| if b == 0 { 0 } else { a.wrapping_div(b) }),
        // The sign of the divisor, as Python's.
        ("Mod", DType::Int64 | DType::Int32 | DType::Int8 | DType::Uint8) => {
            if planner.node.integer("fmod", 0) != 0 {
                return Err(Fault::Attribute { attribute: "fmod", expected: "0", found: "1".to_owned() }.into());
            }
            integers(planner, pair, |a, b| {
                let rest = if b == 0 { 0 } else { a.wrapping_rem(b) };
                if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }
            })
        }
        (_, found) => {
            let expected = if operator == "Mod" { "integers" } else { "float" };
            Err(Fault::ElementType { expected, found: found.name().to_owned() }.into())
        }
    }
}

fn pow(x: f32, exponent: f32) -> f32 {
    if exponent == 2.0 { x * x } else { math::pow(f64::from(x), f64::from(exponent)) as f32 }
}

/// A float to the power of integers.
struct IntegerPower(Map, Map);

impl Kernel for IntegerPower {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let (base, exponent) = (inputs.floats(0), inputs.integers(1));
        for (index, out) in outputs.iter_mut().flat_map(Data::floats_mut).enumerate() {
            *out = pow(base[self.0.at(index)], exponent[self.1.at(index)] as f32);
        }
    }
}

fn plan_integer_power(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let (base, exponent) = (planner.floats(0)?, planner.integers(1)?);
    let shape = broadcast_shape(&[&base.shape, &exponent.shape])?;
    let kernel = IntegerPower(stretch(planner, &base.shape, &shape)?, stretch(planner, &exponent.shape, &shape)?);
    let operations = 16 * elements(&shape) as u64;
    planner.emit(kernel, &[Some(&base), Some(&exponent)], &[(DType::Float, &shape)], &[], operations)
}

fn floats(planner: &mut Planner<'_, '_>, pair: Pair, function: fn(f32, f32) -> f32) -> Result<(), Box<Fault>> {
    let Pair { inputs: [left, right], shape, maps: [from_left, from_right] } = pair;
    let kernel = Floats { function, left: from_left, right: from_right };
    let operations = 2 * elements(&shape) as u64;
    planner.emit(kernel, &[Some(&left), Some(&right)], &[(DType::Float, &shape)], &[], operations)
}

fn integers(planner: &mut Planner<'_, '_>, pair: Pair, function: fn(i64, i64) -> i64) -> Result<(), Box<Fault>> {
    let Pair { inputs: [left, right], shape, maps: [from_left, from_right] } = pair;
    let dtype = left.dtype;
    let kernel = Integers { function, dtype, left: from_left, right: from_right };
    let operations = 2 * elements(&shape) as u64;
    planner.emit(kernel, &[Some(&left), Some(&right)], &[(dtype, &shape)], &[], operations)
}

/// Any number of inputs, from the first to the last.
struct Variadic {
    function: fn(f32, f32) -> f32,
    of_integers: fn(i64, i64) -> i64,
    maps: Vec<Map>,
    divisor: f32,
}

impl Kernel for Variadic {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        match outputs {
            [Data::Float(out)] => {
                fold(&self.maps, self.function, |number| inputs.floats(number), out);
                out.iter_mut().for_each(|out| *out /= self.divisor);
            }
            [Data::Integer(out)] => fold(&self.maps, self.of_integers, |number| inputs.integers(number), out),
            _ => {}
        }
    }
}

fn fold<'s, T: Copy + 's>(maps: &[Map], function: fn(T, T) -> T, input: impl Fn(usize) -> &'s [T], out: &mut [T]) {
    for (number, map) in maps.iter().enumerate() {
        let input = input(number);
        for (index, out) in out.iter_mut().enumerate() {
            let value = input[map.at(index)];
            *out = if number == 0 { value } else { function(*out, value) };
        }
    }
}

/// The larger; NaN wins.
pub(crate) fn larger(a: f32, b: f32) -> f32 {
    if a > b || a.is_nan() { a } else { b }
}

/// The smaller; NaN wins.
pub(crate) fn smaller(a: f32, b: f32) -> f32 {
    if a < b || a.is_nan() { a } else { b }
}

pub(crate) fn plan_variadic(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let (operator, count) = (planner.node.operator, planner.node.inputs.len());
    // Of Max and Min, whose inputs may be integers as well.
    let integers = matches!(operator, "Max" | "Min") && planner.input(0)?.dtype.is_integer();
    let dtype = if integers { planner.input(0)?.dtype } else { DType::Float };
    let inputs = (0..count.max(1)).map(|index| planner.input_of(index, dtype)).collect::<Result<Vec<_>, _>>()?;
    let shapes: Vec<&[usize]> = inputs.iter().map(|input| input.shape.as_slice()).collect();
    let shape = broadcast_shape(&shapes)?;
    let maps = inputs.iter().map(|input| stretch(planner, &input.shape, &shape)).collect::<Result<_, _>>()?;
    let function = match operator {
        "Max" => larger,
        "Min" => smaller,
        _ => |a: f32, b: f32| a + b,
    };
    let of_integers = if operator == "Max" { i64::max } else { i64::min };
    let divisor = if operator == "Mean" { count as f32 } else { 1.0 };
    let sources: Vec<Option<&Source>> = inputs.iter().map(Some).collect();
    let operations = (elements(&shape) as u64).saturating_mul(count as u64 + 1);
    planner.emit(Variadic { function, of_integers, maps, divisor }, &sources, &[(dtype, &shape)], &[], operations)
}
