//! Streams of records, cut anywhere: what is whole is there, and verifies as unfinished.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failure is the message")]
#[path = "common/mod.rs"]
mod common;

use common::Session;
use palaestra_env::{BoxSpace, DType, Space, Spec, Value};
use palaestra_record::{ChunkError, Limits, Reader, Record, Recorder, Stream, StreamError, verify, write_stream};

/// A session as a stream, its chunks of so many bytes, and how many steps there are up to each byte.
struct Streamed {
    bytes: Vec<u8>,
    /// How long the stream was after each step.
    after: Vec<usize>,
    head: usize,
}

fn streamed(session: &Session, chunk_bytes: usize) -> Streamed {
    let record: Record = session.recorder.record();
    let header = serde_json::to_string(&session.header).unwrap();
    let metrics = common::METRICS.map(str::to_owned);
    let mut bytes = Stream::head(&header, &session.env.spec().to_bytes(), &metrics);
    let head = bytes.len();
    let mut after = Vec::new();
    let mut recorder = Recorder::with_chunk_bytes(session.env.spec().agents.len(), chunk_bytes);
    let (mut sealed, mut reader) = (Vec::new(), palaestra_record::RecordReader::new());
    for chunk in record.chunks() {
        reader.chunk(chunk.clone()).unwrap();
        while let Some(entry) = reader.next_entry().unwrap() {
            let mut stepped = false;
            match entry {
                palaestra_record::Entry::Reset { seed, options, returns } => recorder.reset(seed, options, returns),
                palaestra_record::Entry::Step { actions, returns, metrics, hash } => {
                    let metrics: Vec<f64> = metrics.iter().collect();
                    recorder.step(actions, returns, &metrics, hash).unwrap();
                    stepped = true;
                }
                palaestra_record::Entry::Event(json) => recorder.event(json),
            }
            sealed.extend(std::iter::from_fn(|| recorder.take_sealed()).flatten());
            if stepped {
                after.push(head + sealed.len() + recorder.unsealed().1.len());
            }
        }
    }
    recorder.seal();
    sealed.extend(std::iter::from_fn(|| recorder.take_sealed()).flatten());
    bytes.extend(sealed);
    Streamed { bytes, after, head }
}

/// Twelve episodes of the counter, with what else is in records.
fn session() -> Session {
    let mut session = Session::new("Counter-v0");
    for episode in 0..12 {
        session.reset(Some(episode), r#"{"start":-2}"#);
        session.recorder.event(r#"{"state":"playing","time":12.5}"#);
        for _ in 0..7 {
            session.step(&[Value::Discrete(1)], &[1.5, f64::NAN]);
        }
    }
    session
}

#[test]
fn what_is_whole_of_a_stream_cut_anywhere_is_its_record_and_verifies_as_unfinished() {
    let session = session();
    for chunk_bytes in [0, 700, 1 << 20] {
        let Streamed { bytes, after, head } = streamed(&session, chunk_bytes);
        let every = if chunk_bytes == 700 { 1 } else { 37 };
        for cut in (head..=bytes.len()).step_by(every).chain([bytes.len()]) {
            let part = &bytes[..cut];
            // A chunk that has just been sealed may lack its checksum: its entries are there all the same.
            let expected = after.iter().filter(|length| **length <= cut).count() as u64;
            let stream = Stream::read(part).unwrap();
            assert!(!stream.finished);
            let found = stream.totals.steps;
            assert!(found == expected || found == expected + 1, "cut at {cut}: {found} of {expected} steps");
            if cut % 37 != 0 && cut != bytes.len() {
                continue;
            }
            let report = verify(part, common::make, Limits::default()).unwrap();
            assert_eq!((report.steps, report.unfinished), (found, true), "cut at {cut}");
        }
    }
}

#[test]
fn a_stream_with_its_end_is_the_record_as_it_is_handed_over() {
    let session = session();
    let mut bytes = streamed(&session, 900).bytes;
    let whole = bytes.len();
    let mut header = session.header.clone();
    header.rest.insert("reason".to_owned(), "complete".into());
    bytes.extend(Stream::end(&serde_json::to_string(&header).unwrap()));
    let stream = Stream::read(&bytes).unwrap();
    assert!(stream.finished);
    assert_eq!(stream.header.rest["reason"], "complete");
    let report = verify(&bytes[..], common::make, Limits::default()).unwrap();
    assert_eq!((report.steps, report.unfinished), (stream.totals.steps, false));
    // Without the end of it, nobody knows how it ended.
    for end in whole..bytes.len() {
        let cut = Stream::read(&bytes[..end]).unwrap();
        assert_eq!((cut.finished, cut.header.unfinished(), cut.totals), (false, true, stream.totals), "cut at {end}");
    }
}

#[test]
fn what_is_no_stream_is_told_so() {
    for bytes in [&b"PRS1"[..], b"PRS2\0\0\0\0", b"PRS1\xff\xff\xff\xff{}"] {
        assert_eq!(Stream::read(bytes).unwrap_err(), StreamError::NoHead);
    }
    let wrong = Stream::head("[]", &[], &[]);
    assert!(matches!(Stream::read(&wrong).unwrap_err(), StreamError::Header(_)));
    let failure = verify(&wrong[..], common::make, Limits::default()).unwrap_err();
    assert!(failure.to_string().contains("the stream's header: expected"), "{failure}");
}

/// The lines of a stream, or what is wrong with it.
fn text(bytes: &[u8]) -> Result<String, String> {
    let mut text = Vec::new();
    let stream = Stream::read(bytes).map_err(|error| error.to_string())?;
    write_stream(stream, &mut text).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(text).unwrap())
}

#[test]
fn a_change_of_any_byte_is_told_and_nothing_behind_it_is_lost_unsaid() {
    let session = session();
    let Streamed { mut bytes, head, .. } = streamed(&session, 700);
    let end = bytes.len() + 8;
    bytes.extend(Stream::end(&serde_json::to_string(&session.header).unwrap()));
    let whole = text(&bytes).unwrap();
    for at in head..end {
        for flip in [1, 0x40, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            let found = text(&changed);
            assert!(found.is_err() || found.as_ref() == Ok(&whole), "byte {at} of {end} changed by {flip}");
        }
    }
}

#[test]
fn a_chunk_that_is_missing_stands_twice_or_in_another_place_is_told() {
    let session = session();
    let Streamed { bytes, head, .. } = streamed(&session, 700);
    let stream = Stream::read(&bytes).unwrap();
    let (head, chunks) = (&bytes[..head], &stream.chunks);
    let told = |order: &[usize]| {
        let parts: Vec<&[u8]> = order.iter().map(|chunk| &chunks[*chunk][..]).collect();
        Stream::read(&[head, &parts.concat()].concat()).map(|stream| stream.totals).map_err(|error| error.to_string())
    };
    assert!(told(&[0, 1, 2]).is_ok());
    for (order, place) in [(&[0, 2][..], 1), (&[0, 1, 1], 2), (&[1, 0], 0), (&[0, 1, 3, 2], 2)] {
        assert!(told(order).unwrap_err().starts_with(&format!("chunk {place} of the record: expected it after")));
    }
    let damaged = |rest: &[u8]| Stream::read(&[head, &chunks[0], rest].concat()).unwrap_err();
    assert_eq!(damaged(b"PRX1"), StreamError::Chunk(ChunkError::NotAChunk { chunk: 1 }));
    assert_eq!(damaged(&[0; 99]), StreamError::Chunk(ChunkError::NotAChunk { chunk: 1 }));
    // Of the chunk, its last checksum, and what follows it.
    let cut = &chunks[1][..chunks[1].len() - 30];
    assert_eq!(damaged(&[cut, &chunks[2]].concat()), StreamError::Chunk(ChunkError::Damaged { chunk: 1 }));
}

/// What is said of a stream of which a spec of its own says what its only reset returned.
fn told(observation: Space, returns: &[u8]) -> String {
    let mut recorder = Recorder::new(1);
    recorder.reset(Some(1), "", &[&[0; 9], returns].concat());
    stream_told(Spec::single("Own-v0", Space::None, observation), recorder)
}

fn stream_told(spec: Spec, recorder: Recorder) -> String {
    let header = r#"{"type":"header","env_id":"Own-v0"}"#;
    let mut bytes = Stream::head(header, &spec.to_bytes(), &[]);
    recorder.into_record().chunks().iter().for_each(|chunk| bytes.extend(chunk));
    let read = Reader::new(&bytes[..], Limits::default()).find_map(Result::err).unwrap().to_string();
    let written = match Stream::read(&bytes) {
        Ok(stream) => write_stream(stream, &mut std::io::sink()).unwrap_err().to_string(),
        Err(error) => error.to_string(),
    };
    assert!(read.ends_with(&written), "{read}; {written}");
    written
}

#[test]
fn a_few_bytes_whose_spec_says_that_they_are_much_are_refused() {
    let boxed = |shape: &[usize], dtype| Space::Box(BoxSpace::uniform(0.0, 1.0, shape, dtype));
    let most = u32::MAX as usize;
    let long = "entry 0: expected a line of at most 16777216 bytes, found a longer one";
    for shape in [&[most, 0][..], &[most, most, 0], &[1 << 20, 1 << 20, 0]] {
        assert_eq!(told(boxed(shape, DType::Uint8), &[]), long, "{shape:?}");
    }
    assert_eq!(
        told(Space::sequence(Space::sequence(Space::None)), &[&[0, 1, 0, 0], &[255; 1 << 10][..]].concat()),
        long
    );
    let nothing = Space::Tuple { spaces: vec![Space::None; 60_000] };
    assert_eq!(told(Space::sequence(Space::sequence(nothing)), &[&[2, 0, 0, 0], &[255; 8][..]].concat()), long);
    for dtype in [DType::Uint8, DType::Float64] {
        let truncated = told(boxed(&[most], dtype), &[0; 100]);
        assert!(truncated.contains("the bytes end inside a value"), "{truncated}");
    }
    // A box of so many sides nests as many lists, and no number counts the elements of the other.
    assert!(told(boxed(&[1; 100_000], DType::Uint8), &[0]).contains("the stream's spec"));
    let truncated = told(Space::sequence(boxed(&[most; 3], DType::Uint8)), &[255; 4]);
    assert!(truncated.contains("the bytes end inside a value"), "{truncated}");
    assert_eq!(told(boxed(&[1 << 23], DType::Float32), &vec![0; 1 << 25]), long);
    assert_eq!(told(Space::text(9), &[&(1_u32 << 25).to_le_bytes()[..], &vec![1; 1 << 25]].concat()), long);
}

#[test]
fn members_of_which_nothing_is_written_take_no_longer_than_what_is() {
    let nothing = Space::Tuple { spaces: [Space::Bool].into_iter().chain(vec![Space::None; 60_000]).collect() };
    let space = Space::dict([("b", Space::sequence(nothing)), ("a", Space::None)]);
    let returns = [&(1_u32 << 24).to_le_bytes()[..], &vec![0; 1 << 24]].concat();
    assert!(told(space, &returns).contains("expected a line of at most"));
}

#[test]
fn events_and_options_without_end_are_refused() {
    let spec = || Spec::single("Own-v0", Space::None, Space::None);
    let mut recorder = Recorder::new(1);
    recorder.event(&"\u{1}".repeat(17 << 20));
    assert!(stream_told(spec(), recorder).contains("entry 0: expected a line of at most"));
    let mut recorder = Recorder::new(1);
    recorder.reset(None, &format!("{{\"a\":\"{}\"}}", "a".repeat(17 << 20)), &[0; 9]);
    assert!(stream_told(spec(), recorder).contains("entry 0: expected a line of at most"));
}

#[test]
fn a_row_that_says_it_is_long_is_none() {
    // Of its length nearly all stands for words of zeros.
    let length = 65 << 20_usize;
    let error = told(Space::MultiBinary { n: length }, &vec![0; length]);
    assert!(error.contains("chunk 0 of the record"), "{error}");
}

#[test]
fn a_head_without_end_is_refused() {
    let header = r#"{"type":"header","env_id":"Own-v0"}"#;
    let deep = format!(r#"{{"type":"header","env_id":"Own-v0","x":[{}[]]}}"#, "[],".repeat(1 << 20));
    let long = format!(r#"{{"type":"header","env_id":"Own-v0","x":"{}"}}"#, "x".repeat(17 << 20));
    let names = vec!["name".to_owned(); 1 << 20];
    for (bytes, told) in [
        (
            Stream::head(&deep, &[], &[]),
            "the stream's header: expected a record's header, found: values that take more",
        ),
        (Stream::head(&long, &[], &[]), "the stream's header: expected at most 16777216 bytes"),
        (Stream::head(header, &vec![9; 17 << 20], &[]), "the stream's spec: expected at most 16777216 bytes"),
        (Stream::head(header, &[], &names), "the stream's names of metrics: expected at most 65536 bytes"),
    ] {
        let error = Stream::read(&bytes).unwrap_err().to_string();
        assert!(error.starts_with(told), "{error}");
    }
}
