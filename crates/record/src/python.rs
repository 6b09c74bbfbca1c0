//! The numbers that Python's `json` writes and JSON has not.

/// The line with `NaN`, `Infinity` and `-Infinity` as strings, which is how [`palaestra_text::json::number`] has them; `None`
/// where there are none to change.
pub(crate) fn quote_numbers(line: &str) -> Option<String> {
    const NAMES: [&str; 3] = ["NaN", "-Infinity", "Infinity"];
    let mut quoted = String::with_capacity(line.len() + 16);
    let (mut rest, mut changed) = (line, false);
    while let Some(first) = rest.chars().next() {
        let name = NAMES.iter().find(|name| rest.starts_with(**name));
        let len = match (first, name) {
            ('"', _) => string_len(rest),
            (_, Some(name)) => name.len(),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at_checked(len)?;
        if name.is_some() {
            quoted.extend(["\"", token, "\""]);
            changed = true;
        } else {
            quoted.push_str(token);
        }
        rest = after;
    }
    changed.then_some(quoted)
}

/// The length in bytes of the JSON string that `text` begins with, its quotes included.
fn string_len(text: &str) -> usize {
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_outside_strings_are_quoted() {
        let line = r#"{"é NaN \" Infinity":[NaN,-Infinity,Infinity,-1],"\\":NaN}"#;
        let expected = r#"{"é NaN \" Infinity":["NaN","-Infinity","Infinity",-1],"\\":"NaN"}"#;
        assert_eq!(quote_numbers(line).as_deref(), Some(expected));
        assert_eq!(quote_numbers(r#"{"a":"NaN"}"#), None);
        assert_eq!(quote_numbers(r#"["unended NaN"#), None);
    }
}
