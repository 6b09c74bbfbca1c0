//! The kitchens and the house of CoGrid: what the reference does that one would not expect, what is a function of the seed here
//! and not there, and the contract of an environment. `replay.rs` replays the reference's own games.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]

use std::path::Path;

use palaestra_cogrid::FAMILY;
use palaestra_env::catalog::{ActionValue, Binding};
use palaestra_env::check::check;
use palaestra_env::returns::Returns;
use palaestra_env::scene::{Commands, Kind};
use palaestra_env::{Env, Kwargs, Scene, Value, ValueWriter};
use serde_json::{Value as Json, json};

use palaestra_env_tests::golden::{Replayed, records, replay};
use palaestra_env_tests::play::saved;

const ROOM: &str = "Overcooked-CrampedRoom-V0";
const SIGN: &str = "OvercookedV2-CrampedRoomIndicator-V0";
const NOOP: i64 = 6;

fn made(id: &str, kwargs: Json) -> Env {
    FAMILY.make_env(id, kwargs.as_object().unwrap()).unwrap()
}

fn started(id: &str, seed: Option<u64>) -> Env {
    let mut env = made(id, json!({}));
    reset(&mut env, seed);
    env
}

fn reset(env: &mut Env, seed: Option<u64>) {
    env.reset(seed, &Kwargs::new()).unwrap();
}

/// Plays a joint action and gives both rewards.
fn step(env: &mut Env, actions: [i64; 2]) -> [f64; 2] {
    let outcome = env.step(&actions.map(Value::Discrete)).unwrap();
    [outcome.rewards[0], outcome.rewards[1]]
}

/// One agent plays `U`p, `D`own, `L`eft, `R`ight, `P`icks up or drops, `T`oggles or waits (`.`), the other waits. Gives the sum of
/// the first agent's rewards.
fn play(env: &mut Env, agent: usize, moves: &str) -> f64 {
    let mut sum = 0.0;
    for letter in moves.chars() {
        let mut actions = [NOOP; 2];
        actions[agent] = "UDLRPT.".find(letter).unwrap() as i64;
        sum += step(env, actions)[0];
    }
    sum
}

fn observation(env: &Env, agent: usize) -> Vec<f64> {
    let mut out = ValueWriter::new();
    env.write_returns(&mut out);
    let returns = Returns::read(env.spec(), env.phase(), out.bytes()).unwrap();
    let Value::Tensor(tensor) = &returns.observations[agent] else { panic!("expected an array") };
    tensor.iter().collect()
}

/// The cells of the first version's ten maps, by the things' names in order, then row and column.
fn on_map(env: &Env, map: usize, [row, column]: [usize; 2]) -> bool {
    observation(env, 0)[122 + map * 77 + row * 11 + column] == 1.0
}

const SOUPS: usize = 3;
const PLATES: usize = 5;

/// Two cooks in the cramped room: the first below the pot's place, out of the way, the second beside the left onions.
fn cramped_room() -> Env {
    let env = started(ROOM, Some(3));
    let seen = observation(&env, 0);
    // Row and column of the first cook; the way from the second.
    assert_eq!((&seen[55..57], &seen[53..55]), (&[2.0, 2.0][..], &[1.0, 1.0][..]));
    env
}

/// The second cook puts three onions into the pot and steps aside; then the pot has cooked for one step.
fn filled_pot() -> Env {
    let mut env = cramped_room();
    let earned: f64 = ["LPRUP", "LLPRUP", "LLPRUP"].iter().map(|moves| play(&mut env, 1, moves)).sum();
    assert_eq!(earned, 9.0);
    play(&mut env, 1, "R");
    env
}

#[test]
fn a_soup_earns_for_onions_for_the_plate_and_at_the_hatch() {
    let mut env = filled_pot();
    assert_eq!(play(&mut env, 0, "LDPRU"), 0.0, "fetching a plate earns nothing");
    play(&mut env, 0, "U........................");
    // Thirty steps after the third onion the soup is done.
    assert_eq!(env.elapsed(), 17 + 1 + 5 + 25);
    assert_eq!(play(&mut env, 0, "P"), 5.0);
    assert_eq!(play(&mut env, 0, "DDRDP"), 20.0);
    // It is gone, and yet it stays on the map of soups, where the hatch is.
    assert!(on_map(&env, SOUPS, [3, 3]));
    assert_eq!(observation(&env, 0)[4..9], [0.0; 5]);
}

#[test]
fn a_plate_filled_in_the_step_in_which_the_soup_is_done_earns_nothing_for_that() {
    for (waiting, earned, filled) in [(21, 0.0, false), (22, 0.0, true), (23, 5.0, true)] {
        let mut env = filled_pot();
        play(&mut env, 0, "LDPRU");
        play(&mut env, 0, "U");
        play(&mut env, 0, &".".repeat(waiting));
        assert_eq!(play(&mut env, 0, "P"), earned, "{waiting}");
        let onion_soup_in_hand = observation(&env, 0)[5] == 1.0;
        assert_eq!(onion_soup_in_hand, filled, "{waiting}");
    }
}

#[test]
fn two_onions_for_the_last_place_are_both_rewarded_and_one_stays_in_hand() {
    // Here a pot can be reached from both sides.
    let mut env = started("Overcooked-AsymmetricAdvantages-V0", Some(3));
    assert_eq!(play(&mut env, 1, "LLUPLPUPLP"), 6.0);
    assert_eq!(play(&mut env, 1, "UPL"), 0.0);
    assert_eq!(play(&mut env, 0, "ULPDRRR"), 0.0);
    assert_eq!(step(&mut env, [4, 4]), [6.0; 2]);
    let onion_in_hand = |agent| observation(&env, agent)[4] == 1.0;
    assert_eq!([onion_in_hand(0), onion_in_hand(1)], [false, true]);
}

#[test]
fn a_pot_three_steps_from_done_is_on_the_map_of_plates() {
    let mut env = filled_pot();
    let pot = [0, 2];
    let shown = |env: &mut Env| play(env, 0, ".") == 0.0 && on_map(env, PLATES, pot);
    // Its state is then 3 + 3 · 3, the number of a plate.
    let steps: Vec<usize> = (2..=31).filter(|_| shown(&mut env)).collect();
    assert_eq!(steps, [27]);
}

#[test]
fn a_step_beyond_the_end_is_played_and_earns_nothing() {
    let mut env = made(ROOM, json!({"max_steps": 5}));
    reset(&mut env, Some(3));
    assert_eq!(play(&mut env, 1, "LPRU"), 0.0);
    assert!(!env.outcome().over());
    assert_eq!(play(&mut env, 1, "P"), 3.0);
    assert_eq!((&env.outcome().truncated[..], &env.outcome().terminated[..]), (&[true; 2][..], &[false; 2][..]));
    assert_eq!(play(&mut env, 1, "LLPRUP"), 0.0);
    assert!(env.outcome().over());
    // Two onions are in the pot all the same.
    assert_eq!(observation(&env, 0)[29 + 5], 2.0);
}

#[test]
fn without_a_seed_places_go_on_and_directions_are_those_of_seed_42() {
    let directions = |env: &Env| [observation(env, 0)[..4].to_vec(), observation(env, 1)[..4].to_vec()];
    let seeded = directions(&started(ROOM, Some(42)));
    let mut env = started(ROOM, Some(8));
    let mut places = Vec::new();
    for _ in 0..8 {
        reset(&mut env, None);
        assert_eq!(directions(&env), seeded);
        places.push(observation(&env, 0)[55..57].to_vec());
    }
    places.dedup();
    assert!(places.len() > 1, "{places:?}");
    // The first of all, without a seed, is as with 0.
    let [first, zero] = [None, Some(0)].map(|seed| saved(&started(ROOM, seed)));
    assert_eq!(first, zero);
}

/// 0 for onion soup and 1 for tomato soup, read off the cell of the sign.
fn wanted(env: &Env) -> usize {
    let seen = observation(env, 0);
    let sign = (2 * 5 + 4) * 35 + 28;
    assert_eq!(seen[sign..sign + 2], [1.0, 1.0]);
    seen[sign + 2..sign + 4].iter().position(|count| *count == 3.0).unwrap()
}

#[test]
fn the_wanted_soups_are_those_of_numpys_legacy_generator_seeded_alike() {
    // numpy.random.seed(seed); numpy.random.randint(0, 2), …
    for (seed, drawn) in [(42, [0, 1, 0, 0, 0, 1, 0, 0]), (1, [1, 1, 0, 0, 1, 1, 1, 1])] {
        let (mut env, mut other) = (started(SIGN, Some(seed)), started(SIGN, Some(seed + 1)));
        for (reset_number, soup) in drawn.into_iter().enumerate() {
            if reset_number > 0 {
                reset(&mut env, None);
                // Each environment draws for itself.
                reset(&mut other, None);
            }
            assert_eq!(wanted(&env), soup, "seed {seed}, reset {reset_number}");
        }
    }
    // NumPy refuses such a seed; here it is the list of its two words.
    let large = |seed| (started(SIGN, Some(seed)), saved(&started(SIGN, Some(seed))));
    assert_ne!(large(1 << 40).1, large(0).1);
    assert_eq!(large(1 << 40).1, large(1 << 40).1);
}

#[test]
fn the_first_version_is_the_same_after_the_second_was_made() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let second = started("OvercookedV2-GroundedCoordRing-V0", Some(1));
    let file = folder.join("Overcooked-CrampedRoom-LocalView-V0.scripted-400steps.3.jsonl.gz");
    assert_eq!(replay(&FAMILY, &file), Ok(Replayed::Agrees { steps: 400 }));
    drop(second);
}

#[test]
fn every_environment_has_a_record_at_least() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let names: Vec<String> =
        records(&folder).iter().map(|file| file.file_name().unwrap().display().to_string()).collect();
    for entry in FAMILY.entries {
        assert!(names.iter().any(|name| name.starts_with(&format!("{}.", entry.id))), "{}: {names:?}", entry.id);
    }
}

#[test]
fn every_environment_keeps_the_contract() {
    for entry in FAMILY.entries {
        for (seed, max_steps) in [(1, 40), (2, 200)] {
            let made = || made(entry.id, json!({"max_steps": max_steps}));
            check(made, seed, 160).unwrap_or_else(|error| panic!("{}: {error}", entry.id));
        }
    }
}

#[test]
fn what_make_does_not_take_is_refused_with_what_it_does() {
    for (kwargs, message) in [
        (json!({"max_steps": 0}), "argument `max_steps`: expected an integer from 1 to 1000000, found 0"),
        (json!({"max_steps": 2.5}), "argument `max_steps`: expected an integer from 1 to 1000000, found 2.5"),
        (json!({"horizon": 400}), "expected an argument among max_steps, found `horizon`"),
    ] {
        let error = FAMILY.make_env(ROOM, kwargs.as_object().unwrap()).err().unwrap();
        assert_eq!(error.to_string(), message);
    }
    let mut env = started(ROOM, Some(1));
    let before = saved(&env);
    assert!(env.reset(None, json!({"layout": "large"}).as_object().unwrap()).is_err());
    assert_eq!(saved(&env), before);
}

#[test]
fn a_state_of_another_environment_or_of_another_length_is_not_restored() {
    let mut env = started(ROOM, Some(1));
    let before = saved(&env);
    let mut shorter = made(ROOM, json!({"max_steps": 999}));
    reset(&mut shorter, Some(1));
    for other in [shorter, started("Overcooked-CrampedRoom-LocalView-V0", Some(1)), started(SIGN, Some(1))] {
        let error = env.restore(&saved(&other)).unwrap_err();
        assert!(error.to_string().contains("found another's"), "{error}");
        assert_eq!(saved(&env), before);
    }
}

#[test]
fn the_action_that_toggles_is_bound_where_there_is_a_button_and_nowhere_else() {
    for entry in FAMILY.entries {
        let toggles = |keys: &[Binding]| keys.iter().filter(|key| key.action == ActionValue::Discrete(5)).count();
        let expected = usize::from(entry.id.contains("GroundedCoord"));
        assert!(entry.keys.iter().all(|keys| toggles(keys) == expected), "{}", entry.id);
        assert_eq!((entry.keys.len(), entry.idle), (2, &[ActionValue::Discrete(NOOP)][..]));
    }
}

#[test]
fn a_pressed_button_costs_and_shows_the_wanted_soup_for_a_while() {
    let mut env = started("OvercookedV2-GroundedCoordSimple-V0", Some(1));
    // The button is two cells to the right of where the first starts, in the middle of its view of 5 × 5.
    let button = (2 * 5 + 3) * 35 + 28;
    let shown = |env: &Env| observation(env, 0)[button..button + 2] == [1.0, 1.0];
    assert_eq!(play(&mut env, 0, "R"), 0.0);
    assert!(!shown(&env));
    assert_eq!(play(&mut env, 0, "T"), -5.0);
    // It tells with the next step, and for nine.
    let told: Vec<bool> = (0..12).map(|_| play(&mut env, 0, ".") == 0.0 && shown(&env)).collect();
    assert_eq!(told.iter().filter(|told| **told).count(), 9);
    // Pressed in the very step in which it goes out, it costs nothing.
    assert_eq!(play(&mut env, 0, "T"), -5.0);
    assert_eq!(play(&mut env, 0, ".........T"), 0.0);
    assert_eq!(play(&mut env, 0, "."), 0.0);
    assert!(shown(&env));
}

#[test]
fn a_scene_is_small_and_its_sprites_are_in_the_atlas() {
    for entry in FAMILY.entries {
        let mut env = started(entry.id, Some(1));
        let atlas = env.spec().atlas.clone().unwrap();
        let mut scene = Scene::new();
        for number in 0..300 {
            step(&mut env, [(number * 7 + number / 3) % 7, (number * 5 + number / 4) % 7]);
            env.draw(&mut scene);
            assert!(scene.bytes().len() < 12_000, "{}: {} bytes", entry.id, scene.bytes().len());
            for command in Commands::new(scene.bytes()) {
                let command = command.unwrap();
                assert!(command.kind != Kind::Sprite || command.detail < atlas.columns * atlas.rows, "{}", entry.id);
            }
        }
    }
}
