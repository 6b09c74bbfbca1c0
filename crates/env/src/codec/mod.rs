//! Members of a space as bytes, little-endian and without tags: the space says what comes next.
//!
//! | space | bytes |
//! |---|---|
//! | Discrete | one i64 |
//! | MultiDiscrete | an i64 an element |
//! | Box | its elements in its dtype, row-major |
//! | MultiBinary | a byte an element |
//! | Tuple, Dict | the members one after another |
//! | Text | u32 length in bytes, then UTF-8 |
//! | Sequence | u32 count, then the members |
//! | OneOf | u8 index, then the member |
//! | None | nothing |
//! | bool | one byte, 0 or 1 |
//!
//! The same bytes cross from the Worker to the page, stand in a session's log and are compared between builds.
mod error;
mod reader;
mod size;
mod writer;

pub use error::DecodeError;
pub use reader::ValueReader;
pub use size::fixed_size;
pub use writer::ValueWriter;
