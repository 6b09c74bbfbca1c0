//! The table that is printed.
use std::fmt;

use crate::figures::Figures;

/// An environment's line.
pub(crate) struct Row {
    pub(crate) id: &'static str,
    pub(crate) ours: Figures,
    pub(crate) reference: Option<Figures>,
    pub(crate) required: Option<f64>,
    /// Why there is no reference, or what is odd about it.
    pub(crate) note: String,
}

impl Row {
    pub(crate) const HEAD: &'static str = "\
environment                              ours                              reference                       ratio  required";

    fn ratio(&self) -> Option<f64> {
        self.reference.map(|reference| self.ours.median / reference.median)
    }

    /// Whether a ratio was measured that is less than the required one.
    pub(crate) fn missed(&self) -> bool {
        self.ratio().zip(self.required).is_some_and(|(ratio, required)| ratio < required)
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<38} {:>30}", self.id, figures(&self.ours))?;
        let reference = self.reference.as_ref().map_or_else(|| "-".to_owned(), figures);
        let ratio = self.ratio().map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.0}x"));
        let required = self.required.map_or_else(|| "-".to_owned(), |required| format!("{required}x"));
        let verdict = match (self.ratio(), self.required) {
            (Some(_), Some(_)) if self.missed() => "MISSED",
            (Some(_), Some(_)) => "reached",
            _ => "",
        };
        write!(f, " {reference:>30} {ratio:>9} {required:>9} {verdict}")?;
        if self.note.is_empty() { Ok(()) } else { write!(f, "  ({})", self.note) }
    }
}

fn figures(figures: &Figures) -> String {
    let Figures { median, slowest, fastest } = figures;
    format!("{} ({} to {})", short(*median), short(*slowest), short(*fastest))
}

fn short(number: f64) -> String {
    match number {
        number if number >= 1e6 => format!("{:.2}M", number / 1e6),
        number if number >= 1e4 => format!("{:.0}k", number / 1e3),
        number if number >= 1e3 => format!("{:.1}k", number / 1e3),
        number => format!("{number:.0}"),
    }
}
