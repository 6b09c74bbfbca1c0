//! How much memory a line would take once it is read, told by its punctuation before anything is.

/// Of a number, a text or a flag in a list, with the room a list has to spare while it grows.
const VALUE: usize = 64;
/// Of a list, beside its values: four values of room are there from the first one on.
const LIST: usize = 160;
/// Of an object, beside its members: one node of a tree, with room for eleven.
const OBJECT: usize = 700;
/// Of a member of an object: its name, and its part of the tree.
const MEMBER: usize = 120;

/// An upper bound in bytes, or nearly; it takes one pass and no memory.
pub(crate) fn weight(line: &[u8]) -> usize {
    let (mut sum, mut in_text, mut escaped) = (line.len().saturating_add(VALUE), false, false);
    for byte in line {
        if in_text {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_text = false,
                _ => {}
            }
            continue;
        }
        sum = sum.saturating_add(match byte {
            b'"' => {
                in_text = true;
                0
            }
            b',' => VALUE,
            b'[' => LIST,
            b'{' => OBJECT,
            b':' => MEMBER,
            _ => 0,
        });
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_text_weighs_no_more_than_its_bytes() {
        assert_eq!(weight(br#""[{,:\"[{""#), 10 + VALUE);
        assert_eq!(weight(br#"{"a":[1,2]}"#), 11 + VALUE + OBJECT + MEMBER + LIST + VALUE);
        assert_eq!(weight(br#"{"\\":[]}"#), 9 + VALUE + OBJECT + MEMBER + LIST);
    }
}
