//! Where things stand in messages that JavaScript reads and writes, and the words that people are told.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]
use palaestra_protocol::together::{EndReason, Event, LeaveReason};
use palaestra_protocol::{
    Body, ErrorCode, Failure, Flags, InputMode, MANY_AGENTS, MANY_BLOCKS, MANY_COUNT, MANY_REWARDS, MANY_STRIDE,
    Operation, ProtocolError, REPLY_BODY, ReplyWriter, Request, RequestWriter, RolloutEpisode, RolloutProgress, Stamps,
};

#[test]
fn what_many_steps_returned_has_each_number_where_its_name_says() {
    let rewards = [1.5_f64.to_le_bytes(), 2.5_f64.to_le_bytes()];
    let body = Body::Many { count: 2, agents: 1, stride: 9, rewards: &rewards, blocks: &[[7; 4]], hashes: &[] };
    let mut writer = ReplyWriter::new();
    let bytes = writer.write(Operation::StepMany, 1, Stamps::default(), body);
    let number = |at: usize| u32::from_le_bytes(*bytes[at..].first_chunk().unwrap());
    assert_eq!(MANY_COUNT, REPLY_BODY);
    assert_eq!([MANY_COUNT, MANY_AGENTS, MANY_STRIDE, MANY_BLOCKS].map(number), [2, 1, 9, 1]);
    assert_eq!(bytes[MANY_REWARDS..MANY_REWARDS + 16], rewards.concat());
    assert_eq!(bytes[MANY_REWARDS + 16..], [7; 4]);
}

#[test]
fn each_flag_of_a_request_is_a_bit_of_its_own() {
    let off = Flags::default();
    let one = [Flags { scene: true, ..off }, Flags { autoreset: true, ..off }, Flags { hash: true, ..off }];
    let mut writer = RequestWriter::new();
    for (flags, bits) in one.into_iter().zip([1, 2, 4]).chain([(off, 0)]) {
        let bytes = writer.write(Operation::Step, flags, 1, &[]);
        assert_eq!(bytes[1], bits, "{flags:?}");
        assert_eq!(Request::read(bytes).unwrap().flags, flags);
    }
}

#[test]
fn names_are_told_apart_and_are_words() {
    let word = |name: &str| !name.is_empty() && name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
    let operations: Vec<&str> = Operation::ALL.iter().map(|operation| operation.name()).collect();
    let modes: Vec<&str> = InputMode::ALL.iter().map(|mode| mode.name()).collect();
    let ends: Vec<&str> = EndReason::ALL.iter().map(|reason| reason.name()).collect();
    let leaves: Vec<&str> = LeaveReason::ALL.iter().map(|reason| reason.name()).collect();
    for names in [operations, modes, ends, leaves] {
        assert!(names.iter().all(|name| word(name)), "{names:?}");
        assert!(names.iter().enumerate().all(|(at, name)| !names[..at].contains(name)), "{names:?}");
    }
    assert_eq!(InputMode::SingleKeystroke.name(), "single_keystroke");
    assert_eq!(Operation::StepMany.name(), "step_many");
}

#[test]
fn a_reply_is_no_event() {
    let mut writer = ReplyWriter::new();
    for body in [Body::Done, Body::Error { code: ErrorCode::BadAction, message: "" }] {
        assert!(!Event::is(writer.write(Operation::Close, 1, Stamps::default(), body)), "{body:?}");
    }
    assert!(!Event::is(&[]));
}

#[test]
fn a_rollouts_progress_is_its_numbers_and_then_its_episodes() {
    let (seed, hash, length, end) = (7_u64, 8_u64, 9_u32, 2_u8);
    let mut episodes = vec![255];
    RolloutEpisode { seed, hash, length, end, returns: &[0.5, -1.0] }.write(&mut episodes);
    let numbers = [seed.to_le_bytes(), hash.to_le_bytes()].concat();
    let returns = [0.5_f64.to_le_bytes(), (-1.0_f64).to_le_bytes()].concat();
    assert_eq!(episodes, [&[255][..], &numbers, &length.to_le_bytes(), &[end], &returns].concat(), "behind others");
    let mut bytes = Vec::new();
    RolloutProgress { done: true, steps: 300, agents: 2, episodes: &episodes[1..] }.write(&mut bytes);
    assert_eq!(bytes, [&[1][..], &300_u64.to_le_bytes(), &2_u16.to_le_bytes(), &episodes[1..]].concat());
}

#[test]
fn what_is_wrong_is_told_with_what_was_expected_and_what_came() {
    for (error, text) in [
        (
            ProtocolError::Truncated { needed: 4, left: 1 },
            "the message ends inside a field: expected 4 more bytes, found 1",
        ),
        (ProtocolError::UnknownOperation { found: 99, last: 18 }, "expected an operation from 1 to 18, found 99"),
        (ProtocolError::Trailing { left: 3 }, "expected the message to end, found 3 more bytes"),
    ] {
        assert_eq!(error.to_string(), text);
    }
    let failure = Failure::new(ErrorCode::BadAction, "expected Discrete(2), found 3");
    assert_eq!(failure.to_string(), "expected Discrete(2), found 3");
}
