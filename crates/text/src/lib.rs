//! Text: JSON, numbers for people to read, and what somebody may have meant who misspelt a name.
//!
//! | module | what it holds |
//! |---|---|
//! | [`json`] | JSON text, without anything made in between |
//! | [`decimal`] | numbers for messages and pictures |
//! | `shown` | text from outside, made fit to be shown |
//! | `spelling` | the nearest of several names |
#![forbid(unsafe_code)]

pub mod decimal;
pub mod json;
mod shown;
mod spelling;

pub use decimal::Decimal;
pub use shown::{Escaped, Shown};
pub use spelling::nearest;
