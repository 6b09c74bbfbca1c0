//! What may be a name that somebody else chose: of a participant, a group, a lobby. The one rule for pages, the server and records.
use std::fmt;

use crate::shown::hides;

/// The longest name, in characters.
pub const MOST_NAME: usize = 128;

/// Why a text is no name. It says what was expected and what was found, without the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAName {
    /// It has no characters, or more than [`MOST_NAME`].
    Length(usize),
    /// It has a character that nobody sees, or that changes how others are seen.
    Hidden(char),
    /// It begins or ends with a space.
    Space,
}

/// Looks whether a text can be a name: two that are not the same are not to look the same, and one is not to change the line that it
/// stands in. So it has 1 to 128 characters, of which each can be seen, but for single spaces (U+0020) between others: no control
/// characters, no other kinds of white space, no marks that turn the direction of writing, nothing that is not drawn.
///
/// # Errors
/// [`NotAName`] with the first thing that is wrong.
pub fn check_name(text: &str) -> Result<(), NotAName> {
    // In one walk: a search for two spaces would bring 5 kB of code to every page.
    let (mut count, mut before, mut problem) = (0, ' ', None);
    for character in text.chars() {
        count += 1;
        let found = if is_hidden(character) {
            Some(NotAName::Hidden(character))
        } else {
            (before == ' ' && character == ' ').then_some(NotAName::Space)
        };
        problem = match problem {
            Some(NotAName::Hidden(_)) => problem,
            _ => found.or(problem),
        };
        before = character;
    }
    if !(1..=MOST_NAME).contains(&count) {
        return Err(NotAName::Length(count));
    }
    match problem.or((before == ' ').then_some(NotAName::Space)) {
        Some(problem) => Err(problem),
        None => Ok(()),
    }
}

/// White space that is no plain space, what [`hides`] knows, and the rest of what Unicode lets programs draw as nothing:
/// `Default_Ignorable_Code_Point` of <https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt>, the blank of Braille, and
/// the marks around annotations.
fn is_hidden(character: char) -> bool {
    hides(character)
        || (character != ' ' && character.is_whitespace())
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

impl fmt::Display for NotAName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(count) => write!(f, "expected 1 to {MOST_NAME} characters, found {count}"),
            Self::Hidden(character) => {
                write!(f, "expected characters that can be seen, found U+{:04X}", u32::from(*character))
            }
            Self::Space => f.write_str("expected single spaces between other characters, found others"),
        }
    }
}

impl std::error::Error for NotAName {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_and_of_studies_in_any_writing_are_names() {
        for name in [
            "p-07",
            "5f2c7e0a1b",
            "ann@lab.example",
            "=1+1",
            "-",
            "é",
            "e\u{301}",
            "日本 太郎",
            "محمد",
            "दिल्ली",
            "\u{1f355}",
            "overcooked_ai/cramped_room {\"kwargs\":{}}",
            &"x".repeat(128),
            &"\u{1f355}".repeat(128),
        ] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn what_nobody_sees_or_what_turns_a_line_around_is_in_no_name() {
        for hidden in [
            '\0',
            '\t',
            '\n',
            '\u{7f}',
            '\u{85}',
            '\u{a0}',
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{1160}',
            '\u{1680}',
            '\u{17b4}',
            '\u{180e}',
            '\u{2003}',
            '\u{200b}',
            '\u{200d}',
            '\u{200f}',
            '\u{2028}',
            '\u{2029}',
            '\u{202e}',
            '\u{202f}',
            '\u{205f}',
            '\u{2060}',
            '\u{2066}',
            '\u{2069}',
            '\u{206f}',
            '\u{2800}',
            '\u{3000}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fffb}',
            '\u{1d173}',
            '\u{e0001}',
            '\u{e01ef}',
        ] {
            for text in [hidden.to_string(), format!("a{hidden}b"), format!("{hidden}a"), format!("a{hidden}")] {
                assert_eq!(check_name(&text), Err(NotAName::Hidden(hidden)), "{text:?}");
            }
        }
        for text in [" ", "   ", " a", "a ", "a  b"] {
            assert_eq!(check_name(text), Err(NotAName::Space), "{text:?}");
        }
        for (text, count) in [("", 0), (&*"x".repeat(129), 129)] {
            assert_eq!(check_name(text), Err(NotAName::Length(count)));
        }
    }

    #[test]
    fn it_is_said_what_was_expected_and_what_was_found() {
        let told = |text: &str| check_name(text).unwrap_err().to_string();
        assert_eq!(told(""), "expected 1 to 128 characters, found 0");
        assert_eq!(told("a\u{202e}b"), "expected characters that can be seen, found U+202E");
        assert_eq!(told("a\0"), "expected characters that can be seen, found U+0000");
        assert_eq!(told(" "), "expected single spaces between other characters, found others");
    }
}
