//! Results against mpmath's (`data/correctly_rounded*.txt`, written by `make_fixtures.py`): random inputs, the hardest to round
//! of some 60,000 per range, and the edges.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]

use palaestra_math::{cos, cos_f32, exp, ln, pow, sin, sin_cos, sin_f32, sqrt, tanh};

const INFINITY: f64 = f64::INFINITY;

/// The arguments and results of one function.
fn cases(function: &str, least: usize) -> Vec<(Vec<f64>, f64)> {
    let mut cases = Vec::new();
    for line in include_str!("data/correctly_rounded.txt").lines() {
        let mut words = line.split_whitespace();
        if words.next() == Some(function) {
            let mut numbers: Vec<f64> =
                words.map(|word| f64::from_bits(u64::from_str_radix(word, 16).unwrap())).collect();
            let result = numbers.pop().unwrap();
            cases.push((numbers, result));
        }
    }
    assert!(cases.len() >= least, "only {} cases of {function}", cases.len());
    cases
}

fn assert_all(name: &str, least: usize, function: impl Fn(f64) -> f64) {
    for (arguments, expected) in cases(name, least) {
        let x = arguments[0];
        assert_same(function(x), expected, &format!("{name}({x:e})"));
    }
}

#[track_caller]
fn assert_same(found: f64, expected: f64, call: &str) {
    let same = found.to_bits() == expected.to_bits();
    assert!(
        same,
        "{call}: expected {expected:e} ({:#x}), found {found:e} ({:#x})",
        expected.to_bits(),
        found.to_bits()
    );
}

#[test]
fn the_sine_is_the_nearest_double() {
    assert_all("sin", 250, sin);
    assert_all("sin", 250, |x| sin_cos(x).0);
}

#[test]
fn the_cosine_is_the_nearest_double() {
    assert_all("cos", 250, cos);
    assert_all("cos", 250, |x| sin_cos(x).1);
}

#[test]
fn the_exponential_is_the_nearest_double() {
    assert_all("exp", 200, exp);
}

#[test]
fn the_hyperbolic_tangent_is_the_nearest_double() {
    assert_all("tanh", 120, tanh);
}

#[test]
fn the_logarithm_is_the_nearest_double() {
    assert_all("ln", 150, ln);
}

#[test]
fn powers_are_the_nearest_double_and_middles_go_to_the_even_one() {
    for (arguments, expected) in cases("pow", 250) {
        let (x, y) = (arguments[0], arguments[1]);
        assert_same(pow(x, y), expected, &format!("pow({x:e}, {y:e})"));
    }
}

#[test]
fn the_square_of_a_number_is_the_number_times_itself() {
    for (arguments, _) in cases("sin", 250) {
        let x = arguments[0];
        assert_same(pow(x, 2.0), x * x, &format!("pow({x:e}, 2)"));
        assert_same(sqrt(x * x), (x * x).sqrt(), &format!("sqrt({x:e}²)"));
    }
}

#[test]
fn tiny_angles_are_their_own_sines_down_to_the_sign_of_zero() {
    for x in [0.0, -0.0, 5e-324, -5e-324, 2.2250738585072014e-308, 1e-9, -1e-9] {
        assert_same(sin(x), x, "sin");
        assert_same(tanh(x), x, "tanh");
        assert_same(cos(x), 1.0, "cos");
        assert_same(exp(x / 1e9), 1.0, "exp");
    }
}

#[test]
fn infinities_have_the_limits_that_exist() {
    assert_same(exp(INFINITY), INFINITY, "exp(∞)");
    assert_same(exp(-INFINITY), 0.0, "exp(−∞)");
    assert_same(tanh(INFINITY), 1.0, "tanh(∞)");
    assert_same(tanh(-INFINITY), -1.0, "tanh(−∞)");
    assert_same(ln(INFINITY), INFINITY, "ln(∞)");
    assert_same(ln(0.0), -INFINITY, "ln(0)");
    assert_same(ln(-0.0), -INFINITY, "ln(−0)");
    assert_same(ln(1.0), 0.0, "ln(1)");
}

#[test]
fn what_has_no_value_is_one_and_the_same_nan() {
    let odd_nan = f64::from_bits(0xfff8_0000_0000_1234);
    let results = [
        sin(INFINITY),
        cos(-INFINITY),
        sin_cos(INFINITY).0,
        sin_cos(INFINITY).1,
        ln(-1.0),
        ln(-INFINITY),
        pow(-8.0, 1.0 / 3.0),
        sin(odd_nan),
        cos(odd_nan),
        exp(odd_nan),
        tanh(odd_nan),
        ln(odd_nan),
        pow(odd_nan, 2.0),
        pow(2.0, odd_nan),
        pow(odd_nan, odd_nan),
    ];
    for (index, result) in results.into_iter().enumerate() {
        assert_same(result, f64::NAN, &format!("result {index}"));
    }
    assert!(sin_f32(f32::INFINITY).is_nan() && cos_f32(f32::NAN).is_nan());
}

/// ISO C99, annex F.9.4.4.
#[test]
fn powers_have_the_special_cases_of_c() {
    let nan = f64::NAN;
    for (x, y, expected) in [
        (nan, 0.0, 1.0),
        (1.0, nan, 1.0),
        (1.0, INFINITY, 1.0),
        (-1.0, INFINITY, 1.0),
        (-1.0, -INFINITY, 1.0),
        (0.0, -3.0, INFINITY),
        (-0.0, -3.0, -INFINITY),
        (0.0, -2.0, INFINITY),
        (-0.0, -2.5, INFINITY),
        (-0.0, -2.0, INFINITY),
        (0.0, -INFINITY, INFINITY),
        (-0.0, 3.0, -0.0),
        (0.0, 3.0, 0.0),
        (-0.0, 2.0, 0.0),
        (-0.0, 0.5, 0.0),
        (0.5, -INFINITY, INFINITY),
        (0.5, INFINITY, 0.0),
        (-2.0, INFINITY, INFINITY),
        (-2.0, -INFINITY, 0.0),
        (-INFINITY, -3.0, -0.0),
        (-INFINITY, -2.0, 0.0),
        (-INFINITY, 3.0, -INFINITY),
        (-INFINITY, 0.5, INFINITY),
        (-INFINITY, 2.0, INFINITY),
        (INFINITY, -0.1, 0.0),
        (INFINITY, 0.1, INFINITY),
        (-3.0, 3.0, -27.0),
        (-3.0, 4.0, 81.0),
        (-2.0, 9007199254740993.0, INFINITY),
        (-2.0, 1023.0, -8.98846567431158e307),
        (2.0, 1e300, INFINITY),
        (2.0, -1e300, 0.0),
        (-2.0, -1e300, 0.0),
        (1.5, 1e-300, 1.0),
    ] {
        assert_same(pow(x, y), expected, &format!("pow({x}, {y})"));
        assert_same(palaestra_math::glibc::pow(x, y), expected, &format!("glibc pow({x}, {y})"));
    }
}

#[test]
fn single_precision_results_are_the_nearest_float32_even_where_a_double_would_lie_in_the_middle() {
    let mut count = 0;
    for line in include_str!("data/correctly_rounded_single.txt").lines().filter(|line| !line.starts_with('#')) {
        let (name, numbers) = line.split_once(' ').unwrap();
        let (x, expected) = numbers.split_once(' ').unwrap();
        let [x, expected] = [x, expected].map(|word| f32::from_bits(u32::from_str_radix(word, 16).unwrap()));
        let found = if name == "sin_f32" { sin_f32(x) } else { cos_f32(x) };
        assert_eq!(found.to_bits(), expected.to_bits(), "{name}({x:e}): expected {expected:e}, found {found:e}");
        count += 1;
    }
    assert!(count > 200, "only {count} cases");
}
