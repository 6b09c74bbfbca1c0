use proptest::prelude::*;

use super::*;

/// What a side says of frames: each begins an episode of five, every third has an event before it.
fn batch(first: u32, end: u32, change: impl Fn(u32, &mut Vec<u8>, &mut u64)) -> Vec<u8> {
    let mut writer = ConfirmedWriter::to_server(first, 3);
    for frame in first..end {
        if frame % 5 == 0 {
            assert!(writer.put(ConfirmedItem::Reset { seed: Some(frame.into()), options: "{}", hash: 1 }));
        }
        if frame % 3 == 0 {
            assert!(writer.put(ConfirmedItem::Event("{}")));
        }
        // Actions of several lengths.
        let (mut actions, mut hash) = (vec![frame as u8; 3 + (frame % 7 == 0) as usize], u64::from(frame) + 100);
        change(frame, &mut actions, &mut hash);
        assert!(writer.put(ConfirmedItem::Step { actions: &actions, hash }));
    }
    writer.into_message()
}

fn take(history: &mut History, seat: u8, message: &[u8]) -> Result<Taken, Refused> {
    let Ok(ToServer::Confirmed(read)) = ToServer::read(message) else { panic!("no batch") };
    history.take(seat, read, u64::MAX)
}

fn stored(taken: Taken, into: &mut Vec<StoredBatch>) {
    let new = taken.write.and_then(|write| write.new);
    into.extend(new.map(|new| {
        assert_eq!(new.number as usize, into.len());
        let NewFrames { number, first, frames, action_len, items } = new;
        StoredBatch { number, first, frames, action_len, items }
    }));
}

/// All stored items as one message.
fn joined(stored: &[StoredBatch]) -> Vec<u8> {
    let mut writer = ConfirmedWriter::to_server(0, 3);
    let mut next = 0;
    for batch in stored {
        assert_eq!(batch.first, next);
        next += batch.frames;
        let mut message = ConfirmedWriter::to_server(batch.first, batch.action_len).into_message();
        message.extend_from_slice(&batch.items);
        let Ok(ToServer::Confirmed(read)) = ToServer::read(&message) else { panic!("no batch") };
        assert!(read.items().map(Result::unwrap).all(|item| writer.put(item)));
    }
    writer.into_message()
}

proptest! {
    #[test]
    fn whoever_says_it_first_and_however_often_each_frame_is_stored_once(
        said in prop::collection::vec((0_u8..4, 0_u32..12, 1_u32..40), 1..40),
    ) {
        let mut history = History::new("m");
        let (mut disk, mut of_seats) = (Vec::new(), [0_u32; 4]);
        for (seat, back, frames) in said {
            let first = of_seats[usize::from(seat)].saturating_sub(back);
            let message = batch(first, first + frames, |_, _, _| {});
            let taken = take(&mut history, seat, &message).unwrap();
            prop_assert!(taken.differs.is_none() && taken.dissent.is_none());
            of_seats[usize::from(seat)] = of_seats[usize::from(seat)].max(first + frames);
            prop_assert_eq!(taken.write.as_ref().unwrap().frames, of_seats[usize::from(seat)]);
            stored(taken, &mut disk);
            prop_assert_eq!(history.len(), of_seats.iter().copied().max().unwrap());
        }
        let len = history.len();
        prop_assert_eq!(joined(&disk), batch(0, len, |_, _, _| {}));
        // The same after a restart, and for whoever comes later.
        let seats: Vec<_> = (0..4).map(|seat| (seat, of_seats[usize::from(seat)], None)).collect();
        let mut again = History::restored("m", &disk, &seats);
        prop_assert_eq!(again.len(), len);
        let more = take(&mut again, 0, &batch(len, len + 5, |_, _, _| {})).unwrap();
        stored(more, &mut disk);
        prop_assert_eq!(joined(&disk), batch(0, len + 5, |_, _, _| {}));
        for from in [0, len / 2, len] {
            let mut next = from;
            for message in history.since(from).unwrap() {
                let Ok(palaestra_protocol::server::FromServer::Confirmed(read)) = palaestra_protocol::server::FromServer::read(&message) else { panic!("no batch") };
                prop_assert_eq!(read.first, next);
                next += read.items().filter(|item| matches!(item, Ok(ConfirmedItem::Step { .. }))).count() as u32;
            }
            prop_assert_eq!(next, len);
        }
    }
}

#[test]
fn another_state_is_found_and_the_history_grows_on_from_that_side_too() {
    let mut history = History::new("m");
    take(&mut history, 0, &batch(0, 10, |_, _, _| {})).unwrap();
    let other = batch(0, 20, |frame, _, hash| *hash += u64::from(frame >= 7));
    let taken = take(&mut history, 1, &other).unwrap();
    assert_eq!(taken.differs, Some((7, Difference::State)));
    assert_eq!((history.len(), history.differing()), (20, vec![(1, 7, Difference::State)]));
    // It is said once.
    assert_eq!(
        take(&mut history, 1, &batch(5, 22, |frame, _, hash| *hash += u64::from(frame >= 7))).unwrap().differs,
        None
    );
}

#[test]
fn other_actions_or_resets_are_another_history_that_is_kept_beside() {
    for change in [
        (|frame, actions, _| {
            if frame == 4 {
                actions[0] ^= 1
            }
        }) as fn(u32, &mut Vec<u8>, &mut u64),
        |frame, actions, _| {
            if frame == 4 {
                actions.push(9)
            }
        },
    ] {
        let mut history = History::new("m");
        take(&mut history, 0, &batch(0, 10, |_, _, _| {})).unwrap();
        let taken = take(&mut history, 1, &batch(0, 30, change)).unwrap();
        assert_eq!(taken.differs, Some((4, Difference::Actions)));
        assert_eq!(taken.dissent.unwrap().0, 0);
        assert!(taken.news.is_none());
        assert_eq!(history.len(), 10);
        let write = taken.write.unwrap();
        assert!(write.new.is_none());
        assert_eq!((write.frames, write.differs), (30, Some(4)));
    }
    let mut history = History::new("m");
    take(&mut history, 0, &batch(0, 10, |_, _, _| {})).unwrap();
    let mut without_reset = ConfirmedWriter::to_server(5, 3);
    assert!(without_reset.put(ConfirmedItem::Step { actions: &[5; 3], hash: 105 }));
    assert_eq!(take(&mut history, 1, &without_reset.into_message()).unwrap().differs, Some((5, Difference::Actions)));
}

#[test]
fn after_a_restart_a_side_that_was_put_right_is_believed_and_other_actions_are_found() {
    let mut disk = Vec::new();
    stored(take(&mut History::new("m"), 0, &batch(0, 50, |_, _, _| {})).unwrap(), &mut disk);
    let mut again = History::restored("m", &disk, &[(0, 50, None), (1, 50, Some(30))]);
    let taken = take(&mut again, 1, &batch(50, 60, |_, _, _| {})).unwrap();
    assert!(taken.dissent.is_none() && taken.differs.is_none() && taken.news.is_some());
    let write = taken.write.unwrap();
    assert_eq!((write.new.unwrap().first, write.frames, write.differs), (50, 60, Some(30)));
    let other = batch(55, 70, |frame, actions, _| actions[0] ^= u8::from(frame == 57));
    let taken = take(&mut again, 1, &other).unwrap();
    assert_eq!(taken.differs, Some((57, Difference::Actions)));
    assert!(taken.dissent.is_some() && taken.news.is_none());
    assert_eq!(again.len(), 60);
}

#[test]
fn after_a_restart_no_number_is_given_twice_also_where_one_is_missing() {
    let mut history = History::new("m");
    let mut disk = Vec::new();
    for first in [0, 10, 20] {
        stored(take(&mut history, 0, &batch(first, first + 10, |_, _, _| {})).unwrap(), &mut disk);
    }
    disk.remove(1);
    let mut again = History::restored("m", &disk, &[]);
    let len = again.len();
    let write = take(&mut again, 0, &batch(len, len + 10, |_, _, _| {})).unwrap().write.unwrap();
    assert_eq!(write.new.unwrap().number, 3);
}

#[test]
fn what_is_ahead_is_not_taken() {
    let mut history = History::new("m");
    take(&mut history, 0, &batch(0, 10, |_, _, _| {})).unwrap();
    assert_eq!(take(&mut history, 1, &batch(11, 12, |_, _, _| {})).unwrap_err(), Refused::Early);
    assert_eq!(take(&mut history, 1, &batch(5_000, 5_001, |_, _, _| {})).unwrap_err(), Refused::Gap { expected: 10 });
    assert_eq!((history.len(), history.frames_of(1)), (10, 0));
}

#[test]
fn a_reset_without_a_step_is_stored_when_the_match_is_over() {
    let mut history = History::new("m");
    take(&mut history, 0, &batch(0, 5, |_, _, _| {})).unwrap();
    assert!(history.tail().is_none());
    let mut writer = ConfirmedWriter::to_server(5, 3);
    assert!(writer.put(ConfirmedItem::Reset { seed: Some(5), options: "", hash: 9 }));
    take(&mut history, 0, &writer.into_message()).unwrap();
    let tail = history.tail().unwrap();
    assert_eq!((tail.number, tail.first, tail.frames), (1, 5, 0));
    assert!(history.tail().is_none());
}

#[test]
fn the_memory_of_a_long_match_is_bounded_and_it_is_stored_whole() {
    let mut history = History::new("m");
    let mut disk = Vec::new();
    for first in (0..MOST_KEPT as u32 * 2).step_by(512) {
        stored(take(&mut history, 0, &batch(first, first + 512, |_, _, _| {})).unwrap(), &mut disk);
    }
    assert_eq!(history.kept.len(), MOST_KEPT);
    assert_eq!(history.len(), MOST_KEPT as u32 * 2);
    assert_eq!(disk.iter().map(|batch| batch.frames).sum::<u32>(), MOST_KEPT as u32 * 2);
    assert!(history.since(3).is_none());
    // A side that is that far behind is acknowledged, though nothing of it is compared any more.
    assert_eq!(take(&mut history, 1, &batch(0, 10, |_, _, hash| *hash += 1)).unwrap().differs, None);
}

#[test]
fn no_more_is_taken_than_there_may_be_and_what_is_there_may_be_said_again() {
    let of = |message: &[u8], history: &mut History, seat, most| {
        let Ok(ToServer::Confirmed(read)) = ToServer::read(message) else { panic!("no batch") };
        history.take(seat, read, most)
    };
    let mut history = History::new("m");
    let mut disk = Vec::new();
    stored(of(&batch(0, 40, |_, _, _| {}), &mut history, 0, 40).unwrap(), &mut disk);
    let longer = batch(30, 60, |_, _, _| {});
    assert_eq!(of(&longer, &mut history, 1, 59).unwrap_err(), Refused::TooFast);
    assert_eq!((history.len(), history.frames_of(1)), (40, 0));
    stored(of(&longer, &mut history, 1, 60).unwrap(), &mut disk);
    assert_eq!((history.len(), history.counted()), (60, 60));
    // Its clock is set back: what is there is there.
    assert!(of(&batch(0, 60, |_, _, _| {}), &mut history, 0, 0).unwrap().news.is_none());
    // Long ones count for several, also after a restart.
    let long = batch(60, 61, |_, actions, _| actions.resize(10_000, 0));
    stored(of(&long, &mut history, 0, 61).unwrap(), &mut disk);
    assert_eq!(History::restored("m", &disk, &[]).counted(), history.counted());
    assert_eq!(of(&batch(61, 62, |_, _, _| {}), &mut history, 0, 63).unwrap_err(), Refused::TooFast);
    assert!(of(&batch(61, 62, |_, _, _| {}), &mut history, 0, 64).is_ok());
}

#[test]
fn a_leaver_is_read_from_where_the_survivors_are_and_says_nothing_any_more() {
    let mut history = History::new("m");
    for (seat, end) in [(0, 30), (1, 50), (2, 40)] {
        take(&mut history, seat, &batch(0, end, |_, _, _| {})).unwrap();
    }
    let of = |first: u32, end: u32| -> Vec<Box<[u8]>> {
        (first..end).map(|frame| vec![frame as u8; 3 + usize::from(frame % 7 == 0)].into()).collect()
    };
    assert_eq!(history.leave(1, 0b101), (30, of(30, 50)));
    // Once more, when one of them is lost; and with nobody left.
    assert_eq!(history.leave(1, 0b100), (40, of(40, 50)));
    assert_eq!(history.leave(1, 0), (0, of(0, 50)));
    let late = take(&mut history, 1, &batch(50, 60, |_, _, _| {})).unwrap();
    assert!(late.write.is_none() && late.news.is_none() && late.differs.is_none());
    assert_eq!((history.len(), history.frames_of(1)), (50, 50));
    // The others go on, in another way than the leaver did.
    let other = batch(30, 60, |frame, actions, _| actions[0] ^= u8::from(frame >= 50));
    assert!(take(&mut history, 0, &other).unwrap().differs.is_none());
    assert_eq!(history.len(), 60);
}

#[test]
fn of_a_leaver_no_more_is_read_than_a_peer_can_be_behind() {
    let mut history = History::new("m");
    for first in (0..40_000).step_by(100) {
        take(&mut history, 0, &batch(first, first + 100, |_, _, _| {})).unwrap();
    }
    let (first, actions) = history.leave(0, 0b10);
    assert_eq!((first, actions.len()), (40_000 - MOST_AHEAD, MOST_AHEAD as usize));
}
