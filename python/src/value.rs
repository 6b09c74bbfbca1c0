//! Members of spaces, to Python and from it.
use numpy::{Element, PyArray1, PyArrayDyn, PyArrayMethods};
use palaestra_env::{BoxSpace, DType, Space, Tensor, Value};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyString, PyTuple};

/// A member as Gymnasium has it. A member of an alternative stands alone, as in the references; a Box without dimensions is a
/// number of NumPy's.
pub(crate) fn to_python<'py>(py: Python<'py>, space: &Space, value: Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match (space, value) {
        (_, Value::Discrete(value)) => value.into_pyobject(py)?.into_any(),
        (Space::Box(space), Value::Tensor(tensor)) => array(py, tensor, &space.shape)?,
        (_, Value::Tensor(tensor)) => {
            let len = tensor.len();
            array(py, tensor, &[len])?
        }
        (_, Value::MultiDiscrete(values)) => PyArray1::from_vec(py, values).into_any(),
        (_, Value::MultiBinary(bits)) => {
            PyArray1::from_vec(py, bits.into_iter().map(|bit| bit as i8).collect()).into_any()
        }
        (Space::Tuple { spaces }, Value::Tuple(values)) => {
            let members = spaces.iter().zip(values).map(|(space, value)| to_python(py, space, value));
            PyTuple::new(py, members.collect::<PyResult<Vec<_>>>()?)?.into_any()
        }
        (Space::Dict { spaces }, Value::Dict(values)) => {
            let members = PyDict::new(py);
            for ((name, space), value) in spaces.iter().zip(values) {
                members.set_item(name, to_python(py, space, value)?)?;
            }
            members.into_any()
        }
        (_, Value::Text(text)) => PyString::new(py, &text).into_any(),
        (Space::Sequence { space }, Value::Sequence(values)) => {
            let members = values.into_iter().map(|value| to_python(py, space, value));
            PyTuple::new(py, members.collect::<PyResult<Vec<_>>>()?)?.into_any()
        }
        (Space::OneOf { spaces }, Value::OneOf(index, value)) => match spaces.get(index) {
            Some(space) => to_python(py, space, *value)?,
            None => py.None().into_bound(py),
        },
        (_, Value::Bool(flag)) => PyBool::new(py, flag).to_owned().into_any(),
        _ => py.None().into_bound(py),
    })
}

/// Elements as an array of this shape, in the memory they came in.
pub(crate) fn array<'py>(py: Python<'py>, tensor: Tensor, shape: &[usize]) -> PyResult<Bound<'py, PyAny>> {
    fn shaped<'py, T: Element>(py: Python<'py>, elements: Vec<T>, shape: &[usize]) -> PyResult<Bound<'py, PyAny>> {
        let flat = PyArray1::from_vec(py, elements);
        match shape {
            [_] => Ok(flat.into_any()),
            [] => flat.into_any().get_item(0),
            shape => Ok(flat.reshape(shape.to_vec())?.into_any()),
        }
    }
    match tensor {
        Tensor::F32(elements) => shaped(py, elements, shape),
        Tensor::F64(elements) => shaped(py, elements, shape),
        Tensor::U8(elements) => shaped(py, elements, shape),
        Tensor::I8(elements) => shaped(py, elements, shape),
        Tensor::I32(elements) => shaped(py, elements, shape),
        Tensor::I64(elements) => shaped(py, elements, shape),
    }
}

/// Reads a member; `None` for what has not the shape of one. Whether it lies within its bounds is [`Space::contains`]'s to say.
pub(crate) fn from_python(space: &Space, given: &Bound<'_, PyAny>) -> Option<Value> {
    Some(match space {
        Space::Discrete { .. } => Value::Discrete(given.extract().ok()?),
        Space::Box(space) => Value::Tensor(tensor(given, space.dtype, &space.shape)?),
        Space::MultiDiscrete { nvec } => match tensor(given, DType::Int64, &[nvec.len()])? {
            Tensor::I64(values) => Value::MultiDiscrete(values),
            _ => return None,
        },
        Space::MultiBinary { n } => match tensor(given, DType::Int64, &[*n])? {
            // What is no bit is none after this either.
            Tensor::I64(bits) => Value::MultiBinary(bits.iter().map(|bit| u8::try_from(*bit).unwrap_or(2)).collect()),
            _ => return None,
        },
        Space::Tuple { spaces } => {
            let members: Vec<Bound<'_, PyAny>> = given.try_iter().ok()?.collect::<PyResult<_>>().ok()?;
            if members.len() != spaces.len() {
                return None;
            }
            Value::Tuple(
                spaces.iter().zip(&members).map(|(space, member)| from_python(space, member)).collect::<Option<_>>()?,
            )
        }
        Space::Dict { spaces } => {
            let members = spaces.iter().map(|(name, space)| from_python(space, &given.get_item(name).ok()?));
            Value::Dict(members.collect::<Option<_>>()?)
        }
        Space::Text { .. } => Value::Text(given.cast::<PyString>().ok()?.extract().ok()?),
        Space::Sequence { space } => Value::Sequence(
            given.try_iter().ok()?.map(|member| from_python(space, &member.ok()?)).collect::<Option<_>>()?,
        ),
        Space::OneOf { spaces } => {
            let mut fits = spaces.iter().enumerate().filter_map(|(index, space)| {
                let value = from_python(space, given)?;
                space.contains(&value).then(|| Value::OneOf(index, Box::new(value)))
            });
            fits.next()?
        }
        Space::None => given.is_none().then_some(Value::None)?,
        Space::Bool => Value::Bool(given.cast::<PyBool>().ok()?.is_true()),
    })
}

/// Reads an array of this shape, or anything that NumPy makes one of. Numbers are cast as NumPy's `same_kind` allows: no float
/// becomes an integer.
pub(crate) fn tensor(given: &Bound<'_, PyAny>, dtype: DType, shape: &[usize]) -> Option<Tensor> {
    fn read<T: Element + Copy>(array: &Bound<'_, PyAny>, shape: &[usize]) -> Option<Vec<T>> {
        let array = array.cast::<PyArrayDyn<T>>().ok()?.try_readonly().ok()?;
        let array = array.as_array();
        (array.shape() == shape).then(|| array.iter().copied().collect())
    }
    let read = |array: &Bound<'_, PyAny>| {
        Some(match dtype {
            DType::Float32 => Tensor::F32(read(array, shape)?),
            DType::Float64 => Tensor::F64(read(array, shape)?),
            DType::Uint8 => Tensor::U8(read(array, shape)?),
            DType::Int8 => Tensor::I8(read(array, shape)?),
            DType::Int32 => Tensor::I32(read(array, shape)?),
            DType::Int64 => Tensor::I64(read(array, shape)?),
        })
    };
    read(given).or_else(|| read(&cast(given, dtype).ok()?))
}

fn cast<'py>(given: &Bound<'py, PyAny>, dtype: DType) -> PyResult<Bound<'py, PyAny>> {
    let numpy = given.py().import("numpy")?;
    let kwargs = PyDict::new(given.py());
    kwargs.set_item("casting", "same_kind")?;
    numpy.call_method1("asarray", (given,))?.call_method("astype", (dtype.name(),), Some(&kwargs))
}

/// The bytes of a Box's elements, read into a tensor's end.
pub(crate) fn append(tensor: &mut Tensor, bytes: &[u8]) {
    fn extend<T, const N: usize>(elements: &mut Vec<T>, bytes: &[u8], read: impl Fn([u8; N]) -> T) {
        elements.extend(bytes.as_chunks::<N>().0.iter().map(|chunk| read(*chunk)));
    }
    match tensor {
        Tensor::F32(elements) => extend(elements, bytes, f32::from_le_bytes),
        Tensor::F64(elements) => extend(elements, bytes, f64::from_le_bytes),
        Tensor::U8(elements) => elements.extend_from_slice(bytes),
        Tensor::I8(elements) => extend(elements, bytes, i8::from_le_bytes),
        Tensor::I32(elements) => extend(elements, bytes, i32::from_le_bytes),
        Tensor::I64(elements) => extend(elements, bytes, i64::from_le_bytes),
    }
}

/// An empty tensor with room for so many members of a Box.
pub(crate) fn room(space: &BoxSpace, members: usize) -> Tensor {
    let room = space.len().saturating_mul(members);
    match space.dtype {
        DType::Float32 => Tensor::F32(Vec::with_capacity(room)),
        DType::Float64 => Tensor::F64(Vec::with_capacity(room)),
        DType::Uint8 => Tensor::U8(Vec::with_capacity(room)),
        DType::Int8 => Tensor::I8(Vec::with_capacity(room)),
        DType::Int32 => Tensor::I32(Vec::with_capacity(room)),
        DType::Int64 => Tensor::I64(Vec::with_capacity(room)),
    }
}
