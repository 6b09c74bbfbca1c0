//! MiniGrid beyond what the recorded trajectories reach.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use std::path::Path;

use palaestra_env::{
    Env, EnvError, Kwargs, Outcome, Space, StateWriter, Value, ValueReader, ValueWriter, check::check,
};
use palaestra_env_tests::golden::records;
use palaestra_minigrid::FAMILY;
use serde_json::{Value as Json, json};

const LEFT: i64 = 0;
const RIGHT: i64 = 1;
const FORWARD: i64 = 2;
const PICK_UP: i64 = 3;
const DROP: i64 = 4;
const TOGGLE: i64 = 5;

fn kwargs(json: Json) -> Kwargs {
    json.as_object().cloned().unwrap()
}

fn made(id: &str, arguments: Json) -> Env {
    FAMILY.make_env(&format!("MiniGrid-{id}-v0"), &kwargs(arguments)).unwrap()
}

fn started(id: &str, arguments: Json, seed: u64) -> Env {
    let mut env = made(id, arguments);
    env.reset(Some(seed), &Kwargs::new()).unwrap();
    env
}

/// Plays several actions and gives the last one's outcome.
fn play(env: &mut Env, actions: &[i64]) -> Outcome {
    for action in actions {
        env.step(&[Value::Discrete(*action)]).unwrap();
    }
    env.outcome().clone()
}

fn won(steps: u32, max_steps: u32) -> Outcome {
    let reward = 1.0 - 0.9 * (f64::from(steps) / f64::from(max_steps));
    Outcome { rewards: vec![reward], terminated: vec![true], truncated: vec![false] }
}

/// Image, direction and mission.
fn observation(env: &Env) -> (Vec<u8>, i64, String) {
    let mut out = ValueWriter::new();
    env.observe(&mut out);
    let value = ValueReader::new(out.bytes()).read(&env.spec().observation_spaces[0]).unwrap();
    let Value::Dict(parts) = value else { panic!("{value:?}") };
    match &parts[..] {
        [Value::Tensor(palaestra_env::Tensor::U8(image)), Value::Discrete(direction), Value::Text(mission)] => {
            (image.clone(), *direction, mission.clone())
        }
        other => panic!("{other:?}"),
    }
}

/// Object, colour and state at a column and row of the view.
fn seen(env: &Env, column: usize, row: usize) -> [u8; 3] {
    let (image, ..) = observation(env);
    let size = (image.len() / 3).isqrt();
    image[(column * size + row) * 3..][..3].try_into().unwrap()
}

/// What lies in front of the agent, and what it carries.
fn ahead(env: &Env) -> [u8; 3] {
    seen(env, 3, 5)
}

fn carried(env: &Env) -> [u8; 3] {
    seen(env, 3, 6)
}

const EMPTY: [u8; 3] = [1, 0, 0];
const WALL: [u8; 3] = [2, 5, 0];
const YELLOW_KEY: [u8; 3] = [5, 4, 0];

fn saved(env: &Env) -> Vec<u8> {
    let mut state = StateWriter::new();
    env.save(&mut state);
    state.into_bytes()
}

#[test]
fn the_environments_keep_the_contract_whatever_the_seed_and_arguments() {
    for seed in 0..3 {
        for entry in FAMILY.entries {
            check(|| FAMILY.make_env(entry.id, &Kwargs::new()).unwrap(), seed, 250).unwrap();
        }
    }
    for (id, arguments) in [
        ("Empty-8x8", json!({"agent_start_pos": null, "agent_view_size": 3, "agent_pov": true})),
        ("DoorKey-8x8", json!({"size": 5, "agent_view_size": 11, "max_steps": 20})),
        ("FourRooms", json!({"agent_pos": [9, 4], "goal_pos": [10, 4], "see_through_walls": true})),
        ("MultiRoom-N4-S5", json!({"minNumRooms": 1, "maxNumRooms": 3, "maxRoomSize": 9, "width": 17, "height": 30})),
        ("LavaGapS7", json!({"obstacle_type": "wall", "size": 12, "highlight": false})),
        ("KeyCorridorS3R2", json!({"obj_type": "box", "num_rows": 4, "room_size": 5, "agent_view_size": 63})),
        ("Dynamic-Obstacles-8x8", json!({"size": 4, "agent_pov": true})),
        ("MemoryS9", json!({"size": 15, "random_length": true})),
    ] {
        check(|| made(id, arguments.clone()), 5, 250).unwrap();
    }
}

#[test]
fn spaces_follow_the_view_s_size_and_the_moving_obstacles_allow_only_walking() {
    for (size, arguments) in [(7, json!({})), (11, json!({"agent_view_size": 11}))] {
        let env = made("DoorKey-8x8", arguments);
        let Space::Dict { spaces } = &env.spec().observation_spaces[0] else { panic!() };
        assert_eq!(spaces.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["image", "direction", "mission"]);
        assert!(matches!(&spaces[0].1, Space::Box(image) if image.shape == [size, size, 3]));
        assert_eq!(env.spec().action_spaces, [Space::discrete(7)]);
    }
    let mut env = started("Dynamic-Obstacles-8x8", json!({}), 1);
    assert_eq!(env.spec().action_spaces, [Space::discrete(3)]);
    assert!(matches!(env.step(&[Value::Discrete(3)]), Err(EnvError::Action { .. })));
}

#[test]
fn the_reward_shrinks_with_the_steps_and_play_may_go_on_after_the_goal() {
    let mut env = started("Empty-8x8", json!({}), 1);
    play(&mut env, &[FORWARD; 5]);
    assert_eq!(ahead(&env), WALL);
    assert_eq!(play(&mut env, &[RIGHT, FORWARD, FORWARD, FORWARD, FORWARD]).rewards, [0.0]);
    assert_eq!(play(&mut env, &[FORWARD]), won(11, 256));
    assert_eq!(play(&mut env, &[FORWARD]), Outcome::new(1));
    assert_eq!(play(&mut env, &[LEFT, LEFT, FORWARD, LEFT, LEFT, FORWARD]), won(18, 256));
}

#[test]
fn max_steps_truncates_at_its_very_step_and_from_then_on() {
    for (arguments, limit) in [(json!({"max_steps": 3}), 3), (json!({"size": 5}), 100)] {
        let mut env = started("Empty-8x8", arguments, 1);
        for number in 1..=limit + 2 {
            assert_eq!(play(&mut env, &[LEFT]).truncated, [number >= limit], "step {number}");
        }
    }
    let mut env = started("Empty-8x8", json!({"size": 4, "max_steps": 3}), 1);
    let both = Outcome { truncated: vec![true], ..won(3, 3) };
    assert_eq!(play(&mut env, &[FORWARD, RIGHT, FORWARD]), both);
}

#[test]
fn a_key_is_fetched_carried_and_opens_its_door() {
    // Where things are: the key two below the agent's corner, the door at the far right of the last row but one.
    let mut env = started("DoorKey-8x8", json!({}), 3);
    play(&mut env, &[RIGHT, FORWARD, RIGHT, FORWARD, FORWARD]);
    assert_eq!((ahead(&env), carried(&env)), (YELLOW_KEY, EMPTY));
    play(&mut env, &[PICK_UP]);
    assert_eq!((ahead(&env), carried(&env)), (EMPTY, YELLOW_KEY));
    play(&mut env, &[DROP]);
    assert_eq!((ahead(&env), carried(&env)), (YELLOW_KEY, EMPTY));
    play(&mut env, &[PICK_UP, FORWARD, FORWARD, LEFT, FORWARD, FORWARD]);
    assert_eq!(ahead(&env), [4, 4, 2], "a locked yellow door");
    play(&mut env, &[TOGGLE]);
    assert_eq!(ahead(&env), [4, 4, 0]);
    assert_eq!(play(&mut env, &[FORWARD, FORWARD, RIGHT, FORWARD]), won(18, 640));
}

#[test]
fn a_locked_door_stays_shut_without_its_key() {
    let mut env = started("DoorKey-8x8", json!({}), 3);
    play(&mut env, &[RIGHT, FORWARD, FORWARD, FORWARD, RIGHT, FORWARD, FORWARD, FORWARD, FORWARD, LEFT]);
    for action in [TOGGLE, FORWARD, PICK_UP, DROP] {
        assert_eq!(play(&mut env, &[action]), Outcome::new(1));
        assert_eq!(ahead(&env), [4, 4, 2], "{action}");
    }
}

#[test]
fn only_toggling_an_open_door_pays_in_unlock() {
    let mut env = started("Unlock", json!({}), 2);
    assert_eq!(play(&mut env, &[LEFT, LEFT, PICK_UP, LEFT, FORWARD, FORWARD, RIGHT, FORWARD, LEFT]), Outcome::new(1));
    assert_eq!(play(&mut env, &[TOGGLE]), won(10, 288));
    assert_eq!(play(&mut env, &[DROP]), Outcome::new(1), "the door is still open");
    assert_eq!(play(&mut env, &[TOGGLE]), Outcome::new(1), "it closes again");
    assert_eq!(play(&mut env, &[TOGGLE]), won(13, 288), "and needs no key any more");
}

#[test]
fn version_0_of_multi_room_builds_six_rooms_and_version_1_four() {
    for (id, doors) in [("MiniGrid-MultiRoom-N4-S5-v0", 5), ("MiniGrid-MultiRoom-N4-S5-v1", 3)] {
        let arguments = kwargs(json!({"see_through_walls": true, "agent_view_size": 63}));
        let mut env = FAMILY.make_env(id, &arguments).unwrap();
        for seed in 0..20 {
            env.reset(Some(seed), &Kwargs::new()).unwrap();
            let mut count = 0;
            // What is behind is seen after turning round.
            for _ in 0..2 {
                let (image, ..) = observation(&env);
                count += image.chunks(3).filter(|code| code[0] == 4).count();
                // The agent's own column is seen both times.
                count -= (0..63).filter(|column| seen(&env, *column, 62)[0] == 4).count();
                play(&mut env, &[LEFT, LEFT]);
            }
            count += (0..63).filter(|column| seen(&env, *column, 62)[0] == 4).count();
            assert_eq!(count, doors, "{id}, seed {seed}");
        }
    }
}

#[test]
fn running_into_a_wall_or_a_ball_costs_a_point_and_ends_it() {
    let collision = Outcome { rewards: vec![-1.0], terminated: vec![true], truncated: vec![false] };
    let mut env = started("Dynamic-Obstacles-8x8", json!({"n_obstacles": 0}), 1);
    assert_eq!(play(&mut env, &[LEFT, FORWARD]), collision);
    let mut env = started("Dynamic-Obstacles-8x8", json!({}), 1);
    let mut balls = 0;
    for number in 0..400 {
        // Also when the ball rolls away at this very step.
        let ball = ahead(&env)[0] == 6;
        let outcome = play(&mut env, &[if ball || number % 3 == 0 { FORWARD } else { RIGHT }]);
        if ball {
            balls += 1;
            assert_eq!(outcome.rewards, [-1.0]);
        }
        if outcome.over() {
            env.reset(None, &Kwargs::new()).unwrap();
        }
    }
    assert!(balls > 5, "{balls}");
}

#[test]
fn the_balls_of_the_moving_obstacles_stay_as_many_as_they_are() {
    let mut env = started("Dynamic-Obstacles-8x8", json!({"agent_start_pos": [1, 1], "max_steps": 100000}), 4);
    for _ in 0..300 {
        play(&mut env, &[LEFT]);
        let looking = (0..4).map(|_| {
            let (image, direction, _) = observation(&env);
            (direction == 0 || direction == 1).then(|| image.chunks(3).filter(|code| code[0] == 6).count())
        });
        let most = looking.flatten().max().unwrap_or(0);
        assert!(most <= 4, "{most}");
    }
    let balls = saved(&env)[16..16 + 64 * 4].chunks(4).filter(|cell| cell[0] == 6).count();
    assert_eq!(balls, 4);
}

#[test]
fn in_memory_nothing_is_picked_up_and_one_of_two_ends_pays() {
    let (mut paid, mut unpaid) = (0, 0);
    for seed in 0..30 {
        let mut env = started("MemoryS9", json!({}), seed);
        // To the end of the hallway, then up to the object.
        play(&mut env, &[FORWARD; 8]);
        play(&mut env, &[LEFT]);
        let outcome = play(&mut env, &[FORWARD]);
        assert_eq!(outcome.terminated, [true], "seed {seed}");
        if outcome.rewards[0] > 0.0 {
            paid += 1
        } else {
            unpaid += 1
        }
        let object = ahead(&env);
        assert!([5, 6].contains(&object[0]), "{object:?}");
        play(&mut env, &[PICK_UP]);
        assert_eq!((ahead(&env), carried(&env)), (object, EMPTY));
    }
    assert!(paid > 5 && unpaid > 5, "{paid} {unpaid}");
}

#[test]
fn lava_is_the_end_and_pays_nothing() {
    let mut ends = 0;
    for seed in 0..20 {
        let mut env = started("LavaGapS7", json!({}), seed);
        for _ in 0..4 {
            let lava = ahead(&env)[0] == 9;
            let outcome = play(&mut env, &[FORWARD]);
            assert_eq!((outcome.rewards[0], outcome.terminated[0]), (0.0, lava));
            ends += u32::from(lava);
        }
    }
    assert!(ends > 5, "{ends}");
}

#[test]
fn missions_name_the_object_of_the_episode() {
    let mut missions = std::collections::BTreeSet::new();
    for seed in 0..40 {
        let env = started("KeyCorridorS3R2", json!({"obj_type": "key"}), seed);
        missions.insert(observation(&env).2);
    }
    let colours = ["blue", "green", "grey", "purple", "red", "yellow"];
    assert_eq!(missions.into_iter().collect::<Vec<_>>(), colours.map(|colour| format!("pick up the {colour} key")));
    let walled = started("LavaGapS7", json!({"obstacle_type": "wall"}), 1);
    assert_eq!(observation(&walled).2, "find the opening and get to the green goal square");
}

#[test]
fn null_is_anywhere_and_a_place_is_that_place() {
    let starts = |arguments: Json| -> std::collections::BTreeSet<_> {
        (0..30).map(|seed| observation(&started("Empty-8x8", arguments.clone(), seed))).collect()
    };
    assert_eq!(starts(json!({})).len(), 1);
    assert_eq!(starts(json!({"agent_start_pos": [2, 3], "agent_start_dir": 2})).len(), 1);
    assert!(starts(json!({"agent_start_pos": null})).len() > 10);
    let env = started("FourRooms", json!({"agent_pos": [1, 1], "goal_pos": [2, 1]}), 1);
    let (_, direction, _) = observation(&env);
    let mut env = env;
    // Turned to the right the goal is ahead.
    play(&mut env, &vec![RIGHT; (4 - direction as usize) % 4]);
    assert_eq!(ahead(&env), [8, 1, 0]);
}

#[test]
fn every_grid_world_has_records() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let recorded: Vec<String> =
        records(&folder).iter().map(|file| file.file_name().unwrap().display().to_string()).collect();
    for entry in FAMILY.entries {
        assert!(recorded.iter().any(|file| file.starts_with(&format!("{}.", entry.id))), "{}: {recorded:?}", entry.id);
    }
}
