//! Files that somebody made to do harm, or that were damaged: refused or run, never a panic, and never dear.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod common;

use std::fs::{read, read_dir};
use std::time::{Duration, Instant};

use common::folder;
use common::writer::{Message, floats, integers, model, node, with_integer};
use palaestra_onnx::{LoadError, Model};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, proptest};

/// The smaller models of the library exports.
fn models() -> Vec<Vec<u8>> {
    let files = read_dir(folder().join("models")).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().unwrap() == "onnx").map(|path| read(path).unwrap());
    let mut models: Vec<_> = files.filter(|file| file.len() < 20_000).collect();
    models.sort();
    models
}

fn load_and_run(file: &[u8]) {
    if let Ok(mut model) = Model::load(file) {
        model.run();
    }
}

#[test]
fn a_file_that_ends_too_early_is_refused() {
    for file in models() {
        for end in (0..file.len()).step_by(7).filter(|end| *end + 30 < file.len()) {
            assert!(Model::load(&file[..end]).is_err(), "{end} of {}", file.len());
        }
    }
}

/// A model with some bytes changed.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let models = models();
    let count = models.len();
    let changes = proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6);
    (0..count, changes, Just(models)).prop_map(|(number, changes, mut models)| {
        let mut file = models.swap_remove(number);
        for (place, byte) in changes {
            let place = place.index(file.len());
            file[place] = byte;
        }
        file
    })
}

/// A model of nodes drawn from all operators, with operands drawn from a few values of different shapes.
fn drawn() -> impl Strategy<Value = Vec<u8>> {
    const OPERATORS: &str = "Add Div Pow Mod Max Equal Where Cast Reshape Flatten Squeeze Unsqueeze Transpose Expand Tile \
        Slice Split Concat Pad Gather GatherElements OneHot ArgMax ReduceSum ReduceLogSumExp Softmax Gemm MatMul Conv MaxPool \
        AveragePool GlobalAveragePool BatchNormalization LayerNormalization LSTM GRU ConstantOfShape Range Shape Clip";
    const NAMES: [&str; 9] = ["x", "scalar", "zero", "matrix", "cube", "picture", "one", "many", ""];
    const ATTRIBUTES: [&str; 6] = ["axis", "keepdims", "to", "transB", "group", "ceil_mode"];
    let operators: Vec<&str> = OPERATORS.split_whitespace().collect();
    let drawn = (
        proptest::sample::select(operators),
        proptest::collection::vec(any::<proptest::sample::Index>(), 1..5),
        proptest::sample::select(&ATTRIBUTES[..]),
        -3..9_i64,
        proptest::collection::vec(-2..5_i64, 0..4),
    );
    proptest::collection::vec(drawn, 1..6).prop_map(|nodes| {
        let tensors = [
            floats("scalar", &[], &[0.5]),
            floats("zero", &[0, 3], &[]),
            floats("matrix", &[4, 4], &[0.25; 16]),
            floats("cube", &[1, 4, 4], &[0.25; 16]),
            floats("picture", &[1, 2, 4, 2], &[0.25; 16]),
            integers("one", &[1]),
            integers("many", &[1, 0, -1, 4]),
            integers("starts", &[2, 3]),
            integers("ends", &[4, 4]),
            integers("equal", &[1, 1]),
            integers("opposite", &[1, -1]),
        ];
        let mut names: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
        let count = nodes.len();
        let nodes = nodes.into_iter().enumerate().map(|(number, (operator, inputs, attribute, value, list))| {
            let mut inputs: Vec<&str> = inputs.iter().map(|index| index.get(&names).as_str()).collect();
            // Lists of one length, and axes that are one, would hardly ever be drawn.
            if operator == "Slice" && value < 3 {
                inputs.truncate(1);
                inputs.extend(["starts", "ends", if value % 2 == 0 { "equal" } else { "opposite" }]);
            }
            let output = if number + 1 == count { "y".to_owned() } else { format!("n{number}") };
            let mut node = with_integer(node(operator, &inputs, &[&output]), attribute, value);
            for name in ["kernel_shape", "axes", "perm", "strides"] {
                let list = list
                    .iter()
                    .fold(Message::default().bytes(1, name.as_bytes()), |message, value| message.integer(8, *value));
                node = if (value + list.0.len() as i64) % 3 == 0 { node.bytes(5, &list.0) } else { node };
            }
            names.push(output);
            node
        });
        model(&tensors, &nodes.collect::<Vec<_>>())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files_are_refused_or_run(file in damaged()) {
        load_and_run(&file);
    }

    #[test]
    fn drawn_graphs_are_refused_or_run(file in drawn()) {
        load_and_run(&file);
    }

    #[test]
    fn any_bytes_are_refused(file in proptest::collection::vec(any::<u8>(), 0..300)) {
        load_and_run(&file);
    }
}

/// Nodes that each make the one before twice as large.
fn doubling(count: usize) -> Vec<u8> {
    let names: Vec<String> = (0..count).map(|number| format!("n{number}")).chain(["y".to_owned()]).collect();
    let first = node("Concat", &["x", "x"], &[&names[0]]);
    let nodes = names.windows(2).map(|pair| node("Concat", &[&pair[0], &pair[0]], &[&pair[1]]));
    let nodes: Vec<Message> = std::iter::once(first).chain(nodes).map(|node| with_integer(node, "axis", 1)).collect();
    model(&[], &nodes)
}

#[test]
fn small_files_with_much_work_are_refused_at_once() {
    let square = |times: usize| {
        let names: Vec<String> = (0..times).map(|number| format!("n{number}")).chain(["y".to_owned()]).collect();
        let stretch = [
            node("ReduceSum", &["x"], &["r"]),
            node("Add", &["b", "r"], &["a"]),
            node("Gemm", &["b", "a"], &[&names[0]]),
        ];
        let nodes = names.windows(2).map(|pair| node("MatMul", &["b", &pair[0]], &[&pair[1]]));
        let tensors = [integers("s", &[1000, 1000]), floats("o", &[1, 1], &[1.0])];
        let wide = node("Expand", &["o", "s"], &["b"]);
        model(&tensors, &std::iter::once(wide).chain(stretch).chain(nodes).collect::<Vec<_>>())
    };
    // One list that every node reads.
    let reductions = |list: &[i64]| {
        let names: Vec<String> =
            ["x".to_owned()].into_iter().chain((0..5_000).map(|number| format!("n{number}"))).collect();
        let nodes = names.windows(2).map(|pair| node("ReduceSum", &[&pair[0], "list"], &[&pair[1]]));
        let last = node("Identity", &["n4999"], &["y"]);
        model(&[integers("list", list)], &nodes.chain([last]).collect::<Vec<_>>())
    };
    assert!(Model::load(&reductions(&[1])).is_ok());
    let recurrent = |lengths: &[i64]| {
        let weights = floats("w", &[1, 4, 4], &[0.25; 16]);
        let tensors = [weights, floats("r", &[1, 4, 1], &[0.25; 4]), integers("list", lengths), integers("zero", &[0])];
        let nodes =
            [node("Unsqueeze", &["x", "zero"], &["steps"]), node("LSTM", &["steps", "w", "r", "", "list"], &["", "y"])];
        model(&tensors, &nodes)
    };
    assert!(Model::load(&recurrent(&[1])).is_ok());
    let lists = [reductions(&[0; 37_000]), reductions(&[0; 9]), recurrent(&[1; 37_000]), recurrent(&[1; 2])];
    for file in [doubling(60), square(3), square(500)].into_iter().chain(lists) {
        let began = Instant::now();
        let refused = Model::load(&file).err();
        assert!(matches!(refused, Some(LoadError::Node { .. })), "{refused:?}");
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    }
}

#[test]
fn more_nodes_than_any_policy_has_are_refused() {
    let nodes: Vec<Message> = (0..10_001).map(|number| node("Relu", &["x"], &[&format!("n{number}")])).collect();
    let refused = Model::load(&model(&[], &nodes)).err();
    assert_eq!(refused, Some(LoadError::TooLarge { what: "nodes", most: 10_000, found: 10_001 }));
}
