//! Members of spaces as bytes, and back: whatever there was before, and whatever the bytes claim.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_env::codec::{DecodeError, fixed_size};
use palaestra_env::{BoxSpace, DType, SeededRng, Space, Tensor, Truncated, Value, ValueReader, ValueWriter};

fn bytes_of(value: &Value) -> Vec<u8> {
    let mut writer = ValueWriter::new();
    writer.value(value);
    writer.bytes().to_vec()
}

fn spaces() -> Vec<Space> {
    let boxes = [DType::Float32, DType::Float64, DType::Uint8, DType::Int8, DType::Int32, DType::Int64];
    let mut spaces: Vec<Space> =
        boxes.map(|dtype| Space::Box(BoxSpace::uniform(-9.0, 9.0, &[2, 4], dtype))).into_iter().collect();
    spaces.extend([
        Space::Discrete { n: 9, start: -4 },
        Space::MultiDiscrete { nvec: vec![20, 10, 7] },
        Space::MultiBinary { n: 9 },
        Space::optional(Space::Bool),
        Space::tuple([Space::discrete(50), Space::Bool]),
        Space::tuple([Space::discrete(50)]),
        Space::dict([("one", Space::text(3)), ("two", Space::None)]),
    ]);
    spaces
}

#[test]
fn a_value_is_read_into_whatever_there_was_before() {
    let members: Vec<(Space, Value)> =
        spaces().into_iter().map(|space| (space.clone(), Value::sample(&space, &mut SeededRng::new(7)))).collect();
    for (space, value) in &members {
        let bytes = bytes_of(value);
        for (_, before) in &members {
            let mut into = before.clone();
            let mut reader = ValueReader::new(&bytes);
            reader.read_into(space, &mut into).unwrap();
            assert_eq!((&into, reader.left()), (value, 0), "{space} into {before}");
        }
        let mut reader = ValueReader::new(&bytes);
        reader.skip(space).unwrap();
        assert_eq!(reader.left(), 0, "{space}");
        for end in 0..bytes.len() {
            assert!(ValueReader::new(&bytes[..end]).read_into(space, &mut Value::blank(space)).is_err(), "{space}");
        }
    }
}

#[test]
fn a_tensor_keeps_its_memory() {
    let space = Space::Box(BoxSpace::uniform(-9.0, 9.0, &[500], DType::Float32));
    let mut value = Value::blank(&space);
    let place = |value: &Value| match value {
        Value::Tensor(Tensor::F32(numbers)) => numbers.as_ptr(),
        other => panic!("expected numbers, found {other}"),
    };
    let before = place(&value);
    for seed in 0..3 {
        let next = Value::sample(&space, &mut SeededRng::new(seed));
        ValueReader::new(&bytes_of(&next)).read_into(&space, &mut value).unwrap();
        assert_eq!((place(&value), &value), (before, &next));
    }
}

#[test]
fn a_sequence_has_at_most_as_many_members_as_there_are_bytes() {
    let space = Space::sequence(Space::Bool);
    let bytes = bytes_of(&Value::Sequence(vec![Value::Bool(true), Value::Bool(false), Value::Bool(true)]));
    assert_eq!(ValueReader::new(&bytes).read(&space).map(|value| bytes_of(&value)), Ok(bytes.clone()));
    let mut claims = bytes;
    claims[0] = 4;
    let truncated = ValueReader::new(&claims).read(&space).unwrap_err();
    let DecodeError::Truncated(truncated) = truncated else { panic!("expected too few bytes, found {truncated}") };
    assert_eq!((truncated.needed, truncated.left), (4, 3), "it is the count that is not believed");
}

#[test]
fn a_long_sequence_is_read_where_its_bytes_are_there() {
    let (space, count) = (Space::sequence(Space::Bool), 70_000);
    let bytes = bytes_of(&Value::Sequence(vec![Value::Bool(true); count]));
    let Value::Sequence(read) = ValueReader::new(&bytes).read(&space).unwrap() else { panic!("expected a sequence") };
    assert_eq!(read, vec![Value::Bool(true); count]);
    let short = ValueReader::new(&bytes[..bytes.len() - 1]).read(&space).unwrap_err();
    let DecodeError::Truncated(truncated) = short else { panic!("expected too few bytes, found {short}") };
    assert_eq!((truncated.needed, truncated.left), (count, count - 1), "before any of them is read");
}

/// Of such a sequence only the count takes bytes.
#[test]
fn members_that_take_no_bytes_are_read_without_any() {
    let empty = Space::Box(BoxSpace::uniform(0.0, 1.0, &[0], DType::Float32));
    let nothing = [
        Space::None,
        empty,
        Space::MultiDiscrete { nvec: Vec::new() },
        Space::MultiBinary { n: 0 },
        Space::tuple([Space::None, Space::None]),
        Space::dict([("a", Space::None)]),
    ];
    for member in nothing {
        let space = Space::sequence(member.clone());
        let bytes = bytes_of(&Value::Sequence(vec![Value::blank(&member); 3]));
        let mut reader = ValueReader::new(&bytes);
        let Ok(Value::Sequence(read)) = reader.read(&space) else { panic!("expected three of {member}") };
        assert_eq!((read.len(), reader.left()), (3, 0), "{member}");
        let mut reader = ValueReader::new(&bytes);
        reader.skip(&space).unwrap();
        assert_eq!(reader.left(), 0, "{member}");
    }
    for member in [Space::MultiBinary { n: 1 }, Space::tuple([Space::None, Space::Bool])] {
        let claims = 3_u32.to_le_bytes();
        let mut reader = ValueReader::new(&claims);
        assert!(reader.clone().read(&Space::sequence(member.clone())).is_err(), "{member}");
        assert!(reader.skip(&Space::sequence(member.clone())).is_err(), "{member}");
    }
}

#[test]
fn a_sequence_is_skipped_with_its_members() {
    let value = Value::Sequence(vec![Value::Discrete(3); 3]);
    let mut bytes = bytes_of(&value);
    bytes.push(9);
    let mut reader = ValueReader::new(&bytes);
    reader.skip(&Space::sequence(Space::discrete(9))).unwrap();
    assert_eq!(reader.u8(), Ok(9));
}

#[test]
fn spaces_are_told_in_words() {
    for (space, told) in [
        (Space::tuple([Space::Bool, Space::None]), "Tuple(bool, None)"),
        (Space::dict([("a", Space::Bool), ("b", Space::MultiBinary { n: 2 })]), "Dict(a: bool, b: MultiBinary(2))"),
        (Space::OneOf { spaces: vec![Space::None, Space::Bool] }, "OneOf(None, bool)"),
        (Space::MultiDiscrete { nvec: vec![2, 3] }, "MultiDiscrete([2, 3])"),
        (Space::sequence(Space::Bool), "Sequence(bool)"),
    ] {
        assert_eq!(space.to_string(), told);
    }
}

#[test]
fn numbers_outside_of_spaces_come_back_as_they_went_in() {
    let mut writer = ValueWriter::new();
    assert!(writer.is_empty());
    writer.f64s(&[-0.5]);
    writer.u8s(&[200]);
    writer.i8s(&[-3]);
    writer.i32s(&[-70_000]);
    writer.i64s(&[i64::MIN]);
    writer.f32s(&[1.5e-9]);
    writer.u8s(b"abc");
    assert_eq!((writer.len(), writer.is_empty()), (8 + 1 + 1 + 4 + 8 + 4 + 3, false));

    let mut reader = ValueReader::new(writer.bytes());
    assert_eq!((reader.f64(), reader.u8(), reader.i8()), (Ok(-0.5), Ok(200), Ok(-3)));
    assert_eq!((reader.i32(), reader.i64(), reader.f32()), (Ok(-70_000), Ok(i64::MIN), Ok(1.5e-9)));
    assert_eq!(reader.clone().finish(), Err(DecodeError::Trailing { left: 3 }));
    assert_eq!((reader.left(), reader.bytes(2)), (3, Ok(&b"ab"[..])));
    let truncated = DecodeError::Truncated(Truncated { needed: 2, left: 1 });
    assert_eq!(reader.bytes(2), Err(truncated.clone()));
    assert_eq!((reader.u8(), reader.finish()), (Ok(b'c'), Ok(())));
    writer.clear();
    assert_eq!(writer.bytes(), b"");

    assert_eq!(truncated.to_string(), "the bytes end inside a value: expected 2 more bytes, found 1");
    let trailing = DecodeError::Trailing { left: 3 };
    assert_eq!(trailing.to_string(), "expected the bytes to end with the value, found 3 more");
}

#[test]
fn members_of_a_kind_are_read_into_the_memory_of_the_last() {
    let long: Vec<i64> = (0..500).map(|i| i % 7).collect();
    let spaces = [
        (Space::MultiDiscrete { nvec: vec![7; 500] }, Value::MultiDiscrete(long)),
        (Space::MultiBinary { n: 500 }, Value::MultiBinary(vec![1; 500])),
        (Space::OneOf { spaces: vec![Space::Bool] }, Value::OneOf(0, Box::new(Value::Bool(true)))),
    ];
    let place = |value: &Value| match value {
        Value::MultiDiscrete(values) => values.as_ptr().cast::<u8>(),
        Value::MultiBinary(bits) => bits.as_ptr(),
        Value::OneOf(_, value) => std::ptr::from_ref::<Value>(value).cast(),
        other => panic!("expected one of three kinds, found {other}"),
    };
    for (space, value) in spaces {
        let mut into = value.clone();
        let before = place(&into);
        ValueReader::new(&bytes_of(&value)).read_into(&space, &mut into).unwrap();
        assert_eq!((place(&into), &into), (before, &value), "{space}");
    }
}

#[test]
fn a_size_is_told_where_all_members_have_it() {
    for space in spaces() {
        let sampled = bytes_of(&Value::sample(&space, &mut SeededRng::new(3))).len();
        let text = space.to_string();
        let varies = ["Text", "OneOf", "Sequence"].iter().any(|kind| text.contains(kind));
        assert_eq!(fixed_size(&space), (!varies).then_some(sampled), "{space}");
    }
    assert_eq!(fixed_size(&Space::sequence(Space::Bool)), None);
    assert_eq!(fixed_size(&Space::None), Some(0));
}
