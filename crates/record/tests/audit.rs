//! A comparison that goes on after a difference counts the episodes that went another way.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod common;

use common::{changed, counter_record, foreign, joined, lines, make};
use palaestra_record::{Audit, Auditor, Departure, Failure, Limits, ReadError};
use serde_json::{Value as Json, json};

/// Lines of the record, from 0: the first step of its first episode, and where the second begins.
const FIRST_STEP: usize = 3;
const SECOND_RESET: usize = 8;

fn audited(text: &str) -> Result<Audit, Failure> {
    let mut auditor = Auditor::new(text.as_bytes(), make, Limits::default());
    while auditor.advance(3)? {}
    Ok(auditor.audit().clone())
}

fn counter() -> String {
    foreign(&counter_record())
}

fn fields(audit: &Audit) -> Vec<(u64, u64, String)> {
    let field = |departure: &Departure| match &departure.failure {
        Failure::Difference(difference) => difference.field.clone(),
        other => other.to_string(),
    };
    audit.departures.iter().map(|departure| (departure.episode, departure.step, field(departure))).collect()
}

#[test]
fn records_one_after_another_are_counted_together() {
    let audit = audited(&(counter() + &counter() + &counter())).unwrap();
    assert_eq!((audit.records, audit.steps, audit.episodes), (3, 24, 6));
    assert_eq!((audit.departed, audit.ulps), (0, 0));
}

#[test]
fn every_episode_that_differs_counts_once_with_its_first_difference() {
    let corrupt = changed(&counter(), FIRST_STEP + 1, |step| step["obs"]["count"] = json!(0));
    let corrupt = changed(&corrupt, FIRST_STEP + 3, |step| step["terminated"] = json!(true));
    let corrupt = changed(&corrupt, SECOND_RESET, |reset| reset["info"]["prob"] = json!(0));
    let audit = audited(&(counter() + &corrupt)).unwrap();
    assert_eq!((audit.records, audit.steps, audit.episodes, audit.departed), (2, 16, 4, 2));
    assert_eq!(fields(&audit), [(1, 2, "obs.count".to_owned()), (2, 0, "info.prob".to_owned())]);
    let [first, second] = &audit.departures[..] else { panic!("{audit:?}") };
    assert_eq!((first.reset_seed, second.reset_seed), (Some(42), None));
}

#[test]
fn the_generator_stays_in_step_over_an_episode_that_differs() {
    // The second episode's reset has no seed: its noise is right only if every step before it was taken.
    let corrupt = changed(&counter(), FIRST_STEP, |step| step["obs"]["noise"][0] = json!(0.5));
    assert_eq!(fields(&audited(&corrupt).unwrap()), [(1, 1, "obs.noise[0]".to_owned())]);
}

#[test]
fn the_largest_difference_counts_rewards_that_are_near_enough_too() {
    let near = |record: &str, line: usize, steps: u32| {
        changed(record, line, |step| {
            let reward = step["reward"].as_f64().unwrap();
            step["reward"] = Json::from((0..steps).fold(reward, |value, _| value.next_up()));
        })
    };
    let audit = audited(&near(&near(&counter(), FIRST_STEP, 3), FIRST_STEP + 1, 2)).unwrap();
    assert_eq!((audit.departed, audit.ulps), (0, 3));
    let audit = audited(&near(&counter(), FIRST_STEP, 9)).unwrap();
    assert_eq!((audit.departed, audit.ulps), (1, 9));
}

#[test]
fn info_has_to_agree_in_what_the_record_lacks_as_well() {
    let lacking = changed(&counter(), FIRST_STEP, |step| {
        step["info"].as_object_mut().unwrap().remove("prob");
    });
    assert_eq!(fields(&audited(&lacking).unwrap()), [(1, 1, "info.prob".to_owned())]);
}

#[test]
fn what_is_refused_is_a_difference_of_its_episode() {
    let refused = changed(&counter(), FIRST_STEP + 2, |step| step["action"] = json!(7));
    let audit = audited(&refused).unwrap();
    // A step that was not taken drew no noise, and the second episode's reset has no seed.
    assert_eq!((audit.steps, audit.departed), (8, 2));
    assert!(matches!(audit.departures[0].failure, Failure::Action { .. }), "{audit:?}");
}

#[test]
fn a_stream_that_breaks_off_is_a_failure_and_not_a_difference() {
    let whole = lines(&counter());
    let broken = counter() + &joined(&whole[..6]);
    assert!(matches!(audited(&broken), Err(Failure::Steps { .. } | Failure::NoEnd { .. })));
    let twice = joined(&whole[..6]) + &counter();
    assert!(matches!(audited(&twice), Err(Failure::Malformed(ReadError::SecondHeader { line: 7 }))));
    let mut gap = whole;
    gap.remove(FIRST_STEP);
    assert!(matches!(audited(&joined(&gap)), Err(Failure::Order { .. })));
}

#[test]
fn of_many_departures_the_first_hundred_are_kept_and_all_are_counted() {
    let wrong = changed(&counter(), FIRST_STEP, |step| step["reward"] = json!(0.125));
    let audit = audited(&wrong.repeat(130)).unwrap();
    assert_eq!((audit.records, audit.departed, audit.departures.len()), (130, 130, 100));
}

#[test]
fn an_episode_of_our_own_that_differs_counts_once_though_the_return_is_another_then() {
    let own = counter_record();
    for (line, episode) in [(FIRST_STEP, 1), (FIRST_STEP + 4, 1), (SECOND_RESET + 1, 2), (SECOND_RESET + 3, 2)] {
        let wrong = changed(&own, line, |step| step["obs"]["count"] = json!(9));
        let audit = audited(&wrong).unwrap();
        let departed: Vec<u64> = audit.departures.iter().map(|departure| departure.episode).collect();
        assert_eq!((audit.departed, departed), (1, vec![episode]), "line {line}");
        // Records after it are compared whole.
        let total = changed(&own, 13, |end| end["return"] = json!(0.5));
        assert_eq!(fields(&audited(&(wrong + &total)).unwrap())[1].2, "return");
    }
    // The record says another number of episodes, and its last one differs anyway.
    let wrong = changed(&own, SECOND_RESET + 1, |step| step["obs"]["count"] = json!(9));
    let wrong = changed(&wrong, 13, |end| end["episodes"] = json!(3));
    assert_eq!(audited(&wrong).unwrap().departed, 1);
}
