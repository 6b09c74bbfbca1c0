//! `palaestra play`: what it writes and how it exits.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder that is gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("play-{test}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn palaestra(folder: &Folder, line: &str) -> Output {
    let arguments = line.split(' ');
    Command::new(env!("CARGO_BIN_EXE_palaestra")).args(arguments).current_dir(&folder.0).output().unwrap()
}

fn printed(folder: &Folder, line: &str) -> String {
    let output = palaestra(folder, line);
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_random_players_played_in_any_environment_replays() {
    let folder = Folder::new("replays");
    let mut files = 0;
    for entry in palaestra_envs::CATALOG.entries() {
        let file = format!("{}.jsonl.gz", entry.id.replace('/', "."));
        assert_eq!(printed(&folder, &format!("play {} --seed 5 --steps 60 -o {file}", entry.id)), "");
        assert_eq!(fs::read(folder.0.join(&file)).unwrap().first(), Some(&0x1f), "{file} is not gzipped");
        files += 1;
    }
    let verified = printed(&folder, "verify .");
    assert_eq!(verified.lines().last(), Some(format!("{files} passed, 0 failed").as_str()), "{verified}");
    assert_eq!(verified.matches(": 60 steps in ").count(), files, "{verified}");
}

#[test]
fn the_same_seed_is_the_same_record_and_another_seed_another() {
    let folder = Folder::new("seeds");
    let record = |options: &str| printed(&folder, &format!("play CartPole-v1 --steps 100 {options}"));
    assert_eq!(record("--seed 3"), record("--seed 3"));
    let actions = |record: &str| -> Vec<serde_json::Value> {
        let steps = record.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        steps.filter_map(|line| line.get("action").cloned()).collect()
    };
    assert_eq!(actions(&record("--seed 3")).len(), 100);
    assert_ne!(actions(&record("--seed 3")), actions(&record("--seed 4")));
}

#[test]
fn keyword_arguments_reach_the_environment_and_the_header() {
    let folder = Folder::new("kwargs");
    let record = printed(&folder, r#"play FrozenLake-v1 --steps 5 --kwargs {"map_name":"8x8"}"#);
    let header = record.lines().next().unwrap();
    assert!(header.contains(r#""kwargs":{"map_name":"8x8"}"#) && header.contains(r#""policy":"random""#), "{header}");
}

#[test]
fn an_environment_that_is_none_fails_with_the_nearest_one() {
    let folder = Folder::new("unknown");
    for (line, said) in [
        ("play Cartpole-v1", "did you mean `CartPole-v1`?"),
        ("play CartPole-v1 -o nowhere/x.jsonl", "nowhere/x.jsonl: "),
        ("play CartPole-v1 --kwargs {\"speed\":1}", "found `speed`"),
    ] {
        let output = palaestra(&folder, line);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{line}: {error}");
        assert!(error.starts_with("palaestra: ") && error.contains(said), "{line}: {error}");
    }
}
