//! Text in a cell of a table that a spreadsheet may open.
use std::borrow::Cow;

/// What makes spreadsheets take a cell for a formula, at its beginning: <https://owasp.org/www-community/attacks/CSV_Injection>, with the wide
/// forms of East Asian writing, which some of them read alike.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// The text with an apostrophe before it where a spreadsheet would take it for a formula: participants name themselves. Numbers stay as
/// they are. A text of which only apostrophes come before that gets one more, so that whoever takes one away has the text.
pub fn no_formula(text: &str) -> Cow<'_, str> {
    let formula = text.trim_start_matches('\'').starts_with(FORMULA) && text.parse::<f64>().is_err();
    if formula { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_formula_and_each_can_be_had_back() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
            ("-x", "'-x"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("＝1+1", "'＝1+1"),
            ("'=1+1", "''=1+1"),
            ("''@", "'''@"),
        ] {
            assert_eq!(no_formula(text), cell);
            assert_eq!(no_formula(text).strip_prefix('\''), Some(text));
        }
    }

    #[test]
    fn other_text_and_numbers_stay_as_they_are() {
        for text in ["", "plain", "a=b", "-5", "+0.5", "-1e-9", "-inf", "'quoted'", "[-1,2]", "é"] {
            assert!(matches!(no_formula(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }
}
