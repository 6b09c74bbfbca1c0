//! Who goes in the middle, and what that is for the others.
use palaestra_lobby::config::{LobbyConfig, Timeouts};
use palaestra_lobby::message::{ClientMessage, Code, Dropout, LeaveReason, PartnerState, ServerMessage};

use crate::world::{World, config};

pub(crate) fn partner_states(world: &World, browser: usize) -> Vec<PartnerState> {
    let heard = world.browsers[browser].heard.iter().filter_map(|message| match message {
        ServerMessage::Partner { state, .. } => Some(*state),
        _ => None,
    });
    heard.collect()
}

pub(crate) fn playing(agents: usize, dropout: Dropout) -> World {
    let mut world = World::new(LobbyConfig { dropout, ..config(agents) });
    world.arrive(agents);
    assert_eq!(world.playing(), agents);
    world
}

#[test]
fn a_partner_who_is_lost_may_come_back_to_the_same_seat() {
    let mut world = playing(2, Dropout::Pause);
    let seat = world.match_of(1);
    world.lose(1);
    assert_eq!(partner_states(&world, 0).last(), Some(&PartnerState::Reconnecting));
    world.pass(29_000);
    world.connect(1);
    assert_eq!(world.match_of(1), seat);
    assert_eq!(partner_states(&world, 0).last(), Some(&PartnerState::Connected));
    world.pass(60_000);
    assert_eq!(world.playing(), 2);
    world.empty();
}

#[test]
fn losing_the_control_socket_alone_is_no_loss_of_the_partner() {
    let mut world = playing(2, Dropout::Pause);
    let socket = world.browsers[1].socket.take().unwrap();
    world.event(palaestra_lobby::Event::Closed { socket });
    world.pass(120_000);
    assert!(!partner_states(&world, 0).contains(&PartnerState::Reconnecting));
    assert_eq!(world.end_of(0), None);
    world.empty();
}

#[test]
fn one_who_does_not_come_back_is_pronounced_and_the_match_ends_for_the_other() {
    let mut world = playing(2, Dropout::Pause);
    world.lose(1);
    world.pass(30_000);
    assert_eq!(world.pronounced, [(world.match_of(0).unwrap().0, 1, 10)]);
    world.finish(0);
    assert_eq!(world.end_of(0), Some(Code::PartnerLeft));
    assert_eq!(world.ended.iter().find(|ended| ended.participant == "p1").unwrap().code, Code::Disconnected);
    world.empty();
}

#[test]
fn the_highest_report_of_the_survivors_wins() {
    let mut world = playing(4, Dropout::Continue);
    world.held = [(0, 31), (2, 35), (3, 33)].into();
    world.say(1, ClientMessage::Leave { reason: LeaveReason::Closed });
    assert_eq!(world.pronounced, [(world.match_of(0).unwrap().0, 1, 35)]);
    assert_eq!(world.end_of(1), Some(Code::Left));
    assert_eq!(world.playing(), 3);
    // They go on, and finish without the one who left.
    [0, 2, 3].into_iter().for_each(|browser| world.finish(browser));
    assert!([0, 2, 3].into_iter().all(|browser| world.end_of(browser) == Some(Code::Complete)));
    world.empty();
}

#[test]
fn a_survivor_who_reports_nothing_holds_it_up_for_two_seconds() {
    let mut world = playing(3, Dropout::Continue);
    world.browsers[2].silent.report = true;
    world.say(1, ClientMessage::Leave { reason: LeaveReason::Closed });
    world.pass(1_999);
    assert!(world.pronounced.is_empty());
    world.pass(1);
    assert_eq!(world.pronounced.len(), 1);
    world.empty();
}

#[test]
fn a_lie_beyond_everything_that_can_be_is_passed_over() {
    let mut world = playing(3, Dropout::Continue);
    world.held = [(0, 20), (2, u32::MAX)].into();
    world.say(1, ClientMessage::Leave { reason: LeaveReason::Closed });
    world.pass(2_000);
    assert_eq!(world.pronounced[0].2, 20);
    world.empty();
}

#[test]
fn two_who_leave_together_are_both_pronounced() {
    let mut world = playing(4, Dropout::Continue);
    world.browsers[2].silent.report = true;
    world.say(1, ClientMessage::Leave { reason: LeaveReason::Closed });
    world.say(2, ClientMessage::Leave { reason: LeaveReason::Closed });
    world.pass(2_000);
    let mut leavers: Vec<u8> = world.pronounced.iter().map(|(_, seat, _)| *seat).collect();
    leavers.sort_unstable();
    assert_eq!(leavers, [1, 2]);
    world.empty();
}

#[test]
fn the_last_one_ends_the_match_by_leaving() {
    let mut world = playing(2, Dropout::Continue);
    world.say(0, ClientMessage::Leave { reason: LeaveReason::Closed });
    assert_eq!(world.end_of(1), None);
    world.say(1, ClientMessage::Leave { reason: LeaveReason::Closed });
    world.pass(5_000);
    assert_eq!(world.closed_matches.len(), 1);
    world.empty();
}

#[test]
fn a_page_that_breaks_in_mid_game_is_pronounced_like_any_leaver() {
    let mut world = playing(2, Dropout::Continue);
    let (match_id, _) = world.match_of(0).unwrap();
    let failed = |world: &mut World, browser| {
        world.say(browser, ClientMessage::Failed { match_id: match_id.clone(), reason: "no memory".into() });
    };
    failed(&mut world, 1);
    assert_eq!(world.pronounced, [(match_id.clone(), 1, 10)]);
    assert_eq!(world.end_of(1), Some(Code::ServerError));
    assert_eq!(world.end_of(0), None);
    // Nobody is left then: the match is no more, whatever its policy.
    failed(&mut world, 0);
    world.pass(6_000);
    assert_eq!(world.closed_matches, [match_id]);
    assert_eq!(world.lobbies.counts().matches, 0);
    world.empty();
}

#[test]
fn looking_away_for_too_long_ends_it_with_its_own_code() {
    let timeouts = Timeouts { absence_ms: 10_000, ..Timeouts::default() };
    let mut world = World::new(LobbyConfig { timeouts, dropout: Dropout::End, ..config(2) });
    world.arrive(2);
    world.say(0, ClientMessage::Away { away: true });
    assert!(world.browsers[1].heard.iter().any(|message| matches!(message, ServerMessage::Partner { away: true, .. })));
    world.pass(9_000);
    world.say(0, ClientMessage::Away { away: false });
    world.pass(9_000);
    assert_eq!(world.playing(), 2);
    world.say(0, ClientMessage::Away { away: true });
    world.pass(10_000);
    assert_eq!(world.end_of(0), Some(Code::Absent));
    world.pass(2_000);
    assert_eq!(world.end_of(1), Some(Code::PartnerLeft));
    world.empty();
}

#[test]
fn a_match_that_takes_too_long_ends_for_everybody() {
    let timeouts = Timeouts { match_ms: 60_000, ..Timeouts::default() };
    let mut world = World::new(LobbyConfig { timeouts, ..config(2) });
    world.arrive(2);
    world.pass(60_000);
    assert!((0..2).all(|browser| world.end_of(browser) == Some(Code::MatchTimeout)));
    world.empty();
}

#[test]
fn the_others_do_not_wait_for_ever_for_one_who_never_finishes() {
    let mut world = playing(3, Dropout::Pause);
    world.finish(0);
    world.lose(2);
    world.pass(10_000);
    assert_eq!((world.end_of(0), world.end_of(1)), (Some(Code::Complete), Some(Code::Complete)));
    assert_eq!(world.ended.iter().find(|ended| ended.participant == "p2").unwrap().code, Code::Disconnected);
    world.empty();
}

#[test]
fn one_who_finishes_alone_does_not_end_the_match_for_those_who_play_on() {
    for dropout in [Dropout::Pause, Dropout::Continue, Dropout::End] {
        let mut world = playing(3, dropout);
        let match_id = world.match_of(0).unwrap().0;
        world.witness = Some(300);
        world.stores(&match_id, 100);
        world.finish_at(0, 100);
        world.stores(&match_id, 300);
        world.pass(10_000);
        assert_eq!([0, 1, 2].map(|browser| world.end_of(browser)), [Some(Code::Left), None, None], "{dropout:?}");
        assert_eq!(world.pronounced, [(match_id, 0, 300)]);
        [1, 2].into_iter().for_each(|browser| world.finish(browser));
        let end = if dropout == Dropout::Continue { Code::Complete } else { Code::PartnerLeft };
        assert_eq!([1, 2].map(|browser| world.end_of(browser)), [Some(end); 2], "{dropout:?}");
        world.empty();
    }
}

#[test]
fn a_match_on_its_way_to_the_frame_that_somebody_has_finished_at_is_not_over_before() {
    let mut world = playing(2, Dropout::Pause);
    let match_id = world.match_of(0).unwrap().0;
    world.finish_at(0, 1_000);
    for frames in [100, 400] {
        // Whatever it says later.
        world.finish_at(0, frames);
        world.stores(&match_id, frames);
        world.pass(10_000);
        assert_eq!([0, 1].map(|browser| world.end_of(browser)), [None; 2]);
    }
    // There the other one has finished too, also where it does not say so.
    world.stores(&match_id, 1_000);
    world.pass(10_000);
    assert_eq!([0, 1].map(|browser| world.end_of(browser)), [Some(Code::Complete); 2]);
    world.empty();
}

#[test]
fn nobody_has_finished_before_anything_or_what_is_confirmed_already() {
    let mut world = playing(2, Dropout::Pause);
    let match_id = world.match_of(0).unwrap().0;
    world.finish_at(0, 0);
    world.stores(&match_id, 100);
    world.finish_at(0, 99);
    assert_eq!(world.errors_of(0), [Code::Malformed; 2]);
    world.pass(20_000);
    assert_eq!((world.playing(), world.browsers[0].closed.len()), (2, 0));
    // Where somebody left before the first frame, that is where the match ends.
    let mut world = playing(2, Dropout::Pause);
    (world.held, world.witness) = ([(0, 0)].into(), Some(0));
    world.say(1, ClientMessage::Leave { reason: LeaveReason::Closed });
    world.finish_at(0, 0);
    assert_eq!((world.end_of(0), world.errors_of(0).len()), (Some(Code::PartnerLeft), 0));
    world.empty();
}

#[test]
fn what_became_of_the_record_is_told_to_those_who_are_still_here() {
    let mut world = playing(2, Dropout::Pause);
    (0..2).for_each(|browser| world.finish(browser));
    let (match_id, _) = world.match_of(0).unwrap();
    let verified = palaestra_lobby::Verified {
        match_id,
        frames: 10,
        verified: Some(true),
        difference: None,
        seats_differ: Vec::new(),
        model_actions: None,
    };
    world.event(palaestra_lobby::Event::Verified(verified));
    for browser in 0..2 {
        assert!(matches!(
            world.browsers[browser].heard.last(),
            Some(ServerMessage::Record { verified: Some(true), .. })
        ));
        assert_eq!(world.browsers[browser].closed, [Code::Complete]);
    }
    world.empty();
}

#[test]
fn what_became_of_the_record_is_said_as_soon_as_nobody_can_bring_more_of_it() {
    let mut world = playing(2, Dropout::Pause);
    let game = world.match_of(0).unwrap().0;
    world.finish(0);
    world.lose_play(0);
    assert!(!partner_states(&world, 1).contains(&PartnerState::Reconnecting), "who has finished is not missed");
    world.finish(1);
    assert_eq!((world.end_of(0), world.end_of(1)), (Some(Code::Complete), Some(Code::Complete)));
    world.pass(1_000);
    assert_eq!(world.closed_matches, [""; 0], "the other's last frames may still come");
    world.lose_play(1);
    world.pass(0);
    assert_eq!(world.closed_matches, [game]);
    world.empty();
}

#[test]
fn a_play_socket_that_stays_open_does_not_keep_what_became_of_the_record() {
    let mut world = playing(2, Dropout::Pause);
    world.finish(0);
    world.finish(1);
    world.pass(4_999);
    assert_eq!(world.closed_matches, [""; 0]);
    world.pass(1);
    assert_eq!(world.closed_matches.len(), 1);
    world.empty();
}
