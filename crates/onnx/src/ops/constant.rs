//! Values that stand in the file, or follow from shapes.
use crate::error::Fault;
use crate::model::Planner;
use crate::tensor::{DType, Data, elements, shape_of, sound};

pub(crate) fn plan(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let attribute = |name| planner.node.attribute(name);
    if let Some(tensor) = attribute("value").and_then(|attribute| attribute.tensor.as_ref()) {
        let (dtype, shape, data) = tensor.decode()?;
        planner.builder.hold(data.len());
        planner.constant(dtype, shape, data)
    } else if let Some(attribute) = attribute("value_float") {
        planner.constant(DType::Float, vec![], finite(vec![attribute.float.unwrap_or_default()])?)
    } else if let Some(attribute) = attribute("value_int") {
        planner.constant(DType::Int64, vec![], Data::Integer(vec![attribute.integer.unwrap_or_default()]))
    } else if let Some(attribute) = attribute("value_floats") {
        let values = attribute.floats.clone();
        planner.constant(DType::Float, vec![values.len()], finite(values)?)
    } else if let Some(attribute) = attribute("value_ints") {
        let values = attribute.integers.clone();
        planner.constant(DType::Int64, vec![values.len()], Data::Integer(values))
    } else {
        let (expected, found) = ("a tensor of numbers", "none".to_owned());
        Err(Fault::Attribute { attribute: "value", expected, found }.into())
    }
}

fn finite(values: Vec<f32>) -> Result<Data, Box<Fault>> {
    sound(&values)?;
    Ok(Data::Float(values))
}

pub(crate) fn plan_of_shape(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let sizes = planner.known_integers(0)?.ok_or(Fault::MissingInput { index: 0 })?;
    let shape = shape_of(&sizes)?;
    let len = elements(&shape);
    planner.reserve(len)?;
    let (dtype, data) = match planner.node.attribute("value").and_then(|attribute| attribute.tensor.as_ref()) {
        None => (DType::Float, Data::zeros(DType::Float, len)),
        Some(tensor) => {
            let (dtype, _, value) = tensor.decode()?;
            let data = match (&value, value.len()) {
                (Data::Float(value), 1) => Data::Float(vec![value[0]; len]),
                (Data::Integer(value), 1) => Data::Integer(vec![value[0]; len]),
                (_, found) => return Err(Fault::Elements { expected: 1, found }.into()),
            };
            (dtype, data)
        }
    };
    planner.constant(dtype, shape, data)
}

pub(crate) fn plan_range(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let dtype = planner.integers(0)?.dtype;
    let number = |index| -> Result<i64, Box<Fault>> {
        match planner.known_integers(index)?.as_deref() {
            Some([number]) => Ok(*number),
            found => Err(Fault::Elements { expected: 1, found: found.map_or(0, <[i64]>::len) }.into()),
        }
    };
    let (start, limit, delta) = (number(0)?, number(1)?, number(2)?);
    if delta == 0 {
        return Err(Fault::Shape { expected: "a step that is not 0".to_owned(), found: "0".to_owned() }.into());
    }
    let span = if delta > 0 { limit.saturating_sub(start) } else { start.saturating_sub(limit) };
    let len = span.max(0).unsigned_abs().div_ceil(delta.unsigned_abs());
    let len = usize::try_from(len).unwrap_or(usize::MAX);
    planner.reserve(len)?;
    let values = (0..len as i64).map(|index| start.wrapping_add(index.wrapping_mul(delta))).collect();
    planner.constant(dtype, vec![len], Data::Integer(values))
}
