//! A small network with a memory, for seats of `Foraging-8x8-3p-4f-v3`: `h_out = tanh(obs · W + h_in · U)`, `logits = h_out · V`.
#[path = "../../../onnx/tests/common/writer.rs"]
#[allow(dead_code, reason = "a network needs a part of it")]
mod writer;

use palaestra_env::SeededRng;
use writer::{FLOAT, Message, floats, node, value};

const SEEN: i64 = 21;
const MEMORY: i64 = 8;
const ACTIONS: i64 = 6;

/// What its manifest says.
pub(crate) const MANIFEST: &str = r#"{"inputs": {"h_in": {"state": "h_out"}}, "sample": true}"#;

/// The file; another seed has other weights.
pub(crate) fn recurrent(seed: u64) -> Vec<u8> {
    let mut rng = SeededRng::new(seed);
    let mut weights = |name: &str, rows: i64, columns: i64, size: f64| {
        let values: Vec<f32> = (0..rows * columns).map(|_| rng.uniform(-size, size) as f32).collect();
        floats(name, &[rows, columns], &values)
    };
    // The memory goes its own ways: what it was some ticks ago shows in what is done now.
    let tensors =
        [weights("w", SEEN, MEMORY, 0.2), weights("u", MEMORY, MEMORY, 1.5), weights("v", MEMORY, ACTIONS, 2.0)];
    let nodes = [
        node("MatMul", &["obs", "w"], &["seen"]),
        node("MatMul", &["h_in", "u"], &["remembered"]),
        node("Add", &["seen", "remembered"], &["sum"]),
        node("Tanh", &["sum"], &["h_out"]),
        node("MatMul", &["h_out", "v"], &["logits"]),
    ];
    let graph = nodes.iter().fold(Message::default(), |graph, node| graph.bytes(1, &node.0));
    let graph = tensors.iter().fold(graph, |graph, tensor| graph.bytes(5, &tensor.0));
    let inputs = [value("obs", FLOAT, &[1, SEEN]), value("h_in", FLOAT, &[1, MEMORY])];
    let graph = inputs.iter().fold(graph, |graph, input| graph.bytes(11, &input.0));
    let outputs = [value("logits", FLOAT, &[1, ACTIONS]), value("h_out", FLOAT, &[1, MEMORY])];
    let graph = outputs.iter().fold(graph, |graph, output| graph.bytes(12, &output.0));
    let operators = Message::default().integer(2, 17);
    Message::default().integer(1, 8).bytes(7, &graph.0).bytes(8, &operators.0).0
}
