//! Where an element of an output finds its element of an input.
use crate::error::Fault;
use crate::model::Planner;
use crate::show::show_all;
use crate::tensor::{Shape, elements, strides};

/// From the place of an output's element to that of an input's.
pub(crate) enum Map {
    /// The same.
    Same,
    /// There is only one.
    One,
    /// Its place stands in a table.
    Table(Vec<u32>),
}

impl Map {
    #[inline]
    pub(crate) fn at(&self, index: usize) -> usize {
        match self {
            Map::Same => index,
            Map::One => 0,
            Map::Table(table) => table[index] as usize,
        }
    }
}

/// The places that a walk through `shape` in row-major order comes by, in steps of `strides` from `start`.
///
/// # Errors
/// [`Fault::TooLarge`].
pub(crate) fn walk(
    planner: &mut Planner<'_, '_>,
    shape: &[usize],
    strides: &[isize],
    start: usize,
) -> Result<Vec<u32>, Box<Fault>> {
    let len = elements(shape);
    planner.reserve(len)?;
    let mut table = Vec::with_capacity(len);
    let mut counter = vec![0_usize; shape.len()];
    let mut place = start as isize;
    for _ in 0..len {
        table.push(place as u32);
        for dimension in (0..shape.len()).rev() {
            counter[dimension] += 1;
            place += strides[dimension];
            if counter[dimension] < shape[dimension] {
                break;
            }
            place -= strides[dimension] * shape[dimension] as isize;
            counter[dimension] = 0;
        }
    }
    Ok(table)
}

/// The shape that all of these can be stretched to, as NumPy does.
pub(crate) fn broadcast_shape(shapes: &[&[usize]]) -> Result<Shape, Box<Fault>> {
    let rank = shapes.iter().map(|shape| shape.len()).max().unwrap_or(0);
    let mut result = vec![1; rank];
    for shape in shapes {
        for (size, found) in result.iter_mut().rev().zip(shape.iter().rev()) {
            if *size == 1 {
                *size = *found;
            } else if *found != 1 && found != size {
                let expected = "shapes that stretch to one another".to_owned();
                return Err(Fault::Shape { expected, found: show_all(shapes) }.into());
            }
        }
    }
    Ok(result)
}

/// How an input of one shape is stretched to another.
pub(crate) fn stretch(planner: &mut Planner<'_, '_>, from: &[usize], to: &[usize]) -> Result<Map, Box<Fault>> {
    if elements(from) == elements(to) {
        return Ok(Map::Same);
    }
    if elements(from) == 1 {
        return Ok(Map::One);
    }
    let mut steps = vec![0; to.len()];
    for ((step, size), stride) in steps.iter_mut().rev().zip(from.iter().rev()).zip(strides(from).iter().rev()) {
        *step = if *size == 1 { 0 } else { *stride as isize };
    }
    Ok(Map::Table(walk(planner, to, &steps, 0)?))
}

/// The elements of a shape in groups: within a group only the given axes change. The table has the groups one after another.
pub(crate) fn groups(planner: &mut Planner<'_, '_>, shape: &[usize], axes: &[bool]) -> Result<Vec<u32>, Box<Fault>> {
    let strides = strides(shape);
    let part = |wanted: bool| (0..shape.len()).filter(move |axis| axes[*axis] == wanted);
    let order: Vec<usize> = part(false).chain(part(true)).collect();
    let sizes: Vec<usize> = order.iter().map(|axis| shape[*axis]).collect();
    let steps: Vec<isize> = order.iter().map(|axis| strides[*axis] as isize).collect();
    walk(planner, &sizes, &steps, 0)
}
