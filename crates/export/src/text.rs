//! Text from outside, made fit for a cell and for a column's name.
use std::borrow::Cow;
use std::collections::HashSet;

use palaestra_text::{Escaped, Shown};

/// Names longer than this, in bytes, are cut.
const LONG_NAME: usize = 120;

/// Text on one line, with no order to a terminal in it.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let shown = Escaped(text).to_string();
    if shown == text { Cow::Borrowed(text) } else { Cow::Owned(shown) }
}

/// A name that a column can have.
pub(crate) fn fit(name: &str) -> Cow<'_, str> {
    if name.len() <= LONG_NAME { escaped(name) } else { Cow::Owned(Shown(name).to_string()) }
}

/// The name of one more column, beside those that are taken.
pub(crate) fn apart(mut name: String, taken: &mut HashSet<String>) -> String {
    while !taken.insert(name.clone()) {
        name.push_str("#2");
    }
    name
}
