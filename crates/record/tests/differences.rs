//! A record that is not what was played fails at the place where it first differs.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod common;

use common::{changed, counter_record, duel_record, foreign, joined, lines, make, replay};
use palaestra_env::{EnvError, MakeError, StepError};
use palaestra_record::{Difference, Failure, Limits, Refusal, Report, Verifier};
use serde_json::{Value as Json, json};

fn difference(record: &str) -> Difference {
    match replay(record) {
        Err(Failure::Difference(difference)) => *difference,
        other => panic!("expected a difference, found {other:?}"),
    }
}

fn up(json: &Json, ulps: u32) -> Json {
    Json::from((0..ulps).fold(json.as_f64().unwrap(), |value, _| value.next_up()))
}

#[test]
fn every_field_of_a_step_is_compared() {
    let record = counter_record();
    for (pointer, value, field) in [
        ("/obs/noise/0", json!(0.25), "obs.noise[0]"),
        ("/obs/noise/1", json!(0.0), "obs.noise[1]"),
        ("/obs/count", json!(5), "obs.count"),
        ("/obs/sign", json!(null), "obs.sign"),
        ("/obs/grid/1/0", json!(8), "obs.grid[1][0]"),
        ("/obs/last/2/1/1", json!(1), "obs.last[2][1][1]"),
        ("/obs/last/3", json!(null), "obs.last[3]"),
        ("/obs", json!([]), "obs"),
        ("/reward", json!(0.5), "reward"),
        ("/reward", json!([4.0]), "reward"),
        ("/terminated", json!(true), "terminated"),
        ("/terminated", json!(0), "terminated"),
        ("/truncated", json!(true), "truncated"),
        ("/info/prob", json!(0.333), "info.prob"),
        ("/info/ale.lives", json!(4), "info[\"ale.lives\"]"),
        ("/hash", json!("0123456789abcdef"), "hash"),
    ] {
        // Line 6 of the list is the file's line 7: the fourth step.
        let corrupt = changed(&record, 6, |step| *step.pointer_mut(pointer).unwrap() = value.clone());
        let found = difference(&corrupt);
        assert_eq!((found.t, found.line, found.field.as_str()), (4, 7, field), "{pointer}");
        assert_eq!(found.expected, Some(value), "{pointer}");
        assert_eq!(found.found.as_ref(), lines(&record)[6].pointer(pointer), "{pointer}");
    }
}

#[test]
fn a_reset_is_compared_too() {
    let record = counter_record();
    for (pointer, value, field) in [
        ("/obs/count", json!(2), "obs.count"),
        ("/info/prob", json!(0), "info.prob"),
        ("/seed", json!(43), "obs.noise[0]"),
        ("/options", json!({"start": -1}), "obs.count"),
    ] {
        let found = difference(&changed(&record, 8, |reset| *reset.pointer_mut(pointer).unwrap() = value));
        assert_eq!((found.t, found.line, found.field.as_str()), (5, 9, field), "{pointer}");
    }
}

#[test]
fn another_action_shows_in_what_it_leads_to() {
    let found = difference(&changed(&counter_record(), 10, |step| step["action"] = json!(1)));
    assert_eq!((found.t, found.field.as_str()), (7, "obs.count"));
    assert_eq!((found.expected, found.found), (Some(json!(-1)), Some(json!(0))));
}

#[test]
fn what_only_one_side_has_is_told_as_nothing_on_the_other() {
    let record = counter_record();
    let found = difference(&changed(&record, 3, |step| step["obs"]["extra"] = json!(1)));
    assert_eq!((found.field.as_str(), found.found()), ("obs.extra", "nothing".to_owned()));
    let without = changed(&record, 3, |step| drop(step["obs"].as_object_mut().unwrap().remove("odd")));
    let found = difference(&without);
    assert_eq!((found.field.as_str(), found.expected()), ("obs.odd", "nothing".to_owned()));
    let found = difference(&changed(&record, 3, |step| step["info"]["extra"] = json!({})));
    assert_eq!(
        (found.field.as_str(), found.to_string()),
        ("info.extra", "t=1 info.extra: expected {}, found nothing".into())
    );
}

#[test]
fn of_the_info_only_what_the_record_has_is_compared_and_the_hash_only_if_it_is_there() {
    let record = changed(&counter_record(), 3, |step| {
        let step = step.as_object_mut().unwrap();
        step.remove("hash");
        step["info"].as_object_mut().unwrap().remove("prob");
    });
    assert!(replay(&record).is_ok());
    let record = changed(&record, 4, |step| drop(step.as_object_mut().unwrap().remove("info")));
    assert!(replay(&record).is_ok());
}

#[test]
fn the_rewards_of_another_implementation_may_be_four_ulps_off_and_ours_not_one() {
    let record = counter_record();
    let off = |ulps| changed(&record, 5, |step| step["reward"] = up(&step["reward"], ulps));
    assert_eq!(difference(&off(1)).field, "reward");
    assert!(replay(foreign(&off(4))).is_ok());
    let found = difference(&foreign(&off(5)));
    assert_eq!((found.t, found.field.as_str()), (3, "reward"));
    let unnamed = changed(&off(1), 0, |header| drop(header.as_object_mut().unwrap().remove("package")));
    assert_eq!(difference(&unnamed).field, "reward");
}

#[test]
fn a_whole_reward_of_another_implementation_is_compared_exactly() {
    let rewarded = |number: f64, told: f64| {
        let record = changed(&foreign(&duel_record()), 2, |step| {
            (step["action"][0][0], step["obs"][0][0], step["reward"][0]) = (json!(number), json!(number), json!(told));
            drop(step.as_object_mut().unwrap().remove("hash"));
        });
        replay(record)
    };
    let (whole, fraction) = (1.0, 1.0_f64.next_up());
    assert!(rewarded(whole, whole).is_ok() && rewarded(whole, fraction).is_ok());
    let failure = rewarded(fraction, whole).unwrap_err();
    assert_eq!(failure.to_string(), "t=1 reward[0]: expected 1.0, found 1.0000000000000002");
}

#[test]
fn observations_and_infos_of_another_implementation_are_compared_exactly() {
    let record = foreign(&counter_record());
    for (pointer, field) in [("/obs/noise/0", "obs.noise[0]"), ("/info/prob", "info.prob")] {
        let off = changed(&record, 5, |step| {
            let value = step.pointer_mut(pointer).unwrap();
            *value = up(value, 1);
        });
        assert_eq!(difference(&off).field, field);
    }
}

#[test]
fn another_implementation_may_write_flags_as_flags_and_whole_floats_as_integers() {
    let write = |step: &mut Json| {
        step["obs"]["odd"] = json!(true);
        step["obs"]["noise"][1] = json!(0);
    };
    let record = changed(&counter_record(), 3, write);
    assert!(replay(foreign(&record)).is_ok());
    assert_eq!(difference(&record).field, "obs.noise[1]");
}

#[test]
fn what_references_key_by_agent_is_read_in_agent_order() {
    let record = changed(&duel_record(), 2, |step| {
        for field in ["action", "obs", "reward", "terminated", "truncated"] {
            step[field] = json!({"red": step[field][1], "blue": step[field][0]});
        }
    });
    assert_eq!(replay(&record), Ok(Report { steps: 3, episodes: 1, ..Report::default() }));
    let found = difference(&changed(&record, 2, |step| step["obs"]["red"]["turns"] = json!(0)));
    assert_eq!((found.field.as_str(), found.found), ("obs[1].turns", Some(json!(4))));
}

#[test]
fn an_environment_that_does_not_exist_or_takes_other_arguments_is_named_so() {
    let record = changed(&counter_record(), 0, |header| header["env_id"] = json!("Chess-v0"));
    let failure = replay(&record).unwrap_err();
    assert!(matches!(&failure, Failure::Make(MakeError::UnknownId { id, .. }) if id == "Chess-v0"));
    assert_eq!(failure.to_string(), "unknown environment `Chess-v0`");
    let record = changed(&counter_record(), 0, |header| header["kwargs"] = json!({"size": 3}));
    let failure = replay(&record).unwrap_err();
    assert_eq!(failure.to_string(), "unsupported kwargs: expected an argument among scale, found `size`");
}

#[test]
fn the_kwargs_of_the_header_are_used() {
    let found = difference(&changed(&counter_record(), 0, |header| header["kwargs"] = json!({"scale": 2})));
    assert_eq!((found.t, found.field.as_str()), (1, "reward"));
}

#[test]
fn what_the_environment_does_not_allow_is_a_failure_with_its_place() {
    let record = counter_record();
    let failure = replay(changed(&record, 4, |step| step["action"] = json!(2))).unwrap_err();
    let expected = "line 5, t=2: action of agent 0: expected Discrete(3, start=-1): an integer from -1 to 1, found 2";
    assert_eq!(failure.to_string(), expected);
    let failure = replay(changed(&record, 8, |reset| reset["options"] = json!({"start": 9}))).unwrap_err();
    assert!(
        matches!(failure, Failure::Refused { line: 9, t: 5, error: Refusal::Env(EnvError::Option(_)) }),
        "{failure}"
    );
    let mut without_reset = lines(&record);
    without_reset.remove(8);
    let failure = replay(joined(&without_reset)).unwrap_err();
    assert_eq!(failure, Failure::Refused { line: 9, t: 6, error: EnvError::Step(StepError::EpisodeOver).into() });
    without_reset.remove(2);
    let failure = replay(joined(&without_reset)).unwrap_err();
    assert_eq!(failure, Failure::Refused { line: 3, t: 1, error: EnvError::NotReset.into() });
    for (action, found) in [(json!([[0.5]]), 1), (json!(3), 1), (json!([[0.5], [1, 1], 0]), 3)] {
        let failure = replay(changed(&duel_record(), 3, |step| step["action"] = action)).unwrap_err();
        let error = EnvError::ActionCount { expected: 2, found }.into();
        assert_eq!(failure, Failure::Refused { line: 4, t: 2, error });
    }
}

#[test]
fn a_line_that_is_missing_or_moved_is_noticed_where_it_happens() {
    let mut missing = lines(&counter_record());
    missing.remove(4);
    assert_eq!(replay(joined(&missing)), Err(Failure::Order { line: 5, expected: 2, found: 3 }));
    let mut moved = lines(&counter_record());
    moved.swap(3, 4);
    assert_eq!(replay(joined(&moved)), Err(Failure::Order { line: 4, expected: 1, found: 2 }));
}

#[test]
fn a_reset_that_stands_elsewhere_than_its_t_says_is_noticed() {
    let resets: Vec<usize> = lines(&counter_record())
        .iter()
        .enumerate()
        .filter(|(_, line)| line["type"] == "reset")
        .map(|at| at.0)
        .collect();
    assert_eq!(resets, [2, 8]);
    for (line, t) in [(2, 0), (8, 5)] {
        for wrong in [t + 1, t + 7, 1 << 40] {
            let record = changed(&counter_record(), line, |reset| reset["t"] = json!(wrong));
            let failure = Failure::Order { line: line as u64 + 1, expected: t, found: wrong };
            assert_eq!(replay(foreign(&record)), Err(failure.clone()));
            assert_eq!(replay(record), Err(failure));
        }
    }
}

#[test]
fn a_record_that_was_cut_off_is_no_success() {
    let record = counter_record();
    let all = lines(&record);
    let header = "the header's n_steps";
    assert_eq!(replay(joined(&all[..5])), Err(Failure::Steps { said_by: header, expected: 8, found: 2 }));
    let failure = replay(joined(&all[..5])).unwrap_err();
    assert_eq!(failure.to_string(), "truncated record: expected 8 steps (the header's n_steps), found 2");
    let said_nothing =
        |lines: &[Json]| changed(&joined(lines), 0, |header| drop(header.as_object_mut().unwrap().remove("n_steps")));
    assert_eq!(replay(said_nothing(&all[..5])), Err(Failure::NoEnd { steps: 2 }));
    assert_eq!(replay(said_nothing(&all)), Ok(Report { steps: 8, episodes: 2, ..Report::default() }));
    assert_eq!(replay(joined(&all[..12])), Err(Failure::NoEnd { steps: 8 }));
    let failure = replay(changed(&record, 13, |end| end["steps"] = json!(9))).unwrap_err();
    assert_eq!(failure, Failure::Steps { said_by: "the end's steps", expected: 9, found: 8 });
    let failure = replay(changed(&record, 0, |header| header["n_steps"] = json!(7))).unwrap_err();
    assert_eq!(failure.to_string(), "too many steps: expected 7 (the header's n_steps), found 8");
}

#[test]
fn the_end_of_our_own_records_counts_episodes_and_sums_rewards() {
    let record = counter_record();
    for field in ["episodes", "return"] {
        let corrupt = changed(&record, 13, |end| end[field] = json!(1));
        assert_eq!(difference(&corrupt).field, field);
        assert!(replay(foreign(&corrupt)).is_ok(), "{field}");
    }
}

#[test]
fn a_verifier_gives_the_same_failure_again_when_it_is_asked_again() {
    let record = changed(&counter_record(), 6, |step| step["reward"] = json!(0));
    let mut verifier = Verifier::new(record.as_bytes(), make, Limits::default());
    assert!(verifier.advance(6).is_ok());
    let first = verifier.advance(1);
    assert!(matches!(&first, Err(Failure::Difference(difference)) if difference.t == 4));
    assert_eq!(verifier.advance(usize::MAX), first);
}
