//! Single rules of a game, each in a small one.
use palaestra_play::game::Timer;
use palaestra_protocol::{InputMode, SeatSetup, Station};
use palaestra_record::{Entry, Record};
use palaestra_session::{Reason, State};

use crate::endings::{ended, playing, short_episodes, toy_setting, toy_world};
use crate::entries::each;
use crate::plan::person;
use crate::setting::{Act, Load, Setting};
use crate::world::World;

fn close(world: &mut World) {
    world.act(Act::Dispose(Reason::Closed));
    ended(world, 1000.0, Reason::Closed);
}

#[test]
fn nothing_disturbs_a_game_and_it_keeps_its_pace() {
    for fps in [5.0, 30.0, 60.0, 240.0] {
        let mut world = playing(toy_setting(|options| options.fps = fps));
        world.run(10_000.0);
        let (steps, expected) = (f64::from(world.page.game.frame()), fps * 10.0);
        assert!((steps - expected).abs() <= 2.0, "{steps} steps at {fps}, expected {expected}");
        let due: Vec<f64> = world.worker.steps().map(|step| step.times.due).collect();
        assert!(due.windows(2).all(|pair| (pair[1] - pair[0] - 1000.0 / fps).abs() < 1e-6));
        assert_eq!(world.page.game.slowed(), 0.0);
        close(&mut world);
    }
}

#[test]
fn a_page_that_stalls_or_is_hidden_stops_its_game_within_a_fifth_of_a_second() {
    for act in [Act::StallPage(5_000.0), Act::Hide] {
        let mut world = playing(toy_setting(|_| ()));
        world.run(1000.0);
        let before = world.now;
        world.plan(0.0, act.clone());
        world.run(4_000.0);
        let last = world.worker.steps().last().unwrap().times.began + world.setting.offset;
        assert!(last <= before + 200.0, "{act:?}: played until {} ms later", last - before);
        let steps = world.worker.steps().count();
        world.run(1_100.0);
        world.act(Act::Reveal);
        world.run(500.0);
        let more = world.worker.steps().count() - steps;
        assert!((20..=32).contains(&more), "{more} steps: it goes on, and makes up for nothing");
        let slowed = world.page.game.slowed();
        assert!(if act == Act::Hide { slowed == 0.0 } else { (4_700.0..5_000.0).contains(&slowed) }, "{slowed}");
        close(&mut world);
    }
}

#[test]
fn a_machine_that_sleeps_plays_no_tick_for_it() {
    let mut world = playing(toy_setting(|_| ()));
    world.run(1000.0);
    let steps = world.worker.steps().count();
    world.plan(0.0, Act::StallPage(3_600_000.0));
    world.plan(0.0, Act::StallWorker(3_600_000.0));
    world.run(3_599_999.0);
    world.run(501.0);
    let more = world.worker.steps().count() - steps;
    assert!((15..=27).contains(&more), "{more} steps in half a second");
    close(&mut world);
}

#[test]
fn a_worker_that_is_a_little_late_makes_up_for_it() {
    let mut world = playing(toy_setting(|_| ()));
    world.run(1000.0);
    let steps = world.worker.steps().count();
    world.plan(0.0, Act::StallWorker(90.0));
    world.run(1000.0);
    let more = world.worker.steps().count() - steps;
    assert!((49..=51).contains(&more), "{more} steps in a second");
    assert_eq!(world.page.game.slowed(), 0.0);
    close(&mut world);
}

#[test]
fn pausing_and_going_on_as_often_as_one_likes_makes_no_tick_come_sooner() {
    let mut world = playing(toy_setting(|options| options.fps = 10.0));
    let steps = world.page.game.frame();
    for at in 0..400 {
        let at = f64::from(at) * 5.0;
        let act = [Act::Pause, Act::Hide, Act::FocusLost][at as usize % 3].clone();
        let back = [Act::Resume, Act::Reveal, Act::FocusFound][at as usize % 3].clone();
        world.plan(at, act);
        world.plan(at + 1.0, back);
    }
    world.run(2000.0);
    let more = world.page.game.frame() - steps;
    assert!((10..=21).contains(&more), "{more} steps in two seconds of ten a second");
    close(&mut world);
}

#[test]
fn a_page_that_pauses_while_an_episode_begins_plays_nothing_of_it() {
    let mut world = toy_world(toy_setting(|_| ()));
    world.act(Act::Pause);
    world.run(1000.0);
    assert_eq!((world.page.game.state(), world.worker.steps().count()), (State::Playing, 0));
    world.act(Act::Resume);
    world.run(100.0);
    assert!(world.page.game.frame() > 0);
    close(&mut world);

    let mut world = playing(toy_setting(short_episodes));
    let asked = |world: &World| world.page.game.recorder().scores().len() == 1;
    assert!(world.run_until(3000.0, asked));
    world.act(Act::Pause);
    let steps = world.page.game.frame();
    world.run(1000.0);
    assert_eq!((world.page.game.frame(), world.page.game.recorder().totals().episodes), (steps, 2));
    world.act(Act::Resume);
    world.run(300.0);
    assert!(world.page.game.frame() > steps);
    close(&mut world);
}

#[test]
fn an_episode_is_seen_to_its_last_picture_before_the_next_begins() {
    let mut world = playing(toy_setting(short_episodes));
    assert!(world.run_until(20_000.0, |world| world.page.game.recorder().totals().episodes >= 8));
    let (metrics, steps) = (world.page.game.metrics(), &world.page.steps);
    let last_ones = steps.windows(2).filter(|pair| pair[1].episode > pair[0].episode).map(|pair| &pair[0]);
    let painted = last_ones.map(|step| metrics.row(step.frame as usize).unwrap()[Station::Paint as usize]);
    let painted: Vec<f64> = painted.collect();
    assert!(painted.len() >= 6 && painted.iter().all(|at| at.is_finite()), "{painted:?}");
    close(&mut world);
}

#[test]
fn a_page_that_cannot_draw_goes_on_to_the_next_episode_all_the_same() {
    let mut world = playing(toy_setting(short_episodes));
    world.page.blind = true;
    assert!(world.run_until(20_000.0, |world| world.page.game.recorder().totals().episodes >= 4));
    close(&mut world);
}

#[test]
fn a_tab_that_was_never_seen_is_waited_for() {
    let setting = Setting { hidden: true, ..toy_setting(|options| options.focus_timeout = Some(100.0)) };
    let mut world = playing(setting);
    world.run(60_000.0);
    assert_eq!((world.page.game.state(), world.page.game.frame()), (State::Playing, 0));
    world.act(Act::Reveal);
    world.run(1000.0);
    assert!(world.page.game.frame() > 40 && world.page.game.state() == State::Playing);
    world.act(Act::FocusLost);
    ended(&mut world, 1000.0, Reason::FocusLost);
}

#[test]
fn a_tab_that_is_hidden_while_it_loads_is_away_from_the_first_moment_of_play() {
    let setting = toy_setting(|options| options.focus_timeout = Some(1500.0));
    let mut world = toy_world(Setting { load: Load::After(3_000.0), ..setting });
    world.run(100.0);
    world.act(Act::Hide);
    world.run(3_100.0);
    assert_eq!((world.page.game.state(), world.page.game.frame()), (State::Playing, 0));
    assert!(world.page.timer(Timer::Focus) && !world.page.timer(Timer::Grant));
    ended(&mut world, 3_000.0, Reason::FocusLost);
}

#[test]
fn a_window_that_loses_the_keyboard_while_it_loads_is_away_from_the_first_moment_of_play() {
    let setting = toy_setting(|options| options.focus_timeout = Some(1500.0));
    let mut world = toy_world(Setting { load: Load::After(3_000.0), ..setting.clone() });
    world.run(100.0);
    world.act(Act::FocusLost);
    world.run(3_100.0);
    assert_eq!(world.page.game.state(), State::Playing);
    assert!(world.page.timer(Timer::Focus) && world.page.game.frame() > 0, "it is played: it can be seen");
    ended(&mut world, 3_000.0, Reason::FocusLost);

    let mut world = toy_world(Setting { load: Load::After(3_000.0), ..setting });
    world.act(Act::FocusLost);
    world.run(1_000.0);
    world.act(Act::FocusFound);
    world.run(6_000.0);
    assert_eq!((world.page.game.state(), world.page.timer(Timer::Focus)), (State::Playing, false));
    close(&mut world);
}

#[test]
fn a_window_that_can_be_seen_without_the_keyboard_is_still_without_it() {
    let mut world = playing(toy_setting(|options| options.focus_timeout = Some(2_000.0)));
    world.act(Act::FocusLost);
    world.run(500.0);
    world.act(Act::Hide);
    world.run(500.0);
    world.act(Act::Reveal);
    world.run(500.0);
    assert!(world.page.game.frame() > 20, "it is played while it can be seen");
    ended(&mut world, 1_000.0, Reason::FocusLost);
}

#[test]
fn an_end_between_a_reset_and_its_answer_records_no_episode() {
    let mut world = toy_world(Setting { latency: [50.0, 50.0], ..toy_setting(|_| ()) });
    assert!(world.run_until(500.0, |world| world.page.game.spec().is_some()));
    world.run(60.0);
    world.act(Act::Dispose(Reason::Closed));
    let report = ended(&mut world, 1000.0, Reason::Closed);
    assert_eq!(world.worker.told.len(), 1, "the episode has begun, and nobody wants it any more");
    assert_eq!((report.episodes, report.steps, world.page.game.started()), (0, 0, false));
}

#[test]
fn a_game_that_waits_for_keys_plays_a_step_for_each() {
    let mut setting = toy_setting(|_| ());
    setting.seats[0] = person(InputMode::SingleKeystroke, true, false);
    let mut world = playing(setting);
    world.run(2000.0);
    assert_eq!(world.page.game.frame(), 0);
    for (count, key) in ["KeyA", "KeyD", "KeyB"].into_iter().enumerate() {
        world.act(Act::KeyDown(key.into()));
        world.act(Act::KeyUp(key.into()));
        world.run(700.0);
        assert_eq!(world.page.game.frame() as usize, count + 1);
    }
    assert_eq!(world.page.game.slowed(), 0.0, "to wait for a key is not slow");
    close(&mut world);
}

#[test]
fn random_seats_of_one_game_draw_from_generators_of_their_own() {
    let mut setting = toy_setting(|_| ());
    setting.seats = vec![SeatSetup::Random; 2];
    let mut world = playing(setting);
    world.run(2000.0);
    let alike = world.worker.steps().filter(|step| step.actions[..8] == step.actions[8..]).count();
    assert!(alike * 3 < world.worker.steps().count(), "{alike} steps in which both did the same");
    close(&mut world);
}

#[test]
fn rows_in_the_record_have_the_picture_of_every_step_but_the_last() {
    // Slow enough for a picture between two steps; a step that is overtaken by the next one is recorded without.
    let mut world = playing(toy_setting(|options| (options.fps, options.max_steps) = (20.0, Some(30))));
    ended(&mut world, 3000.0, Reason::Complete);
    let record = Record::from_chunks(world.page.chunks.clone()).unwrap();
    let mut painted = Vec::new();
    let each = each(&record, |entry| {
        if let Entry::Step { metrics, .. } = entry {
            painted.push(metrics.iter().nth(2 + Station::Paint as usize).unwrap().is_finite());
        }
    });
    each.unwrap();
    assert_eq!(painted[..29], [true; 29]);
    assert!(!painted[29], "the last step is recorded at the end, which does not wait for a picture");
    assert!(world.page.measured.len() >= 29);
}
