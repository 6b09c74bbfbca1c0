//! A tensor that the file holds.
use crate::error::{Fault, LoadError};
use crate::proto::wire::Fields;
use crate::tensor::{DType, Data, Shape, elements, shape_of, sound};

/// A tensor as the file has it.
#[derive(Default)]
pub(crate) struct Tensor<'a> {
    pub(crate) name: &'a str,
    dims: Vec<i64>,
    element_type: i64,
    raw: Option<&'a [u8]>,
    floats: Vec<f32>,
    integers: Vec<i64>,
    external: bool,
}

impl<'a> Tensor<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, LoadError> {
        let mut tensor = Tensor::default();
        let mut fields = Fields::new(bytes, "TensorProto");
        while let Some((number, content)) = fields.next()? {
            match number {
                1 => fields.integers(content, &mut tensor.dims)?,
                2 => tensor.element_type = fields.integer(content)?,
                4 => fields.floats(content, &mut tensor.floats)?,
                5 | 7 => fields.integers(content, &mut tensor.integers)?,
                8 => tensor.name = fields.text(content)?,
                9 => tensor.raw = Some(fields.bytes(content)?),
                10 => fields.doubles(content, &mut tensor.floats)?,
                13 => tensor.external = true,
                14 => tensor.external |= fields.integer(content)? != 0,
                _ => {}
            }
        }
        Ok(tensor)
    }

    /// Its element type, shape and elements.
    ///
    /// # Errors
    /// [`Fault`] for elements that cannot be held, are not finite or not as many as the shape says.
    pub(crate) fn decode(&self) -> Result<(DType, Shape, Data), Box<Fault>> {
        if self.external {
            return Err(Fault::External.into());
        }
        let dtype = DType::from_format(self.element_type)?;
        let shape = shape_of(&self.dims)?;
        let data = match self.raw {
            Some(raw) => self.decode_raw(dtype, raw),
            None if dtype == DType::Float => Data::Float(self.floats.clone()),
            None => Data::Integer(self.integers.iter().map(|value| dtype.wrap(*value)).collect()),
        };
        if elements(&shape) != data.len() {
            return Err(Fault::Elements { expected: elements(&shape), found: data.len() }.into());
        }
        sound(data.floats())?;
        Ok((dtype, shape, data))
    }

    fn decode_raw(&self, dtype: DType, raw: &[u8]) -> Data {
        /// ONNX's number for float64.
        const DOUBLE: i64 = 11;
        match dtype {
            DType::Float if self.element_type == DOUBLE => {
                Data::Float(chunks(raw, |bytes| f64::from_le_bytes(bytes) as f32))
            }
            DType::Float => Data::Float(chunks(raw, f32::from_le_bytes)),
            DType::Int64 => Data::Integer(chunks(raw, i64::from_le_bytes)),
            DType::Int32 => Data::Integer(chunks(raw, |bytes| i64::from(i32::from_le_bytes(bytes)))),
            DType::Int8 => Data::Integer(chunks(raw, |[byte]| i64::from(byte as i8))),
            DType::Uint8 => Data::Integer(chunks(raw, |[byte]| i64::from(byte))),
            DType::Bool => Data::Integer(chunks(raw, |[byte]| i64::from(byte != 0))),
        }
    }
}

/// The elements, with what is left over as one more, filled with zeros: it then fits no shape.
fn chunks<const N: usize, T>(raw: &[u8], read: impl Fn([u8; N]) -> T) -> Vec<T> {
    let (whole, rest) = raw.as_chunks::<N>();
    let rest = (!rest.is_empty()).then_some([0; N]);
    whole.iter().copied().chain(rest).map(read).collect()
}
