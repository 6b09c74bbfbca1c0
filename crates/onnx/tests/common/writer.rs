//! Writes ONNX files, also wrong ones: just enough of protocol buffers for that.

/// A message under construction.
#[derive(Clone, Default)]
pub(crate) struct Message(pub(crate) Vec<u8>);

impl Message {
    pub(crate) fn integer(mut self, field: u8, value: i64) -> Self {
        self.0.push(field << 3);
        self.varint(value as u64);
        self
    }

    pub(crate) fn bytes(mut self, field: u8, bytes: &[u8]) -> Self {
        self.0.push(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
        self
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}

pub(crate) const FLOAT: i64 = 1;
pub(crate) const INT64: i64 = 7;

/// A tensor whose elements are these bytes.
pub(crate) fn tensor(name: &str, kind: i64, dims: &[i64], raw: &[u8]) -> Message {
    let message = dims.iter().fold(Message::default(), |message, size| message.integer(1, *size));
    message.integer(2, kind).bytes(8, name.as_bytes()).bytes(9, raw)
}

pub(crate) fn floats(name: &str, dims: &[i64], values: &[f32]) -> Message {
    tensor(name, FLOAT, dims, &values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<_>>())
}

pub(crate) fn integers(name: &str, values: &[i64]) -> Message {
    let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    tensor(name, INT64, &[values.len() as i64], &raw)
}

pub(crate) fn node(operator: &str, inputs: &[&str], outputs: &[&str]) -> Message {
    let message = inputs.iter().fold(Message::default(), |message, name| message.bytes(1, name.as_bytes()));
    let message = outputs.iter().fold(message, |message, name| message.bytes(2, name.as_bytes()));
    message.bytes(4, operator.as_bytes())
}

pub(crate) fn with_integer(node: Message, name: &str, value: i64) -> Message {
    node.bytes(5, &Message::default().bytes(1, name.as_bytes()).integer(3, value).0)
}

pub(crate) fn with_list(node: Message, name: &str, values: &[i64]) -> Message {
    let list = values.iter().fold(Message::default().bytes(1, name.as_bytes()), |list, value| list.integer(8, *value));
    node.bytes(5, &list.0)
}

/// An input or output; a size of −1 stands for a batch.
pub(crate) fn value(name: &str, kind: i64, dims: &[i64]) -> Message {
    let dimension = |size: i64| match size {
        -1 => Message::default().bytes(2, b"batch"),
        size => Message::default().integer(1, size),
    };
    let shape = dims.iter().fold(Message::default(), |shape, size| shape.bytes(1, &dimension(*size).0));
    let tensor = Message::default().integer(1, kind).bytes(2, &shape.0);
    Message::default().bytes(1, name.as_bytes()).bytes(2, &Message::default().bytes(1, &tensor.0).0)
}

/// A file with an input `x` of [1, 4], an output `y`, and these tensors and nodes.
pub(crate) fn model(tensors: &[Message], nodes: &[Message]) -> Vec<u8> {
    model_of(13, &[value("x", FLOAT, &[-1, 4])], tensors, nodes)
}

pub(crate) fn model_of(operator_set: i64, inputs: &[Message], tensors: &[Message], nodes: &[Message]) -> Vec<u8> {
    model_with(operator_set, inputs, &["y"], tensors, nodes)
}

/// A file with these outputs.
pub(crate) fn model_with(
    operator_set: i64,
    inputs: &[Message],
    outputs: &[&str],
    tensors: &[Message],
    nodes: &[Message],
) -> Vec<u8> {
    let graph = nodes.iter().fold(Message::default(), |graph, node| graph.bytes(1, &node.0));
    let graph = tensors.iter().fold(graph, |graph, tensor| graph.bytes(5, &tensor.0));
    let graph = inputs.iter().fold(graph, |graph, input| graph.bytes(11, &input.0));
    let graph = outputs.iter().fold(graph, |graph, name| graph.bytes(12, &value(name, FLOAT, &[]).0));
    let operators = Message::default().integer(2, operator_set);
    Message::default().integer(1, 8).bytes(7, &graph.0).bytes(8, &operators.0).0
}
