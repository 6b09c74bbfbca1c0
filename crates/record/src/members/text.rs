//! Members of spaces as JSON text, byte for byte what `serde_json` prints of [`to_json`](super::to_json), straight from their bytes.
use std::ops::Range;

use palaestra_env::codec::DecodeError;
use palaestra_env::{DType, Space, ValueReader};
use palaestra_text::json::{
    WriteNumber, put_f32s, put_f64s, put_flag, put_integer, put_number, put_text, try_put_list,
};

/// How members are written.
#[derive(Clone, Copy)]
pub struct Print {
    /// Prints a finite number.
    pub number: WriteNumber,
    /// How long all of the text may be. A space of somebody else's may have members without end of a few bytes, or of none.
    pub most: usize,
}

impl Print {
    /// Looks whether there is room for so many bytes more.
    ///
    /// # Errors
    /// [`Unprinted::TooLong`].
    pub fn room(self, more: usize, out: &[u8]) -> Result<(), Unprinted> {
        if out.len().saturating_add(more) > self.most { Err(Unprinted::TooLong) } else { Ok(()) }
    }
}

/// Why a member is not written.
#[derive(Clone, Debug, PartialEq)]
pub enum Unprinted {
    /// The bytes do not hold a member's shape.
    Bytes(DecodeError),
    /// The text gets longer than it may be.
    TooLong,
}

impl From<DecodeError> for Unprinted {
    fn from(error: DecodeError) -> Self {
        Unprinted::Bytes(error)
    }
}

/// Floats that are written before it is asked whether there is room for more.
const STRETCH: usize = 1024;

/// The next member of `space` in `reader`.
///
/// # Errors
/// [`Unprinted`]; `out` then ends anywhere.
pub fn put_next(space: &Space, reader: &mut ValueReader<'_>, print: Print, out: &mut Vec<u8>) -> Result<(), Unprinted> {
    print.room(0, out)?;
    match space {
        Space::Discrete { .. } => put_integer(reader.i64()?, out),
        Space::Box(space) => put_box(&space.shape, space.dtype, reader, print, out)?,
        Space::MultiDiscrete { nvec } => put_box(&[nvec.len()], DType::Int64, reader, print, out)?,
        Space::MultiBinary { n } => put_box(&[*n], DType::Uint8, reader, print, out)?,
        Space::Tuple { spaces } => put_all(spaces.iter(), reader, print, out)?,
        Space::Dict { spaces } => put_dict(spaces, reader, print, out)?,
        Space::Text { .. } => {
            let text = reader.text()?;
            print.room(text.len(), out)?;
            put_text(text, out);
        }
        Space::Sequence { space } => {
            let count = reader.count(space)?;
            put_all((0..count).map(|_| &**space), reader, print, out)?;
        }
        Space::OneOf { spaces } => {
            let space = reader.one_of(spaces)?;
            put_next(space, reader, print, out)?;
        }
        Space::None => out.extend_from_slice(b"null"),
        Space::Bool => put_flag(reader.u8()? != 0, out),
    }
    Ok(())
}

fn put_all<'a>(
    spaces: impl Iterator<Item = &'a Space>,
    reader: &mut ValueReader<'_>,
    print: Print,
    out: &mut Vec<u8>,
) -> Result<(), Unprinted> {
    try_put_list(spaces, out, |space, out| put_next(space, reader, print, out))
}

/// Its names stand in the order of their letters, each once, as in a `serde_json::Map`.
fn put_dict(
    spaces: &[(String, Space)],
    reader: &mut ValueReader<'_>,
    print: Print,
    out: &mut Vec<u8>,
) -> Result<(), Unprinted> {
    let (began, mut members, mut in_order) = (out.len(), Vec::with_capacity(spaces.len()), true);
    for (name, space) in spaces {
        let from = out.len() - began;
        out.push(b',');
        put_text(name, out);
        out.push(b':');
        put_next(space, reader, print, out)?;
        let member = (name.as_str(), from..out.len() - began);
        let place = members.partition_point(|(known, _): &(&str, Range<usize>)| *known < name.as_str());
        in_order &= place == members.len();
        match members.get_mut(place).filter(|known| known.0 == name) {
            Some(known) => *known = member,
            None => members.insert(place, member),
        }
    }
    if !in_order {
        let written = out.split_off(began);
        members.into_iter().for_each(|(_, at)| out.extend_from_slice(written.get(at).unwrap_or_default()));
    }
    match out.get_mut(began) {
        Some(comma) => *comma = b'{',
        None => out.push(b'{'),
    }
    out.push(b'}');
    Ok(())
}

/// Nested lists by the shape.
fn put_box(
    shape: &[usize],
    dtype: DType,
    reader: &mut ValueReader<'_>,
    print: Print,
    out: &mut Vec<u8>,
) -> Result<(), Unprinted> {
    print.room(0, out)?;
    let [size, inner @ ..] = shape else {
        match dtype {
            DType::Float32 => put_number(reader.f32()?.into(), print.number, out),
            DType::Float64 => put_number(reader.f64()?, print.number, out),
            DType::Uint8 => put_integer(reader.u8()?.into(), out),
            DType::Int8 => put_integer(reader.i8()?.into(), out),
            DType::Int32 => put_integer(reader.i32()?.into(), out),
            DType::Int64 => put_integer(reader.i64()?, out),
        }
        return Ok(());
    };
    if inner.is_empty() && *size > 0 && matches!(dtype, DType::Float32 | DType::Float64) {
        out.push(b'[');
        let bytes = reader.bytes(size.saturating_mul(dtype.size()))?;
        for bytes in bytes.chunks(STRETCH * dtype.size()) {
            print.room(0, out)?;
            if dtype == DType::Float32 {
                put_f32s(bytes, print.number, out);
            } else {
                put_f64s(bytes, print.number, out);
            }
        }
        if let Some(last) = out.last_mut() {
            *last = b']';
        }
        return Ok(());
    }
    try_put_list(0..*size, out, |_, out| put_box(inner, dtype, reader, print, out))
}

#[cfg(test)]
mod tests {
    use palaestra_env::{BoxSpace, SeededRng, Tensor, Value, ValueWriter};
    use palaestra_text::json::write_number;

    use super::*;
    use crate::members::to_json;

    const ANY: Print = Print { number: write_number, most: usize::MAX };

    fn text(put: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        put(&mut out);
        String::from_utf8(out).unwrap()
    }

    /// A whole number in place of nearly every other; the sign of a zero counts.
    fn in_planes<T: From<i8> + std::ops::Neg<Output = T>>(value: &mut T, rng: &mut SeededRng) {
        match rng.integers(0, 60) {
            0 => {}
            1 => *value = -T::from(0),
            2 => *value = T::from(-1),
            3 => *value = T::from(9),
            4 => *value = T::from(10),
            other => *value = T::from((other % 2) as i8),
        }
    }

    #[test]
    fn a_member_reads_as_serde_json_prints_it() {
        let boxed = |dtype| Space::Box(BoxSpace::uniform(-9.0, 99.0, &[2, 1, 3], dtype));
        let planes = |dtype| Space::Box(BoxSpace::uniform(0.0, 1.0, &[3, 37], dtype));
        let dtypes = [DType::Float32, DType::Float64, DType::Uint8, DType::Int8, DType::Int32, DType::Int64];
        let spaces = dtypes.map(boxed).into_iter().chain([
            Space::discrete(300),
            planes(DType::Float32),
            planes(DType::Float64),
            Space::Discrete { n: 10, start: i64::MIN },
            Space::MultiDiscrete { nvec: vec![7, 1000] },
            Space::MultiBinary { n: 3 },
            Space::dict([
                ("zebra", Space::tuple([Space::Bool, Space::None])),
                ("ant", Space::optional(boxed(DType::Float32))),
                ("Bee", Space::sequence(Space::Bool)),
                ("empty", Space::dict([])),
            ]),
            Space::Dict { spaces: ["b", "a", "b"].map(|name| (name.to_owned(), Space::discrete(300))).to_vec() },
            Space::Dict { spaces: ["a", "a"].map(|name| (name.to_owned(), Space::discrete(300))).to_vec() },
        ]);
        let mut rng = SeededRng::new(3);
        for space in spaces {
            for _ in 0..100 {
                let mut value = Value::sample(&space, &mut rng);
                // As observations in planes are: zeros and ones, and now and then another number.
                match &mut value {
                    Value::Tensor(Tensor::F32(values)) => {
                        values.iter_mut().for_each(|value| in_planes(value, &mut rng))
                    }
                    Value::Tensor(Tensor::F64(values)) => {
                        values.iter_mut().for_each(|value| in_planes(value, &mut rng))
                    }
                    _ => {}
                }
                let mut bytes = ValueWriter::new();
                bytes.value(&value);
                let mut reader = ValueReader::new(bytes.bytes());
                let found = text(|out| put_next(&space, &mut reader, ANY, out).unwrap());
                assert_eq!(reader.left(), 0, "{space}");
                assert_eq!(found, to_json(&space, &value).to_string(), "{space}");
            }
        }
    }

    #[test]
    fn bytes_that_end_too_early_are_an_error_wherever_they_end() {
        let space = Space::dict([
            ("image", Space::Box(BoxSpace::uniform(0.0, 1.0, &[2, 2], DType::Float32))),
            ("names", Space::sequence(Space::optional(Space::text(9)))),
        ]);
        let name = |text: &str| Value::OneOf(1, Box::new(Value::Text(text.to_owned())));
        let image = Value::Tensor(Tensor::F32(vec![0.5; 4]));
        let value = Value::Dict(vec![image, Value::Sequence(vec![name("a"), name("bc")])]);
        let mut bytes = ValueWriter::new();
        bytes.value(&value);
        for len in 0..bytes.len() {
            let mut reader = ValueReader::new(&bytes.bytes()[..len]);
            assert!(put_next(&space, &mut reader, ANY, &mut Vec::new()).is_err(), "{len}");
        }
    }
}
