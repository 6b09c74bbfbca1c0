//! What is no record, or replays otherwise, gives a typed error and nothing false.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod common;

use common::{changed, make, play, survey, table};
use palaestra_export::{Csv, ExportError, JsonLines, Sink, export};
use palaestra_record::{Failure, Limits, ReadError};
use serde_json::{Map, Value as Json, json};

#[test]
fn a_record_that_replays_otherwise_has_no_survey() {
    let record = play("CartPole-v1", "{}", 30).record;
    for (line, field) in [(9, "obs"), (9, "reward"), (9, "hash"), (1, "obs")] {
        let changed = changed(&record, line, |json| match field {
            "obs" => json["obs"][2] = json!(0.5),
            "hash" => json["hash"] = json!("0000000000000000"),
            _ => json[field] = json!(0.5),
        });
        let error = survey(&changed).unwrap_err();
        assert!(matches!(error, ExportError::Record(Failure::Difference(_))), "{field}: {error}");
    }
    let cut: String = record.lines().take(20).map(|line| format!("{line}\n")).collect();
    assert!(matches!(survey(&cut), Err(ExportError::Record(Failure::Steps { .. }))));
    assert!(matches!(survey("{}"), Err(ExportError::Record(Failure::Malformed(ReadError::Field { .. })))));
    assert!(matches!(survey(""), Err(ExportError::Record(Failure::Malformed(ReadError::Empty)))));
}

#[test]
fn a_record_of_an_environment_in_python_says_so_and_where_to_read_on() {
    let record = play("CartPole-v1", "{}", 3).record.replacen("CartPole-v1", "guest/catch", 1);
    let error = survey(&record).unwrap_err();
    assert!(matches!(&error, ExportError::Guest { id } if id == "guest/catch"), "{error}");
    let text = error.to_string();
    assert!(
        text.contains("found guest/catch, which is in Python, of a page") && text.contains("docs/guests.md"),
        "{text}"
    );
}

#[test]
fn a_record_that_changed_after_its_survey_gives_true_rows_and_then_an_error() {
    let record = play("CartPole-v1", "{}", 30).record;
    let changed = changed(&record, 12, |json| json["obs"][0] = json!(0.5));
    let out = common::Shared::default();
    let mut sink: Box<dyn Sink> = Box::new(Csv::new(table(&[&record]), out.clone()).unwrap());
    let (steps, given) = export("a", changed.as_bytes(), make, Limits::default(), sink.as_mut());
    assert!(matches!(given, Err(ExportError::Record(Failure::Difference(_)))), "{given:?}");
    sink.finish().unwrap();
    let whole = common::written(&[&record], |out| Box::new(Csv::new(table(&[&record]), out).unwrap()));
    let part = std::mem::take(&mut *out.0.lock().unwrap());
    assert!(whole.starts_with(&part));
    assert_eq!(part.iter().filter(|byte| **byte == b'\n').count() as u64, steps + 1);
}

#[test]
fn another_record_than_the_one_surveyed_is_told() {
    let (cart_pole, taxi) = (play("CartPole-v1", "{}", 10).record, play("Blackjack-v1", "{}", 10).record);
    let mut sink: Box<dyn Sink> = Box::new(Csv::new(table(&[&cart_pole]), Vec::new()).unwrap());
    // It has a column `action` too, but its observations stand in none of the table's.
    let pendulum = play("mpe2/simple_tag_v3", "{}", 3).record;
    let (steps, given) = export("a", pendulum.as_bytes(), make, Limits::default(), sink.as_mut());
    assert!(matches!(given, Err(ExportError::Changed { .. })), "{given:?}");
    assert_eq!(steps, 0);
    let (_, given) = export("a", taxi.as_bytes(), make, Limits::default(), sink.as_mut());
    assert!(given.is_ok(), "columns it has none of stay empty: {given:?}");
}

#[test]
fn a_record_may_not_name_columns_without_end() {
    let record = play("CartPole-v1", "{}", 300).record;
    let mut lines: Vec<Json> = record.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (index, line) in lines.iter_mut().enumerate().filter(|(_, line)| line["type"] == "step") {
        line["metrics"] = json!({format!("m{index}"): 1.0});
    }
    let many: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let error = survey(&many).unwrap_err();
    assert_eq!(error.to_string(), "expected at most 256 columns, found more");
}

#[test]
fn a_header_with_more_fields_than_columns_leaves_out_the_longest_and_gives_a_table() {
    let record = play("CartPole-v1", "{}", 10).record;
    let answers: Map<String, Json> = (0..250).map(|index| (format!("q{index}"), json!(1))).collect();
    let many = changed(&record, 0, |header| header["answers"] = answers.into());
    assert_eq!(survey(&many).unwrap().left_out, ["answers"]);
    let names: Vec<String> = table(&[&many]).columns().iter().map(|column| column.name.clone()).collect();
    assert!(names.iter().any(|name| name == "header.condition") && names.iter().all(|name| !name.contains(".q")));
}

#[test]
fn keys_that_come_to_one_name_have_a_column_each() {
    let record = play("CartPole-v1", "{}", 10).record;
    let both = changed(&record, 0, |header| header["condition"] = json!({"a.b": 1, "a": {"b": 2}}));
    let bytes = common::written(&[&both], |out| Box::new(Csv::new(table(&[&both]), out).unwrap()));
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let rows: Vec<Map<String, Json>> = reader.deserialize::<Map<String, Json>>().map(Result::unwrap).collect();
    assert_eq!((&rows[0]["header.condition.a.b"], &rows[0]["header.condition.a.b#2"]), (&json!(2), &json!(1)));
}

#[test]
fn no_row_repeats_a_header_without_end_and_no_cell_breaks_its_line() {
    let record = play("CartPole-v1", "{}", 10).record;
    let long = changed(&record, 0, |header| {
        header["notes"] = json!("x".repeat(1 << 20));
        header["who\u{1b}[2J\n"] = json!("\u{1b}]0;gone\u{7}\r\n=1,\"2\"");
    });
    assert_eq!(survey(&long).unwrap().left_out, ["notes"]);
    for sink in [false, true] {
        let table = table(&[&long]);
        let bytes = common::written(&[&long], |out| {
            if sink { Box::new(Csv::new(table, out).unwrap()) } else { Box::new(JsonLines::new(out)) }
        });
        assert!(bytes.len() < 20_000, "{}", bytes.len());
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text}");
        assert_eq!(text.lines().count(), if sink { 11 } else { 10 });
    }
}

#[test]
fn fields_of_a_step_that_this_version_does_not_know_have_columns_too() {
    let record = play("CartPole-v1", "{}", 10).record;
    let more = changed(&record, 4, |step| step["rating"] = json!({"mood": 3, "words": ["a", "b"]}));
    let bytes = common::written(&[&more], |out| Box::new(Csv::new(table(&[&more]), out).unwrap()));
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let rows: Vec<Map<String, Json>> = reader.deserialize::<Map<String, Json>>().map(Result::unwrap).collect();
    // The header and a reset stand before the first step.
    assert_eq!((&rows[2]["other.rating.mood"], &rows[2]["other.rating.words"]), (&json!(3), &json!("[\"a\",\"b\"]")));
    assert_eq!(rows[3]["other.rating.mood"], json!(""));
}

#[test]
fn a_damaged_record_never_panics_and_what_is_exported_of_it_is_true() {
    let record = play("CartPole-v1", "{}", 12).record;
    let whole = common::written(&[&record], |out| Box::new(Csv::new(table(&[&record]), out).unwrap()));
    // What every row has from the replay; a header or a metric may have been changed to something that is as good.
    let replayed = |bytes: &[u8]| -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_reader(bytes);
        let names = reader.headers().unwrap().clone();
        let said = ["header.", "metrics.", "other.", "time", "key_time"];
        let own = |name: &str| !said.iter().any(|said| name.starts_with(said));
        let row = |row: csv::StringRecord| {
            let cells = names.iter().zip(row.iter()).filter(|(name, _)| own(name));
            cells.map(|(name, cell)| format!("{name}={cell}")).collect()
        };
        reader.records().map(|record| row(record.unwrap())).collect()
    };
    let expected = replayed(&whole);
    let (mut exported, mut refused) = (0, 0);
    for at in (0..record.len()).step_by(7) {
        let mut bytes = record.clone().into_bytes();
        bytes[at] = [b'0', b'"', b'{', b'}', b',', 0, 0xff, b'e'][at % 8];
        let Ok(damaged) = String::from_utf8(bytes) else { continue };
        match survey(&damaged) {
            Ok(_) => {
                let written = common::written(&[&damaged], |out| Box::new(Csv::new(table(&[&damaged]), out).unwrap()));
                assert_eq!(replayed(&written), expected, "byte {at}");
                exported += 1;
            }
            Err(error) => {
                assert!(!error.to_string().chars().any(char::is_control), "{error}");
                refused += 1;
            }
        }
    }
    assert!(exported > 10 && refused > 100, "{exported} {refused}");
}
