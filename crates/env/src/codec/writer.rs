use crate::value::{Tensor, Value};

/// Writes members of a space. An environment calls the method of each part in the space's own order.
#[derive(Clone, Debug, Default)]
pub struct ValueWriter {
    bytes: Vec<u8>,
}

impl ValueWriter {
    /// An empty writer.
    pub fn new() -> Self {
        Self::default()
    }

    /// What has been written.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets what has been written and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    /// How many bytes have been written.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing has been written.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// A member of a Discrete space, or one element of a MultiDiscrete.
    pub fn discrete(&mut self, value: i64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// Elements of a MultiBinary or of a uint8 Box.
    pub fn u8s(&mut self, values: &[u8]) {
        self.bytes.extend_from_slice(values);
    }

    /// Elements of an int8 Box.
    pub fn i8s(&mut self, values: &[i8]) {
        self.bytes.extend(values.iter().map(|v| *v as u8));
    }

    /// Elements of an int32 Box.
    pub fn i32s(&mut self, values: &[i32]) {
        self.put(values.iter().map(|v| v.to_le_bytes()));
    }

    /// Elements of an int64 Box, or of a MultiDiscrete.
    pub fn i64s(&mut self, values: &[i64]) {
        self.put(values.iter().map(|v| v.to_le_bytes()));
    }

    /// Elements of a float32 Box.
    pub fn f32s(&mut self, values: &[f32]) {
        self.put(values.iter().map(|v| v.to_le_bytes()));
    }

    /// Elements of a float64 Box.
    pub fn f64s(&mut self, values: &[f64]) {
        self.put(values.iter().map(|v| v.to_le_bytes()));
    }

    /// A member of a Text space.
    pub fn text(&mut self, value: &str) {
        self.count(value.len());
        self.bytes.extend_from_slice(value.as_bytes());
    }

    /// The length of a Sequence; its members follow.
    pub fn sequence(&mut self, len: usize) {
        self.count(len);
    }

    /// Which alternative of a OneOf; its member follows. Of an [optional](Space::optional): 0 is nothing, 1 the member.
    pub fn one_of(&mut self, index: u8) {
        self.bytes.push(index);
    }

    /// A member of [`Space::Bool`].
    pub fn bool(&mut self, value: bool) {
        self.bytes.push(value.into());
    }

    /// A whole member of any space.
    pub fn value(&mut self, value: &Value) {
        match value {
            Value::Discrete(value) => self.discrete(*value),
            Value::Tensor(Tensor::F32(v)) => self.f32s(v),
            Value::Tensor(Tensor::F64(v)) => self.f64s(v),
            Value::Tensor(Tensor::U8(v)) => self.u8s(v),
            Value::Tensor(Tensor::I8(v)) => self.i8s(v),
            Value::Tensor(Tensor::I32(v)) => self.i32s(v),
            Value::Tensor(Tensor::I64(v)) => self.i64s(v),
            Value::MultiDiscrete(values) => self.i64s(values),
            Value::MultiBinary(values) => self.u8s(values),
            Value::Tuple(values) | Value::Dict(values) => values.iter().for_each(|v| self.value(v)),
            Value::Text(text) => self.text(text),
            Value::Sequence(values) => {
                self.sequence(values.len());
                values.iter().for_each(|v| self.value(v));
            }
            Value::OneOf(index, value) => {
                self.one_of(u8::try_from(*index).unwrap_or(u8::MAX));
                self.value(value);
            }
            Value::None => {}
            Value::Bool(value) => self.bool(*value),
        }
    }

    /// Number by number: a compiler makes one store of each, and of a flattened iterator one of each byte.
    fn put<const N: usize>(&mut self, numbers: impl Iterator<Item = [u8; N]>) {
        numbers.for_each(|number| self.bytes.extend_from_slice(&number));
    }

    fn count(&mut self, count: usize) {
        // 4 GiB of text in one observation is refused by the buffer's own limits long before this saturates.
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.bytes.extend_from_slice(&count.to_le_bytes());
    }
}
