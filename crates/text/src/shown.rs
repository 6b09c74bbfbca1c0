//! Text from outside, made fit to be shown: on one line, without orders to a terminal, and not without end.
use std::fmt;

/// So many characters are shown, those of an escape among them; of longer text the beginning, and how long it is.
const MOST: usize = 120;

/// What `\u001b` takes.
const ESCAPE: usize = 6;

/// Shows text that somebody else chose, such as a name out of a file: in a terminal, a page or a log it can begin no line of
/// its own, change no colour and turn no writing around. What would is shown as `\u001b`, which JSON reads as the same text.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a>(pub &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = 0;
        let first_left_out = self.0.char_indices().find(|(_, character)| {
            shown += if hides(*character) { ESCAPE } else { 1 };
            shown > MOST
        });
        match first_left_out {
            Some((end, _)) => {
                escape(self.0.get(..end).unwrap_or_default(), f)?;
                write!(f, "… ({} characters)", self.0.chars().count())
            }
            None => escape(self.0, f),
        }
    }
}

/// The whole text with everything escaped that does not show, for a line that was put together out of parts.
#[derive(Clone, Copy, Debug)]
pub struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(self.0, f)
    }
}

fn escape(text: &str, out: &mut impl fmt::Write) -> fmt::Result {
    let mut rest = text;
    while let Some((at, hidden)) = rest.char_indices().find(|(_, character)| hides(*character)) {
        out.write_str(rest.get(..at).unwrap_or_default())?;
        write!(out, "\\u{:04x}", u32::from(hidden))?;
        rest = rest.get(at + hidden.len_utf8()..).unwrap_or_default();
    }
    out.write_str(rest)
}

/// Control characters, line and paragraph separators, and marks that turn the direction of writing or join without a trace.
pub(crate) fn hides(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_begin_a_line_or_command_a_terminal_is_escaped() {
        for (text, shown) in [
            ("CartPole-v1", "CartPole-v1"),
            ("é … 日本 \u{1f355}", "é … 日本 \u{1f355}"),
            ("X\nok    y.jsonl", "X\\u000aok    y.jsonl"),
            ("\u{1b}[2J\u{7f}\u{9b}31m\r", "\\u001b[2J\\u007f\\u009b31m\\u000d"),
            ("a\u{202e}b\u{2066}c\u{2028}\u{feff}", "a\\u202eb\\u2066c\\u2028\\ufeff"),
        ] {
            assert_eq!(Shown(text).to_string(), shown);
            assert_eq!(Escaped(text).to_string(), shown);
        }
    }

    #[test]
    fn long_text_is_cut_and_its_length_told() {
        let long = "é".repeat(1_000);
        assert_eq!(Shown(&long).to_string(), format!("{}… (1000 characters)", "é".repeat(120)));
        assert_eq!(Escaped(&long).to_string(), long);
        assert_eq!(Shown(&long[..240]).to_string(), "é".repeat(120));
    }

    #[test]
    fn what_is_escaped_counts_as_long_as_it_is_shown() {
        let hidden = "\u{7f}".repeat(100);
        assert_eq!(Shown(&hidden).to_string(), format!("{}… (100 characters)", "\\u007f".repeat(20)));
        assert_eq!(Shown(&hidden[..20]).to_string(), "\\u007f".repeat(20));
        let mixed = format!("{}\n", "a".repeat(115));
        assert_eq!(Shown(&mixed).to_string(), format!("{}… (116 characters)", "a".repeat(115)));
    }

    #[test]
    fn escaped_json_is_the_same_json() {
        let json = serde_json::to_string("\u{7f}\u{85}\u{202e}é").unwrap();
        let escaped = Escaped(&json).to_string();
        assert_ne!(json, escaped);
        assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), "\u{7f}\u{85}\u{202e}é");
    }
}
