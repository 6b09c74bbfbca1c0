//! `palaestra rollout`: the same episodes on any number of threads, with records that replay.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value as Json, json};

/// A folder that is gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("rollout-{test}-{}", std::process::id()));
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
    Command::new(env!("CARGO_BIN_EXE_palaestra")).args(line.split(' ')).current_dir(&folder.0).output().unwrap()
}

/// The lines that are printed of every episode, and the last one.
fn episodes(folder: &Folder, line: &str) -> (Vec<Json>, Json) {
    let output = palaestra(folder, &format!("rollout {line} --json"));
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).unwrap();
    let mut lines: Vec<Json> = printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let all = lines.pop().unwrap();
    (lines, all)
}

fn complained(folder: &Folder, line: &str) -> String {
    let output = palaestra(folder, line);
    assert!(!output.status.success() && output.stdout.is_empty(), "{line}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn the_number_of_threads_makes_no_difference() {
    let folder = Folder::new("threads");
    for line in [
        "Foraging-8x8-3p-4f-v3 --policy expert:0.8 --policy random --episodes 40 --seed 5",
        "CartPole-v1 --steps 3000 --seed 18446744073709551615",
        "SlimeVolley-v0 --policy expert:0.9 --episodes 3 --max-episode-steps 400",
    ] {
        let (one, all) = episodes(&folder, &format!("{line} --threads 1"));
        assert_eq!(one.len() as u64, all["episodes"].as_u64().unwrap());
        for threads in [2, 5] {
            assert_eq!(episodes(&folder, &format!("{line} --threads {threads}")).0, one, "{line} {threads}");
        }
    }
}

#[test]
fn steps_are_used_up_to_the_last() {
    let folder = Folder::new("steps");
    let (lines, all) = episodes(&folder, "CartPole-v1 --policy expert --steps 1234 --threads 3");
    let lengths: Vec<u64> = lines.iter().map(|line| line["length"].as_u64().unwrap()).collect();
    assert_eq!(lengths, [500, 500, 234]);
    assert_eq!(lines[2]["end"], "cut");
    assert_eq!((&all["steps"], &all["mean_returns"]), (&json!(1234), &json!([1234.0 / 3.0])));
}

#[test]
fn records_of_experts_and_models_replay() {
    let folder = Folder::new("records");
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/../onnx/tests/models/sb3_recurrent_ppo.onnx");
    fs::copy(model, folder.0.join("partner.onnx")).unwrap();
    let inputs = json!({"h_in": {"state": "h_out"}, "c_in": {"state": "c_out"}, "episode_starts": "episode_start"});
    fs::write(folder.0.join("partner.json"), json!({ "inputs": inputs }).to_string()).unwrap();
    for line in [
        "CartPole-v1 --policy partner.onnx --sample --episodes 5 -o model.jsonl.gz",
        "overcooked_ai/cramped_room --policy expert --policy expert:0.5 --steps 900 -o kitchen.jsonl",
        "Foraging-10x10-4p-3f-coop-v3 --policy expert --episodes 4 -o foragers",
    ] {
        let (lines, _) = episodes(&folder, line);
        assert!(lines.len() >= 2, "{line}");
    }
    let verified = palaestra(&folder, "verify .");
    let told = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(told.contains("6 passed, 0 failed"), "{told}");
    let header = fs::read_to_string(folder.0.join("kitchen.jsonl")).unwrap();
    assert!(header.lines().next().unwrap().contains(r#""policy":"expert, expert skill 0.5""#), "{header:.300}");
}

#[test]
fn a_manifest_is_read_as_the_page_reads_it() {
    let folder = Folder::new("manifest");
    for model in ["sb3_ppo_mlp", "minigrid_cnn"] {
        let file = format!("{}/../onnx/tests/models/{model}.onnx", env!("CARGO_MANIFEST_DIR"));
        fs::copy(file, folder.0.join(format!("{model}.onnx"))).unwrap();
    }
    let cart = || episodes(&folder, "CartPole-v1 --policy sb3_ppo_mlp.onnx --steps 100").0;
    let without = cart();
    // Some editors begin a file with a mark; nothing at all is as no file.
    for text in ["", " \n", "\u{feff}", "\u{feff}{}"] {
        fs::write(folder.0.join("sb3_ppo_mlp.json"), text).unwrap();
        assert_eq!(cart(), without, "{text:?}");
    }
    let line = "MiniGrid-Empty-8x8-v0 --policy minigrid_cnn.onnx --episodes 2 --max-episode-steps 50";
    let played = |sample: &str, option: &str| {
        let inputs = r#""inputs": {"image": {"observation": "image"}, "direction": {"observation": "direction"}}"#;
        fs::write(folder.0.join("minigrid_cnn.json"), format!("\u{feff}{{{inputs}{sample}}}")).unwrap();
        episodes(&folder, &format!("{line}{option}")).0
    };
    let drawn = played(r#", "sample": true"#, "");
    assert_ne!(played("", ""), drawn);
    for sample in ["", r#", "sample": false"#, r#", "sample": true"#] {
        assert_eq!(played(sample, " --sample"), drawn, "{sample}");
    }
    for (text, expected) in [("[1]", "expected a JSON object, found other text"), (r#"{"sample": 3}"#, "sample")] {
        fs::write(folder.0.join("minigrid_cnn.json"), text).unwrap();
        let told = complained(&folder, &format!("rollout {line} --sample"));
        assert!(told.contains("minigrid_cnn.json: ") && told.contains(expected), "{told}");
    }
}

#[test]
fn a_folder_with_episodes_of_another_run_is_refused_before_anything_is_played() {
    let folder = Folder::new("again");
    episodes(&folder, "CartPole-v1 --episodes 3 -o data");
    fs::write(folder.0.join("notes.txt"), "of somebody's").unwrap();
    let read = || fs::read(folder.0.join("data/episode-000000.jsonl.gz")).unwrap();
    let before = read();
    // So many would take for ever.
    let told = complained(&folder, "rollout CartPole-v1 --episodes 1000000000000 --seed 9 -o data");
    let expected = "expected none in data, found episode-000000.jsonl.gz: name another folder, or empty it";
    assert!(told.contains(expected), "{told}");
    assert_eq!(read(), before);
    // Other files are nobody's episodes.
    episodes(&folder, "CartPole-v1 --episodes 1 -o .");
    let told = complained(&folder, "rollout CartPole-v1 --episodes 1000000000000 -o notes.txt");
    assert!(told.contains("notes.txt: "), "{told}");
}

#[test]
fn what_cannot_be_done_is_told() {
    let folder = Folder::new("wrong");
    fs::write(folder.0.join("text.onnx"), "no model").unwrap();
    for (line, expected) in [
        ("rollout Chess", "expected the id of a registered environment"),
        ("rollout", "rollout: expected the id of an environment, found none"),
        ("rollout SearchRescue-Test-V0 --policy expert", "with one are CartPole-v1, "),
        ("rollout CartPole-v1 --policy expert:2", "--policy: expected random, expert, expert:SKILL"),
        ("rollout CartPole-v1 --policy random --policy random", "expected at most 1, one per agent, found 2"),
        ("rollout CartPole-v1 --policy none.onnx", "none.onnx: "),
        ("rollout CartPole-v1 --policy text.onnx", "text.onnx: "),
        ("rollout CartPole-v1 --reset-options {\"high\":\"deep\"}", "high"),
        (
            "rollout Foraging-15x15-8p-4f-v3 --episodes 40 -o one.jsonl",
            "expected a folder, for a file for each episode",
        ),
    ] {
        let told = complained(&folder, line);
        assert!(told.contains(expected), "{line}: {told}");
    }
}

/// Rollouts, and their episodes as every build has to play them: `tests/browser/rollouts.test.mjs` reads the same file.
#[test]
fn episodes_are_those_that_a_browser_plays() {
    let folder = Folder::new("browser");
    let models = concat!(env!("CARGO_MANIFEST_DIR"), "/../onnx/tests/models");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rollouts.json");
    let mut rollouts: Vec<Json> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    for rollout in &mut rollouts {
        let text = |name: &str| rollout[name].as_str().map(str::to_owned);
        let mut line = format!("{} --seed {} --threads 2", text("env").unwrap(), rollout["seed"]);
        for (name, option) in [("episodes", "episodes"), ("steps", "steps"), ("maxEpisodeSteps", "max-episode-steps")] {
            if let Some(count) = rollout[name].as_u64() {
                line += &format!(" --{option} {count}");
            }
        }
        line += &format!(" --kwargs {}", rollout["kwargs"]);
        for policy in rollout["policies"].as_array().unwrap() {
            let named = policy.as_str().map(str::to_owned);
            let skilled = policy["skill"].as_f64().map(|skill| format!("expert:{skill}"));
            let model = policy["onnx"].as_str().map(str::to_owned);
            if let Some(file) = &model {
                fs::copy(format!("{models}/{file}"), folder.0.join(file)).unwrap();
                let manifest = folder.0.join(file).with_extension("json");
                fs::write(manifest, policy.get("manifest").unwrap_or(&json!({})).to_string()).unwrap();
            }
            line += &format!(" --policy {}", named.or(skilled).or(model).unwrap());
            line += if policy["sample"] == true { " --sample" } else { "" };
        }
        let (mut played, _) = episodes(&folder, &line);
        for episode in &mut played {
            episode.as_object_mut().unwrap().remove("episode");
        }
        if std::env::var_os("PALAESTRA_WRITE").is_some() {
            rollout["played"] = played.into();
        } else {
            assert_eq!(rollout["played"], Json::from(played), "{line}");
        }
    }
    if std::env::var_os("PALAESTRA_WRITE").is_some() {
        fs::write(path, serde_json::to_string_pretty(&rollouts).unwrap() + "\n").unwrap();
    }
    assert!(rollouts.len() >= 6 && rollouts.iter().all(|rollout| !rollout["played"].as_array().unwrap().is_empty()));
}
