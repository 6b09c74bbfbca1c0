//! Episodes stand by themselves: whatever was played before, and with whatever plan, the same seed gives the same episode.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_env::expert::ExpertPolicy;
use palaestra_env::policy::{Policy, RandomPolicy};
use palaestra_env::{Env, EnvError, Kwargs, Value, ValueReader, ValueWriter};
use palaestra_rollout::{End, Plan, Rollout};

fn rollout(id: &str, skill: Option<f64>) -> Rollout {
    let env = palaestra_envs::make(id, &Kwargs::new()).unwrap();
    let policy = |space: &palaestra_env::Space| -> Box<dyn Policy> {
        match skill {
            Some(skill) => Box::new(ExpertPolicy::new(space.clone(), skill)),
            None => Box::new(RandomPolicy::new(space.clone())),
        }
    };
    let policies = env.spec().action_spaces.iter().map(policy).collect();
    Rollout::new(env, policies, Kwargs::new()).unwrap()
}

fn observed(env: &Env) -> Vec<f64> {
    let mut written = ValueWriter::new();
    env.observe_as(0, &mut written);
    let seen = ValueReader::new(written.bytes()).read(&env.spec().observation_spaces[0]).unwrap();
    let Value::Tensor(tensor) = seen else { panic!("no tensor: {seen:?}") };
    (0..tensor.len()).filter_map(|index| tensor.get(index)).collect()
}

#[test]
fn an_episode_is_the_same_whatever_was_played_before_it_in_every_environment() {
    for entry in palaestra_envs::CATALOG.entries() {
        for skill in [None, Some(0.8)].into_iter().take(1 + usize::from(entry.expert.is_some())) {
            let (mut first, mut later) = (rollout(entry.id, skill), rollout(entry.id, skill));
            (1..3).for_each(|seed| drop(later.episode(seed, 150, |_, _| {}).unwrap()));
            let expected = first.episode(9, 150, |_, _| {}).unwrap();
            assert_eq!(later.episode(9, 150, |_, _| {}).unwrap(), expected, "{} {skill:?}", entry.id);
        }
    }
}

#[test]
fn ends_and_returns_are_what_was_played() {
    let mut cart = rollout("CartPole-v1", Some(1.0));
    let (mut resets, mut rewards) = (0, 0.0);
    let episode = cart.episode(7, u32::MAX, |env, actions| match actions {
        None => resets += 1,
        Some(_) => rewards += env.outcome().rewards[0],
    });
    let episode = episode.unwrap();
    assert_eq!((episode.length, episode.end, resets), (500, End::Truncated, 1));
    assert_eq!(episode.returns, [rewards]);
    assert_eq!(cart.episode(7, 11, |_, _| {}).unwrap().end, End::Cut);
    let fallen = rollout("CartPole-v1", None).episode(7, u32::MAX, |_, _| {}).unwrap();
    assert!(fallen.end == End::Terminated && fallen.length < 200, "{fallen:?}");
}

#[test]
fn a_random_seat_does_not_draw_the_noise_that_its_environment_began_with() {
    let mut cart = rollout("CartPole-v1", None);
    // NumPy's first draw is the position; its sign would be the second action, and the second of four the fourth.
    let mut agreed = [0; 2];
    for seed in 0..64 {
        let (mut began, mut chosen) = (Vec::new(), Vec::new());
        let seen = cart.episode(seed, 4, |env, actions| match actions {
            None => began = observed(env),
            Some(actions) => chosen.push(actions[0].clone()),
        });
        assert_eq!(seen.unwrap().length, 4);
        for (agreed, index) in agreed.iter_mut().zip(0..) {
            *agreed += u32::from(chosen[2 * index + 1] == Value::Discrete(i64::from(began[index] > 0.0)));
        }
    }
    assert!(agreed.iter().all(|times| (16..48).contains(times)), "{agreed:?} of 64");
}

#[test]
fn a_plan_ends_with_its_episodes_or_its_steps_whichever_comes_first() {
    let plan = Plan { seed: u64::MAX, episodes: Some(2), steps: Some(100), longest: 60 };
    assert_eq!(plan.episode(0, 0), Some((u64::MAX, 60)));
    assert_eq!(plan.episode(1, 60), Some((0, 40)));
    assert_eq!(plan.episode(2, 70), None);
    assert_eq!(plan.episode(1, 100), None);
    assert_eq!(Plan { steps: None, episodes: None, ..plan }.episode(5, u64::MAX), Some((4, 60)));
}

#[test]
fn only_environments_that_remember_beyond_a_reset_do_not_forget() {
    let remember: Vec<&str> = palaestra_envs::CATALOG
        .entries()
        .filter(|entry| {
            let mut rollout = rollout(entry.id, None);
            rollout.episode(1, 300, |_, _| {}).unwrap();
            !rollout.forgets(2).unwrap()
        })
        .map(|entry| entry.id)
        .collect();
    // The opponent's memory, and where players stood who found no other place.
    for id in ["SlimeVolley-v0", "slimevb/SlimeVolleyEnv"] {
        assert!(remember.contains(&id), "{remember:?}");
    }
    let families = |id: &&str| ["SlimeVolley-v0", "slimevb/SlimeVolleyEnv"].contains(id) || id.starts_with("Foraging-");
    assert!(remember.iter().all(families), "{remember:?}");
}

#[test]
fn another_number_of_policies_is_refused() {
    let env = palaestra_envs::make("CartPole-v1", &Kwargs::new()).unwrap();
    let refused = Rollout::new(env, Vec::new(), Kwargs::new()).err();
    assert_eq!(refused, Some(EnvError::ActionCount { expected: 1, found: 0 }));
}
