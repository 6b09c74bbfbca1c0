//! The functions that repeat another library, against that library (`data/glibc*.txt` and `data/numpy*.txt`, written by
//! `make_fixtures.py`).
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]

use palaestra_math::{cos, exp, glibc, numpy, pow, sin, sin_f32};

/// Calls `check` with the function's name, the arguments' bits and the result's.
fn for_each_case(data: &str, check: impl Fn(&str, &[u64], u64)) {
    let mut count = 0;
    for line in data.lines().filter(|line| !line.starts_with('#')) {
        let (name, numbers) = line.split_once(' ').unwrap();
        let bits: Vec<u64> = numbers.split(' ').map(|word| u64::from_str_radix(word, 16).unwrap()).collect();
        let (result, arguments) = bits.split_last().unwrap();
        check(name, arguments, *result);
        count += 1;
    }
    assert!(count > 300, "only {count} cases");
}

fn f64s(bits: &[u64]) -> Vec<f64> {
    bits.iter().copied().map(f64::from_bits).collect()
}

const GLIBC: &str = include_str!("data/glibc.txt");
const EXPONENTIALS: &str = include_str!("data/glibc_exponentials.txt");

#[test]
fn exponentials_and_the_logarithm_of_their_sum_are_repeated_to_the_last_bit() {
    let rounded_otherwise = std::cell::Cell::new(0);
    for_each_case(EXPONENTIALS, |name, arguments, expected| {
        let x = f64s(arguments);
        let found = match name {
            "exp" => glibc::exp(x[0]).to_bits(),
            "log1p" => glibc::log1p(x[0]).to_bits(),
            "logaddexp" => numpy::logaddexp(x[0], x[1]).to_bits(),
            other => panic!("no such function: {other}"),
        };
        assert_eq!(found, expected, "{name} of {x:?}: expected {expected:#x}, found {found:#x}");
        rounded_otherwise.set(rounded_otherwise.get() + u32::from(name == "exp" && exp(x[0]).to_bits() != expected));
    });
    assert!(rounded_otherwise.get() > 20, "only {} differ from the nearest", rounded_otherwise.get());
    assert!(glibc::exp(f64::NAN).is_nan() && numpy::logaddexp(f64::NAN, 0.0).is_nan());
    assert!(glibc::log1p(f64::NAN).is_nan() && glibc::log1p(-1.5).is_nan());
}

#[test]
fn glibc_is_repeated_to_the_last_bit() {
    for_each_case(GLIBC, |name, arguments, expected| {
        let x = f64s(arguments);
        let single = f32::from_bits(arguments[0] as u32);
        let found = match name {
            "sin" => glibc::sin(x[0]).to_bits(),
            "cos" => glibc::cos(x[0]).to_bits(),
            "pow" => glibc::pow(x[0], x[1]).to_bits(),
            "sinf" => u64::from(glibc::sin_f32(single).to_bits()),
            "cosf" => u64::from(glibc::cos_f32(single).to_bits()),
            other => panic!("no such function: {other}"),
        };
        assert_eq!(found, expected, "{name} of {x:?}, {single:e}: expected {expected:#x}, found {found:#x}");
    });
}

#[test]
fn the_fixture_holds_many_results_that_are_not_correctly_rounded() {
    let differing = std::cell::Cell::new(0);
    for_each_case(GLIBC, |name, arguments, expected| {
        let x = f64s(arguments);
        let rounded = match name {
            "sin" => sin(x[0]).to_bits(),
            "cos" => cos(x[0]).to_bits(),
            "pow" => pow(x[0], x[1]).to_bits(),
            _ => return,
        };
        differing.set(differing.get() + u32::from(rounded != expected));
    });
    assert!(differing.get() > 300, "only {} differ", differing.get());
}

#[test]
fn numpys_functions_are_repeated_to_the_last_bit() {
    for_each_case(include_str!("data/numpy.txt"), |name, arguments, expected| {
        let x = f32::from_bits(arguments[0] as u32);
        let found = match name {
            "sin" => numpy::sin_f32(x).to_bits().into(),
            "cos" => numpy::cos_f32(x).to_bits().into(),
            "tanh" => {
                let x = f64::from_bits(arguments[0]);
                let [_, beside_others, _] = numpy::tanh_all([-x, x, 0.3]);
                assert_eq!(beside_others.to_bits(), numpy::tanh(x).to_bits(), "{x:e}");
                beside_others.to_bits()
            }
            other => panic!("no such function: {other}"),
        };
        assert_eq!(found, expected, "{name} of {arguments:x?}");
    });
}

#[test]
fn numpys_product_of_a_matrix_and_a_vector_is_repeated_to_the_last_bit() {
    // A line has one row only; the others do not matter, but how many there are does.
    fn product<const COLUMNS: usize>(rows: usize, row: usize, numbers: &[f64]) -> f64 {
        let (of_row, x) = numbers.split_first_chunk::<COLUMNS>().unwrap();
        let mut out = vec![0.0; rows];
        numpy::matrix_vector(&vec![*of_row; rows], x.try_into().unwrap(), &mut out);
        out[row]
    }
    let in_another_order = std::cell::Cell::new(0);
    for_each_case(include_str!("data/numpy_dot.txt"), |name, arguments, expected| {
        let (shape, row) = name.split_once(':').unwrap();
        let (rows, columns) = shape.split_once('x').unwrap();
        let (rows, row) = (rows.parse().unwrap(), row.parse().unwrap());
        let numbers = f64s(arguments);
        let found = match columns {
            "3" => product::<3>(rows, row, &numbers),
            "9" => product::<9>(rows, row, &numbers),
            "12" => product::<12>(rows, row, &numbers),
            "13" => product::<13>(rows, row, &numbers),
            "14" => product::<14>(rows, row, &numbers),
            "15" => product::<15>(rows, row, &numbers),
            other => panic!("no such width: {other}"),
        };
        assert_eq!(found.to_bits(), expected, "{name}");
        let (of_row, x) = numbers.split_at(numbers.len() / 2);
        let in_order = of_row.iter().zip(x).fold(0.0, |sum, (a, x)| sum + a * x);
        in_another_order.set(in_another_order.get() + u32::from(in_order != found));
    });
    assert!(in_another_order.get() > 100, "the order of the sum shows in {} cases only", in_another_order.get());
}

#[test]
fn what_they_do_not_follow_is_correctly_rounded() {
    for x in [2e8, -1e22, 1.7976931348623157e308, 1e-300, -0.0] {
        assert_eq!(glibc::sin(x).to_bits(), sin(x).to_bits());
        assert_eq!(glibc::cos(x).to_bits(), cos(x).to_bits());
    }
    for x in [1e300, 1e-300, 1e-320, 1e230] {
        for y in [2.0, 0.5, -1.0, 1.001] {
            let ordinary = (1e-220..=1e220).contains(&pow(x, y)) && x >= f64::MIN_POSITIVE;
            assert!(ordinary || glibc::pow(x, y).to_bits() == pow(x, y).to_bits(), "pow({x:e}, {y})");
        }
    }
    for x in [121.0_f32, -1e10, 3.4e38] {
        assert_eq!(glibc::sin_f32(x).to_bits(), sin_f32(x).to_bits());
    }
    assert_eq!(numpy::sin_f32(2e5).to_bits(), sin_f32(2e5).to_bits());
}

#[test]
fn infinities_and_nan_give_nan() {
    for x in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
        assert!(glibc::sin(x).is_nan() && glibc::cos(x).is_nan());
        let x = x as f32;
        assert!(glibc::sin_f32(x).is_nan() && glibc::cos_f32(x).is_nan());
        assert!(numpy::sin_f32(x).is_nan() && numpy::cos_f32(x).is_nan());
    }
    assert!(numpy::tanh(f64::NAN).is_nan());
}
