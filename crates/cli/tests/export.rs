//! `palaestra export`: where its rows go, what it tells, how it exits.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use palaestra_record::compress;
use serde_json::{Value as Json, json};

/// A folder that is gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    /// With records of CartPole in `records`, of two episodes each: one of thirty steps and one of twenty, compressed.
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("export-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("records/deep")).unwrap();
        let folder = Self(path);
        for (seed, steps, name) in [("26", "30", "records/a.jsonl"), ("20", "20", "records/deep/b.jsonl.gz")] {
            let played = folder.palaestra(&["play", "CartPole-v1", "--seed", seed, "--steps", steps, "-o", name]);
            assert!(played.status.success());
        }
        folder
    }

    fn palaestra(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_palaestra")).args(arguments).current_dir(&self.0).output().unwrap()
    }

    /// What `export` prints, line by line, and its exit status; nothing may stand on the other stream.
    fn export(&self, arguments: &[&str]) -> (Vec<String>, i32) {
        let output = self.palaestra(&[&["export"], arguments].concat());
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{arguments:?}");
        let lines = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
        (lines, output.status.code().unwrap())
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.0.join(name), bytes).unwrap();
    }

    /// The names of all files and folders in it, hidden ones included.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = entries.collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn changed(record: &str, line: usize, change: impl FnOnce(&mut Json)) -> String {
    let mut lines: Vec<Json> = record.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    change(&mut lines[line]);
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_folder_of_records_becomes_one_table_with_a_column_for_the_file() {
    let folder = Folder::new("folder");
    let (lines, status) = folder.export(&["records", "--out", "steps.csv"]);
    assert_eq!(lines[0], "ok    records/a.jsonl: 30 steps in 2 episodes");
    assert!(lines[1].starts_with("ok    records/deep/b.jsonl.gz: 20 steps in "), "{lines:?}");
    assert_eq!((lines[2].as_str(), lines.len(), status), ("2 exported, 0 failed", 3, 0));
    let text = folder.read("steps.csv");
    let mut rows = text.lines();
    assert!(
        rows.next()
            .unwrap()
            .starts_with("file,env_id,episode,step,t,time,key_time,agent,seed,obs_0,obs_1,obs_2,obs_3,action,")
    );
    let files: Vec<&str> = rows.map(|row| row.split_once(',').unwrap().0).collect();
    assert_eq!((files.len(), files[0], files[49]), (50, "records/a.jsonl", "records/deep/b.jsonl.gz"));
    assert_eq!(folder.names(), ["records", "steps.csv"], "nothing else is left");
}

#[test]
fn the_rows_go_to_standard_output_and_what_is_told_does_not() {
    let folder = Folder::new("stdout");
    for arguments in [vec!["export", "records"], vec!["export", "records", "--out", "-", "--format", "csv"]] {
        let output = folder.palaestra(&arguments);
        let (rows, told) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert_eq!((rows.lines().count(), output.status.code()), (51, Some(0)));
        assert!(rows.starts_with("file,env_id,") && told.ends_with("2 exported, 0 failed\n"), "{told}");
    }
    let output = folder.palaestra(&["export", "records/a.jsonl", "--format", "parquet"]);
    assert!(output.stdout.starts_with(b"PAR1") && output.stdout.ends_with(b"PAR1"));
}

#[test]
fn the_name_of_the_file_says_its_format_and_an_option_says_it_louder() {
    let folder = Folder::new("format");
    for (arguments, file, begins) in [
        (
            &["--out", "x.jsonl"][..],
            "x.jsonl",
            "{\"file\":\"records/a.jsonl\",\"env_id\":\"CartPole-v1\",\"episode\":0,",
        ),
        (&["--out", "x.parquet"], "x.parquet", "PAR1"),
        (&["--out", "x"], "x", "file,env_id,"),
        (&["--out", "x.data", "--format", "csv"], "x.data", "file,env_id,"),
        (&["--out", "x.feather"], "x.feather", "ARROW1"),
        (&["--out", "X.PARQUET"], "X.PARQUET", "PAR1"),
        (&["--out", "tables.2026/"], "tables.2026/steps.csv", "file,env_id,"),
        (&["--out", "tables.2026", "--force"], "tables.2026/steps.csv", "file,env_id,"),
        (&["--out", "y.csv", "--format", "jsonl"], "y.csv", "{\"file\":"),
        (&["--out", "records", "--format", "parquet"], "records/steps.parquet", "PAR1"),
    ] {
        let (lines, status) = folder.export(&[&["records/a.jsonl"], arguments].concat());
        assert_eq!(status, 0, "{lines:?}");
        assert!(fs::read(folder.0.join(file)).unwrap().starts_with(begins.as_bytes()), "{file}");
    }
}

#[test]
fn a_file_whose_name_ends_as_no_format_s_does_is_not_written_unless_an_option_says_which() {
    let folder = Folder::new("ending");
    for (out, ending) in [("steps.csv.gz", "gz"), ("steps.jsonl.gz", "gz"), ("steps.xlsx", "xlsx")] {
        let told = format!(
            "FAIL  {out}: expected a name that ends in .csv, .jsonl, .arrow, .feather, .parquet or .minari, or --format, \
             found .{ending}"
        );
        assert_eq!(folder.export(&["records", "--out", out]), (vec![told], 1));
    }
    assert_eq!(folder.names(), ["records"]);
}

#[test]
fn what_fails_is_named_and_the_rest_is_exported() {
    let folder = Folder::new("partial");
    let record = folder.read("records/a.jsonl");
    folder.write("records/other.jsonl", changed(&record, 9, |step| step["obs"][2] = json!(0.5)));
    folder.write("records/cut.jsonl", record.lines().take(9).map(|line| format!("{line}\n")).collect::<String>());
    folder.write("records/strange.jsonl", changed(&record, 0, |header| header["env_id"] = json!("Chess\u{1b}[2J-v0")));
    folder.write("records/none.jsonl", "{}\n");
    let (lines, status) = folder.export(&["records", "gone.jsonl", "--out", "steps.csv"]);
    for expected in [
        "FAIL  gone.jsonl: expected a readable file or folder: ",
        "FAIL  records/cut.jsonl: truncated record: expected 30 steps (the header's n_steps), found 7",
        "FAIL  records/none.jsonl: malformed: line 1 (untyped): expected a field `type`, found none",
        "FAIL  records/other.jsonl: t=8 obs[2]: expected 0.5, found ",
        "FAIL  records/strange.jsonl: unknown environment `Chess\\u001b[2J-v0`",
        "ok    records/a.jsonl: 30 steps in ",
        "ok    records/deep/b.jsonl.gz: 20 steps in ",
        "2 exported, 5 failed",
    ] {
        assert!(lines.iter().any(|line| line.starts_with(expected)), "{expected}\n{lines:#?}");
    }
    assert_eq!((lines.len(), status, folder.read("steps.csv").lines().count()), (8, 1, 51));
}

#[test]
fn where_nothing_can_be_exported_no_file_appears() {
    let folder = Folder::new("nothing");
    folder.write("bad.jsonl", "{}\n");
    for out in ["steps.csv", "steps.parquet"] {
        let (lines, status) = folder.export(&["bad.jsonl", "--out", out]);
        assert_eq!((lines[1].as_str(), status), ("0 exported, 1 failed", 1));
    }
    let (lines, status) = folder.export(&["bad.jsonl", "--format", "minari", "--out", "records"]);
    assert_eq!((lines[1].as_str(), status), ("0 exported, 1 failed", 1));
    assert_eq!(folder.names(), ["bad.jsonl", "records"]);
    let hidden = fs::read_dir(folder.0.join("records")).unwrap().count();
    assert_eq!(hidden, 2, "nothing hidden is left in the folder");
}

#[test]
fn nothing_is_overwritten_unless_asked() {
    let folder = Folder::new("force");
    folder.write("steps.csv", "mine");
    let told = "FAIL  steps.csv: expected nothing there, found something: --force replaces it";
    assert_eq!(folder.export(&["records", "--out", "steps.csv"]), (vec![told.to_owned()], 1));
    assert_eq!(folder.read("steps.csv"), "mine");
    assert_eq!(folder.export(&["records", "--out", "steps.csv", "--force"]).1, 0);
    assert_eq!(folder.read("steps.csv").lines().count(), 51);
    // A table among the records is none of them.
    for _ in 0..2 {
        let (lines, status) = folder.export(&["records", "--out", "records/steps.jsonl", "--force"]);
        assert_eq!((lines.last().unwrap().as_str(), status), ("2 exported, 0 failed", 0), "{lines:?}");
    }
    fs::remove_file(folder.0.join("records/steps.jsonl")).unwrap();
    let (lines, status) = folder.export(&["records", "--out", "no/folder/steps.csv"]);
    assert!(lines[0].starts_with("FAIL  no/folder/steps.csv: ") && status == 1, "{lines:?}");
    // What ends as only a folder's name does is one, also before it is there.
    assert_eq!(folder.export(&["records", "--out", "tables/"]).1, 0);
    assert_eq!(folder.read("tables/steps.csv").lines().count(), 51);
}

#[test]
fn data_sets_of_minari_stand_in_their_folder_and_are_not_mixed_with_others() {
    let folder = Folder::new("minari");
    let (lines, status) = folder.export(&["records", "--format", "minari", "--out", "datasets"]);
    assert_eq!((lines[2].as_str(), status), ("set   palaestra/CartPole-v1/agent_0-v0", 0));
    let metadata = "datasets/palaestra/CartPole-v1/agent_0-v0/data/metadata.json";
    let steps = |folder: &Folder| serde_json::from_str::<Json>(&folder.read(metadata)).unwrap()["total_steps"].clone();
    assert_eq!(steps(&folder), json!(50));
    let again = ["records/a.jsonl", "--format", "minari", "--out", "datasets"];
    let (lines, status) = folder.export(&again);
    let told =
        "FAIL  datasets/palaestra/CartPole-v1/agent_0-v0: expected nothing there, found something: --force replaces it";
    assert_eq!((lines.last().unwrap().as_str(), status), (told, 1));
    assert_eq!(steps(&folder), json!(50));
    assert_eq!(folder.export(&[&again[..], &["--force"]].concat()).1, 0);
    assert_eq!(steps(&folder), json!(30));
    // What is no data set is not removed, whatever is asked.
    fs::remove_file(folder.0.join(metadata)).unwrap();
    let (lines, status) = folder.export(&[&again[..], &["--force"]].concat());
    assert!(lines.last().unwrap().contains("expected a data set of Minari to replace") && status == 1, "{lines:?}");
    let (lines, status) = folder.export(&["records", "--format", "minari"]);
    assert_eq!(
        (lines[0].as_str(), status),
        ("FAIL  expected --out with a folder for Minari's data sets, found none", 1)
    );
}

#[test]
fn a_record_with_an_episode_that_is_too_long_for_minari_replaces_nothing() {
    let folder = Folder::new("long");
    assert!(folder.palaestra(&["play", "CliffWalking-v1", "--steps", "9", "-o", "good.jsonl"]).status.success());
    let metadata = "datasets/palaestra/CliffWalking-v1/agent_0-v0/data/metadata.json";
    assert_eq!(folder.export(&["good.jsonl", "--format", "minari", "--out", "datasets"]).1, 0);
    let before = folder.read(metadata);
    // Against the wall from where everybody begins, once more than Minari reads.
    let mut long = folder.read("good.jsonl").lines().take(2).map(|line| format!("{line}\n")).collect::<String>();
    long = changed(&long, 0, |header| {
        *header = json!({"type": "header", "env_id": header["env_id"], "seed": header["seed"]})
    });
    for t in 1..=1 << 17 {
        long += &format!(
            r#"{{"type":"step","t":{t},"episode":0,"action":3,"obs":36,"reward":-1.0,"terminated":false,"truncated":false,"info":{{"prob":1.0}}}}"#
        );
        long += "\n";
    }
    long += "{\"type\":\"end\",\"steps\":131072,\"episodes\":1}\n";
    folder.write("long.jsonl", long);
    let told = "FAIL  long.jsonl: episode 0: expected at most 131071 steps, which is what Minari reads, found more";
    let expected = [told, "0 exported, 1 failed"].map(str::to_owned).to_vec();
    assert_eq!(folder.export(&["long.jsonl", "--format", "minari", "--out", "datasets", "--force"]), (expected, 1));
    assert_eq!(folder.read(metadata), before);
}

#[test]
fn where_one_data_set_cannot_have_its_place_all_are_as_they_were() {
    let folder = Folder::new("places");
    assert!(folder.palaestra(&["play", "MountainCar-v0", "--steps", "9", "-o", "records/z.jsonl"]).status.success());
    let metadata = "datasets/palaestra/CartPole-v1/agent_0-v0/data/metadata.json";
    assert_eq!(folder.export(&["records/deep", "--format", "minari", "--out", "datasets"]).1, 0);
    let before = folder.read(metadata);
    folder.write("datasets/palaestra/MountainCar-v0", "mine");
    let (lines, status) = folder.export(&["records", "--format", "minari", "--out", "datasets", "--force"]);
    let told = "FAIL  datasets/palaestra/MountainCar-v0/agent_0-v0: ";
    assert!(lines.last().unwrap().starts_with(told) && status == 1, "{lines:?}");
    assert_eq!(folder.read(metadata), before);
    fs::remove_file(folder.0.join("datasets/palaestra/MountainCar-v0")).unwrap();
    assert_eq!(folder.export(&["records", "--format", "minari", "--out", "datasets", "--force"]).1, 0);
    assert_ne!(folder.read(metadata), before);
    let hidden = fs::read_dir(folder.0.join("datasets")).unwrap().count();
    assert_eq!(hidden, 1, "nothing else is left");
}

#[test]
fn a_header_field_that_is_too_large_for_every_row_is_told() {
    let folder = Folder::new("notes");
    let record = folder.read("records/a.jsonl");
    folder.write("long.jsonl", changed(&record, 0, |header| header["notes"] = json!("x".repeat(100_000))));
    let (lines, status) = folder.export(&["long.jsonl", "--out", "steps.csv"]);
    let told = "note  long.jsonl: header field `notes` is too large to stand in every row";
    assert_eq!((lines[0].as_str(), status), (told, 0));
    assert!(folder.read("steps.csv").len() < 20_000);
}

#[test]
fn a_record_whose_header_says_that_it_is_not_what_was_confirmed_is_exported_and_told() {
    let folder = Folder::new("confirmed");
    let record = folder.read("records/a.jsonl");
    let said = json!({"id": "m1", "replay_difference": "frame 39: hash after it: expected 0a, found 0b"});
    folder.write("match.jsonl", changed(&record, 0, |header| header["match"] = said));
    let (lines, status) = folder.export(&["match.jsonl", "--out", "steps.csv"]);
    let expected = [
        "note  match.jsonl: its header says that it is not what was confirmed in the match: frame 39: hash after it: expected 0a, \
         found 0b",
        "ok    match.jsonl: 30 steps in 2 episodes",
        "1 exported, 0 failed",
    ];
    assert_eq!((lines, status), (expected.map(str::to_owned).to_vec(), 0));
}

#[test]
fn a_stranger_s_file_costs_bounded_time() {
    let folder = Folder::new("strangers");
    let header = json!({"type": "header", "env_id": "CartPole-v1"}).to_string();
    let mut bomb = format!("{header}\n{{\"type\":\"event\",\"event\":\"").into_bytes();
    bomb.resize(100 << 20, b'x');
    folder.write("bomb.jsonl.gz", compress(&bomb).unwrap());
    let began = Instant::now();
    let (lines, status) = folder.export(&["bomb.jsonl.gz", "--out", "steps.csv"]);
    let told = "FAIL  bomb.jsonl.gz: malformed: line 2: expected at most 16777216 bytes, found more";
    assert_eq!((lines[0].as_str(), status), (told, 1));
    assert!(began.elapsed() < Duration::from_secs(30));
}
