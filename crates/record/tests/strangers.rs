//! Files from strangers: whatever they hold costs a bounded amount of memory and time, and nothing of it is shown raw.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod common;

use std::time::{Duration, Instant};

use common::{Session, changed, counter_record, joined, lines, replay};
use palaestra_env::Value;
use palaestra_record::{Failure, Limits, ReadError, Reader, Report, compress};
use proptest::prelude::*;
use serde_json::json;

fn malformed(file: impl AsRef<[u8]>) -> ReadError {
    match replay(file) {
        Err(Failure::Malformed(error)) => error,
        other => panic!("expected a malformed file, found {other:?}"),
    }
}

#[test]
fn a_header_alone_is_no_record_however_few_steps_it_claims() {
    let header = changed(&counter_record(), 0, |header| header["n_steps"] = json!(0));
    let header = header.lines().next().unwrap();
    for package in ["palaestra", "gymnasium"] {
        let alone = changed(header, 0, |header| header["package"] = json!(package));
        assert_eq!(replay(&alone), Err(Failure::NoEnd { steps: 0 }));
    }
}

#[test]
fn a_record_whose_end_is_gone_is_told_so_though_the_header_counts_its_steps() {
    let mut all = lines(&counter_record());
    let end = all.pop().unwrap();
    assert_eq!(end["type"], "end");
    let failure = replay(joined(&all)).unwrap_err();
    let told = "truncated record: expected an end line, found the end of the file after 8 steps";
    assert_eq!(failure.to_string(), told);
    all.push(end);
    assert_eq!(replay(joined(&all)), Ok(Report { steps: 8, episodes: 2, ..Report::default() }));
}

#[test]
fn a_game_that_ended_before_its_first_step_is_a_record_of_no_steps() {
    let all = lines(&counter_record());
    let header = changed(&all[0].to_string(), 0, |header| header["n_steps"] = json!(0));
    let end = |episodes: u64| json!({"type": "end", "steps": 0, "episodes": episodes, "return": 0.0}).to_string();
    let reset = all[2].to_string();
    assert_eq!(
        replay([&header, &*reset, "\n", &end(1)].concat()),
        Ok(Report { steps: 0, episodes: 1, ..Report::default() })
    );
    assert_eq!(replay([&*header, &end(0)].concat()), Ok(Report { steps: 0, episodes: 0, ..Report::default() }));
    assert!(replay([&*header, &end(1)].concat()).is_err());
}

/// A line of an unknown kind whose one field holds `part` over and over.
fn full_of(part: &str, bytes: usize) -> String {
    let parts = vec![part; bytes / (part.len() + 1)].join(",");
    let header = counter_record().lines().next().unwrap().to_owned();
    format!("{header}\n{{\"type\":\"note\",\"x\":[{parts}]}}\n")
}

#[test]
fn a_line_that_would_take_a_hundred_times_its_text_in_memory_is_refused_before_it_is_read() {
    let heavy = full_of("{\"\":0}", 15 << 20);
    let file = compress(heavy.as_bytes()).unwrap();
    assert!(file.len() < 50_000, "{} bytes", file.len());
    let error = malformed(file);
    assert_eq!(error, ReadError::HeavyLine { line: 2, limit: 96 << 20 });
    let told = "line 2: expected values that take at most 100663296 bytes of memory, found more";
    assert_eq!(error.to_string(), told);
    let limits = Limits { memory: 6 << 20, ..Limits::default() };
    for part in ["[]", "{}", "0", "[[[]]]", "\"\"", "{\"a\":1,\"b\":2,\"c\":3}"] {
        let read: Vec<_> = Reader::new(full_of(part, 1 << 20).as_bytes(), limits).collect();
        assert_eq!(read[1], Err(ReadError::HeavyLine { line: 2, limit: 6 << 20 }), "{part}");
    }
}

#[test]
fn a_picture_of_half_a_million_numbers_is_within_the_limits() {
    let text = full_of("255", 4 * 512 * 512 * 3);
    let read: Vec<_> = Reader::new(text.as_bytes(), Limits::default()).collect();
    assert!(read.len() == 2 && read.iter().all(Result::is_ok), "{:?}", read.get(1).map(|line| line.is_ok()));
}

#[test]
fn a_colour_picture_of_a_screen_is_within_the_limits_and_verifies() {
    let mut session = Session::new("Screen-v0");
    session.reset(Some(7), "");
    session.step(&[Value::Discrete(1)], &[]);
    assert_eq!(replay(session.record()), Ok(Report { steps: 1, episodes: 1, ..Report::default() }));
}

#[test]
fn a_file_of_our_own_may_hold_more_in_a_line_than_a_strangers() {
    let text = full_of("{\"\":0}", 1 << 20);
    let first = |limits| Reader::new(text.as_bytes(), limits).nth(1).unwrap().map(|read| read.number);
    assert_eq!(first(Limits::default()), Err(ReadError::HeavyLine { line: 2, limit: 96 << 20 }));
    assert_eq!(first(Limits::own()), Ok(2));
}

#[test]
fn a_line_in_which_lists_open_and_never_close_is_refused_at_once() {
    let header = counter_record().lines().next().unwrap().to_owned();
    for open in ["[", "{\"a\":"] {
        let text = format!("{header}\n{{\"type\":\"note\",\"x\":{}", open.repeat(50_000));
        assert!(matches!(malformed(text), ReadError::NotJson { line: 2, .. }));
    }
}

#[test]
fn a_compressed_file_that_is_nothing_but_repetition_is_left_alone() {
    let line = format!("{{\"type\":\"note\",\"x\":\"{}\"}}\n", "a".repeat(1 << 20));
    let header = format!("{}\n", counter_record().lines().next().unwrap());
    let file = compress((header + &line.repeat(140)).as_bytes()).unwrap();
    assert!(file.len() < 150_000, "{} bytes", file.len());
    let begun = Instant::now();
    let error = malformed(&file);
    assert!(matches!(error, ReadError::Expands { limit: 500, .. }), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    assert!(error.to_string().ends_with("expected at most 500 bytes of text for a compressed byte, found more"));
}

/// Text that would forge a line, command a terminal, or turn writing around.
fn hostile_text() -> impl Strategy<Value = String> {
    let pieces = ["\n", "\r", "\u{1b}[2J", "\u{9b}31m", "\u{7f}", "\u{202e}", "\u{2028}", "\0", "ok", "`", "\"", "é"];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 1..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn whatever_a_record_says_is_shown_on_one_line_without_control_characters(
        text in hostile_text(), line in 0..14_usize, field in 0..8_usize, times in prop::sample::select(vec![1, 100]),
    ) {
        shown_on_one_line(&text.repeat(times), line, field);
    }
}

#[test]
fn nothing_but_deletes_in_an_observation_is_shown_on_one_line_and_cut() {
    shown_on_one_line(&"\u{7f}".repeat(100), 2, 5);
}

/// Puts a text into a field of a line, and looks at what the failure says.
fn shown_on_one_line(text: &str, line: usize, field: usize) {
    let fields = ["env_id", "type", "package", "kwargs", "t", "obs", "info", "hash"];
    for value in [json!(text), json!({text: text}), json!([text])] {
        let record = changed(&counter_record(), line, |json| json[fields[field]] = value);
        if let Err(failure) = replay(record) {
            let told = failure.to_string();
            assert!(!told.contains(|c: char| c.is_control() || ('\u{2028}'..='\u{202e}').contains(&c)), "{told:?}");
            assert!(told.chars().count() < 1_000, "{} characters", told.chars().count());
        }
    }
}

#[test]
fn a_line_may_weigh_as_much_as_the_limit_says_and_no_more() {
    // 64 for a value, 700 for an object and 120 for a member of it, beside the text.
    let header = r#"{"type":"header","env_id":"Counter-v0"}"#;
    let weight = header.len() + 64 + 700 + 2 * 120 + 64;
    for (memory, taken) in [(weight, true), (weight - 1, false)] {
        let limits = Limits { memory, ..Limits::default() };
        assert_eq!(Reader::new(header.as_bytes(), limits).next().unwrap().is_ok(), taken, "{memory}");
    }
}

#[test]
fn a_second_record_behind_the_first_is_no_part_of_it() {
    let twice = counter_record().repeat(2);
    assert_eq!(malformed(&twice), ReadError::SecondHeader { line: 15 });
    assert!(Reader::several(twice.as_bytes(), Limits::default()).all(|line| line.is_ok()));
}
