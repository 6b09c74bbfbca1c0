//! A record that differs is told where, and one that is no whole record does not pass.
#![allow(clippy::unwrap_used, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_env_tests::golden::{Replayed, compare, replay};
use palaestra_toy_text::FAMILY;
use serde_json::{Value as Json, json};

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
        replay(&FAMILY, &file)
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
