//! Models of a node or two in seats of given spaces: what they are told, what they play, what is refused.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
#[path = "../../onnx/tests/common/writer.rs"]
#[allow(dead_code, reason = "these models need a part of it")]
mod writer;

use palaestra_env::{BoxSpace, DType, Kwargs, SeededRng, Space, Spec, Value, ValueWriter};
use palaestra_policy::{Manifest, ModelPolicy, PolicyError};
use writer::{FLOAT, INT64, Message, floats, model_of, node, value};

/// A model in the seat of an agent with these actions and observations.
fn seat(actions: &Space, observations: &Space, file: &[u8], manifest: &str) -> Result<ModelPolicy, PolicyError> {
    let spec = Spec::single("Test-v0", actions.clone(), observations.clone());
    ModelPolicy::new(&spec, 0, file, &Manifest::parse(manifest)?)
}

fn refusal(actions: &Space, observations: &Space, file: &[u8], manifest: &str) -> Option<String> {
    seat(actions, observations, file, manifest).err().map(|refused| refused.to_string())
}

/// What a policy plays first when it sees these bytes.
fn first_action(actions: &Space, policy: &mut ModelPolicy, observation: &[u8]) -> Value {
    let mut action = Value::blank(actions);
    policy.decide(observation, &mut SeededRng::new(1), &mut action);
    assert!(actions.contains(&action), "{action}");
    action
}

fn any_floats(shape: &[usize]) -> Space {
    Space::Box(BoxSpace::uniform(f64::NEG_INFINITY, f64::INFINITY, shape, DType::Float32))
}

fn seen(numbers: &[f32]) -> ValueWriter {
    let mut bytes = ValueWriter::new();
    bytes.f32s(numbers);
    bytes
}

/// `y` is what input `x` of these sizes is told.
fn told(dims: &[i64]) -> Vec<u8> {
    model_of(13, &[value("x", FLOAT, dims)], &[], &[node("Identity", &["x"], &["y"])])
}

/// Logits, the last the largest, from an input of these sizes.
fn logits_of(dims: &[i64], count: usize) -> Vec<u8> {
    let numbers: Vec<f32> = (0..count).map(|number| number as f32).collect();
    let nodes = [node("ReduceSum", &["x"], &["sum"]), node("Add", &["sum", "numbers"], &["y"])];
    model_of(13, &[value("x", FLOAT, dims)], &[floats("numbers", &[count as i64], &numbers)], &nodes)
}

/// An observation's shape, an input's sizes, what the manifest says of it, and what it should be instead.
type Row = (&'static [usize], &'static [i64], &'static str, Option<&'static str>);

#[test]
fn a_picture_is_refused_where_the_model_has_its_channels_elsewhere() {
    const FIRST: &str = "`channels_first: true`, since the model has channels first";
    const LAST: &str = "`channels_first: false`, since the model has channels last";
    const STACK: &str = "channels first, or a dimension of its own for the `stack`";
    let table: &[Row] = &[
        (&[7, 7, 3], &[-1, 3, 7, 7], "", Some(FIRST)),
        (&[7, 7, 3], &[-1, 3, 7, 7], r#""channels_first": true"#, None),
        (&[7, 7, 3], &[-1, 7, 7, 3], "", None),
        (&[7, 7, 3], &[-1, 7, 7, 3], r#""channels_first": true"#, Some(LAST)),
        (&[7, 7, 3], &[7, 7, 3], r#""channels_first": true"#, Some(LAST)),
        (&[7, 7, 3], &[-1, 147], "", None),
        (&[7, 7, 3], &[-1, 12, 7, 7], r#""stack": 4"#, Some(FIRST)),
        (&[7, 7, 3], &[-1, 12, 7, 7], r#""stack": 4, "channels_first": true"#, None),
        (&[7, 7, 3], &[-1, 7, 7, 12], r#""stack": 4"#, Some(STACK)),
        (&[7, 7, 3], &[-1, 7, 7, 12], r#""stack": 4, "channels_first": true"#, Some(STACK)),
        (&[7, 7, 3], &[-1, 4, 7, 7, 3], r#""stack": 4"#, None),
        (&[7, 7, 3], &[-1, 4, 3, 7, 7], r#""stack": 4"#, Some(FIRST)),
        // With one channel both orders are the same, but for the stack's.
        (&[8, 9, 1], &[-1, 1, 8, 9], "", None),
        (&[8, 9, 1], &[-1, 4, 8, 9], r#""stack": 4"#, None),
        (&[8, 9, 1], &[-1, 8, 9, 4], r#""stack": 4"#, Some(STACK)),
        (&[8, 9], &[-1, 8, 9, 4], r#""stack": 4"#, Some(STACK)),
        // These sizes say nothing.
        (&[3, 3, 3], &[-1, 3, 3, 3], "", None),
        (&[1, 1, 3], &[-1, 3, 1, 1], "", None),
        (&[3, 7, 7], &[-1, 3, 7, 7], "", None),
    ];
    for (shape, dims, more, expected) in table {
        let manifest = format!(r#"{{"inputs": {{"x": {{{more}}}}}}}"#);
        let found = refusal(&Space::discrete(7), &any_floats(shape), &logits_of(dims, 7), &manifest);
        let at = format!("{shape:?} told to {dims:?} with {manifest}: {found:?}");
        match (expected, found) {
            (None, found) => assert_eq!(found, None, "{at}"),
            (Some(expected), Some(found)) => {
                assert!(found.starts_with(&format!("input `x`: expected {expected}, found float [")), "{at}");
            }
            (Some(_), None) => panic!("{at}"),
        }
    }
}

#[test]
fn of_several_kinds_of_actions_a_model_plays_the_first_that_its_output_can_be() {
    let actions =
        Space::OneOf { spaces: vec![Space::None, Space::discrete(6), Space::MultiBinary { n: 3 }, Space::discrete(3)] };
    let play = |numbers: &[f32], manifest: &str| {
        let size = numbers.len();
        let mut policy = seat(&actions, &any_floats(&[size]), &told(&[-1, size as i64]), manifest).unwrap();
        first_action(&actions, &mut policy, seen(numbers).bytes())
    };
    assert_eq!(play(&[0.0, 0.0, 0.0, 0.0, 2.0, 0.0], ""), Value::OneOf(1, Box::new(Value::Discrete(4))));
    assert_eq!(play(&[1.0, -1.0, 1.0], ""), Value::OneOf(2, Box::new(Value::MultiBinary(vec![1, 0, 1]))));
    // What it plays before its first action is of that kind as well.
    let late = play(&[1.0, -1.0, 1.0], r#"{"reaction_delay": 1, "idle": [0, 1, 0]}"#);
    assert_eq!(late, Value::OneOf(2, Box::new(Value::MultiBinary(vec![0, 1, 0]))));
    assert_eq!(
        refusal(&actions, &any_floats(&[5]), &told(&[-1, 5]), "").unwrap(),
        "output `y`: expected a number for each choice: 6 elements, found float [1, 5]"
    );
    assert_eq!(
        refusal(&Space::OneOf { spaces: vec![Space::None] }, &any_floats(&[5]), &told(&[-1, 5]), "").unwrap(),
        "expected actions of Discrete, MultiDiscrete, MultiBinary or Box, or of a OneOf with one of these, found OneOf"
    );
}

#[test]
fn a_model_of_six_logits_has_a_seat_in_slime_volley() {
    let env = palaestra_envs::make("slimevb/SlimeVolleyEnv", &Kwargs::new()).unwrap();
    let spec = env.spec();
    let Space::Box(seen) = &spec.observation_spaces[1] else { panic!("{:?}", spec.observation_spaces) };
    let file = logits_of(&[-1, seen.len() as i64], 6);
    let mut policy = ModelPolicy::new(spec, 1, &file, &Manifest::new()).unwrap_or_else(|error| panic!("{error}"));
    let bytes = vec![0; seen.len() * seen.dtype.size()];
    let action = first_action(&spec.action_spaces[1], &mut policy, &bytes);
    assert_eq!(action, Value::OneOf(0, Box::new(Value::Discrete(5))));
}

#[test]
fn an_output_of_mean_and_log_std_together_is_refused_with_how_to_part_them() {
    assert_eq!(
        refusal(&any_floats(&[2]), &any_floats(&[4]), &told(&[-1, 4]), "").unwrap(),
        "output `y`: expected an action's 2 elements, with mean and log_std as two outputs, found float [1, 4]"
    );
}

/// An observation that says which of three actions are allowed.
fn masked() -> Space {
    Space::dict([("x", any_floats(&[3])), ("mask", Space::MultiBinary { n: 3 })])
}

#[test]
fn a_flag_that_the_mask_forbids_is_not_set() {
    let actions = Space::MultiBinary { n: 3 };
    for mask in [[1, 0, 1], [0, 0, 0], [1, 1, 1]] {
        for sample in [false, true] {
            let manifest =
                format!(r#"{{"inputs": {{"x": {{"observation": "x"}}}}, "mask": "mask", "sample": {sample}}}"#);
            let mut policy = seat(&actions, &masked(), &told(&[-1, 3]), &manifest).unwrap();
            let mut observation = seen(&[50.0; 3]);
            observation.u8s(&mask);
            let played = first_action(&actions, &mut policy, observation.bytes());
            assert_eq!(played, Value::MultiBinary(mask.to_vec()), "{manifest}");
        }
    }
}

#[test]
fn a_mask_is_refused_where_the_model_gives_actions_and_is_not_told_it() {
    let best =
        |inputs: &[Message], scores: Message| model_of(13, inputs, &[], &[scores, node("ArgMax", &["s"], &["y"])]);
    let x = || value("x", FLOAT, &[3]);
    let alone = best(&[x()], node("Identity", &["x"], &["s"]));
    let told = best(&[x(), value("m", FLOAT, &[3])], node("Mul", &["x", "m"], &["s"]));
    let actions = Space::discrete(3);
    assert_eq!(
        refusal(&actions, &masked(), &alone, r#"{"inputs": {"x": {"observation": "x"}}, "mask": "mask"}"#).unwrap(),
        "output `y`: expected logits, so that the mask can be applied, found the actions alone"
    );
    assert_eq!(refusal(&actions, &masked(), &alone, r#"{"inputs": {"x": {"observation": "x"}}}"#), None);
    let manifest = r#"{"inputs": {"x": {"observation": "x"}, "m": "mask"}, "mask": "mask"}"#;
    let mut policy = seat(&actions, &masked(), &told, manifest).unwrap();
    let mut observation = seen(&[1.0, 2.0, 3.0]);
    observation.u8s(&[1, 1, 0]);
    assert_eq!(first_action(&actions, &mut policy, observation.bytes()), Value::Discrete(1));
}

#[test]
fn a_state_of_integers_is_refused_with_what_to_do() {
    let inputs = [value("x", FLOAT, &[1, 4]), value("n", INT64, &[1])];
    let file = model_of(13, &inputs, &[], &[node("Identity", &["n"], &["y"])]);
    assert_eq!(
        refusal(&Space::discrete(3), &any_floats(&[4]), &file, r#"{"inputs": {"n": {"state": "y"}}}"#).unwrap(),
        "input `n`: expected a float state (cast it to float in the model), found int64 [1]"
    );
}

#[test]
fn observations_are_scaled_in_double_precision_and_rounded_once() {
    let actions = any_floats(&[1]);
    let manifest = r#"{"inputs": {"x": {"mean": 0.3, "std": 1e-8, "clip": 2}}}"#;
    let mut policy = seat(&actions, &any_floats(&[1]), &told(&[-1, 1]), manifest).unwrap();
    let Value::Tensor(played) = first_action(&actions, &mut policy, seen(&[0.3]).bytes()) else { panic!() };
    // (np.float32(0.3) - 0.3) / 1e-8, in single precision 0.
    assert_eq!(played.iter().map(|number| number as f32).collect::<Vec<_>>(), [1.192_092_9]);
}
