//! Members of spaces as bytes, and back: whatever there was before, and whatever the bytes claim.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_env::codec::DecodeError;
use palaestra_env::{BoxSpace, DType, SeededRng, Space, Tensor, Value, ValueReader, ValueWriter};

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
