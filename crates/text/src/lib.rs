//! Text: JSON, numbers for people to read, and what somebody may have meant who misspelt a name.
//!
//! | module | what it holds |
//! |---|---|
//! | [`json`] | JSON text, without anything made in between |
//! | [`decimal`] | numbers for messages and pictures |
//! | `shown` | text from outside, made fit to be shown |
//! | `name` | what may be a name that somebody else chose |
//! | `cell` | text in a cell that a spreadsheet may open |
//! | `spelling` | the nearest of several names |
#![forbid(unsafe_code)]

mod cell;
pub mod decimal;
pub mod json;
mod name;
mod shown;
mod spelling;

pub use cell::no_formula;
pub use decimal::Decimal;
pub use name::{MOST_NAME, NotAName, check_name};
pub use shown::{Escaped, Shown};
pub use spelling::nearest;
