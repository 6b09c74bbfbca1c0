//! What JavaScript and TypeScript know of the messages is generated from here: `crates/page/src/protocol.js` is this program's
//! text, and the types name every name. After a change: `PALAESTRA_WRITE=1 cargo test -p palaestra-play --test javascript`.
#![allow(clippy::unwrap_used, reason = "a test's own")]
use std::fmt::Write;
use std::path::Path;

use palaestra_env::DType;
use palaestra_env::returns::{OUTCOME, OUTCOME_FLAGS, TERMINATED, TRUNCATED};
use palaestra_env::spec::SPACE_KINDS;
use palaestra_protocol::server::{MOST_INPUT_DELAY, SERVER_PROTOCOL};
use palaestra_protocol::together::{
    BEGAN_RETURNS, NEWS, SHOWN_SCENE, TOLD_SECOND, TOLD_TEXT, WATCH_DRAWN, WATCH_FLAGS, WATCH_FPS, WATCH_SEED,
    WATCH_URL,
};
use palaestra_protocol::{
    EPISODE_END, EPISODE_ENDS, EPISODE_HASH, EPISODE_LENGTH, EPISODE_RETURNS, EVENT, EVENT_FLAGS, EVENT_KIND,
    EVENT_KINDS, EVENT_NUMBER, ErrorCode, HASHED, InputMode, MANY_AGENTS, MANY_BLOCKS, MANY_COUNT, MANY_REWARDS,
    MANY_STRIDE, Operation, PROGRESS_AGENTS, PROGRESS_EPISODES, PROGRESS_STEPS, REPLY_BODY, REPLY_ERROR, REPLY_KIND,
    REPLY_NUMBER, REPLY_OK, REPLY_RETURNS, REQUEST_NUMBER, REQUEST_PAYLOAD, RowWriter, SCRIPT_REQUESTS, STATIONS,
    STEPPED_ACTIONS,
};
use palaestra_session::{DisposalOutcome, Reason, State};

const HEAD: &str = "\
// Generated from crates/protocol, crates/env and crates/session by crates/play/tests/javascript.rs, which says how. Do not edit.
";

fn list(name: &str, about: &str, entries: impl Iterator<Item = (String, u8)>) -> String {
    let mut text = format!("\n/** {about} */\nexport const {name} = /* @__PURE__ */ Object.freeze({{\n");
    entries.for_each(|(name, number)| writeln!(text, "  {name}: {number},").unwrap());
    text + "});\n"
}

fn numbered<'a>(named: &'a [(&str, u8)]) -> impl Iterator<Item = (String, u8)> + 'a {
    named.iter().map(|(name, number)| ((*name).to_owned(), *number))
}

fn names(name: &str, about: &str, names: &[&str]) -> String {
    let mut text = format!("\n/** {about} */\nexport const {name} = /* @__PURE__ */ Object.freeze([\n");
    names.iter().for_each(|name| writeln!(text, "  '{name}',").unwrap());
    text + "]);\n"
}

fn javascript() -> String {
    let operations = Operation::ALL.iter().map(|operation| (operation.name().to_owned(), *operation as u8));
    let codes = ErrorCode::ALL.iter().map(|code| (code.name().to_owned(), *code as u8));
    let mut text = HEAD.to_owned();
    writeln!(
        text,
        "\n/** Palaestra's version, as records have it. */\nexport const version = '{}';",
        env!("CARGO_PKG_VERSION")
    )
    .unwrap();
    text += &list("operations", "What a request asks for: its first byte.", operations);
    text += &list("errorCodes", "What an error reply is about: its second byte.", codes);
    text += &list("eventKinds", "What an event is: its second byte.", numbered(&EVENT_KINDS));
    text += &list("news", "What is told of a match: where other events have their flags.", numbered(&NEWS));
    text += &names("stations", "The stations of a row of metrics, in order.", &STATIONS);
    text += &names("states", "The states of a session, in order.", &State::ALL.map(State::as_str));
    text += &names("reasons", "Why a session ended.", &Reason::ALL.map(Reason::as_str));
    text += &names("episodeEnds", "How an episode of a rollout ends, by number.", &EPISODE_ENDS);
    text += &names("spaceKinds", "The kinds of spaces, by their numbers in a spec's bytes.", &SPACE_KINDS);
    text += &names(
        "dtypes",
        "The element types of a Box, by their numbers in a spec's bytes.",
        &DType::ALL.map(DType::name),
    );
    for (name, about, number) in [
        ("requestNumber", "Where a request has its number.", REQUEST_NUMBER),
        ("requestPayload", "Where its payload begins.", REQUEST_PAYLOAD),
        (
            "scriptRequests",
            "The numbers of requests that a page's script makes are from here on; those of its module are below.",
            SCRIPT_REQUESTS as usize,
        ),
        ("replyOk", "A reply's first byte, of one that is no error.", REPLY_OK.into()),
        ("replyError", "The same, of an error.", REPLY_ERROR.into()),
        ("replyKind", "Where a reply has its operation, and an error its code.", REPLY_KIND),
        ("replyNumber", "Where it has the number of its request.", REPLY_NUMBER),
        ("replyBody", "Where its body begins.", REPLY_BODY),
        ("replyReturns", "Where a reply to a step has what was returned, behind its length.", REPLY_RETURNS),
        ("manyCount", "Where a reply to many steps has how many there were.", MANY_COUNT),
        ("manyAgents", "Where it has how many agents earned.", MANY_AGENTS),
        ("manyStride", "Where it has how many bytes each step returned; 0: they are in blocks.", MANY_STRIDE),
        ("manyBlocks", "Where it has how many blocks there are.", MANY_BLOCKS),
        ("manyRewards", "Where its rewards begin.", MANY_REWARDS),
        ("rowsPerBlock", "How many rows a block of differences has.", RowWriter::BLOCK as usize),
        ("rowWord", "How many bytes a word of a row has.", RowWriter::WORD),
        ("outcomeBytes", "How many bytes an agent's outcome takes: its reward and its flags.", OUTCOME),
        ("outcomeFlags", "Where its flags are.", OUTCOME_FLAGS),
        ("terminatedFlag", "The flag of a terminated episode.", TERMINATED.into()),
        ("truncatedFlag", "The flag of a truncated one.", TRUNCATED.into()),
        ("eventStatus", "An event's first byte, where a reply has whether it is an error.", EVENT.into()),
        ("eventKind", "Where an event has its kind.", EVENT_KIND),
        ("eventFlags", "Where it has its flags.", EVENT_FLAGS),
        ("hashedFlag", "The flag of one that has a hash.", HASHED.into()),
        ("eventNumber", "Where it has its number: a step's, an episode's, or the first of news.", EVENT_NUMBER),
        (
            "steppedActions",
            "Where a step has its actions, behind their length, and behind them the returns.",
            STEPPED_ACTIONS,
        ),
        ("shownScene", "Where a picture's scene begins.", SHOWN_SCENE),
        ("beganReturns", "Where an episode's first returns are, behind their length.", BEGAN_RETURNS),
        ("toldSecond", "Where news have their second number.", TOLD_SECOND),
        ("toldText", "Where their text begins.", TOLD_TEXT),
        ("watchSeed", "Where what is to be watched has its seed, behind the match's number.", WATCH_SEED),
        ("watchFps", "Where it has the steps a second.", WATCH_FPS),
        ("watchFlags", "Where it has its flags.", WATCH_FLAGS),
        ("watchDrawn", "The flag of a match that is drawn.", WATCH_DRAWN.into()),
        ("watchUrl", "Where it has the address, behind its length.", WATCH_URL),
        ("progressSteps", "Where a rollout's progress has how many steps there were so far.", PROGRESS_STEPS),
        ("progressAgents", "Where it has how many agents earn.", PROGRESS_AGENTS),
        ("progressEpisodes", "Where its episodes begin, each with its seed.", PROGRESS_EPISODES),
        ("episodeHash", "Where an episode has the hash of its last state.", EPISODE_HASH),
        ("episodeLength", "Where it has how many steps it took.", EPISODE_LENGTH),
        ("episodeEnd", "Where it has how it ended.", EPISODE_END),
        ("episodeReturns", "Where its returns begin.", EPISODE_RETURNS),
        ("mostInputDelay", "The longest input delay of a match, in frames.", MOST_INPUT_DELAY.into()),
        ("serverProtocol", "The version of what pages and servers say to each other.", SERVER_PROTOCOL.into()),
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

/// A type of `palaestra.d.ts` that is one of several names.
fn union(name: &str, names: &[&str]) -> (String, String) {
    let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    (format!("export type {name} ="), format!("export type {name} = {};", names.join(" | ")))
}

/// Codes of errors that no module knows: what keeps and sends records is JavaScript (`crates/page/src/save`).
const OF_SCRIPTS: [&str; 2] = ["not_kept", "not_sent"];

#[test]
fn the_types_name_what_rust_names() {
    let path = file("www/palaestra.d.ts");
    let mut types = std::fs::read_to_string(&path).unwrap();
    for (start, generated) in [
        union("ErrorCode", &[&ErrorCode::ALL.map(ErrorCode::name)[..], &OF_SCRIPTS].concat()),
        union("State", &State::ALL.map(State::as_str)),
        union("Reason", &Reason::ALL.map(Reason::as_str)),
        union("InputMode", &InputMode::ALL.map(InputMode::name)),
        union("DType", &DType::ALL.map(DType::name)),
    ] {
        let begin = types.find(&start).unwrap_or_else(|| panic!("palaestra.d.ts has no `{start}`"));
        let end = begin + types[begin..].find(';').unwrap() + 1;
        // The formatter begins the names of a long list with a bar as well.
        if unformatted(&types[begin..end]).replace("=|", "=") == unformatted(&generated) {
            continue;
        }
        assert!(
            std::env::var_os("PALAESTRA_WRITE").is_some(),
            "{start} … is not {generated}: run it again with PALAESTRA_WRITE=1"
        );
        types.replace_range(begin..end, &generated);
        std::fs::write(&path, &types).unwrap();
    }
    for name in DisposalOutcome::ALL.map(DisposalOutcome::as_str) {
        assert!(types.contains(&format!("'{name}'")), "palaestra.d.ts does not name '{name}'");
    }
    for station in STATIONS {
        // Those of a match only are optional.
        let named = [": number", "?: number"].iter().any(|rest| types.contains(&format!("{station}{rest}")));
        assert!(named, "palaestra.d.ts does not name {station}");
    }
}
