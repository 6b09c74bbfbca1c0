//! Every environment of every family, from the first message to the last line of its record.
use palaestra_env::catalog::Entry;
use palaestra_env::{Kwargs, SeededRng};
use palaestra_play::game::Options;
use palaestra_session::Reason;

use crate::aftermath;
use crate::people::{Who, seats};
use crate::plan::{options, setting};
use crate::setting::{Act, Setting};
use crate::toy;
use crate::world::World;

fn world_of(entry: &Entry, who: &[Who], change: impl FnOnce(&mut Options)) -> World {
    let env = toy::make(entry.id, &Kwargs::new()).unwrap();
    let (seats, codes) = seats(entry, env.spec(), who);
    let mut options = options(entry.agents, f64::from(entry.fps));
    change(&mut options);
    World::new(Setting { jitter: 3.0, ..setting(options, seats, codes) }, env)
}

/// Somebody plays on all keys there are, faster than the game ticks, until it is over.
fn play_keys(world: &mut World, seed: u64) {
    let mut rng = SeededRng::new(seed);
    let codes = world.setting.codes.clone();
    let interval = 1000.0 / world.setting.options.fps;
    for _ in 0..20_000 {
        if world.page.finished {
            return;
        }
        if !codes.is_empty() {
            let code = codes[rng.choice(codes.len())].clone();
            let act = if rng.random() < 0.6 { Act::KeyDown(code) } else { Act::KeyUp(code) };
            world.plan(rng.uniform(0.0, interval), act);
        }
        world.run(interval);
    }
    panic!("{}: still {:?} after {} steps", world.spec().id, world.page.game.state(), world.page.game.frame());
}

fn plays_steps(entry: &Entry, who: &[Who], steps: u64) {
    let mut world = world_of(entry, who, |options| options.max_steps = Some(steps));
    play_keys(&mut world, steps);
    let report = aftermath::check(&mut world);
    assert_eq!(world.page.game.reason(), Some(Reason::Complete), "{}: {:?}", entry.id, world.page.game.failure());
    assert_eq!(report.steps, steps, "{}, {who:?}", entry.id);
}

#[test]
fn every_environment_is_played_by_people_at_its_keys() {
    for entry in palaestra_envs::CATALOG.entries() {
        let people = entry.keys.len().min(entry.agents);
        (1..=people.min(2)).for_each(|people| plays_steps(entry, &vec![Who::Person; people], 40));
    }
}

#[test]
fn every_environment_is_played_at_random_and_by_one_action() {
    for entry in palaestra_envs::CATALOG.entries() {
        plays_steps(entry, &vec![Who::Random; entry.agents], 40);
        plays_steps(entry, &vec![Who::Fixed; entry.agents], 15);
    }
}

#[test]
fn games_of_every_family_end_after_their_episodes() {
    // The first of each family; all of them would take minutes.
    for entry in palaestra_envs::CATALOG.families().filter_map(|family| family.entries.first()) {
        let env = toy::make(entry.id, &Kwargs::new()).unwrap();
        let long = env.spec().max_episode_steps.is_none_or(|limit| limit > 1000);
        let mut world = world_of(entry, &vec![Who::Random; entry.agents], |options| {
            options.episodes = Some(if long { 1 } else { 2 });
            (options.fps, options.episode_pause) = (200.0, 50.0);
        });
        play_keys(&mut world, 3);
        let report = aftermath::check(&mut world);
        let episodes = world.setting.options.episodes.unwrap();
        assert_eq!((world.page.game.reason(), report.episodes), (Some(Reason::Complete), episodes), "{}", entry.id);
        assert_eq!(world.page.game.recorder().scores().len() as u64, episodes);
    }
}
