//! Rows of bytes of which each is much like the one before, made small.
//!
//! ```text
//! length u32 │ (words that are as before u8 │ words that are not u8 │ those words)…
//! ```
//!
//! A word is 8 bytes, the last one filled up with zeros; words beyond the row before count as zero. What many steps return is
//! mostly what the last step returned: written so, the few kB of a kitchen seen in one-hot planes are some dozens of bytes.
//! `stepMany` sends its returns so, and a record keeps them so.
#![forbid(unsafe_code)]

mod error;
mod read;
mod word;
mod write;

pub use error::RowError;
pub use read::{Row, RowReader};
pub use write::RowWriter;

#[cfg(test)]
mod tests;
