//! What counts of somebody who went, as the survivors and the server itself say it.
use palaestra_lobby::message::{ClientMessage, Code, Dropout, LeaveReason, PartnerState, ServerMessage};

use crate::leaving::{partner_states, playing};

#[test]
fn where_the_server_has_more_of_a_leaver_than_any_survivor_its_own_record_counts() {
    let mut world = playing(3, Dropout::Continue);
    world.held = [(0, 31), (2, 33)].into();
    world.witness = Some(40);
    world.say(1, ClientMessage::Leave { reason: LeaveReason::Closed });
    assert_eq!(world.pronounced, [(world.match_of(0).unwrap().0, 1, 40)]);
    assert_eq!(world.inputs, (20, vec![1; 3]));
    // Where a survivor has more, that counts; and where both have as much, the server's, which begins early enough for everybody.
    for (held, inputs) in [(41, (41, vec![])), (40, (20, vec![1; 3]))] {
        let mut world = playing(3, Dropout::Continue);
        (world.held, world.witness) = ([(0, 31), (2, held)].into(), Some(40));
        world.say(1, ClientMessage::Leave { reason: LeaveReason::Closed });
        assert_eq!((world.pronounced[0].2, &world.inputs), (held, &inputs));
        world.empty();
    }
    world.empty();
}

#[test]
fn nothing_is_pronounced_before_the_server_has_said_what_it_has_or_had_its_time() {
    let mut world = playing(2, Dropout::Continue);
    world.witness = None;
    world.say(1, ClientMessage::Leave { reason: LeaveReason::Closed });
    assert!(world.pronounced.is_empty(), "the survivor has reported, the server not");
    world.witness = Some(12);
    let match_id = world.match_of(0).unwrap().0;
    world.witness(&match_id, 1);
    assert_eq!(world.pronounced, [(match_id.clone(), 1, 12)]);
    // Too late, or of nobody who went: it changes nothing.
    world.witness(&match_id, 1);
    world.witness(&match_id, 0);
    world.witness("m_nothing", 1);
    assert_eq!(world.pronounced.len(), 1);
    world.empty();

    let mut world = playing(2, Dropout::Continue);
    world.witness = None;
    let match_id = world.match_of(0).unwrap().0;
    world.stores(&match_id, 15);
    world.say(1, ClientMessage::Leave { reason: LeaveReason::Closed });
    world.pass(1_999);
    assert!(world.pronounced.is_empty());
    world.pass(1);
    // The survivor has said 10: what is on disk counts anyway.
    assert_eq!(world.pronounced, [(match_id, 1, 15)]);
    world.empty();
}

#[test]
fn a_witness_whose_inputs_are_too_long_counts_as_one_who_has_nothing() {
    let mut world = playing(2, Dropout::Continue);
    world.witness = None;
    world.say(1, ClientMessage::Leave { reason: LeaveReason::Closed });
    let match_id = world.match_of(0).unwrap().0;
    let inputs = vec![0; palaestra_lobby::MOST_INPUTS + 1];
    world.event(palaestra_lobby::Event::Witness {
        match_id: match_id.clone(),
        leaver: 1,
        frames: 50,
        first: 0,
        inputs,
    });
    assert_eq!(world.pronounced, [(match_id, 1, 10)]);
    world.empty();
}

#[test]
fn what_a_survivor_confirmed_before_it_was_lost_too_is_asked_for_once_more() {
    let mut world = playing(3, Dropout::Continue);
    world.browsers[2].silent.report = true;
    world.witness = Some(20);
    world.say(1, ClientMessage::Leave { reason: LeaveReason::Closed });
    assert!(world.pronounced.is_empty());
    // Its last batch came, and its socket went.
    world.witness = Some(30);
    world.lose_play(2);
    assert_eq!(world.pronounced, [(world.match_of(0).unwrap().0, 1, 30)]);
    world.empty();
}

#[test]
fn an_answer_from_before_a_survivor_was_lost_is_not_taken_for_the_one_after() {
    let mut world = playing(3, Dropout::Continue);
    world.browsers[2].silent.report = true;
    world.witness = None;
    world.say(1, ClientMessage::Leave { reason: LeaveReason::Closed });
    world.lose_play(2);
    let match_id = world.match_of(0).unwrap().0;
    for frames in [20, 30] {
        assert!(world.pronounced.is_empty());
        world.witness = Some(frames);
        world.witness(&match_id, 1);
    }
    assert_eq!(world.pronounced, [(match_id, 1, 30)]);
    world.empty();
}

#[test]
fn whoever_finished_first_and_is_gone_leaves_the_others_what_they_need_to_finish() {
    for dropout in [Dropout::Pause, Dropout::Continue, Dropout::End] {
        let mut world = playing(3, dropout);
        let match_id = world.match_of(0).unwrap().0;
        world.held = [(1, 7), (2, 8)].into();
        world.witness = Some(10);
        world.finish(0);
        assert!(world.pronounced.is_empty(), "it is still there for the others");
        world.lose_play(0);
        assert_eq!(world.pronounced, [(match_id.clone(), 0, 10)]);
        assert!(!partner_states(&world, 1).contains(&PartnerState::Reconnecting), "who has finished is not missed");
        let told = |browser: usize| {
            let heard = world.browsers[browser].heard.iter();
            heard.filter(|message| matches!(message, ServerMessage::Pronounced { seat: 0, frames: 10, .. })).count()
        };
        assert_eq!([told(0), told(1), told(2)], [0, 1, 1]);
        // It comes and goes as it likes: what counts of it was said.
        world.open_play(0);
        world.lose_play(0);
        assert_eq!((world.pronounced.len(), world.end_of(0), world.end_of(1)), (1, None, None));
        world.finish(1);
        world.finish(2);
        assert_eq!([0, 1, 2].map(|browser| world.end_of(browser)), [Some(Code::Complete); 3], "{dropout:?}");
        world.empty();
    }
}

#[test]
fn whoever_leaves_after_the_end_leaves_the_match_complete_for_the_others() {
    let mut world = playing(3, Dropout::End);
    world.witness = Some(10);
    world.finish(0);
    world.say(0, ClientMessage::Leave { reason: LeaveReason::Closed });
    assert_eq!((world.end_of(0), world.pronounced.len()), (Some(Code::Left), 1));
    world.finish(1);
    world.finish(2);
    assert_eq!([world.end_of(1), world.end_of(2)], [Some(Code::Complete); 2]);
    world.empty();
}

#[test]
fn one_who_said_that_it_finished_and_took_its_last_inputs_along_has_left_the_others() {
    let mut world = playing(2, Dropout::End);
    world.held = [(1, 7)].into();
    world.witness = Some(8);
    world.finish(0);
    world.lose_play(0);
    assert_eq!(world.pronounced, [(world.match_of(0).unwrap().0, 0, 8)]);
    world.finish(1);
    assert_eq!(world.end_of(1), Some(Code::PartnerLeft));
    world.empty();
}

#[test]
fn one_who_said_too_early_that_it_finished_and_went_has_left_the_others() {
    for (dropout, said) in [(Dropout::Pause, 100), (Dropout::End, 100), (Dropout::End, 3_000), (Dropout::Pause, 3_000)]
    {
        let mut world = playing(2, dropout);
        let match_id = world.match_of(0).unwrap().0;
        world.stores(&match_id, 100);
        world.witness = Some(105);
        world.finish_at(0, said);
        world.lose_play(0);
        assert_eq!(world.pronounced, [(match_id.clone(), 0, 105)]);
        world.say(1, ClientMessage::Finished { match_id, frames: 105, planned: false });
        let ends = [0, 1].map(|browser| world.end_of(browser));
        assert_eq!(ends, [Some(Code::Left), Some(Code::PartnerLeft)], "{dropout:?} {said}");
        world.empty();
    }
}

#[test]
fn one_who_said_that_it_finished_far_beyond_what_it_played_has_left_those_who_play_on() {
    let mut world = playing(3, Dropout::Continue);
    let match_id = world.match_of(0).unwrap().0;
    world.stores(&match_id, 100);
    world.witness = Some(105);
    world.finish_at(0, 3_000);
    world.lose_play(0);
    assert_eq!(world.pronounced, [(match_id, 0, 105)]);
    assert_eq!(world.end_of(0), Some(Code::Left));
    for browser in [1, 2] {
        world.finish_at(browser, 3_000);
    }
    assert_eq!([1, 2].map(|browser| world.end_of(browser)), [Some(Code::Complete); 2]);
    world.empty();
}

#[test]
fn one_who_said_that_it_finished_what_it_played_has_left_nobody_whatever_another_says() {
    let mut world = playing(2, Dropout::Pause);
    let match_id = world.match_of(0).unwrap().0;
    world.stores(&match_id, 100);
    world.witness = Some(100);
    world.finish_at(0, 100);
    world.lose_play(0);
    assert_eq!(world.pronounced, [(match_id.clone(), 0, 100)]);
    world.say(1, ClientMessage::Finished { match_id, frames: 100, planned: false });
    assert_eq!([0, 1].map(|browser| world.end_of(browser)), [Some(Code::Complete); 2]);
    world.empty();
}

#[test]
fn a_survivor_whose_match_ended_early_has_not_left_it_by_going_before_the_others_said_so() {
    let mut world = playing(3, Dropout::End);
    let match_id = world.match_of(0).unwrap().0;
    world.witness = Some(105);
    world.finish_at(0, 100);
    world.lose_play(0);
    for browser in [1, 2] {
        world.say(browser, ClientMessage::Finished { match_id: match_id.clone(), frames: 105, planned: false });
        world.lose_play(browser);
    }
    let ends = [0, 1, 2].map(|browser| world.end_of(browser));
    assert_eq!(ends, [Some(Code::Left), Some(Code::PartnerLeft), Some(Code::PartnerLeft)]);
    world.empty();
}

#[test]
fn whose_browser_was_gone_before_it_was_heard_that_it_finished_is_not_waited_for() {
    let mut world = playing(2, Dropout::End);
    world.witness = Some(10);
    world.lose_play(0);
    world.finish(0);
    assert_eq!(world.pronounced, [(world.match_of(0).unwrap().0, 0, 10)]);
    world.finish(1);
    assert_eq!([world.end_of(0), world.end_of(1)], [Some(Code::Complete); 2]);
    world.empty();
}

#[test]
fn when_all_have_finished_nobody_is_settled() {
    let mut world = playing(2, Dropout::End);
    world.finish(0);
    world.finish(1);
    world.lose_play(0);
    assert!(world.pronounced.is_empty());
    world.empty();
}
