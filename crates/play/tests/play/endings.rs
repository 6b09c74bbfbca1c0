//! Every way in which a game can end, from every state that has it: with its record whole, its Worker closed, its loop stopped
//! and no timer left.
use palaestra_env::{Kwargs, Value};
use palaestra_play::game::{Options, Timer};
use palaestra_protocol::{ErrorCode, InputMode, SeatSetup};
use palaestra_record::Report;
use palaestra_session::{DisposalOutcome, Reason, State};

use crate::aftermath;
use crate::page::Callback;
use crate::people::bytes;
use crate::plan::{CODES, longer_episodes, options, person, setting};
use crate::setting::{Act, Load, Setting};
use crate::sleeping::recorded;
use crate::toy;
use crate::world::World;

/// A game of the toy whose episodes are long, with somebody at the keyboard.
pub(crate) fn toy_setting(change: impl FnOnce(&mut Options)) -> Setting {
    let mut options = longer_episodes(options(2, 50.0), 100_000);
    change(&mut options);
    let seats = vec![person(InputMode::SingleKeystroke, false, false), SeatSetup::Random];
    setting(options, seats, CODES.map(str::to_owned).to_vec())
}

/// Short episodes instead.
pub(crate) fn short_episodes(options: &mut Options) {
    options.reset_options = Vec::new();
    options.reset_options_text = String::new();
}

pub(crate) fn toy_world(setting: Setting) -> World {
    World::new(setting, toy::make(toy::ID, &Kwargs::new()).unwrap())
}

pub(crate) fn playing(setting: Setting) -> World {
    let mut world = toy_world(setting);
    assert!(world.run_until(500.0, |world| world.page.game.state() == State::Playing), "it is loaded and played");
    world
}

/// Waits for the end, and checks it.
pub(crate) fn ended(world: &mut World, within: f64, reason: Reason) -> Report {
    assert!(world.run_until(within, |world| world.page.finished), "it ends: {:?}", world.page.game.state());
    world.run(500.0);
    assert_eq!(world.page.game.reason(), Some(reason), "{:?}", world.page.game.failure());
    aftermath::check(world)
}

fn failure(world: &World) -> Option<ErrorCode> {
    world.page.game.failure().map(|failure| failure.code)
}

#[test]
fn it_is_complete_after_its_steps() {
    for steps in [1, 2, 77] {
        let mut world = playing(toy_setting(|options| options.max_steps = Some(steps)));
        assert_eq!(ended(&mut world, 3000.0, Reason::Complete).steps, steps);
    }
}

#[test]
fn it_is_complete_after_its_episodes_the_last_of_which_is_seen_to_its_end() {
    for episode_pause in [0.0, 250.0] {
        let mut world = playing(toy_setting(|options| {
            short_episodes(options);
            (options.episodes, options.episode_pause) = (Some(4), episode_pause);
        }));
        let report = ended(&mut world, 10_000.0, Reason::Complete);
        assert_eq!((report.episodes, world.page.game.recorder().scores().len()), (4, 4));
    }
}

#[test]
fn it_is_focus_lost_when_somebody_is_away_for_too_long() {
    for act in [Act::FocusLost, Act::Hide] {
        let mut world = playing(toy_setting(|options| options.focus_timeout = Some(300.0)));
        world.run(200.0);
        world.act(act);
        world.run(200.0);
        assert_eq!(world.page.game.state(), State::Playing);
        // A hidden tab's timers ring once a second.
        ended(&mut world, 2500.0, Reason::FocusLost);
    }
}

#[test]
fn an_absence_that_lasts_to_the_end_is_in_the_record() {
    // The window is elsewhere while the game goes on to its last step.
    let mut world = playing(toy_setting(|options| options.max_steps = Some(60)));
    world.run(200.0);
    world.act(Act::FocusLost);
    ended(&mut world, 2500.0, Reason::Complete);
    let [away] = recorded(&world, "focus_lost")[..] else { panic!("{:?}", recorded(&world, "focus_lost")) };
    assert!((900.0..1200.0).contains(&away), "{away}");
    assert!(recorded(&world, "hidden").is_empty(), "it was never hidden");

    // Hidden for too long, or when the page ends it.
    for (limit, reason) in [(Some(300.0), Reason::FocusLost), (None, Reason::Closed)] {
        let mut world = playing(toy_setting(|options| options.focus_timeout = limit));
        world.run(200.0);
        world.act(Act::Hide);
        if limit.is_none() {
            world.run(400.0);
            world.act(Act::Dispose(Reason::Closed));
        }
        ended(&mut world, 2500.0, reason);
        for name in ["hidden", "focus_lost"] {
            let [ms] = recorded(&world, name)[..] else { panic!("{reason:?}, {name}: {:?}", recorded(&world, name)) };
            assert!((300.0..2000.0).contains(&ms), "{reason:?}, {name}: {ms}");
        }
    }

    // Whoever came back was away once.
    let mut world = playing(toy_setting(|_| ()));
    world.act(Act::FocusLost);
    world.run(100.0);
    world.act(Act::FocusFound);
    world.run(100.0);
    world.act(Act::Dispose(Reason::Closed));
    ended(&mut world, 1000.0, Reason::Closed);
    assert_eq!(recorded(&world, "focus_lost").len(), 1);
}

#[test]
fn it_is_focus_lost_when_the_timer_comes_later_than_the_participant() {
    let mut world = playing(toy_setting(|options| options.focus_timeout = Some(300.0)));
    world.run(200.0);
    world.act(Act::Hide);
    let played = world.page.game.frame();
    world.plan(1.0, Act::StallPage(700.0));
    world.plan(2.0, Act::Reveal);
    world.run(650.0);
    assert!(world.page.game.state() == State::Playing);
    let report = ended(&mut world, 2000.0, Reason::FocusLost);
    // What was on its way when the tab was hidden is recorded; nothing is granted to somebody for whom it is over.
    assert!(report.steps <= u64::from(played) + 1, "{report:?} after {played}");
}

#[test]
fn it_is_an_error_when_the_worker_is_lost_refuses_or_talks_nonsense() {
    let cases: [(Act, ErrorCode); 3] = [
        (Act::KillWorker, ErrorCode::DeadlineExceeded),
        (Act::Refuse, ErrorCode::WorkerFailed),
        (Act::Garbage(vec![2, 9, 9]), ErrorCode::BadMessage),
    ];
    for (act, code) in cases {
        let mut world = playing(toy_setting(|options| options.step_timeout = 400.0));
        world.run(200.0);
        world.act(act);
        assert!(ended(&mut world, 1500.0, Reason::Error).steps > 5);
        assert_eq!(failure(&world), Some(code));
    }
}

#[test]
fn it_is_an_error_when_a_step_comes_twice_or_another_is_missing() {
    let mut world = playing(toy_setting(|_| ()));
    let of_a_step = |world: &World| world.last_is_step();
    assert!(world.run_until(500.0, of_a_step));
    world.act(Act::Repeat);
    ended(&mut world, 1000.0, Reason::Error);
    assert_eq!(failure(&world), Some(ErrorCode::BadMessage));

    let mut world = playing(toy_setting(|_| ()));
    world.run(200.0);
    world.lose_next_step();
    ended(&mut world, 1000.0, Reason::Error);
    assert_eq!(failure(&world), Some(ErrorCode::BadMessage));
    assert!(world.page.game.failure().unwrap().message.starts_with("expected step "));
}

#[test]
fn it_is_an_error_when_a_seat_does_not_fit_or_the_worker_never_answers() {
    let mut setting = toy_setting(|_| ());
    setting.seats[1] = SeatSetup::Fixed(bytes(&Value::Discrete(99)));
    ended(&mut toy_world(setting), 500.0, Reason::Error);

    let mut setting = toy_setting(|_| ());
    setting.options.agents = 1;
    let mut world = toy_world(setting);
    assert!(world.run_until(1000.0, |world| world.page.finished));
    assert_eq!((world.page.game.reason(), failure(&world)), (Some(Reason::Error), Some(ErrorCode::BadArgument)));
}

#[test]
fn a_worker_that_may_think_for_ever_is_waited_for_until_somebody_ends_the_game() {
    let mut world = playing(toy_setting(|options| options.step_timeout = f64::INFINITY));
    world.run(300.0);
    world.act(Act::KillWorker);
    world.run(3_600_000.0);
    assert_eq!(world.page.game.state(), State::Playing);
    world.act(Act::Dispose(Reason::Closed));
    ended(&mut world, 1000.0, Reason::Closed);
}

#[test]
fn it_is_timeout_when_loading_takes_too_long_and_an_error_when_it_fails() {
    for load_timeout in [0.0, 300.0, 2000.0] {
        let setting = Setting { load: Load::Never, ..toy_setting(|options| options.load_timeout = load_timeout) };
        let mut world = toy_world(setting);
        world.run(load_timeout * 0.9);
        assert_eq!(world.page.game.state(), State::Validating);
        ended(&mut world, load_timeout + 1000.0, Reason::Timeout);
        assert_eq!(failure(&world), Some(ErrorCode::DeadlineExceeded));
    }
    let mut world = toy_world(Setting { load: Load::Fails, ..toy_setting(|_| ()) });
    ended(&mut world, 1000.0, Reason::Error);
    assert_eq!(failure(&world), Some(ErrorCode::LoadFailed));
}

#[test]
fn loading_that_slept_with_the_machine_is_not_late() {
    let setting = Setting { load: Load::After(1_000_100.0), ..toy_setting(|options| options.load_timeout = 1000.0) };
    let mut world = toy_world(setting);
    world.plan(100.0, Act::StallPage(1_000_000.0));
    world.run(1_000_300.0);
    assert_eq!(world.page.game.state(), State::Playing);
    world.act(Act::Dispose(Reason::Closed));
    ended(&mut world, 1000.0, Reason::Closed);
}

#[test]
fn the_page_can_end_it_in_every_state_and_for_every_reason() {
    for reason in Reason::ALL {
        for load in [Load::Never, Load::After(100.0), Load::After(1.0)] {
            for after in [0.0, 2.0, 300.0] {
                let mut world = toy_world(Setting { load, ..toy_setting(|_| ()) });
                world.run(after);
                let state = world.page.game.state();
                world.act(Act::Dispose(reason));
                world.act(Act::Dispose(Reason::Error));
                let expected = if state.rule().ends.contains(&reason) { reason } else { Reason::Closed };
                ended(&mut world, 1000.0, expected);
                assert_eq!(world.page.game.report().unwrap().outcome, DisposalOutcome::Graceful);
            }
        }
    }
}

#[test]
fn a_callback_can_end_it_at_any_transition_and_any_step() {
    // Four transitions up to the first step, eight steps, of which the last one is the end, and two transitions more.
    for told in 0..14 {
        for callback in [Callback::Dispose(Reason::Closed), Callback::Throw, Callback::PauseAndResume] {
            let setting = toy_setting(|options| options.max_steps = Some(8));
            let mut world = toy_world(Setting { callbacks: vec![(told, callback)], ..setting });
            let closed = matches!(callback, Callback::Dispose(_)) && told < 11;
            let reason = if closed { Reason::Closed } else { Reason::Complete };
            ended(&mut world, 3000.0, reason);
        }
    }
}

#[test]
fn an_end_leaves_no_timer_whichever_was_set() {
    let mut world = toy_world(Setting { load: Load::Never, ..toy_setting(|_| ()) });
    assert!(world.page.timer(Timer::Load));
    world.act(Act::Dispose(Reason::Closed));
    assert!(!world.page.timer(Timer::Load));
    let mut world = playing(toy_setting(|options| options.focus_timeout = Some(1e6)));
    world.act(Act::FocusLost);
    assert!(world.page.timer(Timer::Grant) && world.page.timer(Timer::Focus) && !world.page.timer(Timer::Load));
    world.act(Act::Dispose(Reason::Closed));
    assert!(Timer::ALL.iter().all(|timer| !world.page.timer(*timer)));
}
