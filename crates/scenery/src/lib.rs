//! What scenes drawn without sprites have in common.
//!
//! | file | what it holds |
//! |---|---|
//! | [`palette`] | the colours |
//! | [`view`] | from a world's places to a scene's |
//! | [`words`] | a line of text without allocating |
#![forbid(unsafe_code)]

pub mod palette;
pub mod view;
pub mod words;
