//! What a session logs becomes a record that reads and replays as it was played.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod common;

use common::{
    METRICS, Session, changed, counter_record, duel_action, duel_record, foreign, joined, lines, make, replay,
};
use palaestra_env::Value;
use palaestra_record::write::TEXTS;
use palaestra_record::{
    ChunkError, FileWriter, Header, Limits, Line, LineError, Progress, Reader, Record, Recorder, Report, Verifier,
    WriteError, compress, write_jsonl,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

#[test]
fn a_session_becomes_a_header_its_events_resets_and_steps_and_an_end() {
    let lines = lines(&counter_record());
    let kinds: Vec<&str> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    let expected =
        ["header", "event", "reset", "step", "step", "step", "step", "step", "reset", "step", "step", "step"];
    assert_eq!(kinds[..12], expected);
    assert_eq!(kinds[12..], ["event", "end"]);
    assert_eq!(lines[0]["agents"], json!(["agent_0"]));
    assert_eq!(lines[0]["n_steps"], json!(8));
    assert_eq!(lines[1], json!({"type": "event", "t": 0, "event": {"state": "playing", "time": 12.5}}));
    assert_eq!((&lines[2]["t"], &lines[2]["seed"]), (&json!(0), &json!(42)));
    assert_eq!(lines[2].get("options"), None);
    assert_eq!(lines[3]["metrics"], json!({"t_input": 1.5, "t_painted": null}));
    assert_eq!(
        (&lines[8]["t"], &lines[8]["seed"], &lines[8]["options"]),
        (&json!(5), &Json::Null, &json!({"start": -2}))
    );
    assert_eq!(lines[9]["action"], json!(1));
    assert_eq!(lines[9]["obs"]["last"], json!([[0, [1, 0]]]));
    assert_eq!(lines[9]["obs"]["sign"], json!("minus"));
    assert_eq!(lines[10]["obs"]["grid"], json!([[1], [9]]));
    assert_eq!(lines[12], json!({"type": "event", "t": 8, "event": "not JSON"}));
    assert_eq!((&lines[13]["steps"], &lines[13]["episodes"]), (&json!(8), &json!(2)));
}

#[test]
fn whatever_somebody_noted_down_stands_in_a_line_that_is_read() {
    let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let heavy = format!("[{}0]", "{},".repeat(140_000));
    let mut recorder = Recorder::new(1);
    let as_they_are = [deep(126), format!(r#"{{"a":{}}}"#, deep(125)), "1e308".to_owned()];
    let as_texts = [deep(127), deep(200), format!(r#"{{"a":{},"a":1}}"#, deep(126)), r#""\ud800""#.to_owned()];
    let as_texts: Vec<String> =
        as_texts.into_iter().chain([r#"{"\udc00":1}"#.to_owned(), "1e999".to_owned(), heavy]).collect();
    as_they_are.iter().chain(&as_texts).for_each(|event| recorder.event(event));
    let header = Header::new("Counter-v0", Default::default(), None);
    let spec = make("Counter-v0", &Default::default()).unwrap().spec().clone();
    let mut text = Vec::new();
    write_jsonl(&header, &spec, &recorder.record(), &[], &mut text).unwrap();
    let events: Vec<Json> = Reader::new(&text[..], Limits::default())
        .filter_map(|line| match line.unwrap().line {
            Line::Event(event) => Some(event.event),
            _ => None,
        })
        .collect();
    let read = |event: &String| serde_json::from_str(event).unwrap();
    let expected: Vec<Json> = as_they_are.iter().map(read).chain(as_texts.into_iter().map(Json::from)).collect();
    assert_eq!(events.len(), expected.len());
    for (event, expected) in events.iter().zip(&expected) {
        assert!(event == expected, "{:.200}", expected.to_string());
    }
}

#[test]
fn the_fields_of_a_line_stand_in_the_order_of_the_documentation() {
    let record = counter_record();
    let step = record.lines().nth(3).unwrap();
    let places: Vec<usize> =
        ["type", "t", "episode", "action", "obs", "reward", "terminated", "truncated", "info", "metrics", "hash"]
            .iter()
            .map(|field| step.find(&format!("\"{field}\":")).unwrap())
            .collect();
    assert!(places.is_sorted(), "{step}");
    assert!(record.starts_with(r#"{"type":"header","env_id":"Counter-v0","kwargs":{},"seed":7,"#), "{record}");
}

#[test]
fn times_of_a_step_stand_in_its_line_and_metrics_among_themselves() {
    let mut session = Session::new("Counter-v0");
    session.reset(Some(42), "");
    for numbers in [[812.4, f64::NAN, f64::NAN], [828.9, 820.1, 830.0], [f64::NAN; 3]] {
        session.step(&[Value::Discrete(1)], &numbers);
    }
    let names = ["time", "key_time", "paintTimestamp"];
    let steps: Vec<Json> = lines(&session.record_with(&names)).into_iter().skip(2).take(3).collect();
    let times = |step: &Json| (step.get("time").cloned(), step.get("key_time").cloned(), step["metrics"].clone());
    let paint = |value: Json| json!({"paintTimestamp": value});
    assert_eq!(times(&steps[0]), (Some(json!(812.4)), None, paint(Json::Null)));
    assert_eq!(times(&steps[1]), (Some(json!(828.9)), Some(json!(820.1)), paint(json!(830.0))));
    assert_eq!(times(&steps[2]), (None, None, paint(Json::Null)));
    // Without metrics there is no empty object of them.
    let mut bare = Session::new("Counter-v0");
    bare.reset(None, "");
    bare.step(&[Value::Discrete(1)], &[812.4, f64::NAN]);
    assert_eq!(lines(&bare.record_with(&names[..2]))[2].get("metrics"), None);
    let record = session.record_with(&names);
    let read = Reader::new(record.as_bytes(), Limits::default()).filter_map(|line| {
        let Line::Step(step) = line.unwrap().line else { return None };
        assert!(step.rest.is_empty());
        Some((step.episode, step.time, step.key_time))
    });
    assert!(read.eq([(Some(0), Some(812.4), None), (Some(0), Some(828.9), Some(820.1)), (Some(0), None, None)]));
}

#[test]
fn steps_name_their_episode_and_records_without_it_are_as_good() {
    let record = counter_record();
    let episodes: Vec<u64> = lines(&record).iter().filter_map(|line| line["episode"].as_u64()).collect();
    assert_eq!(episodes, [0, 0, 0, 0, 0, 1, 1, 1]);
    let mut old = lines(&record);
    old.iter_mut().filter_map(Json::as_object_mut).for_each(|line| drop(line.remove("episode")));
    assert_eq!(replay(joined(&old)), replay(&record));
    let wrong = changed(&record, 9, |step| step["episode"] = json!(0));
    let failure = replay(&wrong).unwrap_err().to_string();
    assert!(failure.contains("t=6") && failure.contains("episode"), "{failure}");
    // Others count as they like.
    assert!(replay(foreign(&wrong)).is_ok());
}

#[test]
fn a_record_of_a_session_that_went_on_passes_and_says_so() {
    let unfinished = |record: &str| changed(record, 0, |header| header["unfinished"] = json!(true));
    let record = counter_record();
    assert_eq!(replay(&record).map(|report| report.unfinished), Ok(false));
    assert_eq!(replay(unfinished(&record)), Ok(Report { steps: 8, episodes: 2, unfinished: true }));
    // It is no excuse for lines that are missing.
    let mut cut = lines(&unfinished(&record));
    cut.pop();
    assert!(replay(joined(&cut)).is_err());
    cut.pop();
    cut.pop();
    assert!(replay(joined(&cut)).is_err());
}

#[test]
fn what_agents_do_not_share_is_a_list_in_agent_order() {
    let lines = lines(&duel_record());
    assert_eq!(lines[0]["agents"], json!(["blue", "red"]));
    assert_eq!(lines[1]["obs"], json!([[0.0], {"turns": 0}]));
    assert_eq!(lines[2]["action"], json!([[0.1], [3, 1]]));
    assert_eq!(lines[2]["reward"], json!([0.1, -0.5]));
    assert_eq!(lines[3]["terminated"], json!([true, false]));
    assert_eq!(lines[4]["truncated"], json!([false, true]));
    assert_eq!(lines[5]["return"], json!(1e300));
}

#[test]
fn a_record_verifies_plain_or_compressed_whatever_it_is_called() {
    let expected = Ok(Report { steps: 8, episodes: 2, ..Report::default() });
    let record = counter_record();
    assert_eq!(replay(&record), expected);
    assert_eq!(replay(compress(record.as_bytes()).unwrap()), expected);
    let (head, tail) = record.split_at(record.len() / 2);
    let mut members = compress(head.as_bytes()).unwrap();
    members.extend(compress(tail.as_bytes()).unwrap());
    assert_eq!(replay(members), expected);
    assert_eq!(replay(duel_record()), Ok(Report { steps: 3, episodes: 1, ..Report::default() }));
}

#[test]
fn the_same_log_gives_the_same_bytes() {
    let packed = || compress(counter_record().as_bytes()).unwrap();
    assert_eq!(packed(), packed());
}

#[test]
fn a_record_without_steps_verifies_with_none() {
    let session = Session::new("Counter-v0");
    assert_eq!(replay(session.record()), Ok(Report { steps: 0, episodes: 0, ..Report::default() }));
}

#[test]
fn a_verifier_can_stop_after_every_line_and_knows_how_far_it_is() {
    let record = counter_record();
    let mut verifier = Verifier::new(record.as_bytes(), make, Limits::default());
    let mut steps = Vec::new();
    loop {
        match verifier.advance(2).unwrap() {
            Progress::More(report) => steps.push(report.steps),
            Progress::Done(report) => {
                assert_eq!(report, Report { steps: 8, episodes: 2, ..Report::default() });
                break;
            }
        }
    }
    assert_eq!(steps, [0, 1, 3, 5, 6, 8, 8]);
    assert_eq!(verifier.advance(1), Ok(Progress::Done(Report { steps: 8, episodes: 2, ..Report::default() })));
}

#[test]
fn the_reader_gives_typed_lines_with_their_numbers_and_keeps_what_it_does_not_know() {
    let text = "{\"type\":\"header\",\"env_id\":\"X-v0\"}\r\n\n{\"type\":\"note\",\"by\":\"me\"}\n\
        {\"type\":\"reset\",\"t\":0,\"obs\":[],\"state\":[1]}\n{\"type\":\"end\",\"steps\":0.0,\"rng\":{}}";
    let lines: Vec<_> = Reader::new(text.as_bytes(), Limits::default()).map(Result::unwrap).collect();
    assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 3, 4, 5]);
    assert_eq!(lines.iter().map(|line| line.line.kind()).collect::<Vec<_>>(), ["header", "note", "reset", "end"]);
    assert!(matches!(&lines[1].line, Line::Other(map) if map["by"] == "me"));
    assert!(matches!(&lines[2].line, Line::Reset(reset) if reset.rest["state"] == json!([1]) && reset.seed.is_none()));
    assert!(matches!(&lines[3].line, Line::End(end) if end.steps == 0 && end.rest.contains_key("rng")));
}

#[test]
fn a_record_of_another_environment_is_refused_with_the_entry() {
    let mut session = Session::new("Counter-v0");
    session.reset(Some(1), "");
    session.step(&[Value::Discrete(1)], &[]);
    let other = make("Duel-v0", &Default::default()).unwrap();
    let header = Header::new("Duel-v0", Default::default(), None);
    let error = write_jsonl(&header, other.spec(), &session.recorder.record(), &METRICS, &mut Vec::new()).unwrap_err();
    assert!(matches!(error, WriteError::Line(LineError::Returns { entry: 0, .. })), "{error}");
}

#[test]
fn metrics_without_names_and_options_that_are_no_object_are_refused() {
    let mut session = Session::new("Counter-v0");
    session.reset(Some(1), "");
    session.step(&[Value::Discrete(1)], &[1.0]);
    let header = Header::new("Counter-v0", Default::default(), None);
    let write =
        |record: &Record| write_jsonl(&header, session.env.spec(), record, &METRICS, &mut Vec::new()).unwrap_err();
    let error = write(&session.recorder.record());
    assert_eq!(error.to_string(), "entry 1: expected 2 metrics, one per name, found 1");
    let mut recorder = Recorder::new(1);
    recorder.reset(None, "[1]", &[]);
    let error = write(&recorder.record());
    assert_eq!(error.to_string(), r#"entry 0: expected reset options as a JSON object, found "[1]""#);
}

proptest! {
    #[test]
    fn any_session_verifies_through_bytes_text_and_gzip(
        moves in prop::collection::vec((-1_i64..=1, any::<Option<u64>>(), -4_i64..=4, any::<[f64; 2]>()), 0..80),
        event in ".*",
    ) {
        let mut session = Session::new("Counter-v0");
        session.reset(Some(5), "");
        let mut resets = 1;
        for (action, seed, start, metrics) in &moves {
            if session.env.outcome().over() {
                session.recorder.event(&event);
                session.reset(*seed, &format!("{{\"start\":{start}}}"));
                resets += 1;
            }
            session.step(&[Value::Discrete(*action)], metrics);
        }
        let record = session.record();
        let expected = Report { steps: moves.len() as u64, episodes: resets, ..Report::default() };
        prop_assert_eq!(replay(&record), Ok(expected));
        prop_assert_eq!(replay(compress(record.as_bytes()).unwrap()), Ok(expected));
    }

    #[test]
    fn every_finite_number_survives_in_every_bit(bits in prop::collection::vec(any::<u64>(), 1..20)) {
        let mut session = Session::new("Duel-v0");
        session.reset(None, "");
        let numbers: Vec<f64> = bits.into_iter().map(f64::from_bits).filter(|number| number.is_finite()).collect();
        for number in &numbers {
            session.step(&duel_action(*number, [0, 0]), &[]);
        }
        let record = session.record();
        prop_assert_eq!(replay(&record), Ok(Report { steps: numbers.len() as u64, episodes: 1, ..Report::default() }));
        for (line, number) in lines(&record)[2..].iter().zip(&numbers) {
            prop_assert_eq!(line["obs"][0][0].as_f64().map(f64::to_bits), Some(number.to_bits()));
        }
    }
}

#[test]
fn a_file_comes_in_pieces_of_bounded_size_that_join_to_the_file() {
    let mut session = Session::new("Counter-v0");
    session.reset(Some(5), "");
    for step in 0..8_000 {
        if session.env.outcome().over() {
            session.reset(None, "");
        }
        session.step(&[Value::Discrete(step % 3 - 1)], &[0.5, step as f64]);
    }
    let record = session.recorder.record();
    let whole = session.record();
    let spec = session.env.spec();
    let header = Header::new("Counter-v0", Default::default(), Some(7)).line(spec, record.totals()).unwrap();
    let names = METRICS.iter().map(|name| (*name).to_owned()).collect();
    let mut file = FileWriter::new(&header, spec.clone(), names, TEXTS);
    let mut pieces: Vec<Vec<u8>> = Vec::new();
    for chunk in record.chunks() {
        file.chunk(chunk.clone()).unwrap();
        while let Some(piece) = file.next_piece().unwrap() {
            pieces.push(piece.to_vec());
        }
    }
    pieces.push(file.finish(record.totals()).unwrap().to_vec());
    assert!(record.chunks().len() > 1 && pieces.len() > 3, "{} chunks, {} pieces", record.chunks().len(), pieces.len());
    let longest = whole.lines().map(str::len).max().unwrap() + 1;
    for piece in &pieces {
        assert!(piece.len() < FileWriter::PIECE_BYTES + 2 * longest, "{} bytes", piece.len());
    }
    assert!(pieces.concat() == whole.as_bytes());
    assert_eq!(replay(&whole), Ok(Report { steps: 8_000, episodes: record.totals().episodes, ..Report::default() }));
    // Before the end of a chunk the next one is refused, and can be given again.
    let mut early = FileWriter::new(&header, spec.clone(), METRICS.map(str::to_owned).to_vec(), TEXTS);
    early.chunk(record.chunks()[0].clone()).unwrap();
    early.next_piece().unwrap();
    let refused = early.chunk(record.chunks()[1].clone());
    assert!(matches!(refused, Err(LineError::Chunk(ChunkError::Order { chunk: 1, found: 1, .. }))), "{refused:?}");
    while early.next_piece().unwrap().is_some() {}
    early.chunk(record.chunks()[1].clone()).unwrap();
    // Without its last chunk it is no file.
    let mut cut = FileWriter::new(&header, spec.clone(), Vec::new(), TEXTS);
    cut.chunk(record.chunks()[0].clone()).unwrap();
    assert!(matches!(cut.finish(record.totals()), Err(LineError::Chunk(ChunkError::Missing { chunk: 1, .. }))));
}
