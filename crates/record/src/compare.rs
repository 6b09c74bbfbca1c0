//! Where two JSON values first differ.
use serde_json::{Number, Value as Json};

/// How alike two values have to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// In every bit: what this implementation recorded.
    Exact,
    /// In every bit that survives another implementation's way of writing: a float that is whole may stand as an integer,
    /// which has no sign at zero, and a flag as 0 or 1.
    Foreign,
    /// As `Foreign`, and floats that are not whole may be four units in the last place apart: the references' own float64
    /// rewards depend on the processor they ran on.
    ForeignReward,
}

const ULPS: u64 = 4;

/// A place where the expected and the found value differ; `None`: there is nothing.
#[derive(Debug, PartialEq)]
pub(crate) struct Mismatch {
    pub(crate) path: String,
    pub(crate) expected: Option<Json>,
    pub(crate) found: Option<Json>,
}

/// The first place, in the order of lists and of sorted names, or `None` if there is none.
pub(crate) fn mismatch(expected: &Json, found: &Json, rule: Rule) -> Option<Mismatch> {
    let at = |step: String, expected: Option<&Json>, found: Option<&Json>| match (expected, found) {
        (Some(expected), Some(found)) => mismatch(expected, found, rule).map(|inner| Mismatch {
            path: step + &inner.path,
            expected: inner.expected,
            found: inner.found,
        }),
        _ => Some(Mismatch { path: step, expected: expected.cloned(), found: found.cloned() }),
    };
    match (expected, found) {
        (Json::Array(expected), Json::Array(found)) => (0..expected.len().max(found.len()))
            .find_map(|index| at(format!("[{index}]"), expected.get(index), found.get(index))),
        (Json::Object(expected), Json::Object(found)) => {
            let extra = || found.keys().filter(|name| !expected.contains_key(*name));
            let mut names = expected.keys().chain(extra());
            names.find_map(|name| at(member(name), expected.get(name), found.get(name)))
        }
        _ if alike(expected, found, rule) => None,
        _ => Some(Mismatch { path: String::new(), expected: Some(expected.clone()), found: Some(found.clone()) }),
    }
}

/// The step to a named member: `.position`, or `["ale.lives"]` where the name would not read as one.
pub(crate) fn member(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.is_empty();
    if plain { format!(".{name}") } else { format!("[{}]", Json::from(name)) }
}

fn alike(expected: &Json, found: &Json, rule: Rule) -> bool {
    match (expected, found) {
        (Json::Number(expected), Json::Number(found)) => numbers_alike(expected, found, rule),
        (Json::Bool(flag), Json::Number(number)) if rule != Rule::Exact => number.as_i64() == Some((*flag).into()),
        _ => expected == found,
    }
}

fn numbers_alike(expected: &Number, found: &Number, rule: Rule) -> bool {
    if !expected.is_f64() && !found.is_f64() {
        return expected == found;
    }
    let (Some(a), Some(b)) = (expected.as_f64(), found.as_f64()) else { return false };
    match rule {
        _ if a.to_bits() == b.to_bits() => true,
        Rule::Exact => false,
        Rule::Foreign => !expected.is_f64() && a == b,
        Rule::ForeignReward => a == b || (a.trunc() != a && ulps_between(a, b) <= ULPS),
    }
}

/// How many steps from one float64 to the next lie between two that are not NaN.
fn ulps_between(a: f64, b: f64) -> u64 {
    fn place(value: f64) -> i64 {
        let bits = value.to_bits() as i64;
        if bits < 0 { i64::MIN.wrapping_sub(bits) } else { bits }
    }
    place(a).abs_diff(place(b))
}

/// How many steps from one float to the next lie between two numbers: of float32 where both are float32 numbers, as JSON
/// does not say which of the two they are. `None` for two integers, and for what are no finite numbers.
pub(crate) fn ulps(a: &Json, b: &Json) -> Option<u64> {
    if !a.is_f64() && !b.is_f64() {
        return None;
    }
    let (a, b) = (a.as_f64()?, b.as_f64()?);
    let single = |value: f64| f64::from(value as f32) == value;
    // A step of float32 is 2^29 of float64, but for its smallest numbers.
    let step = if single(a) && single(b) { 1 << 29 } else { 1 };
    Some(ulps_between(a, b).div_ceil(step))
}

/// The largest of the [`ulps`] between numbers in the same places.
pub(crate) fn widest(a: &Json, b: &Json) -> u64 {
    match (a, b) {
        (Json::Array(a), Json::Array(b)) => a.iter().zip(b).map(|(a, b)| widest(a, b)).max().unwrap_or_default(),
        _ => ulps(a, b).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_numbers_of_single_precision_are_that_far_apart_in_it() {
        let near = |a: f64, b: f64| ulps(&Json::from(a), &Json::from(b));
        let single = f64::from(0.1_f32);
        assert_eq!(near(single, f64::from(0.1_f32.next_up())), Some(1));
        assert_eq!(near(0.1, 0.1_f64.next_up()), Some(1));
        assert!(near(0.1, single) > Some(1_000_000) && near(single, 0.1) > Some(1_000_000));
    }

    use serde_json::json;

    fn path(expected: Json, found: Json) -> Option<String> {
        mismatch(&expected, &found, Rule::Exact).map(|mismatch| mismatch.path)
    }

    #[test]
    fn the_path_leads_to_the_first_difference() {
        let expected = json!({"players": [{"position": [1, 2]}, {"position": [3, 4]}], "ale.lives": 5});
        let mut found = expected.clone();
        assert_eq!(path(expected.clone(), found.clone()), None);
        found["players"][1]["position"][1] = json!(0);
        assert_eq!(path(expected.clone(), found.clone()).as_deref(), Some(".players[1].position[1]"));
        found["ale.lives"] = json!(4);
        assert_eq!(path(expected, found).as_deref(), Some("[\"ale.lives\"]"));
    }

    #[test]
    fn what_one_side_has_not_is_a_difference() {
        let difference = mismatch(&json!([1, 2]), &json!([1]), Rule::Exact);
        assert_eq!(difference, Some(Mismatch { path: "[1]".into(), expected: Some(json!(2)), found: None }));
        let difference = mismatch(&json!({}), &json!({"a": null}), Rule::Exact);
        assert_eq!(difference, Some(Mismatch { path: ".a".into(), expected: None, found: Some(json!(null)) }));
        assert_eq!(path(json!([1]), json!({"0": 1})).as_deref(), Some(""));
    }

    #[test]
    fn our_own_numbers_must_be_the_same_in_every_bit() {
        let alike = |a: Json, b: Json| path(a, b).is_none();
        assert!(alike(json!(1), json!(1.0)) && alike(json!(-0.0), json!(-0.0)));
        assert!(!alike(json!(0.0), json!(-0.0)) && !alike(json!(0), json!(-0.0)));
        assert!(!alike(json!(0.1), json!(0.1_f64.next_up())) && !alike(json!(true), json!(1)));
        assert!(!alike(json!(u64::MAX), json!(u64::MAX - 1)) && !alike(json!(i64::MIN), json!(i64::MIN + 1)));
        assert!(alike(json!("NaN"), palaestra_text::json::number(f64::NAN)));
    }

    #[test]
    fn another_implementation_may_write_whole_floats_and_flags_its_own_way() {
        let alike = |a: Json, b: Json| mismatch(&a, &b, Rule::Foreign).is_none();
        assert!(alike(json!(0), json!(-0.0)) && alike(json!(true), json!(1)) && alike(json!(false), json!(0)));
        assert!(!alike(json!(-0.0), json!(0.0)) && !alike(json!(true), json!(2)));
        assert!(!alike(json!(0.1), json!(0.1_f64.next_up())));
    }

    #[test]
    fn float32_numbers_are_as_far_apart_as_there_are_float32_steps_between_them() {
        let single = |value: f32| json!(f64::from(value));
        let next = 0.3_f32.next_up().next_up();
        assert_eq!(ulps(&single(0.3), &single(next)), Some(2));
        assert_eq!(ulps(&json!(0.3), &json!(0.3_f64.next_down())), Some(1));
        assert_eq!(ulps(&json!(1), &single(1.0_f32.next_up())), Some(1));
        assert_eq!((ulps(&json!(1), &json!(1.0)), ulps(&json!("NaN"), &json!(1.0))), (Some(0), None));
        assert_eq!(ulps(&json!(5), &json!(6)), None);
        assert_eq!(widest(&json!([1.0, 0.3]), &json!([1.0, 0.3_f64.next_up()])), 1);
    }

    #[test]
    fn a_reward_of_another_implementation_may_be_four_ulps_off_unless_it_is_whole() {
        let alike = |a: f64, b: f64| mismatch(&json!(a), &json!(b), Rule::ForeignReward).is_none();
        let up = |value: f64, steps: u32| (0..steps).fold(value, |value, _| value.next_up());
        assert!(alike(-0.3, up(-0.3, 4)) && alike(up(-0.3, 4), -0.3));
        assert!(!alike(-0.3, up(-0.3, 5)));
        assert!(!alike(-1.0, up(-1.0, 1)));
        assert!(
            alike(f64::MIN_POSITIVE, up(f64::MIN_POSITIVE, 2)) && alike(-5e-324, 5e-324) && !alike(-2e-323, 2e-323)
        );
        assert!(alike(0.0, -0.0));
    }
}
