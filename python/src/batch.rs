//! Many members of a space at once, as arrays with a dimension more: what a vector of environments sees, and what a record holds.
use numpy::PyArray1;
use palaestra_env::codec::DecodeError;
use palaestra_env::{DType, Space, Tensor, Value, ValueReader};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::error::of_decoding;
use crate::value::{append, array, from_python, room, tensor, to_python};

/// The bytes of members that follow one another, read from the front.
#[derive(Clone)]
pub(crate) struct Row<'a> {
    bytes: &'a [u8],
    reader: ValueReader<'a>,
}

impl<'a> Row<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, reader: ValueReader::new(bytes) }
    }

    /// The bytes of the next member, of this space.
    fn take(&mut self, space: &Space) -> Result<&'a [u8], DecodeError> {
        let from = self.bytes.len() - self.reader.left();
        self.reader.skip(space)?;
        Ok(self.bytes.get(from..self.bytes.len() - self.reader.left()).unwrap_or_default())
    }

    /// The next member, of this space.
    pub(crate) fn member<'py>(&mut self, py: Python<'py>, space: &Space) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, space, self.reader.read(space).map_err(of_decoding)?)
    }

    /// Passes over the next member, of this space.
    pub(crate) fn skip(&mut self, space: &Space) -> Result<(), DecodeError> {
        self.reader.skip(space)
    }
}

/// The next member of every row, as `gymnasium.vector.utils.batch_space` has them: arrays one beside the other, Tuples and Dicts of
/// those, and a tuple of whatever is no array.
pub(crate) fn batch<'py>(py: Python<'py>, space: &Space, rows: &mut [Row<'_>]) -> PyResult<Bound<'py, PyAny>> {
    let count = rows.len();
    Ok(match space {
        Space::Discrete { .. } => array(py, elements(space, rows, Tensor::I64(Vec::with_capacity(count)))?, &[count])?,
        Space::Box(shape) => {
            let sizes: Vec<usize> = std::iter::once(count).chain(shape.shape.iter().copied()).collect();
            array(py, elements(space, rows, room(shape, count))?, &sizes)?
        }
        Space::MultiDiscrete { nvec } => {
            array(py, elements(space, rows, Tensor::I64(Vec::new()))?, &[count, nvec.len()])?
        }
        Space::MultiBinary { n } => array(py, elements(space, rows, Tensor::I8(Vec::new()))?, &[count, *n])?,
        Space::Bool => {
            let flags = rows.iter_mut().map(|row| row.take(space).map(|bytes| bytes != [0]));
            let flags = flags.collect::<Result<Vec<bool>, _>>().map_err(of_decoding)?;
            PyArray1::from_vec(py, flags).into_any()
        }
        Space::Tuple { spaces } => {
            let members = spaces.iter().map(|space| batch(py, space, rows));
            PyTuple::new(py, members.collect::<PyResult<Vec<_>>>()?)?.into_any()
        }
        Space::Dict { spaces } => {
            let members = PyDict::new(py);
            for (name, space) in spaces {
                members.set_item(name, batch(py, space, rows)?)?;
            }
            members.into_any()
        }
        Space::Text { .. } | Space::Sequence { .. } | Space::OneOf { .. } | Space::None => {
            let members = rows.iter_mut().map(|row| row.member(py, space));
            PyTuple::new(py, members.collect::<PyResult<Vec<_>>>()?)?.into_any()
        }
    })
}

fn elements(space: &Space, rows: &mut [Row<'_>], mut into: Tensor) -> PyResult<Tensor> {
    for row in rows {
        append(&mut into, row.take(space).map_err(of_decoding)?);
    }
    Ok(into)
}

/// Reads a member for each of `into`, from a batch of them as `batch_space` has it. `None` for what is no such batch.
pub(crate) fn members(space: &Space, given: &Bound<'_, PyAny>, into: &mut [Value]) -> Option<()> {
    let count = into.len();
    let table = |width: &[usize], dtype: DType| {
        let shape: Vec<usize> = std::iter::once(count).chain(width.iter().copied()).collect();
        tensor(given, dtype, &shape)
    };
    match space {
        Space::Discrete { .. } => {
            let Tensor::I64(values) = table(&[], DType::Int64)? else { return None };
            for (own, value) in into.iter_mut().zip(values) {
                match own {
                    Value::Discrete(own) => *own = value,
                    own => *own = Value::Discrete(value),
                }
            }
        }
        Space::Box(space) => {
            let all = table(&space.shape, space.dtype)?;
            let width = space.len();
            for (index, own) in into.iter_mut().enumerate() {
                let elements = (index * width..(index + 1) * width).filter_map(|place| all.get(place));
                match own {
                    Value::Tensor(tensor) if tensor.dtype() == space.dtype => tensor.set_f64s(elements),
                    own => *own = Value::Tensor(Tensor::from_f64s(space.dtype, elements)),
                }
            }
        }
        Space::MultiDiscrete { nvec } => {
            let Tensor::I64(all) = table(&[nvec.len()], DType::Int64)? else { return None };
            for (own, values) in into.iter_mut().zip(all.chunks_exact(nvec.len().max(1))) {
                *own = Value::MultiDiscrete(values.to_vec());
            }
        }
        Space::MultiBinary { n } => {
            let Tensor::I64(all) = table(&[*n], DType::Int64)? else { return None };
            for (own, bits) in into.iter_mut().zip(all.chunks_exact((*n).max(1))) {
                *own = Value::MultiBinary(bits.iter().map(|bit| u8::try_from(*bit).unwrap_or(2)).collect());
            }
        }
        _ => {
            let given: Vec<Bound<'_, PyAny>> = given.try_iter().ok()?.collect::<PyResult<_>>().ok()?;
            if given.len() != count {
                return None;
            }
            for (own, given) in into.iter_mut().zip(&given) {
                *own = from_python(space, given)?;
            }
        }
    }
    Some(())
}
