//! Where things stand in messages that JavaScript reads and writes, and the words that people are told.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]
use palaestra_protocol::together::{
    BEGAN_RETURNS, Began, EndReason, Event, LeaveReason, NEWS, SHOWN_SCENE, Shown, TOLD_SECOND, TOLD_TEXT, Told,
    WATCH_DRAWN, WATCH_FLAGS, WATCH_FPS, WATCH_SEED, WATCH_URL, Watch,
};
use palaestra_protocol::{
    Body, EPISODE_END, EPISODE_HASH, EPISODE_LENGTH, EPISODE_RETURNS, EVENT, EVENT_FLAGS, EVENT_KIND, EVENT_KINDS,
    EVENT_NUMBER, ErrorCode, Failure, Flags, HASHED, InputMode, MANY_AGENTS, MANY_BLOCKS, MANY_COUNT, MANY_REWARDS,
    MANY_STRIDE, Operation, PROGRESS_AGENTS, PROGRESS_EPISODES, PROGRESS_STEPS, ProtocolError, REPLY_BODY, REPLY_ERROR,
    REPLY_KIND, REPLY_NUMBER, REPLY_OK, REPLY_RETURNS, REQUEST_NUMBER, REQUEST_PAYLOAD, ReplyWriter, Request,
    RequestWriter, RolloutEpisode, RolloutProgress, STEPPED_ACTIONS, Stamps, StepTimes, Stepped,
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
fn a_step_is_asked_for_and_answered_under_one_number() {
    let request = RequestWriter::new().write(Operation::Step, Flags::default(), 77, &[5]).to_vec();
    let number = |bytes: &[u8], at: usize| u32::from_le_bytes(*bytes[at..].first_chunk().unwrap());
    assert_eq!((request[0], number(&request, REQUEST_NUMBER)), (Operation::Step as u8, 77));
    assert_eq!(request[REQUEST_PAYLOAD..], [5]);
    let mut writer = ReplyWriter::new();
    let body = Body::Returns { returns: &[6; 3], hash: None, scene: &[] };
    let reply = writer.write(Operation::Step, 77, Stamps::default(), body);
    assert_eq!((reply[0], reply[REPLY_KIND]), (REPLY_OK, Operation::Step as u8));
    assert_eq!((number(reply, REPLY_NUMBER), number(reply, REPLY_BODY)), (77, 3));
    assert_eq!(reply[REPLY_RETURNS..], [6; 3]);
    let error = Body::Error { code: ErrorCode::BadAction, message: "no" };
    let reply = writer.write(Operation::Step, 77, Stamps::default(), error);
    assert_eq!((reply[0], reply[REPLY_KIND]), (REPLY_ERROR, ErrorCode::BadAction as u8));
    assert_eq!((number(reply, REPLY_NUMBER), &reply[REPLY_BODY..]), (77, &b"no"[..]));
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

fn kind(name: &str) -> u8 {
    EVENT_KINDS.iter().find(|(kind, _)| *kind == name).unwrap().1
}

/// A number of four bytes.
fn at(bytes: &[u8], place: usize) -> u32 {
    u32::from_le_bytes(*bytes[place..].first_chunk().unwrap())
}

#[test]
fn an_event_has_each_number_where_its_name_says() {
    let times = StepTimes { pressed: 1.0, queued: 2.0, called: 3.0, received: 4.0, due: 5.0, began: 6.0, ended: 7.0 };
    let mut bytes = Vec::new();
    let step = Stepped {
        frame: 70,
        confirmed: true,
        times,
        slowed: 0.5,
        actions: &[4, 5],
        returns: &[6],
        hash: Some(8),
        scene: &[9],
    };
    step.write(&mut bytes);
    assert_eq!([bytes[0], bytes[EVENT_KIND], bytes[EVENT_FLAGS] & HASHED], [EVENT, kind("stepped"), HASHED]);
    assert_eq!(at(&bytes, EVENT_NUMBER), 70);
    let actions = [&2_u32.to_le_bytes()[..], &[4, 5], &1_u32.to_le_bytes(), &[6], &8_u64.to_le_bytes(), &[9]].concat();
    assert_eq!(bytes[STEPPED_ACTIONS..], actions);
    Shown { frame: 71, predicted: 1, times, scene: &[9, 8] }.write(&mut bytes);
    assert_eq!((bytes[EVENT_KIND], &bytes[SHOWN_SCENE..]), (kind("shown"), &[9, 8][..]));
    Began { episode: 2, frame: 72, seed: 3, returns: &[7], hash: None, scene: &[1] }.write(&mut bytes);
    assert_eq!((bytes[EVENT_KIND], bytes[EVENT_FLAGS] & HASHED, at(&bytes, EVENT_NUMBER)), (kind("began"), 0, 2));
    assert_eq!(bytes[BEGAN_RETURNS..], [&1_u32.to_le_bytes()[..], &[7, 1]].concat());
    Told::SocketLost { code: 1006, retry_ms: 250, text: "gone" }.write(&mut bytes);
    let lost = NEWS.iter().find(|(name, _)| *name == "socket_lost").unwrap().1;
    assert_eq!([bytes[EVENT_KIND], bytes[EVENT_FLAGS]], [kind("told"), lost]);
    assert_eq!([EVENT_NUMBER, TOLD_SECOND].map(|place| at(&bytes, place)), [1006, 250]);
    assert_eq!(&bytes[TOLD_TEXT..], b"gone");
}

#[test]
fn what_is_to_be_watched_has_each_number_where_its_name_says() {
    let mut bytes = Vec::new();
    Watch { number: 7, seed: 8, fps: 30.0, scene: true, url: "wss:", options: &[1] }.write(&mut bytes);
    assert_eq!([0, WATCH_SEED, WATCH_URL].map(|place| at(&bytes, place)), [7, 8, 4]);
    assert_eq!(bytes[WATCH_FPS..WATCH_FPS + 8], 30_f64.to_le_bytes());
    assert_eq!(bytes[WATCH_FLAGS], WATCH_DRAWN);
    assert_eq!(&bytes[WATCH_URL + 4..], b"wss:\x01");
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
    assert_eq!([at(&bytes, PROGRESS_STEPS), at(&bytes, PROGRESS_AGENTS) & 0xffff], [300, 2]);
    let episode = &bytes[PROGRESS_EPISODES..];
    assert_eq!([0, EPISODE_HASH, EPISODE_LENGTH].map(|place| at(episode, place)), [7, 8, 9]);
    assert_eq!((episode[EPISODE_END], &episode[EPISODE_RETURNS..]), (2, &returns[..]));
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
