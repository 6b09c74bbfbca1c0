//! What only options of resets lead to: a game without any does without it (`scripts/build/families/split.mjs`).
use palaestra_env::{ArgumentError, Arguments, Kwargs};
use palaestra_text::Decimal;

/// Reads the bounds, as `reset_bounds` says.
#[inline(never)]
pub(super) fn bounds(options: &Kwargs, low: f64, high: f64) -> Result<(f64, f64), ArgumentError> {
    let mut arguments = Arguments::new(options);
    let low = arguments.number("low", low)?;
    let high = arguments.number("high", high)?;
    arguments.finish()?;
    let range = high - low;
    // The sign rather than a comparison: NumPy refuses 0.0 to -0.0 as well.
    let expected = if range.is_sign_negative() {
        format!("`high` not below `low` ({})", Decimal(low))
    } else if range.is_infinite() {
        format!("`high` at a finite distance from `low` ({})", Decimal(low))
    } else {
        return Ok((low, high));
    };
    Err(ArgumentError::Invalid { name: "high".to_owned(), expected, found: Decimal(high).to_string() })
}
