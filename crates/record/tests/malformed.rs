//! Whatever a file holds, reading it ends in lines or in an error that names what is wrong and where.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod common;

use std::io::{self, BufReader, Read};

use common::{METRICS, changed, counter_record, duel_record, lines, make, replay};
use palaestra_record::header::FieldError;
use palaestra_record::{Failure, Header, Limits, ReadError, Reader, Record, compress, verify, write_jsonl};
use proptest::prelude::*;
use serde_json::json;

fn malformed(file: impl AsRef<[u8]>) -> ReadError {
    match replay(file) {
        Err(Failure::Malformed(error)) => error,
        other => panic!("expected a malformed file, found {other:?}"),
    }
}

fn with_line(number: usize, text: &str) -> String {
    let record = counter_record();
    let mut lines: Vec<&str> = record.lines().collect();
    lines.insert(number - 1, text);
    lines.join("\n")
}

#[test]
fn an_empty_file_has_no_header() {
    for file in [Vec::new(), b"\n \r\n\n".to_vec(), compress(b"").unwrap()] {
        assert_eq!(malformed(file), ReadError::Empty);
    }
}

#[test]
fn a_line_that_is_no_object_is_named_with_its_number() {
    let error = malformed(with_line(4, "{\"type\":\"step\","));
    assert!(matches!(error, ReadError::NotJson { line: 4, .. }), "{error}");
    let error = malformed(with_line(4, "[NaN"));
    assert!(matches!(error, ReadError::NotJson { line: 4, .. }), "{error}");
    let error = malformed(with_line(5, "[1,2]"));
    assert_eq!(error.to_string(), "line 5: expected a JSON object, found [1,2]");
    let deep = format!("{{\"type\":\"note\",\"x\":{}}}", "[".repeat(100_000));
    assert!(matches!(malformed(with_line(2, &deep)), ReadError::NotJson { line: 2, .. }));
    let mut bytes = counter_record().into_bytes();
    bytes.extend(b"\xff\xfe\n");
    assert_eq!(malformed(bytes), ReadError::NotUtf8 { line: 15 });
    assert_eq!(malformed(b"\x89PNG\r\n"), ReadError::NotUtf8 { line: 1 });
}

#[test]
fn the_header_comes_first_and_once_and_nothing_after_the_end() {
    let record = counter_record();
    let error = malformed(record.split_once('\n').unwrap().1);
    assert_eq!(error, ReadError::NoHeader { line: 1, found: "event".to_owned() });
    let header = record.lines().next().unwrap();
    assert_eq!(malformed(with_line(3, header)), ReadError::SecondHeader { line: 3 });
    let step = record.lines().nth(3).unwrap();
    assert_eq!(malformed(with_line(15, step)), ReadError::AfterEnd { line: 15, found: "step".to_owned() });
    assert!(replay(with_line(15, r#"{"type":"note","after":"the end"}"#)).is_ok());
}

#[test]
fn a_missing_field_is_named_with_its_line() {
    let record = counter_record();
    for (line, fields) in [
        (0, &["env_id", "type"][..]),
        (2, &["t", "obs", "type"]),
        (3, &["t", "action", "obs", "reward", "terminated", "truncated"]),
        (13, &["steps"]),
    ] {
        for field in fields {
            let error = malformed(changed(&record, line, |json| drop(json.as_object_mut().unwrap().remove(*field))));
            let expected = FieldError::Missing { field };
            let matches = matches!(&error, ReadError::Field { line: at, error, .. }
                if *at == line as u64 + 1 && *error == expected);
            assert!(matches, "{field}: {error}");
        }
    }
}

#[test]
fn a_field_of_the_wrong_type_is_named_with_what_was_expected() {
    let record = counter_record();
    for (line, field, value, expected) in [
        (0, "env_id", json!(7), "a string"),
        (0, "kwargs", json!([]), "an object"),
        (0, "package", json!({}), "a string"),
        (0, "n_steps", json!(1.5), "an integer from 0 to 2^64 - 1"),
        (2, "seed", json!(-1), "an integer from 0 to 2^64 - 1"),
        (8, "options", json!("start"), "an object"),
        (3, "t", json!("1"), "an integer from 0 to 2^64 - 1"),
        (3, "info", json!([]), "an object"),
        (3, "metrics", json!(1), "an object"),
        (3, "hash", json!("123"), "16 hexadecimal digits"),
        (3, "hash", json!("+123456789abcdef"), "16 hexadecimal digits"),
        (13, "steps", json!(1e300), "an integer from 0 to 2^64 - 1"),
    ] {
        let found = value.to_string();
        match malformed(changed(&record, line, |json| json[field] = value)) {
            ReadError::Field { line: at, error, .. } => {
                assert_eq!(at, line as u64 + 1);
                assert_eq!(error.to_string(), format!("field `{field}`: expected {expected}, found {found}"));
            }
            other => panic!("{field}: {other}"),
        }
    }
}

#[test]
fn numbers_as_python_writes_them_are_read() {
    let record = changed(&duel_record(), 2, |step| step["reward"][0] = json!("NaN"));
    let python = record.replace("\"NaN\"", "NaN");
    assert_ne!(record, python);
    match replay(python) {
        Err(Failure::Difference(difference)) => {
            assert_eq!((difference.field.as_str(), difference.expected), ("reward[0]", Some(json!("NaN"))));
        }
        other => panic!("{other:?}"),
    }
    assert!(replay(with_line(2, r#"{"type":"note","loss":[NaN,-Infinity,Infinity]}"#)).is_ok());
}

#[test]
fn a_damaged_archive_is_told_apart_from_one_that_was_cut() {
    let packed = compress(counter_record().as_bytes()).unwrap();
    for len in [5, packed.len() / 2, packed.len() - 1] {
        let error = malformed(&packed[..len]);
        assert!(matches!(error, ReadError::TruncatedGzip { .. }), "{len}: {error}");
    }
    let mut damaged = packed.clone();
    let last = damaged.len() - 6;
    damaged[last] ^= 1;
    assert!(matches!(malformed(damaged), ReadError::Gzip { .. }));
    assert!(matches!(malformed(b"\x1f is no archive"), ReadError::Gzip { line: 1, .. }));
}

#[test]
fn a_file_that_cannot_be_read_on_is_told_with_the_reason() {
    struct Breaking;
    impl Read for Breaking {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::new(io::ErrorKind::ConnectionReset, "the disk is gone"))
        }
    }
    let record = counter_record();
    let read = BufReader::new(record.as_bytes()[..1_000].chain(Breaking));
    match verify(read, make, Limits::default()) {
        Err(Failure::Malformed(ReadError::Io { line, kind, message })) => {
            let expected = record[..1_000].matches('\n').count() as u64 + 1;
            assert_eq!((line, kind, message.as_str()), (expected, io::ErrorKind::ConnectionReset, "the disk is gone"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_line_without_end_and_a_file_without_end_are_left_alone_at_their_limits() {
    let limits = Limits { line: 1_000, total: 20_000, ..Limits::default() };
    let endless = |text: &'static str| BufReader::new(text.as_bytes().chain(io::repeat(b' ')));
    let error = verify(endless("{\"type\":\"header\",\"env_id\":\"Counter-v0\"}\n"), make, limits).unwrap_err();
    assert_eq!(error, Failure::Malformed(ReadError::LongLine { line: 2, limit: 1_000 }));
    let bomb = compress(&vec![b'\n'; 1 << 20]).unwrap();
    let error = verify(&bomb[..], make, limits).unwrap_err();
    assert_eq!(error, Failure::Malformed(ReadError::LongFile { line: 20_001, limit: 20_000 }));
    let padded = format!("{}\n", " ".repeat(900)).repeat(30);
    let error = verify(padded.as_bytes(), make, limits).unwrap_err();
    assert!(matches!(error, Failure::Malformed(ReadError::LongFile { line: 23, .. })), "{error}");
}

#[test]
fn a_reader_ends_after_its_first_error() {
    let text = with_line(4, "?");
    let items: Vec<_> = Reader::new(text.as_bytes(), Limits::default()).collect();
    assert_eq!(items.len(), 4);
    assert!(items[..3].iter().all(Result::is_ok) && items[3].is_err());
}

/// Bytes with some of them replaced, removed or doubled.
fn mutated(bytes: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..6).prop_map(move |changes| {
        let mut bytes = bytes.clone();
        for (index, value, how) in changes {
            let at = index.index(bytes.len());
            match how {
                0 => bytes[at] = value,
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, value),
            }
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_damaged_record_never_panics(file in mutated(counter_record().into_bytes())) {
        let _ = replay(file);
    }

    #[test]
    fn a_damaged_archive_never_panics(file in mutated(compress(counter_record().as_bytes()).unwrap())) {
        let _ = replay(file);
    }

    #[test]
    fn damaged_chunks_are_an_error_wherever_the_damage_is(bytes in mutated(sample_chunk())) {
        prop_assume!(bytes != sample_chunk());
        prop_assert!(Record::from_chunks(vec![bytes]).is_err());
    }

    #[test]
    fn any_entries_are_a_record_or_an_error_even_where_the_checksum_is_right(mut bytes in mutated(sample_chunk())) {
        bytes.truncate(bytes.len().saturating_sub(8));
        bytes.extend(xxhash_rust::xxh64::xxh64(&bytes, 0).to_le_bytes());
        if let Ok(record) = Record::from_chunks(vec![bytes]) {
            let env = make("Counter-v0", &Default::default()).unwrap();
            let header = Header::new("Counter-v0", Default::default(), None);
            let mut text = Vec::new();
            if write_jsonl(&header, env.spec(), &record, &METRICS, &mut text).is_ok() {
                let text = String::from_utf8(text).unwrap();
                prop_assert_eq!(lines(&text).len() as u64, record.totals().entries + 2);
            }
        }
    }

    #[test]
    fn any_bytes_are_a_chunk_or_an_error(earlier in any::<bool>(), mut bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        bytes.splice(0..0, if earlier { *b"PRC1" } else { *b"PRC2" });
        bytes.extend(xxhash_rust::xxh64::xxh64(&bytes, 0).to_le_bytes());
        let _ = Record::from_chunks(vec![bytes]);
    }
}

fn sample_chunk() -> Vec<u8> {
    let mut session = common::Session::new("Counter-v0");
    session.reset(Some(3), r#"{"start":1}"#);
    for _ in 0..4 {
        session.step(&[palaestra_env::Value::Discrete(1)], &[0.5, 2.5]);
    }
    session.recorder.event("{}");
    session.recorder.sealed_copy().unwrap()
}
