//! `SeededRng` against draws recorded from NumPy (`data/rng.jsonl`, written by `make_rng_fixtures.py`).
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use palaestra_env::rng::{InvalidRngBytes, RngState, SeededRng};
use serde_json::Value;

fn fixture() -> Vec<Value> {
    let cases: Vec<Value> =
        include_str!("data/rng.jsonl").lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(cases.len() > 20, "expected the fixture's cases, found {}", cases.len());
    cases
}

fn seeded(case: &Value) -> SeededRng {
    let words: Vec<u32> =
        case["entropy"].as_array().unwrap().iter().map(|word| word.as_u64().unwrap() as u32).collect();
    SeededRng::from_entropy_words(&words)
}

fn state(value: &Value) -> RngState {
    let number = |field: &str| u128::from_str_radix(value[field].as_str().unwrap(), 16).unwrap();
    RngState {
        state: number("state"),
        inc: number("inc"),
        has_uint32: value["has_uint32"] == 1,
        uinteger: value["uinteger"].as_u64().unwrap() as u32,
    }
}

/// Makes the call that a fixture row names and gives the result as the row would hold it.
fn make_call(rng: &mut SeededRng, row: &[Value]) -> Value {
    let integer = |index: usize| row[index].as_i64().unwrap();
    let float = |index: usize| row[index].as_f64().unwrap();
    match row[0].as_str().unwrap() {
        "integers" => rng.integers(integer(1), integer(2)).into(),
        "integers_inclusive" => rng.integers_inclusive(integer(1), integer(2)).into(),
        "random" => rng.random().into(),
        "uniform" => rng.uniform(float(1), float(2)).into(),
        "choice" => rng.choice(integer(1) as usize).into(),
        "choice_weighted" => {
            let weights: Vec<f64> = row[1].as_array().unwrap().iter().map(|weight| weight.as_f64().unwrap()).collect();
            rng.choice_weighted(&weights).into()
        }
        "shuffle" => {
            let mut items: Vec<i64> = (0..integer(1)).collect();
            rng.shuffle(&mut items);
            items.into()
        }
        "permutation" => {
            let mut out = vec![99; 3];
            rng.permutation(integer(1) as usize, &mut out);
            out.into()
        }
        "next_u32" => rng.next_u32().into(),
        "next_u64" => rng.next_u64().into(),
        other => panic!("no such call: {other}"),
    }
}

#[test]
fn a_seed_gives_the_state_numpy_gives() {
    for case in fixture() {
        assert_eq!(seeded(&case).state(), state(&case["start"]), "{}", case["source"]);
    }
}

#[test]
fn a_u64_seed_is_the_integer_seed_of_numpy() {
    let mut checked = 0;
    for case in fixture() {
        let words = case["entropy"].as_array().unwrap();
        if words.len() <= 2 {
            let seed = words.iter().rev().fold(0, |seed, word| seed << 32 | word.as_u64().unwrap());
            assert_eq!(SeededRng::new(seed).state(), state(&case["start"]), "{}", case["source"]);
            checked += 1;
        }
    }
    assert!(checked >= 17, "only {checked} seeds of up to 64 bits");
}

#[test]
fn no_seat_draws_what_the_environment_or_another_seat_draws() {
    for seed in [0, 7, 1 << 32, u64::MAX] {
        let mut all = vec![SeededRng::new(seed)];
        for agent in 0..8 {
            let seat = SeededRng::for_seat(seed, agent);
            assert!(!all.contains(&seat), "{seed} {agent}");
            all.push(seat);
        }
    }
}

#[test]
fn every_call_gives_what_numpy_gave_and_leaves_its_state() {
    let mut calls = 0;
    for case in fixture() {
        let mut rng = seeded(&case);
        for (index, row) in case["calls"].as_array().unwrap().iter().enumerate() {
            let row = row.as_array().unwrap();
            let (expected, arguments) = row.split_last().unwrap();
            assert_eq!(&make_call(&mut rng, arguments), expected, "{} call {index}: {arguments:?}", case["source"]);
            calls += 1;
        }
        assert_eq!(rng.state(), state(&case["end"]), "{}", case["source"]);
    }
    assert!(calls > 4000, "only {calls} calls compared");
}

#[test]
fn a_generator_saved_before_any_call_goes_on_as_if_nothing_had_happened() {
    for case in fixture() {
        let mut rng = seeded(&case);
        let rows = case["calls"].as_array().unwrap();
        for (index, row) in rows.iter().enumerate() {
            let mut restored = SeededRng::from_bytes(&rng.to_bytes()).unwrap();
            assert_eq!(restored, rng);
            for next in &rows[index..rows.len().min(index + 12)] {
                let (expected, arguments) = next.as_array().unwrap().split_last().unwrap();
                assert_eq!(&make_call(&mut restored, arguments), expected, "{} from call {index}", case["source"]);
            }
            make_call(&mut rng, row.as_array().unwrap());
        }
    }
}

#[test]
fn a_state_survives_being_taken_out_and_put_back() {
    let mut rng = SeededRng::new(7);
    rng.next_u32();
    let restored = SeededRng::from_state(rng.state());
    assert!(restored.state().has_uint32);
    assert_eq!(restored, rng);
}

#[test]
fn a_byte_that_is_neither_yes_nor_no_is_an_error_that_names_it() {
    let mut bytes = SeededRng::new(0).to_bytes();
    bytes[32] = 2;
    let error = SeededRng::from_bytes(&bytes).unwrap_err();
    assert_eq!(error, InvalidRngBytes::HasUint32 { found: 2 });
    assert_eq!(error.to_string(), "expected has_uint32 (byte 32 of a generator's state) to be 0 or 1, found 2");
}

#[test]
fn an_even_increment_which_no_seed_gives_is_refused() {
    // With increment 0 the state stays 0 and so does every draw: whoever draws until a number fits draws for ever.
    for (bytes, found) in [([0; 37], 0), ([0x5a; 37].map(|byte: u8| byte & 0xfe), u128::from_le_bytes([0x5a; 16]))] {
        let mut bytes = bytes;
        bytes[32] = 1;
        let error = SeededRng::from_bytes(&bytes).unwrap_err();
        assert_eq!(error, InvalidRngBytes::EvenIncrement { found });
        let told = error.to_string();
        assert_eq!(told, format!("expected a generator's inc (from byte 16 on) to be odd, found {found}"));
    }
    let standing = RngState { state: 0, inc: 0, has_uint32: false, uinteger: 0 };
    let mut rng = SeededRng::from_state(standing);
    assert_eq!(rng.state().inc, 1);
    assert!((0..3).contains(&rng.integers(0, 3)));
}

#[test]
fn every_other_byte_may_hold_anything() {
    // The lowest byte of the increment has to be odd.
    for position in (0..37).filter(|position| ![16, 32].contains(position)) {
        let mut bytes = [0xff; 37];
        bytes[32] = 1;
        bytes[position] = 0x5a;
        assert_eq!(SeededRng::from_bytes(&bytes).unwrap().to_bytes(), bytes);
    }
}

#[test]
fn empty_and_single_ranges_draw_nothing() {
    let mut rng = SeededRng::new(1);
    let before = rng.state();
    for (low, high) in [(3, 4), (3, 3), (3, -7), (i64::MAX, i64::MIN), (i64::MIN, i64::MIN), (i64::MAX, i64::MAX)] {
        assert_eq!(rng.integers(low, high), low);
        assert_eq!(rng.integers_inclusive(low, high.min(low)), low);
    }
    assert_eq!(rng.choice(0), 0);
    assert_eq!(rng.choice(1), 0);
    rng.shuffle::<u8>(&mut []);
    rng.shuffle(&mut [1]);
    assert_eq!(rng.state(), before);
}

#[test]
fn weights_that_numpy_refuses_still_give_an_index_and_one_draw() {
    for weights in [&[][..], &[0.0, 0.0], &[f64::NAN, 1.0], &[f64::INFINITY, 1.0], &[-1.0, 0.5, 0.1]] {
        let mut rng = SeededRng::new(5);
        let mut twin = rng.clone();
        assert!(rng.choice_weighted(weights) < weights.len().max(1));
        twin.next_u64();
        assert_eq!(rng, twin);
    }
}

#[test]
fn weights_count_as_parts_of_their_sum() {
    let drawn = |weights: &[f64]| {
        let mut rng = SeededRng::new(8);
        (0..200).map(|_| rng.choice_weighted(weights)).collect::<Vec<_>>()
    };
    let whole = drawn(&[0.25, 0.25, 0.5]);
    assert!((0..3).all(|index| whole.contains(&index)));
    for times in [2.0, 16.0, 0.125] {
        assert_eq!(drawn(&[0.25 * times, 0.25 * times, 0.5 * times]), whole, "{times}");
    }
}

#[test]
fn a_permutation_into_a_warm_buffer_keeps_the_buffer() {
    let mut rng = SeededRng::new(11);
    let mut out = Vec::new();
    rng.permutation(50, &mut out);
    let (address, capacity) = (out.as_ptr(), out.capacity());
    for n in [50, 3, 0, 49] {
        rng.permutation(n, &mut out);
        let mut sorted = out.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..n).collect::<Vec<_>>());
    }
    assert_eq!((out.as_ptr(), out.capacity()), (address, capacity));
}

#[test]
fn integers_stay_in_ranges_of_every_width() {
    let mut rng = SeededRng::new(99);
    for width in 0..64 {
        let high = i64::MAX >> (63 - width);
        for low in [0, -high - 1] {
            for _ in 0..50 {
                let drawn = rng.integers_inclusive(low, high);
                assert!((low..=high).contains(&drawn), "{drawn} outside {low}..={high}");
            }
        }
    }
}
