//! What the scenes drawn without sprites have in common.
//!
//! | file | what it holds |
//! |---|---|
//! | `palette` | the colours |
//! | `view` | from a world's places to a scene's |
//! | `words` | a line of text without allocating |
pub(crate) mod palette;
pub(crate) mod view;
pub(crate) mod words;
