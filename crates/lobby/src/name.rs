//! Names that come from pages.

/// The longest id of a participant, in characters.
pub(crate) const MOST_ID_CHARS: usize = 128;

/// Whether this can be a name: not empty, not long, without control characters.
pub(crate) fn is_name(text: &str) -> bool {
    let chars = text.chars().count();
    (1..=MOST_ID_CHARS).contains(&chars) && !text.chars().any(char::is_control)
}
