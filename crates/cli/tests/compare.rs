//! `palaestra compare`: what it prints and how it exits.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is the failure's message")]
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value as Json, json};

fn compared(arguments: &[&str], input: &str) -> (Vec<String>, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_palaestra"));
    let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    (lines, output.status.code().unwrap())
}

/// Two episodes of another implementation's FrozenLake, on ice that does not slip: into a hole, and a step of the next.
fn lake(seed: u64) -> String {
    let made = json!({"map_name": "4x4", "is_slippery": false});
    let info = json!({"prob": 1});
    let step = |t: u64, action: u64, obs: u64, terminated: bool| {
        json!({"type": "step", "t": t, "action": action, "obs": obs, "reward": 0, "terminated": terminated,
               "truncated": false, "info": info})
    };
    let lines = [
        json!({"type": "header", "env_id": "FrozenLake-v1", "package": "gymnasium", "kwargs": made, "seed": seed}),
        json!({"type": "reset", "t": 0, "seed": seed, "obs": 0, "info": info}),
        step(1, 2, 1, false),
        step(2, 1, 5, true),
        json!({"type": "reset", "t": 2, "seed": null, "obs": 0, "info": info}),
        step(3, 1, 4, false),
        json!({"type": "end", "steps": 3}),
    ];
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[test]
fn records_that_agree_are_counted() {
    let (lines, code) = compared(&["compare"], &(lake(3) + &lake(4)));
    assert_eq!(lines, ["6 steps, 4 episodes, 0 mismatching, largest difference 0 ulp"]);
    assert_eq!(code, 0);
}

#[test]
fn a_difference_is_told_with_everything_that_is_needed_to_find_it_again() {
    let wrong = lake(9).replace(r#""obs":5"#, r#""obs":6"#);
    let (lines, code) = compared(&["compare", "-"], &(lake(3) + &wrong));
    assert_eq!(
        lines,
        [
            r#"DIFF  FrozenLake-v1 {"is_slippery":false,"map_name":"4x4"} seed 9, episode 1, step 2: t=2 obs: expected 6, found 5"#,
            "6 steps, 4 episodes, 1 mismatching, largest difference 0 ulp",
        ]
    );
    assert_eq!(code, 1);
}

#[test]
fn the_report_for_programs_says_the_same() {
    let wrong = lake(9).replace(r#""obs":5"#, r#""obs":6"#);
    let (lines, code) = compared(&["compare", "--json"], &wrong);
    let report: Json = serde_json::from_str(lines.last().unwrap()).unwrap();
    assert_eq!(code, 1);
    for (pointer, expected) in [
        ("/type", json!("report")),
        ("/steps", json!(3)),
        ("/episodes", json!(2)),
        ("/mismatching", json!(1)),
        ("/broken", json!(null)),
        ("/differences/0/field", json!("obs")),
        ("/differences/0/expected", json!(6)),
        ("/differences/0/found", json!(5)),
        ("/differences/0/seed", json!(9)),
    ] {
        assert_eq!(report.pointer(pointer), Some(&expected), "{pointer} of {report}");
    }
}

#[test]
fn a_stream_that_breaks_off_is_no_success() {
    let whole = lake(3);
    let (cut, _) = whole.rsplit_once(r#"{"steps"#).unwrap();
    let (lines, code) = compared(&["compare"], cut);
    assert!(lines[0].starts_with("FAIL  truncated record"), "{lines:?}");
    assert_eq!(code, 1);
    assert_eq!(compared(&["compare"], "").1, 1);
    assert_eq!(compared(&["compare", "no-such-file"], "").1, 1);
    assert_eq!(compared(&["compare", "--fast"], "").1, 2);
}
