use palaestra_protocol::server::ToServer;

use super::*;

fn history() -> History {
    let mut history = History::new(String::new());
    history.connected(0, 0);
    history
}

fn steps(history: &mut History, now: f64, count: u32) {
    for _ in 0..count {
        assert_eq!(history.step(now, &[1, 2], 5), None);
    }
}

/// How many messages go out.
fn sent(history: &mut History, now: f64, all: bool) -> usize {
    let mut count = 0;
    history.advance(now, all, |_| count += 1);
    count
}

#[test]
fn a_batch_leaves_when_it_is_full_or_old_enough() {
    let mut history = history();
    assert_eq!(history.due(), None, "there is nothing to tell");
    steps(&mut history, 100.0, BATCH_FRAMES - 1);
    assert_eq!(history.due(), Some(100.0 + BATCH_MS));
    assert_eq!(sent(&mut history, 100.0 + BATCH_MS - 1.0, false), 0);
    steps(&mut history, 200.0, 1);
    assert_eq!(sent(&mut history, 200.0, false), 1);
    assert_eq!(history.due(), None);
    steps(&mut history, 300.0, 1);
    assert_eq!((history.due(), history.frames()), (Some(300.0 + BATCH_MS), BATCH_FRAMES + 1));
    assert_eq!(sent(&mut history, 301.0, true), 1, "at the end nothing waits");
    assert!(!history.is_stored(), "sent is not stored");
    history.acknowledge(BATCH_FRAMES + 1);
    assert!(history.is_stored());
}

#[test]
fn what_is_told_again_goes_a_few_messages_at_a_time() {
    let mut history = history();
    history.disconnected();
    steps(&mut history, 0.0, MOST_FRAMES * (MOST_MESSAGES as u32 + 1));
    assert_eq!((history.due(), sent(&mut history, 9_000.0, true)), (None, 0), "there is no connection");
    history.connected(0, 0);
    assert_eq!(sent(&mut history, 9_000.0, false), MOST_MESSAGES);
    assert_eq!(history.due(), Some(9_000.0 + AGAIN_MS));
    assert_eq!(sent(&mut history, 9_000.0 + AGAIN_MS, false), 1);
    assert_eq!(history.due(), None);
}

#[test]
fn without_a_server_the_oldest_frames_are_forgotten_and_told_of() {
    let mut history = history();
    let most = MOST_KEPT / (2 + OVERHEAD);
    steps(&mut history, 0.0, most as u32);
    let forgotten = history.step(0.0, &[1, 2], 5);
    let kept = MOST_KEPT / 2 / (2 + OVERHEAD);
    assert_eq!(forgotten, Some((0, (most + 1 - kept) as u32)));
    assert_eq!((history.steps.len(), history.bytes), (kept, kept * (2 + OVERHEAD)));
}

#[test]
fn as_much_as_may_be_kept_is_kept_and_half_of_it_once_it_is_more() {
    let mut history = history();
    let actions = [0; 64 - OVERHEAD];
    let most = MOST_KEPT / 64;
    (0..most).for_each(|_| assert_eq!(history.step(0.0, &actions, 5), None));
    assert_eq!(history.bytes, MOST_KEPT);
    assert_eq!(history.step(0.0, &actions, 5), Some((0, (most / 2 + 1) as u32)));
    assert_eq!(history.bytes, MOST_KEPT / 2);
}

#[test]
fn a_gap_that_cannot_be_told_is_not_jumped_unless_this_browser_came_after_it() {
    let gone = |joined_at: u32, stored: u32| {
        let mut history = History::new(String::new());
        history.begin_at(40);
        steps(&mut history, 0.0, 3);
        history.connected(stored, joined_at);
        history.sent
    };
    assert_eq!(gone(0, 10), None, "frames 10 to 39 are nowhere");
    assert_eq!(gone(40, 10), Some(40), "they are others' to tell");
    assert_eq!(gone(0, 40), Some(40));
    assert_eq!(gone(0, 42), Some(42));
}

#[test]
fn what_is_stored_of_episodes_is_forgotten_with_their_frames() {
    let mut history = history();
    history.reset(0, 1, 2);
    steps(&mut history, 0.0, 4);
    history.reset(4, 3, 4);
    steps(&mut history, 0.0, 4);
    history.acknowledge(4);
    assert_eq!(history.resets.iter().map(|reset| reset.frame).collect::<Vec<_>>(), [4]);
    assert_eq!((history.first, history.frames(), history.sent), (4, 8, Some(4)));
    history.acknowledge(100);
    assert_eq!((history.first, history.resets.len()), (8, 0), "no more than there is");
}

/// The messages that go out: from which frame on each tells, and the actions of its steps.
fn told(history: &mut History) -> Vec<(u32, Vec<Vec<u8>>)> {
    let mut told = Vec::new();
    history.advance(0.0, true, |message| {
        let Ok(ToServer::Confirmed(batch)) = ToServer::read(message) else { panic!("expected confirmed frames") };
        let actions = batch.items().map(|item| match item {
            Ok(ConfirmedItem::Step { actions, .. }) => actions.to_vec(),
            other => panic!("expected a step, found {other:?}"),
        });
        told.push((batch.first, actions.collect()));
    });
    told
}

#[test]
fn actions_of_other_lengths_go_in_a_message_of_their_own() {
    let mut history = history();
    for actions in [&[1, 2][..], &[3, 4], &[5], &[6], &[7, 8, 9]] {
        assert_eq!(history.step(0.0, actions, 5), None);
    }
    let expected = [(0, vec![vec![1, 2], vec![3, 4]]), (2, vec![vec![5], vec![6]]), (4, vec![vec![7, 8, 9]])];
    assert_eq!(told(&mut history), expected);
}

#[test]
fn a_message_is_not_much_longer_than_it_may_be() {
    let mut history = history();
    let long = vec![7; 1_000];
    (0..100).for_each(|_| assert_eq!(history.step(0.0, &long, 5), None));
    let told = told(&mut history);
    let frames: Vec<usize> = told.iter().map(|(_, steps)| steps.len()).collect();
    let most = MOST_BYTES / long.len() + 1;
    assert!(frames.len() > 1 && frames.iter().all(|frames| *frames <= most), "{frames:?}");
    assert_eq!((frames.iter().sum::<usize>(), history.due()), (100, None), "all of it goes out");
}
