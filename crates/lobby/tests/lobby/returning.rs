//! Whoever was without connection while somebody went hears of it on return, and is asked where it is still being settled.
use palaestra_lobby::message::{ClientMessage, Code, Dropout, LeaveReason};

use crate::leaving::playing;
use crate::world::World;

fn leaves(world: &mut World, browser: usize) {
    world.say(browser, ClientMessage::Leave { reason: LeaveReason::Closed });
}

#[test]
fn what_was_pronounced_meanwhile_is_told_on_every_return() {
    let mut world = playing(3, Dropout::Continue);
    world.held = [(2, 35)].into();
    world.witness = Some(40);
    world.lose(0);
    leaves(&mut world, 1);
    let match_id = world.match_of(0).unwrap().0;
    assert_eq!(world.pronounced, [(match_id, 1, 40)]);
    assert_eq!(world.of_leavers(0), []);
    assert_eq!(world.of_leavers(2), [(1, 40, vec![1; 3])]);
    world.pass(6_000);
    world.connect(0);
    assert_eq!(world.of_leavers(0), [(1, 40, vec![1; 3])]);
    // It may have been lost before it heard that.
    world.lose_play(0);
    world.open_play(0);
    assert_eq!(world.of_leavers(0).len(), 2);
    assert_eq!(world.of_leavers(2).len(), 1);
    world.empty();
}

#[test]
fn who_comes_back_in_time_is_asked_and_is_waited_for() {
    let mut world = playing(3, Dropout::Continue);
    world.browsers[2].silent.report = true;
    world.held = [(0, 33)].into();
    world.lose(0);
    leaves(&mut world, 1);
    world.pass(1_500);
    world.browsers[0].silent.report = true;
    world.connect(0);
    // It has its time from then on, and once.
    world.pass(1_000);
    assert_eq!(world.pronounced, []);
    world.browsers[0].silent.report = false;
    world.lose_play(0);
    world.open_play(0);
    world.pass(1_000);
    assert_eq!(world.pronounced, [(world.match_of(0).unwrap().0, 1, 33)]);
    world.empty();
}

#[test]
fn where_nobody_has_reported_who_may_still_come_back_is_waited_for() {
    for dropout in [Dropout::Continue, Dropout::Pause, Dropout::End] {
        let mut world = playing(2, dropout);
        (world.held, world.witness) = ([(0, 21)].into(), Some(20));
        world.lose(0);
        leaves(&mut world, 1);
        world.pass(20_000);
        assert_eq!((world.pronounced.len(), world.end_of(0)), (0, None));
        world.connect(0);
        assert_eq!(world.of_leavers(0), [(1, 21, vec![])], "{dropout:?}");
        world.finish(0);
        let end = if dropout == Dropout::Continue { Code::Complete } else { Code::PartnerLeft };
        assert_eq!(world.end_of(0), Some(end));
        world.empty();
    }
}

#[test]
fn it_is_waited_for_no_longer_than_the_grace_of_the_last_one() {
    let mut world = playing(2, Dropout::Continue);
    world.lose(0);
    leaves(&mut world, 1);
    world.pass(30_000);
    let code = world.ended.iter().find(|ended| ended.participant == "p0").map(|ended| ended.code);
    assert_eq!(code, Some(Code::Disconnected));
    world.empty();
    // Whoever was asked and does not answer is no reason to wait, however often it comes and goes.
    let mut world = playing(3, Dropout::Continue);
    (0..3).for_each(|browser| world.browsers[browser].silent.report = true);
    world.lose(0);
    leaves(&mut world, 1);
    world.pass(5_000);
    assert_eq!(world.pronounced, []);
    for _ in 0..4 {
        world.open_play(0);
        world.pass(900);
        world.lose_play(0);
    }
    assert_eq!(world.pronounced.len(), 1);
    world.empty();
}

#[test]
fn who_is_lost_right_after_being_asked_is_waited_for_once() {
    let asked_and_lost = || {
        let mut world = playing(2, Dropout::Continue);
        world.held = [(0, 21)].into();
        world.browsers[0].silent.report = true;
        leaves(&mut world, 1);
        world.pass(100);
        world.lose(0);
        world.pass(10_000);
        assert_eq!(world.pronounced, []);
        world
    };
    let mut world = asked_and_lost();
    world.browsers[0].silent.report = false;
    world.connect(0);
    assert_eq!(world.of_leavers(0), [(1, 21, vec![])]);
    world.empty();

    // Asked for the second time it has its two seconds, and no more.
    let mut world = asked_and_lost();
    world.connect(0);
    world.pass(1_000);
    world.lose(0);
    world.pass(1_000);
    assert_eq!(world.pronounced.len(), 1);
    world.empty();
}

#[test]
fn nobody_is_told_what_was_pronounced_of_themselves() {
    let mut world = playing(3, Dropout::Pause);
    world.witness = Some(10);
    world.finish(0);
    world.lose_play(0);
    world.open_play(0);
    assert_eq!(world.of_leavers(0), []);
    world.lose_play(1);
    world.open_play(1);
    assert_eq!(world.of_leavers(1).len(), 2);
    world.empty();
}

#[test]
fn who_went_before_a_restart_is_settled_after_it() {
    let mut world = playing(3, Dropout::Continue);
    world.browsers[2].silent.report = true;
    leaves(&mut world, 1);
    world.witness = Some(120);
    world.restart();
    world.browsers[2].silent.report = false;
    world.pass(1_000);
    assert_eq!(world.pronounced, []);
    [0, 2].into_iter().for_each(|browser| world.connect(browser));
    assert_eq!(world.pronounced, [(world.match_of(0).unwrap().0, 1, 120)]);
    assert_eq!((world.of_leavers(0).len(), world.of_leavers(2).len()), (1, 1));
    world.empty();
}

#[test]
fn what_was_pronounced_before_a_restart_stands_after_it() {
    for dropout in [Dropout::Continue, Dropout::Pause] {
        let mut world = playing(3, dropout);
        world.witness = Some(40);
        leaves(&mut world, 1);
        assert_eq!(world.pronounced.len(), 1);
        world.restart();
        [0, 2].into_iter().for_each(|browser| world.connect(browser));
        assert_eq!(world.pronounced.len(), 1);
        for browser in [0, 2] {
            assert_eq!(world.of_leavers(browser).last(), Some(&(1, 40, vec![1; 3])));
            world.finish(browser);
        }
        let end = if dropout == Dropout::Continue { Code::Complete } else { Code::PartnerLeft };
        assert_eq!([0, 2].map(|browser| world.end_of(browser)), [Some(end); 2], "{dropout:?}");
        world.empty();
    }
}

#[test]
fn a_match_that_was_about_to_end_does_so_after_a_restart() {
    let mut world = playing(3, Dropout::End);
    leaves(&mut world, 1);
    world.restart();
    world.connect(0);
    world.connect(2);
    world.pass(60_000);
    assert_eq!([0, 2].map(|browser| world.end_of(browser)), [Some(Code::PartnerLeft); 2]);
    world.empty();
}

#[test]
fn whoever_was_settled_before_a_restart_is_not_settled_again() {
    let mut world = playing(3, Dropout::Continue);
    world.witness = Some(10);
    world.finish(0);
    world.lose_play(0);
    assert_eq!(world.pronounced.len(), 1);
    world.restart();
    [1, 2].into_iter().for_each(|browser| world.connect(browser));
    world.pass(40_000);
    assert_eq!(world.pronounced.len(), 1, "its grace is over, and what counts of it was said");
    world.empty();
}

#[test]
fn who_may_still_come_back_when_a_match_ends_because_somebody_left_is_told_that_reason() {
    for dropout in [Dropout::Pause, Dropout::End] {
        let mut world = playing(3, dropout);
        world.lose(0);
        world.pass(1_000);
        leaves(&mut world, 1);
        world.pass(2_000);
        let ended = world.ended.iter().map(|ended| (ended.participant.as_str(), ended.code));
        let ended: std::collections::BTreeMap<_, _> = ended.collect();
        assert_eq!(ended, [("p0", Code::PartnerLeft), ("p1", Code::Left), ("p2", Code::PartnerLeft)].into());
        world.empty();
    }
    // Where all are there to finish, whoever is not was lost.
    let mut world = playing(3, Dropout::Continue);
    world.lose(0);
    [1, 2].into_iter().for_each(|browser| world.finish(browser));
    world.pass(10_000);
    assert_eq!(world.ended.iter().find(|ended| ended.participant == "p0").unwrap().code, Code::Disconnected);
    assert_eq!(world.end_of(1), Some(Code::Complete));
    world.empty();
}
