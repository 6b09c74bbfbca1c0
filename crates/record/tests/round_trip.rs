//! What a session logs becomes a record that reads and replays as it was played.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod common;

use common::{METRICS, Session, counter_record, duel_action, duel_record, lines, make, replay};
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
fn the_fields_of_a_line_stand_in_the_order_of_the_documentation() {
    let record = counter_record();
    let step = record.lines().nth(3).unwrap();
    let places: Vec<usize> =
        ["type", "t", "action", "obs", "reward", "terminated", "truncated", "info", "metrics", "hash"]
            .iter()
            .map(|field| step.find(&format!("\"{field}\":")).unwrap())
            .collect();
    assert!(places.is_sorted(), "{step}");
    assert!(record.starts_with(r#"{"type":"header","env_id":"Counter-v0","kwargs":{},"seed":7,"#), "{record}");
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
    // Without its last chunk it is no file.
    let mut cut = FileWriter::new(&header, spec.clone(), Vec::new(), TEXTS);
    cut.chunk(record.chunks()[0].clone()).unwrap();
    assert!(matches!(cut.finish(record.totals()), Err(LineError::Chunk(ChunkError::Missing { chunk: 1, .. }))));
}
