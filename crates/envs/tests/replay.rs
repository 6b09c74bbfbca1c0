//! Records of the references, replayed step by step: every file below `tests/golden`, whose folders say in a README where
//! they come from.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use palaestra_envs::catalog::catalog;
use serde_json::{Value as Json, json};

use support::golden::{Replayed, compare, records, replay};

const PROGRAMS: &str = "reference";

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden")
}

/// The folders of `tests/golden`, a family each but for the programs that write them.
fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = golden().read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.is_dir() && name(folder) != PROGRAMS);
    folders.sort();
    folders
}

fn name(folder: &Path) -> &str {
    folder.file_name().unwrap().to_str().unwrap()
}

/// A folder may be called by the beginning of its family's name: `overcooked` of `overcooked_ai`.
fn is_of(folder: &str, family: &str) -> bool {
    family.starts_with(folder)
}

#[test]
fn every_record_replays_to_the_last_number() {
    let mut folders = folders();
    // Whoever has more of them can name their folder.
    folders.extend(std::env::var_os("PALAESTRA_RECORDS").map(PathBuf::from));
    let (mut files, mut steps, mut failures) = (0, 0, Vec::new());
    for folder in &folders {
        let of_folder = records(folder);
        if of_folder.is_empty() {
            failures.push(format!("{}: no records", folder.display()));
        }
        for file in of_folder {
            let told = file.strip_prefix(golden()).unwrap_or(&file).display().to_string();
            match replay(&file) {
                Ok(Replayed::Agrees { steps: of_file }) => (files, steps) = (files + 1, steps + of_file),
                Ok(Replayed::Unknown { id }) => failures.push(format!("{told}: nobody's registry has `{id}`")),
                Err(difference) => failures.push(format!("{told}: {difference}")),
            }
        }
    }
    println!("{files} records, {steps} steps");
    assert!(failures.is_empty(), "{} of {} files:\n{}", failures.len(), files + failures.len(), failures.join("\n"));
}

#[test]
fn every_family_has_records() {
    let folders = folders();
    let families: BTreeSet<&str> = catalog().map(|entry| entry.family).collect();
    for family in families {
        assert!(folders.iter().any(|folder| is_of(name(folder), family)), "{family}: no folder in {folders:?}");
    }
}

#[test]
fn every_grid_world_has_records() {
    let recorded: Vec<String> = records(&golden().join("minigrid")).iter().map(|file| name(file).to_owned()).collect();
    for entry in palaestra_envs::minigrid::ENTRIES {
        assert!(recorded.iter().any(|file| file.starts_with(&format!("{}.", entry.id))), "{}: {recorded:?}", entry.id);
    }
}

#[test]
fn a_record_with_one_changed_number_is_told_where() {
    let [expected, found] = [2, 3].map(|y| json!({"obs": {"players": [{"position": [1, y]}]}, "info": {}}));
    let fields = |json: &Json| json.as_object().cloned().unwrap();
    assert_eq!(compare("step 7", &expected, &fields(&expected)), Ok(()));
    assert_eq!(
        compare("step 7", &expected, &fields(&found)).unwrap_err(),
        "step 7: obs.players[0].position[1]: expected 2, found 3"
    );
}

#[test]
fn a_record_that_is_cut_or_altered_or_of_an_unknown_environment_does_not_pass() {
    let folder = std::env::temp_dir().join(format!("palaestra-replay-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let replayed = |lines: &[Json]| {
        let file = folder.join("a.jsonl.gz");
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        lines.iter().for_each(|line| std::io::Write::write_all(&mut packed, format!("{line}\n").as_bytes()).unwrap());
        std::fs::write(&file, packed.finish().unwrap()).unwrap();
        replay(&file)
    };
    let header = |id: &str, steps: u32| json!({"type": "header", "env_id": id, "kwargs": {}, "n_steps": steps});
    let reset = json!({"type": "reset", "t": 0, "seed": 1, "obs": 36, "info": {"prob": 1}});
    let step = |obs: i64, reward: i64| {
        let flags = json!({"terminated": false, "truncated": false});
        let mut line =
            json!({"type": "step", "t": 1, "action": 0, "obs": obs, "reward": reward, "info": {"prob": 1.0}});
        line.as_object_mut().unwrap().extend(flags.as_object().cloned().unwrap());
        line
    };
    let cliff = |steps| header("CliffWalking-v1", steps);
    assert_eq!(replayed(&[cliff(1), reset.clone(), step(24, -1)]), Ok(Replayed::Agrees { steps: 1 }));
    for (lines, told) in [
        (vec![cliff(2), reset.clone(), step(24, -1)], "expected 2 steps by its header, found 1"),
        (vec![cliff(1), reset.clone(), step(24, -2)], "step 1: reward: expected -2, found -1"),
        (vec![cliff(1), reset.clone(), step(25, -1)], "step 1: obs: expected 25, found 24"),
        (vec![cliff(1), step(24, -1)], "step 1: expected reset() before the first step()"),
        (vec![cliff(0), reset.clone()], "expected 0 steps by its header, found 0"),
        (vec![cliff(1), json!({"type": "stop"})], "a line of unknown type \"stop\""),
        (vec![], "empty"),
    ] {
        let found = replayed(&lines).unwrap_err();
        assert!(found.starts_with(told), "{found}");
    }
    let unknown = replayed(&[header("Cliff-v1", 1), reset]);
    assert_eq!(unknown, Ok(Replayed::Unknown { id: "Cliff-v1".to_owned() }));
    std::fs::remove_dir_all(&folder).unwrap();
}
