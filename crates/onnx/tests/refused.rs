//! What is wrong with a file is named when it is loaded.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod common;

use common::writer::{
    FLOAT, INT64, Message, floats, integers, model, model_of, node, tensor, value, with_integer, with_list,
};
use palaestra_onnx::{LoadError, Model};

fn refusal(file: &[u8]) -> String {
    match Model::load(file) {
        Ok(_) => panic!("expected a refusal"),
        Err(error) => error.to_string(),
    }
}

/// Each file, and what its refusal says.
fn table() -> Vec<(Vec<u8>, &'static str)> {
    let weight = || floats("w", &[2, 4], &[0.5; 8]);
    let linear = || with_integer(node("Gemm", &["x", "w"], &["y"]), "transB", 1);
    let constant = |dims: &[i64]| {
        model(&[integers("s", dims)], &[node("ConstantOfShape", &["s"], &["z"]), node("Add", &["x", "z"], &["y"])])
    };
    // 2³² elements under its window, which a wasm module counts as none.
    let wide_pool = [("kernel_shape", 2), ("strides", 2), ("pads", 4)]
        .into_iter()
        .fold(node("MaxPool", &["w"], &["y"]), |node, (name, len)| with_list(node, name, &[65536; 4][..len]));
    vec![
        (model(&[], &[node("Einsum", &["x"], &["y"])]), "operator Einsum (node `y`): this operator is not supported"),
        (
            model(&[], &[node("Relu", &["x"], &["y"]).bytes(7, b"com.microsoft")]),
            "operator com.microsoft.Relu (node `y`): this operator is not supported",
        ),
        (
            model(&[weight()], &[node("Gemm", &["x", "w"], &["y"])]),
            "operator Gemm (node `y`): expected two matrices, the second with as many rows as the first has columns, found [[1, 4], [2, 4]]",
        ),
        (
            model(&[integers("w", &[1, 2])], &[node("Add", &["x", "w"], &["y"])]),
            "operator Add (node `y`): expected elements of one type, found float and int64",
        ),
        (
            model(&[tensor("w", 10, &[1], &[0, 0])], &[node("Add", &["x", "w"], &["y"])]),
            "`w`: expected elements of float, double, int64, int32, int8, uint8 or bool, found float16",
        ),
        (
            model(&[floats("w", &[2, 4], &[0.0, 1.0, f32::INFINITY, 0.0, 0.0, 0.0, 0.0, 0.0])], &[linear()]),
            "`w`: expected finite numbers, found another in place 2",
        ),
        (
            model(&[floats("w", &[], &[f32::NAN])], &[node("Add", &["x", "w"], &["y"])]),
            "`w`: expected finite numbers, found another in place 0",
        ),
        (model(&[floats("w", &[2, 4], &[0.0; 7])], &[linear()]), "`w`: expected 8 elements by its shape, found 7"),
        (
            model(&[tensor("w", FLOAT, &[2, 4], &[0; 33])], &[linear()]),
            "`w`: expected 8 elements by its shape, found 9",
        ),
        (
            model(&[weight().integer(14, 1)], &[linear()]),
            "`w`: expected its numbers in this file, found them kept in another",
        ),
        (model(&[tensor("w", FLOAT, &[-2, 4], &[])], &[linear()]), "`w`: expected sizes of 0 and more, found [-2, 4]"),
        (
            model(&[], &[node("Relu", &["nowhere"], &["y"])]),
            "operator Relu (node `y`): expected inputs that the graph has, found `nowhere`, which nothing computes",
        ),
        (
            model(&[], &[node("Add", &["x", "y"], &["z"]), node("Relu", &["z"], &["y"])]),
            "operator Add (node `z`): expected nodes in the order of their computation, found input `y` computed only after it",
        ),
        (
            model(&[], &[node("Relu", &["y"], &["y"])]),
            "operator Relu (node `y`): expected nodes in the order of their computation, found input `y` computed only after it",
        ),
        (
            model(&[], &[node("Relu", &["x"], &["y"]), node("Abs", &["x"], &["y"])]),
            "expected one value of the name `y`, found two",
        ),
        (model(&[], &[node("Relu", &["x"], &["z"])]), "output `y`: expected a node that computes it, found none"),
        (model(&[], &[node("Relu", &[], &["y"])]), "operator Relu (node `y`): expected input 0, found none"),
        (
            model(&[], &[node("Dropout", &["x"], &["y", "mask"])]),
            "operator Dropout (node `y`): its output `mask` is not supported",
        ),
        (
            model_of(
                13,
                &[value("x", FLOAT, &[1, 4]), value("s", INT64, &[2])],
                &[],
                &[node("Reshape", &["x", "s"], &["y"])],
            ),
            "operator Reshape (node `y`): expected input 1 to be known when the model is loaded, found one that depends on inputs",
        ),
        (
            model_of(29, &[value("x", FLOAT, &[1, 4])], &[], &[node("Relu", &["x"], &["y"])]),
            "expected ONNX's operator set 7 to 28, found 29",
        ),
        (
            model_of(13, &[value("x", 8, &[1])], &[], &[node("Identity", &["x"], &["y"])]),
            "`x`: expected elements of float, double, int64, int32, int8, uint8 or bool, found string",
        ),
        (
            model_of(13, &[Message::default().bytes(1, b"x")], &[], &[node("Identity", &["x"], &["y"])]),
            "`x`: expected elements of a tensor, found another type",
        ),
        (
            constant(&[4000, 4000]),
            "operator ConstantOfShape (node `z`): expected at most 8388608 computed elements in all, found more",
        ),
        (
            constant(&[1 << 40, 1 << 40]),
            "operator ConstantOfShape (node `z`): expected at most 134217728 elements of a value in all, found more",
        ),
        (
            model(
                &[integers("starts", &[2, 3]), integers("ends", &[4, 4]), integers("axes", &[1, -1])],
                &[node("Slice", &["x", "starts", "ends", "axes"], &["y"])],
            ),
            "operator Slice (node `y`): expected different axes, found 1 twice",
        ),
        (
            model(&[floats("w", &[1, 1, 4, 4], &[0.5; 16])], &[wide_pool]),
            "operator MaxPool (node `y`): expected at most 268435456 operations in all, found more",
        ),
        (constant(&[1; 9]), "operator ConstantOfShape (node `z`): expected at most 8 dimensions in all, found more"),
        (
            model(&[], &[node("LSTM", &["x", "x", "x"], &["y"])]),
            "operator LSTM (node `y`): expected inputs of time, batch and features, found [1, 4] as input 0",
        ),
        (vec![], "expected an ONNX file, found a ModelProto with no graph"),
        (
            b"<html>not found</html>".to_vec(),
            "expected an ONNX file, found a ModelProto with a field of an unknown kind",
        ),
    ]
}

#[test]
fn what_is_wrong_is_named() {
    for (file, expected) in table() {
        assert_eq!(refusal(&file), expected);
    }
}

#[test]
fn names_from_a_file_are_cut_and_cannot_change_the_line() {
    let name = format!("a\n{}", "b".repeat(500));
    let message = refusal(&model(&[], &[node(&name, &["x"], &["y"])]));
    assert!(message.len() < 200 && !message.contains('\n'), "{message}");
}

#[test]
fn a_graph_without_outputs_is_refused() {
    let graph = Message::default().bytes(1, &node("Relu", &["x"], &["y"]).0);
    let file = Message::default().bytes(7, &graph.0).bytes(8, &Message::default().integer(2, 13).0).0;
    assert_eq!(Model::load(&file).err(), Some(LoadError::NoOutput));
}
