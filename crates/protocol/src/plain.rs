//! Plain values: keyword arguments and reset options, which may have any shape that JSON has.
//!
//! ```text
//! 0                       null
//! 1, 2                    false, true
//! 3 │ i64                 an integer
//! 4 │ u64                 one beyond the range of i64
//! 5 │ f64                 any other number
//! 6 │ text                UTF-8 behind its length, u32
//! 7 │ count u32           a list; its items follow
//! 8 │ count u32           an object; a text and a value for each member follow, the names in order
//! ```
//!
//! A page reads the JavaScript values of its caller once, into this. What crosses to the Worker and what stands in the record
//! are both made of these bytes, so that they cannot differ.
use crate::wire::{self, ProtocolError};

/// Values within values: a JavaScript object can hold itself.
pub const DEEPEST: u32 = 100;

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const INTEGER: u8 = 3;
const COUNT: u8 = 4;
const NUMBER: u8 = 5;
const TEXT: u8 = 6;
const LIST: u8 = 7;
const OBJECT: u8 = 8;

/// Writes a plain value, part after part. A list or an object says how many parts it has before they follow.
#[derive(Clone, Debug, Default)]
pub struct PlainWriter {
    bytes: Vec<u8>,
}

impl PlainWriter {
    /// An empty writer.
    pub fn new() -> Self {
        Self::default()
    }

    /// What has been written, given away.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Nothing.
    pub fn null(&mut self) {
        self.bytes.push(NULL);
    }

    /// A flag.
    pub fn flag(&mut self, value: bool) {
        self.bytes.push(if value { TRUE } else { FALSE });
    }

    /// An integer.
    pub fn integer(&mut self, value: i64) {
        self.bytes.push(INTEGER);
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// An integer that is not negative.
    pub fn count(&mut self, value: u64) {
        match i64::try_from(value) {
            Ok(value) => self.integer(value),
            Err(_) => {
                self.bytes.push(COUNT);
                self.bytes.extend_from_slice(&value.to_le_bytes());
            }
        }
    }

    /// Any other number.
    pub fn number(&mut self, value: f64) {
        self.bytes.push(NUMBER);
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// A text.
    pub fn text(&mut self, value: &str) {
        self.bytes.push(TEXT);
        wire::put_block(value.as_bytes(), &mut self.bytes);
    }

    /// A list of so many items, which follow.
    pub fn list(&mut self, count: usize) {
        self.head(LIST, count);
    }

    /// An object of so many members, which follow: of each its [`name`](Self::name) and its value.
    pub fn object(&mut self, count: usize) {
        self.head(OBJECT, count);
    }

    /// The name of a member.
    pub fn name(&mut self, name: &str) {
        wire::put_block(name.as_bytes(), &mut self.bytes);
    }

    fn head(&mut self, kind: u8, count: usize) {
        self.bytes.push(kind);
        self.bytes.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
    }
}

/// What takes a plain value in, part after part.
pub trait PlainVisitor {
    /// What becomes of a value.
    type Value;

    /// A null, a flag, a number or a text.
    fn scalar(&mut self, value: Scalar<'_>) -> Self::Value;

    /// A list.
    fn list(&mut self, items: Vec<Self::Value>) -> Self::Value;

    /// An object.
    fn object(&mut self, members: Vec<(&str, Self::Value)>) -> Self::Value;
}

/// A value without parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// Nothing.
    Null,
    /// A flag.
    Flag(bool),
    /// An integer.
    Integer(i64),
    /// An integer beyond the range of i64.
    Count(u64),
    /// Any other number.
    Number(f64),
    /// A text.
    Text(&'a str),
}

/// Reads one plain value, which has to be all there is.
///
/// # Errors
/// [`ProtocolError`] for bytes that are none.
pub fn read_plain<V: PlainVisitor>(mut bytes: &[u8], visitor: &mut V) -> Result<V::Value, ProtocolError> {
    let value = next(&mut bytes, visitor, DEEPEST)?;
    wire::end(bytes)?;
    Ok(value)
}

fn next<V: PlainVisitor>(rest: &mut &[u8], visitor: &mut V, depth: u32) -> Result<V::Value, ProtocolError> {
    let depth = depth.checked_sub(1).ok_or(ProtocolError::TooDeep)?;
    let scalar = match wire::byte(rest)? {
        NULL => Scalar::Null,
        FALSE => Scalar::Flag(false),
        TRUE => Scalar::Flag(true),
        INTEGER => Scalar::Integer(i64::from_le_bytes(wire::array(rest)?)),
        COUNT => Scalar::Count(wire::u64(rest)?),
        NUMBER => Scalar::Number(wire::f64(rest)?),
        TEXT => Scalar::Text(wire::text(rest)?),
        LIST => {
            // A count is not trusted to reserve memory.
            let count = wire::u32(rest)?;
            let mut items = Vec::new();
            for _ in 0..count {
                items.push(next(rest, visitor, depth)?);
            }
            return Ok(visitor.list(items));
        }
        OBJECT => {
            let count = wire::u32(rest)?;
            let mut members = Vec::new();
            for _ in 0..count {
                let name = wire::text(rest)?;
                members.push((name, next(rest, visitor, depth)?));
            }
            return Ok(visitor.object(members));
        }
        found => return Err(ProtocolError::UnknownKind { of: "value", found }),
    };
    Ok(visitor.scalar(scalar))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows a value as text.
    struct Shown;

    impl PlainVisitor for Shown {
        type Value = String;

        fn scalar(&mut self, value: Scalar<'_>) -> String {
            format!("{value:?}")
        }

        fn list(&mut self, items: Vec<String>) -> String {
            format!("[{}]", items.join(","))
        }

        fn object(&mut self, members: Vec<(&str, String)>) -> String {
            let members: Vec<String> = members.iter().map(|(name, value)| format!("{name}:{value}")).collect();
            format!("{{{}}}", members.join(","))
        }
    }

    fn every_kind() -> Vec<u8> {
        let mut writer = PlainWriter::new();
        writer.object(2);
        writer.name("all");
        writer.list(8);
        writer.null();
        writer.flag(false);
        writer.flag(true);
        writer.integer(i64::MIN);
        writer.count(7);
        writer.count(u64::MAX);
        writer.number(-0.5);
        writer.text("é\n");
        writer.name("none");
        writer.object(0);
        writer.into_bytes()
    }

    #[test]
    fn a_value_of_every_kind_reads_back() {
        let expected = r#"{all:[Null,Flag(false),Flag(true),Integer(-9223372036854775808),Integer(7),Count(18446744073709551615),Number(-0.5),Text("é\n")],none:{}}"#;
        assert_eq!(read_plain(&every_kind(), &mut Shown).unwrap(), expected);
    }

    #[test]
    fn cut_or_damaged_bytes_are_errors_or_other_values_and_never_a_panic() {
        let whole = every_kind();
        for end in 0..whole.len() {
            assert!(read_plain(&whole[..end], &mut Shown).is_err(), "{end}");
        }
        for at in 0..whole.len() {
            for byte in [0, 3, 7, 8, 99, 255] {
                let mut damaged = whole.clone();
                damaged[at] = byte;
                let _ = read_plain(&damaged, &mut Shown);
            }
        }
        let longer: Vec<u8> = whole.iter().copied().chain([0]).collect();
        assert_eq!(read_plain(&longer, &mut Shown), Err(ProtocolError::Trailing { left: 1 }));
    }

    #[test]
    fn what_is_nested_too_deep_is_refused() {
        let mut writer = PlainWriter::new();
        (0..DEEPEST).for_each(|_| writer.list(1));
        writer.null();
        assert_eq!(read_plain(&writer.into_bytes(), &mut Shown), Err(ProtocolError::TooDeep));
    }

    #[test]
    fn a_count_that_promises_more_than_there_is_reserves_nothing() {
        assert!(read_plain(&[LIST, 255, 255, 255, 255], &mut Shown).is_err());
        assert!(read_plain(&[OBJECT, 255, 255, 255, 255, 0], &mut Shown).is_err());
    }
}
