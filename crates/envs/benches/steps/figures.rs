//! Several measurements of one thing.

/// Steps a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figures {
    pub(crate) median: f64,
    pub(crate) slowest: f64,
    pub(crate) fastest: f64,
}

impl Figures {
    pub(crate) fn of(mut measured: Vec<f64>) -> Self {
        measured.sort_by(f64::total_cmp);
        let at = |index: usize| measured.get(index).copied().unwrap_or(f64::NAN);
        Self { median: at(measured.len() / 2), slowest: at(0), fastest: at(measured.len().saturating_sub(1)) }
    }
}
