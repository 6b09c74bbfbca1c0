//! Members of spaces as JSON text, byte for byte what `serde_json` prints of [`to_json`](super::to_json), straight from their bytes.
use palaestra_env::codec::DecodeError;
use palaestra_env::{DType, Space, ValueReader};
use palaestra_text::json::{WriteNumber, put_f32s, put_f64s, put_flag, put_integer, put_list, put_number, put_text};

/// The next member of `space` in `reader`.
///
/// # Errors
/// [`DecodeError`] where the bytes do not hold a member's shape; `out` then ends anywhere.
pub fn put_next(
    space: &Space,
    reader: &mut ValueReader<'_>,
    number: WriteNumber,
    out: &mut Vec<u8>,
) -> Result<(), DecodeError> {
    match space {
        Space::Discrete { .. } => put_integer(reader.i64()?, out),
        Space::Box(space) => put_box(&space.shape, space.dtype, reader, number, out)?,
        Space::MultiDiscrete { nvec } => put_box(&[nvec.len()], DType::Int64, reader, number, out)?,
        Space::MultiBinary { n } => put_box(&[*n], DType::Uint8, reader, number, out)?,
        Space::Tuple { spaces } => put_all(spaces.iter(), reader, number, out)?,
        Space::Dict { spaces } => put_dict(spaces, reader, number, out)?,
        Space::Text { .. } => put_text(reader.text()?, out),
        Space::Sequence { space } => {
            let count = reader.count(space)?;
            put_all((0..count).map(|_| &**space), reader, number, out)?;
        }
        Space::OneOf { spaces } => {
            let space = reader.one_of(spaces)?;
            put_next(space, reader, number, out)?;
        }
        Space::None => out.extend_from_slice(b"null"),
        Space::Bool => put_flag(reader.u8()? != 0, out),
    }
    Ok(())
}

fn put_all<'a>(
    spaces: impl Iterator<Item = &'a Space>,
    reader: &mut ValueReader<'_>,
    number: WriteNumber,
    out: &mut Vec<u8>,
) -> Result<(), DecodeError> {
    let mut done = Ok(());
    put_list(spaces, out, |space, out| {
        if done.is_ok() {
            done = put_next(space, reader, number, out);
        }
    });
    done
}

/// Its names stand in the order of their letters, each once, as in a `serde_json::Map`.
fn put_dict(
    spaces: &[(String, Space)],
    reader: &mut ValueReader<'_>,
    number: WriteNumber,
    out: &mut Vec<u8>,
) -> Result<(), DecodeError> {
    let mut members = Vec::with_capacity(spaces.len());
    for (name, space) in spaces {
        let place = members.partition_point(|(known, ..): &(&str, _, _)| *known < name.as_str());
        let member = (name.as_str(), space, reader.clone());
        reader.skip(space)?;
        match members.get_mut(place).filter(|known| known.0 == name) {
            Some(known) => *known = member,
            None => members.insert(place, member),
        }
    }
    let mut before = b'{';
    for (name, space, mut reader) in members {
        out.push(before);
        put_text(name, out);
        out.push(b':');
        put_next(space, &mut reader, number, out)?;
        before = b',';
    }
    if before == b'{' {
        out.push(before);
    }
    out.push(b'}');
    Ok(())
}

/// Nested lists by the shape.
fn put_box(
    shape: &[usize],
    dtype: DType,
    reader: &mut ValueReader<'_>,
    number: WriteNumber,
    out: &mut Vec<u8>,
) -> Result<(), DecodeError> {
    let [size, inner @ ..] = shape else {
        match dtype {
            DType::Float32 => put_number(reader.f32()?.into(), number, out),
            DType::Float64 => put_number(reader.f64()?, number, out),
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
        if dtype == DType::Float32 {
            put_f32s(bytes, number, out);
        } else {
            put_f64s(bytes, number, out);
        }
        if let Some(last) = out.last_mut() {
            *last = b']';
        }
        return Ok(());
    }
    let mut done = Ok(());
    put_list(0..*size, out, |_, out| {
        if done.is_ok() {
            done = put_box(inner, dtype, reader, number, out);
        }
    });
    done
}

#[cfg(test)]
mod tests {
    use palaestra_env::{BoxSpace, SeededRng, Tensor, Value, ValueWriter};
    use palaestra_text::json::write_number;

    use super::*;
    use crate::members::to_json;

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
                let found = text(|out| put_next(&space, &mut reader, write_number, out).unwrap());
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
            assert!(put_next(&space, &mut reader, write_number, &mut Vec::new()).is_err(), "{len}");
        }
    }
}
