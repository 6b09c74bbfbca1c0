//! Records as data that other people's tools read: CSV, JSON Lines, Arrow, Parquet, Minari.
//!
//! A record holds what came of every step, and it replays to the bit; so an export replays it and writes down what comes back.
//! A record that does not replay gives a typed error and no row. Bytes come in and go out, one step at a time: nothing here
//! opens a file, and no record is held in memory.
//!
//! Records are read twice. A [`survey`](Survey::of) verifies one and learns which columns it needs; [`Steps`] then gives its
//! steps one by one, and a [`Sink`] writes them.
//!
//! | module | what it holds |
//! |---|---|
//! | [`steps`] | the steps of a record: observation before, action, and what came of it |
//! | [`survey`] | what a whole record holds, once it is verified |
//! | [`column`](mod@column) | columns, the kinds of their cells, and cells |
//! | `flatten` | members of spaces as columns and cells |
//! | `fields` | JSON that a record brings along, likewise |
//! | `text` | text from outside, made fit for a cell |
//! | [`table`] | the columns of one or many records, and the rows of a step |
//! | `about` | what every row repeats of its record's header |
//! | [`sink`] | what all formats have in common |
//! | `csv`, `jsonl`, `arrow`, `parquet` | a row per step and agent |
//! | `batches`, `array` | rows as columns, for the last two and the next |
//! | `minari` | a folder of episodes per agent |
//! | `zip` | such folders as one file |
//! | [`error`] | why there is no export |
#![forbid(unsafe_code)]

mod about;
#[cfg(any(feature = "arrow", feature = "parquet"))]
mod array;
#[cfg(feature = "arrow")]
mod arrow;
#[cfg(any(feature = "arrow", feature = "parquet"))]
mod batches;
pub mod column;
mod csv;
pub mod error;
mod fields;
mod flatten;
mod jsonl;
#[cfg(feature = "arrow")]
pub mod minari;
mod names;
#[cfg(feature = "parquet")]
mod parquet;
pub mod sink;
pub mod steps;
pub mod survey;
pub mod table;
mod text;
#[cfg(feature = "zip")]
mod zip;

#[cfg(feature = "arrow")]
pub use arrow::Arrow;
pub use column::{Cell, Column, Kind};
pub use csv::Csv;
pub use error::ExportError;
pub use jsonl::JsonLines;
#[cfg(feature = "arrow")]
pub use minari::Minari;
#[cfg(feature = "parquet")]
pub use parquet::Parquet;
pub use sink::{Sink, export};
pub use steps::{Step, Steps};
pub use survey::Survey;
pub use table::{Table, TableBuilder};
#[cfg(feature = "zip")]
pub use zip::Zip;
