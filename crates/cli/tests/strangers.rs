//! `palaestra verify` on files from strangers: bounded time and memory, one line a file, and no success that is none.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use palaestra_record::compress;
use serde_json::{Value as Json, json};

/// A folder that is gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("strangers-{test}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What is printed about one file, and the exit status.
fn verified(test: &str, name: &str, bytes: impl AsRef<[u8]>) -> (Vec<String>, i32) {
    let folder = Folder::new(test);
    fs::write(folder.0.join(name), bytes).unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_palaestra")).args(["verify", name]).current_dir(&folder.0).output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap().split('\n').map(str::to_owned).collect();
    (lines, output.status.code().unwrap())
}

fn header(id: &str) -> Json {
    json!({"type": "header", "env_id": id, "package": "palaestra"})
}

fn played(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_palaestra")).arg("play").args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn an_id_with_a_newline_forges_no_line() {
    let forged = "X\nok    b.jsonl: 400 steps in 1 episode, identical\n2 passed, 0 failed\u{1b}[2K\u{9b}1A";
    let (lines, status) = verified("newline", "a.jsonl", header(forged).to_string());
    assert_eq!((lines.len(), status), (3, 1), "{lines:?}");
    let shown = "FAIL  a.jsonl: unknown environment `X\\u000aok    b.jsonl: 400 steps in 1 episode, identical\\u000a2 \
        passed, 0 failed\\u001b[2K\\u009b1A`";
    assert_eq!((lines[0].as_str(), lines[1].as_str()), (shown, "0 passed, 1 failed"));
}

#[test]
fn nothing_that_a_file_holds_or_is_named_reaches_a_terminal_as_a_command() {
    let escape = "\u{1b}]0;gone\u{7}\u{202e}";
    let good: Vec<Json> =
        played(&["CartPole-v1", "--steps", "3"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (line, field, value) in [
        (0, "type", json!(escape)),
        (0, "kwargs", json!({escape: 1})),
        (0, "kwargs", json!(escape)),
        (1, "obs", json!({escape: escape})),
        (1, "options", json!({escape: escape})),
        (1, "type", json!(escape)),
        (2, "action", json!(escape)),
        (2, "hash", json!(escape)),
        (2, "info", json!({escape: escape})),
        (4, "reward", json!([escape])),
    ] {
        let mut lines = good.clone();
        lines[line][field] = value;
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let (told, _) = verified("escapes", "a\u{1b}[31m.jsonl", text);
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told.iter().all(|line| !line.contains(|c: char| c.is_control() || c == '\u{202e}')), "{told:?}");
        assert!(told[0].contains("  a\\u001b[31m.jsonl: "), "{told:?}");
    }
}

#[test]
fn a_name_of_15_megabytes_in_15_kilobytes_takes_no_time() {
    let file = compress(header(&"x".repeat(15 << 20)).to_string().as_bytes()).unwrap();
    assert!(file.len() < 20_000, "{} bytes", file.len());
    let begun = Instant::now();
    let (lines, status) = verified("long-name", "a.jsonl.gz", file);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert_eq!(status, 1);
    assert!(lines[0].len() < 300 && lines[0].ends_with("x… (15728640 characters)`"), "{}", lines[0]);
}

#[test]
fn a_line_of_a_million_objects_in_23_kilobytes_takes_no_gigabyte() {
    let objects = "{\"\":0},".repeat(15 << 20 >> 3);
    let text = format!("{}\n{{\"type\":\"note\",\"x\":[{objects}0]}}\n", header("CartPole-v1"));
    let file = compress(text.as_bytes()).unwrap();
    assert!(file.len() < 40_000, "{} bytes", file.len());
    let folder = Folder::new("heavy");
    fs::write(folder.0.join("a.jsonl.gz"), file).unwrap();
    // In an address space of 400 MB, of which the threads' stacks alone take a part.
    let limited =
        format!("ulimit -v 400000; RAYON_NUM_THREADS=1 exec {} verify a.jsonl.gz", env!("CARGO_BIN_EXE_palaestra"));
    let output = Command::new("sh").args(["-c", &limited]).current_dir(&folder.0).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let expected =
        "FAIL  a.jsonl.gz: malformed: line 2: expected values that take at most 100663296 bytes of memory, found more";
    assert_eq!(told.lines().next(), Some(expected), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_header_alone_is_not_identical_whatever_it_counts() {
    for package in ["palaestra", "gymnasium"] {
        let alone = json!({"type": "header", "env_id": "CartPole-v1", "package": package, "n_steps": 0});
        let (lines, status) = verified("alone", "a.jsonl", alone.to_string());
        let told = "FAIL  a.jsonl: truncated record: expected an end line, found the end of the file after 0 steps";
        assert_eq!((lines[0].as_str(), status), (told, 1));
    }
}

#[test]
fn a_file_whose_end_is_gone_says_so() {
    let record = played(&["CartPole-v1", "--steps", "3"]);
    let (cut, end) = record.trim_end().rsplit_once('\n').unwrap();
    assert!(end.contains("\"end\""));
    let (lines, status) = verified("cut", "a.jsonl", cut);
    let told = "FAIL  a.jsonl: truncated record: expected an end line, found the end of the file after 3 steps";
    assert_eq!((lines[0].as_str(), status), (told, 1));
}

#[test]
fn a_game_that_ended_before_its_first_step_passes_and_is_not_called_identical_steps() {
    let record = played(&["CartPole-v1", "--steps", "0"]);
    let (lines, status) = verified("no-step", "a.jsonl", &record);
    assert_eq!((lines[0].as_str(), status), ("ok    a.jsonl: no step to compare; 1 reset, identical", 0));
    let end = json!({"type": "end", "steps": 0, "episodes": 0, "return": 0.0});
    let (lines, status) = verified("nothing", "a.jsonl", format!("{}\n{end}\n", header("CartPole-v1")));
    let told = "ok    a.jsonl: nothing was played: no reset and no step to compare";
    assert_eq!((lines[0].as_str(), status), (told, 0));
}
