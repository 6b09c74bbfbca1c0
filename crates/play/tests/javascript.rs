//! What JavaScript and TypeScript know of the messages is generated from here: `crates/page/src/protocol.js` is this program's
//! text, and the types name every name. After a change: `PALAESTRA_WRITE=1 cargo test -p palaestra-play --test javascript`.
#![allow(clippy::unwrap_used, reason = "a test's own")]
use std::fmt::Write;
use std::path::Path;

use palaestra_protocol::{ErrorCode, InputMode, Operation, REPLY_BODY, REQUEST_PAYLOAD, RowWriter, STATIONS};
use palaestra_session::{DisposalOutcome, Reason, State};

const HEAD: &str = "\
// Generated from crates/protocol and crates/session by crates/play/tests/javascript.rs, which says how. Do not edit.
";

fn list(name: &str, about: &str, entries: impl Iterator<Item = (String, u8)>) -> String {
    let mut text = format!("\n/** {about} */\nexport const {name} = Object.freeze({{\n");
    entries.for_each(|(name, number)| writeln!(text, "  {name}: {number},").unwrap());
    text + "});\n"
}

fn names(name: &str, about: &str, names: &[&str]) -> String {
    let mut text = format!("\n/** {about} */\nexport const {name} = Object.freeze([\n");
    names.iter().for_each(|name| writeln!(text, "  '{name}',").unwrap());
    text + "]);\n"
}

fn javascript() -> String {
    let operations = Operation::ALL.iter().map(|operation| (operation.name().to_owned(), *operation as u8));
    let codes = ErrorCode::ALL.iter().map(|code| (code.name().to_owned(), *code as u8));
    let mut text = HEAD.to_owned();
    text += &list("operations", "What a request asks for: its first byte.", operations);
    text += &list("errorCodes", "What an error reply is about: its second byte.", codes);
    text += &names("stations", "The stations of a row of metrics, in order.", &STATIONS);
    text += &names("states", "The states of a session, in order.", &State::ALL.map(State::as_str));
    text += &names("reasons", "Why a session ended.", &Reason::ALL.map(Reason::as_str));
    for (name, about, number) in [
        ("requestPayload", "Where a request's payload begins.", REQUEST_PAYLOAD),
        ("replyBody", "Where a reply's body begins.", REPLY_BODY),
        ("rowsPerBlock", "How many rows a block of differences has.", RowWriter::BLOCK as usize),
    ] {
        write!(text, "\n/** {about} */\nexport const {name} = {number};\n").unwrap();
    }
    text
}

/// What the formatter does with lines and the comma at a list's end does not count.
fn unformatted(text: &str) -> String {
    let text: String = text.split_whitespace().collect();
    text.replace(",]", "]").replace(",}", "}")
}

fn file(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

#[test]
fn what_javascript_knows_of_the_messages_is_what_rust_says() {
    let path = file("crates/page/src/protocol.js");
    if std::env::var_os("PALAESTRA_WRITE").is_some() {
        std::fs::write(&path, javascript()).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap();
    assert_eq!(unformatted(&found), unformatted(&javascript()), "run it again with PALAESTRA_WRITE=1");
}

#[test]
fn the_types_name_every_code_state_reason_outcome_mode_and_station() {
    let types = std::fs::read_to_string(file("www/palaestra.d.ts")).unwrap();
    let quoted = ErrorCode::ALL.map(ErrorCode::name).into_iter();
    let quoted = quoted.chain(State::ALL.map(State::as_str)).chain(Reason::ALL.map(Reason::as_str));
    let quoted =
        quoted.chain(DisposalOutcome::ALL.map(DisposalOutcome::as_str)).chain(InputMode::ALL.map(InputMode::name));
    for name in quoted {
        assert!(types.contains(&format!("'{name}'")), "palaestra.d.ts does not name '{name}'");
    }
    for station in STATIONS {
        // Those of a match only are optional.
        let named = [": number", "?: number"].iter().any(|rest| types.contains(&format!("{station}{rest}")));
        assert!(named, "palaestra.d.ts does not name {station}");
    }
}
