//! A game of a match on the page's side, by what its server and its Worker say.
use palaestra_env::SeededRng;
use palaestra_play::game::{Event, FromServer, MatchTold, Matched, Output, SeatKind, Timer};
use palaestra_protocol::together::{self, EndReason, LeaveReason, PathKind, SeatPath, Shown, Start, Told, Vitals};
use palaestra_protocol::{ErrorCode, Failure, Key, Motion, Operation, SeatSetup, Setup, Station, StepTimes};
use palaestra_record::{Limits, Report, verify};
use palaestra_session::{Reason, State};

use crate::side::{SEED, Side, matched, shared, together};
use crate::toy;

fn side() -> Side {
    Side::new(1000.0, together(|_| ()))
}

fn playing() -> Side {
    let mut side = side();
    side.play(0);
    side
}

fn states(side: &Side) -> Vec<State> {
    let to = |output: &Output| match output {
        Output::TellTransition(transition) => Some(transition.to),
        _ => None,
    };
    side.out.iter().filter_map(to).collect()
}

#[test]
fn it_waits_without_a_worker_until_the_match_is_complete() {
    let mut side = side();
    assert_eq!((side.game.state(), side.timers()), (State::Waiting, vec![]));
    assert!(!side.out.contains(&Output::OpenWorker));
    side.server(FromServer::Matched(Box::new(matched(1))));
    assert_eq!(states(&side), [State::Waiting, State::Matched, State::Validating]);
    assert!(side.out.contains(&Output::OpenWorker) && side.asked().is_empty());
    assert_eq!(side.timers(), [Timer::Load]);
    side.made();
    assert_eq!(side.asked(), [Operation::Play, Operation::Join]);
    assert!(side.timers().is_empty(), "how long the others may take is the server's business");
    let join = side.joins()[0];
    assert_eq!((join.number, join.seat, join.seed, join.resume), (9, 1, SEED, false));
    assert_eq!((side.game.options().fps, side.game.options().seed), (40.0, SEED), "the match says both");
}

#[test]
fn a_match_of_other_seats_than_the_game_has_is_refused() {
    let short = Matched { seats: matched(0).seats[..1].to_vec(), ..matched(0) };
    for wrong in [short, matched(2)] {
        let mut side = side();
        side.server(FromServer::Matched(Box::new(wrong)));
        assert_eq!(side.game.failure().map(|failure| failure.code), Some(ErrorCode::MatchFailed));
        assert_eq!(side.game.state(), State::Disposed);
    }
}

#[test]
fn the_worker_is_told_who_sits_where() {
    let mut side = side();
    let seats = vec![SeatKind::Idle, SeatKind::Person];
    side.server(FromServer::Matched(Box::new(Matched { seats, ..matched(1) })));
    side.made();
    let setup = side.out.iter().find_map(|output| match output {
        Output::Request { operation: Operation::Play, payload, .. } => Some(Setup::read(payload).unwrap()),
        _ => None,
    });
    assert!(matches!(setup.unwrap().seats[..], [SeatSetup::Fixed(_), SeatSetup::Person { .. }]));
    let mut side = Side::new(0.0, together(|_| ()));
    side.server(FromServer::Matched(Box::new(matched(0))));
    side.made();
    let setup = side.out.iter().find_map(|output| match output {
        Output::Request { operation: Operation::Play, payload, .. } => Some(Setup::read(payload).unwrap()),
        _ => None,
    });
    assert!(
        matches!(&setup.unwrap().seats[..], [SeatSetup::Person { .. }, SeatSetup::Remote { idle }] if idle.len() == 2)
    );
}

#[test]
fn the_server_hears_when_everything_is_there_and_who_was_reached() {
    let mut side = side();
    side.server(FromServer::Matched(Box::new(matched(0))));
    side.made();
    assert!(!side.client().contains(&MatchTold::Ready));
    side.socket_opens();
    side.told(Told::SocketLost { code: 1006, retry_ms: 10, text: "" });
    side.socket_opens();
    assert_eq!(side.client().iter().filter(|told| **told == MatchTold::Ready).count(), 1);
    let path = SeatPath { path: PathKind::Relay, rtt_ms: 20.0 };
    side.told(Told::Validated { attempt: 2, seats: 2, paths: [path; 8] });
    let expected = MatchTold::Validated { attempt: 2, paths: vec![(1, path)] };
    assert_eq!(*side.client().last().unwrap(), expected);
}

#[test]
fn what_the_server_says_while_the_worker_loads_is_said_when_it_is_there() {
    let mut side = side();
    side.server(FromServer::Matched(Box::new(Matched { incarnation: 2, ..matched(0) })));
    side.server(FromServer::Validate { attempt: 1, relay: true });
    side.server(FromServer::Start { in_ms: 500.0, input_delay: 3 });
    side.now += 300.0;
    side.made();
    assert_eq!(side.asked(), [Operation::Play, Operation::Join, Operation::Control, Operation::Start]);
    assert!(side.joins()[0].resume);
    let Some(Output::Request { payload, .. }) =
        side.out.iter().rev().find(|output| matches!(output, Output::Request { .. }))
    else {
        panic!("nothing was asked for")
    };
    assert_eq!(Start::read(payload).unwrap(), Start { in_ms: 200.0, input_delay: 3 });
}

#[test]
fn a_match_that_came_to_nothing_leads_to_another_with_the_same_worker() {
    for loaded in [false, true] {
        let mut side = side();
        side.server(FromServer::Matched(Box::new(matched(0))));
        if loaded {
            side.made();
            side.socket_opens();
        }
        side.server(FromServer::Requeued);
        assert_eq!((side.game.state(), side.timers()), (State::Waiting, vec![]));
        if !loaded {
            side.made();
            assert!(side.asked().is_empty(), "nobody is matched");
        }
        side.server(FromServer::Matched(Box::new(Matched { number: 10, ..matched(1) })));
        assert_eq!(side.joins().last().map(|join| (join.number, join.seat)), Some((10, 1)));
        assert_eq!(side.timers(), [], "the Worker is there: nothing has to come");
        assert_eq!(side.out.iter().filter(|output| **output == Output::OpenWorker).count(), 1);
        side.socket_opens();
        assert_eq!(*side.client().last().unwrap(), MatchTold::Ready, "of the new match");
        side.server(FromServer::Start { in_ms: 0.0, input_delay: 2 });
        side.begins();
        assert_eq!(side.game.state(), State::Playing);
        let opened = side.out.iter().filter(|output| **output == Output::StartLoop).count();
        assert_eq!(opened, 1);
    }
}

#[test]
fn what_the_worker_says_of_the_match_before_is_no_word_of_the_next() {
    let mut side = side();
    side.server(FromServer::Matched(Box::new(matched(0))));
    side.joins_at_once = false;
    side.made();
    // That match has come to nothing, and another has begun, before the Worker has joined either.
    side.server(FromServer::Requeued);
    side.server(FromServer::Matched(Box::new(Matched { number: 10, ..matched(0) })));
    assert_eq!(side.joins().len(), 2);
    for before in [true, false] {
        side.socket_opens();
        side.told(Told::SocketRefused { code: 4004, text: "a ticket of the match before" });
        assert_eq!((side.game.state(), side.client()), (State::Validating, vec![]));
        if before {
            side.handle(Event::Done(Operation::Join));
        }
    }
    side.handle(Event::Done(Operation::Join));
    side.socket_opens();
    assert_eq!(side.client(), [MatchTold::Connection(true), MatchTold::Ready]);
    side.told(Told::SocketRefused { code: 4004, text: "bad ticket" });
    assert_eq!(side.game.reason(), Some(Reason::ValidationFailed));
}

#[test]
fn nothing_is_granted_and_nothing_of_the_page_stops_it() {
    let mut side = playing();
    for event in [Event::Hidden(true), Event::FocusLost, Event::Pause(true), Event::Rang(Timer::Grant)] {
        side.handle(event);
    }
    assert!(!side.asked().contains(&Operation::Grant));
    assert!(!side.game.paused() && side.game.state() == State::Playing);
    assert!(!side.steps([1, 2]));
    assert_eq!(side.game.frame(), 1);
}

#[test]
fn absence_lets_go_of_the_keys_and_is_told_and_noted() {
    let mut side = playing();
    side.handle(Event::Hidden(true));
    side.handle(Event::FocusLost);
    side.now += 5000.0;
    side.handle(Event::Hidden(false));
    side.handle(Event::FocusFound);
    let away: Vec<_> = side.client().into_iter().filter(|told| matches!(told, MatchTold::Away(_))).collect();
    assert_eq!(away, [MatchTold::Away(true), MatchTold::Away(false)]);
    let keys = side.out.iter().filter_map(|output| match output {
        Output::Request { operation: Operation::Key, payload, .. } => Some(Key::read(payload).unwrap().motion),
        _ => None,
    });
    assert_eq!(keys.collect::<Vec<_>>(), [Motion::AllUp; 2]);
    side.completes();
    let record = side.record();
    assert!(record.contains(r#""event":"focus_lost","ms":5000"#) && record.contains(r#""event":"hidden","ms":5000"#));
}

#[test]
fn somebody_who_is_away_for_too_long_leaves_with_that_reason() {
    let mut side = Side::new(0.0, together(|options| options.focus_timeout = Some(1000.0)));
    side.play(0);
    side.handle(Event::FocusLost);
    assert!(side.timers().contains(&Timer::Focus));
    side.now += 1000.0;
    side.handle(Event::Rang(Timer::Focus));
    assert_eq!((side.game.reason(), side.game.state()), (Some(Reason::FocusLost), State::Disposed));
    assert_eq!(*side.client().last().unwrap(), MatchTold::Leave(Reason::FocusLost));
    assert!(side.asked().contains(&Operation::Leave));
}

#[test]
fn the_latest_input_is_that_of_the_latest_step_that_saw_a_key() {
    let mut side = playing();
    assert!(side.game.last_input().iter().all(|time| time.is_nan()));
    let times = StepTimes { pressed: 7.0, queued: 8.0, called: 0.0, received: 0.0, due: 0.0, began: 0.0, ended: 0.0 };
    let nobody = StepTimes { pressed: f64::NAN, queued: f64::NAN, ..times };
    for (frame, times) in [(1, times), (2, nobody)] {
        side.handle(Event::Worker(together::Event::Shown(Shown { frame, predicted: 1, times, scene: &[1] })));
        assert_eq!(side.game.last_input(), [7.0, 8.0], "frame {frame}");
    }
    let _ = side.steps([0, 0]);
    assert_eq!(side.game.last_input(), [7.0, 8.0], "a step that saw no key says nothing of one");
}

#[test]
fn a_row_begins_with_the_picture_and_is_complete_when_the_step_is_final() {
    let mut side = playing();
    side.now = 2000.0;
    side.shown(3, 3);
    side.handle(Event::AnimationFrame);
    side.handle(Event::Drawn { began: 2001.0, ended: 2002.0 });
    side.now = 2003.0;
    side.handle(Event::Painted);
    side.now = 2050.0;
    for _ in 0..3 {
        let _ = side.steps([0, 0]);
    }
    let row = *side.game.metrics().row(3).unwrap();
    let at = |station: Station| row[station as usize];
    assert_eq!((at(Station::Predicted), at(Station::StepReturn), at(Station::Paint)), (2000.0, 2000.0, 2003.0));
    assert_eq!(at(Station::Confirmed), 2050.0);
    let first = side.game.metrics().row(1).unwrap();
    assert!(first[Station::Predicted as usize].is_nan() && first[Station::Confirmed as usize] == 2050.0);
    assert_eq!(side.game.metrics().count(), 3);
    side.shown(1, 0);
    let known = side.game.metrics().row(4).unwrap();
    assert!(known[Station::Predicted as usize].is_nan(), "no action of it was guessed");
}

#[test]
fn a_picture_that_nobody_can_have_is_an_error_and_one_without_times_has_the_row_of_its_step() {
    for (ahead, live) in [(10_000, true), (10_001, false)] {
        let mut side = playing();
        side.shown(ahead, 1);
        assert_eq!(side.game.state().is_live(), live, "{ahead} steps ahead");
    }
    let mut side = playing();
    let never = f64::NAN;
    let times = StepTimes {
        pressed: never,
        queued: never,
        called: never,
        received: never,
        due: never,
        began: never,
        ended: never,
    };
    side.handle(Event::Worker(together::Event::Shown(Shown { frame: 1, predicted: 0, times, scene: &[] })));
    let _ = side.steps([0, 0]);
    let row = *side.game.metrics().row(1).unwrap();
    assert_eq!(side.game.metrics().count(), 1);
    assert!(row[Station::StepBegin as usize].is_finite() && row[Station::Confirmed as usize].is_finite());
}

#[test]
fn records_of_all_sides_are_the_same_but_for_what_is_each_sides_own_and_they_replay() {
    let mut sides = [Side::new(1000.0, together(|_| ())), Side::new(99_999.5, together(|_| ()))];
    for (seat, side) in sides.iter_mut().enumerate() {
        side.play(seat as u8);
        side.handle(Event::Worker(together::Event::Vitals(vitals())));
        let mut rng = SeededRng::new(3);
        for episode in 0..3 {
            if episode > 0 {
                side.begins();
            }
            loop {
                let actions = [rng.integers(0, 8), rng.integers(0, 8)];
                side.now += if seat == 0 { 25.0 } else { 24.7 };
                side.shown(1 + seat as u32, 1);
                if side.steps(actions) {
                    break;
                }
            }
        }
        if seat == 1 {
            side.told(Told::Stalled { by: 1 });
            side.now += 70.0;
            side.told(Told::Stalled { by: 0 });
        }
        side.completes();
        assert_eq!(side.game.reason(), Some(Reason::Complete));
    }
    let [one, other] = sides.map(|side| side.record());
    assert_eq!(shared(&one), shared(&other));
    assert_ne!(one, other, "each has its own times");
    assert!(other.contains(r#""event":"stalled","times":1,"ms":70"#), "stalls stand in sum");
    assert!(!one.contains(r#""event":"stalled""#), "none is no event");
    let Report { steps, episodes, .. } = verify(one.as_bytes(), toy::make, Limits::default()).unwrap();
    assert_eq!(episodes, 3);
    assert_eq!(steps as usize, one.lines().filter(|line| line.contains(r#""type":"step""#)).count());
}

fn vitals() -> Vitals {
    Vitals {
        input_delay: 2,
        seats: 2,
        paths: [SeatPath::default(); 8],
        rollbacks: 1,
        rolled_back: 2,
        deepest: 2,
        depth: 2,
        predicted: 3,
        stalls: 0,
        ahead: 0.0,
    }
}

#[test]
fn the_end_waits_until_nobody_needs_this_browser_and_no_longer_than_a_moment() {
    let mut side = playing();
    let _ = side.steps([0, 0]);
    side.told(Told::Ended { reason: EndReason::Complete, frames: 1 });
    assert_eq!(*side.client().last().unwrap(), MatchTold::Finished { frames: 1, planned: true });
    assert_eq!((side.game.state(), side.timers().contains(&Timer::Settle)), (State::Playing, true));
    side.handle(Event::Rang(Timer::Settle));
    assert_eq!((side.game.reason(), side.game.state()), (Some(Reason::Complete), State::Disposed));
    assert!(side.timers().is_empty());
    // A Worker that says it too early has not come to its end.
    let mut side = playing();
    side.told(Told::Released);
    assert_eq!(side.game.state(), State::Playing);
    side.told(Told::Ended { reason: EndReason::Complete, frames: 0 });
    assert_eq!(side.game.state(), State::Playing);
    side.told(Told::Released);
    assert_eq!((side.game.reason(), side.game.state()), (Some(Reason::Complete), State::Disposed));
    // The server says that all have finished.
    let mut side = playing();
    side.told(Told::Ended { reason: EndReason::Complete, frames: 0 });
    side.server(FromServer::Ended(Reason::Complete));
    assert_eq!(side.game.reason(), Some(Reason::Complete));
}

#[test]
fn a_match_that_was_played_to_its_end_is_complete_also_where_the_worker_has_nothing_more_to_say() {
    for refused in [true, false] {
        // Less than the end may take.
        let mut side = Side::new(1000.0, together(|options| options.step_timeout = 2_000.0));
        side.play(0);
        let _ = side.steps([0, 0]);
        if refused {
            side.told(Told::SocketRefused { code: 4010, text: "gone" });
        }
        let since = side.now;
        side.told(Told::Ended { reason: EndReason::Complete, frames: 1 });
        while side.game.state() == State::Playing {
            side.now += 200.0;
            side.handle(Event::Rang(Timer::Silence));
            if side.now >= since + 8_000.0 {
                side.handle(Event::Rang(Timer::Settle));
            }
        }
        assert_eq!((side.game.reason(), side.game.failure()), (Some(Reason::Complete), None), "{refused}");
    }
}

#[test]
fn whoever_goes_while_the_others_are_waited_for_has_played_to_the_end() {
    for (goes, before) in
        [(Event::Rang(Timer::Focus), Reason::FocusLost), (Event::Dispose(Reason::Closed), Reason::Closed)]
    {
        for (played, reason) in [(true, Reason::Complete), (false, before)] {
            let mut side = Side::new(0.0, together(|options| options.focus_timeout = Some(1000.0)));
            side.play(0);
            let _ = side.steps([0, 0]);
            side.handle(Event::FocusLost);
            if played {
                side.told(Told::Ended { reason: EndReason::Complete, frames: 1 });
            }
            side.handle(goes.clone());
            assert_eq!(side.game.reason(), Some(reason));
            assert_eq!(side.client().last(), Some(&MatchTold::Leave(reason)));
        }
    }
}

#[test]
fn a_partner_who_leaves_ends_it_with_what_was_confirmed() {
    let mut side = playing();
    let _ = side.steps([1, 1]);
    side.told(Told::Left { seat: 1, frame: 1, reason: LeaveReason::Pronounced });
    side.server(FromServer::Ended(Reason::PartnerLeft));
    assert_eq!(side.game.state(), State::Playing, "the Worker's last frames are waited for");
    side.told(Told::Ended { reason: EndReason::PartnerLeft, frames: 1 });
    assert_eq!(*side.client().last().unwrap(), MatchTold::Finished { frames: 1, planned: false });
    side.told(Told::Released);
    assert_eq!(side.game.reason(), Some(Reason::PartnerLeft));
    assert!(!side.client().iter().any(|told| matches!(told, MatchTold::Leave(_))), "the server knows");
    assert!(side.record().contains(r#""event":"partner_left","seat":1,"frame":1"#));
}

#[test]
fn a_worker_that_says_nothing_any_more_is_an_error() {
    let mut side = playing();
    assert!(side.timers().contains(&Timer::Silence));
    for _ in 0..60 {
        side.now += 240.0;
        side.handle(Event::Worker(together::Event::Vitals(vitals())));
        side.handle(Event::Rang(Timer::Silence));
    }
    assert_eq!(side.game.state(), State::Playing);
    for _ in 0..100 {
        side.now += 240.0;
        side.handle(Event::Rang(Timer::Silence));
    }
    assert_eq!(side.game.failure().map(|failure| failure.code), Some(ErrorCode::DeadlineExceeded));
}

#[test]
fn a_worker_that_never_says_anything_is_an_error_after_the_same_time() {
    let mut side = playing();
    let limit = 15_000.0;
    while side.now < 1_000.0 + limit - 500.0 {
        side.now += 240.0;
        side.handle(Event::Rang(Timer::Silence));
    }
    assert_eq!(side.game.state(), State::Playing, "it has its time");
    for _ in 0..5 {
        side.now += 240.0;
        side.handle(Event::Rang(Timer::Silence));
    }
    assert_eq!(side.game.failure().map(|failure| failure.code), Some(ErrorCode::DeadlineExceeded));
}

#[test]
fn waiting_ends_as_the_server_says_without_an_error_or_with_the_error_that_there_was() {
    for reason in [Reason::Timeout, Reason::Excluded, Reason::Closed] {
        let mut side = side();
        side.server(FromServer::Ended(reason));
        assert_eq!((side.game.reason(), side.game.failure()), (Some(reason), None));
        assert_eq!(side.game.state(), State::Disposed);
    }
    let mut side = side();
    side.server(FromServer::Failed(Failure::new(ErrorCode::MatchFailed, "bad_secret: no")));
    assert_eq!(side.game.failure().map(|failure| failure.code), Some(ErrorCode::MatchFailed));
    let mut refused = Side::new(0.0, together(|_| ()));
    refused.server(FromServer::Matched(Box::new(matched(0))));
    refused.made();
    refused.told(Told::SocketRefused { code: 4004, text: "bad ticket" });
    assert!(matches!(refused.client()[..], [MatchTold::Failed(_), MatchTold::Leave(Reason::ValidationFailed)]));
}

#[test]
fn who_would_begin_otherwise_than_another_does_not_play_and_says_why() {
    let mut side = side();
    side.server(FromServer::Matched(Box::new(matched(0))));
    side.made();
    side.socket_opens();
    side.server(FromServer::Validate { attempt: 1, relay: false });
    side.told(Told::Desync { seat: 1, frame: 0, mine: 1, theirs: 2 });
    let [.., MatchTold::Failed(message), MatchTold::Leave(Reason::ValidationFailed)] = &side.client()[..] else {
        panic!("{:?}", side.client())
    };
    assert!(message.contains("begins otherwise at agent 1"), "{message}");
    let failure = side.game.failure().unwrap();
    assert_eq!((failure.code, &failure.message), (ErrorCode::MatchFailed, message));
    assert!(side.record().contains(r#""event":"desync","seat":1,"frame":0"#));
    // In a match that is played the server puts it right, also for who comes back.
    let mut back = self::side();
    back.server(FromServer::Matched(Box::new(Matched { incarnation: 2, ..matched(0) })));
    back.made();
    for mut side in [playing(), back] {
        side.told(Told::Desync { seat: 1, frame: 3, mine: 1, theirs: 2 });
        assert!(side.game.state().is_live());
    }
}

#[test]
fn who_comes_back_plays_on_and_records_from_the_next_episode() {
    let mut side = side();
    side.server(FromServer::Matched(Box::new(Matched { incarnation: 2, ..matched(0) })));
    side.made();
    side.socket_opens();
    side.server(FromServer::Start { in_ms: 0.0, input_delay: 2 });
    // What was played without this browser.
    let kwargs = palaestra_env::Kwargs::new();
    side.env.reset(Some(SEED), &kwargs).unwrap();
    (side.episode, side.frame) = (1, 500);
    side.told(Told::Joined { episode: 0, frame: 500 });
    assert_eq!((side.game.state(), side.game.frame(), side.game.episode()), (State::Playing, 500, 1));
    side.shown(1, 1);
    while !side.steps([2, 3]) {}
    side.begins();
    assert_eq!(side.game.episode(), 2);
    let before = side.frame;
    while !side.steps([4, 5]) {}
    assert_eq!(side.game.metrics().row(501).map(|row| row[Station::Confirmed as usize]), Some(side.now));
    let steps = side.frame - before;
    side.completes();
    assert_eq!(side.game.resumed(), Some(500));
    let report = verify(side.record().as_bytes(), toy::make, Limits::default()).unwrap();
    assert_eq!((report.steps, report.episodes), (u64::from(steps), 1));
}

#[test]
fn who_comes_back_where_an_episode_begins_records_that_one() {
    // Also where it is the match's first.
    for frame in [500, 0] {
        let mut side = side();
        side.server(FromServer::Matched(Box::new(Matched { incarnation: 2, ..matched(0) })));
        side.made();
        side.socket_opens();
        side.server(FromServer::Start { in_ms: 0.0, input_delay: 2 });
        (side.episode, side.frame) = (u32::from(frame > 0), frame);
        let (before, number) = (side.frame, side.episode);
        side.told(Told::Joined { episode: number, frame });
        side.begins();
        assert_eq!((side.game.failure(), side.game.state()), (None, State::Playing));
        assert_eq!((side.game.frame(), side.game.episode()), (frame, u64::from(number) + 1));
        side.shown(1, 1);
        while !side.steps([2, 3]) {}
        let first = side.frame - before;
        side.begins();
        assert_eq!(side.game.episode(), u64::from(number) + 2);
        while !side.steps([4, 5]) {}
        let steps = side.frame - before;
        side.completes();
        assert_eq!(side.game.resumed(), Some(frame));
        let report = verify(side.record().as_bytes(), toy::make, Limits::default()).unwrap();
        assert!(first > 0 && first < steps);
        assert_eq!((report.steps, report.episodes), (u64::from(steps), 2));
    }
}

#[test]
fn an_episode_of_who_comes_back_begins_once() {
    let mut side = side();
    side.server(FromServer::Matched(Box::new(Matched { incarnation: 2, ..matched(0) })));
    side.made();
    side.socket_opens();
    side.server(FromServer::Start { in_ms: 0.0, input_delay: 2 });
    (side.episode, side.frame) = (1, 500);
    side.told(Told::Joined { episode: 1, frame: 500 });
    side.begins();
    side.begins();
    assert_eq!(side.game.failure().map(|failure| failure.code), Some(ErrorCode::BadMessage));
}

#[test]
fn steps_and_episodes_out_of_order_are_errors_and_no_panic() {
    let strange: [fn(&mut Side); 4] = [
        |side| side.frame += 1,
        |side| {
            side.begins();
        },
        |side| {
            let times =
                StepTimes { pressed: 0.0, queued: 0.0, called: 0.0, received: 0.0, due: 0.0, began: 0.0, ended: 0.0 };
            let shown = Shown { frame: u32::MAX, predicted: 0, times, scene: &[] };
            side.handle(Event::Worker(together::Event::Shown(shown)));
        },
        |side| side.handle(Event::Failed(Failure::new(ErrorCode::Panicked, "gone"))),
    ];
    for act in strange {
        let mut side = playing();
        act(&mut side);
        if side.game.state().is_live() {
            let _ = side.steps([0, 0]);
        }
        assert_eq!((side.game.reason(), side.game.state()), (Some(Reason::Error), State::Disposed));
        assert!(side.timers().is_empty());
    }
    // A game alone is told nothing of a match.
    let mut out = Vec::new();
    let mut alone = palaestra_play::Game::new(0.0, crate::plan::options(2, 25.0), false, &mut out);
    alone.handle(1.0, Event::Match(FromServer::Ended(Reason::Complete)), &mut out);
    assert_eq!(alone.state(), State::Validating);
    alone.handle(2.0, Event::Worker(together::Event::Vitals(vitals())), &mut out);
    assert_eq!(alone.failure().map(|failure| failure.code), Some(ErrorCode::BadMessage));
}

#[test]
fn whatever_comes_in_whatever_order_it_ends_once_with_its_record_and_no_timer() {
    let mut reasons = std::collections::BTreeMap::new();
    for seed in 0..3_000 {
        let mut rng = SeededRng::new(seed);
        let focus = [None, Some(500.0)][rng.choice(2)];
        let mut side = Side::new(1000.0, together(|options| options.focus_timeout = focus));
        for _ in 0..60 {
            side.now += rng.uniform(0.0, 400.0);
            act(&mut side, &mut rng);
            if !side.game.state().is_live() {
                break;
            }
        }
        side.handle(Event::Dispose(Reason::Closed));
        assert_eq!(side.game.state(), State::Disposed, "seed {seed}");
        assert!(side.timers().is_empty(), "seed {seed}: {:?}", side.timers());
        assert!(!side.asked().contains(&Operation::Grant));
        let count = |wanted: &Output| side.out.iter().filter(|output| *output == wanted).count();
        assert_eq!((count(&Output::Finished), count(&Output::Release), count(&Output::CloseWorker)), (1, 1, 1));
        assert!(count(&Output::OpenWorker) <= 1);
        assert_eq!(count(&Output::StartLoop), count(&Output::StopLoop));
        verify(side.record().as_bytes(), toy::make, Limits::default())
            .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        *reasons.entry(side.game.reason().unwrap() as u8).or_insert(0) += 1;
        let asked = side.out.len();
        (0..40).for_each(|_| act(&mut side, &mut rng));
        let more: Vec<_> = side.out[asked..].to_vec();
        assert!(more.is_empty(), "seed {seed}: after the end {more:?}");
    }
    assert!(reasons.len() >= 5 && reasons.values().all(|count| *count > 5), "{reasons:?}");
}

/// Something happens: mostly what comes next, sometimes anything.
fn act(side: &mut Side, rng: &mut SeededRng) {
    let live = side.game.state() == State::Playing;
    match rng.choice(30) {
        0 => side.server(FromServer::Matched(Box::new(matched(rng.choice(3) as u8)))),
        1 | 2 => side.server(FromServer::Matched(Box::new(matched(0)))),
        3..=5 => side.made(),
        6 | 7 => side.socket_opens(),
        8 => side.server(FromServer::Start { in_ms: 10.0, input_delay: 2 }),
        9 => side.server(FromServer::Requeued),
        10 => side.server(FromServer::Ended(Reason::ALL[rng.choice(Reason::ALL.len())])),
        11 => side.told(Told::Ended { reason: EndReason::ALL[rng.choice(EndReason::ALL.len())], frames: side.frame }),
        12 => side.told(Told::Released),
        13 => side.handle(Event::Hidden(rng.choice(2) == 0)),
        14 => side.handle(Event::FocusLost),
        15 => side.handle(Event::FocusFound),
        16 => side.handle(Event::Rang(Timer::ALL[rng.choice(Timer::ALL.len())])),
        17 => side.told(Told::Stalled { by: rng.choice(3) as u8 }),
        18 => side.told(Told::SocketLost { code: 1006, retry_ms: 9, text: "x" }),
        19 if rng.choice(5) == 0 => side.told(Told::SocketRefused { code: 4004, text: "x" }),
        20 => side.shown(rng.choice(4) as u32, 1),
        21 => side.server(FromServer::Pronounced { seat: 1, frames: 3 }),
        22 => side.handle(Event::AnimationFrame),
        23 => side.handle(Event::Painted),
        // Only what a Worker would say: anything else is an error, which the others would never come to.
        24 if !live && side.game.state() == State::Validating && side.episode == 0 => side.begins(),
        _ if live && side.episode > 0 && side.game.frame() == side.frame => {
            if side.env.outcome().over() && side.env.elapsed() > 0 {
                side.begins();
            } else {
                let _ = side.steps([1, 2]);
            }
        }
        _ => {}
    }
}
