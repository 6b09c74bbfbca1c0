//! What small models compute, and what of a run stays for the next.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod common;

use common::writer::{
    FLOAT, INT64, Message, floats, integers, model, model_of, model_with, node, tensor, value, with_integer,
};
use palaestra_onnx::model::InputMut;
use palaestra_onnx::{Data, Model};

fn load(file: &[u8]) -> Model {
    Model::load(file).unwrap_or_else(|error| panic!("{error}"))
}

/// Runs a model whose first input is one float; gives its first output, which is one too.
fn run(model: &mut Model, x: f32) -> f32 {
    match model.input_mut(0) {
        Some(InputMut::Float([element])) => *element = x,
        other => panic!("{other:?}"),
    }
    model.run();
    model.output(0).unwrap().floats()[0]
}

/// Runs a model whose only input is a row of floats.
fn give(model: &mut Model, x: &[f32]) {
    match model.input_mut(0) {
        Some(InputMut::Float(elements)) => elements.copy_from_slice(x),
        other => panic!("{other:?}"),
    }
    model.run();
}

fn single(name: &str) -> Message {
    value(name, FLOAT, &[1])
}

#[test]
fn states_that_are_passed_on_move_by_one_place_each_run() {
    // h1 is what x was, h2 what h1 was; both outputs are inputs by another name.
    let nodes = [
        node("Add", &["h2", "zero"], &["y"]),
        node("Identity", &["x"], &["h1_out"]),
        node("Identity", &["h1"], &["h2_out"]),
    ];
    let inputs = [single("x"), single("h1"), single("h2")];
    let file = model_with(13, &inputs, &["y", "h1_out", "h2_out"], &[floats("zero", &[1], &[0.0])], &nodes);
    let mut model = load(&file);
    let outputs = [1.0, 2.0, 3.0, 4.0].map(|x| {
        let y = run(&mut model, x);
        assert!(model.carry(1, 1) && model.carry(2, 2));
        y
    });
    assert_eq!(outputs, [0.0, 0.0, 1.0, 2.0]);
}

#[test]
fn states_that_change_places_both_arrive() {
    let nodes =
        [node("Add", &["a", "x"], &["y"]), node("Identity", &["b"], &["a_out"]), node("Identity", &["a"], &["b_out"])];
    let file = model_with(13, &[single("x"), single("a"), single("b")], &["y", "a_out", "b_out"], &[], &nodes);
    let mut model = load(&file);
    for (input, state) in [(1, 5.0), (2, 7.0)] {
        let Some(InputMut::Float([element])) = model.input_mut(input) else { panic!() };
        *element = state;
    }
    let outputs = [0.0; 4].map(|x| {
        let y = run(&mut model, x);
        assert!(model.carry(1, 1) && model.carry(2, 2));
        y
    });
    assert_eq!(outputs, [5.0, 7.0, 5.0, 7.0]);
}

#[test]
fn a_mask_in_the_file_may_forbid_several_with_infinity() {
    let never = f32::NEG_INFINITY;
    let mask = [never, 0.0, never, 0.0];
    let raw: Vec<u8> = mask.iter().flat_map(|value| value.to_le_bytes()).collect();
    // As a tensor of the file, and as a node's.
    let held = Message::default().bytes(1, b"value").bytes(5, &tensor("", FLOAT, &[1, 4], &raw).0);
    let add = node("Add", &["x", "mask"], &["y"]);
    let files = [
        model(&[floats("mask", &[1, 4], &mask)], std::slice::from_ref(&add)),
        model(&[], &[node("Constant", &[], &["mask"]).bytes(5, &held.0), add.clone()]),
    ];
    for file in files {
        let mut model = load(&file);
        model.run();
        assert_eq!(model.output(0), Some(&Data::Float(mask.to_vec())));
    }
}

#[test]
fn weights_may_be_turned_as_often_as_exporters_turn_them() {
    const FEATURES: i64 = 3136;
    const UNITS: i64 = 1024;
    let weights = vec![0_u8; (FEATURES * UNITS * 4) as usize];
    let tensors = [tensor("w", FLOAT, &[UNITS, FEATURES], &weights)];
    let nodes = [node("Transpose", &["w"], &["turned"]), node("MatMul", &["x", "turned"], &["y"])];
    let model = load(&model_of(13, &[value("x", FLOAT, &[-1, FEATURES])], &tensors, &nodes));
    assert_eq!(model.outputs()[0].shape, [1, 1024]);
}

#[test]
fn integers_are_taken_where_onnx_has_them() {
    let least = integers("least", &[-1]);
    let most = integers("most", &[2]);
    let table: [(Message, [i64; 4]); 8] = [
        (node("Abs", &["n"], &["y"]), [3, 0, 2, 5]),
        (node("Neg", &["n"], &["y"]), [3, 0, -2, -5]),
        (node("Sign", &["n"], &["y"]), [-1, 0, 1, 1]),
        (node("Relu", &["n"], &["y"]), [0, 0, 2, 5]),
        (node("Clip", &["n", "least", "most"], &["y"]), [-1, 0, 2, 2]),
        (node("Clip", &["n", "", "most"], &["y"]), [-3, 0, 2, 2]),
        (node("Max", &["n", "least"], &["y"]), [-1, 0, 2, 5]),
        (node("Min", &["n", "most", "least"], &["y"]), [-3, -1, -1, -1]),
    ];
    for (node, expected) in table {
        let file = model_of(13, &[value("n", INT64, &[4])], &[least.clone(), most.clone()], &[node]);
        let mut model = load(&file);
        let Some(InputMut::Integer(n)) = model.input_mut(0) else { panic!() };
        n.copy_from_slice(&[-3, 0, 2, 5]);
        model.run();
        assert_eq!(model.output(0), Some(&Data::Integer(expected.to_vec())));
    }
}

#[test]
fn an_attribute_without_a_value_is_zero_as_whoever_leaves_out_zeros_wrote_it() {
    let written = |name: &str| Message::default().bytes(1, name.as_bytes());
    let with = |node: Message, name: &str| node.bytes(5, &written(name).0);
    let table = [
        // The first row's and not the last one's, which the default is.
        (vec![with(node("Softmax", &["x"], &["y"]), "axis")], [1.0; 4]),
        (vec![with(node("LeakyRelu", &["x"], &["y"]), "alpha")], [0.0, 0.0, 2.0, 5.0]),
        (
            vec![with(node("Constant", &[], &["c"]), "value_float"), node("Mul", &["x", "c"], &["y"])],
            [-0.0, 0.0, 0.0, 0.0],
        ),
        (
            vec![
                node("Squeeze", &["x"], &["s"]),
                with(node("ReduceMax", &["s"], &["m"]), "keepdims"),
                node("Add", &["x", "m"], &["y"]),
            ],
            [2.0, 5.0, 7.0, 10.0],
        ),
    ];
    for (nodes, expected) in table {
        let mut model = load(&model(&[], &nodes));
        give(&mut model, &[-3.0, 0.0, 2.0, 5.0]);
        assert_eq!(model.output(0).unwrap().floats(), expected);
    }
    // Without its dimension the sum is no row of a table.
    let sum = load(&model(&[], &[with(node("ReduceSum", &["x"], &["y"]), "keepdims")]));
    assert!(sum.outputs()[0].shape.is_empty());
    let number = load(&model(&[], &[with(node("Constant", &[], &["y"]), "value_int")]));
    assert_eq!(number.output(0), Some(&Data::Integer(vec![0])));
}

#[test]
fn a_reduction_along_no_axis_is_still_its_operator() {
    let x = [-3.0, 0.5, 2.0, 88.0];
    let table = [
        ("ReduceSum", x),
        ("ReduceMean", x),
        ("ReduceMax", x),
        ("ReduceMin", x),
        ("ReduceProd", x),
        // log(exp(x)), also where exp(x) is more than any number.
        ("ReduceLogSumExp", x),
        ("ReduceL1", [3.0, 0.5, 2.0, 88.0]),
        ("ReduceL2", [3.0, 0.5, 2.0, 88.0]),
        ("ReduceSumSquare", [9.0, 0.25, 4.0, 7744.0]),
    ];
    for (operator, expected) in table {
        for inputs in [&["x"][..], &["x", "none"]] {
            let node = with_integer(node(operator, inputs, &["y"]), "noop_with_empty_axes", 1);
            let file = model_of(18, &[value("x", FLOAT, &[-1, 4])], &[integers("none", &[])], &[node]);
            let mut model = load(&file);
            give(&mut model, &x);
            assert_eq!(model.output(0).unwrap().floats(), expected, "{operator}");
            assert_eq!(model.outputs()[0].shape, [1, 4]);
        }
    }
    let node = with_integer(node("ReduceSumSquare", &["n"], &["y"]), "noop_with_empty_axes", 1);
    let mut model = load(&model_of(18, &[value("n", INT64, &[2])], &[], &[node]));
    let Some(InputMut::Integer(n)) = model.input_mut(0) else { panic!() };
    n.copy_from_slice(&[-3, 5]);
    model.run();
    assert_eq!(model.output(0), Some(&Data::Integer(vec![9, 25])));
}

#[test]
fn an_operator_that_takes_one_kind_of_numbers_says_which() {
    let refusal = |kind: i64, node: Message| {
        let inputs = [value("n", kind, &[4])];
        Model::load(&model_of(13, &inputs, &[], &[node])).err().map(|error| error.to_string())
    };
    let table = [
        (
            FLOAT,
            node("Mod", &["n", "n"], &["y"]),
            "operator Mod (node `y`): expected elements of integers, found float",
        ),
        (
            INT64,
            with_integer(node("Mod", &["n", "n"], &["y"]), "fmod", 1),
            "operator Mod (node `y`): attribute `fmod`: expected 0, found 1",
        ),
        (
            INT64,
            node("PRelu", &["n", "n"], &["y"]),
            "operator PRelu (node `y`): expected elements of float, found int64",
        ),
        (INT64, node("Pow", &["n", "n"], &["y"]), "operator Pow (node `y`): expected elements of float, found int64"),
        (INT64, node("Sum", &["n", "n"], &["y"]), "operator Sum (node `y`): expected elements of float, found int64"),
    ];
    for (kind, node, expected) in table {
        assert_eq!(refusal(kind, node).as_deref(), Some(expected));
    }
}
