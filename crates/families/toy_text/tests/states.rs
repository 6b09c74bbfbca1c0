//! What the toy text environments save, and what they draw.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use std::collections::BTreeMap;

use palaestra_env::scene::{Command, Commands, Kind};
use palaestra_env::{Env, Kwargs, RestoreError, Scene, SeededRng, StateWriter, Value};
use palaestra_toy_text::FAMILY;
use serde_json::{Value as Json, json};

const IDS: [&str; 6] =
    ["FrozenLake-v1", "FrozenLake8x8-v1", "CliffWalking-v1", "CliffWalkingSlippery-v1", "Taxi-v4", "Blackjack-v1"];

fn started(id: &str, arguments: Json, seed: u64) -> Env {
    let mut env = FAMILY.make_env(id, arguments.as_object().unwrap()).unwrap();
    env.reset(Some(seed), &Kwargs::new()).unwrap();
    env
}

fn play(env: &mut Env, actions: &[i64]) {
    for action in actions {
        env.step(&[Value::Discrete(*action)]).unwrap();
    }
}

fn saved(env: &Env) -> Vec<u8> {
    let mut state = StateWriter::new();
    env.save(&mut state);
    state.into_bytes()
}

#[test]
fn a_damaged_state_is_refused_or_is_a_state_and_never_a_panic() {
    for id in IDS {
        let mut env = started(id, json!({}), 4);
        play(&mut env, &[1, 0, 1, 1]);
        let good = saved(&env);
        let mut refused = 0;
        for index in 0..good.len() {
            assert!(env.restore(&good[..index]).is_err(), "{id}: cut at {index}");
            for change in [1, 2, 0x40, 0xff] {
                let mut bytes = good.clone();
                bytes[index] ^= change;
                match env.restore(&bytes) {
                    Err(_) => {
                        refused += 1;
                        assert_eq!(saved(&env), good, "{id}: byte {index} changed by {change}");
                    }
                    Ok(()) => {
                        let read = saved(&env);
                        env.restore(&read).unwrap();
                        assert_eq!(saved(&env), read, "{id}: byte {index} changed by {change}");
                        env.draw(&mut Scene::new());
                        for action in [0, 1, 1] {
                            // The damage may be that it has not been reset.
                            let _ = env.step(&[Value::Discrete(action)]);
                        }
                        env.draw(&mut Scene::new());
                        env.restore(&good).unwrap();
                    }
                }
            }
        }
        assert!(refused > good.len() / 4, "{id}: {refused} of {}", good.len() * 4);
    }
}

#[test]
fn a_state_of_other_rules_is_not_restored() {
    for (id, one, other) in [
        ("FrozenLake-v1", json!({}), json!({"desc": ["SFFF", "FHFH", "FFFH", "HFFF"]})),
        ("FrozenLake-v1", json!({}), json!({"is_slippery": false})),
        ("FrozenLake-v1", json!({"desc": ["SF", "FG"]}), json!({"desc": ["SFFG"]})),
        ("CliffWalking-v1", json!({}), json!({"is_slippery": true})),
        ("Taxi-v4", json!({"is_rainy": true}), json!({"is_rainy": true, "rainy_probability": 0.5})),
        ("Taxi-v4", json!({}), json!({"fickle_passenger": true})),
        ("Blackjack-v1", json!({}), json!({"sab": false})),
    ] {
        let mut env = started(id, one, 1);
        assert_eq!(env.restore(&saved(&started(id, other.clone(), 1))), Err(RestoreError::Foreign), "{id} {other}");
    }
}

fn scene(env: &Env) -> Scene {
    let mut scene = Scene::new();
    env.draw(&mut scene);
    scene
}

fn commands(scene: &Scene) -> Vec<Command<'_>> {
    Commands::new(scene.bytes()).map(Result::unwrap).collect()
}

fn words(env: &Env) -> String {
    commands(&scene(env)).iter().map(|command| command.text.to_owned()).collect::<Vec<_>>().join("|")
}

#[test]
fn a_scene_is_small_and_an_identity_in_it_is_one_thing() {
    for id in IDS {
        let mut env = started(id, json!({}), 2);
        let mut rng = SeededRng::new(9);
        for _ in 0..300 {
            let drawn = scene(&env);
            assert!(drawn.bytes().len() < 4096, "{id}: {} bytes", drawn.bytes().len());
            let mut uses = BTreeMap::new();
            let identified = commands(&drawn).into_iter().filter(|command| command.style.id != 0);
            identified.for_each(|command| *uses.entry(command.style.id).or_insert(0) += 1);
            assert!(uses.len() > 5 && uses.values().all(|count| *count == 1), "{id}: {uses:?}");
            let action = Value::sample(&env.spec().action_spaces[0], &mut rng);
            env.step(&[action]).unwrap();
            if env.outcome().over() {
                env.reset(None, &Kwargs::new()).unwrap();
            }
        }
    }
}

#[test]
fn whoever_moves_takes_their_identities_along() {
    for (id, arguments, actions) in [
        ("FrozenLake-v1", json!({"is_slippery": false}), [1, 1]),
        ("CliffWalking-v1", json!({}), [0, 0]),
        ("Taxi-v4", json!({}), [2, 2]),
    ] {
        // A start from which both steps lead on.
        let moved = (0..50).any(|seed| {
            let mut env = started(id, arguments.clone(), seed);
            play(&mut env, &actions[..1]);
            let before = scene(&env);
            play(&mut env, &actions[1..]);
            let after = scene(&env);
            let (before, after) = (commands(&before), commands(&after));
            let pairs: Vec<_> = before.iter().zip(&after).collect();
            let shifted = |(one, other): &&(&Command<'_>, &Command<'_>)| {
                one.kind == other.kind && one.kind != Kind::Text && one.numbers().ne(other.numbers())
            };
            assert!(
                pairs.iter().filter(shifted).all(|(one, other)| one.style.id != 0 && one.style.id == other.style.id)
            );
            pairs.iter().filter(shifted).count() > 5
        });
        assert!(moved, "{id}: nothing ever moved");
    }
}

#[test]
fn who_falls_does_not_walk_back_through_the_meadow() {
    let ids = |env: &Env| -> Vec<u32> {
        let drawn = scene(env);
        commands(&drawn).iter().map(|command| command.style.id).filter(|id| *id != 0).collect()
    };
    let mut env = started("CliffWalking-v1", json!({}), 1);
    play(&mut env, &[0, 1]);
    let before = ids(&env);
    play(&mut env, &[2]);
    assert!(words(&env).contains("−100"), "{}", words(&env));
    assert!(ids(&env).iter().all(|id| !before.contains(id)));
}

#[test]
fn the_scenes_tell_how_it_stands_and_how_it_ended() {
    let mut env = started("FrozenLake-v1", json!({"is_slippery": false}), 1);
    play(&mut env, &[1, 1]);
    assert!(words(&env).contains("step 2 of 100"), "{}", words(&env));
    play(&mut env, &[2, 2, 1, 2]);
    assert!(words(&env).contains("Across!"), "{}", words(&env));
    env.reset(None, &Kwargs::new()).unwrap();
    assert!(!words(&env).contains("Across!"));
    play(&mut env, &[2, 1]);
    assert!(words(&env).contains("Splash!"), "{}", words(&env));

    let mut env = started("Blackjack-v1", json!({}), 4);
    assert!(words(&env).contains("hit or stick?") && words(&env).contains("10 + ?"), "{}", words(&env));
    play(&mut env, &[0]);
    let told = words(&env);
    assert!(!told.contains('?') && ["You win", "The dealer wins", "A draw"].iter().any(|end| told.contains(end)));

    let mut env = started("Taxi-v4", json!({}), 1);
    play(&mut env, &[5]);
    assert!(words(&env).contains("points -10") && words(&env).contains("in vain"), "{}", words(&env));
}

#[test]
fn the_dealer_s_hidden_card_is_nowhere_in_the_scene() {
    for seed in 0..40 {
        let env = started("Blackjack-v1", json!({}), seed);
        // Two ranks of the player's and one of the dealer's.
        let names = ["A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K"];
        let drawn = scene(&env);
        let shown = commands(&drawn).iter().filter(|c| c.style.id != 0 && names.contains(&c.text)).count();
        assert_eq!(shown, 3, "{}", words(&env));
    }
}
