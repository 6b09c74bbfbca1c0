//! Operators of one number at a time.
use palaestra_math as math;

use crate::error::Fault;
use crate::kernel::{Inputs, Kernel};
use crate::model::Planner;
use crate::tensor::{DType, Data};

/// A function of each element. Boxed: one for every function would be many times the code.
struct Unary(Box<dyn Fn(f32) -> f32>);

impl Kernel for Unary {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let outputs = outputs.iter_mut().flat_map(Data::floats_mut);
        outputs.zip(inputs.floats(0)).for_each(|(out, x)| *out = self.0(*x));
    }
}

/// Likewise of integers of a type.
struct UnaryIntegers(Box<dyn Fn(i64) -> i64>, DType);

impl Kernel for UnaryIntegers {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let outputs = outputs.iter_mut().flat_map(Data::integers_mut);
        outputs.zip(inputs.integers(0)).for_each(|(out, x)| *out = self.1.wrap(self.0(*x)));
    }
}

/// e^x, rounded once.
pub(crate) fn exp(x: f32) -> f32 {
    math::exp(f64::from(x)) as f32
}

/// ln x, rounded once.
pub(crate) fn ln(x: f32) -> f32 {
    math::ln(f64::from(x)) as f32
}

/// The hyperbolic tangent, rounded once.
pub(crate) fn tanh(x: f32) -> f32 {
    math::tanh(f64::from(x)) as f32
}

/// 1/(1 + e^−x), rounded once.
pub(crate) fn sigmoid(x: f32) -> f32 {
    (1.0 / (1.0 + math::exp(-f64::from(x)))) as f32
}

/// ln(1 + e^x).
fn softplus(x: f32) -> f32 {
    let x = f64::from(x);
    // Large, e^x is no longer a double; the rest is beyond a float's digits long before.
    (if x > 40.0 { x } else { math::ln(1.0 + math::exp(x)) }) as f32
}

/// e^x − 1 for x below zero; else x.
fn elu(x: f32, alpha: f32) -> f32 {
    if x < 0.0 { (f64::from(alpha) * (math::exp(f64::from(x)) - 1.0)) as f32 } else { x }
}

/// Between two bounds; of crossed bounds the upper one counts. NaN stays.
fn clamp(x: f32, low: f32, high: f32) -> f32 {
    let x = if x < low { low } else { x };
    if x > high { high } else { x }
}

fn sign(x: f32) -> f32 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        x
    }
}

/// What an operator is for integers, if they can be its input.
fn of_integers(operator: &str) -> Option<fn(i64) -> i64> {
    match operator {
        "Abs" => Some(i64::wrapping_abs),
        "Neg" => Some(i64::wrapping_neg),
        "Relu" => Some(|x| x.max(0)),
        "Sign" => Some(i64::signum),
        _ => None,
    }
}

pub(crate) fn plan(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let node = planner.node;
    if let Some(function) = of_integers(node.operator)
        && planner.input(0)?.dtype.is_integer()
    {
        return unary_integers(planner, Box::new(function));
    }
    let function: Box<dyn Fn(f32) -> f32> = match node.operator {
        "Abs" => Box::new(f32::abs),
        "Ceil" => Box::new(f32::ceil),
        "Celu" => {
            let alpha = node.float("alpha", 1.0)?;
            Box::new(move |x| elu(x / alpha, 1.0) * alpha)
        }
        "Elu" => {
            let alpha = node.float("alpha", 1.0)?;
            Box::new(move |x| elu(x, alpha))
        }
        "Exp" => Box::new(exp),
        "Floor" => Box::new(f32::floor),
        "HardSigmoid" => {
            let (alpha, beta) = (node.float("alpha", 0.2)?, node.float("beta", 0.5)?);
            Box::new(move |x| clamp(alpha * x + beta, 0.0, 1.0))
        }
        "HardSwish" => Box::new(|x| x * clamp(x / 6.0 + 0.5, 0.0, 1.0)),
        "LeakyRelu" => {
            let alpha = node.float("alpha", 0.01)?;
            Box::new(move |x| if x < 0.0 { alpha * x } else { x })
        }
        "Log" => Box::new(ln),
        "Mish" => Box::new(|x| x * tanh(softplus(x))),
        "Neg" => Box::new(|x| -x),
        "Reciprocal" => Box::new(|x| 1.0 / x),
        "Relu" => Box::new(|x| if x < 0.0 { 0.0 } else { x }),
        "Round" => Box::new(f32::round_ties_even),
        "Selu" => {
            let (alpha, gamma) = (node.float("alpha", 1.673_263_2)?, node.float("gamma", 1.050_701)?);
            Box::new(move |x| gamma * elu(x, alpha))
        }
        "Sigmoid" => Box::new(sigmoid),
        "Sign" => Box::new(sign),
        "Softplus" => Box::new(softplus),
        "Softsign" => Box::new(|x| x / (1.0 + x.abs())),
        "Sqrt" => Box::new(f32::sqrt),
        "Swish" => {
            let alpha = node.float("alpha", 1.0)?;
            Box::new(move |x| x * sigmoid(alpha * x))
        }
        "Tanh" => Box::new(tanh),
        "ThresholdedRelu" => {
            let alpha = node.float("alpha", 1.0)?;
            Box::new(move |x| if x > alpha { x } else { 0.0 })
        }
        _ => return Err(Fault::UnsupportedOperator.into()),
    };
    unary(planner, function)
}

fn unary(planner: &mut Planner<'_, '_>, function: Box<dyn Fn(f32) -> f32>) -> Result<(), Box<Fault>> {
    let x = planner.floats(0)?;
    let operations = 8 * crate::tensor::elements(&x.shape) as u64;
    planner.emit(Unary(function), &[Some(&x)], &[(DType::Float, &x.shape)], &[], operations)
}

fn unary_integers(planner: &mut Planner<'_, '_>, function: Box<dyn Fn(i64) -> i64>) -> Result<(), Box<Fault>> {
    let x = planner.integers(0)?;
    let operations = 2 * crate::tensor::elements(&x.shape) as u64;
    planner.emit(UnaryIntegers(function, x.dtype), &[Some(&x)], &[(x.dtype, &x.shape)], &[], operations)
}

pub(crate) fn plan_clip(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    if planner.input(0)?.dtype.is_integer() {
        let bound = |index: usize, open: i64| match planner.known_integers(index)?.as_deref() {
            None => Ok(open),
            Some([bound]) => Ok(*bound),
            Some(found) => Err(Box::new(Fault::Elements { expected: 1, found: found.len() })),
        };
        let (low, high) = (bound(1, i64::MIN)?, bound(2, i64::MAX)?);
        return unary_integers(planner, Box::new(move |x| x.max(low).min(high)));
    }
    let bound = |name: &'static str, index: usize, open: f32| match planner.node.attribute(name) {
        Some(_) => planner.node.float(name, open),
        None => Ok(planner.known_float(index)?.unwrap_or(open)),
    };
    let (low, high) = (bound("min", 1, f32::NEG_INFINITY)?, bound("max", 2, f32::INFINITY)?);
    unary(planner, Box::new(move |x| clamp(x, low, high)))
}

/// From any type to any other.
struct Cast(DType);

impl Kernel for Cast {
    fn run(&self, inputs: &Inputs<'_>, outputs: &mut [Data]) {
        let ([out], Some(input)) = (outputs, inputs.get(0)) else { return };
        let dtype = self.0;
        match (input, out) {
            (Data::Float(x), Data::Float(out)) => out.copy_from_slice(x),
            (Data::Float(x), Data::Integer(out)) if dtype == DType::Bool => set(out, x, |x| i64::from(x != 0.0)),
            // Towards zero; what does not fit becomes the nearest that does, NaN 0.
            (Data::Float(x), Data::Integer(out)) => set(out, x, |x| dtype.wrap(x as i64)),
            (Data::Integer(x), Data::Float(out)) => set(out, x, |x| x as f32),
            (Data::Integer(x), Data::Integer(out)) => set(out, x, |x| dtype.wrap(x)),
        }
    }
}

fn set<T: Copy, U>(out: &mut [U], from: &[T], convert: impl Fn(T) -> U) {
    out.iter_mut().zip(from).for_each(|(out, x)| *out = convert(*x));
}

pub(crate) fn plan_cast(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let x = planner.input(0)?;
    let to = DType::from_format(planner.node.integer("to", 0))?;
    if to == x.dtype {
        return planner.alias(&x, x.shape.clone());
    }
    let operations = crate::tensor::elements(&x.shape) as u64;
    planner.emit(Cast(to), &[Some(&x)], &[(to, &x.shape)], &[], operations)
}
