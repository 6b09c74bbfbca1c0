//! Operators that move nothing: the same elements in another shape, and shapes as numbers.
use crate::error::Fault;
use crate::model::Planner;
use crate::tensor::{DType, Data, axis_of, different, elements, shape_of};

pub(crate) fn plan_shape(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let shape = planner.input(0)?.shape;
    let rank = shape.len() as i64;
    let place = |name, default| {
        let at = planner.node.integer(name, default);
        (if at < 0 { at.saturating_add(rank) } else { at }).clamp(0, rank) as usize
    };
    let (start, end) = (place("start", 0), place("end", rank));
    let sizes: Vec<i64> = shape.get(start..end).unwrap_or_default().iter().map(|size| *size as i64).collect();
    planner.constant(DType::Int64, vec![sizes.len()], Data::Integer(sizes))
}

pub(crate) fn plan_size(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let size = elements(&planner.input(0)?.shape) as i64;
    planner.constant(DType::Int64, vec![], Data::Integer(vec![size]))
}

/// Also a Dropout: nothing is dropped when a policy is used.
pub(crate) fn plan_identity(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let x = planner.input(0)?;
    planner.alias(&x, x.shape.clone())
}

pub(crate) fn plan_reshape(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let x = planner.input(0)?;
    let sizes = match planner.node.integers("shape") {
        Some(sizes) => sizes.to_vec(),
        None => planner.known_integers(1)?.ok_or(Fault::MissingInput { index: 1 })?,
    };
    let keep_zeros = planner.node.integer("allowzero", 0) != 0;
    let size_at = |(index, size): (usize, &i64)| match *size {
        0 if !keep_zeros => x.shape.get(index).map_or(0, |size| *size as i64),
        size => size,
    };
    let mut sizes: Vec<i64> = sizes.iter().enumerate().map(size_at).collect();
    if let Some(open) = sizes.iter().position(|size| *size == -1) {
        sizes[open] = 1;
        let rest = elements(&shape_of(&sizes)?);
        let whole = rest > 0 && elements(&x.shape).is_multiple_of(rest);
        sizes[open] = if whole { (elements(&x.shape) / rest) as i64 } else { 0 };
    }
    let shape = shape_of(&sizes)?;
    planner.alias(&x, shape)
}

pub(crate) fn plan_flatten(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let x = planner.input(0)?;
    let axis = planner.node.integer("axis", 1);
    let rank = x.shape.len();
    let axis = if axis == rank as i64 { rank } else { axis_of(axis, rank)? };
    let (rows, columns) = x.shape.split_at(axis);
    planner.alias(&x, vec![elements(rows), elements(columns)])
}

pub(crate) fn plan_squeeze(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let x = planner.input(0)?;
    let rank = x.shape.len();
    let mut gone: Vec<bool> = x.shape.iter().map(|size| *size == 1).collect();
    if let Some(axes) = planner.axes(1)? {
        let mut named = vec![false; rank];
        for axis in axes {
            let axis = axis_of(axis, rank)?;
            if x.shape[axis] != 1 {
                return Err(Fault::shape(&format!("size 1 of dimension {axis}"), &x.shape));
            }
            named[axis] = true;
        }
        gone = named;
    }
    let shape = x.shape.iter().zip(gone).filter(|(_, gone)| !gone).map(|(size, _)| *size).collect();
    planner.alias(&x, shape)
}

pub(crate) fn plan_unsqueeze(planner: &mut Planner<'_, '_>) -> Result<(), Box<Fault>> {
    let x = planner.input(0)?;
    let axes = planner.axes(1)?.ok_or(Fault::MissingInput { index: 1 })?;
    let rank = x.shape.len() + axes.len();
    shape_of(&vec![1; rank])?;
    let mut new = vec![false; rank];
    for axis in axes {
        different(&mut new, axis_of(axis, rank)?)?;
    }
    let mut sizes = x.shape.iter();
    let shape = new.iter().map(|new| if *new { 1 } else { sizes.next().copied().unwrap_or(1) }).collect();
    planner.alias(&x, shape)
}
