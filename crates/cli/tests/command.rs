//! The binary itself: what it prints and how it exits.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use palaestra_env::{Kwargs, Value, ValueWriter};
use palaestra_record::{Header, Recorder, compress, write_jsonl};
use serde_json::{Value as Json, json};

/// A folder that is gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn palaestra(folder: &Folder, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_palaestra")).args(arguments).current_dir(&folder.0).output().unwrap()
}

/// The standard output's lines and the exit status.
fn told(folder: &Folder, arguments: &[&str]) -> (Vec<String>, i32) {
    let output = palaestra(folder, arguments);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{arguments:?}");
    let lines = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    (lines, output.status.code().unwrap())
}

/// Thirty steps of CartPole, pushed to the right: three or four episodes.
fn cart_pole() -> String {
    let mut env = palaestra_envs::make("CartPole-v1", &Kwargs::new()).unwrap();
    let (mut recorder, mut bytes, mut action) = (Recorder::new(1), ValueWriter::new(), ValueWriter::new());
    action.discrete(1);
    for step in 0..30 {
        if step == 0 || env.outcome().over() {
            let seed = (step == 0).then_some(42);
            env.reset(seed, &Kwargs::new()).unwrap();
            bytes.clear();
            env.write_returns(&mut bytes);
            recorder.reset(seed, "", bytes.bytes());
        }
        env.step(&[Value::Discrete(1)]).unwrap();
        bytes.clear();
        env.write_returns(&mut bytes);
        recorder.step(action.bytes(), bytes.bytes(), &[], Some(env.hash())).unwrap();
    }
    let mut text = Vec::new();
    let header = Header::new("CartPole-v1", Kwargs::new(), Some(42));
    write_jsonl(&header, env.spec(), &recorder.record(), &[], &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn changed(record: &str, line: usize, change: impl FnOnce(&mut Json)) -> String {
    let mut lines: Vec<Json> = record.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    change(&mut lines[line]);
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_record_that_replays_passes_with_a_line_of_its_own() {
    let folder = Folder::new("passes");
    folder.write("a.jsonl", cart_pole());
    folder.write("b.gz", compress(cart_pole().as_bytes()).unwrap());
    for file in ["a.jsonl", "b.gz"] {
        let line = format!("ok    {file}: 30 steps in 4 episodes, identical");
        assert_eq!(told(&folder, &["verify", file]), (vec![line, "1 passed, 0 failed".to_owned()], 0));
    }
}

#[test]
fn the_example_in_the_documentation_is_a_record_that_passes() {
    let page = include_str!("../../../docs/record-format.md");
    let example = page.split_once("```json\n").unwrap().1.split_once("```").unwrap().0;
    assert!(example.lines().count() > 3);
    let folder = Folder::new("documentation");
    folder.write("example.jsonl", example);
    let line = "ok    example.jsonl: 2 steps in 1 episode, identical".to_owned();
    assert_eq!(told(&folder, &["verify", "example.jsonl"]), (vec![line, "1 passed, 0 failed".to_owned()], 0));
    // What `game.snapshot()` gives says what it lacks, and passes.
    folder.write("example.jsonl", example.replace(r#""n_steps":2,"#, r#""n_steps":2,"unfinished":true,"#));
    let line = "ok    example.jsonl: 2 steps in 1 episode, identical; unfinished: how the session ended is missing, and what was \
                played after that";
    let expected = (vec![line.to_owned(), "1 passed, 0 failed".to_owned()], 0);
    assert_eq!(told(&folder, &["verify", "example.jsonl"]), expected);
}

#[test]
fn a_record_whose_header_says_that_it_is_not_what_was_confirmed_fails_although_it_replays() {
    let folder = Folder::new("confirmed");
    let of_match = |difference: Json| {
        changed(&cart_pole(), 0, |header| header["match"] = json!({"id": "m1", "replay_difference": difference}))
    };
    folder.write("a.jsonl", of_match(json!("frame 39: hash after it: expected 0a, found 0b")));
    folder.write("b.jsonl", of_match(Json::Null));
    folder.write("c.jsonl", of_match(json!({"frame": 39})));
    let said = "30 steps in 4 episodes, identical; but its header says that it is not what was confirmed in the match";
    let lines = [
        format!("FAIL  ./a.jsonl: {said}: frame 39: hash after it: expected 0a, found 0b"),
        "ok    ./b.jsonl: 30 steps in 4 episodes, identical".to_owned(),
        format!("FAIL  ./c.jsonl: {said}: {{\"frame\":39}}"),
        "1 passed, 2 failed".to_owned(),
    ];
    assert_eq!(told(&folder, &["verify", "."]), (lines.to_vec(), 1));
}

#[test]
fn folders_are_searched_and_the_first_difference_of_every_failing_file_is_told() {
    let folder = Folder::new("folders");
    let record = cart_pole();
    folder.write("data/z.jsonl", changed(&record, 7, |step| step["obs"][2] = json!(0.5)));
    folder.write("data/deep/er/ok.jsonl.gz", compress(record.as_bytes()).unwrap());
    // As a receiver names the streams that it joins; what a file is, its first bytes say.
    folder.write("data/deep/er/ok.prs", &record);
    folder.write("data/cut.jsonl", record.lines().take(9).map(|line| format!("{line}\n")).collect::<String>());
    folder.write("data/broken.jsonl", changed(&record, 4, |step| step["hash"] = json!("none")));
    folder.write("data/strange.jsonl", changed(&record, 0, |header| header["env_id"] = json!("CartPole-v9")));
    folder.write("data/wrong.jsonl", changed(&record, 0, |header| header["kwargs"] = json!({"gravity": 3})));
    folder.write("data/notes.txt", "no record");
    let (lines, status) = told(&folder, &["verify", "data"]);
    assert_eq!(status, 1);
    let found: Json = serde_json::from_str(record.lines().nth(7).unwrap()).unwrap();
    let difference = format!("FAIL  data/z.jsonl: t=6 field=obs[2] expected=0.5 found={}", found["obs"][2]);
    for (line, expected) in lines.iter().zip([
        "FAIL  data/broken.jsonl: malformed: line 5 (step): field `hash`: expected 16 hexadecimal digits, found \"none\"",
        "FAIL  data/cut.jsonl: truncated record: expected 30 steps (the header's n_steps), found 7",
        "ok    data/deep/er/ok.jsonl.gz: 30 steps in ",
        "ok    data/deep/er/ok.prs: 30 steps in ",
        "FAIL  data/strange.jsonl: unknown environment `CartPole-v9` (did you mean `CartPole-v",
        "FAIL  data/wrong.jsonl: unsupported kwargs: expected an argument among ",
        &difference,
        "2 passed, 5 failed",
    ]) {
        assert!(line.starts_with(expected), "{line}\n{expected}");
    }
    assert_eq!(lines.len(), 8, "{lines:#?}");
}

#[test]
fn unknown_environments_can_be_skipped_and_are_counted_apart() {
    let folder = Folder::new("skipped");
    folder.write("known.jsonl", cart_pole());
    folder.write("unknown.jsonl", changed(&cart_pole(), 0, |header| header["env_id"] = json!("Chess-v0")));
    let (lines, status) = told(&folder, &["verify", "--skip-unknown", "."]);
    assert_eq!(
        (lines[1].as_str(), lines[2].as_str()),
        ("skip  ./unknown.jsonl: unknown environment `Chess-v0`", "1 passed, 0 failed, 1 skipped",)
    );
    assert_eq!((lines.len(), status), (3, 0));
    assert_eq!(told(&folder, &["verify", "."]).1, 1);
}

#[test]
fn a_record_of_an_environment_in_python_is_neither_found_true_nor_found_false() {
    let folder = Folder::new("guest");
    folder.write("guest.jsonl", changed(&cart_pole(), 0, |header| header["env_id"] = json!("guest/mine")));
    let line = "????  guest.jsonl: not verifiable here: guest/mine is an environment in Python, of a page";
    let lines = vec![line.to_owned(), "0 passed, 0 failed, 1 not verifiable here".to_owned()];
    assert_eq!(told(&folder, &["verify", "guest.jsonl"]), (lines, 1));
    assert_eq!(told(&folder, &["verify", "--skip-unknown", "guest.jsonl"]).1, 0);
}

#[test]
fn what_cannot_be_found_or_read_counts_as_failed() {
    let folder = Folder::new("missing");
    folder.write("empty/notes.txt", "");
    folder.write("empty.jsonl", "");
    let (lines, status) = told(&folder, &["verify", "none.jsonl", "empty", "empty.jsonl"]);
    assert_eq!(lines[0], "FAIL  empty: expected *.jsonl, *.jsonl.gz or *.prs files in the folder, found none");
    assert_eq!(lines[1], "FAIL  empty.jsonl: malformed: expected a header line, found an empty file");
    assert!(lines[2].starts_with("FAIL  none.jsonl: expected a readable file or folder: "), "{lines:?}");
    assert_eq!((lines[3].as_str(), status), ("0 passed, 3 failed", 1));
}

#[test]
fn only_the_files_that_fit_the_pattern_are_verified_and_each_of_them_once() {
    let folder = Folder::new("only");
    for name in ["CartPole.1.jsonl", "CartPole.2.jsonl", "Pendulum.1.jsonl"] {
        folder.write(name, cart_pole());
    }
    for (pattern, passed) in [("CartPole", 2), ("*.1.jsonl", 2), ("?art*2*", 1)] {
        let (lines, status) = told(&folder, &["verify", "--only", pattern, ".", "./CartPole.2.jsonl"]);
        assert_eq!((lines.last().unwrap().as_str(), status), (format!("{passed} passed, 0 failed").as_str(), 0));
    }
    let (lines, status) = told(&folder, &["verify", "--only", "Taxi", "."]);
    assert_eq!((lines[1].as_str(), status), ("0 passed, 0 failed", 1));
}

#[test]
fn a_wrong_command_line_exits_with_2_and_says_what_was_expected() {
    let folder = Folder::new("misuse");
    for (arguments, expected) in [
        (&[][..], "palaestra: expected a command, found none"),
        (&["verify"], "palaestra: verify: expected a file or a folder, found none"),
        (&["verify", "--quick", "a"], "palaestra: expected --only, --skip-unknown or a file, found `--quick`"),
    ] {
        let output = palaestra(&folder, arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8(output.stderr).unwrap().starts_with(expected), "{arguments:?}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn help_version_and_the_environments_can_be_asked_for() {
    let folder = Folder::new("help");
    let (help, status) = told(&folder, &["--help"]);
    assert!(status == 0 && help.iter().any(|line| line.contains("palaestra verify")), "{help:?}");
    let (version, _) = told(&folder, &["--version"]);
    assert_eq!(version, [concat!("palaestra ", env!("CARGO_PKG_VERSION"))]);
    let (envs, _) = told(&folder, &["envs"]);
    for entry in palaestra_envs::CATALOG.entries() {
        let line = envs.iter().find(|line| line.split_whitespace().next() == Some(entry.id));
        assert!(line.is_some_and(|line| line.ends_with(entry.title)), "{}: {envs:?}", entry.id);
    }
}

#[test]
fn a_reader_who_goes_away_ends_the_run_without_a_panic() {
    let folder = Folder::new("pipe");
    // More text than a pipe holds, so that the reader is gone before the last line is written.
    for index in 0..1_500 {
        folder.write(&format!("{index:04}.jsonl"), "{}\n");
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_palaestra"))
        .args(["verify", "."])
        .current_dir(&folder.0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("FAIL  ./0000.jsonl"), "{first}");
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(1), ""));
}

/// The list that `npx palaestra --help` shows has every command of this program, in the same words.
#[test]
fn the_npm_package_knows_every_command() {
    let list = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bin/commands.json")).unwrap();
    let list: Vec<Json> = serde_json::from_str(&list).unwrap();
    let of_rust: Vec<String> = list
        .iter()
        .filter(|command| command["in"] == "Rust")
        .map(|command| format!("{} {}", command["name"].as_str().unwrap(), command["about"].as_str().unwrap()))
        .collect();
    let output = palaestra(&Folder::new("help"), &["--help"]);
    let help = String::from_utf8(output.stdout).unwrap();
    let commands = help.split_once("Commands:\n").unwrap().1.split_once("\n\n").unwrap().0;
    let mut told: Vec<String> =
        commands.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    told.retain(|line| !line.starts_with("help "));
    let mut expected = of_rust;
    told.sort();
    expected.sort();
    assert_eq!(told, expected);
}

#[test]
fn check_tells_a_line_for_every_question_and_how_many_are_good() {
    let folder = Folder::new("check");
    let (lines, code) = told(&folder, &["check", "Taxi-v4", "--kwargs", "{\"is_rainy\": true}"]);
    assert_eq!(code, 0, "{lines:#?}");
    assert!(lines.len() > 10, "{lines:#?}");
    let (last, questions) = lines.split_last().unwrap();
    assert!(questions.iter().all(|line| line.starts_with("ok    Taxi-v4  ") || line.starts_with("warn  Taxi-v4  ")));
    assert!(questions.iter().any(|line| line.contains("determinism")));
    assert!(last.contains(" passed, 0 failed, "), "{last}");
}

#[test]
fn check_fails_for_what_is_not_there_and_what_cannot_be_made() {
    let folder = Folder::new("check-not-there");
    let expected =
        "FAIL  expected the id of an environment, found `Taxi-v5` (did you mean `Taxi-v4`?): see `palaestra envs`";
    assert_eq!(told(&folder, &["check", "Taxi-v5"]), (vec![expected.to_owned()], 1));
    let (lines, code) = told(&folder, &["check", "Taxi-v4", "--kwargs", "{\"is_rainie\": true}"]);
    assert_eq!((lines.len(), code), (2, 1), "{lines:#?}");
    assert!(lines[0].starts_with("FAIL  Taxi-v4  make") && lines[0].contains("is_rainy"), "{}", lines[0]);
    assert_eq!(lines[1], "0 passed, 1 failed, 0 warnings");
}
