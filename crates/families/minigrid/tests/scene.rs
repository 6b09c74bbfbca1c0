//! What a grid world's scenes hold.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use std::collections::BTreeMap;

use palaestra_env::scene::{Command, Commands, Kind};
use palaestra_env::{Env, Kwargs, Scene, StateWriter, Value};
use palaestra_minigrid::FAMILY;
use serde_json::{Value as Json, json};

/// What the page knows the agent by.
const AGENT: u32 = 1;

fn started(id: &str, arguments: Json, seed: u64) -> Env {
    let mut env = FAMILY.make_env(id, &arguments.as_object().cloned().unwrap()).unwrap();
    env.reset(Some(seed), &Kwargs::new()).unwrap();
    env
}

fn play(env: &mut Env, actions: &[i64]) {
    for action in actions {
        env.step(&[Value::Discrete(*action)]).unwrap();
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
    let scene = scene(env);
    let texts = commands(&scene).into_iter().filter(|command| command.kind == Kind::Text);
    texts.map(|command| command.text).collect::<Vec<_>>().join("|")
}

/// The numbers and the frame of the one sprite with an identity.
fn sprite(env: &Env, id: u32) -> (Vec<f32>, u16) {
    let scene = scene(env);
    let found: Vec<_> = commands(&scene).into_iter().filter(|command| command.style.id == id).collect();
    match &found[..] {
        [command] if command.kind == Kind::Sprite => (command.numbers().collect(), command.detail),
        other => panic!("{other:?}"),
    }
}

#[test]
fn scenes_are_small_and_nothing_in_them_has_another_s_identity() {
    for entry in FAMILY.entries {
        for (seed, arguments) in [(1, json!({})), (2, json!({})), (3, json!({"agent_pov": true}))] {
            let mut env = started(entry.id, arguments, seed);
            for step in 0..30 {
                let scene = scene(&env);
                assert!(scene.bytes().len() < 4096, "{}: {} bytes", entry.id, scene.bytes().len());
                let mut uses = BTreeMap::new();
                let moving = commands(&scene);
                moving.iter().filter(|it| it.style.id != 0).for_each(|it| *uses.entry(it.style.id).or_insert(0) += 1);
                assert!(uses.contains_key(&AGENT) && uses.values().all(|count| *count == 1), "{}: {uses:?}", entry.id);
                let places = moving.iter().filter(|it| matches!(it.kind, Kind::Rectangle | Kind::Sprite));
                for place in places {
                    let [x, y, width, height] = [0, 1, 2, 3].map(|index| place.numbers().nth(index).unwrap());
                    let inside = x > -0.1 && y > -0.1 && x + width < 1.1 && y + height < 1.1;
                    assert!(inside, "{}: {place:?}", entry.id);
                }
                play(&mut env, &[[2, 0, 2, 1, 2][step % 5]]);
            }
        }
    }
}

#[test]
fn the_agent_turns_and_walks_by_a_cell() {
    let mut env = started("MiniGrid-Empty-8x8-v0", json!({}), 1);
    let (before, frame) = sprite(&env, AGENT);
    play(&mut env, &[1]);
    let (turned, _) = sprite(&env, AGENT);
    assert_eq!(turned[..4], before[..4]);
    assert_eq!(turned[4] - before[4], std::f32::consts::FRAC_PI_2);
    play(&mut env, &[2]);
    let (walked, same_frame) = sprite(&env, AGENT);
    assert_eq!((walked[0], same_frame), (turned[0], frame));
    // Eight cells in what the strip leaves of the height.
    let cell = (walked[1] - turned[1]) * 8.0;
    assert!((0.8..0.9).contains(&cell), "{cell}");
}

#[test]
fn an_object_flies_into_the_agent_s_hands_and_back() {
    let mut env = started("MiniGrid-DoorKey-8x8-v0", json!({}), 3);
    let key = 101;
    let (lying, frame) = sprite(&env, key);
    play(&mut env, &[1, 2, 1, 2, 2, 3]);
    let (held, same_frame) = sprite(&env, key);
    assert_eq!(frame, same_frame);
    assert!(held[0] > 0.8 && held[1] < 0.1, "in the strip's corner: {held:?}");
    play(&mut env, &[4]);
    assert_eq!(sprite(&env, key).0, lying);
}

#[test]
fn every_level_is_drawn_as_if_there_had_been_none_before() {
    for entry in FAMILY.entries {
        let fresh = scene(&started(entry.id, json!({}), 8));
        let mut env = started(entry.id, json!({}), 7);
        scene(&env);
        env.reset(Some(8), &Kwargs::new()).unwrap();
        assert_eq!(scene(&env).bytes(), fresh.bytes(), "{} after a reset", entry.id);
        let mut state = StateWriter::new();
        env.save(&mut state);
        let mut env = started(entry.id, json!({}), 9);
        scene(&env);
        env.restore(state.bytes()).unwrap();
        assert_eq!(scene(&env).bytes(), fresh.bytes(), "{} after restore", entry.id);
    }
}

#[test]
fn the_strip_tells_the_mission_and_the_steps_and_how_it_ended() {
    let mut env = started("MiniGrid-DoorKey-8x8-v0", json!({}), 3);
    play(&mut env, &[0]);
    assert_eq!(words(&env), "use the key to open the door|and then get to the goal|step 1 of 640");

    let mut env = started("MiniGrid-Empty-8x8-v0", json!({"size": 4, "max_steps": 9}), 3);
    play(&mut env, &[2, 1]);
    assert_eq!(words(&env), "get to the green goal square|step 2 of 9");
    let (_, usual) = sprite(&env, AGENT);
    play(&mut env, &[2]);
    assert!(words(&env).ends_with("|You made it: reward 0.70"), "{}", words(&env));
    assert_ne!(sprite(&env, AGENT).1, usual, "it looks glad");

    play(&mut env, &[0; 6]);
    assert!(words(&env).ends_with("|Out of steps"), "{}", words(&env));

    let mut env = started("MiniGrid-Dynamic-Obstacles-8x8-v0", json!({}), 3);
    play(&mut env, &[0, 2]);
    assert!(words(&env).ends_with("|A collision"), "{}", words(&env));
    env.reset(None, &Kwargs::new()).unwrap();
    assert!(!words(&env).contains("collision"), "{}", words(&env));
}

#[test]
fn from_the_agent_s_own_eyes_what_it_cannot_see_is_not_drawn() {
    let sprites = |arguments: Json| {
        let env = started("MiniGrid-KeyCorridorS3R2-v0", arguments, 3);
        let scene = scene(&env);
        let found = commands(&scene).into_iter().filter(|command| command.kind == Kind::Sprite);
        found.map(|command| command.detail).collect::<Vec<_>>()
    };
    let (all, own) = (sprites(json!({})), sprites(json!({"agent_pov": true})));
    // Keys and balls are the first twelve frames, and all of them lie behind doors.
    assert_eq!(all.iter().filter(|frame| **frame < 12).count(), 2, "{all:?}");
    assert_eq!(own.iter().filter(|frame| **frame < 12).count(), 0, "{own:?}");
    assert!(own.len() < all.len() && own.len() >= 3, "{own:?}");
}

#[test]
fn there_is_a_scene_before_the_first_reset() {
    for entry in FAMILY.entries {
        let env = FAMILY.make_env(entry.id, &Kwargs::new()).unwrap();
        assert!(words(&env).contains("step 0 of"), "{}", entry.id);
    }
}
