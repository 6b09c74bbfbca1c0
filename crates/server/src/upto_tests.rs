use palaestra_env::{Kwargs, Value, ValueWriter};
use palaestra_envs::CATALOG;

use super::*;
use crate::store::{MatchColumns, SessionRow, StoredBatch};

/// What is asked of a store that others write to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Asked {
    Nothing,
    Frames,
    Events,
}

/// A store into which a pronouncement and the frames that were played by it come right after something was read.
struct Late {
    after: Asked,
    batches: Vec<StoredBatch>,
    events: Vec<(i64, String)>,
    late: Option<(StoredBatch, String)>,
}

impl Late {
    fn comes(&mut self) {
        if let Some((batch, event)) = self.late.take() {
            self.batches.push(batch);
            self.events.push((0, event));
        }
    }

    fn answered<T>(&mut self, asked: Asked, answer: T) -> Result<T, StoreError> {
        if asked == self.after {
            self.comes();
        }
        Ok(answer)
    }
}

impl Reader for Late {
    fn lobby_columns(&mut self) -> Result<Vec<(String, String)>, StoreError> {
        Ok(Vec::new())
    }

    fn people_columns(&mut self) -> Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }

    fn played(&mut self, _: &str) -> Result<Vec<(String, Option<String>)>, StoreError> {
        Ok(Vec::new())
    }

    fn match_columns(&mut self, _: Which<'_>) -> Result<Vec<MatchColumns>, StoreError> {
        Ok(Vec::new())
    }

    fn frames(&mut self, _: &str) -> Result<u32, StoreError> {
        Ok(0)
    }

    fn batches(&mut self, _: &str) -> Result<Vec<StoredBatch>, StoreError> {
        let answer = self.batches.clone();
        self.answered(Asked::Frames, answer)
    }

    fn seats(&mut self, _: &str) -> Result<Vec<(u8, u32, Option<u32>)>, StoreError> {
        Ok(Vec::new())
    }

    fn facts(&mut self, _: &str) -> Result<Vec<(u8, String)>, StoreError> {
        Ok(Vec::new())
    }

    fn events(&mut self, _: &str) -> Result<Vec<(i64, String)>, StoreError> {
        let answer = self.events.clone();
        self.answered(Asked::Events, answer)
    }

    fn sessions(&mut self, _: Option<&str>) -> Result<Vec<SessionRow>, StoreError> {
        Ok(Vec::new())
    }
}

fn facts() -> MatchFacts {
    MatchFacts {
        match_id: "m-1".into(),
        lobby: "main".into(),
        env_id: "Foraging-8x8-2p-2f-v3".into(),
        kwargs: Kwargs::new(),
        participants: vec!["p0".into(), "p1".into()],
        seed: 7,
        epoch: 0,
        fps: 30.0,
        created_ms: 0,
        policy: SeatPolicy::Idle,
        seats: Default::default(),
        dropout_policy: SeatPolicy::Random,
        models: Vec::new(),
    }
}

/// So many frames from one on, in which nobody does anything.
fn batch(number: u32, first: u32, frames: u32) -> StoredBatch {
    let mut joint = ValueWriter::new();
    (0..2).for_each(|_| joint.value(&Value::Discrete(0)));
    let empty = || ConfirmedWriter::to_server(first, joint.len() as u16);
    let mut writer = empty();
    for _ in 0..frames {
        assert!(writer.put(ConfirmedItem::Step { actions: joint.bytes(), hash: 0 }));
    }
    let items = writer.into_message().split_off(empty().into_message().len());
    StoredBatch { number, first, frames, action_len: joint.len() as u16, items }
}

#[test]
fn no_frames_are_followed_without_what_was_pronounced_before_them() {
    let pronounced = r#"{"event": "pronounced", "seat": 1, "frames": 4, "dropout": "continue", "policy": "random"}"#;
    let store = |after| Late {
        after,
        batches: vec![batch(0, 0, 4)],
        events: Vec::new(),
        late: Some((batch(1, 4, 3), pronounced.into())),
    };
    let follows = |mut store: Late| {
        let followed = follow(&mut store, (CATALOG, &Models::default()), &facts(), |_, _| {}).unwrap();
        let mut state = Vec::new();
        followed.follower.checkpoint(0, &followed.world, &mut state);
        (followed.frame(), state)
    };
    let before = follows(store(Asked::Nothing));
    let mut whole = store(Asked::Nothing);
    whole.comes();
    let after = follows(whole);
    assert_eq!((before.0, after.0), (4, 7));
    // Four frames and who plays on from there is a state of the match too.
    let mut between = store(Asked::Nothing);
    between.comes();
    between.batches.pop();
    let between = follows(between);
    for asked in [Asked::Frames, Asked::Events] {
        let found = follows(store(asked));
        assert!([&before, &between, &after].contains(&&found), "{asked:?}: {} frames, and another state", found.0);
    }
}
