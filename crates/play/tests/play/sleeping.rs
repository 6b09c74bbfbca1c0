//! A machine that sleeps for an hour, whatever its game was doing: no step is made for it, nobody is late, and the record says how long
//! it was. While it plays and while it loads: see `rules` and `endings`.
use palaestra_protocol::InputMode;
use palaestra_record::{Entry, Record};
use palaestra_session::{Reason, State};

use crate::endings::{ended, playing, short_episodes, toy_setting};
use crate::entries::each;
use crate::plan::person;
use crate::setting::Act;
use crate::world::World;

const HOUR: f64 = 3_600_000.0;

/// Page and Worker sleep; everything that was to happen meanwhile happens afterwards.
fn sleep(world: &mut World) {
    world.plan(0.0, Act::StallPage(HOUR));
    world.plan(0.0, Act::StallWorker(HOUR));
    world.run(HOUR + 1.0);
}

/// For how long the record says that something was so, in milliseconds.
pub(crate) fn recorded(world: &World, name: &str) -> Vec<f64> {
    let record = Record::from_chunks(world.page.chunks.clone()).unwrap();
    let mut found = Vec::new();
    let read = each(&record, |entry| {
        let Entry::Event(text) = entry else { return };
        let event: serde_json::Value = serde_json::from_str(text).unwrap();
        if event["event"] == name {
            found.extend(event["ms"].as_f64());
        }
    });
    read.unwrap();
    found
}

fn close(world: &mut World) {
    world.act(Act::Dispose(Reason::Closed));
    ended(world, 1000.0, Reason::Closed);
}

#[test]
fn a_hidden_tab_that_sleeps_was_away_for_as_long() {
    let mut world = playing(toy_setting(|options| options.focus_timeout = None));
    world.run(1000.0);
    world.act(Act::Hide);
    world.run(500.0);
    let steps = world.page.game.frame();
    sleep(&mut world);
    world.act(Act::Reveal);
    assert_eq!(world.page.game.frame(), steps);
    world.run(500.0);
    let more = world.page.game.frame() - steps;
    assert!((15..=27).contains(&more), "{more} steps in half a second");
    assert_eq!(world.page.game.slowed(), 0.0, "a game that is paused is not slow");
    close(&mut world);
    for name in ["hidden", "focus_lost"] {
        let [ms] = recorded(&world, name)[..] else { panic!("{name}: {:?}", recorded(&world, name)) };
        assert!((HOUR..HOUR + 1500.0).contains(&ms), "{name}: {ms}");
    }
}

#[test]
fn a_hidden_tab_that_sleeps_for_longer_than_anybody_may_be_away_ends_when_it_wakes() {
    let mut world = playing(toy_setting(|options| options.focus_timeout = Some(60_000.0)));
    world.run(1000.0);
    world.act(Act::Hide);
    world.run(500.0);
    let steps = u64::from(world.page.game.frame());
    sleep(&mut world);
    let report = ended(&mut world, 3000.0, Reason::FocusLost);
    assert_eq!(report.steps, steps);
}

#[test]
fn a_game_that_its_page_has_paused_sleeps_without_a_trace() {
    let mut world = playing(toy_setting(|_| ()));
    world.run(1000.0);
    world.act(Act::Pause);
    world.run(500.0);
    let steps = world.page.game.frame();
    sleep(&mut world);
    world.run(2000.0);
    assert_eq!((world.page.game.frame(), world.page.game.state()), (steps, State::Playing));
    world.act(Act::Resume);
    world.run(500.0);
    let more = world.page.game.frame() - steps;
    assert!((15..=27).contains(&more), "{more} steps in half a second");
    assert_eq!(world.page.game.slowed(), 0.0);
    close(&mut world);
}

#[test]
fn a_game_that_waits_for_a_key_plays_the_one_that_comes_after_the_sleep() {
    let mut setting = toy_setting(|_| ());
    setting.seats[0] = person(InputMode::SingleKeystroke, true, false);
    let mut world = playing(setting);
    world.run(1000.0);
    sleep(&mut world);
    world.run(1000.0);
    assert_eq!(world.page.game.frame(), 0);
    world.act(Act::KeyDown("KeyA".into()));
    world.act(Act::KeyUp("KeyA".into()));
    world.run(1000.0);
    assert_eq!((world.page.game.frame(), world.page.game.slowed()), (1, 0.0));
    close(&mut world);
}

#[test]
fn a_sleep_between_two_episodes_is_followed_by_the_next() {
    let mut world = playing(toy_setting(|options| {
        short_episodes(options);
        options.episode_pause = 500.0;
    }));
    assert!(world.run_until(5000.0, |world| world.page.game.recorder().scores().len() == 1));
    let steps = world.page.game.frame();
    sleep(&mut world);
    assert!(world.page.game.frame() <= steps + 1, "{} steps more", world.page.game.frame() - steps);
    assert!(world.run_until(2000.0, |world| world.page.game.frame() > steps + 3), "the next episode is played");
    assert_eq!(world.page.game.state(), State::Playing);
    close(&mut world);
}
