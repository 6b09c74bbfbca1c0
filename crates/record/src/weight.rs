//! How much memory a line would take once it is read, told by its punctuation before anything is.

/// Of a number, a text or a flag in a list, with the room a list has to spare while it grows.
const VALUE: usize = 64;
/// Of a list, beside its values: four values of room are there from the first one on. A list of no more than four numbers or flags takes
/// nothing else; a text has memory of its own, and so have the values of a longer list.
const LIST: usize = 160;
/// Of an object, beside its members: one node of a tree, with room for eleven.
const OBJECT: usize = 700;
/// Of a member of an object: its name, and its part of the tree.
const MEMBER: usize = 120;

/// An upper bound in bytes, or nearly; it takes one pass and no memory.
pub(crate) fn weight(line: &[u8]) -> usize {
    let mut sum = line.len().saturating_add(VALUE);
    // What the commas of the innermost list would have weighed, while it may still be a short one of numbers and flags. As soon as it is
    // another, they weigh that: so no list weighs less than it takes, wherever its values stand.
    let mut spared = None;
    for byte in outside_texts(line) {
        sum = sum.saturating_add(match byte {
            // NaN and Infinity, the bare names, are read as texts.
            b'"' | b'N' | b'I' => spared.take().unwrap_or(0),
            b',' => match &mut spared {
                Some(commas) if *commas < 3 * VALUE => {
                    *commas += VALUE;
                    0
                }
                _ => VALUE + spared.take().unwrap_or(0),
            },
            b'[' => LIST + spared.replace(0).unwrap_or(0),
            b'{' => OBJECT + spared.take().unwrap_or(0),
            b']' | b'}' => {
                spared = None;
                0
            }
            b':' => MEMBER,
            _ => 0,
        });
    }
    sum
}

/// How many lists and objects stand within one another in a text that is JSON. What was read of it does not say: of two members of the same
/// name only the last one is left.
pub(crate) fn depth(json: &[u8]) -> usize {
    let (mut depth, mut most) = (0_usize, 0);
    for byte in outside_texts(json) {
        match byte {
            b'[' | b'{' => depth = depth.saturating_add(1),
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

/// The bytes of a line that stand in no text, and the first of each text.
fn outside_texts(line: &[u8]) -> impl Iterator<Item = u8> {
    let (mut in_text, mut escaped) = (false, false);
    line.iter().copied().filter(move |byte| {
        if !in_text {
            in_text = *byte == b'"';
            return true;
        }
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_text = false,
            _ => {}
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_text_weighs_no_more_than_its_bytes() {
        assert_eq!(weight(br#""[{,:\"[{""#), 10 + VALUE);
        assert_eq!(weight(br#"{"a":[1,2]}"#), 11 + VALUE + OBJECT + MEMBER + LIST);
        assert_eq!(weight(br#"{"\\":[]}"#), 9 + VALUE + OBJECT + MEMBER + LIST);
    }

    #[test]
    fn a_list_weighs_nothing_for_values_that_have_room_in_it_from_the_first_one_on() {
        for (list, lists, commas) in [
            ("[1,-2.5,true,null]", 1, 0),
            ("[1,2,3,4,5]", 1, 4),
            ("[[1,2,3],[4,5,6],[7,8,9]]", 4, 2),
            ("[1,2,3,[4],5]", 2, 4),
            ("[[1],2,3]", 2, 2),
            ("[[1,2],[3,4,5,6,7]]", 3, 5),
            ("[1,2,\"a\"]", 1, 2),
            ("[\"a\",2,3]", 1, 2),
            ("[1,2,NaN]", 1, 2),
            ("[1,-Infinity]", 1, 1),
            ("[1,2,3,[", 2, 3),
        ] {
            assert_eq!(weight(list.as_bytes()), list.len() + VALUE + lists * LIST + commas * VALUE, "{list}");
        }
        assert_eq!(weight(br#"[1,{"a":2,"b":3}]"#), 17 + VALUE + LIST + VALUE + OBJECT + 2 * MEMBER + VALUE);
    }

    #[test]
    fn what_stands_in_a_text_makes_nothing_deeper() {
        for (json, expected) in [
            ("1", 0),
            ("\"[[\"", 0),
            ("[]", 1),
            ("[1,[2],{}]", 2),
            (r#"{"\"[":{"a":[1]}}"#, 3),
            (r#"{"a":[[1]],"a":1}"#, 3),
        ] {
            assert_eq!(depth(json.as_bytes()), expected, "{json}");
        }
    }

    /// What a value takes beside its own place: every list as much as it has room for, every block with what an allocator adds.
    fn taken(json: &serde_json::Value) -> usize {
        let block = |bytes: usize| if bytes == 0 { 0 } else { bytes + 16 };
        match json {
            serde_json::Value::Array(items) => {
                block(items.capacity() * size_of::<serde_json::Value>()) + items.iter().map(taken).sum::<usize>()
            }
            serde_json::Value::String(text) => block(text.capacity()),
            _ => 0,
        }
    }

    #[test]
    fn no_list_weighs_less_than_it_takes() {
        let parts =
            ["0", "255", "true", "\"\"", "\"a\"", "[]", "[1,2,3]", "[0,1,2,3]", "[0,1,2,3,4]", "[\"a\",\"b\",\"c\"]"];
        for one in parts {
            for other in parts {
                for count in 0..=9 {
                    for first in 0..=count {
                        let list = [vec![one; first], vec![other; count - first]].concat().join(",");
                        for text in [format!("[{list}]"), format!("[[{list}],[{list}],[{list}],[{list}],[{list}]]")] {
                            let json = serde_json::from_str(&text).unwrap();
                            assert!(weight(text.as_bytes()) >= taken(&json), "{text}");
                        }
                    }
                }
            }
        }
    }
}
