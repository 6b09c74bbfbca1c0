//! Ten thousand random games: late messages and late pages, lost focus, hidden tabs, keys between any two events, Workers that
//! die, repeat themselves or talk nonsense, callbacks that call back, the end at any moment. The page and the Worker of the
//! simulated world check every event; what is left is checked afterwards.
//!
//! `PALAESTRA_SEED=17` plays one of them, `PALAESTRA_GAMES=1000` fewer, or more.
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use palaestra_env::Kwargs;
use palaestra_protocol::{ErrorCode, SeatSetup};
use palaestra_session::{Reason, State};

use crate::aftermath;
use crate::plan::Plan;
use crate::setting::{Act, Load};
use crate::toy;
use crate::world::World;

const GAMES: u64 = 10_000;

/// What came of a game.
#[derive(Debug, Default)]
struct Seen {
    games: u64,
    steps: u64,
    reasons: [u64; Reason::ALL.len()],
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

/// Plays every `of`th game, from the game number `first` on: threads share the work.
fn play_share(first: u64, of: u64) {
    let mut seen = Seen::default();
    match number("PALAESTRA_SEED") {
        Some(seed) if seed % of == first => play_and_print(seed, &mut seen),
        Some(_) => return,
        None => {
            let games = number("PALAESTRA_GAMES").unwrap_or(GAMES);
            (first..games).step_by(of as usize).for_each(|seed| play_and_print(seed, &mut seen));
            if games >= GAMES {
                check_variety(&seen);
            }
        }
    }
    println!("{seen:?}");
}

#[test]
fn random_games_keep_every_rule_and_end_with_a_whole_record() {
    play_share(0, 2);
}

#[test]
fn random_games_keep_every_rule_and_end_with_a_whole_record_too() {
    play_share(1, 2);
}

/// Random games that never come to anything would hold every rule.
fn check_variety(seen: &Seen) {
    assert!(seen.steps > seen.games * 5, "{seen:?}");
    for reason in
        [Reason::Complete, Reason::Timeout, Reason::FocusLost, Reason::Error, Reason::Closed, Reason::Excluded]
    {
        assert!(seen.reasons[reason as usize] > 10, "{reason}: {seen:?}");
    }
}

fn play_and_print(seed: u64, seen: &mut Seen) {
    let plan = Plan::new(seed);
    let result = catch_unwind(AssertUnwindSafe(|| play(&plan, seen)));
    if let Err(panic) = result {
        println!("PALAESTRA_SEED={seed} plays this game again: {plan:#?}");
        resume_unwind(panic);
    }
}

fn play(plan: &Plan, seen: &mut Seen) {
    let mut world = World::new(plan.setting.clone(), toy::make(toy::ID, &Kwargs::new()).unwrap());
    for (at, act) in &plan.acts {
        world.plan(*at, act.clone());
    }
    world.run(plan.length);
    recovers(&mut world);
    if world.page.game.state().is_live() {
        world.act(Act::Dispose(Reason::Closed));
    }
    assert!(world.run_until(1000.0, |world| world.page.finished), "a game that is told to end ends");
    // What was drawn last is painted, and messages under way arrive.
    world.run(500.0);
    let report = aftermath::check(&mut world);
    check_outcome(&world);
    seen.games += 1;
    seen.steps += report.steps;
    seen.reasons[world.page.game.reason().unwrap() as usize] += 1;
}

/// When whatever went wrong is over and somebody is there, the game goes on.
fn recovers(world: &mut World) {
    // Whatever is still to be done late is done.
    let late = (world.page.busy_until.max(world.worker.busy_until) - world.now).max(0.0);
    world.run(late + 1.0);
    for act in [Act::Reveal, Act::FocusFound, Act::Resume] {
        world.act(act);
    }
    let setting = &world.setting;
    let waits = setting.seats.iter().any(|seat| matches!(seat, SeatSetup::Person { idle, .. } if idle.is_empty()));
    let loads = matches!(setting.load, Load::After(_));
    if !world.page.game.state().is_live() || world.worker.dead || waits || !loads {
        return;
    }
    let interval = 1000.0 / setting.options.fps;
    let enough = setting.options.episode_pause + interval + 1000.0;
    let before = world.page.game.frame();
    world.page.callbacks.clear();
    let goes_on =
        |world: &World| world.page.game.frame() > before || !world.page.game.state().is_live() || world.worker.dead;
    assert!(world.run_until(enough, goes_on), "nobody keeps the game from going on, and it does not");
}

/// It ended for the reason that there was.
fn check_outcome(world: &World) {
    let game = &world.page.game;
    let (options, reason) = (game.options(), game.reason().unwrap());
    let steps = options.max_steps.is_some_and(|most| u64::from(game.frame()) >= most);
    let episodes = options.episodes.is_some_and(|most| game.recorder().scores().len() as u64 >= most);
    let played = world.page.transitions.iter().any(|transition| transition.to == State::Playing);
    assert_eq!(game.started(), played);
    if steps || episodes {
        assert_eq!(reason, Reason::Complete, "it was played to the end");
    }
    if let Some(most) = options.max_steps {
        assert!(world.worker.steps().count() as u64 <= most, "no step is played beyond the last");
    }
    if reason == Reason::FocusLost && !disposed_for(world, reason) {
        assert!(options.focus_timeout.is_some(), "nobody asked for a limit");
        assert!(world.page.watch.seen, "nobody was there who could be away");
    }
    if let Some(failure) = game.failure() {
        let loading = matches!(failure.code, ErrorCode::LoadFailed);
        assert_eq!(loading && !played, matches!(world.setting.load, Load::Fails) && loading, "{failure}");
    }
}

/// Whether somebody may have asked for this very end.
fn disposed_for(world: &World, reason: Reason) -> bool {
    world.asked_to_end.contains(&reason)
}
