//! Playback shows every line that agrees, with what the environment was given and returned, and nothing after one that does not.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod common;

use common::{changed, duel_action, duel_record, lines, make};
use palaestra_env::{Phase, Returns};
use palaestra_record::members::to_json;
use palaestra_record::{Failure, Limits, Playback, Played};
use serde_json::{Value as Json, json};

#[test]
fn every_line_is_shown_with_what_went_in_and_came_out() {
    let record = changed(&duel_record(), 2, |step| step["rating"] = json!(3));
    let mut playback = Playback::new(record.as_bytes(), make, Limits::default());
    assert!(playback.header().is_none() && playback.spec().is_none() && playback.actions().is_empty());
    for line in lines(&record) {
        let played = playback.advance().unwrap().unwrap();
        let spec = playback.spec().unwrap();
        let returned = |phase| {
            let returns = Returns::read(spec, phase, playback.returns()).unwrap();
            let members = spec.observation_spaces.iter().zip(&returns.observations);
            members.map(|(space, value)| to_json(space, value)).collect::<Json>()
        };
        match played {
            Played::Header => assert_eq!(playback.header().unwrap().env_id, "Duel-v0"),
            Played::Reset { seed, options } => {
                assert_eq!((json!(seed), json!(options)), (line["seed"].clone(), json!({})));
                assert_eq!(returned(Phase::Reset), line["obs"]);
            }
            Played::Step { t, rest, .. } => {
                assert_eq!((json!(t), rest.get("rating")), (line["t"].clone(), line.get("rating")));
                assert_eq!(returned(Phase::Step), line["obs"]);
                let spaces = spec.action_spaces.iter().zip(playback.actions());
                assert_eq!(spaces.map(|(space, value)| to_json(space, value)).collect::<Json>(), line["action"]);
                assert_eq!(playback.actions().len(), duel_action(0.0, [0, 0]).len());
            }
            Played::Other => assert!(line["type"] == "end" || line["type"] == "event", "{line}"),
        }
    }
    assert_eq!(playback.advance(), Ok(None));
}

#[test]
fn after_a_failure_nothing_more_is_shown() {
    let record = changed(&duel_record(), 2, |step| step["reward"] = json!([0.25, 0.25]));
    let mut playback = Playback::new(record.as_bytes(), make, Limits::default());
    assert_eq!(playback.advance(), Ok(Some(Played::Header)));
    assert!(matches!(playback.advance(), Ok(Some(Played::Reset { .. }))));
    assert!(matches!(playback.advance(), Err(Failure::Difference(_))));
    assert_eq!((playback.advance(), playback.advance()), (Ok(None), Ok(None)));
    let cut: String = duel_record().lines().take(3).map(|line| format!("{line}\n")).collect();
    let mut playback = Playback::new(cut.as_bytes(), make, Limits::default());
    let last = std::iter::from_fn(|| playback.advance().transpose()).last();
    assert!(matches!(last, Some(Err(Failure::NoEnd { .. } | Failure::Steps { .. }))), "{last:?}");
}
