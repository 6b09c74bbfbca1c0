//! Input that is no key, and games that wait for one before they begin.
use palaestra_env::Value;
use palaestra_play::game::{Event, Output, Start};
use palaestra_protocol::{Act as Acted, ErrorCode, InputMode, Operation, SeatSetup};
use palaestra_record::{Entry, Record, verify};
use palaestra_session::{Reason, State};

use crate::endings::{ended, playing, short_episodes, toy_setting, toy_world};
use crate::entries::each;
use crate::people::bytes;
use crate::plan::{CODES, person};
use crate::setting::{Act, Setting};
use crate::side::{Side, together};
use crate::toy;
use crate::world::World;

/// What the toy's people do at rest.
const IDLE: [u8; 2] = [0, 6];

/// The actions of an agent, step after step.
fn actions(world: &World, agent: usize) -> Vec<u8> {
    world.worker.steps().map(|step| step.actions[8 * agent]).collect()
}

#[test]
fn an_action_without_a_key_is_the_next_ticks_and_no_other() {
    for (mode, expected) in [(InputMode::PressedKeys, vec![3]), (InputMode::SingleKeystroke, vec![7, 3])] {
        let mut setting = toy_setting(|_| ());
        setting.seats[0] = person(mode, false, false);
        let mut world = playing(setting);
        world.run(100.0);
        let before = actions(&world, 0).len();
        // Between two ticks, which come every 20 ms.
        world.act(Act::Choose("left", 7));
        world.act(Act::Choose("left", 3));
        world.run(200.0);
        let chosen: Vec<u8> =
            actions(&world, 0).split_off(before).into_iter().filter(|action| !IDLE.contains(action)).collect();
        assert_eq!(chosen, expected, "{mode:?}");
        world.act(Act::Dispose(Reason::Closed));
        ended(&mut world, 1000.0, Reason::Closed);
    }
}

#[test]
fn its_time_stands_in_the_record_as_a_keys_does() {
    let mut world = playing(toy_setting(|_| ()));
    world.run(100.0);
    let at = world.now;
    world.act(Act::Choose("left", 7));
    world.run(200.0);
    world.act(Act::Dispose(Reason::Closed));
    ended(&mut world, 1000.0, Reason::Closed);
    let record = Record::from_chunks(world.page.chunks.clone()).unwrap();
    let mut keys = Vec::new();
    each(&record, |entry| {
        if let Entry::Step { metrics, actions, .. } = entry {
            let time = metrics.iter().nth(1).filter(|time| !time.is_nan());
            keys.extend(time.map(|time| (actions[0], time)));
        }
    })
    .unwrap();
    assert!(matches!(keys[..], [(7, time)] if (time - at).abs() < 1.0), "{keys:?}, chosen at {at}");
}

#[test]
fn a_game_that_waits_for_keys_goes_on_by_an_action() {
    let mut setting = toy_setting(|_| ());
    setting.seats[0] = person(InputMode::SingleKeystroke, true, false);
    let mut world = playing(setting);
    world.run(1000.0);
    assert_eq!(world.page.game.frame(), 0);
    world.act(Act::Choose("left", 5));
    world.run(500.0);
    assert_eq!((world.page.game.frame(), actions(&world, 0)), (1, vec![5]));
    assert_eq!(world.page.game.slowed(), 0.0);
    world.act(Act::Dispose(Reason::Closed));
    ended(&mut world, 1000.0, Reason::Closed);
}

/// Whoever chooses at each step would choose no more.
#[test]
fn an_action_that_was_chosen_before_a_pause_is_played_behind_it() {
    let mut setting = toy_setting(|_| ());
    setting.seats[0] = person(InputMode::SingleKeystroke, true, false);
    let mut world = playing(setting);
    world.run(1000.0);
    strike(&mut world);
    world.act(Act::Choose("left", 5));
    world.act(Act::Pause);
    world.run(1000.0);
    assert_eq!(world.page.game.frame(), 0);
    world.act(Act::Resume);
    world.run(500.0);
    assert_eq!((world.page.game.frame(), actions(&world, 0)), (1, vec![5]));
    world.act(Act::Dispose(Reason::Closed));
    ended(&mut world, 1000.0, Reason::Closed);
}

/// A key of the first seat goes down and up again.
fn strike(world: &mut World) {
    world.act(Act::KeyDown(CODES[0].to_owned()));
    world.act(Act::KeyUp(CODES[0].to_owned()));
}

#[test]
fn keys_that_are_struck_while_nothing_is_played_are_no_actions_when_it_goes_on() {
    let mut setting = toy_setting(|_| ());
    setting.seats[0] = person(InputMode::SingleKeystroke, true, false);
    let mut world = playing(setting);
    world.run(100.0);
    world.act(Act::Pause);
    (0..5).for_each(|_| strike(&mut world));
    world.run(300.0);
    world.act(Act::Resume);
    world.run(500.0);
    assert_eq!(world.page.game.frame(), 0);
    strike(&mut world);
    world.run(500.0);
    assert_eq!(world.page.game.frame(), 1);
    world.act(Act::Dispose(Reason::Closed));
    ended(&mut world, 1000.0, Reason::Closed);
}

#[test]
fn keys_that_were_struck_before_a_pause_and_not_played_are_no_actions_behind_it() {
    for mode in [InputMode::SingleKeystroke, InputMode::PressedKeys] {
        let mut setting = toy_setting(|options| options.fps = 10.0);
        setting.seats[0] = person(mode, true, false);
        let mut world = playing(setting);
        (0..4).for_each(|_| strike(&mut world));
        assert!(world.run_until(500.0, |world| world.page.game.frame() == 1), "{mode:?}");
        strike(&mut world);
        world.act(Act::Pause);
        world.run(5000.0);
        world.act(Act::Resume);
        world.run(500.0);
        assert_eq!(world.page.game.frame(), 1, "{mode:?}");
        strike(&mut world);
        world.run(500.0);
        assert_eq!(world.page.game.frame(), 2, "{mode:?}");
        world.act(Act::Dispose(Reason::Closed));
        ended(&mut world, 1000.0, Reason::Closed);
    }
}

#[test]
fn keys_that_are_struck_behind_an_episodes_end_are_no_actions_of_the_next() {
    let mut setting = toy_setting(short_episodes);
    setting.seats[0] = person(InputMode::SingleKeystroke, true, false);
    let mut world = playing(setting);
    let ended_once = |world: &World| world.page.game.recorder().scores().len() == 1;
    // More than it takes.
    (0..60).for_each(|_| strike(&mut world));
    assert!(world.run_until(10_000.0, ended_once));
    let frame = world.page.game.frame();
    (0..3).for_each(|_| strike(&mut world));
    assert!(world.run_until(5_000.0, |world| world.page.game.recorder().totals().episodes == 2));
    world.run(500.0);
    assert_eq!(world.page.game.frame(), frame);
    strike(&mut world);
    world.run(500.0);
    assert_eq!(world.page.game.frame(), frame + 1);
    world.act(Act::Dispose(Reason::Closed));
    ended(&mut world, 1000.0, Reason::Closed);
}

#[test]
fn a_key_of_which_it_may_not_be_heard_that_it_came_up_is_let_go_of() {
    let mut setting = toy_setting(|_| ());
    setting.seats[0] = person(InputMode::PressedKeys, false, false);
    let mut world = playing(setting);
    world.act(Act::KeyDown(CODES[0].to_owned()));
    world.run(100.0);
    assert_eq!(actions(&world, 0).last(), Some(&1));
    world.act(Act::KeysLost);
    world.run(100.0);
    assert!(actions(&world, 0).last().is_some_and(|action| IDLE.contains(action)));
    world.act(Act::Dispose(Reason::Closed));
    ended(&mut world, 1000.0, Reason::Closed);
}

#[test]
fn only_for_a_person_and_only_while_it_is_played() {
    let world = toy_world(toy_setting(|_| ()));
    let failure = world.page.game.can_act("left").unwrap_err();
    assert_eq!(failure.code, ErrorCode::OutOfOrder, "{}", failure.message);
    let mut world = playing(toy_setting(|_| ()));
    assert_eq!(world.page.game.can_act("left"), Ok(0));
    for stranger in ["right", "agent_0", ""] {
        let failure = world.page.game.can_act(stranger).unwrap_err();
        assert_eq!(
            failure.message,
            format!("act: expected an agent that a person plays at this browser, found `{stranger}`")
        );
        assert_eq!(failure.code, ErrorCode::BadArgument);
    }
    world.act(Act::Dispose(Reason::Closed));
    assert_eq!(world.page.game.can_act("left").unwrap_err().code, ErrorCode::OutOfOrder);
    ended(&mut world, 1000.0, Reason::Closed);
    let mut setting = toy_setting(|_| ());
    setting.seats = vec![SeatSetup::Random; 2];
    let world = playing(setting);
    assert_eq!(world.page.game.can_act("left").unwrap_err().code, ErrorCode::BadArgument);
}

#[test]
fn in_a_match_only_for_ones_own_seat() {
    for own in [0, 1] {
        let mut side = Side::new(0.0, together(|_| ()));
        side.play(own);
        let (me, other) = if own == 0 { ("left", "right") } else { ("right", "left") };
        assert_eq!(side.game.can_act(me), Ok(own.into()));
        assert_eq!(side.game.can_act(other).unwrap_err().code, ErrorCode::BadArgument);
        side.handle(Event::Act { agent: own.into(), action: &bytes(&Value::Discrete(4)), at: side.now });
        let sent = side.out.iter().find_map(|output| match output {
            Output::Request { operation: Operation::Act, payload, .. } => Some(Acted::read(payload).unwrap().agent),
            _ => None,
        });
        assert_eq!(sent, Some(own.into()));
    }
}

#[test]
fn a_game_can_begin_paused() {
    for start in [Start::Paused, Start::Key] {
        let mut world = playing(toy_setting(|options| options.start = start));
        world.run(1000.0);
        assert_eq!((world.page.game.frame(), world.page.game.paused()), (0, true));
        world.act(Act::Resume);
        world.run(500.0);
        assert!(world.page.game.frame() > 15 && !world.page.game.waits_for_key());
        world.act(Act::Dispose(Reason::Closed));
        ended(&mut world, 1000.0, Reason::Closed);
    }
}

#[test]
fn a_button_of_the_page_has_its_keys_while_the_page_has_the_game_stand_still() {
    let mut setting = toy_setting(|options| options.start = Start::Paused);
    setting.codes.push("Space".into());
    let mut world = playing(setting);
    world.run(300.0);
    let takes = |world: &World, key: &str, on_button| world.page.game.takes_key(key, on_button);
    assert!(!takes(&world, "Space", true) && takes(&world, "Space", false), "it presses the button");
    assert!(takes(&world, "KeyA", true) && takes(&world, "KeyA", false), "no other key presses one");
    world.act(Act::Resume);
    world.run(300.0);
    assert!(takes(&world, "Space", true), "whoever clicked a button plays on");
    world.act(Act::Dispose(Reason::Closed));
    ended(&mut world, 1000.0, Reason::Closed);
}

#[test]
fn a_key_lets_a_game_begin_and_is_no_action_of_it() {
    for (key, begins) in [("KeyA", true), ("Space", true), ("Enter", true), ("KeyZ", false)] {
        let mut world = playing(toy_setting(|options| options.start = Start::Key));
        world.run(300.0);
        assert_eq!(world.page.game.knows_key(key), begins);
        world.act(Act::KeyDown(key.into()));
        world.run(300.0);
        assert_eq!(world.page.game.frame() > 10, begins, "{key}");
        assert!(actions(&world, 0).iter().all(|action| IDLE.contains(action)), "{key}: the stroke is no action");
        if begins {
            assert!(!world.page.game.knows_key("Space"), "the page has its own use for it again");
            world.act(Act::KeyUp(key.into()));
            world.act(Act::KeyDown("KeyA".into()));
            world.run(100.0);
            assert!(actions(&world, 0).contains(&1), "the next one is");
        }
        world.act(Act::Dispose(Reason::Closed));
        ended(&mut world, 1000.0, Reason::Closed);
    }
}

#[test]
fn a_key_does_not_end_a_pause_of_the_pages() {
    let setting = Setting { hidden: true, ..toy_setting(|options| options.start = Start::Key) };
    let mut world = playing(setting);
    world.act(Act::KeyDown("Space".into()));
    world.run(300.0);
    assert_eq!((world.page.game.frame(), world.page.game.paused()), (0, true), "nobody sees it yet");
    world.act(Act::Reveal);
    world.run(300.0);
    assert!(world.page.game.frame() > 5);
    world.act(Act::Pause);
    world.act(Act::KeyDown("Space".into()));
    let frame = world.page.game.frame();
    world.run(300.0);
    assert!(world.page.game.frame() - frame <= 12 && world.page.game.paused());
    world.act(Act::Dispose(Reason::Closed));
    ended(&mut world, 1000.0, Reason::Closed);
}

#[test]
fn a_snapshot_has_all_that_was_played_so_far_and_disturbs_nothing() {
    let mut world = playing(toy_setting(|_| ()));
    world.run(1000.0);
    let (frame, game) = (world.page.game.frame(), &world.page.game);
    let mut snapshot = game.snapshot();
    let totals = snapshot.totals();
    assert_eq!(totals.steps, u64::from(frame), "the step whose picture is not painted yet is in it");
    let chunks = world.page.chunks.iter().cloned().chain(std::iter::from_fn(|| snapshot.take_sealed()));
    let record = Record::from_chunks(chunks.collect()).unwrap();
    let mut header = palaestra_record::Header::new(toy::ID, Default::default(), Some(7));
    header.rest.insert("unfinished".into(), true.into());
    let mut text = Vec::new();
    palaestra_record::write_jsonl(&header, world.spec(), &record, &game.numbers(), &mut text).unwrap();
    let report = verify(&text[..], toy::make, Default::default()).unwrap();
    assert_eq!((report.steps, report.unfinished), (u64::from(frame), true));
    world.run(500.0);
    assert_eq!(world.page.game.state(), State::Playing);
    world.act(Act::Dispose(Reason::Closed));
    ended(&mut world, 1000.0, Reason::Closed);
}
